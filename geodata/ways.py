"""The fastest way between two places, arc by arc."""

from geodata.climbing import Doors, costs_to
from geodata.doors import Ends, arrivals, departures, ends_of
from geodata.driving import Driving
from geodata.roadmap import RoadMap
from geodata.snapping import Snap
from geodata.unpacking import states_of_way


def arcs_of_way(roads: RoadMap, driving: Driving, start: Snap, end: Snap) -> list[int]:
    """
    Return the arcs of the fastest way past at least one junction, the first and the last ones included.

    It is the way that a table measures, to the last millisecond and centimetre.
    """
    leaving = ends_of([start], roads)
    out = departures(leaving, roads, driving)
    goal = arrivals(ends_of([end], roads), roads, driving)
    steps = (driving.start, driving.after, driving.arc_cost, roads.states.arc)
    states = states_of_way(driving.slopes, out, goal, steps).tolist() or _followed(roads, driving, out, goal)
    arcs = roads.states.arc[states].tolist()
    return [_left_by(leaving, roads, driving, states[0]), *arcs]


def _followed(roads: RoadMap, driving: Driving, out: Doors, goal: Doors) -> list[int]:
    """Follow, from state to state, the exact cost that remains to the goal."""
    remaining = costs_to(driving.slopes, goal.state, goal.cost)
    first = min(range(len(out.state)), key=lambda at: int(out.cost[at] + remaining[out.state[at]]))
    states = [int(out.state[first])]
    arrived = dict(zip(goal.state.tolist(), goal.cost.tolist(), strict=True))
    while remaining[states[-1]] != arrived.get(states[-1]):
        left = remaining[states[-1]] - driving.arc_cost[roads.states.arc[states[-1]]]
        after = driving.following(states[-1])
        states.append(int(after[remaining[after] == left][0]))
    return states


def _left_by(leaving: Ends, roads: RoadMap, driving: Driving, state: int) -> int:
    """Return the arc through the starting place from which a state follows, the one that ends first."""
    edge = int(leaving.edge[0])
    senses = [
        (float(driving.arc_s[arc] / driving.arc_m[arc] * leaving.left_m()[0, arc % 2]), arc)
        for arc in (2 * edge, 2 * edge + 1)
        if state in driving.following(int(roads.states.plain[arc]))
    ]
    return min(senses)[1]
