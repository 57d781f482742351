"""An owner's own goods ride on its own trip before any guest's, and that is no saving of ours."""

from dataclasses import replace

from pooling.bid import Bid
from pooling.days.dayplan import DayPlan, plan_day
from pooling.days.worth import worth
from tests.promises import road


def planned(own_crates: int, *, free: int, guest_bid_cents: int | None = None) -> DayPlan:
    """Farm announces its trip with so many free crates, and has crates of its own for Shop."""
    own = replace(road.shipment(own_crates, name="OWN"), shipper="farm", payer="farm", from_site="farm")
    guest = road.shipment(3, name="S1")
    bids = () if guest_bid_cents is None else (Bid("S1", "T1", guest_bid_cents),)
    shipments = (own,) if guest_bid_cents is None else (own, guest)
    return plan_day(road.day(road.trip(free, free, 20), *shipments, bids=bids), road.ground(), deadline_s=0.3)


def test_own_goods_ride_on_the_own_trip_and_alone_counts_them_there():
    plan = planned(4, free=10)
    assert [shipment.id for shipment in plan.trips[0].own] == ["OWN"]
    assert plan.violations == () and plan.turned == ()
    found = worth(plan)
    assert found.alone.vehicles == found.pooled.vehicles == 1
    assert found.alone.cents == found.pooled.cents, "carrying one's own goods on one's own trip saves nothing"


def test_a_guest_still_rides_beside_them_and_the_owner_is_better_off():
    plan = planned(4, free=10, guest_bid_cents=5000)
    book = plan.trips[0]
    assert [guest.shipment.id for guest in book.guests] == ["S1"]
    assert book.owner_cents <= book.announced_cents
    farm = next(one for one in worth(plan).participants if one.party == "farm")
    assert farm.share_cents < farm.alone_cents


def test_own_goods_without_room_on_the_own_trip_are_driven_apart_and_say_so():
    plan = planned(11, free=10)
    assert plan.trips[0].own == ()
    assert [one.subject for one in plan.turned if one.about == "shipment"] == ["OWN"]
    assert worth(plan).pooled.distance_m == 160_000, "the way to Shop and back, twice"
    assert worth(plan).pooled.vehicles == 1, "the second time in the same van"


def test_a_guest_finds_only_the_room_that_own_goods_leave():
    """Eight of ten crates are the owner's own; three of a guest's do not fit beside them."""
    plan = planned(8, free=10, guest_bid_cents=5000)
    assert plan.trips[0].guests == ()
    assert {one.refusal.code for one in plan.turned if one.about == "bid"} == {"no_room"}
