"""
Every order of stops of one van, compiled: the cheapest way with each set of a few further requests.

The walk of ``pooling.market.orders``, which lays out what it reads and reads what it found. A beginning is a
row of ``label``; of the beginnings that have done the same and stand at the same place a chain is kept,
oldest first, so that of equals the first found wins, always the same.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from geodata.compiling import lean
from routing.search.ground import (
    DRIVE_LIMIT,
    END,
    FIRST_CLOSES,
    FIRST_OPENS,
    METRES,
    METRES_LIMIT,
    OPENS,
    PLACE,
    SECONDS,
    SHUTS,
    START,
    Flags,
    Ground,
    Whole,
)
from routing.search.tours import cost_cents, handling

AMOUNTS = 4
"""What the room of a leg is counted in: crates of three temperatures, and kilos."""

EARLIEST, BUSY, LEAVE_BY, LONG, DRIVE, OFF = range(6)
NODE, BEFORE, NEXT, COLUMNS = range(OFF + AMOUNTS, OFF + AMOUNTS + 4)
"""
Columns of ``label``. Leaving at ``t`` a beginning stands at its visit at ``max(EARLIEST, t + BUSY)``;
``LEAVE_BY`` is the last departure that keeps every window so far; from ``OFF`` on stands the load that was
driven on the leg that it is on, and was handed over there: it took its room all the same.
"""

KEY, FIRST, LAST = range(3)
"""Columns of ``state``: what is done and where, and the chain of its beginnings."""

BITS = 12
"""Up to so many requests may be asked about."""

HASHED = 2**18
"""Of so many states of one layer half may be taken."""

ROUNDED_S = 1
"""By so much a way of whole seconds may be longer than the same in two parts."""


class Walk(NamedTuple):
    """
    Hold what a walk reads: the promised visits in their order, and by how many of them are done what follows.

    ``fits`` tells by these, and by who is aboard (as bits), whether the van has room; ``load`` is that of
    each set; ``leg`` the leg that it is on then, ``free`` the room of each leg (no legs: none is counted);
    ``onward`` where the next promised visit is, and the seconds from there to the end.
    """

    promised: Whole
    announced: Flags
    fits: Flags
    load: Whole
    leg: Whole
    free: Whole
    onward: Whole


class Space(NamedTuple):
    """Hold what a walk writes: beginnings, two layers of states, where they are, the best of each set."""

    label: Whole
    state: Whole
    table: Whole
    best: Whole
    book: Whole


FREED, MADE, STAMP, COUNT = range(4)
"""Columns of ``book``: the first freed row of ``label``, rows made, the layer, states of the next layer."""

CENTS, WHOLE = range(2)
"""Columns of ``best``: cents and last beginning of the cheapest whole way of each set, -1 where none is."""


def new_space(requests: int, most: int) -> Space:
    """Make room for a walk of so many beginnings: a page of memory is taken when it is first written."""
    book = np.zeros(COUNT + 1, dtype=np.int64)
    book[FREED] = -1
    return Space(
        label=np.empty((2 * most + 1, COLUMNS), dtype=np.int64),
        state=np.empty((2, HASHED // 2, LAST + 1), dtype=np.int64),
        table=np.zeros((2, HASHED), dtype=np.int64),
        best=np.full((1 << requests, WHOLE + 1), -1, dtype=np.int64),
        book=book,
    )


def order_of(space: Space, last: int) -> npt.NDArray[np.int64]:
    """Return the visits of a beginning, first to last."""
    visits: list[int] = []
    while last >= 0:
        if space.label[last, NODE] >= 0:
            visits.append(int(space.label[last, NODE]))
        last = int(space.label[last, BEFORE])
    return np.array(visits[::-1], dtype=np.int64)


@lean
def walked(g: Ground, w: Walk, s: Space, requests: int, most: int) -> int:
    """Walk layer by layer; return how many beginnings were kept, or -1 where there are more than ``most``."""
    _start(g, s)
    layer, states, kept = 0, 1, 0
    while states:
        s.book[STAMP] += 1
        s.book[COUNT] = 0
        for at in range(states):
            key, first = s.state[layer, at, KEY], s.state[layer, at, FIRST]
            if key & 255 == w.promised.shape[0] and _collected(key) == _handed(key):
                _end(g, s, key, first)
            if not _go_on(g, w, s, requests, key, first, 1 - layer):
                return -1
        layer, states = 1 - layer, s.book[COUNT]
        kept += _kept(s, layer, states)
        if kept > most:
            return -1
    return kept


@lean
def _start(g: Ground, s: Space) -> None:
    for column in range(COLUMNS):
        s.label[0, column] = 0
    s.label[0, EARLIEST], s.label[0, LEAVE_BY] = g.vehicle[0, OPENS], g.vehicle[0, SHUTS]
    s.label[0, NODE] = s.label[0, BEFORE] = s.label[0, NEXT] = -1
    s.state[0, 0, KEY] = _key(0, 0, 0, 0, g.vehicle[0, START])
    s.state[0, 0, FIRST] = s.state[0, 0, LAST] = 0
    s.book[MADE] = 1


@lean
def _key(promised: int, collected: int, handed: int, on_leg: int, place: int) -> int:
    """Write what is done as one number: ``on_leg`` are those aboard who were driven on the leg it is on."""
    done = promised | collected << 8 | handed << (8 + BITS)
    return done | on_leg << (8 + 2 * BITS) | place << (8 + 3 * BITS)


@lean
def _collected(key: int) -> int:
    return key >> 8 & ((1 << BITS) - 1)


@lean
def _handed(key: int) -> int:
    return key >> (8 + BITS) & ((1 << BITS) - 1)


@lean
def _kept(s: Space, layer: int, states: int) -> int:
    kept = 0
    for at in range(states):
        one = s.state[layer, at, FIRST]
        while one >= 0:
            kept += 1
            one = s.label[one, NEXT]
    return kept


@lean
def _go_on(g: Ground, w: Walk, s: Space, requests: int, key: int, first: int, layer: int) -> bool:
    """Try every visit that may come next; tells whether there was space for all."""
    promised, collected, handed = key & 255, _collected(key), _handed(key)
    if promised < w.promised.shape[0] and not _step(
        g, w, s, key, first, layer, w.promised[promised], promised + 1, collected, handed, 0
    ):
        return False
    for number in range(requests):
        bit = 1 << number
        node, more, less, off = 2 * number, collected | bit, handed, 0
        if collected & bit:
            node, more, less, off = 2 * number + 1, collected, handed | bit, bit
        if handed & bit:
            continue
        if not _step(g, w, s, key, first, layer, node, promised, more, less, off):
            return False
    return True


@lean
def _step(
    g: Ground,
    w: Walk,
    s: Space,
    key: int,
    first: int,
    layer: int,
    node: int,
    promised: int,
    collected: int,
    handed: int,
    off: int,
) -> bool:
    """Go on with one visit from each beginning of a state, where the van has room."""
    aboard = collected & ~handed
    if not w.fits[promised, aboard]:
        return True
    before, place, here = key & 255, g.visit[node, PLACE], key >> (8 + 3 * BITS)
    stop = promised > before and w.announced[before]
    driven = 0
    if w.free.shape[0]:
        driven = key >> (8 + 2 * BITS) & ((1 << BITS) - 1)
        if place != here:
            driven |= _collected(key) & ~_handed(key)
    on_leg = 0 if stop else driven & ~off
    after = _key(promised, collected, handed, on_leg, place)
    one = first
    while one >= 0:
        made = _further(g, w, s, one, node, here, before, promised, driven, driven & off)
        if made < -1:
            return False
        if made >= 0 and not _put(s, layer, after, made):
            return False
        one = s.label[one, NEXT]
    return True


@lean
def _further(
    g: Ground,
    w: Walk,
    s: Space,
    one: int,
    node: int,
    here: int,
    before: int,
    promised: int,
    driven: int,
    off: int,
) -> int:
    """Go on with one more visit; -1 where hours, way or the room of the leg forbid, -2 where space is out."""
    label, of, place = s.label[one], g.vehicle[0], g.visit[node, PLACE]
    drive = g.way[SECONDS, here, place]
    ready, way = label[EARLIEST] + drive, label[BUSY] + drive
    leave_by = min(label[LEAVE_BY], g.visit[node, FIRST_CLOSES] - way)
    if ready > g.visit[node, FIRST_CLOSES] or leave_by < of[OPENS]:
        return -1
    driven_s, metres = label[DRIVE] + drive, label[LONG] + g.way[METRES, here, place]
    rest = w.onward[promised, 1] + g.way[SECONDS, place, w.onward[promised, 0]]
    rest -= ROUNDED_S * (w.promised.shape[0] + 1)
    if metres > of[METRES_LIMIT] or driven_s + max(0, rest) > of[DRIVE_LIMIT]:
        return -1
    if driven and not _leg_has_room(w, label, before, driven):
        return -1
    new = _row(s)
    if new < 0:
        return -2
    made, handled = s.label[new], handling(g, node, here)
    stop = promised > before and w.announced[before]
    made[EARLIEST] = max(ready, g.visit[node, FIRST_OPENS]) + handled
    made[BUSY], made[LEAVE_BY], made[LONG], made[DRIVE] = way + handled, leave_by, metres, driven_s
    for k in range(AMOUNTS):
        made[OFF + k] = 0 if stop else label[OFF + k] + w.load[off, k]
    made[NODE], made[BEFORE], made[NEXT] = node, one, -1
    return new


@lean
def _leg_has_room(w: Walk, label: Whole, promised: int, driven: int) -> bool:
    leg = w.leg[promised]
    if leg < 0 or leg >= w.free.shape[0]:
        return False
    short = 0
    for k in range(AMOUNTS):
        short += label[OFF + k] + w.load[driven, k] > w.free[leg, k]
    return short == 0


@lean
def _row(s: Space) -> int:
    """Return a row of ``label`` that is free, or -1."""
    row = s.book[FREED]
    if row >= 0:
        s.book[FREED] = s.label[row, NEXT]
        return row
    row = s.book[MADE]
    if row == s.label.shape[0]:
        return -1
    s.book[MADE] += 1
    return row


@lean
def _put(s: Space, layer: int, key: int, new: int) -> bool:
    """Keep a beginning beside those that are not as good as it in everything; false where space is out."""
    at = _state(s, layer, key)
    if at < 0:
        return False
    state, before, one = s.state[layer, at], -1, s.state[layer, at, FIRST]
    while one >= 0:
        if _no_better(s, new, one):
            _free(s, new)
            return True
        one = s.label[one, NEXT]
    one = state[FIRST]
    while one >= 0:
        following = s.label[one, NEXT]
        if _no_better(s, one, new):
            if before < 0:
                state[FIRST] = following
            else:
                s.label[before, NEXT] = following
            _free(s, one)
        else:
            before = one
        one = following
    if before < 0:
        state[FIRST] = new
    else:
        s.label[before, NEXT] = new
    return True


@lean
def _free(s: Space, row: int) -> None:
    s.label[row, NEXT] = s.book[FREED]
    s.book[FREED] = row


@lean
def _no_better(s: Space, one: int, other: int) -> bool:
    a, b = s.label[one], s.label[other]
    if b[EARLIEST] > a[EARLIEST] or b[BUSY] > a[BUSY] or b[LEAVE_BY] < a[LEAVE_BY]:
        return False
    if b[LONG] > a[LONG] or b[DRIVE] > a[DRIVE]:
        return False
    more = 0
    for k in range(OFF, OFF + AMOUNTS):
        more += b[k] > a[k]
    return more == 0


@lean
def _state(s: Space, layer: int, key: int) -> int:
    """Return where a state stands in a layer, made where it is new; -1 where there is no more space."""
    spot = (key ^ key >> 17 ^ key >> 31) * 7_919 & (HASHED - 1)
    while s.table[1, spot] == s.book[STAMP]:
        at = s.table[0, spot]
        if s.state[layer, at, KEY] == key:
            return at
        spot = spot + 1 & (HASHED - 1)
    at = s.book[COUNT]
    if at == s.state.shape[1]:
        return -1
    s.table[0, spot], s.table[1, spot] = at, s.book[STAMP]
    s.state[layer, at, KEY], s.state[layer, at, FIRST] = key, -1
    s.book[COUNT] += 1
    return at


@lean
def _end(g: Ground, s: Space, key: int, first: int) -> None:
    """Drive home, and note the way where it is the cheapest with these requests."""
    of, here, chosen = g.vehicle[0], key >> (8 + 3 * BITS), s.best[_collected(key)]
    home = of[END] if of[END] >= 0 else here
    home_s, home_m = g.way[SECONDS, here, home], g.way[METRES, here, home]
    one = first
    while one >= 0:
        label = s.label[one]
        ends, metres = label[EARLIEST] + home_s, label[LONG] + home_m
        legal = ends <= of[SHUTS] and metres <= of[METRES_LIMIT] and label[DRIVE] + home_s <= of[DRIVE_LIMIT]
        duration = max(label[BUSY] + home_s, ends - label[LEAVE_BY])
        cents = cost_cents(g, 0, metres, duration, 0)
        if legal and (chosen[WHOLE] < 0 or cents < chosen[CENTS]):
            chosen[CENTS], chosen[WHOLE] = cents, one
        one = label[NEXT]
