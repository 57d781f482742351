"""Another van for a tour that stands: another vehicle, driver or carrier; all aboard are re-planned on it."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.carriers.assigning import settled
from pooling.desk.desk import Desk
from pooling.desk.hands.hand_sides import Part
from pooling.desk.hands.hand_splits import PRICES, ROOM, split_words
from pooling.desk.hands.hand_words import HandWords
from pooling.desk.tours.tours import everybody_on, must_be_runnable, write_tour
from pooling.store import Tx, View
from pooling.store.rows import as_words, changed
from pooling.store.touring import tour
from pooling.store.tours import find_tour, sign_ups_aboard

VAN = (
    "carrier_id",
    "carrier_open",
    "vehicle_id",
    "driver_id",
    "driver",
    "substitution",
    *ROOM,
    "litres",
    "tail_lift",
    *PRICES,
)
"""What of a tour is its van's: who drives what, with which room, at which prices."""


def van_of(row: Row[Any]) -> Mapping[str, object]:
    """Return the van of a tour, as the log of what was done by hand keeps it."""
    return {name: getattr(row, name) for name in VAN}


def in_van(row: Row[Any], van: Mapping[str, object]) -> Row[Any]:
    """Return a tour's row as it would be with another van; it stands nowhere."""
    made: Any = SimpleNamespace(**{**as_words(row), **van})
    return made  # type: ignore[no-any-return]


def other_van(view: View, row: Row[Any], words: HandWords) -> Row[Any]:
    """
    Return a tour's row with the van that is asked for: room and card are those of its vehicle and carrier.

    Without a vehicle the room stays; another carrier without a card drives at the prices that stand.
    """
    said = split_words(view, row, words)
    same_driver = said.carrier_id == row.carrier_id and not words.driver
    named = {"carrier_id": said.carrier_id, "vehicle_id": said.vehicle_id}
    named["driver_id"] = said.driver_id or (row.driver_id if same_driver else "")
    van = {"litres": "", **settled(view, said, row.day), **named, "carrier_open": False, "substitution": ""}
    return in_van(row, {name: van[name] for name in VAN})


def must_run(tx: Tx, tour_id: str) -> None:
    """Refuse a van that may not be given the tour: its carrier, papers, area, week and hours."""
    must_be_runnable(tx, find_tour(tx, tour_id))


def tell_van(tx: Tx, tour_id: str, before: Mapping[str, object]) -> None:
    """Tell everybody aboard, and both carriers, that another van comes."""
    row = find_tour(tx, tour_id)
    told = everybody_on(row, sign_ups_aboard(tx, tour_id)) | {str(before["carrier_id"])}
    tx.tell("tour.van_changed", "tour", tour_id, told, day=str(row.day), carrier=row.carrier_id)


class _OnlyLookedError(Exception):
    """Take back what was written only to see whether it may be."""


def assignable(desk: Desk, row: Row[Any], part: Part) -> Refusal | None:
    """Return why a carrier may not be given a tour with its van; what is tried is taken back."""

    def trying(tx: Tx) -> None:
        if part.fresh_words is not None:
            write_tour(desk, tx, row.operator_id, part.fresh_words, timezone=row.timezone)
        else:
            changed(tx, tour, row, part.after.van)
            must_run(tx, row.id)
        raise _OnlyLookedError

    try:
        desk.store.change(trying)
    except _OnlyLookedError:
        return None
    except Refusal as refusal:
        return refusal
    return None
