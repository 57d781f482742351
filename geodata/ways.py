"""The fastest way between two places, arc by arc."""

from geodata.climbing import costs_to
from geodata.doors import Ends, arrivals, departures, ends_of
from geodata.driving import Driving
from geodata.roadmap import RoadMap
from geodata.snapping import Snap


def arcs_of_way(roads: RoadMap, driving: Driving, start: Snap, end: Snap) -> list[int]:
    """
    Return the arcs of the fastest way past at least one junction, the first and the last ones included.

    It follows, from state to state, the exact cost that remains to the goal, so it is the way that a table
    measures.
    """
    leaving = ends_of([start], roads)
    out = departures(leaving, roads, driving)
    goal = arrivals(ends_of([end], roads), roads, driving)
    remaining = costs_to(driving.slopes, goal.state, goal.cost)
    first = min(range(len(out.state)), key=lambda at: int(out.cost[at] + remaining[out.state[at]]))
    state = int(out.state[first])
    arcs = [_left_by(leaving, roads, driving, state), int(roads.states.arc[state])]
    arrived = dict(zip(goal.state.tolist(), goal.cost.tolist(), strict=True))
    while remaining[state] != arrived.get(state):
        left = remaining[state] - driving.arc_cost[arcs[-1]]
        after = driving.following(state)
        state = int(after[remaining[after] == left][0])
        arcs.append(int(roads.states.arc[state]))
    return arcs


def _left_by(leaving: Ends, roads: RoadMap, driving: Driving, state: int) -> int:
    """Return the arc through the starting place from which a state follows, the one that ends first."""
    edge = int(leaving.edge[0])
    senses = [
        (float(driving.arc_s[arc] / driving.arc_m[arc] * leaving.left_m()[0, arc % 2]), arc)
        for arc in (2 * edge, 2 * edge + 1)
        if state in driving.following(int(roads.states.plain[arc]))
    ]
    return min(senses)[1]
