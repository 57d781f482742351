"""
The order in which states are taken out of the network, and which shortcuts that may ever need.

A customisable contraction hierarchy (Dibbelt, Strasser and Wagner, 2016): the order comes from nested
dissection of the bare network, so it holds for every vehicle and every hour; only the costs are
written in anew. States are numbered by this order, the first to go first.
"""

from dataclasses import dataclass

import numpy as np
import pymetis

from geodata.compiling import compiled
from geodata.edges import Ints, Small
from geodata.states import States

ORDER_SEED = 1


@dataclass(frozen=True, eq=False)
class Hierarchy:
    """
    Hold the shortcuts, each from a state up to one that goes later.

    Those of state ``v`` lead to ``head[start[v]:start[v + 1]]``, in ascending order; ``parent`` is the
    first of them, or -1. The cost of step ``i`` of the states is written to shortcut ``slot[i]``, driven
    upward, or downward where ``slot[i]`` counts on from the number of shortcuts; -1 for a step to itself.
    """

    start: Ints
    head: Small
    parent: Small
    slot: Ints

    @property
    def count(self) -> int:
        return len(self.head)


def dissection_rank(states: States) -> Small:
    """
    Return when each state is taken away, found by nested dissection (METIS).

    Takes about 4 s for 360,000 states. The same network gives the same order.
    """
    start, neighbour = _neighbours(states)
    graph = pymetis.CSRAdjacency(start.astype(np.int32), neighbour)
    _, rank = pymetis.nested_dissection(graph, options=pymetis.Options(seed=ORDER_SEED))
    return np.asarray(rank, dtype=np.int32)


def contract(states: States) -> Hierarchy:
    """Take the states away in the order of their numbers, and note every shortcut that may be needed."""
    before, after = states.steps.before.astype(np.int64), states.steps.after.astype(np.int64)
    low, high = np.minimum(before, after), np.maximum(before, after)
    pairs = np.unique(low[low < high] * states.count + high[low < high])
    sizes = np.bincount(pairs // states.count, minlength=states.count)
    first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    start, head, parent = _filled(states.count, first, (pairs % states.count).astype(np.int32))
    slot = _slots(start, head, states.steps.before, states.steps.after)
    return Hierarchy(start, head, parent, slot)


def _neighbours(states: States) -> tuple[Ints, Small]:
    before, after = states.steps.before.astype(np.int64), states.steps.after.astype(np.int64)
    apart = before != after
    a, b = before[apart], after[apart]
    pairs = np.unique(np.concatenate([a * states.count + b, b * states.count + a]))
    sizes = np.bincount(pairs // states.count, minlength=states.count)
    return np.concatenate([[0], np.cumsum(sizes)]), (pairs % states.count).astype(np.int32)


@compiled
def _filled(count: int, first: Ints, higher: Small) -> tuple[Ints, Small, Small]:
    """Give each state the later neighbours of those whose first later neighbour it is."""
    head = np.empty(len(higher) * 3 + 16, np.int32)
    start = np.zeros(count + 1, np.int64)
    parent = np.full(count, -1, np.int32)
    seen = np.full(count, -1, np.int32)
    child = np.full(count, -1, np.int32)
    sibling = np.full(count, -1, np.int32)
    end = 0
    for state in range(count):
        need = first[state + 1] - first[state]
        below = child[state]
        while below >= 0:
            need += start[below + 1] - start[below]
            below = sibling[below]
        if end + need > len(head):
            wider = np.empty(2 * len(head) + need, np.int32)
            wider[:end] = head[:end]
            head = wider
        for at in range(first[state], first[state + 1]):
            seen[higher[at]] = state
            head[end] = higher[at]
            end += 1
        below = child[state]
        while below >= 0:
            for at in range(start[below], start[below + 1]):
                other = head[at]
                if other != state and seen[other] != state:
                    seen[other] = state
                    head[end] = other
                    end += 1
            below = sibling[below]
        head[start[state] : end].sort()
        start[state + 1] = end
        if end > start[state]:
            above = head[start[state]]
            parent[state] = above
            sibling[state] = child[above]
            child[above] = state
    return start, head[:end].copy(), parent


@compiled
def _slots(start: Ints, head: Small, before: Small, after: Small) -> Ints:
    slot = np.full(len(before), -1, np.int64)
    for step in range(len(before)):
        low, high = min(before[step], after[step]), max(before[step], after[step])
        if low == high:
            continue
        left, right = start[low], start[low + 1]
        while left < right:
            middle = (left + right) >> 1
            if head[middle] < high:
                left = middle + 1
            else:
                right = middle
        slot[step] = left if before[step] < after[step] else len(head) + left
    return slot
