"""From a survey to a road network: number the arcs, allow the turns, keep what is connected."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from geodata.edges import Arcs, Edges, Flags, Ints, Small
from geodata.refusal import Refusal
from geodata.roads import RoadNetwork
from geodata.search import Turns
from geodata.snapping import Floats, lengths_m
from geodata.survey import Street, Survey

SHORTEST_M = 0.001
"""Two junctions drawn on one spot still lie this far apart, so that no step is free."""


class RegionWithoutRoads(Refusal):
    code = "region_without_roads"
    reason = "The map file {file} holds no roads that a van could drive round on."
    cure = "Give a file that holds highways, not only borders, buildings or paths."


@dataclass(frozen=True)
class Joined:
    """Hold a network, and the figures of the roads as drawn, from which it was taken."""

    roads: RoadNetwork
    junctions: int
    arcs: int
    length_m: float
    connected_share: float


@dataclass(frozen=True, eq=False)
class _Sense:
    """Hold all directed arcs of a survey; ``reverse`` is the opposite arc of the same street, or -1."""

    street: Ints
    backward: Flags
    tail: Ints
    head: Ints

    @property
    def ids(self) -> Ints:
        return 2 * self.street + self.backward

    @property
    def reverse(self) -> Ints:
        place = np.full(2 * (int(self.street.max(initial=-1)) + 1), -1)
        place[self.ids] = np.arange(len(self.ids))
        reverse: Ints = place[self.ids ^ 1]
        return reverse

    def only(self, chosen: Flags) -> "_Sense":
        return _Sense(self.street[chosen], self.backward[chosen], self.tail[chosen], self.head[chosen])


def join_streets(survey: Survey, *, file: str = "") -> Joined:
    """
    Make a road network of a survey, and keep its largest strongly connected part.

    First by junctions, then by turns: a street whose only way on leads out of the map becomes a
    dead end, where one may turn round. The figures beside it are those of the roads as drawn,
    private ones too; ``connected_share`` is the share of their junctions in the largest strongly
    connected part. Refused with ``region_without_roads`` where nothing is left.
    """
    senses, junctions = _senses(survey.streets)
    if not junctions:
        raise RegionWithoutRoads(file=file)
    inside = _largest_part(senses.tail, senses.head, junctions)
    kept = senses.only(inside[senses.tail] & inside[senses.head])
    before, after = _turns(kept, survey.barred_turns)
    if not len(after):
        raise RegionWithoutRoads(file=file)
    lasting = _largest_part(before, after, len(kept.street))
    rank = np.cumsum(lasting) - 1
    steps = lasting[before] & lasting[after]
    roads = _network(survey.streets, kept.only(lasting), rank[before[steps]], rank[after[steps]])
    if not len(roads.turns.after):
        raise RegionWithoutRoads(file=file)
    return _with_figures(roads, survey.drawn or survey.streets)


def _with_figures(roads: RoadNetwork, drawn: Sequence[Street]) -> Joined:
    senses, junctions = _senses(drawn)
    _, _, length_m = _geometry(drawn)
    return Joined(
        roads=roads,
        junctions=junctions,
        arcs=len(senses.street),
        length_m=float(length_m.sum()),
        connected_share=float(_largest_part(senses.tail, senses.head, junctions).mean()),
    )


def _senses(streets: Sequence[Street]) -> tuple[_Sense, int]:
    ends = np.array([(street.tail, street.head) for street in streets], dtype=np.int64).reshape(-1, 2)
    names, junction = np.unique(ends, return_inverse=True)
    junction = junction.reshape(-1, 2)
    open_ways = np.array([(street.forward, street.backward) for street in streets], dtype=bool).reshape(-1, 2)
    street, backward = np.nonzero(open_ways)
    return (
        _Sense(street, backward.astype(bool), junction[street, backward], junction[street, 1 - backward]),
        len(names),
    )


def _largest_part(tail: Ints, head: Ints, count: int) -> Flags:
    graph = csr_array((np.ones(len(tail), dtype=np.int8), (tail, head)), shape=(count, count))
    _, label = connected_components(graph, directed=True, connection="strong")
    largest: Flags = label == np.bincount(label).argmax()
    return largest


def _turns(arcs: _Sense, barred: frozenset[tuple[int, int]]) -> tuple[Ints, Ints]:
    """Return the allowed steps from arc to arc, in order; a u-turn only where nothing else is open."""
    count = len(arcs.street)
    order = np.argsort(arcs.tail, kind="stable")
    exits = np.bincount(arcs.tail, minlength=int(arcs.head.max(initial=-1)) + 1)
    fan = exits[arcs.head]
    before = np.repeat(np.arange(count), fan)
    nth = np.arange(len(before)) - np.repeat(np.cumsum(fan) - fan, fan)
    after = order[(np.cumsum(exits) - exits)[arcs.head[before]] + nth]
    width = 2 * (int(arcs.street.max(initial=0)) + 1)
    closed = np.array([a * width + b for a, b in barred], dtype=np.int64)
    free = ~np.isin(arcs.ids[before] * width + arcs.ids[after], closed)
    round_turn = after == arcs.reverse[before]
    stuck = np.bincount(before[free & ~round_turn], minlength=count) == 0
    allowed = free & (~round_turn | stuck[before])
    return before[allowed], after[allowed]


def _network(streets: Sequence[Street], arcs: _Sense, before: Ints, after: Ints) -> RoadNetwork:
    used, edge = np.unique(arcs.street, return_inverse=True)
    kept = [streets[at] for at in used.tolist()]
    both = np.full((len(kept), 2), -1, dtype=np.int32)
    both[edge, arcs.backward.astype(int)] = np.arange(len(edge))
    classes = sorted({street.road_class for street in kept})
    names = sorted({street.name for street in kept})
    ends = np.cumsum(np.bincount(before, minlength=len(edge)))
    return RoadNetwork(
        edges=_edges(kept, both, classes, names),
        arcs=Arcs(
            edge.astype(np.int32), arcs.backward, arcs.tail.astype(np.int32), arcs.head.astype(np.int32)
        ),
        turns=Turns(np.concatenate([[0], ends]).astype(np.int64), after.astype(np.int32)),
        classes=tuple(classes),
        names=tuple(names),
    )


def _edges(
    kept: Sequence[Street],
    arcs: Small,
    classes: list[str],
    names: list[str],
) -> Edges:
    class_rank = {name: at for at, name in enumerate(classes)}
    name_rank = {name: at for at, name in enumerate(names)}
    start, points, length_m = _geometry(kept)
    return Edges(
        start=start,
        points=points,
        length_m=length_m,
        speed_kmh=np.array([street.speed_kmh for street in kept], dtype=np.float64),
        speed_signed=np.array([street.speed_signed for street in kept], dtype=bool),
        may_stop=np.array([street.may_stop for street in kept], dtype=bool),
        road_class=np.array([class_rank[street.road_class] for street in kept], dtype=np.int32),
        name=np.array([name_rank[street.name] for street in kept], dtype=np.int32),
        arcs=arcs,
    )


def _geometry(streets: Sequence[Street]) -> tuple[Ints, Floats, Floats]:
    """Return where each street's points begin, all points, and the length of each street."""
    sizes = np.array([len(street.points) for street in streets], dtype=np.int64)
    start = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    points = np.array(list(chain.from_iterable(street.points for street in streets)), dtype=np.float64)
    steps = np.append(lengths_m(points), 0.0)
    steps[start[1:] - 1] = 0.0
    return start, points, np.maximum(np.add.reduceat(steps, start[:-1]), SHORTEST_M)
