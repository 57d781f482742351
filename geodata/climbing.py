"""
Answers out of a customised hierarchy: tables between places, and the cost from or to everywhere.

Every fastest way climbs to later states and then descends. From each departure the whole climb is
walked (a few hundred states); the descents to all arrivals together are one small network, swept from
its top for eight departures at once (Delling, Goldberg and Werneck, 2011: RPHAST).
"""

from dataclasses import dataclass

import numpy as np
from numba import njit

from geodata.cost import NEVER, Costs
from geodata.customising import Slope, Slopes
from geodata.edges import Ints, Small

ABREAST = 8
"""Departures swept at once: as many costs as one line of the processor's cache holds."""


@dataclass(frozen=True, eq=False)
class Doors:
    """
    Hold the states by which places are left, or reached, each at a cost.

    Those of place ``i`` are ``state[start[i]:start[i + 1]]``.
    """

    start: Ints
    state: Small
    cost: Costs

    @property
    def count(self) -> int:
        return len(self.start) - 1


def table(slopes: Slopes, departures: Doors, arrivals: Doors) -> Costs:
    """Return the cost of the fastest way from every departure to every arrival."""
    up, down = slopes.up, slopes.down
    descent = _descent(down.start, down.head, down.cost, arrivals.state)
    return _swept(
        slopes.parent,
        (up.start, up.head, up.cost),
        (departures.start, departures.state, departures.cost),
        descent,
        (arrivals.start, arrivals.state, arrivals.cost),
    )


def costs_from(slopes: Slopes, state: Small, cost: Costs) -> Costs:
    """Return the cost of reaching every state from the cheapest of some, each at a cost of its own."""
    return _everywhere(slopes.up, slopes.down, state, cost)


def costs_to(slopes: Slopes, state: Small, cost: Costs) -> Costs:
    """Return the cost from every state to the cheapest of some."""
    return _everywhere(slopes.down, slopes.up, state, cost)


def _everywhere(away: Slope, back: Slope, state: Small, cost: Costs) -> Costs:
    found = np.full(len(away.start) - 1, NEVER, dtype=np.int64)
    np.minimum.at(found, state, cost)
    _rise(away.start, away.head, away.cost, found)
    _fall(back.start, back.head, back.cost, found)
    return found


@njit(cache=True)
def _rise(start, head, cost, found):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    for state in range(len(found)):
        here = found[state]
        if here < NEVER:
            for at in range(start[state], start[state + 1]):
                found[head[at]] = min(found[head[at]], here + cost[at])


@njit(cache=True)
def _fall(start, head, cost, found):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    for state in range(len(found) - 1, -1, -1):
        best = found[state]
        for at in range(start[state], start[state + 1]):
            best = min(best, found[head[at]] + cost[at])
        found[state] = min(best, NEVER)


@njit(cache=True)
def _descent(start, head, cost, targets):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Gather the states above the targets, the latest first, with the shortcuts down between them."""
    count = len(start) - 1
    wanted = np.zeros(count, np.bool_)
    for target in targets:
        wanted[target] = True
    steps = 0
    for state in range(count):
        if wanted[state]:
            steps += start[state + 1] - start[state]
            for at in range(start[state], start[state + 1]):
                wanted[head[at]] = True
    place = np.full(count, -1, np.int32)
    rows = 0
    for state in range(count - 1, -1, -1):
        if wanted[state]:
            place[state] = rows
            rows += 1
    first = np.zeros(rows + 1, np.int64)
    above = np.empty(steps, np.int32)
    price = np.empty(steps, np.int64)
    end = 0
    for state in range(count - 1, -1, -1):
        if wanted[state]:
            for at in range(start[state], start[state + 1]):
                above[end] = place[head[at]]
                price[end] = cost[at]
                end += 1
            first[place[state] + 1] = end
    return place, first, above, price


@njit(cache=True)
def _climb(parent, up, door, source, found, place, costs, lane):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Walk up from the doors of one departure, and note the costs where the descents begin."""
    start, head, cost = up
    door_start, door_state, door_cost = door
    begin, end = door_start[source], door_start[source + 1]
    walker = door_state[begin:end].copy()
    for at in range(begin, end):
        found[door_state[at]] = min(found[door_state[at]], door_cost[at])
    while True:
        state = len(parent)
        for one in walker:
            if 0 <= one < state:
                state = one
        if state == len(parent):
            return
        here = found[state]
        found[state] = NEVER
        if here < NEVER:
            if place[state] >= 0:
                costs[place[state], lane] = here
            for at in range(start[state], start[state + 1]):
                found[head[at]] = min(found[head[at]], here + cost[at])
        for at in range(len(walker)):
            if walker[at] == state:
                walker[at] = parent[state]


@njit(cache=True)
def _swept(parent, up, departures, descent, arrivals):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    place, first, above, price = descent
    sources, targets = len(departures[0]) - 1, len(arrivals[0]) - 1
    answer = np.full((sources, targets), NEVER, np.int64)
    costs = np.empty((len(first) - 1, ABREAST), np.int64)
    found = np.full(len(parent), NEVER, np.int64)
    for begin in range(0, sources, ABREAST):
        costs[:] = NEVER
        lanes = min(ABREAST, sources - begin)
        for lane in range(lanes):
            _climb(parent, up, departures, begin + lane, found, place, costs, lane)
        for row in range(len(first) - 1):
            for at in range(first[row], first[row + 1]):
                for lane in range(ABREAST):
                    costs[row, lane] = min(costs[row, lane], costs[above[at], lane] + price[at])
        for target in range(targets):
            for at in range(arrivals[0][target], arrivals[0][target + 1]):
                row, extra = place[arrivals[1][at]], arrivals[2][at]
                for lane in range(lanes):
                    whole = costs[row, lane] + extra
                    answer[begin + lane, target] = min(answer[begin + lane, target], whole)
    return np.minimum(answer, NEVER)
