"""
Put requests back: one after another, each into the cheapest slot of all routes.

What was found for a route is remembered until the route changes, so that an iteration tries only the
routes it has touched. Now and then a slot is overlooked on purpose, so that no two tries are alike.
"""

import numpy as np
import numpy.typing as npt

from geodata.compiling import lean
from routing.search.ground import (
    CLOSES,
    FIRST_OPENS,
    FIXED,
    LEADER,
    MATE,
    PLACE,
    PRIZE,
    SECONDS,
    TWIN,
    Ground,
)
from routing.search.ruin import close_up, touch
from routing.search.slots import GRAINS, NOWHERE, best_slot, put_in
from routing.search.tours import ABSENT, ASKED, BOOK, LENGTH, OPEN, RANK, ROUND, SEEN, TOUCHED, VERSION, Tours

OVERLOOKED_SHARE = 0.01
BLINK_SHARE, BUNDLE_BLINK_SHARE = 0.01, 0.2
"""How often half of a route's slots are overlooked, for a request alone and for each of a bundle."""

BUNDLE_TURNS = 12
"""A bundle's requests go in one after another, from any of them on: so many turns at most."""

REBATE_SHARE = 0.15
"""How often a part of what starting a vehicle costs is waived, so that one is started for many at once."""


SLOT_VERSION, SLOT_GRAINS, SLOT_PICKUP, SLOT_DROP = range(4)
"""What is remembered: for which version of the route its best slot was found, and the slot.

Without positions the grains are a bound: the route has no slot for less."""

Memory = npt.NDArray[np.int64]
"""Remembers the best slot of each request in each route, for two versions: Q × V × 2 × 4."""


def new_memory(requests: int, vehicles: int) -> Memory:
    return np.full((requests, vehicles, 2, 4), -1, dtype=np.int64)


@lean
def recall(t: Tours, before: Tours, memory: Memory, q: int, v: int) -> int:
    """
    Return which of two memories holds this version of the route, or is to be overwritten with it.

    What is known of the route as it was before the iteration stays: most iterations are taken back.
    """
    version = t.route[v, VERSION]
    if memory[q, v, 0, SLOT_VERSION] == version:
        return 0
    if memory[q, v, 1, SLOT_VERSION] == version:
        return 1
    touched = t.route[v, TOUCHED] == t.scratch[BOOK, ROUND]
    return 1 if touched and memory[q, v, 0, SLOT_VERSION] == before.route[v, VERSION] else 0


@lean
def list_open(g: Ground, t: Tours, may_start: int) -> int:
    """
    List the vehicles that a request may be put into: those that drive, and of idle twins the first.

    None that stands still is listed unless ``may_start`` more of them may start.
    """
    count, book = 0, t.scratch[BOOK]
    book[ASKED] += 1
    for v in range(t.route.shape[0]):
        if t.route[v, LENGTH] == 0:
            twin = g.vehicle[v, TWIN]
            if may_start < 1 or t.scratch[SEEN, twin] == book[ASKED]:
                continue
            t.scratch[SEEN, twin] = book[ASKED]
        t.scratch[OPEN, count] = v
        count += 1
    return count


@lean
def insert_cheapest(
    g: Ground, t: Tours, before: Tours, memory: Memory, q: int, ceiling: int, count: int, rebate: float
) -> int:
    """
    Insert a request, with its bundle, where it adds least, and less than ``ceiling`` grains.

    Looks at the first ``count`` vehicles of the open ones; returns the one chosen, or -1. Starting a
    vehicle counts for ``1 - rebate`` of what it costs.
    """
    if g.request[q, MATE] != q:
        return _insert_bundle_cheapest(g, t, before, q, ceiling, count)
    best, chosen = _cheapest_known(g, t, before, memory, q, ceiling, count, rebate)
    for at in range(count):
        v = t.scratch[OPEN, at]
        slot = memory[q, v, recall(t, before, memory, q, v)]
        known = slot[SLOT_VERSION] == t.route[v, VERSION]
        off = _rebate(g, t, v, rebate)
        if not g.allowed[v, q] or (known and (slot[SLOT_PICKUP] >= 0 or slot[SLOT_GRAINS] - off >= best)):
            continue
        slot[SLOT_VERSION] = t.route[v, VERSION]
        grains, slot[SLOT_PICKUP], slot[SLOT_DROP] = best_slot(g, t, v, q, min(best + off, NOWHERE), 0)
        slot[SLOT_GRAINS] = min(grains, best + off)
        grains -= off
        found = slot[SLOT_PICKUP] >= 0 and grains < best  # What is nowhere stays so at a rebate.
        if found and np.random.random() >= OVERLOOKED_SHARE:
            best, chosen = grains, v
    if chosen >= 0:
        slot = memory[q, chosen, recall(t, before, memory, q, chosen)]
        pickup_at, drop_at = slot[SLOT_PICKUP], slot[SLOT_DROP]
        blink = _blink(BLINK_SHARE)
        if blink:
            _, other_pickup, other_drop = best_slot(g, t, chosen, q, ceiling, blink)
            if other_pickup >= 0:
                pickup_at, drop_at = other_pickup, other_drop
        put_in(g, t, chosen, q, pickup_at, drop_at, touch(t, before, chosen))
    return chosen


@lean
def _blink(share: float) -> int:
    """Return a number that overlooks half of the slots, or mostly 0."""
    return 1 + np.random.randint(2**30) if np.random.random() < share else 0


@lean
def _cheapest_known(
    g: Ground, t: Tours, before: Tours, memory: Memory, q: int, ceiling: int, count: int, rebate: float
) -> tuple[int, int]:
    """Return the least grains remembered, and of which vehicle."""
    best, chosen = ceiling, -1
    for at in range(count):
        v = t.scratch[OPEN, at]
        slot = memory[q, v, recall(t, before, memory, q, v)]
        if slot[SLOT_VERSION] != t.route[v, VERSION] or slot[SLOT_PICKUP] < 0:
            continue
        grains = slot[SLOT_GRAINS] - _rebate(g, t, v, rebate)
        if grains < best and np.random.random() >= OVERLOOKED_SHARE:
            best, chosen = grains, v
    return best, chosen


@lean
def _rebate(g: Ground, t: Tours, v: int, rebate: float) -> int:
    """Return the grains that are waived for starting a vehicle."""
    return 0 if t.route[v, LENGTH] else int(g.vehicle[v, FIXED] * rebate) * GRAINS


@lean
def _insert_bundle_cheapest(g: Ground, t: Tours, before: Tours, q: int, ceiling: int, count: int) -> int:
    best, chosen, blink = ceiling, -1, _blink(BUNDLE_BLINK_SHARE)
    for _ in range(np.random.randint(BUNDLE_TURNS)):
        q = g.request[q, MATE]
    for at in range(count):
        v = t.scratch[OPEN, at]
        if g.allowed[v, q]:
            grains = _bundle_grains(g, t, before, v, q, best, blink)
            if grains < best and np.random.random() >= OVERLOOKED_SHARE:
                best, chosen = grains, v
    if chosen >= 0:
        _insert_bundle(g, t, before, chosen, q, NOWHERE, blink)
    return chosen


@lean
def _bundle_grains(g: Ground, t: Tours, before: Tours, v: int, first: int, ceiling: int, blink: int) -> int:
    """Return what a whole bundle would add to a route, which is as before afterwards."""
    grains = _insert_bundle(g, t, before, v, first, ceiling, blink)
    if grains < NOWHERE:
        _release(g, t, before, v, first)
    return grains


@lean
def _insert_bundle(g: Ground, t: Tours, before: Tours, v: int, first: int, ceiling: int, blink: int) -> int:
    """Insert a bundle's requests one after another into one route, or none of them."""
    total, q = 0, first
    while True:
        grains, pickup_at, drop_at = NOWHERE, -1, -1
        if g.allowed[v, q]:
            grains, pickup_at, drop_at = best_slot(g, t, v, q, NOWHERE, blink * (q + 1))
        if grains == NOWHERE or total + grains >= ceiling:
            if q != first:
                _release(g, t, before, v, first)
            return NOWHERE
        put_in(g, t, v, q, pickup_at, drop_at, touch(t, before, v))
        total += grains
        q = g.request[q, MATE]
        if q == first:
            return total


@lean
def _release(g: Ground, t: Tours, before: Tours, v: int, first: int) -> None:
    q = first
    while t.owner[q] >= 0:
        t.owner[q] = -1
        q = g.request[q, MATE]
    close_up(g, t, v, touch(t, before, v))


@lean
def put_back(g: Ground, t: Tours, before: Tours, memory: Memory, count: int, most: int) -> None:
    """Offer the absent bundles every route, in one of several orders and with more or less patience."""
    patience = 1.0
    used = vehicles_used(t)
    if used == 0:
        patience = 1e9
    elif np.random.random() < 0.4:
        patience = 1.0 + 3.0 * np.random.random()
    rebate = np.random.random() if np.random.random() < REBATE_SHARE else 0.0
    _sort(g, t, count)
    vehicles = list_open(g, t, most - used)
    for at in range(count):
        leader = t.scratch[ABSENT, at]
        prize, q = 1.0 * g.request[leader, PRIZE], g.request[leader, MATE]
        while q != leader:
            prize += g.request[q, PRIZE]
            q = g.request[q, MATE]
        ceiling = min(prize * patience * GRAINS, 1.0 * NOWHERE)
        v = insert_cheapest(g, t, before, memory, leader, int(ceiling), vehicles, rebate)
        if v >= 0 and _just_started(g, t, v, leader):
            used += 1
            vehicles = list_open(g, t, most - used)


@lean
def _just_started(g: Ground, t: Tours, v: int, leader: int) -> bool:
    """Tell whether a route holds this bundle and nothing else."""
    for at in range(t.route[v, LENGTH]):
        visit = t.order[v, at]
        if visit >= 2 * t.owner.shape[0] or g.request[visit // 2, LEADER] != leader:
            return False
    return True


@lean
def vehicles_used(t: Tours) -> int:
    used = 0
    for v in range(t.route.shape[0]):
        if t.route[v, LENGTH]:
            used += 1
    return used


@lean
def _sort(g: Ground, t: Tours, count: int) -> None:
    """Sort the absent in place by one of several ranks."""
    by, absent, rank = np.random.random(), t.scratch[ABSENT], t.scratch[RANK]
    for at in range(count):
        q = absent[at]
        own = _rank(g, q, by)
        to = at
        while to > 0 and rank[to - 1] > own:
            rank[to], absent[to] = rank[to - 1], absent[to - 1]
            to -= 1
        rank[to], absent[to] = own, q


@lean
def _rank(g: Ground, q: int, by: float) -> int:
    """Rank a request: by chance, by the way, by hours, by prize, by deadline or by size."""
    pickup, drop = g.visit[2 * q], g.visit[2 * q + 1]
    if by < 0.3:
        return np.random.randint(2**30)
    if by < 0.5:
        return -g.way[SECONDS, pickup[PLACE], drop[PLACE]]
    if by < 0.7:
        return pickup[CLOSES] - pickup[FIRST_OPENS] + drop[CLOSES] - drop[FIRST_OPENS]
    if by < 0.8:
        return -g.request[q, PRIZE]
    if by < 0.9:
        return drop[CLOSES]
    return -g.change[2 * q, 0]
