"""A carrier's papers, area, week and pay, decided without any store."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.matrix import Matrix
from geodata.place import Place
from geodata.refusal import Refusal
from pooling.carriers.carrier_week import may_drive, monday_of
from pooling.carriers.dossier import TOLD_BEFORE, Assignment, Paper, PaperKind, lacking, needed, next_telling
from pooling.carriers.pay import Work, carrier_pay, lines_below
from pooling.carriers.service_area import CORNERS_LIMIT, kept_area, read_area
from pooling.goods.freshness import Fresh, too_late
from pooling.tour import RateCard
from pooling.tours.same_driver import (
    OwnDriver,
    as_chosen,
    cheapest_driver,
    preferring,
    same_driver_rate,
    steadiness,
)
from routing.construction import first_plan
from routing.problem import Problem, Request, Vehicle, Visit, Window

DAY = date(2026, 9, 12)
LICENCE, INSURANCE = PaperKind.TRANSPORT_LICENCE, PaperKind.INSURANCE
BOTH = [Paper(LICENCE, "", "checked", DAY), Paper(INSURANCE, "", "waived", None)]


def square(size=1.0, at=(2.0, 44.0)):
    lon, lat = at
    corners = [[lon, lat], [lon + size, lat], [lon + size, lat + size], [lon, lat + size], [lon, lat]]
    return {"type": "Polygon", "coordinates": [corners]}


def test_a_paper_holds_on_its_last_day_and_not_on_the_next():
    assert lacking(BOTH, Assignment(DAY)) == ()
    (lack,) = lacking(BOTH, Assignment(DAY + timedelta(days=1)))
    assert (lack.kind, lack.ended) == (LICENCE, DAY)


@pytest.mark.parametrize("state", ["entered", "refused"])
def test_a_paper_that_nobody_checked_or_that_was_refused_is_none(state):
    (lack,) = lacking([Paper(LICENCE, "", state, None), BOTH[1]], Assignment(DAY))
    assert (lack.kind, lack.ended) == (LICENCE, None)


def test_a_cold_vehicle_needs_its_certificate_and_a_named_driver_a_licence():
    kinds = [kind for kind, _ in needed(Assignment(DAY, "van_a", cold=True, driver="mem_a"))]
    assert kinds == list(PaperKind)
    assert len(needed(Assignment(DAY, "van_a"))) == 3 and len(needed(Assignment(DAY))) == 2


def test_the_papers_of_one_vehicle_do_not_serve_another():
    papers = [*BOTH, Paper(PaperKind.TECHNICAL_INSPECTION, "van_a", "checked", None)]
    assert lacking(papers, Assignment(DAY, "van_a")) == ()
    assert [one.about for one in lacking(papers, Assignment(DAY, "van_b"))] == ["van_b"]


@given(st.lists(st.integers(0, 40), min_size=1, max_size=45, unique=True))
def test_each_end_is_told_at_most_once_and_never_in_disorder(days_passed):
    """However seldom the clock looks, a nearer telling never comes before a further one."""
    ends, told = DAY + timedelta(days=35), []
    for passed in sorted(days_passed):
        due = next_telling(ends, DAY + timedelta(days=passed), told[-1] if told else None)
        told += [due] if due is not None else []
    assert told == sorted(set(told), reverse=True) and set(told) <= set(TOLD_BEFORE)
    last = max(days_passed)
    assert bool(told) == (last >= 5)


def test_an_area_serves_what_it_covers_and_its_edge():
    area = read_area(square())
    assert area.serves(Place(lat=44.5, lon=2.5)) and area.serves(Place(lat=44.0, lon=2.0))
    assert not area.serves(Place(lat=45.1, lon=2.5))
    assert kept_area(area.text).text == area.text and kept_area("") is None


def test_a_place_outside_an_area_is_named():
    with pytest.raises(Refusal) as refused:
        read_area(square()).must_serve([Place(lat=43.0, lon=2.5, name="Foix")], "Lou")
    assert refused.value.code == "outside_area" and "Foix" in refused.value.sentence


BOW = {"type": "Polygon", "coordinates": [[[2, 44], [3, 45], [3, 44], [2, 45], [2, 44]]]}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (BOW, "area_crosses_itself"),
        (square(5.0), "area_too_large"),
        ({"type": "Polygon", "coordinates": [[[2, 44]] * (CORNERS_LIMIT + 1)]}, "area_too_large"),
        ({"type": "Point", "coordinates": [2, 44]}, "area_unreadable"),
        ({"type": "Polygon", "coordinates": [[[2, 44], [3, 44], [3, 45], [2, 45]]]}, "area_unreadable"),
        ({"type": "Polygon", "coordinates": [[["2", 44]] * 4]}, "area_unreadable"),
        ({"type": "Polygon", "coordinates": [[[2, float("nan")]] * 4]}, "area_unreadable"),
        ({"type": "Polygon", "coordinates": [[[2, 44]] * 4]}, "area_unreadable"),
        ({"type": "Polygon", "coordinates": [[[2, 44, "high"]] * 4]}, "area_unreadable"),
        ({"type": "Polygon", "coordinates": [[[2, 44, {"a": 1}]] * 4]}, "area_unreadable"),
        ({"type": "Polygon", "coordinates": [[[2, 44, float("inf")]] * 4]}, "area_unreadable"),
        ("{", "area_unreadable"),
        ("[" * 100_000, "area_unreadable"),
        ("null", "area_unreadable"),
    ],
)
def test_what_is_no_area_is_refused_with_its_reason(given, code):
    with pytest.raises(Refusal) as refused:
        read_area(given)
    assert refused.value.code == code


def test_a_height_and_what_nobody_knows_are_left_out_of_a_kept_area():
    high = [[[*corner, 12.5] for corner in ring] for ring in square()["coordinates"]]
    told = {"type": "Polygon", "coordinates": high, "bbox": [0] * 10_000, "said": "x" * 100_000}
    assert read_area(told).text == read_area(square()).text


def test_a_fourth_day_is_one_too_many_and_a_second_tour_of_a_day_is_none():
    three = [DAY - timedelta(days=one) for one in range(3)]
    assert may_drive(three[0], three, 3) and not may_drive(three[0] - timedelta(days=3), three, 3)
    assert may_drive(three[0] - timedelta(days=3), three, 4)
    assert may_drive(DAY + timedelta(days=7), three, 3)


@given(st.dates(date(2001, 1, 1), date(2098, 1, 1)))
def test_a_week_is_that_of_iso_8601_even_at_the_turn_of_a_year(day):
    assert monday_of(day).isocalendar()[:2] == day.isocalendar()[:2] and monday_of(day).isoweekday() == 1


CARD = RateCard(1500, 60, 1800, 50, 1200)


def test_pay_is_itemised_and_adds_up_as_in_the_worked_example():
    pay = carrier_pay(CARD, Work(23_400, 5_400, 9, 1_200))
    assert vars(pay) == {
        "fixed_cents": 1500,
        "distance_cents": 1404,
        "time_cents": 2700,
        "stops_cents": 450,
        "waiting_cents": 400,
    }
    assert pay.total_cents == 6454


@given(st.builds(Work, *[st.integers(0, 1_000_000)] * 4), st.integers(0, 500))
def test_pay_above_the_card_on_any_line_is_never_less_in_all(work, more):
    dearer = RateCard(*(cents + more for cents in vars(CARD).values()))
    assert carrier_pay(dearer, work).total_cents >= carrier_pay(CARD, work).total_cents
    assert lines_below(dearer, CARD) == () and bool(lines_below(CARD, dearer)) == bool(more)


def request(drop=(0, 36_000), ready=0):
    return Request("shp_a", Visit(0, (Window(ready, 30_000),)), Visit(1, (Window(*drop),)), (1,))


def test_the_hours_of_a_round_are_put_upon_those_of_a_shipment():
    asked = Fresh(18_000, 32_000).asked(request())
    assert asked.pickup.windows == (Window(18_000, 30_000),) and asked.drop.windows == (Window(0, 32_000),)
    assert Fresh().asked(request()) == request()


def test_a_shipment_that_has_no_hour_within_those_of_the_round_is_late_by_what_is_missing():
    fresh, late = Fresh(fresh_by_s=32_000), request(drop=(33_801, 36_000))
    assert fresh.asked(late) is None and fresh.least_late_s(late) == 1_801
    assert "shp_a +31 min" in too_late("tour_a", {"shp_a": 1_801}).sentence


VANS = (Vehicle("own", 0, 0, (1,)), Vehicle("near", 1, 1, (1,)))


def test_the_rounds_own_driver_is_preferred_at_the_stated_price_and_not_beyond():
    assert cheapest_driver({"lou": 5_000, "ana": 4_100}, "lou", 1_000) == "lou"
    assert cheapest_driver({"lou": 5_000, "ana": 3_900}, "lou", 1_000) == "ana"
    assert cheapest_driver({"lou": 5_000, "ana": 4_000}, "lou", 1_000) == "lou"
    dearer = preferring(VANS, {"own": "lou", "near": "ana"}, "lou", 700)
    assert [one.fixed_cents for one in dearer] == [0, 700]


@pytest.mark.parametrize(("price_cents", "driver"), [(900, "own"), (700, "near")])
def test_a_plan_takes_another_driver_only_where_that_saves_more_than_the_price(price_cents, driver):
    """The van of another driver stands at the pickup; the own one drives 10 km more there, for 8.00 €."""
    metres = [[0, 10_000, 20_000], [10_000, 0, 10_000], [20_000, 10_000, 0]]
    matrix = Matrix(np.array(metres) // 10, np.array(metres))
    vans = tuple(Vehicle(name, at, 2, (4,), cents_per_km=80) for name, at in (("own", 0), ("near", 1)))
    asked = Request("shp_a", Visit(1), Visit(2), (2,))
    preferred = preferring(vans, {"own": "lou", "near": "ana"}, "lou", price_cents)
    plan = first_plan(Problem(("crates",), matrix, preferred, (asked,)))
    assert [route.vehicle for route in plan.routes] == [driver]
    assert vans[0].fixed_cents == vans[1].fixed_cents == 0, "nobody is paid the preference"


def test_the_rate_of_the_same_driver_is_counted():
    found = steadiness(["lou"] * 11 + ["ana"])
    assert (found.driver, found.times, found.runs) == ("lou", 11, 12)
    assert steadiness([]).runs == 0


def test_each_tour_of_a_day_is_held_against_the_driver_of_its_own_round():
    drivers, own_of = {"own": "lou", "near": "ana"}, {"near": OwnDriver("lou", 700)}
    assert [one.fixed_cents for one in as_chosen(VANS, drivers, own_of)] == [
        one.fixed_cents + 700 * (one.id == "near") for one in VANS
    ]
    both = own_of | {"own": OwnDriver("lou", 700)}
    rate = same_driver_rate(drivers, both)
    assert (rate.rounds, rate.own) == (2, 1)
