"""Room that is held on a trip for goods that are not named yet: how much of it may be, and until when."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.figures import NAMING_LEAD
from pooling.legs import Amounts, amounts_of
from pooling.load import Load, Temperature
from pooling.store import View
from pooling.store.reservations import held_on
from pooling.store.trips import leg_room, legs_of
from pooling.trips.naming import beyond_share


class NoRoomHeld(Refusal):
    code = "no_room_held"
    reason = "The owner of trip {trip} holds no room for goods that are not named."
    cure = "Enter the crates as a shipment and bid for them."


class HeldEnough(Refusal):
    code = "held_enough"
    reason = "On trip {trip} at most {percent} % of the room is held for goods that are not named."
    cure = "Reserve fewer crates, or name the goods: a bid for a shipment may take all the room."


class NamingOver(Refusal):
    code = "naming_over"
    reason = "The last hour to name goods on trip {trip} is over: room is held no longer."
    cure = "Enter the crates as a shipment and bid for them while the trip takes guests."


def is_unnamed(asked: Row[Any]) -> bool:
    """Tell whether a bid asks for room, or holds it, for goods that are not named."""
    return asked.name_by_at is not None and asked.named_at is None


def name_by(trip: Row[Any]) -> int:
    """Return until when goods on a trip are named, as it stands: early enough that others can still bid."""
    return int(trip.cutoff_at) - NAMING_LEAD.value


def must_be_in_time(view: View, trip: Row[Any], name_by_at: int) -> None:
    if view.now_at >= min(name_by_at, trip.cutoff_at):
        raise NamingOver(trip=trip.id)


def must_hold(view: View, trip: Row[Any], row: Row[Any], before: Sequence[Row[Any]] = ()) -> None:
    """
    Refuse to hold room where the owner does not, or no more of it.

    ``before`` are reservations that are not agreed yet and are counted as if they were.
    """
    if not trip.reserve_percent:
        raise NoRoomHeld(trip=trip.id)
    legs = [leg_room(leg) for leg in legs_of(view, [trip.id])[trip.id]]
    held = [_amounts(one) for one in (*held_on(view, trip.id), *before)]
    class_at = list(Temperature).index(Temperature(row.temperature))
    if beyond_share(legs, trip.reserve_percent, held, _amounts(row), class_at):
        raise HeldEnough(trip=trip.id, percent=trip.reserve_percent)


def _amounts(row: Row[Any]) -> Amounts:
    return amounts_of(Load(Temperature(row.temperature), row.crates, row.kg))
