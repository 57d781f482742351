"""
Whom a tour is given to: an active carrier with papers that hold on its day, its vehicle, driver and card.

What a tour is proposed with is settled here: the room of the vehicle, the name of the driver, and prices
that are nowhere below the carrier's card. Who may drive is asked again when the tour is planned and frozen.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.carriers.carrier_week import WeekFull, may_drive, monday_of
from pooling.carriers.dossier import Assignment, in_words, lacking
from pooling.carriers.pay import LINE_WORDS, BelowRateCard, NoRateCard, lines_below
from pooling.carriers.service_area import Area, kept_area
from pooling.desk.tours.tour_words import TourWords
from pooling.money import Cents
from pooling.phrases import Phrases
from pooling.regimes import Regime
from pooling.store import Tx, View
from pooling.store.carriers import days_driven, find_dossier, papers_of, tours_in_vehicle, week_granted
from pooling.store.days import parties_by_id
from pooling.store.fleet import cards_between, find_vehicle, has_cards
from pooling.store.members import duty_in, find_member
from pooling.store.people import party
from pooling.store.rows import NotFound, held
from pooling.store.sites import sites_by_id
from pooling.tour import RateCard

DAYS_A_WEEK = 3
"""Of a carrier without a dossier; else its dossier says it."""

ROOM = ("ambient_crates", "chilled_crates", "frozen_crates", "payload_kg")
LITRES = ("ambient_litres", "chilled_litres", "frozen_litres")


class CarrierNotActive(Refusal):
    code = "carrier_not_active"
    reason = "{carrier} has applied and is not vetted yet, or is suspended: it carries nothing for hire."
    cure = "Let the operator look at its dossier first, or assign another carrier."


class PapersLacking(Refusal):
    code = "papers_lacking"
    reason = "{carrier} may not drive on {day}. Missing, not checked or run out by then: {papers}."
    cure = "Let the carrier enter what is missing and the operator check it, or assign another."


class VehicleTaken(Refusal):
    code = "vehicle_taken"
    reason = "Vehicle {plate} is on another tour at these hours of {day}."
    cure = "Choose other hours, or another vehicle of the carrier."


class DriverNotTheirs(Refusal):
    code = "driver_not_theirs"
    reason = "That driver does not act for {carrier}."
    cure = "Name one of the carrier's own drivers, or let it invite this one."


class MoreThanVehicle(Refusal):
    code = "more_than_vehicle"
    reason = "Vehicle {plate} has less room than is asked for: {room} where {asked} are wanted."
    cure = "Leave the room empty: it is then the vehicle's; or name another vehicle."


class RoomUnsaid(Refusal):
    code = "room_unsaid"
    reason = "Neither a vehicle nor its payload is named."
    cure = "Name one of the carrier's vehicles, or the room and payload."


def settled(view: View, words: TourWords, day: date) -> dict[str, object]:
    """Return what follows for a tour from its vehicle, its driver and the carrier's card of the day."""
    return {**_room(view, words), **_driver(view, words), **_prices(view, words, day)}


def must_be_assignable(tx: Tx, row: Row[Any]) -> None:
    """Refuse a tour that its carrier may not drive; the weeks of a carrier are counted by one at a time."""
    held(tx, party, row.carrier_id)
    must_be_drivable(tx, row, (row.start_site_id, row.end_site_id))


def must_be_drivable(view: View, row: Any, site_ids: Sequence[str]) -> None:  # noqa: ANN401 - or as it would be
    """Refuse what a carrier may not drive: papers, places outside its area, a fourth day, a taken van."""
    refusal = unfit(view, row)
    if refusal is not None:
        raise refusal
    sites = sites_by_id(view, site_ids)
    area, name = area_of(view, row.carrier_id), _name(view, row.carrier_id)
    if area is not None:
        area.must_serve((sites[one].place for one in site_ids), name)
    _must_have_a_day(view, row, name)
    if row.vehicle_id and tours_in_vehicle(view, row):
        raise VehicleTaken(plate=find_vehicle(view, row.vehicle_id).plate, day=row.day)


def unfit(view: View, row: Any) -> Refusal | None:  # noqa: ANN401 - or as it would be
    """Return why a tour's carrier, vehicle or driver may not drive it as things stand, or ``None``."""
    standing = find_dossier(view, row.carrier_id)
    if standing is None:
        return None
    if standing.state != "active":
        return CarrierNotActive(carrier=_name(view, row.carrier_id))
    cold = bool(row.chilled_crates or row.frozen_crates)
    asked = Assignment(row.day, row.vehicle_id, cold, row.driver_id)
    lacks = lacking(papers_of(view, row.carrier_id), asked)
    if not lacks:
        return None
    return PapersLacking(carrier=_name(view, row.carrier_id), day=row.day, papers=in_words(lacks))


def must_be_fit_for_hire(view: View, row: Row[Any]) -> None:
    """Refuse to drive a trip for hire to a carrier that is not vetted, or whose papers lack on its day."""
    if row.regime != Regime.TRANSPORTEUR:
        return
    standing, name = find_dossier(view, row.owner_id), _name(view, row.owner_id)
    if standing is None:
        return
    if standing.state != "active":
        raise CarrierNotActive(carrier=name)
    lacks = lacking(papers_of(view, row.owner_id), Assignment(row.day))
    if lacks:
        raise PapersLacking(carrier=name, day=row.day, papers=in_words(lacks))


def area_of(view: View, carrier_id: str) -> Area | None:
    """Return where a carrier serves; ``None`` where it said nothing."""
    standing = find_dossier(view, carrier_id)
    return kept_area(standing.area) if standing is not None else None


def _must_have_a_day(view: View, row: Any, name: str) -> None:  # noqa: ANN401 - or as it would be
    """Refuse a day more than a carrier's week has."""
    monday = monday_of(row.day)
    taken = days_driven(view, row.carrier_id, monday, but=row.id)
    standing, granted = find_dossier(view, row.carrier_id), week_granted(view, row.carrier_id, monday)
    usual = standing.days_per_week if standing is not None else DAYS_A_WEEK
    if not may_drive(row.day, taken, granted.days if granted is not None else usual):
        raise WeekFull(carrier=name, taken=len(set(taken)), monday=monday, day=row.day)


def _room(view: View, words: TourWords) -> dict[str, object]:
    if not words.vehicle_id:
        if words.payload_kg is None:
            raise RoomUnsaid
        return {name: getattr(words, name) or 0 for name in ROOM} | {"litres": "", "tail_lift": False}
    row = find_vehicle(view, words.vehicle_id)
    if row.party_id != words.carrier_id or row.state != "active":
        raise NotFound(kind="vehicle", id=words.vehicle_id)
    room: dict[str, object] = {}
    for name in ROOM:
        asked, there = getattr(words, name), getattr(row, name)
        if asked is not None and asked > there:
            raise MoreThanVehicle(plate=row.plate, asked=asked, room=there)
        room[name] = there if asked is None else asked
    litres = json.dumps([getattr(row, name) for name in LITRES])
    return room | {"litres": litres, "tail_lift": row.tail_lift}


def _driver(view: View, words: TourWords) -> Mapping[str, object]:
    if not words.driver_id:
        return {"driver": words.driver}
    if not duty_in(view, words.driver_id, words.carrier_id):
        raise DriverNotTheirs(carrier=_name(view, words.carrier_id))
    return {"driver": words.driver or find_member(view, words.driver_id).name}


def _prices(view: View, words: TourWords, day: date) -> dict[str, object]:
    """Fill prices that are not said by the card of the day; refuse what is below it."""
    names = [line.name for line in fields(RateCard)]
    said = {name: getattr(words, name) for name in names}
    card = card_on(view, words.carrier_id, day)
    unsaid = [name for name in names[:-1] if said[name] is None]
    if card is None:
        if unsaid or has_cards(view, words.carrier_id):
            raise NoRateCard(carrier=_name(view, words.carrier_id), day=day)
        return {name: cents or 0 for name, cents in said.items()}
    values = {name: getattr(card, name) if cents is None else cents for name, cents in said.items()}
    for name in lines_below(RateCard(**values), card):
        facts = {"cents": Cents(values[name]), "card": Cents(getattr(card, name))}
        line = Phrases((LINE_WORDS[name],))
        raise BelowRateCard(carrier=_name(view, words.carrier_id), line=line, **facts)
    return dict(values)


def card_on(view: View, carrier_id: str, day: date) -> RateCard | None:
    """Return the rate card of a carrier that holds on a day."""
    rows = cards_between(view, carrier_id, day, day)
    return card_of(rows[0]) if rows else None


def card_of(row: Row[Any]) -> RateCard:
    """Return the card of a stored tour, or a stored card, as the pure code knows it."""
    return RateCard(**{line.name: getattr(row, line.name) for line in fields(RateCard)})


def _name(view: View, party_id: str) -> str:
    known = parties_by_id(view, [party_id])
    return known[party_id].name if party_id in known else party_id
