"""The worked examples of ``docs/promises``: the figures that the pages print are the figures here."""

from dataclasses import replace
from pathlib import Path

import pytest

from pooling.bid import Bid
from pooling.costs.baseline import Baseline
from pooling.fair.sharing import Claimant, split
from pooling.market.award import TripBook, open_book, take_bid
from pooling.pricing import full_cost, shareable_cost
from pooling.shipment import Shipment
from pooling.trip import Trip
from tests.promises import road

PAGES = Path(__file__).parents[2] / "docs" / "promises"


def bid_on(announced: Trip, shipment: Shipment, most_cents: int) -> tuple[TripBook, object]:
    ground = road.ground()
    book = open_book(ground, announced)
    assert isinstance(book, TripBook)
    saved_cents = Baseline(ground, {"neighbour": "neighbour"}).cents("neighbour", [shipment])
    bid = Bid(shipment.id, announced.id, most_cents)
    return take_bid(road.day(announced, shipment), ground, book, bid, saved_cents)


def page(number: int) -> str:
    return next(PAGES.glob(f"{number}-*.md")).read_text(encoding="utf-8")


def says(number: int, *figures: str) -> None:
    missing = [figure for figure in figures if figure not in page(number)]
    assert not missing, f"page {number} does not print {missing}"


def test_room_three_of_six_crates_fit_on_a_nearly_full_middle_leg():
    book, refusal = bid_on(road.trip(10, 3, 20), road.shipment(6), 5000)
    assert book.guests == ()
    assert refusal.code == "no_room"
    assert (refusal.facts["free"], refusal.facts["leg_from"], refusal.facts["leg_to"]) == (3, "Town", "Shop")
    book, refusal = bid_on(road.trip(10, 3, 20), road.shipment(3), 5000)
    assert refusal is None and len(book.guests) == 1
    says(1, "10, 3 and 20", "room for 3 of 6", "between Town and Shop")


def test_cents_a_capped_party_leaves_its_rest_to_those_with_slack():
    shared = split(10_001, {"A": Claimant(6000, 6000), "B": Claimant(6000, 6000), "C": Claimant(3000, 1500)})
    assert shared.shares_cents == {"A": 4251, "B": 4250, "C": 1500}
    assert shared.gap_cents == 0
    says(3, "100.01 €", "42.51 €", "42.50 €", "15.00 €")


def test_never_worse_the_guest_pays_its_detour_and_its_part_of_the_way():
    announced = road.trip(10, 10, 20)
    book, refusal = bid_on(announced, road.shipment(3), 900)
    assert refusal is None
    alone_cents = full_cost(book.announced).total_cents
    with_guest_cents = full_cost(book.route).total_cents
    assert (alone_cents, with_guest_cents, book.received_cents) == (5200, 5375, 726)
    assert with_guest_cents - book.received_cents <= alone_cents
    assert book.received_cents <= shareable_cost(book.route).total_cents == 3200
    assert Baseline(road.ground(), {"neighbour": "neighbour"}).cents("neighbour", [road.shipment(3)]) == 4075
    says(4, "52.00 €", "53.75 €", "7.26 €", "46.49 €", "40.75 €", "32.00 €")


def test_freshness_a_pickup_waits_until_the_goods_are_ready():
    fresh = road.shipment(3, pickup=road.hours("06:20", "12:00"), drop=road.hours("06:00", "07:00"))
    book, refusal = bid_on(road.trip(10, 10, 20), fresh, 5000)
    assert refusal is None
    begins = {visit.task.kind: road.CLOCK.wall(visit.begins_s) for visit in book.route.visits}
    assert (begins["pickup"], begins["drop"]) == ("06:20", "06:56")
    late = replace(fresh, drop=road.hours("06:00", "06:50"))
    book, refusal = bid_on(road.trip(10, 10, 20), late, 5000)
    assert refusal.code in {"pickup_hours_missed", "drop_hours_missed"} and book.guests == ()
    says(5, "06:20", "06:56", "06:50")


@pytest.mark.parametrize("most_cents", [175, 200, 726, 900])
def test_bids_the_amount_is_never_above_the_bid(most_cents):
    book, refusal = bid_on(road.trip(10, 10, 20), road.shipment(3), most_cents)
    assert refusal is None
    assert book.received_cents == min(most_cents, 726)
    says(6, "1.75 €", "2.00 €", "7.26 €")


def test_bids_a_bid_below_the_detour_is_refused_not_raised():
    book, refusal = bid_on(road.trip(10, 10, 20), road.shipment(3), 174)
    assert refusal.code == "bid_below_detour" and book.guests == ()
    says(6, "1.74 €")


def test_reasons_a_second_one_is_not_kept_back():
    """Too early, and too little money for it besides: with the hour mended the bid would still be refused."""
    early = road.shipment(3, drop=road.hours("06:00", "06:40"))
    _, refusal = bid_on(road.trip(10, 10, 20), early, 100)
    assert refusal.code == "drop_hours_missed" and refusal.besides.code == "bid_below_detour"
    hour, floor_cents = str(refusal.facts["would_do"]), int(refusal.besides.facts["floor"])
    later = replace(early, drop=road.hours("06:00", hour))
    assert bid_on(road.trip(10, 10, 20), later, floor_cents)[1] is None
    assert bid_on(road.trip(10, 10, 20), later, floor_cents - 1)[1].code == "bid_below_detour"
    says(9, f"{hour} instead", f"{floor_cents / 100:.2f} €")
    _, refusal = bid_on(road.trip(10, 10, 20), early, 5000)
    assert refusal.besides is None


def test_reasons_the_hour_that_is_named_would_do():
    early = road.shipment(3, drop=road.hours("06:00", "06:40"))
    _, refusal = bid_on(road.trip(10, 10, 20), early, 5000)
    assert refusal.code == "drop_hours_missed"
    would_do = str(refusal.facts["would_do"])
    later = replace(early, drop=road.hours("06:00", would_do))
    book, refusal = bid_on(road.trip(10, 10, 20), later, 5000)
    assert refusal is None and len(book.guests) == 1
    says(9, "06:40", f"{would_do} instead")
