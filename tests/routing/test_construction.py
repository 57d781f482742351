"""A first plan from nothing: legal, never worse than serving nobody, and it starts a van that pays."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.check import check
from routing.construction import SINGLE_VEHICLES_TRIED, first_plan
from routing.cost import plan_cents
from routing.insertion import best_insertion, empty_plan, insert_all
from routing.plan import Plan
from routing.problem import Problem, Window
from tests.routing.worlds import along_the_road, parcel, problems, stop, van
from tests.thorough import examples


def _first(problem: Problem) -> Plan:
    plan = first_plan(problem)
    assert plan is not None
    assert check(problem, plan) == ()
    return plan


@examples(80)
@given(problem=problems(vans=2, parcels=4, horizon_s=40))
def test_a_first_plan_is_legal_and_never_worse_than_serving_nobody(problem: Problem) -> None:
    """Where everybody may be left behind; a trip that cannot keep its own hours has no plan."""
    optional = tuple(replace(one, prize_cents=one.prize_cents or 0) for one in problem.requests)
    problem = replace(problem, requests=optional)
    nobody = empty_plan(problem)
    if nobody is None:
        assert first_plan(problem) is None
        return
    assert plan_cents(problem, _first(problem)) <= plan_cents(problem, nobody)


@examples(80)
@given(problem=problems(vans=2, parcels=4, horizon_s=40), data=st.data())
def test_who_must_be_carried_rides_if_it_fits_alone(problem: Problem, data: st.DataObject) -> None:
    """Whatever the others would pay; where it does not, others may still make room, by a stop they share."""
    must = data.draw(st.sampled_from(problem.requests)).id
    prize_cents = data.draw(st.integers(0, 100))
    requests = tuple(
        replace(one, prize_cents=None if one.id == must else prize_cents) for one in problem.requests
    )
    problem = replace(problem, requests=requests)
    nobody = empty_plan(problem)
    if nobody is None:
        return
    plan = first_plan(problem)
    assert plan is not None
    rides = must in plan.served
    assert rides or best_insertion(problem, nobody, problem.request(must)) is None
    assert {violation.code for violation in check(problem, plan)} == (set() if rides else {"must_serve"})


@examples(80)
@given(problem=problems(vans=2, parcels=4, horizon_s=40))
def test_no_more_are_left_against_the_rules_than_by_plain_insertion(problem: Problem) -> None:
    """And of two plans that leave as many, the first plan is no dearer."""
    nobody = empty_plan(problem)
    if nobody is None:
        return
    plan = first_plan(problem)
    assert plan is not None
    assert {violation.code for violation in check(problem, plan)} <= {"must_serve"}
    assert _worth(problem, plan) <= _worth(problem, insert_all(problem, nobody))


def _worth(problem: Problem, plan: Plan) -> tuple[int, int]:
    left = [one for one in plan.unserved if problem.request(one).prize_cents is None]
    return len(left), plan_cents(problem, plan)


@pytest.mark.parametrize("vans", [1, 2, SINGLE_VEHICLES_TRIED + 1])
def test_a_van_starts_if_all_together_pay_for_it(vans: int) -> None:
    """
    Standing costs 1,000 cents and the way 660; each of ten shipments is worth 200.

    No single one would start the van, ten together gain 340.
    """
    guests = [parcel(f"guest {at}", prize_cents=200) for at in range(10)]
    fleet = [van(id=f"van {at}", fixed_cents=1_000) for at in range(vans)]
    problem = along_the_road(*guests, vehicles=fleet)
    plan = _first(problem)
    assert (len(plan.served), len(plan.routes), plan_cents(problem, plan)) == (10, 1, 1_660)


def test_a_van_that_would_lose_stays_at_home() -> None:
    """Eight of them are worth 1,600 cents, less than 1,660."""
    guests = [parcel(f"guest {at}", prize_cents=200) for at in range(8)]
    problem = along_the_road(*guests, vehicles=[van(fixed_cents=1_000)])
    assert _first(problem) == Plan((), tuple(guest.id for guest in guests))


def test_who_must_be_carried_is_not_left_because_that_looks_cheaper() -> None:
    """
    The van has hours for one: the far shipment that must ride, or the near one that is dear to leave.

    What must ride has no prize, so leaving it adds no cost; that must not make it a bargain.
    """
    near, far = parcel("near", 1, 2, prize_cents=100_000), parcel("far", 1, 5)
    hurried = van(capacity=(1,), fixed_cents=100, shift=Window(0, 6_000))
    assert _first(along_the_road(near, far, vehicles=[hurried])).served == {"far"}


def test_a_trip_that_cannot_keep_its_own_hours_has_no_first_plan() -> None:
    late = van(shift=Window(1, 100_000), announced=(stop("market", 1, windows=(Window(600, 600),)),))
    assert first_plan(along_the_road(vehicles=[late])) is None
    early = replace(late, shift=Window(0, 100_000))
    assert first_plan(along_the_road(vehicles=[early])) is not None
