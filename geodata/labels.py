"""
What the climb from a place leaves behind, kept: a table between few places is read off without climbing anew.

A label lists the states that a place climbs to on its way out, and on its way in, each with its cost; the
fastest way between two places leads over a state that both list (Abraham et al., 2011: hub labels). A trip's
stops and a farm's yard are asked about all day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, NamedTuple

import numpy as np

from geodata.climbing import Doors, climb
from geodata.compiling import compiled
from geodata.cost import NEVER, Costs
from geodata.customising import Columns, Paper, Slope, Slopes
from geodata.edges import Ints, Small

LABELS_KEPT = 4_096
"""Places whose labels stay in memory, some 10 kB each; those kept for longest go first."""


class Side(NamedTuple):
    """Hold the states of one climb and what each costs, the straight line to the road included."""

    state: Small
    cost: Costs


class Label(NamedTuple):
    """Hold both climbs of a place."""

    leaving: Side
    reaching: Side


@dataclass
class Labels:
    """Keep the labels of places by a name of theirs; any number of threads may ask."""

    _kept: dict[object, Label] = field(default_factory=dict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def known(self, names: Sequence[object]) -> list[Label | None]:
        with self._lock:
            return [self._kept.get(name) for name in names]

    def keep(self, labels: Mapping[Any, Label]) -> None:
        with self._lock:
            self._kept.update(labels)
            while len(self._kept) > LABELS_KEPT:
                del self._kept[next(iter(self._kept))]


def labelled(slopes: Slopes, departures: Doors, arrivals: Doors, off_road: Costs) -> list[Label]:
    """Climb from places both ways; ``off_road`` is what each costs besides."""
    leaving = _sides(slopes, slopes.up, departures, off_road)
    reaching = _sides(slopes, slopes.down, arrivals, off_road)
    return [Label(*both) for both in zip(leaving, reaching, strict=True)]


def table_between(slopes: Slopes, labels: Sequence[Label]) -> Costs:
    """Return the cost of the fastest way from every place to every other that leaves its own edge."""
    with slopes.paper() as (found, _trail):
        return _met(
            _columns([one.leaving for one in labels]), _columns([one.reaching for one in labels]), found
        )


def _sides(slopes: Slopes, slope: Slope, doors: Doors, off_road: Costs) -> list[Side]:
    with slopes.paper() as paper:
        first, state, cost = _climbed(slopes.parent, slope.columns, doors.columns, paper)
    ends = zip(first[:-1].tolist(), first[1:].tolist(), off_road.tolist(), strict=True)
    return [Side(state[begin:end].copy(), cost[begin:end] + besides) for begin, end, besides in ends]


def _columns(sides: Sequence[Side]) -> Columns:
    first = np.zeros(len(sides) + 1, dtype=np.int64)
    np.cumsum([len(one.state) for one in sides], out=first[1:])
    states, costs = zip(*sides, strict=True)
    return first, np.concatenate(states), np.concatenate(costs)


@compiled
def _climbed(parent: Small, slope: Columns, doors: Columns, paper: Paper) -> tuple[Ints, Small, Costs]:
    """List what each place climbs to, and at what cost."""
    found, trail = paper
    first = np.zeros(len(doors[0]), np.int64)
    states, costs = np.empty(1024, np.int32), np.empty(1024, np.int64)
    end = 0
    for place in range(len(first) - 1):
        walked = climb(parent, slope, doors, place, found, trail)
        if end + walked > len(states):
            states = np.append(states, np.empty(end + walked, np.int32))
            costs = np.append(costs, np.empty(end + walked, np.int64))
        for at in range(walked):
            if found[trail[at]] < NEVER:
                states[end] = trail[at]
                costs[end] = found[trail[at]]
                end += 1
            found[trail[at]] = NEVER
        first[place + 1] = end
    return first, states[:end].copy(), costs[:end].copy()


@compiled
def _met(leaving: Columns, reaching: Columns, found: Costs) -> Costs:
    """Return the least cost from every place to every other over a state that both list."""
    count = len(leaving[0]) - 1
    answer = np.full((count, count), NEVER, np.int64)
    for source in range(count):
        begin, end = leaving[0][source], leaving[0][source + 1]
        for at in range(begin, end):
            found[leaving[1][at]] = leaving[2][at]
        for target in range(count):
            least = NEVER
            for at in range(reaching[0][target], reaching[0][target + 1]):
                least = min(least, found[reaching[1][at]] + reaching[2][at])
            answer[source, target] = least
        for at in range(begin, end):
            found[leaving[1][at]] = NEVER
    return answer
