"""
Where one more request fits on the way of one van whose legs keep room of their own, compiled.

The same answer as ``routing.slots.best_in_route``, equals included, for a van without a head, whose goods
may all meet and whose rides may take any time; beside it the room of each leg between announced stops.
"""

from typing import NamedTuple

import numpy as np

from geodata.compiling import lean
from routing.problem import STOPS_PER_ROUTE_LIMIT, Problem
from routing.search.ground import (
    DRIVE_LIMIT,
    END,
    METRES,
    METRES_LIMIT,
    OPENS,
    PLACE,
    ROOM,
    SECONDS,
    START,
    Flags,
    Ground,
    Whole,
    ground_of,
)
from routing.search.hours import duration_of
from routing.search.slots import halts_of
from routing.search.tours import BOOK, begin_in, copy_row, cost_cents, handling

WORST = 2**62


class Kept(NamedTuple):
    """
    Hold the room that the legs keep beside the van's own, and where the van stays.

    ``load`` is that of each request as legs count it; ``asked`` of them take room of a leg; ``stands`` tells
    of each announced stop whether the van stays there until the next.
    """

    load: Whole
    stands: Flags
    asked: int


class Scratch(NamedTuple):
    """Hold what is written while slots are tried, and the answer: the positions, and the way."""

    rows: Whole
    loads: Whole
    found: Whole


PICKUP_AT, DROP_AT, CENTS, DRIVE, LONG, DURATION, DROP_S = range(7)
"""Columns of ``found``."""

TRIED, BEFORE = range(2)
"""Rows of ``rows`` behind those of ``duration_of``: the order that is tried, where the van stays."""


def new_scratch(ground: Ground) -> Scratch:
    width = STOPS_PER_ROUTE_LIMIT + 2
    return Scratch(
        rows=np.zeros((BOOK + 3, width), dtype=np.int64),
        loads=np.zeros((width, ground.change.shape[1]), dtype=np.int64),
        found=np.zeros(DROP_S + 1, dtype=np.int64),
    )


@lean
def put_onto(g: Ground, k: Kept, s: Scratch, order: Whole, free: Whole, q: int, longer: Whole) -> bool:
    """
    Put a request where it costs least; ``longer`` is the order with it, ``free`` the room of the legs before.

    Tells whether there is a slot; ``found`` says what the way comes to.
    """
    length, found = order.shape[0], s.found
    if length + 2 > STOPS_PER_ROUTE_LIMIT:
        return False
    found[CENTS] = found[DRIVE] = found[DROP_S] = WORST
    _write_loads(g, s, order)
    _write_stands(g, k, s, order)
    whole = _way(g, order)
    for pickup_at in range(length + 1):
        stays = s.rows[BOOK + 1 + BEFORE, pickup_at]
        if not _has_room(g, s, q, pickup_at):
            continue
        if stays >= 0 and stays != g.visit[2 * q, PLACE]:
            continue
        for drop_at in range(pickup_at, length + 1):
            if drop_at > pickup_at and not _has_room(g, s, q, drop_at):
                break
            stays = s.rows[BOOK + 1 + BEFORE, drop_at]
            if stays < 0 or stays == g.visit[2 * q + 1, PLACE]:
                _try(g, k, s, order, free, q, whole, pickup_at, drop_at)
    if found[CENTS] == WORST:
        return False
    _lay(order, q, found[PICKUP_AT], found[DROP_AT], longer)
    return True


@lean
def sell(g: Ground, k: Kept, order: Whole, free: Whole) -> bool:
    """Take from the legs the room of all who are asked about; tells whether there is as much."""
    for at in range(order.shape[0]):
        visit = order[at]
        if visit % 2 or visit // 2 >= k.asked:
            continue
        q, drop_at = visit // 2, at + 1
        while order[drop_at] != visit + 1:
            drop_at += 1
        first, last = _legs(g, order, at, drop_at)
        if not _leg_room(k, free, first, last, q):
            return False
        for leg in range(max(first, 0), min(last + 1, free.shape[0])):
            for column in range(free.shape[1]):
                free[leg, column] -= k.load[q, column]
    return True


@lean
def _try(
    g: Ground,
    k: Kept,
    s: Scratch,
    order: Whole,
    free: Whole,
    q: int,
    whole: tuple[int, int, int],
    pickup_at: int,
    drop_at: int,
) -> None:
    """Keep a pair of positions where it is legal and better than the best so far."""
    length, found, of = order.shape[0], s.found, g.vehicle[0]
    drive, metres, handled = _longer(g, order, q, whole, pickup_at, drop_at)
    if drive > of[DRIVE_LIMIT] or metres > of[METRES_LIMIT]:
        return
    if cost_cents(g, 0, metres, drive + handled, 0) > found[CENTS]:
        return
    tried = s.rows[BOOK + 1 + TRIED, : length + 2]
    _lay(order, q, pickup_at, drop_at, tried)
    if free.shape[0]:
        first, last = _legs(g, tried, pickup_at, drop_at + 1)
        if not _leg_room(k, free, first, last, q):
            return
    duration = duration_of(g, 0, tried, length + 2, s.rows)
    if duration < 0:
        return
    cents = cost_cents(g, 0, metres, duration, halts_of(g, tried, length + 2))
    if cents > found[CENTS] or (cents == found[CENTS] and drive > found[DRIVE]):
        return
    drop_s = _drop_s(g, tried, duration, drop_at + 1)
    if cents == found[CENTS] and drive == found[DRIVE] and drop_s >= found[DROP_S]:
        return
    found[PICKUP_AT], found[DROP_AT], found[CENTS] = pickup_at, drop_at, cents
    found[DRIVE], found[LONG], found[DURATION], found[DROP_S] = drive, metres, duration, drop_s


@lean
def _lay(order: Whole, q: int, pickup_at: int, drop_at: int, longer: Whole) -> None:
    copy_row(order, longer, 0, pickup_at, 0)
    longer[pickup_at] = 2 * q
    copy_row(order, longer, pickup_at, drop_at, 1)
    longer[drop_at + 1] = 2 * q + 1
    copy_row(order, longer, drop_at, order.shape[0], 2)


@lean
def _drop_s(g: Ground, order: Whole, duration: int, drop_at: int) -> int:
    """Return when the drop begins: the van leaves as late as the earliest end allows."""
    ends = _walked_until(g, order, g.vehicle[0, OPENS], order.shape[0])
    return _walked_until(g, order, ends - duration, drop_at)


@lean
def _walked_until(g: Ground, order: Whole, departs: int, until: int) -> int:
    """Return when a visit begins, or the end, of an order whose hours are legal."""
    here, moment = g.vehicle[0, START], departs
    for at in range(order.shape[0]):
        visit = order[at]
        begin = begin_in(g, visit, moment + g.way[SECONDS, here, g.visit[visit, PLACE]])
        if at == until:
            return begin
        moment = begin + handling(g, visit, here)
        here = g.visit[visit, PLACE]
    return moment + (g.way[SECONDS, here, g.vehicle[0, END]] if g.vehicle[0, END] >= 0 else 0)


@lean
def _write_loads(g: Ground, s: Scratch, order: Whole) -> None:
    """Write what is aboard before each position."""
    for column in range(g.change.shape[1]):
        load = g.vehicle[0, ROOM + 2 * column + 1]
        s.loads[0, column] = load
        for at in range(order.shape[0]):
            load += g.change[order[at], column]
            s.loads[at + 1, column] = load


@lean
def _has_room(g: Ground, s: Scratch, q: int, at: int) -> bool:
    for column in range(g.change.shape[1]):
        if s.loads[at, column] + g.change[2 * q, column] > g.vehicle[0, ROOM + 2 * column]:
            return False
    return True


@lean
def _write_stands(g: Ground, k: Kept, s: Scratch, order: Whole) -> None:
    """Write by position the place at which the van stays when that visit is next, -1 where it does not."""
    row, stays, stop = s.rows[BOOK + 1 + BEFORE], -1, 0
    first = 2 * g.request.shape[0]
    for at in range(order.shape[0]):
        row[at] = stays
        if order[at] >= first:
            stays = g.visit[order[at], PLACE] if k.stands[stop] else -1
            stop += 1
    row[order.shape[0]] = -1


@lean
def _leg_room(k: Kept, free: Whole, first: int, last: int, q: int) -> bool:
    """Tell whether every leg of a stretch has room; legs before the first count from the last."""
    begin = first + free.shape[0] if first < 0 else first
    for leg in range(max(begin, 0), min(last + 1, free.shape[0])):
        for column in range(free.shape[1]):
            if k.load[q, column] > free[leg, column]:
                return False
    return True


@lean
def _legs(g: Ground, order: Whole, pickup_at: int, drop_at: int) -> tuple[int, int]:
    """Return the first and the last leg on whose drive a request is aboard."""
    leg, announced = -1, 2 * g.request.shape[0]
    for at in range(pickup_at):
        leg += 1 if order[at] >= announced else 0
    first, last, begun = 0, 0, False
    here = g.visit[order[pickup_at], PLACE]
    for at in range(pickup_at + 1, drop_at + 1):
        place = g.visit[order[at], PLACE]
        if place != here or (at == drop_at and not begun):
            first, last, begun = first if begun else leg, leg, True
        here = place
        leg += 1 if order[at] >= announced else 0
    return first, last


@lean
def _way(g: Ground, order: Whole) -> tuple[int, int, int]:
    """Return the seconds of driving, the metres and the seconds of handling of an order."""
    drive = metres = handled = 0
    here = g.vehicle[0, START]
    for at in range(order.shape[0]):
        leg = _leg(g, here, order[at])
        drive, metres, handled = drive + leg[0], metres + leg[1], handled + leg[2]
        here = g.visit[order[at], PLACE]
    home = _leg(g, here, -1)
    return drive + home[0], metres + home[1], handled


@lean
def _leg(g: Ground, here: int, visit: int) -> tuple[int, int, int]:
    """Return the way from a place to a visit (-1: to the end), and the handling there."""
    place = g.visit[visit, PLACE] if visit >= 0 else g.vehicle[0, END]
    if place < 0:
        return 0, 0, 0
    handled = handling(g, visit, here) if visit >= 0 else 0
    return g.way[SECONDS, here, place], g.way[METRES, here, place], handled


@lean
def _longer(
    g: Ground, order: Whole, q: int, whole: tuple[int, int, int], pickup_at: int, drop_at: int
) -> tuple[int, int, int]:
    """Return the way and handling of an order with a request put in."""
    pickup, drop = 2 * q, 2 * q + 1
    before = g.visit[order[pickup_at - 1], PLACE] if pickup_at else g.vehicle[0, START]
    after = order[drop_at] if drop_at < order.shape[0] else -1
    a, b = _leg(g, before, pickup), _leg(g, g.visit[drop, PLACE], after)
    drive, metres, handled = whole[0] + a[0] + b[0], whole[1] + a[1] + b[1], whole[2] + a[2] + b[2]
    if pickup_at == drop_at:
        c, d = _leg(g, g.visit[pickup, PLACE], drop), _leg(g, before, after)
        return drive + c[0] - d[0], metres + c[1] - d[1], handled + c[2] - d[2]
    following, last = order[pickup_at], g.visit[order[drop_at - 1], PLACE]
    c, d = _leg(g, g.visit[pickup, PLACE], following), _leg(g, before, following)
    e, f = _leg(g, last, drop), _leg(g, last, after)
    drive, metres = drive + c[0] - d[0] + e[0] - f[0], metres + c[1] - d[1] + e[1] - f[1]
    return drive, metres, handled + c[2] - d[2] + e[2] - f[2]


def one_van(problem: Problem) -> Ground:
    """Lay out a problem of one van; raises ``ValueError`` where slots hang on what is not asked here."""
    of = problem.vehicles[0]
    longest = any(one.longest_ride_s is not None for one in problem.requests)
    if len(problem.vehicles) != 1 or problem.apart or of.head or of.longest_s is not None or longest:
        raise ValueError("Only the slots of one van without a head or goods kept apart are tried so.")
    return ground_of(problem)
