"""
Promise 4 on tours: nobody pays more than alone, neither for what rides nor in all.

Drawn days with large payers, and mornings on one straight road; tests of one payer's day alone are in
``tests/pooling/test_baseline.py``.
"""

from collections.abc import Mapping
from functools import cache
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pooling.bid import Bid
from pooling.costs.alone import Alone, OwnDay
from pooling.costs.baseline import Baseline
from pooling.days.dayplan import DayPlan, plan_day
from pooling.days.overpaid import overpaid
from pooling.days.worth import worth
from pooling.load import Room, Space
from pooling.shipment import Shipment
from pooling.tour import RateCard, Tour
from pooling.tours.confirming import confirm, not_payable, tour_problem
from pooling.tours.payers import Payers
from pooling.tours.searching_tours import plan_tours
from tests.pooling.worlds import ALL_DAY, MINUTES, PARTIES, day, ground, hours, shipment, tour, trip
from tests.thorough import THOROUGH, examples

FARMS = ("farm", "dairy", "mill", "orchard")


def payers_of(shipments: list[Shipment], baseline: Baseline) -> Payers:
    wanting: dict[str, tuple[Shipment, ...]] = {}
    for one in shipments:
        wanting[one.payer] = (*wanting.get(one.payer, ()), one)
    whole = {party: baseline.cents(party, group) for party, group in wanting.items()}
    return Payers(baseline, wanting, whole)


def shipments_of(random: Random, number: int, payers: tuple[str, ...]) -> list[Shipment]:
    """Invent shipments along the road, some awaiting goods, some due early."""
    found = []
    for at in range(number):
        start, end = random.sample(sorted(MINUTES), 2)
        ready = random.choice([ALL_DAY, hours("06:00", "12:00"), hours("07:00", "12:00")])
        due = random.choice([ALL_DAY, hours("06:00", "11:00"), hours("06:00", "09:30")])
        found.append(
            shipment(
                f"S{at}",
                start,
                end,
                random.randint(1, 6),
                pickup=ready,
                drop=due,
                payer=random.choice(payers),
            )
        )
    return found


def tours_of(random: Random) -> list[Tour]:
    card = RateCard(random.choice([0, 800]), random.choice([10, 30]), random.choice([300, 900]), 0)
    room = Room(Space(random.choice([12, 40])))
    return [
        tour(name, card=card, room=room, crate_cents=random.choice([300, 900, 5_000]))
        for name in ("H1", "H2")
    ]


@examples(6)
@given(st.randoms(use_true_random=False), st.integers(2, 11))
def test_no_share_is_above_alone_and_no_day_dearer_than_alone_whatever_rides(random, number):
    shipments = shipments_of(random, number, ("dairy", "farm"))
    tours = tours_of(random)
    payers = payers_of(shipments, Baseline(ground(), {name: name for name in PARTIES}))
    problem = tour_problem(ground(), tours, payers)
    asked = day(*shipments, tours=tours)
    plan, books = confirm(asked, problem, plan_tours(problem, deadline_s=0.05), payers, deadline_s=0.05)
    for book in books:
        for party, share_cents in book.split.shares_cents.items():
            here = [one for one in book.shipments if one.payer == party]
            assert share_cents <= payers.baseline.cents(party, here)
        assert book.split.gap_cents <= book.tour.gap_cents
    for party, group in payers.wanting.items():
        left = [one for one in group if one.id in plan.unserved]
        shares_cents = sum(book.split.shares_cents.get(party, 0) for book in books)
        assert shares_cents + payers.baseline.cents(party, left) <= payers.baseline.cents(party, group)


@cache
def morning(seed: int) -> DayPlan:
    """Plan a morning on the road: one large payer, three small ones, a trip with bids and two tours."""
    random = Random(seed)
    shipments = shipments_of(random, 14, ("dairy", "dairy", "dairy", *FARMS))
    bids = [Bid(one.id, "T1", random.randint(200, 4_000)) for one in random.sample(shipments, 5)]
    asked = day(*shipments, trips=[trip()], bids=bids, tours=tours_of(random))
    return plan_day(asked, ground(), deadline_s=0.1)


@pytest.mark.xdist_group("mornings")
@pytest.mark.parametrize("seed", range(1, 9 if THOROUGH else 5))
def test_a_large_payer_on_trips_and_tours_never_pays_more_than_its_day_alone(seed):
    plan = morning(seed)
    assert plan.violations == ()
    for one in worth(plan).participants:
        assert one.share_cents <= one.alone_cents, one.name


@pytest.mark.xdist_group("mornings")
def test_mornings_on_the_road_really_ride():
    plans = [morning(seed) for seed in (1, 2, 3)]
    assert any(plan.tours for plan in plans)


def test_whoever_would_lose_by_riding_stays_at_home_with_a_true_reason():
    """
    Were what is left of a day ever dearer than the day (here somebody forged the memory), the party
    would not ride, although the tour could be paid.
    """
    two = [shipment("S1", "dairy", "shop", 4), shipment("S2", "dairy", "farm", 4)]
    tours = [tour(room=Room(Space(4)), card=RateCard(0, 10, 300, 0), shift=hours("06:00", "07:45"))]
    payers = payers_of(two, Baseline(ground(), {name: name for name in PARTIES}))
    asked, problem = day(*two, tours=tours), tour_problem(ground(), tours, payers)
    plans = plan_tours(problem, deadline_s=0.05)
    assert confirm(asked, problem, plans, payers, deadline_s=0.05)[1]
    _forge(payers, {one.id: payers.whole_cents["dairy"] + 7 for one in two}, two)
    plan, books = confirm(asked, problem, plans, payers, deadline_s=0.05)
    assert books == () and set(plan.unserved) == {"S1", "S2"}
    refusal = not_payable(asked, problem, plan, payers, two[0])
    assert (refusal.code, int(refusal.facts["loss"])) == ("riding_dearer_than_alone", 7)


def test_a_finished_day_in_which_somebody_pays_more_than_alone_is_reported():
    alone, dearer = {"dairy": Alone(1_000, ())}, {"dairy": Alone(1_001, ())}
    assert overpaid(alone, alone, (), ()) == ()
    (violation,) = overpaid(alone, dearer, (), ())
    assert (violation.code, violation.subject) == ("pays_more_than_alone", "dairy")
    assert violation.detail == "1001 cents in all, 1000 alone"


def _forge(payers: Payers, cents: Mapping[str, int], shipments: list[Shipment]) -> None:
    """Make single shipments dearer in memory than the day that they are part of."""
    for one in shipments:
        found = payers.baseline.alone(one.payer, [one])
        forged = Alone(cents[one.id], found.routes)
        payers.baseline.memories[one.payer].keep(OwnDay(one.payer, (one,)), forged)
