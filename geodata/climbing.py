"""
Answers out of a customised hierarchy: tables between places, and the cost from or to everywhere.

Every fastest way climbs to later states and then descends. From each departure the whole climb is
walked (a few hundred states); the descents to all arrivals together are one small network, swept from
its top for many departures at once (Delling, Goldberg and Werneck, 2011: RPHAST).
"""

from dataclasses import dataclass

import numpy as np

from geodata.compiling import compiled
from geodata.cost import NEVER, Costs
from geodata.customising import Columns, Paper, Slopes
from geodata.edges import Ints, Small

Descent = tuple[Small, Ints, Small, Costs]
"""The row of each state or -1; and of each row, where its entries begin, the rows above, and their costs."""

ABREAST = 32
"""Departures swept at once: their costs lie side by side, so one reading of a shortcut serves them all."""

FEW = 64
"""Up to so many places each end is climbed from by itself: gathering a network to sweep would take longer."""


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

    @property
    def columns(self) -> Columns:
        return self.start, self.state, self.cost


def table(slopes: Slopes, departures: Doors, arrivals: Doors) -> Costs:
    """Return the cost of the fastest way from every departure to every arrival."""
    up, down = slopes.up, slopes.down
    if max(departures.count, arrivals.count) <= FEW:
        with slopes.paper() as paper:
            return _met(slopes.parent, up.columns, down.columns, departures.columns, arrivals.columns, paper)
    descent = _descent(down.start, down.head, down.cost, arrivals.state)
    return _swept(
        slopes.parent,
        up.columns,
        departures.columns,
        descent,
        arrivals.columns,
    )


def pairs(slopes: Slopes, departures: Doors, arrivals: Doors) -> Costs:
    """Return the cost of the fastest way from each departure to the arrival of the same number."""
    up, down = slopes.up, slopes.down
    with slopes.paper() as there, slopes.paper() as back:
        columns = (up.columns, down.columns, departures.columns, arrivals.columns)
        return _meet(slopes.parent, *columns, there, back)


def costs_of_two(slopes: Slopes, doors: Doors, *, towards: bool) -> Costs:
    """
    Return the cost between every state and each of two places: a row per state, a column per place.

    From the places to the states, or ``towards`` the places from them. One sweep serves both; of one
    place, the second column is ``NEVER``.
    """
    away, back = (slopes.down, slopes.up) if towards else (slopes.up, slopes.down)
    found = np.full((len(slopes.parent), 2), NEVER, dtype=np.int64)
    _spread(
        slopes.parent,
        away.columns,
        doors.columns,
        back.columns,
        found,
    )
    return found


def descent_of(slopes: Slopes, states: Small, *, towards: bool) -> Descent:
    """Gather what the costs between places and some states alone come down by, or ``towards`` the places."""
    back = slopes.up if towards else slopes.down
    return _descent(back.start, back.head, back.cost, states)


def costs_of_two_within(slopes: Slopes, doors: Doors, descent: Descent, *, towards: bool) -> Costs:
    """Return what ``costs_of_two`` does, for the rows of a descent only."""
    away = slopes.down if towards else slopes.up
    with slopes.paper() as paper:
        return _fall_of_two(slopes.parent, away.columns, doors.columns, descent, paper)


def costs_from(slopes: Slopes, state: Small, cost: Costs) -> Costs:
    """Return the cost of reaching every state from the cheapest of some, each at a cost of its own."""
    return costs_of_two(slopes, _one(state, cost), towards=False)[:, 0]


def costs_to(slopes: Slopes, state: Small, cost: Costs) -> Costs:
    """Return the cost from every state to the cheapest of some."""
    return costs_of_two(slopes, _one(state, cost), towards=True)[:, 0]


def _one(state: Small, cost: Costs) -> Doors:
    return Doors(np.array([0, len(state)], dtype=np.int64), state, cost)


@compiled
def _descent(start: Ints, head: Small, cost: Costs, targets: Small) -> Descent:
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


@compiled
def climb(parent: Small, slope: Columns, doors: Columns, place: int, found: Costs, trail: Small) -> int:
    """
    Walk up from the doors of one place, all branches together, the earliest state first.

    Leaves the costs in ``found`` and the states walked in ``trail``; returns how many these are.
    """
    start, head, cost = slope
    first, last = doors[0][place], doors[0][place + 1]
    walker = doors[1][first:last].copy()
    for at in range(first, last):
        found[doors[1][at]] = min(found[doors[1][at]], doors[2][at])
    walked, top = 0, len(parent)
    while True:
        state = top
        for one in walker:
            if 0 <= one < state:
                state = one
        if state == top:
            return walked
        trail[walked] = state
        walked += 1
        here = found[state]
        if here < NEVER:
            for at in range(start[state], start[state + 1]):
                found[head[at]] = min(found[head[at]], here + cost[at])
        for at in range(len(walker)):
            if walker[at] == state:
                walker[at] = parent[state]


@compiled
def _met(
    parent: Small, up: Columns, down: Columns, departures: Columns, arrivals: Columns, paper: Paper
) -> Costs:
    """Return the cost from every departure to every arrival: both climb, and meet where it costs least."""
    found, trail = paper
    sources, targets = len(departures[0]) - 1, len(arrivals[0]) - 1
    answer = np.full((sources, targets), NEVER, np.int64)
    first = np.zeros(targets + 1, np.int64)
    states, costs = np.empty(1024, np.int32), np.empty(1024, np.int64)
    for target in range(targets):
        walked = climb(parent, down, arrivals, target, found, trail)
        end = first[target] + walked
        first[target + 1] = end
        if end > len(states):
            states = np.append(states, np.empty(end, np.int32))
            costs = np.append(costs, np.empty(end, np.int64))
        for at in range(walked):
            states[first[target] + at] = trail[at]
            costs[first[target] + at] = found[trail[at]]
            found[trail[at]] = NEVER
    for source in range(sources):
        walked = climb(parent, up, departures, source, found, trail)
        for target in range(targets):
            least = NEVER
            for at in range(first[target], first[target + 1]):
                least = min(least, found[states[at]] + costs[at])
            answer[source, target] = least
        for at in range(walked):
            found[trail[at]] = NEVER
    return answer


@compiled
def _meet(
    parent: Small,
    up: Columns,
    down: Columns,
    departures: Columns,
    arrivals: Columns,
    paper: Paper,
    paper_back: Paper,
) -> Costs:
    """Return the cost between the departure and the arrival of each pair."""
    answer = np.full(len(departures[0]) - 1, NEVER, np.int64)
    there, trail = paper
    back, trail_back = paper_back
    for pair in range(len(answer)):
        walked = climb(parent, up, departures, pair, there, trail)
        walked_back = climb(parent, down, arrivals, pair, back, trail_back)
        for at in range(walked):
            answer[pair] = min(answer[pair], there[trail[at]] + back[trail[at]])
            there[trail[at]] = NEVER
        for at in range(walked_back):
            back[trail_back[at]] = NEVER
    return answer


@compiled
def _spread(parent: Small, away: Columns, doors: Columns, back: Columns, found: Costs) -> None:
    """Climb from each place by ``away``, then carry its costs down to all states by ``back``."""
    trail = np.empty(len(parent), np.int32)
    for lane in range(len(doors[0]) - 1):
        climb(parent, away, doors, lane, found[:, lane], trail)
    start, head, cost = back
    for state in range(len(parent) - 1, -1, -1):
        first, second = found[state, 0], found[state, 1]
        for at in range(start[state], start[state + 1]):
            first = min(first, found[head[at], 0] + cost[at])
            second = min(second, found[head[at], 1] + cost[at])
        found[state, 0], found[state, 1] = first, second


@compiled
def _fall_of_two(parent: Small, away: Columns, doors: Columns, descent: Descent, paper: Paper) -> Costs:
    """Climb from each of two places, then carry their costs down from row to row."""
    place, first, above, price = descent
    found, trail = paper
    costs = np.full((len(first) - 1, 2), NEVER, np.int64)
    for lane in range(len(doors[0]) - 1):
        for at in range(climb(parent, away, doors, lane, found, trail)):
            if place[trail[at]] >= 0:
                costs[place[trail[at]], lane] = found[trail[at]]
            found[trail[at]] = NEVER
    for row in range(len(first) - 1):
        one, other = costs[row, 0], costs[row, 1]
        for at in range(first[row], first[row + 1]):
            one = min(one, costs[above[at], 0] + price[at])
            other = min(other, costs[above[at], 1] + price[at])
        costs[row, 0], costs[row, 1] = one, other
    return costs


@compiled
def _fall_abreast(first: Ints, above: Small, price: Costs, costs: Costs) -> None:
    """Carry the costs of all lanes down from row to row, several lanes in one instruction."""
    for row in range(len(first) - 1):
        for at in range(first[row], first[row + 1]):
            upper, step = above[at], price[at]
            for lane in range(ABREAST):
                cost = costs[upper, lane] + step
                if cost < costs[row, lane]:
                    costs[row, lane] = cost


@compiled
def _swept(parent: Small, up: Columns, departures: Columns, descent: Descent, arrivals: Columns) -> Costs:
    place, first, above, price = descent
    sources, targets = len(departures[0]) - 1, len(arrivals[0]) - 1
    answer = np.full((sources, targets), NEVER, np.int64)
    costs = np.empty((len(first) - 1, ABREAST), np.int64)
    found = np.full(len(parent), NEVER, np.int64)
    trail = np.empty(len(parent), np.int32)
    for begin in range(0, sources, ABREAST):
        costs[:] = NEVER
        lanes = min(ABREAST, sources - begin)
        for lane in range(lanes):
            for at in range(climb(parent, up, departures, begin + lane, found, trail)):
                if place[trail[at]] >= 0:
                    costs[place[trail[at]], lane] = found[trail[at]]
                found[trail[at]] = NEVER
        _fall_abreast(first, above, price, costs)
        for target in range(targets):
            for at in range(arrivals[0][target], arrivals[0][target + 1]):
                row, extra = place[arrivals[1][at]], arrivals[2][at]
                for lane in range(lanes):
                    cost = costs[row, lane] + extra
                    if cost < answer[begin + lane, target]:
                        answer[begin + lane, target] = cost
    return answer
