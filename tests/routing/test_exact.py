"""Days of a handful of requests are searched to the end: trying everything finds nothing cheaper."""

from dataclasses import replace
from time import monotonic

from hypothesis import given

from routing.check import check
from routing.cost import plan_cents
from routing.exact import EXACT_REQUESTS, cheaper_exactly
from routing.insertion import empty_plan
from routing.opening import AnnouncedHoursImpossible
from routing.plan import Plan
from routing.problem import Problem, Visit
from routing.search import search_answers
from routing.solve import NoLegalPlan, solve
from routing.task import Task
from tests.routing.brute_force import best_plan
from tests.routing.many_worlds import many_worlds
from tests.routing.worlds import along_the_road, parcel, van
from tests.thorough import examples

ENOUGH_S = 20.0


def _never() -> bool:
    return False


def _exact(problem: Problem) -> Plan | None:
    """Return the cheapest legal plan, found from the announced stops alone."""
    bare = empty_plan(problem)
    assert bare is not None
    found, proved = cheaper_exactly(problem, bare, _never, steps=10**9)
    assert proved
    return found or (None if check(problem, bare) else bare)


@examples(50)
@given(problem=many_worlds(vans=3, parcels=4).filter(lambda problem: empty_plan(problem) is not None))
def test_trying_everything_finds_nothing_cheaper(problem: Problem) -> None:
    best, plan = best_plan(problem), _exact(problem)
    assert (plan is None) == (best is None)
    if best is not None:
        assert check(problem, plan) == ()
        assert plan_cents(problem, plan) == plan_cents(problem, best)
        assert cheaper_exactly(problem, best, _never, steps=10**9) == (None, True)


@examples(25)
@given(problem=many_worlds(vans=3, parcels=4))
def test_the_whole_solver_finds_the_cheapest_plan_of_a_small_day(problem: Problem) -> None:
    best = best_plan(problem)
    try:
        plan = solve(problem, ENOUGH_S).plan
    except AnnouncedHoursImpossible:
        assert empty_plan(problem) is None
    except NoLegalPlan:
        assert best is None
    else:
        assert check(problem, plan) == ()
        assert plan_cents(problem, plan) == plan_cents(problem, best)


def test_two_who_share_setting_up_are_carried_where_neither_alone_would_be() -> None:
    """A search that puts in one after another finds no place for the first of them."""
    one = parcel("one", Visit(1, setup_s=600), 2, prize_cents=10_000)
    other = parcel("other", 1, 2, prize_cents=0)
    problem = along_the_road(one, other, vehicles=[van(longest_s=2_400)])
    assert list(search_answers(problem, None, 0, iterations=2_000)) == [{}]
    assert _exact(problem).served == {"one", "other"}
    assert solve(problem, ENOUGH_S).plan.served == {"one", "other"}


def test_a_larger_day_and_a_hurried_one_are_left_to_the_search() -> None:
    requests = [parcel(str(at), 1, 2 + at % 3, prize_cents=900) for at in range(EXACT_REQUESTS + 1)]
    larger = along_the_road(*requests)
    small = replace(larger, requests=larger.requests[:-1])
    bare = Plan((), tuple(one.id for one in small.requests))
    assert cheaper_exactly(larger, Plan((), tuple(one.id for one in requests)), _never) == (None, False)
    assert cheaper_exactly(small, bare, lambda: True) == (None, False)
    plan, proved = cheaper_exactly(small, bare, _never)
    assert proved and plan is not None


def test_a_day_with_too_many_orders_is_given_up_soon() -> None:
    vans = [van(id=f"van {at}", cents_per_km=at, capacity=(10,)) for at in range(400)]
    requests = [parcel(str(at), at, at + 1, prize_cents=10**6) for at in range(EXACT_REQUESTS)]
    problem = along_the_road(*requests, vehicles=vans)
    began_s = monotonic()
    assert cheaper_exactly(problem, Plan((), tuple(one.id for one in requests)), _never) == (None, False)
    assert monotonic() - began_s < 5


def test_a_task_of_no_known_kind_is_named_by_the_checker() -> None:
    problem = along_the_road(parcel("a", 1, 3))
    (route,) = solve(problem, ENOUGH_S).plan.routes
    strange = replace(route.visits[-1], task=Task("ferry", "a"))
    plan = Plan((replace(route, visits=(*route.visits[:-1], strange)),), ())
    assert "unknown_task" in {one.code for one in check(problem, plan)}
