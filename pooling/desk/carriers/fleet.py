"""A carrier's vehicles and rate cards, entered by the carrier itself."""

from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row

from geodata.profiles import profile_named
from geodata.refusal import Refusal
from pooling.carriers.plates import plate_kept
from pooling.desk.actor import Actor
from pooling.desk.carriers.dossiers import own_carrier
from pooling.desk.desk import Desk
from pooling.desk.goods.shipments import day_at
from pooling.desk.goods.sites import HoursBackwards
from pooling.store import Ask, Tx, View
from pooling.store.carrying import rate_card, vehicle
from pooling.store.fleet import cards_between, find_card, find_vehicle, vehicle_of_plate
from pooling.store.people import party
from pooling.store.rows import NotFound, added, at_revision, changed, held
from pooling.store.sites import sites_by_id

ENERGIES = ("diesel", "petrol", "electric", "gas", "hydrogen", "muscle")


class PlateTaken(Refusal):
    code = "plate_taken"
    reason = "Your fleet has a vehicle with the plate {plate} already."
    cure = "Change that one, or write the other plate."


class RoomMissing(Refusal):
    code = "room_missing"
    reason = "A vehicle without room for a single crate carries nothing."
    cure = "Write how many crates fit, at least in one compartment."


class CardsOverlap(Refusal):
    code = "cards_overlap"
    reason = "Another card holds from {from_day} on, in the same days."
    cure = "End that one first; of each day there is one card."


class CardInUse(Refusal):
    code = "card_in_use"
    reason = "The card would end before it begins, or is over already."
    cure = "Choose a day from {from_day} on."


@dataclass(frozen=True)
class VehicleWords:
    """Hold what is said of a vehicle; litres are ``None`` where nobody measured them."""

    plate: str
    name: str
    ambient_crates: int
    chilled_crates: int
    frozen_crates: int
    ambient_litres: int | None
    chilled_litres: int | None
    frozen_litres: int | None
    payload_kg: int
    tail_lift: bool
    start_site_id: str
    end_site_id: str
    profile: str
    energy: str
    state: str = "active"


@dataclass(frozen=True)
class CardWords:
    """Hold a rate card: from when until when it holds, and its lines in cents."""

    from_day: date
    until_day: date | None
    fixed_cents: int
    cents_per_km: int
    cents_per_hour: int
    cents_per_stop: int
    waiting_cents_per_hour: int


def enter_vehicle(desk: Desk, who: Actor, ask: Ask, party_id: str, words: VehicleWords) -> str:
    """Enter a vehicle of one's own carrier."""

    def save(tx: Tx) -> str:
        own_carrier(tx, who, party_id)
        _must_be_sound(tx, party_id, words)
        if vehicle_of_plate(tx, party_id, words.plate) is not None:
            raise PlateTaken(plate=words.plate)
        return added(tx, vehicle, "van", party_id=party_id, **_kept(words))

    return desk.once(ask, save)


def change_vehicle(
    desk: Desk, who: Actor, ask: Ask, vehicle_id: str, revision: int | None, words: VehicleWords
) -> str:
    """Change a vehicle, or retire it; tours that stand keep the room that they were proposed with."""

    def save(tx: Tx) -> str:
        row = vehicle_in_sight(tx, who, vehicle_id)
        at_revision(row, revision, kind="vehicle")
        _must_be_sound(tx, row.party_id, words)
        other = vehicle_of_plate(tx, row.party_id, words.plate)
        if other is not None and other.id != vehicle_id:
            raise PlateTaken(plate=words.plate)
        changed(tx, vehicle, row, _kept(words))
        return vehicle_id

    return desk.once(ask, save)


def vehicle_in_sight(view: View, who: Actor, vehicle_id: str) -> Row[Any]:
    """Return a vehicle to managers of its carrier and to no other: who changes it may see it."""
    row = find_vehicle(view, vehicle_id)
    who.must_see("vehicle", vehicle_id, row.party_id)
    own_carrier(view, who, row.party_id)
    return row


def words_of_vehicle(row: Row[Any]) -> VehicleWords:
    """Return a vehicle as it stands, to be said anew with something changed."""
    return VehicleWords(**{one.name: getattr(row, one.name) for one in fields(VehicleWords)})


def enter_card(desk: Desk, who: Actor, ask: Ask, party_id: str, words: CardWords) -> str:
    """Enter a rate card of one's own carrier; of each day there is at most one."""

    def save(tx: Tx) -> str:
        own_carrier(tx, who, party_id)
        held(tx, party, party_id)
        if words.until_day is not None and words.until_day < words.from_day:
            raise HoursBackwards
        for other in cards_between(tx, party_id, words.from_day, words.until_day):
            raise CardsOverlap(from_day=other.from_day)
        return added(tx, rate_card, "card", party_id=party_id, **asdict(words))

    return desk.once(ask, save)


def end_card(desk: Desk, who: Actor, ask: Ask, card_id: str, revision: int | None, until: date) -> str:
    """End a rate card with a day; tours that stand keep what they were proposed with."""

    def save(tx: Tx) -> str:
        row = _own_card(tx, who, card_id)
        at_revision(row, revision, kind="rate card")
        over = row.until_day is not None and until > row.until_day
        begun = row.from_day <= day_at(desk, tx.now_at)
        if until < (row.from_day if begun else row.from_day - timedelta(days=1)) or over:
            raise CardInUse(from_day=row.from_day)
        changed(tx, rate_card, row, {"until_day": until}, kind="rate card")
        return card_id

    return desk.once(ask, save)


def _own_card(view: View, who: Actor, card_id: str) -> Row[Any]:
    row = find_card(view, card_id)
    who.must_see("rate card", card_id, row.party_id)
    own_carrier(view, who, row.party_id)
    return row


def _kept(words: VehicleWords) -> dict[str, object]:
    return asdict(words) | {"plate": plate_kept(words.plate)}


def _must_be_sound(view: View, party_id: str, words: VehicleWords) -> None:
    """Refuse a vehicle without room, on a profile that is unknown, or that stands at somebody else's site."""
    profile_named(words.profile)
    if not words.ambient_crates + words.chilled_crates + words.frozen_crates:
        raise RoomMissing
    ends = {words.start_site_id, words.end_site_id}
    sites = sites_by_id(view, ends)
    for one in sorted(ends):
        if one not in sites or sites[one].party != party_id:
            raise NotFound(kind="site", id=one)
