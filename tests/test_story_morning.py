"""
The whole morning, as a user plays it, twenty times over.

No expected figures: the checker judges the plans, and arithmetic the money. What is promised must
hold whatever morning a seed invents.
"""

import json
from functools import cache
from pathlib import Path

import pytest

from api.commands.figures import figures
from api.commands.morning import invent_morning
from api.papers import words
from geodata.region import Region, open_region
from pooling.bid import Bid
from pooling.costs.baseline import Baseline
from pooling.days.dayplan import DayPlan, plan_day
from pooling.days.worth import worth
from pooling.files.tables import RawLine, Tables
from pooling.ground import Survey, off_road, survey
from pooling.intake import day_and_region, read_day
from pooling.ledger.settlement import balances, of_party, of_tour, transfers
from pooling.market.award import carry_own, take_bid
from pooling.market.saving import saved_cents
from pooling.pricing import full_cost, shareable_cost
from pooling.regimes import COST_SHARING
from pooling.runs.freezing import freeze_day
from routing.check import check
from routing.plan import Plan, Route
from routing.problem import Problem

QUICK_SEED = 3
SEEDS = [
    pytest.param(
        seed,
        marks=[
            pytest.mark.xdist_group(f"morning-{seed}"),
            *([pytest.mark.slow] if seed != QUICK_SEED else []),
        ],
    )
    for seed in (QUICK_SEED, *(one for one in range(1, 21) if one != QUICK_SEED))
]
"""
Twenty mornings; the tests of one run in one process, which plans it once. ``make test`` plays one in which
a tour is paid and guests ride, ``make test-all`` all of them.
"""
THREE_REFUSALS = {"payer_not_a_farm", "no_room", "drop_hours_missed"}


@cache
def region() -> Region:
    return open_region()


@cache
def morning(seed: int) -> tuple[DayPlan, Survey]:
    rows = invent_morning(region(), seed)
    tables = Tables(
        {table: tuple(RawLine(at, row) for at, row in enumerate(lines, 1)) for table, lines in rows.items()}
    )
    clock, name = day_and_region(tables, None, None)
    intake = read_day(tables, clock, name, off_road(region().roads))
    assert intake.bad_lines == ()
    surveyed = survey(list(intake.day.sites.values()), region().roads)
    return plan_day(intake.day, surveyed.ground, deadline_s=0.5), surveyed


def driven(plan: DayPlan) -> list[tuple[Problem, Plan]]:
    return [*((book.problem, book.plan) for book in plan.trips), (plan.tour_problem, plan.tour_plan)]


def routes(plan: DayPlan) -> list[tuple[Problem, Route]]:
    return [(problem, route) for problem, one in driven(plan) for route in one.routes]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_checker_finds_nothing_in_any_plan(seed):
    """Promises 1 and 5, and every other rule of a plan."""
    plan, _ = morning(seed)
    assert plan.violations == ()
    assert [check(problem, one) for problem, one in driven(plan)] == [()] * len(driven(plan))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_load_on_every_leg_is_within_every_capacity(seed):
    """Promise 1, added up here by hand: what is aboard is what went on less what went off."""
    for problem, route in routes(morning(seed)[0]):
        vehicle = problem.vehicle(route.vehicle)
        aboard = list(vehicle.load_at_start(len(problem.dimensions)))
        changes = {stop.id: stop.change for stop in vehicle.announced}
        for visit in route.visits:
            if visit.task.kind == "announced":
                change = changes[visit.task.id]
            else:
                sign = 1 if visit.task.kind == "pickup" else -1
                change = tuple(sign * amount for amount in problem.request(visit.task.id).load)
            aboard = [a + b for a, b in zip(aboard, change, strict=True)]
            assert all(0 <= a <= room for a, room in zip(aboard, vehicle.capacity, strict=True))


@pytest.mark.parametrize("seed", SEEDS)
def test_no_pickup_before_it_is_ready_and_no_drop_after_its_deadline(seed):
    """Promise 5, against the shipments as they were announced, not against what was promised later."""
    plan, _ = morning(seed)
    for _, route in routes(plan):
        for visit in route.visits:
            if visit.task.kind == "announced":
                continue
            shipment = plan.day.shipment_by_id[visit.task.id]
            hours = shipment.pickup if visit.task.kind == "pickup" else shipment.drop
            assert hours.opens_s <= visit.begins_s <= hours.closes_s


@pytest.mark.parametrize("seed", SEEDS)
def test_a_guest_is_handed_over_within_the_hour_that_was_promised(seed):
    for book in morning(seed)[0].trips:
        begins = {visit.task: visit.begins_s for visit in book.route.visits}
        for guest in book.guests:
            for task, begin_s in begins.items():
                if task.id == guest.shipment.id:
                    visit = guest.request.pickup if task.kind == "pickup" else guest.request.drop
                    assert visit.windows[0].opens_s <= begin_s <= visit.windows[0].closes_s


@pytest.mark.parametrize("seed", SEEDS)
def test_amounts_are_whole_cents_and_add_up(seed):
    """Promise 3."""
    plan, _ = morning(seed)
    for book in plan.tours:
        parts = [*book.split.shares_cents.values(), book.split.gap_cents]
        assert all(isinstance(cents, int) for cents in parts)
        assert sum(parts) == book.split.cost_cents == book.card.total_cents + book.tour.fee_cents
        assert 0 <= book.split.gap_cents <= book.tour.gap_cents
    owed = transfers(plan.trips, plan.tours)
    assert sum(balances(owed).values()) == 0
    assert all(balances(owed)[of_tour(book.tour.id)] == 0 for book in plan.tours)
    found = worth(plan)
    gaps = sum(book.split.gap_cents for book in plan.tours)
    assert sum(one.share_cents for one in found.participants) + gaps == found.pooled.cents
    assert sum(one.alone_cents for one in found.participants) == found.alone.cents


@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_pays_more_than_alone_or_than_what_was_shown(seed):
    """Promise 4."""
    plan, _ = morning(seed)
    for one in worth(plan).participants:
        assert one.share_cents <= one.alone_cents, one.name
    for book in plan.tours:
        for party, share_cents in book.split.shares_cents.items():
            crates = sum(s.load.crates for s in book.shipments if s.payer == party)
            assert share_cents <= book.caps_cents[party] <= book.tour.crate_cents * crates
    carrier_gets = balances(transfers(plan.trips, plan.tours))
    for carrier in {book.tour.carrier for book in plan.tours}:
        cards = sum(book.card.total_cents for book in plan.tours if book.tour.carrier == carrier)
        assert carrier_gets[of_party(carrier)] == cards


@pytest.mark.parametrize("seed", SEEDS)
def test_an_owner_with_guests_is_never_worse_off(seed):
    """Promise 4, on trips: what guests pay covers what they cost, and the law's cap holds."""
    for book in morning(seed)[0].trips:
        driven_cents = full_cost(book.route).total_cents
        assert driven_cents - book.received_cents <= full_cost(book.announced).total_cents
        if book.trip.regime in COST_SHARING:
            assert book.received_cents <= shareable_cost(book.route).total_cents


@pytest.mark.parametrize("seed", SEEDS)
def test_a_bid_is_never_raised(seed):
    """Promise 6."""
    plan, _ = morning(seed)
    most = {bid.shipment: bid.most_cents for bid in plan.day.bids}
    for book in plan.trips:
        for guest in book.guests:
            assert 0 <= guest.price_cents <= most[guest.shipment.id] == guest.most_cents


@pytest.mark.parametrize("seed", SEEDS)
def test_every_shipment_rides_or_has_a_reason_and_alternatives_or_none(seed):
    """Promise 9: nothing is dropped in silence. ``tests/routing/test_explain.py`` proves reasons true."""
    plan, _ = morning(seed)
    riding = {guest.shipment.id for book in plan.trips for guest in book.guests}
    riding |= {shipment.id for book in plan.tours for shipment in book.shipments}
    riding |= {shipment.id for book in plan.trips for shipment in book.own}
    turned = {one.subject: one for one in plan.turned if one.about == "shipment"}
    assert riding | set(turned) == {shipment.id for shipment in plan.day.shipments}
    assert not riding & set(turned)
    known = {*plan.day.trip_by_id, *plan.day.tour_by_id}
    for one in plan.turned:
        assert one.refusal.code and one.refusal.sentence and one.refusal.what_to_do
        assert {other.ride for other in one.alternatives} <= known
    refused_bids = {one.subject for one in plan.turned if one.about == "bid"}
    accepted = {guest.shipment.id for book in plan.trips for guest in book.guests}
    assert refused_bids | accepted == {bid.shipment for bid in plan.day.bids}


@pytest.mark.parametrize("seed", SEEDS[:6])
def test_every_alternative_is_accepted_when_it_is_bid_for_at_its_price(seed):
    """Promise 9: by the code that takes bids, on the trips as they are committed."""
    plan, _ = morning(seed)
    possible = [one for one in plan.day.shipments if one.id not in plan.impossible]
    baseline = Baseline(plan.ground, {one.payer: plan.day.home(one.payer).id for one in possible})
    books = {book.trip.id: book for book in plan.trips}
    on_own_trips = {shipment.id for book in plan.trips for shipment in book.own}
    bidders = [one for one in possible if one.id not in on_own_trips]
    for turned in plan.turned:
        for other in turned.alternatives:
            shipment, book = plan.day.shipment_by_id[turned.subject], books[other.ride]
            saved = saved_cents(baseline, plan.trips, bidders, shipment)
            if book.trip.owner == shipment.payer:
                assert other.price_cents == 0 and carry_own(plan.ground, book, shipment, saved) is not book
                continue
            bid = Bid(shipment.id, other.ride, other.price_cents)
            after, refusal = take_bid(plan.day, plan.ground, book, bid, saved)
            assert refusal is None, (turned.subject, other, refusal)
            assert after.guests[-1].price_cents == other.price_cents


@pytest.mark.parametrize("seed", SEEDS)
def test_one_bid_is_refused_for_its_law_one_for_room_and_one_for_hours(seed):
    plan, _ = morning(seed)
    codes = {one.subject: one.refusal.code for one in plan.turned if one.about == "bid"}
    assert set(codes.values()) >= THREE_REFUSALS
    room = next(one for one in plan.turned if one.about == "bid" and one.refusal.code == "no_room")
    stops = [plan.day.sites[stop.site].name for stop in plan.day.trip_by_id["T1"].stops]
    assert room.refusal.facts["leg_from"] == stops[1], "the leg that is short is the middle one"


@pytest.mark.parametrize("seed", SEEDS)
def test_pooled_costs_no_more_than_everyone_alone(seed):
    found = worth(morning(seed)[0])
    assert found.pooled.cents <= found.alone.cents
    assert found.pooled.vehicles <= found.alone.vehicles


@pytest.mark.parametrize("seed", SEEDS[:3])
def test_a_manifest_holds_every_handling_of_its_route_and_empties_the_van(seed):
    plan, surveyed = morning(seed)
    manifests = freeze_day(plan, surveyed.way, region().meta.attribution)
    driven_tasks = {
        (task.id, task.kind) for _, route in routes(plan) for task in route.tasks if task.kind != "announced"
    }
    written = {
        (handling.shipment, "pickup" if handling.way == "on" else "drop")
        for manifest in manifests
        for stop in manifest.stops
        for handling in stop.handlings
    }
    assert written == driven_tasks
    for manifest in manifests:
        last = manifest.stops[-1].on_board
        assert (last.ambient_crates, last.chilled_crates, last.frozen_crates, last.kg) == (0, 0, 0, 0)
        assert [stop.number for stop in manifest.stops] == list(range(1, len(manifest.stops) + 1))


def test_the_same_seed_invents_the_same_morning_and_another_seed_another():
    assert invent_morning(region(), 7) == invent_morning(region(), 7)
    assert invent_morning(region(), 7) != invent_morning(region(), 8)


@pytest.mark.xdist_group("morning-3")
def test_the_object_of_figures_has_its_names():
    """The names of the issue: they are kept when the object grows."""
    from api.commands.play import Played

    plan, surveyed = morning(QUICK_SEED)
    played = Played(
        plan.day,
        plan,
        worth(plan),
        transfers(plan.trips, plan.tours),
        freeze_day(plan, surveyed.way, "©"),
        (Path("out/a.pdf"),),
        (),
        (),
    )
    found = json.loads(json.dumps(figures(played, words("en"), QUICK_SEED)))
    for side in ("alone", "pooled"):
        assert set(found[side]) >= {"vehicles", "km", "hours", "euro_cents", "co2_g"}
    assert found["seed"] == QUICK_SEED and found["violations"] == [] and found["manifests"] == ["out/a.pdf"]
    assert all(
        {"name", "alone_cents", "share_cents", "goods_value_cents"} <= set(p) for p in found["participants"]
    )
    assert all(sum(t["shares_cents"]) + t["gap_cents"] == t["cost_cents"] for t in found["tours"])
    assert all({"code", "reason"} <= set(refusal) for refusal in found["refusals"])


@pytest.mark.xdist_group("morning-3")
def test_mornings_really_pool():
    """A demo in which nothing is ever pooled would keep every promise and be of no use."""
    seeds = (QUICK_SEED, 1, 2)  # one is planned, and others only where it pools nothing
    assert any(morning(seed)[0].tours for seed in seeds)
    assert any(book.guests for seed in seeds for book in morning(seed)[0].trips)
