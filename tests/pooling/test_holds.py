"""What is held by hand: what left lets go, what the search may touch, and what is judged."""

from dataclasses import replace

from pooling.tours.confirming import confirm, tour_problem
from pooling.tours.holds import Holds, bound, holds_json, kept_by, read_holds
from pooling.tours.searching_tours import plan_tours
from routing.check import check
from routing.insertion import insert_all
from routing.plan import Plan
from routing.problem import Window
from routing.schedule import schedule_route
from routing.task import Task
from tests.pooling.test_confirming import BOTH, DEADLINE_S, payers_of
from tests.pooling.worlds import day, ground, tour

ON1, OFF1 = Task("pickup", "S1"), Task("drop", "S1")
ON2, OFF2 = Task("pickup", "S2"), Task("drop", "S2")


def test_a_locked_stop_keeps_what_comes_before_it_in_whatever_order():
    holds = Holds(places={OFF1: frozenset({ON1, ON2})})
    assert holds.keeps((ON1, ON2, OFF1, OFF2)) and holds.keeps((ON2, ON1, OFF1, OFF2))
    assert holds.broken((ON1, OFF1, ON2, OFF2)) == (OFF1,)
    assert holds.floor((ON1, ON2, OFF1, OFF2)) == 3
    assert not holds.may((ON1, ON2, OFF1, OFF2))(2, 4) and holds.may((ON1, ON2, OFF1, OFF2))(3, 4)


def test_a_locked_beginning_is_kept_in_its_order():
    holds = Holds(first=(ON2, ON1))
    assert holds.keeps((ON2, ON1, OFF1, OFF2)) and holds.broken((ON1, ON2, OFF1, OFF2)) == (ON2, ON1)


def test_who_leaves_holds_nothing_any_more():
    places = {OFF1: frozenset({ON1, ON2})}
    holds = Holds(frozenset({"S1", "S2"}), (ON2, ON1), places, {OFF2: Window(10, 20)})
    assert holds.among({"S1"}) == Holds(frozenset({"S1"}), (ON1,), {OFF1: frozenset({ON1})}, {})
    assert read_holds(holds_json(holds)) == holds


def held_plan(holds):
    """Plan a tour with both aboard, the second shipment first, under what is held of it."""
    asked, payers = day(*BOTH, tours=[tour()]), payers_of(*BOTH)
    problem = tour_problem(ground(), [tour()], payers)
    vehicle = problem.vehicles[0]
    route = schedule_route(problem, vehicle, (ON2, ON1, OFF2, OFF1))
    held = {vehicle.id: holds}
    head = {vehicle.id: route.tasks[: holds.floor(route.tasks)]}
    plans = plan_tours(bound(problem, held, head), deadline_s=DEADLINE_S, start=Plan((route,), ()))
    plan, books = confirm(
        asked, problem, [Plan((route,), ()), *plans], payers, deadline_s=DEADLINE_S, held=held
    )
    assert check(problem, plan) == () and kept_by(plan, held)
    return plan, books, problem


def test_the_search_and_the_confirming_keep_a_stop_that_is_locked_in_the_middle():
    plan, (book,), _ = held_plan(Holds(places={OFF2: frozenset({ON1, ON2})}))
    assert book.route.tasks.index(OFF2) == 2 and plan.unserved == ()


def test_the_search_keeps_a_locked_beginning_and_an_hour():
    _, (book,), problem = held_plan(Holds(first=(ON2,)))
    assert book.route.tasks[0] == ON2
    drop = next(one for one in book.route.visits if one.task == OFF1)
    late = Window(drop.begins_s + 600, drop.begins_s + 1200)
    timed = Holds(hours={OFF1: late}).timed(problem)
    assert timed.request("S1").drop.windows == (late,)
    never = Holds(hours={OFF1: Window(900_000, 900_001)}).timed(problem)
    assert never.request("S1").drop == problem.request("S1").drop


def test_what_is_pinned_must_ride_on_its_own_tour_only():
    problem = tour_problem(ground(), [tour()], payers_of(*BOTH))
    held = {problem.vehicles[0].id: Holds(frozenset({"S1"}))}
    asked = bound(problem, held, {}).request("S1")
    assert asked.prize_cents is None and asked.vehicles == {problem.vehicles[0].id}
    free = replace(problem, requests=tuple(replace(one, prize_cents=None) for one in problem.requests))
    plan = insert_all(free, Plan((), ("S2",)))
    assert plan.routes and not kept_by(plan, held)


def test_a_tour_that_is_paid_only_without_what_is_pinned_to_it_does_not_set_out():
    dear = replace(tour(), card=replace(tour().card, fixed_cents=1_000_000))
    asked, payers = day(*BOTH, tours=[dear]), payers_of(*BOTH)
    problem = tour_problem(ground(), [dear], payers)
    free = replace(problem, requests=tuple(replace(one, prize_cents=None) for one in problem.requests))
    start = insert_all(free, Plan((), ("S1", "S2")))
    held = {dear.id: Holds(frozenset({"S1"}))}
    plan, books = confirm(asked, problem, [start], payers, deadline_s=0, held=held)
    assert books == () and set(plan.unserved) == {"S1", "S2"}
