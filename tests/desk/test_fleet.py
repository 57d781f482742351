"""A carrier's fleet: vehicles, drivers, the area, the days of a week, and the cards that price a tour."""

from datetime import date, timedelta

import pytest

from geodata.refusal import Refusal
from pooling.carriers.dossier import PaperKind
from pooling.desk.carriers.dossiers import (
    grant_days,
    set_area,
)
from pooling.desk.carriers.fleet import change_vehicle, end_card, enter_vehicle
from pooling.desk.tours.tours import change_tour
from pooling.store.members import join
from pooling.store.people import member
from pooling.store.rows import added
from pooling.store.touring import tour
from tests.desk.carrying import (
    INSURANCE,
    LICENCE,
    SQUARE,
    active,
    card,
    carrier,
    did,
    paper,
    standing,
    van,
    van_words,
)
from tests.desk.servers import at_once
from tests.desk.test_carriers import DAY_S, refused
from tests.desk.touring import (
    DAY,
    HOUR,
    MORNING,
    joined,
    proposed,
    revision_of,
    row,
    sent,
    words,
)


def on(days, **more):
    """Say a tour so many days later."""
    hours = {"opens_at": MORNING, "closes_at": MORNING + 6 * HOUR, "cutoff_at": MORNING - 2 * HOUR}
    return {name: at + days * DAY_S for name, at in hours.items()} | more


def test_two_tours_at_once_never_take_a_fourth_day(market):
    for days in (4, 5):
        proposed(market, **on(days))
    asks = [(lambda at=days: proposed(market, **on(at))) for days in (6, 7)]
    answers = at_once(*asks)
    assert sum(isinstance(one, Refusal) for one in answers) == 1
    assert {one.code for one in answers if isinstance(one, Refusal)} == {"week_full"}


def test_a_tour_takes_its_room_from_a_vehicle_of_the_carrier(town):
    active(town)
    van_id = van(town, chilled_crates=8, chilled_litres=400)
    lacks = refused(proposed, town, vehicle_id=van_id, **NO_ROOM)
    assert lacks.code == "papers_lacking" and "cold-chain" in lacks.sentence
    paper(town, PaperKind.COLD_CERTIFICATE, about=van_id)
    found = row(town, tour, proposed(town, vehicle_id=van_id, **NO_ROOM))
    assert (found.ambient_crates, found.chilled_crates, found.payload_kg) == (30, 8, 600)
    assert found.litres == "[null, 400, null]"
    assert refused(proposed, town, vehicle_id=van_id, ambient_crates=31).code == "more_than_vehicle"


NO_ROOM = dict.fromkeys(("ambient_crates", "chilled_crates", "frozen_crates", "payload_kg"))


def test_neither_room_nor_a_vehicle_is_refused_and_so_is_somebody_elses_or_a_retired_one(town):
    active(town)
    assert refused(proposed, town, **NO_ROOM).code == "room_unsaid"
    assert refused(proposed, town, vehicle_id="van_01hg0000never").code == "not_found"
    van_id = van(town)
    did(town, change_vehicle, "carrier", van_id, None, van_words(town, state="retired"))
    assert refused(proposed, town, vehicle_id=van_id).code == "not_found"


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"ambient_crates": 0}, "room_missing"),
        ({"profile": "tank"}, "profile_unknown"),
        ({"start_site_id": "site_01hg0000never"}, "not_found"),
        ({}, "plate_taken"),
    ],
)
def test_a_vehicle_that_makes_no_sense_is_refused(town, other, code):
    van(town)
    assert refused(did, town, enter_vehicle, "carrier", carrier(town), van_words(town, **other)).code == code


def test_a_named_driver_acts_for_the_carrier_and_holds_a_licence(town):
    active(town)

    def work(tx):
        lou = added(tx, member, "mem", email="lou@example.org", name="Lou Barbier")
        join(tx, lou, carrier(town), "driver")
        return lou

    lou = town.house.desk.store.change(work)
    assert refused(proposed, town, driver_id=town.members["farm"]).code == "driver_not_theirs"
    assert "driver's licence" in refused(proposed, town, driver_id=lou).sentence
    paper(town, PaperKind.DRIVING_LICENCE, about=lou)
    assert row(town, tour, proposed(town, driver_id=lou, driver="")).driver == "Lou Barbier"


WEST = {
    "type": "Polygon",
    "coordinates": [[[7.3, 43.7], [7.425, 43.7], [7.425, 43.8], [7.3, 43.8], [7.3, 43.7]]],
}
"""The small town without its shop."""


def test_a_tour_or_a_shipment_outside_the_area_is_refused_and_the_site_is_named(town):
    active(town)
    did(town, set_area, "carrier", carrier(town), None, WEST)
    outside = refused(proposed, town, end_site_id=town.sites["shop"])
    assert outside.code == "outside_area" and "Shop" in outside.sentence
    tour_id = proposed(town)
    far = refused(joined, town, tour_id, "farm", sent(town, "farm", to="shop"))
    assert far.code == "outside_area" and "Shop" in far.sentence
    assert joined(town, tour_id, "farm", sent(town, "farm"))
    did(town, set_area, "carrier", carrier(town), None, SQUARE)
    assert proposed(town, end_site_id=town.sites["shop"])
    did(town, set_area, "carrier", carrier(town), None, None)
    assert standing(town).area == ""


def test_an_area_that_says_nothing_does_not_open_the_whole_world(town):
    active(town)
    did(town, set_area, "carrier", carrier(town), None, WEST)
    assert refused(did, town, set_area, "carrier", carrier(town), None, {}).code == "area_unreadable"
    assert standing(town).area


def test_a_van_is_on_one_tour_at_a_time(town):
    active(town)
    vehicle = van(town)
    first = proposed(town, vehicle_id=vehicle, payload_kg=None, ambient_crates=None)
    taken = refused(proposed, town, vehicle_id=vehicle, payload_kg=None, ambient_crates=None)
    assert taken.code == "vehicle_taken" and "AB-123-CD" in taken.sentence
    later = {"opens_at": MORNING + 6 * HOUR, "closes_at": MORNING + 9 * HOUR}
    assert proposed(town, vehicle_id=vehicle, payload_kg=None, ambient_crates=None, **later) != first


def test_a_card_that_has_begun_is_not_ended_before_it_began(town):
    used = card(town, from_day=date(2026, 1, 1))
    assert refused(did, town, end_card, "carrier", used, None, date(2025, 12, 31)).code == "card_in_use"


def test_a_fourth_day_of_a_week_is_refused_unless_the_operator_grants_it(town):
    """19 September 2026 is a Saturday: three days before it take its week."""
    for days in (4, 5, 6):
        proposed(town, **on(days))
    assert proposed(town, **on(6)), "a second tour of a day is no further day"
    why = refused(proposed, town, **on(7))
    assert why.code == "week_full" and "3 days" in why.sentence and "2026-09-14" in why.sentence
    assert proposed(town, **on(9)), "the next week is another"
    week = DAY + timedelta(days=7)
    assert refused(did, town, grant_days, "carrier", carrier(town), week, 4, "x").code == "not_allowed"
    assert refused(did, town, grant_days, "operator", carrier(town), week, 4, "").code == "reason_missing"
    did(town, grant_days, "operator", carrier(town), week, 4, "Harvest of the apricots")
    fine = [paper(town, LICENCE), paper(town, INSURANCE)]
    assert fine and proposed(town, **on(7)) and refused(proposed, town, **on(8)).code == "week_full"


def test_a_tour_moved_onto_a_fourth_day_is_refused(town):
    first, *_ = [proposed(town, **on(days)) for days in (4, 5, 6)]
    assert did(town, change_tour, "operator", first, revision_of(town, first), words(town, **on(7)))
    assert refused(proposed, town, **on(4)).code == "week_full"


def test_a_tour_takes_the_card_of_its_day_and_is_never_below_it(town):
    card(town, until_day=DAY)
    card(town, from_day=DAY + timedelta(days=1), cents_per_km=35)
    prices = dict.fromkeys(("fixed_cents", "cents_per_km", "cents_per_hour", "cents_per_stop"))
    today, later = (row(town, tour, proposed(town, **on(days, **prices))) for days in (0, 1))
    assert (today.cents_per_km, later.cents_per_km) == (30, 35)
    assert today.waiting_cents_per_hour == 1_200
    below = refused(proposed, town, cents_per_stop=9)
    assert below.code == "below_rate_card" and "per stop: 0.09" in below.sentence
    assert proposed(town, cents_per_km=31)


def test_a_day_without_a_card_is_no_day_of_a_carrier_that_has_cards(town):
    ended = card(town, until_day=DAY - timedelta(days=1))
    assert refused(proposed, town).code == "no_rate_card"
    assert refused(card, town, from_day=date(2026, 6, 1)).code == "cards_overlap"
    did(town, end_card, "carrier", ended, None, date(2026, 5, 31))
    assert card(town, from_day=date(2026, 6, 1)) and proposed(town)


def test_a_carrier_without_cards_has_its_prices_said(town):
    assert refused(proposed, town, cents_per_km=None).code == "no_rate_card"
