"""
The checker by mutation: in a legal plan one rule is broken, and the checker must name that rule.

Each code of the checker has a mutation in ``mutations`` or ``mutated_orders``. Each is tried on a named
day of every feature, where all must apply, and on random days, wherever it applies. Where a rule is made
stricter, or a claim is forged, no other rule may be named.
"""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given

from routing.check import check
from routing.plan import Plan
from routing.problem import AnnouncedStop, Problem, Request, Vehicle, Visit
from routing.schedule import schedule_route
from routing.task import Task
from tests.routing import test_check as edge
from tests.routing.many_worlds import Day, days
from tests.routing.mutated_orders import CODES
from tests.routing.mutations import ALONE, WITH_OTHERS, Broken
from tests.thorough import examples


def _rich() -> Broken:
    """
    Add a tram to the plan at the edge of every rule: it brings what its locked beginning picked up.

    Hay and milk are one bundle; the hay never meets the flowers that stay behind.
    """
    tram = Vehicle(
        id="tram",
        start=0,
        end=0,
        capacity=(5,),
        initial_load=(1,),
        announced=(AnnouncedStop("depot", Visit(1), (-1,)), AnnouncedStop("yard", Visit(4), (0,))),
        head=(Task("announced", "depot"), Task("pickup", "hay")),
        longest_s=5_000,
        cents_per_hour=1_000,
    )
    hay = Request("hay", Visit(2), Visit(3), (2,), goods=frozenset({"hay"}), bundle="farm")
    milk = Request("milk", Visit(2), Visit(4), (1,), goods=frozenset({"milk"}), bundle="farm")
    honey = replace(edge.HONEY, goods=frozenset({"flowers"}))
    problem = replace(
        edge.PROBLEM,
        vehicles=(*edge.PROBLEM.vehicles, tram),
        requests=(edge.CHEESE, edge.EGGS, honey, hay, milk),
        apart=frozenset({frozenset({"hay", "flowers"})}),
    )
    order = (*tram.head, Task("pickup", "milk"), Task("drop", "hay"), Task("announced", "yard"))
    route = schedule_route(problem, tram, (*order, Task("drop", "milk")))
    assert route is not None
    return problem, replace(edge.PLAN, routes=(edge.ROUTE, route))


RICH = _rich()


def _codes(problem: Problem, plan: Plan) -> set[str]:
    return {violation.code for violation in check(problem, plan)}


def test_the_day_of_every_feature_is_legal() -> None:
    assert check(*RICH) == ()


def test_every_code_of_the_checker_has_its_mutation() -> None:
    routing = Path(__file__).parents[2] / "routing"
    sources = [(routing / name).read_text(encoding="utf-8") for name in ("check.py", "check_route.py")]
    named = {code for source in sources for code in re.findall(r'Violation\(\s*"(\w+)"', source)}
    assert sum(source.count("Violation(") for source in sources) >= len(named)
    assert named == set(CODES)
    assert not set(ALONE) & set(WITH_OTHERS)


@pytest.mark.parametrize("code", CODES)
def test_a_broken_rule_is_named(code: str) -> None:
    """Wherever it can be broken in the day of every feature, and it can be somewhere."""
    assert _judged(code, *RICH) > 0


@examples(75)
@given(day=days())
def test_a_broken_rule_is_named_on_any_day(day: Day) -> None:
    for code in CODES:
        _judged(code, day.problem, day.plan)


def _judged(code: str, problem: Problem, plan: Plan) -> int:
    """Break one rule in every way and place there is; return how many there were."""
    before, count = _codes(problem, plan), 0
    mutation = ALONE.get(code) or WITH_OTHERS[code]
    for count, broken in enumerate(mutation(problem, plan), start=1):  # noqa: B007
        named = _codes(*broken)
        assert code in named
        if code in ALONE:
            assert named <= before | {code}
    return count
