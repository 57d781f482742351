"""
The best plan of every group: against every order of visits by brute force, and as a game of its own.
"""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from pooling.fair.best_orders import BestOrders
from pooling.fair.best_plans import BestPlans
from pooling.fair.game import with_best_plans
from pooling.fair.of_tour import asked_of, best_groups, proven
from pooling.fair.sharing import Claimant
from routing.construction import first_plan
from routing.cost import route_cost
from routing.problem import Window
from routing.schedule import schedule_route
from routing.task import Task
from tests.pooling.fair.worlds import planned, shipments


def cheapest(problem, group):
    """Try every order."""
    tasks = [Task(kind, one) for one in group for kind in ("pickup", "drop")]
    found = []
    for order in permutations(tasks):
        if all(order.index(Task("pickup", one)) < order.index(Task("drop", one)) for one in group):
            route = schedule_route(problem, problem.vehicle("van"), order)
            found += [] if route is None else [route_cost(problem.vehicle("van"), route).total_cents]
    return min(found)


@pytest.fixture(scope="module")
def three():
    problem, payer_of = planned(3)
    return problem, payer_of, first_plan(problem).routes[0]


def test_every_group_has_the_cheapest_of_all_orders(three):
    problem, payer_of, route = three
    plans = BestPlans(problem, route, payer_of, lambda: False)
    names = {party: one for one, party in payer_of.items()}
    for group in (["farm"], ["dairy", "mill"], ["farm", "mill"], ["farm", "dairy", "mill"]):
        assert plans.cents(group) == cheapest(problem, [names[party] for party in group])
    assert plans.searched == 4


def test_of_many_shipments_no_plan_is_dearer_than_the_tours_own_order(three, monkeypatch):
    problem, payer_of, route = three
    exact = BestPlans(problem, route, payer_of, lambda: False).cents(["farm", "mill"])
    monkeypatch.setattr("pooling.fair.best_plans.SHIPMENTS_LIMIT", 2)
    assert BestPlans(problem, route, payer_of, lambda: False).cents(["farm", "mill"]) == exact
    monkeypatch.setattr("pooling.fair.best_plans.GROUP_LIMIT", 1)
    assert BestPlans(problem, route, payer_of, lambda: False).cents(["farm", "mill"]) >= exact


def test_a_plan_that_no_hours_admit_is_not_counted(three):
    """The mill is delivered before the farm is collected: no order of the cheapest may do."""
    problem, payer_of, route = three
    early, late = Window(0, 5 * 3600), Window(8 * 3600, 20 * 3600)
    requests = [
        replace(one, drop=replace(one.drop, windows=(early,)))
        if payer_of[one.id] == "mill"
        else replace(one, pickup=replace(one.pickup, windows=(late,)))
        for one in problem.requests
    ]
    bound = replace(problem, requests=tuple(requests))
    names = {party: one for one, party in payer_of.items()}
    plans = BestPlans(bound, route, payer_of, lambda: False)
    assert plans.cents(["farm", "mill"]) == cheapest(bound, [names["farm"], names["mill"]])
    assert plans.cents(["farm", "mill"]) > cheapest(problem, [names["farm"], names["mill"]])


def test_orders_of_too_many_shipments_are_refused(three):
    problem, *_ = three
    with pytest.raises(ValueError, match="up to 9"):
        BestOrders(problem, problem.vehicles[0], [str(at) for at in range(10)])


def test_a_proof_names_both_games_and_neither_group_pays_what_it_need_not():
    problem, _ = planned(4)
    route = first_plan(problem).routes[0]
    claimants = {one.payer: Claimant(9_000, 9_000) for one in shipments(4)}
    asked = asked_of(problem, route, shipments(4), claimants)
    shares = dict.fromkeys(asked.game.parties, asked.game.whole_cents // 4)
    lines = proven(problem, route, shipments(4), claimants, shares).lines
    found = best_groups(problem, route, shipments(4), claimants, shares)
    assert (found.groups, found.searched) == (14, 14)
    for line in lines:
        best = found.of[line.party]
        assert best.excess >= line.group.excess - 1e-6, "a better plan never makes a complaint less"
        assert line.party in best.parties


def test_what_was_not_searched_is_not_claimed():
    problem, _ = planned(4)
    route = first_plan(problem).routes[0]
    claimants = {one.payer: Claimant(9_000, 9_000) for one in shipments(4)}
    late = best_groups(problem, route, shipments(4), claimants, dict.fromkeys(claimants, 0), lambda: True)
    assert (late.groups, late.searched, late.of) == (14, 0, {})


def test_the_best_plans_are_never_dearer_than_the_order_nor_change_what_is_to_be_shared(three):
    problem, payer_of, route = three
    claimants = {one.payer: Claimant(9_000, 9_000) for one in shipments(3)}
    game = asked_of(problem, route, shipments(3), claimants).game
    best = with_best_plans(game, BestPlans(problem, route, payer_of, lambda: False).cents, np.zeros(3))
    assert (best.of_all_groups <= game.of_all_groups + 1e-9).all()
    assert best.whole_cents == best.of_all_groups[-1] == game.whole_cents
