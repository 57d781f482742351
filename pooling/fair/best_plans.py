"""
The best plan of every group of a tour's parties, as if the tour were planned for it alone.

The second game of a proof, of up to ten parties: a group may change the order, too. What is found is a plan
that could be driven at the carrier's card, so a group that complains by it complains rightly.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from pooling.fair.best_orders import SHIPMENTS_LIMIT, BestOrders
from routing.construction import first_plan
from routing.cost import route_cost
from routing.plan import Route
from routing.problem import Problem
from routing.schedule import schedule_route

GROUP_LIMIT = 6
"""Where more than nine shipments ride, groups of so many are tried in every order, each by itself."""


class BestPlans:
    """
    Find the best plan of any group, until ``is_over`` says that time is up.

    Of up to nine shipments aboard, and of up to six of more, by every order of visits: nothing is cheaper
    where that order can be driven without waiting. Else the cheaper of the tour's own order and insertion.
    ``searched`` counts the groups asked.
    """

    def __init__(
        self, problem: Problem, route: Route, payer_of: Mapping[str, str], is_over: Callable[[], bool]
    ) -> None:
        self._problem, self._route, self._is_over = problem, route, is_over
        self._vehicle = problem.vehicle(route.vehicle)
        self._shipments: dict[str, list[str]] = {}
        for one in dict.fromkeys(task.id for task in route.tasks):
            self._shipments.setdefault(payer_of[one], []).append(one)
        self.searched = 0

    def cents(self, parties: Sequence[str]) -> int | None:
        """Return what the best plan found for a group costs; ``None`` where none is, or time is up."""
        if self._is_over():
            return None
        self.searched += 1
        group = [one for party in parties for one in self._shipments[party]]
        found = [self._in_any_order(group), self._in_its_order(frozenset(group))]
        if found[0] is None:
            found.append(self._inserted(group))
        return min((self._cost(route) for route in found if route is not None), default=None)

    def _cost(self, route: Route) -> int:
        return route_cost(self._vehicle, route).total_cents

    def _in_any_order(self, group: Sequence[str]) -> Route | None:
        """Return the cheapest order where it can be driven in its hours and room."""
        if self._all <= SHIPMENTS_LIMIT:
            orders = self._orders
        elif len(group) <= GROUP_LIMIT:
            orders = BestOrders(self._problem, self._vehicle, group)
        else:
            return None
        return schedule_route(self._problem, self._vehicle, orders.of(group))

    @property
    def _all(self) -> int:
        return sum(map(len, self._shipments.values()))

    @cached_property
    def _orders(self) -> BestOrders:
        everything = [one for group in self._shipments.values() for one in group]
        return BestOrders(self._problem, self._vehicle, everything)

    def _in_its_order(self, group: frozenset[str]) -> Route | None:
        tasks = [task for task in self._route.tasks if task.id in group]
        return schedule_route(self._problem, self._vehicle, tasks)

    def _inserted(self, group: Sequence[str]) -> Route | None:
        requests = tuple(replace(self._problem.request(one), prize_cents=None) for one in group)
        plan = first_plan(replace(self._problem, vehicles=(self._vehicle,), requests=requests))
        return None if plan is None or plan.unserved else next(iter(plan.routes), None)
