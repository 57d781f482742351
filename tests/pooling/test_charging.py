"""
What tours charge: by the rule that was named, within the caps, the same cents every time; shares only fall.
"""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pooling.costs.baseline import Baseline
from pooling.desk.tours.shares import provisional, shares
from pooling.fair import programme
from pooling.fair.charging import charge
from pooling.fair.of_tour import proven
from pooling.fair.sharing import Claimant, fee_parts, split
from pooling.sharing_rule import RULES, known_rule
from pooling.tours.confirming import confirm, tour_problem
from pooling.tours.payers import Payers
from routing.cost import route_cost
from routing.insertion import best_in_route, empty_plan, insert
from routing.plan import Plan
from tests.pooling.fair.worlds import planned, shipments
from tests.pooling.test_confirming import payers_of
from tests.pooling.worlds import MINUTES, day, ground, hours, shipment, tour
from tests.thorough import examples

PAGE = Path(__file__).parents[2] / "docs" / "sharing.md"
FARMS, SHOPS = ("farm", "dairy", "mill", "orchard"), ("town", "shop", "cafe")
JOININGS = st.lists(
    st.tuples(st.sampled_from(FARMS), st.sampled_from(SHOPS), st.integers(1, 5)), min_size=2, max_size=6
)


def four(rule, cap_cents=8_000):
    """Charge the tour of the four farms on one road, each worth 90.00 € alone."""
    problem, _ = planned(4)
    (route,) = insert_all(problem).routes
    claimants = {one.payer: Claimant(9_000, cap_cents) for one in shipments(4)}
    return charge(rule, problem, route, shipments(4), claimants).split, claimants, problem, route


def insert_all(problem) -> Plan:
    plan = empty_plan(problem)
    for one in problem.requests:
        slot = best_in_route(problem, problem.vehicles[0], next(iter(plan.routes), None), one)
        plan = insert(plan, slot)
    return plan


@pytest.mark.parametrize("rule", RULES)
def test_the_rule_that_was_named_is_charged_to_the_cent_and_the_same_every_time(rule):
    found, claimants, problem, route = four(rule)
    assert (
        sum(found.shares_cents.values())
        == found.cost_cents
        == route_cost(problem.vehicle("van"), route).total_cents
    )
    assert all(found.shares_cents[one] <= claim.cap_cents for one, claim in claimants.items())
    assert found == four(rule)[0]


def test_the_worked_example_is_what_the_page_says():
    told = PAGE.read_text(encoding="utf-8")
    for rule in RULES:
        found, *_ = four(rule)
        figures = " | ".join(euro(found.shares_cents[farm]) for farm in FARMS)
        assert any(f"`{rule}`" in line and f"| {figures} |" in line for line in told.splitlines()), rule
    found, claimants, problem, route = four("shapley")
    lines = proven(problem, route, shipments(4), claimants, found.shares_cents).lines
    farm = next(line for line in lines if line.party == "farm")
    said = [found.cost_cents, farm.alone_cents, farm.share_cents, farm.saved_cents, farm.adds_cents]
    said += [round(farm.group.paid), round(farm.group.own), round(-farm.group.excess)]
    assert [one for one in map(euro, said) if one not in told] == []
    assert set(farm.group.parties) == {"farm", "dairy", "orchard"}
    assert f"{farm.detour_m / 1000} km" in told and f"{farm.ridden_m / 1000} km" in told


def euro(cents: int) -> str:
    return f"{cents / 100:.2f} €"


def test_where_the_caps_leave_nothing_to_choose_everybody_pays_its_cap_and_the_rest_is_the_gap():
    found, *_ = four("shapley", cap_cents=1_000)
    assert set(found.shares_cents.values()) == {1_000} and found.gap_cents == found.cost_cents - 4_000


def test_in_proportion_to_alone_where_the_game_cannot_be_asked(monkeypatch):
    _, claimants, problem, route = four("shapley")
    three = {one: claimants[one] for one in FARMS[:3]}
    found = charge("crates", problem, route, shipments(3), three)
    unknown = found.split
    assert found.how == "alone_unknown" and unknown == split(
        unknown.cost_cents, {one: claimants[one] for one in FARMS[:3]}
    )

    def fails(*_args, **_more):
        raise ArithmeticError

    monkeypatch.setattr(programme.Programme, "solved", fails)
    found, *_ = four("nucleolus")
    assert found == split(found.cost_cents, claimants)


def test_a_rule_that_nobody_knows_is_refused():
    assert known_rule("km") == "km"
    with pytest.raises(ValueError, match="No rule"):
        known_rule("flip a coin")


def test_the_fee_is_a_line_of_its_own_in_proportion_to_what_each_pays():
    assert fee_parts(200, {"a": 3_000, "b": 1_000}, 0) == {"a": 150, "b": 50}
    assert fee_parts(200, {"a": 3_000, "b": 1_000}, 4_000) == {"a": 75, "b": 25}
    assert fee_parts(200, {"a": 0}, 0) == {"a": 0}


@given(st.integers(0, 500), st.lists(st.integers(0, 5_000), min_size=1, max_size=8), st.integers(0, 900))
def test_the_parts_of_the_fee_add_up_and_none_is_more_than_the_share(fee_cents, shares, gap_cents):
    shares_cents = {str(at): cents for at, cents in enumerate(shares)}
    fee_cents = min(fee_cents, sum(shares) + gap_cents)
    parts = fee_parts(fee_cents, shares_cents, gap_cents)
    assert all(0 <= parts[one] <= cents for one, cents in shares_cents.items())
    assert 0 <= fee_cents - sum(parts.values()) <= gap_cents


def joining(rule, joinings):
    """
    Let shipments join a tour one after another, each told its share; yields what all are told each time.

    As the desk does it: the last share told is the ceiling of the next, divided among a payer's shipments.
    """
    land, van = ground(), tour(sharing_rule=rule, shift=hours("00:00", "23:59"), crate_cents=1_400)
    baseline = Baseline(land, {name: name for name in MINUTES})
    aboard, told, plan = [], {}, Plan((), ())
    for at, (farm, shop, crates) in enumerate(joinings):
        now = [*aboard, shipment(f"S{at}", farm, shop, crates)]
        wanting = {one.payer: tuple(other for other in now if other.payer == one.payer) for one in now}
        whole = {party: baseline.cents(party, group) for party, group in wanting.items()}
        payers = Payers(baseline, wanting, whole, told)
        problem = tour_problem(land, [van], payers)
        slot = best_in_route(
            problem,
            problem.vehicles[0],
            plan.route(van.id),
            replace(problem.request(f"S{at}"), prize_cents=None),
        )
        if slot is None:
            continue
        aboard, plan = now, insert(plan, slot)
        found = provisional(van, payers, problem, plan, slot.route).split
        yield found, payers.caps(van, plan, slot.route), payers, farm
        told = {
            one: part.share_cents
            for one, part in shares(van, payers, plan, slot.route, found.shares_cents).items()
        }


@pytest.mark.parametrize("rule", RULES)
@given(joinings=JOININGS)
@examples(8)
def test_who_joined_at_a_price_never_pays_more_whoever_joins_later(rule, joinings):
    before = {}
    for found, caps, payers, newcomer in joining(rule, joinings):
        assert sum(found.shares_cents.values()) + found.gap_cents == found.cost_cents
        now = dict(found.shares_cents)
        for party, cents in now.items():
            assert cents <= caps[party].cap_cents <= caps[party].alone_cents
            assert cents <= payers.baseline.cents(party, payers.wanting[party])
        assert all(party == newcomer or now[party] <= cents for party, cents in before.items())
        before = now


@pytest.mark.parametrize("rule", RULES)
def test_a_tour_is_confirmed_by_its_own_rule(rule):
    both = (
        shipment("S1", "dairy", "shop", 4),
        shipment("S2", "orchard", "cafe", 4),
        shipment("S3", "mill", "town"),
    )
    van = tour(sharing_rule=rule)
    payers = payers_of(*both)
    problem = tour_problem(ground(), [van], payers)
    _, (book,) = confirm(day(*both, tours=[van]), problem, [insert_all(problem)], payers, deadline_s=0.0)
    caps = payers.caps(van, Plan((book.route,), ()), book.route)
    assert book.split == charge(rule, problem, book.route, book.shipments, caps).split
    assert sum(book.split.shares_cents.values()) == book.card.total_cents + van.fee_cents
