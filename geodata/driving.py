"""
A map of roads as one vehicle may drive it: the seconds of each arc, the steps that are open, where it stops.

Turning round is a step like any other, open only where nothing else is: at dead ends, at barriers, and where
every way on leads off the map.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

from geodata.cost import LONGEST_S, MILLISECOND, NEVER, Costs, costs
from geodata.customising import Slopes, customise
from geodata.edges import Flags, Ints, Small, heart_of
from geodata.profiles import Passage, Profile
from geodata.refusal import Refusal
from geodata.roadmap import RoadMap
from geodata.snapping import Floats


class VehicleWithoutRoads(Refusal):
    code = "vehicle_without_roads"
    reason = "There are no roads on which {vehicle} could drive round and stop."
    cure = "Choose another vehicle, or check its table of speeds and accesses."


@dataclass(frozen=True, eq=False)
class Driving:
    """
    Hold how one vehicle drives a map.

    ``arc_s`` are the seconds of each arc, infinite where it is closed. The open steps from state ``s``
    lead to ``after[start[s]:start[s + 1]]``. ``connected`` are the edges that it reaches from anywhere and
    leaves for anywhere, ``stops`` those where it may stop, ``signed`` those with a written limit.
    """

    arc_s: Floats
    arc_m: Floats
    start: Ints
    after: Small
    connected: Flags
    stops: Flags
    signed: Flags
    slopes: Slopes

    def following(self, state: int) -> Small:
        return self.after[self.start[state] : self.start[state + 1]]

    @cached_property
    def arc_cost(self) -> Costs:
        return arc_costs(self.arc_s, self.arc_m)


def arc_costs(arc_s: Floats, arc_m: Floats) -> Costs:
    """Return the cost of driving each arc, rounded up, so that none is free and none faster than it is."""
    least: Costs = np.maximum(costs(np.ceil(arc_s * 1000) / 1000, arc_m), MILLISECOND)
    return least


def drive(roads: RoadMap, profile: Profile) -> Driving:
    """
    Judge every road by the profile of a vehicle, and write its costs into the hierarchy.

    Takes about a second for a French region. Refused with ``vehicle_without_roads``.
    """
    passages = [profile.passage(tags, roads.country) for tags in roads.traits]
    arc_s = _arc_seconds(roads, passages)
    arc_m = np.repeat(roads.edges.length_m, 2)
    passes = _passes(roads, profile)
    ends_only = np.repeat(_ends_only(roads, passages, arc_s, passes), 2)
    open_steps = _open_steps(roads, profile, np.isfinite(arc_s), ends_only)
    before, after = (column[open_steps] for column in (roads.states.steps.before, roads.states.steps.after))
    step_cost = np.where(
        open_steps, arc_costs(arc_s, arc_m)[roads.states.arc[roads.states.steps.before]], NEVER
    )
    start = np.concatenate([[0], np.cumsum(np.bincount(before, minlength=roads.states.count))])
    connected = _connected(roads, before, after, ends_only)
    stops = _flags(roads, (one.may_stop for one in passages)) & connected
    if not stops.any():
        raise VehicleWithoutRoads(vehicle=profile.name)
    return Driving(
        arc_s=arc_s,
        arc_m=arc_m,
        start=start.astype(np.int64),
        after=after,
        connected=connected,
        stops=stops,
        signed=_flags(roads, (one.speed_signed for one in passages)),
        slopes=customise(roads.hierarchy, step_cost),
    )


def slowed(roads: RoadMap, driving: Driving, factors: Iterable[float]) -> Driving:
    """Return the same driving with the seconds of each combination of tags multiplied, for an hour."""
    factor = np.repeat(np.asarray(list(factors), dtype=np.float64)[roads.edges.traits], 2)
    arc_s = np.where(np.isfinite(driving.arc_s), np.minimum(driving.arc_s * factor, LONGEST_S), np.inf)
    steps = roads.states.steps
    sizes = np.diff(driving.start)
    width = roads.states.count
    opened = np.repeat(np.arange(width, dtype=np.int64), sizes) * width + driving.after
    is_open = np.isin(steps.before.astype(np.int64) * width + steps.after, opened)
    step_cost = np.where(is_open, arc_costs(arc_s, driving.arc_m)[roads.states.arc[steps.before]], NEVER)
    return replace(driving, arc_s=arc_s, slopes=customise(roads.hierarchy, step_cost))


def _flags(roads: RoadMap, of_traits: Iterable[bool]) -> Flags:
    flags: Flags = np.array(list(of_traits), dtype=bool)[roads.edges.traits]
    return flags


def _ends_only(roads: RoadMap, passages: list[Passage], arc_s: Floats, passes: Flags) -> Flags:
    """Tell the edges for the ends of a route only, and the public ones that lie behind such."""
    told = _flags(roads, (one.ends_only for one in passages))
    public = np.isfinite(arc_s).reshape(-1, 2).any(axis=1) & ~told
    if not public.any():
        return told
    behind: Flags = told | (public & ~heart_of(roads.edges, public, ~passes))
    return behind


def _arc_seconds(roads: RoadMap, passages: list[Passage]) -> Floats:
    kmh = np.array([(one.forward_kmh, one.backward_kmh) for one in passages], dtype=np.float64)
    speed = kmh[roads.edges.traits].ravel() / 3.6
    with np.errstate(divide="ignore"):
        seconds = np.where(speed > 0, np.repeat(roads.edges.length_m, 2) / speed, np.inf)
    return np.where(seconds <= LONGEST_S, seconds, np.inf)


def _open_steps(roads: RoadMap, profile: Profile, open_arc: Flags, ends_only: Flags) -> Flags:
    """Tell which steps are open: by arcs, barriers, restrictions, and the rule of the ends."""
    states, steps = roads.states, roads.states.steps
    before, after = states.arc[steps.before], states.arc[steps.after]
    free = open_arc[before] & open_arc[after]
    round_turn = (before == (after ^ 1)) & free
    barred = _heeded(roads, profile)[steps.ban]
    passing = free & ~round_turn & ~barred & _passes(roads, profile)[roads.edges.arc_head[before]]
    kept = _on_map(roads, passing | round_turn)
    ends_kept = _ends_kept(roads, ends_only)
    passing &= kept[before] & kept[after] & ends_kept
    onward = passing & (states.inner[steps.before] | ~states.inner[steps.after])
    stuck = np.bincount(steps.before[onward], minlength=states.count) == 0
    opened: Flags = passing | (round_turn & stuck[steps.before] & ends_kept)
    return opened


def _ends_kept(roads: RoadMap, ends_only: Flags) -> Flags:
    """Tell the steps that keep roads for the ends of a route to its ends: out of them, or into them."""
    states, steps = roads.states, roads.states.steps
    leaving, entered = ends_only[states.arc[steps.before]], ends_only[states.arc[steps.after]]
    inner_after = states.inner[steps.after]
    into = entered & np.where(states.inner[steps.before], leaving, ~leaving)
    kept: Flags = np.where(inner_after, into, ~entered | leaving)
    return kept


def _heeded(roads: RoadMap, profile: Profile) -> Flags:
    """Tell for each row of bans whether it binds; one more row, for no ban, does not."""
    return np.array([*(any(map(profile.heeds, row)) for row in roads.bans.rows), False], dtype=bool)


def _passes(roads: RoadMap, profile: Profile) -> Flags:
    """Tell for each junction whether the vehicle passes what stands there."""
    passes = np.array([*(profile.passes(tags) for tags in roads.barriers), True], dtype=bool)
    passable: Flags = passes[roads.barrier]
    return passable


def _on_map(roads: RoadMap, chosen: Flags) -> Flags:
    """Tell the arcs from which one comes back if one may turn round anywhere; others lead off the map."""
    states, steps = roads.states, roads.states.steps
    return _largest(
        _graph(states.arc[steps.before[chosen]], states.arc[steps.after[chosen]], 2 * roads.edges.count)
    )


def _connected(roads: RoadMap, before: Small, after: Small, ends_only: Flags) -> Flags:
    """Tell the edges that are reached from the heart of the network and left towards it."""
    graph = _graph(before, after, roads.states.count)
    public = ~roads.states.inner & (~ends_only | ends_only.all())[roads.states.arc]
    outside = public[before] & public[after]
    if not outside.any():
        return np.zeros(roads.edges.count, dtype=bool)
    largest = _largest(_graph(before[outside], after[outside], roads.states.count))
    heart = int(np.flatnonzero(largest)[0])
    reached, leaving = (np.zeros(roads.states.count, dtype=bool) for _ in range(2))
    reached[breadth_first_order(graph, heart, return_predecessors=False)] = True
    leaving[breadth_first_order(graph.T.tocsr(), heart, return_predecessors=False)] = True
    edge_of = roads.states.arc // 2
    arrives = np.bincount(edge_of[reached], minlength=roads.edges.count) > 0
    ways_out = before[leaving[after]]
    leaves = np.bincount(edge_of[ways_out], minlength=roads.edges.count) > 0
    connected: Flags = arrives & leaves
    return connected


def _graph(before: Small, after: Small, count: int) -> csr_array:
    return csr_array((np.ones(len(before), dtype=np.int8), (before, after)), shape=(count, count))


def _largest(graph: csr_array) -> Flags:
    _, label = connected_components(graph, directed=True, connection="strong")
    largest: Flags = label == np.bincount(label).argmax()
    return largest
