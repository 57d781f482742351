"""
One vehicle's costs written into the hierarchy, and the shortcuts it can do without taken out.

First every shortcut becomes the cheapest way over states that go earlier, then every one that a way
over later states equals is dropped (Dibbelt, Strasser and Wagner, 2016: basic and perfect customisation).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from geodata.compiling import compiled
from geodata.cost import NEVER, Costs
from geodata.edges import Flags, Ints, Small
from geodata.hierarchy import Hierarchy

Columns = tuple[Ints, Small, Costs]
"""Where the entries of each begin, what they are, and their costs: as compiled functions take them."""

Paper = tuple[Costs, Small]
"""What a climb notes: the cost of each state, ``NEVER`` but while it is under way, and the states walked."""

PAPERS_KEPT = 4


@dataclass(frozen=True, eq=False)
class Slope:
    """
    Hold the shortcuts of one sense that are needed: from each state up to later ones.

    Of the upward slope they are driven up, of the downward slope down, from the later state to the earlier.
    """

    start: Ints
    head: Small
    cost: Costs

    @property
    def columns(self) -> Columns:
        return self.start, self.head, self.cost


@dataclass(frozen=True, eq=False)
class Slopes:
    """Hold the hierarchy of one vehicle: ``parent`` is the elimination tree of its states."""

    parent: Small
    up: Slope
    down: Slope

    @contextmanager
    def paper(self) -> Iterator[Paper]:
        """
        Lend paper for one climb; whoever takes it gives it back blank.

        Making it anew would take longer than most climbs. After an error it is thrown away.
        """
        try:
            paper = self._papers.pop()
        except IndexError:
            count = len(self.parent)
            paper = np.full(count, NEVER, dtype=np.int64), np.empty(count, dtype=np.int32)
        yield paper
        if len(self._papers) < PAPERS_KEPT:
            self._papers.append(paper)

    @cached_property
    def _papers(self) -> list[Paper]:
        return []

    @cached_property
    def below(self) -> Columns:
        """Return the downward slope by its upper ends: from each state, the earlier ones it leads down to."""
        return _turned(self.down.start, self.down.head, self.down.cost)


def customise(hierarchy: Hierarchy, step_cost: Costs) -> Slopes:
    """Write the cost of every step in; costs of ``NEVER`` are steps that are closed."""
    costs = np.full(2 * hierarchy.count, NEVER, dtype=np.int64)
    placed = hierarchy.slot >= 0
    np.minimum.at(costs, hierarchy.slot[placed], step_cost[placed])
    up, down = costs[: hierarchy.count], costs[hierarchy.count :]
    _shorten(hierarchy.start, hierarchy.head, up, down)
    keep_up, keep_down = _thin(hierarchy.start, hierarchy.head, up, down)
    return Slopes(hierarchy.parent, _slope(hierarchy, up, keep_up), _slope(hierarchy, down, keep_down))


def _slope(hierarchy: Hierarchy, cost: Costs, keep: Flags) -> Slope:
    kept = np.concatenate([[0], np.cumsum(keep)])
    return Slope(kept[hierarchy.start], hierarchy.head[keep], cost[keep])


@compiled
def _shorten(start: Ints, head: Small, up: Costs, down: Costs) -> None:
    for low in range(len(start) - 1):
        for first in range(start[low], start[low + 1]):
            if up[first] >= NEVER and down[first] >= NEVER:
                continue
            across = start[head[first]]
            for second in range(first + 1, start[low + 1]):
                while head[across] < head[second]:
                    across += 1
                up[across] = min(up[across], down[first] + up[second])
                down[across] = min(down[across], down[second] + up[first])


@compiled
def _thin(start: Ints, head: Small, up: Costs, down: Costs) -> tuple[Flags, Flags]:
    keep_up, keep_down = up < NEVER, down < NEVER
    for low in range(len(start) - 2, -1, -1):
        for first in range(start[low], start[low + 1]):
            across = start[head[first]]
            for second in range(first + 1, start[low + 1]):
                while head[across] < head[second]:
                    across += 1
                if up[first] + up[across] <= up[second]:
                    up[second] = up[first] + up[across]
                    keep_up[second] = False
                if up[second] + down[across] <= up[first]:
                    up[first] = up[second] + down[across]
                    keep_up[first] = False
                if down[first] + down[across] <= down[second]:
                    down[second] = down[first] + down[across]
                    keep_down[second] = False
                if down[second] + up[across] <= down[first]:
                    down[first] = down[second] + up[across]
                    keep_down[first] = False
    return keep_up, keep_down


@compiled
def _turned(start: Ints, head: Small, cost: Costs) -> Columns:
    first = np.zeros(len(start) + 1, np.int64)
    for upper in head:
        first[upper + 2] += 1
    for at in range(2, len(first)):
        first[at] += first[at - 1]
    lower, price = np.empty(len(head), np.int32), np.empty(len(head), np.int64)
    for state in range(len(start) - 1):
        for at in range(start[state], start[state + 1]):
            place = first[head[at] + 1]
            lower[place], price[place] = state, cost[at]
            first[head[at] + 1] += 1
    return first[:-1], lower, price
