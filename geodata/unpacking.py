"""
A way out of the hierarchy, state by state: where climb and descent meet, and what each shortcut stands for.

A shortcut stands for two others by way of an earlier state whose costs add up to its own, exactly, because
costs are whole numbers; or it is a step of the road. Where equally fast ways hide the two parts from one
another, the answer is empty, and the way must be followed otherwise.
"""

import numpy as np

from geodata.climbing import Doors, climb
from geodata.compiling import compiled
from geodata.cost import NEVER, Costs
from geodata.customising import Columns, Slopes
from geodata.edges import Ints, Small

OpenSteps = tuple[Ints, Small, Costs, Small]
"""Where the open steps of each state begin, where they lead, the cost of arcs, and the arc of each state."""


def states_of_way(slopes: Slopes, departures: Doors, arrivals: Doors, steps: OpenSteps) -> Small:
    """Return the states of the fastest way from the one departure to the one arrival; none where hidden."""
    return _way(
        slopes.parent,
        slopes.up.columns,
        slopes.down.columns,
        slopes.below,
        departures.columns,
        arrivals.columns,
        steps,
    )


@compiled
def _way(
    parent: Small,
    up: Columns,
    down: Columns,
    below: Columns,
    departures: Columns,
    arrivals: Columns,
    steps: OpenSteps,
) -> Small:
    there, back = np.full(len(parent), NEVER, np.int64), np.full(len(parent), NEVER, np.int64)
    trail, trail_back = np.empty(len(parent), np.int32), np.empty(len(parent), np.int32)
    walked = climb(parent, up, departures, 0, there, trail)
    walked_back = climb(parent, down, arrivals, 0, back, trail_back)
    top, best = -1, NEVER
    for at in range(walked):
        if there[trail[at]] + back[trail[at]] < best:
            top, best = trail[at], there[trail[at]] + back[trail[at]]
    if top < 0:
        return trail[:0]
    rising = _traced(top, up, there, trail[:walked], departures)
    falling = _traced(top, down, back, trail_back[:walked_back], arrivals)
    chain = np.concatenate((rising[::-1], falling[1:]))
    return _unpacked(chain, up, below, steps, _shortcut_costs(chain, len(rising), there, back))


@compiled
def _traced(top: int, slope: Columns, found: Costs, trail: Small, doors: Columns) -> Small:
    """Follow a climb back from its top to the door it began at, the top first."""
    start, head, cost = slope
    chain = np.empty(len(trail), np.int32)
    state, length = top, 0
    while True:
        chain[length] = state
        length += 1
        began = False
        for at in range(doors[0][0], doors[0][1]):
            began = began or (doors[1][at] == state and doors[2][at] == found[state])
        if began:
            return chain[:length]
        for lower in trail:
            if lower < state and found[lower] < found[state]:
                hit = False
                for at in range(start[lower], start[lower + 1]):
                    hit = hit or (head[at] == state and found[lower] + cost[at] == found[state])
                if hit:
                    state = lower
                    break


@compiled
def _shortcut_costs(chain: Small, rising: int, there: Costs, back: Costs) -> Costs:
    """Return the cost of each shortcut of a chain whose first ``rising`` states belong to the climb."""
    costs = np.empty(len(chain) - 1, np.int64)
    for at in range(len(costs)):
        if at + 1 < rising:
            costs[at] = there[chain[at + 1]] - there[chain[at]]
        else:
            costs[at] = back[chain[at]] - back[chain[at + 1]]
    return costs


@compiled
def _unpacked(chain: Small, up: Columns, below: Columns, steps: OpenSteps, costs: Costs) -> Small:
    """Replace each shortcut by its two parts until all are steps of the road; nothing where these hide."""
    way = np.empty(len(up[0]), np.int32)
    length, depth = 0, len(costs)
    stack = np.empty((4 * len(up[0]), 2), np.int64)
    goal = np.empty(4 * len(up[0]), np.int64)
    for at in range(depth):
        last = depth - 1 - at
        stack[at, 0], stack[at, 1], goal[at] = chain[last], chain[last + 1], costs[last]
    while depth:
        depth -= 1
        begin, end, cost = stack[depth, 0], stack[depth, 1], goal[depth]
        if steps[2][steps[3][begin]] == cost and _leads(steps, begin, end):
            way[length] = begin
            length += 1
            continue
        by, first = _middle(begin, end, cost, up, below)
        if by < 0 or length >= len(way):
            return way[:0]
        stack[depth, 0], stack[depth, 1], goal[depth] = by, end, cost - first
        stack[depth + 1, 0], stack[depth + 1, 1], goal[depth + 1] = begin, by, first
        depth += 2
    way[length] = chain[-1]
    return way[: length + 1].copy()


@compiled
def _leads(steps: OpenSteps, begin: int, end: int) -> bool:
    for at in range(steps[0][begin], steps[0][begin + 1]):  # noqa: SIM110 - compiled
        if steps[1][at] == end:
            return True
    return False


@compiled
def _middle(begin: int, end: int, cost: int, up: Columns, below: Columns) -> tuple[int, int]:
    """Find the earlier state by which a shortcut leads, and the cost until there; -1 where there is none."""
    for at in range(below[0][begin], below[0][begin + 1]):
        by, first = below[1][at], below[2][at]
        if by < end and first < cost:
            for onward in range(up[0][by], up[0][by + 1]):
                if up[1][onward] == end and first + up[2][onward] == cost:
                    return by, first
    return -1, 0
