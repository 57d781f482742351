"""
Which vetted carrier drives a tour that was proposed for any: the cheapest whose card, papers and week allow.

A carrier is pencilled in when the tour is proposed, so that the tour has a price, a van and a day; at the
cut-off it is chosen for good by what the plan then costs by each card, ties by name, then by id. The
operator sees all of them, and why the others fall out.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.carriers.dossier import Assignment, lacking
from pooling.carriers.pay import NoRateCard, Work, carrier_pay, work_of
from pooling.desk.carriers.assigning import LITRES, ROOM, card_of, card_on, must_be_drivable
from pooling.desk.desk import Desk, Moved, moved_if_changed
from pooling.desk.people.trust import must_ride_together
from pooling.desk.tours.own_drivers import own_drivers
from pooling.desk.tours.tour_words import TourWords
from pooling.desk.tours.tour_world import tour_world
from pooling.load import Temperature
from pooling.phrases import Notes, Phrases, message
from pooling.regimes import LicenceMissing, has_licence
from pooling.store import Tx, View
from pooling.store.carriers import papers_of, tours_in_vehicle
from pooling.store.days import parties_by_id
from pooling.store.fleet import active_vehicles, find_vehicle
from pooling.store.parties import find_party
from pooling.store.people import party
from pooling.store.proposals import carriers_vetted
from pooling.store.rounds import find_round
from pooling.store.rows import changed, held
from pooling.store.touring import tour
from pooling.store.tours import find_tour, for_any_carrier, sign_ups_aboard
from pooling.tour import RateCard
from pooling.tours.same_driver import OwnDriver

CARRIERS_LIMIT = 200
COLD_ROOM = ("chilled_crates", "frozen_crates")
NAMED_LIMIT = 10
"""So many carriers are named with what keeps them from driving."""

WHY_NOT = {
    "licence_missing": message("no valid licence"),
    "carrier_not_active": message("not vetted, or suspended"),
    "papers_lacking": message("papers missing or run out"),
    "outside_area": message("outside its area"),
    "week_full": message("no day left in its week"),
    "no_rate_card": message("no rate card"),
    "pair_blocked": message("does not ride with somebody aboard"),
    "no_vehicle_free": message("no vehicle with the room, its papers and these hours free"),
}
ANOTHER_REASON = message("another reason")
SUBSTITUTED = message("another carrier drives this time, which costs the tour less")
"""Why another than the round's own driver comes: it is cheaper by more than that is worth."""

USUAL_WORK = Work(distance_m=60_000, duration_s=4 * 3600, stops=8)
"""What cards are compared by before anybody has joined: 60 km, four hours, eight stops."""


class NoVehicleFree(Refusal):
    code = "no_vehicle_free"
    reason = "No vehicle of {carrier} has the room, the papers and these hours free on {day}."
    cure = "Let the carrier enter a vehicle with its papers, or ask for less room or other hours."


class NoCarrierFree(Refusal):
    code = "no_carrier_free"
    reason = "No vetted carrier can drive this tour on {day}; {tried} were asked."
    cure = "Look at why each falls out, vet another carrier, or name one with other hours or another day."


class NoCarrierFreeWhy(NoCarrierFree):
    """Said to the operator alone, who proposes: why a carrier may not drive is between the two."""

    reason = "No vetted carrier can drive this tour on {day}; {tried} were asked: {why}."
    cure = "Mend what is named, vet another carrier, or name one with other hours or another day."


class PricesOfAnyCarrier(Refusal):
    code = "prices_of_any_carrier"
    reason = "A tour for any vetted carrier names no vehicle, driver or price of its own."
    cure = "Leave them empty, they are those of whom is chosen; or name the carrier."


@dataclass(frozen=True)
class OwnCarrier:
    """Hold whose driver drives a round as a rule, and what it is worth that this driver comes."""

    carrier_id: str
    own: OwnDriver

    def preference_cents(self, carrier_id: str) -> int:
        return 0 if carrier_id == self.carrier_id else self.own.price_cents

    def driver(self, carrier_id: str) -> str:
        return self.own.driver if carrier_id == self.carrier_id else ""


@dataclass(frozen=True)
class Wanted:
    """
    Hold what a carrier is wanted for; ``id`` is the tour's, empty before it is proposed.

    ``payer_ids`` pay for what is aboard: a carrier that does not ride with one of them falls out.
    """

    id: str
    day: date
    opens_at: int
    closes_at: int
    ends: tuple[str, ...]
    room: tuple[int, ...]
    carrier_id: str = ""
    vehicle_id: str = ""
    driver_id: str = ""
    payer_ids: frozenset[str] = frozenset()
    tail_lift: bool = False
    own: OwnCarrier | None = None

    @property
    def chilled_crates(self) -> int:
        return self.room[1]

    @property
    def frozen_crates(self) -> int:
        return self.room[2]

    @property
    def cold(self) -> bool:
        return bool(self.chilled_crates or self.frozen_crates)


@dataclass(frozen=True)
class Candidate:
    """
    Hold a vetted carrier: what the tour costs by its card and its vehicle, or why it falls out.

    ``drives`` tells that it would drive the tour as things stand. ``cold_room`` are the chilled and frozen
    crates of its vehicle; none where its papers allow no cold goods. ``preference_cents`` is what it counts
    as dearer while a carrier is chosen, as another than the round's own driver would come; nobody pays it.
    """

    carrier_id: str
    name: str
    vehicle_id: str = ""
    vehicle_name: str = ""
    litres: str = ""
    tail_lift: bool = False
    cold_room: tuple[int, int] = (0, 0)
    card: RateCard | None = None
    cost_cents: int = 0
    refusal: Refusal | None = None
    drives: bool = False
    preference_cents: int = 0
    driver: str = ""


def wanted_by(words: TourWords, day: date) -> Wanted:
    """Read from the words of a tour what it wants of a carrier; refuse what only a carrier can say."""
    lines = [getattr(words, line.name) for line in fields(RateCard)]
    if words.vehicle_id or words.driver_id or any(cents is not None for cents in lines):
        raise PricesOfAnyCarrier
    room = tuple(getattr(words, name) or 0 for name in ROOM)
    ends = (words.start_site_id, words.end_site_id)
    return Wanted("", day, words.opens_at, words.closes_at, ends, room)


def wanted_for(
    row: Row[Any], sites: Sequence[str] = (), cold_aboard: tuple[int, int] | None = None
) -> Wanted:
    """
    Return what a stored tour wants of its carrier; ``sites`` are those that it visits.

    ``cold_aboard`` are the chilled and frozen crates aboard, where nobody joins any more: then only these
    need a cold compartment and its papers, not all that there was room for.
    """
    ambient, chilled, frozen, payload_kg = (getattr(row, name) for name in ROOM)
    room = (ambient, *((chilled, frozen) if cold_aboard is None else cold_aboard), payload_kg)
    ends = tuple(dict.fromkeys((row.start_site_id, row.end_site_id, *sites)))
    return Wanted(row.id, row.day, row.opens_at, row.closes_at, ends, room)


def candidates(view: View, wanted: Wanted, work: Work = USUAL_WORK) -> list[Candidate]:
    """List the vetted carriers: those that can drive by what it costs, then those that cannot by name."""
    return _in_order(_candidate(view, row, wanted, work) for row in carriers_vetted(view, CARRIERS_LIMIT))


def chosen(found: Sequence[Candidate], day: date) -> Candidate:
    """Return the carrier that drives; refuse where none can."""
    if not found or found[0].refusal is not None:
        raise NoCarrierFree(day=day, tried=len(found))
    return found[0]


def pencilled_in(view: View, words: TourWords, day: date, tour_id: str) -> TourWords:
    """Give a tour for any carrier the one that would drive it as things stand."""
    found = candidates(view, replace(wanted_by(words, day), id=tour_id))
    if found and found[0].refusal is not None:
        why = Notes((one.name, _why_not(one)) for one in found[:NAMED_LIMIT])
        raise NoCarrierFreeWhy(day=day, tried=len(found), why=why)
    one = chosen(found, day)
    room: dict[str, Any] = {
        name: here
        for name, here in zip(COLD_ROOM, one.cold_room, strict=True)
        if getattr(words, name) is None
    }
    return replace(words, carrier_id=one.carrier_id, vehicle_id=one.vehicle_id, **room)


def _why_not(one: Candidate) -> Phrases:
    """Say in a few words why a carrier falls out."""
    return Phrases((WHY_NOT.get(one.refusal.code if one.refusal else "", ANOTHER_REASON),))


def values_of(row: Row[Any], one: Candidate) -> dict[str, object]:
    """Return what changes of a tour that is given to a candidate; it has no more cold room than its van."""
    if one.card is None:
        raise AssertionError("Whoever can drive has a card.")
    card = {line.name: getattr(one.card, line.name) for line in fields(RateCard)}
    whose = {
        "carrier_id": one.carrier_id,
        "vehicle_id": one.vehicle_id,
        "litres": one.litres,
        "tail_lift": one.tail_lift,
    }
    room = {name: min(getattr(row, name), here) for name, here in zip(COLD_ROOM, one.cold_room, strict=True)}
    instead = SUBSTITUTED if one.preference_cents else ""
    return {**whose, **card, **room, "driver": one.driver, "driver_id": "", "substitution": instead}


def candidates_now(desk: Desk, view: View, row: Row[Any]) -> list[Candidate]:
    """
    List the candidates for a stored tour, by what its plan would cost with each.

    The carrier that a tour names is judged as assigning judges it: by the tour's own prices, vehicle, room.
    """
    wanted, work = _work_of(desk, view, row)
    found = candidates(view, wanted, work)
    if for_any_carrier(row):
        return [replace(one, drives=at == 0 and one.refusal is None) for at, one in enumerate(found)]
    others = [one for one in found if one.carrier_id != row.carrier_id]
    return _in_order([_named(view, row, wanted, work), *others])


def give_to_cheapest(desk: Desk, tour_id: str) -> Refusal | None:
    """
    Give a proposed tour for any carrier to the cheapest that can drive it; returns why none can.

    ``Moved`` where the tour is no longer as it was read: ask again.
    """
    with desk.store.view() as view:
        row = find_tour(view, tour_id)
        if not for_any_carrier(row):
            return None
        wanted, work = _work_of(desk, view, row)

    def save(tx: Tx) -> None:
        one = chosen(candidates(tx, wanted, work), row.day)
        held(tx, party, one.carrier_id)
        if chosen(candidates(tx, wanted, work), row.day) != one:
            raise Moved
        values = values_of(row, one)
        if any(getattr(row, name) != value for name, value in values.items()):
            moved_if_changed(lambda: changed(tx, tour, row, values))
            if one.preference_cents:
                told = {row.operator_id, *(each.payer_id for each in sign_ups_aboard(tx, row.id))}
                facts = {"day": str(row.day), "reason": SUBSTITUTED}
                tx.tell("driver.substituted", "tour", row.id, told, **facts)

    try:
        desk.store.change(save)
    except NoCarrierFree as refusal:
        return refusal
    return None


def _work_of(desk: Desk, view: View, row: Row[Any]) -> tuple[Wanted, Work]:
    """Return what a tour wants of its carrier as it stands, and what that would be paid for."""
    world = tour_world(desk, view, row)
    route = world.committed[1].route(world.tour.id)
    loads = [world.day.shipment_by_id[one].load for one in world.aboard]
    chilled, frozen = (
        sum(one.crates for one in loads if one.temperature is cold)
        for cold in (Temperature.CHILLED, Temperature.FROZEN)
    )
    aboard = (chilled, frozen) if view.now_at >= row.cutoff_at else None
    payer_ids = frozenset(one.payer_id for one in world.sign_ups)
    own = _own_carrier(view, row)
    lift = any(world.day.shipment_by_id[one].tail_lift for one in world.aboard)
    if route is None:
        wanted = wanted_for(row, cold_aboard=aboard)
        return replace(wanted, payer_ids=payer_ids, tail_lift=lift, own=own), USUAL_WORK
    sites = tuple(dict.fromkeys(world.site_of(route).values()))
    wanted = wanted_for(row, sites, aboard)
    return replace(wanted, payer_ids=payer_ids, tail_lift=lift, own=own), work_of(route)


def _own_carrier(view: View, row: Row[Any]) -> OwnCarrier | None:
    """Return who drives the round of a tour as a rule; ``None`` where that is nobody."""
    own = own_drivers(view, [row]).get(row.id)
    return OwnCarrier(find_round(view, row.round_id).carrier_id, own) if own is not None else None


def _in_order(found: Iterable[Candidate]) -> list[Candidate]:
    """Put who can drive first, by its cost and what it is worth that the round's own driver comes."""

    def place(one: Candidate) -> tuple[object, ...]:
        dear = one.cost_cents + one.preference_cents
        return one.refusal is not None, dear, one.preference_cents, one.name, one.carrier_id

    return sorted(found, key=place)


def _named(view: View, row: Row[Any], wanted: Wanted, work: Work) -> Candidate:
    """Judge the carrier that a tour names."""
    carrier = find_party(view, row.carrier_id)
    van = find_vehicle(view, row.vehicle_id).name if row.vehicle_id else ""
    card = card_of(row)
    preferred = _preferred(wanted, carrier.id)
    one = Candidate(carrier.id, carrier.name, row.vehicle_id, van, row.litres, card=card, **preferred)
    try:
        _must_be_free(view, carrier, replace(wanted, vehicle_id=row.vehicle_id, driver_id=row.driver_id))
    except Refusal as refusal:
        return replace(one, refusal=refusal)
    return replace(one, cost_cents=carrier_pay(card, work).total_cents, drives=True)


def _preferred(wanted: Wanted, carrier_id: str) -> dict[str, Any]:
    if wanted.own is None:
        return {}
    cents = wanted.own.preference_cents(carrier_id)
    return {"preference_cents": cents, "driver": wanted.own.driver(carrier_id)}


def _candidate(view: View, row: Row[Any], wanted: Wanted, work: Work) -> Candidate:
    one = Candidate(row.id, row.name, **_preferred(wanted, row.id))
    try:
        _must_be_free(view, row, wanted)
        card = card_on(view, row.id, wanted.day)
        if card is None:
            raise NoRateCard(carrier=row.name, day=wanted.day)
        van = _vehicle(view, row, wanted)
    except Refusal as refusal:
        return replace(one, refusal=refusal)
    return replace(
        one,
        vehicle_id=van.id,
        vehicle_name=van.name,
        litres=json.dumps([getattr(van, name) for name in LITRES]),
        tail_lift=van.tail_lift,
        cold_room=_cold_room(view, van, wanted.day),
        card=card,
        cost_cents=carrier_pay(card, work).total_cents,
    )


def _must_be_free(view: View, row: Row[Any], wanted: Wanted) -> None:
    """Refuse a carrier without papers, outside its area, apart from who is aboard, or with a full week."""
    if not has_licence(parties_by_id(view, [row.id])[row.id], wanted.day):
        raise LicenceMissing(owner=row.name, day=wanted.day)
    must_ride_together(view, row.id, wanted.payer_ids)
    must_be_drivable(view, replace(wanted, carrier_id=row.id), wanted.ends)


def _cold_room(view: View, van: Row[Any], day: date) -> tuple[int, int]:
    """Return the chilled and frozen crates of a vehicle, none where its papers allow no cold goods."""
    lacks = lacking(papers_of(view, van.party_id), Assignment(day, van.id, cold=True))
    return (0, 0) if lacks else (van.chilled_crates, van.frozen_crates)


def _vehicle(view: View, row: Row[Any], wanted: Wanted) -> Row[Any]:
    """Return the smallest vehicle with the room, its papers and these hours free."""
    papers = papers_of(view, row.id)
    for van in active_vehicles(view, row.id):
        roomy = all(getattr(van, name) >= room for name, room in zip(ROOM, wanted.room, strict=True))
        roomy = roomy and (van.tail_lift or not wanted.tail_lift)
        papers_hold = not lacking(papers, Assignment(wanted.day, van.id, wanted.cold))
        if roomy and papers_hold and not tours_in_vehicle(view, replace(wanted, vehicle_id=van.id)):
            return van
    raise NoVehicleFree(carrier=row.name, day=wanted.day)
