"""
Where one more request fits in one route, compiled: every pair of positions, the cheapest kept.

Costs are counted in grains, 3,600,000 to the cent, so that metres and seconds weigh exactly. Hours are
judged in O(1) at the pickup and at the drop and walked between them; a route whose hours have a price or
a limit of their own is timed anew, but only where driving and handling alone do not decide already.
"""

from geodata.compiling import lean
from routing.problem import STOPS_PER_ROUTE_LIMIT
from routing.search.ground import (
    CLOSES,
    DRIVE_LIMIT,
    END,
    FIXED,
    FOES,
    HEAD,
    LEAST,
    METRES,
    METRES_LIMIT,
    OPENS,
    PER_HOUR,
    PER_KM,
    PINNED,
    PLACE,
    ROOM,
    SAVES_M,
    SAVES_S,
    SECONDS,
    SERVICE,
    SHUTS,
    START,
    UNLIMITED,
    WEIGHED,
    WINDOWS,
    Ground,
    Whole,
)
from routing.search.hours import duration_of, shortest
from routing.search.tours import (
    ABOARD,
    CENTS,
    DRIVE,
    LEAVE_BY,
    LEAVES,
    LENGTH,
    LOADS,
    LONG,
    LOOSE,
    ORDER,
    SPARE,
    Tours,
    begin_in,
    copy_row,
    cost_cents,
    handling,
    write_route,
)

GRAINS = 3_600_000
GRAINS_PER_METRE = GRAINS // 1000
GRAINS_PER_SECOND = GRAINS // 3600
NOWHERE = 2**62


@lean
def best_slot(g: Ground, t: Tours, v: int, q: int, ceiling: int, blink: int) -> tuple[int, int, int]:
    """
    Return the cheapest slot that adds less than ``ceiling`` grains: grains, pickup before, drop before.

    ``NOWHERE`` grains tell that there is none. Positions in the locked head are left alone. ``blink``
    overlooks half of the slots, another half for each number; with 0 all are seen.
    """
    if g.request[q, PINNED]:
        return _slot_aboard(g, t, v, q, ceiling, blink)
    best, best_pickup, best_drop = ceiling, -1, -1
    length = t.route[v, LENGTH]
    if length + 2 > STOPS_PER_ROUTE_LIMIT:
        return NOWHERE, -1, -1
    pickup = 2 * q
    place = g.visit[pickup, PLACE]
    closes, metre = g.visit[pickup, CLOSES], g.vehicle[v, PER_KM] * GRAINS_PER_METRE
    second = g.vehicle[v, PER_HOUR] * GRAINS_PER_SECOND
    work, floor = _least_time(g, t, v, q)
    opening = 0 if length else g.vehicle[v, FIXED] * GRAINS
    saves_m, saves_s = g.request[q, SAVES_M], g.request[q, SAVES_S]
    for at in range(g.vehicle[v, HEAD], length + 1):
        before, moment = _before(g, t, v, at)
        if moment > closes:
            break
        after = g.visit[t.order[v, at], PLACE] if at < length else g.vehicle[v, END]
        metres, drive = g.way[METRES, before, place] - saves_m, g.way[SECONDS, before, place] - saves_s
        if after >= 0:
            metres += g.way[METRES, place, after] - (g.way[METRES, before, after] if length else 0)
            drive += g.way[SECONDS, place, after] - (g.way[SECONDS, before, after] if length else 0)
        if opening + metres * metre + max(floor, drive + work) * second >= best:
            continue
        begin = begin_in(g, pickup, moment + g.way[SECONDS, before, place])
        if begin < 0 or not _has_room(g, t, v, q, at - 1):
            continue
        moment = begin + handling(g, pickup, before)
        best, drop_at = _best_drop(g, t, v, q, at, moment, opening, best, blink)
        if drop_at >= 0:
            best_pickup, best_drop = at, drop_at
    if best_pickup < 0:
        return NOWHERE, -1, -1
    return best, best_pickup, best_drop


@lean
def _least_time(g: Ground, t: Tours, v: int, q: int) -> tuple[int, int]:
    """Return the least that a request adds beside driving, where it replaces all waiting, and at all."""
    pickup, drop = g.visit[2 * q], g.visit[2 * q + 1]
    handled = pickup[LEAST] + drop[LEAST]
    saved = pickup[SERVICE] + drop[SERVICE] - handled
    return handled - t.route[v, SPARE], -t.route[v, LOOSE] - saved


@lean
def _overlooked(blink: int, pickup_at: int, drop_at: int) -> bool:
    """Tell whether a blink falls on a slot: always the same answer to the same question."""
    mixed = blink + 7919 * pickup_at + 104_729 * drop_at
    mixed = (mixed ^ (mixed >> 7)) * 2_246_822_519
    return blink != 0 and (mixed >> 15) & 1 == 1


@lean
def _before(g: Ground, t: Tours, v: int, at: int) -> tuple[int, int]:
    """Return the place before a position and the earliest moment to leave it."""
    if at:
        return g.visit[t.order[v, at - 1], PLACE], t.line[v, at - 1, LEAVES]
    return g.vehicle[v, START], g.vehicle[v, OPENS]


@lean
def _has_room(g: Ground, t: Tours, v: int, q: int, at: int) -> bool:
    """Tell whether the request can be aboard as well after the visit at a position (-1: at the start)."""
    for k in range(g.change.shape[1]):
        load = t.line[v, at, LOADS + k] if at >= 0 else g.vehicle[v, ROOM + 2 * k + 1]
        if load + g.change[2 * q, k] > g.vehicle[v, ROOM + 2 * k]:
            return False
    return at < 0 or t.line[v, at, ABOARD] & g.request[q, FOES] == 0


@lean
def _best_drop(
    g: Ground,
    t: Tours,
    v: int,
    q: int,
    pickup_at: int,
    moment: int,
    opening: int,
    ceiling: int,
    blink: int,
) -> tuple[int, int]:
    """Walk on from the pickup; return the least grains below the ceiling, and where the drop goes (or -1)."""
    best, best_at = ceiling, -1
    length = t.route[v, LENGTH]
    drop, target = 2 * q + 1, g.visit[2 * q + 1, PLACE]
    here = g.visit[2 * q, PLACE]
    metre = g.vehicle[v, PER_KM] * GRAINS_PER_METRE
    work, floor = _least_time(g, t, v, q)
    may_catch_up = g.visit[drop, LEAST] < g.visit[drop, SERVICE]
    for at in range(pickup_at, length + 1):
        begin = begin_in(g, drop, moment + g.way[SECONDS, here, target])
        if begin < 0:
            break
        metres = added(g, t, METRES, v, q, pickup_at, at)
        grains = opening + metres * metre
        if g.vehicle[v, WEIGHED]:
            drive = added(g, t, SECONDS, v, q, pickup_at, at)
            grains += max(floor, drive + work) * g.vehicle[v, PER_HOUR] * GRAINS_PER_SECOND
        seen = grains < best and not _overlooked(blink, pickup_at, at)
        if seen and _fits_before(g, t, v, at, target, begin + handling(g, drop, here)):
            grains = _grains(g, t, v, q, pickup_at, at, metres, grains)
            if grains < best:
                best, best_at = grains, at
        if at == length or not _has_room(g, t, v, q, at):
            break
        visit = t.order[v, at]
        place = g.visit[visit, PLACE]
        begin = begin_in(g, visit, moment + g.way[SECONDS, here, place])
        if begin < 0:
            break
        moment = begin + handling(g, visit, here)
        if moment > t.line[v, at, LEAVE_BY] and not may_catch_up:
            break
        here = place
    return best, best_at


@lean
def _fits_before(g: Ground, t: Tours, v: int, at: int, place: int, moment: int) -> bool:
    """Tell whether the rest of the route, from a position on, can follow a visit left at that moment."""
    if at == t.route[v, LENGTH]:
        end = g.vehicle[v, END]
        return moment + (g.way[SECONDS, place, end] if end >= 0 else 0) <= g.vehicle[v, SHUTS]
    visit = t.order[v, at]
    begin = begin_in(g, visit, moment + g.way[SECONDS, place, g.visit[visit, PLACE]])
    return begin >= 0 and begin + handling(g, visit, place) <= t.line[v, at, LEAVE_BY]


@lean
def _grains(
    g: Ground, t: Tours, v: int, q: int, pickup_at: int, drop_at: int, metres: int, grains: int
) -> int:
    """Price a pair of positions whose hours are legal; ``NOWHERE`` where a limit is broken."""
    of = g.vehicle[v]
    if t.route[v, LONG] + metres > of[METRES_LIMIT]:
        return NOWHERE
    if of[DRIVE_LIMIT] < UNLIMITED:
        drive = added(g, t, SECONDS, v, q, pickup_at, drop_at)
        if t.route[v, DRIVE] + drive > of[DRIVE_LIMIT]:
            return NOWHERE
    if not of[WEIGHED]:
        return grains
    order, length = t.scratch[ORDER], t.route[v, LENGTH]
    copy_row(t.order[v], order, 0, pickup_at, 0)
    order[pickup_at] = 2 * q
    copy_row(t.order[v], order, pickup_at, drop_at, 1)
    order[drop_at + 1] = 2 * q + 1
    copy_row(t.order[v], order, drop_at, length, 2)
    return _timed_grains(g, t, v, length + 2, metres)


@lean
def added(g: Ground, t: Tours, plane: int, v: int, q: int, pickup_at: int, drop_at: int) -> int:
    """Return what two more visits add to the way, in metres or in seconds of driving."""
    length, end = t.route[v, LENGTH], g.vehicle[v, END]
    pickup, drop = g.visit[2 * q, PLACE], g.visit[2 * q + 1, PLACE]
    before = g.visit[t.order[v, pickup_at - 1], PLACE] if pickup_at else g.vehicle[v, START]
    after = g.visit[t.order[v, drop_at], PLACE] if drop_at < length else end
    total = g.way[plane, drop, after] if after >= 0 else 0
    if pickup_at == drop_at:
        total += g.way[plane, before, pickup] + g.way[plane, pickup, drop]
        return total - (g.way[plane, before, after] if after >= 0 and length else 0)
    first = g.visit[t.order[v, pickup_at], PLACE]
    last = g.visit[t.order[v, drop_at - 1], PLACE]
    total += g.way[plane, before, pickup] + g.way[plane, pickup, first] - g.way[plane, before, first]
    return total + g.way[plane, last, drop] - (g.way[plane, last, after] if after >= 0 else 0)


@lean
def _timed_grains(g: Ground, t: Tours, v: int, length: int, metres: int) -> int:
    """Price the order that stands in the scratch space, with its hours and its halts."""
    order = t.scratch[ORDER]
    duration = duration_of(g, v, order, length, t.scratch)
    if duration < 0:
        return NOWHERE
    cents = cost_cents(g, v, t.route[v, LONG] + metres, duration, halts_of(g, order, length))
    return (cents - t.route[v, CENTS]) * GRAINS


@lean
def _slot_aboard(g: Ground, t: Tours, v: int, q: int, ceiling: int, blink: int) -> tuple[int, int, int]:
    """Return the cheapest slot for the drop of a request whose pickup is locked where it stands."""
    best, best_at = ceiling, -1
    pickup_at, length = 0, t.route[v, LENGTH]
    if length + 1 > STOPS_PER_ROUTE_LIMIT:
        return NOWHERE, -1, -1
    while t.order[v, pickup_at] != 2 * q:
        pickup_at += 1
    for at in range(pickup_at + 1, length + 1):
        if not _has_room(g, t, v, q, at - 1):
            break
        here, moment = _before(g, t, v, at)
        begin = begin_in(g, 2 * q + 1, moment + g.way[SECONDS, here, g.visit[2 * q + 1, PLACE]])
        if begin < 0:
            break
        leaves = begin + handling(g, 2 * q + 1, here)
        if at >= g.vehicle[v, HEAD] and _fits_before(g, t, v, at, g.visit[2 * q + 1, PLACE], leaves):
            grains = _drop_grains(g, t, v, q, at)
            if grains < best and not _overlooked(blink, pickup_at, at):
                best, best_at = grains, at
    return (best, pickup_at, best_at) if best_at >= 0 else (NOWHERE, -1, -1)


@lean
def _drop_grains(g: Ground, t: Tours, v: int, q: int, at: int) -> int:
    """Price a drop alone before a position; ``NOWHERE`` where a limit is broken."""
    of, length = g.vehicle[v], t.route[v, LENGTH]
    metres, drive = 0, 0
    here, place = g.visit[t.order[v, at - 1], PLACE], g.visit[2 * q + 1, PLACE]
    after = g.visit[t.order[v, at], PLACE] if at < length else of[END]
    metres += g.way[METRES, here, place]
    drive += g.way[SECONDS, here, place]
    if after >= 0:
        metres += g.way[METRES, place, after] - g.way[METRES, here, after]
        drive += g.way[SECONDS, place, after] - g.way[SECONDS, here, after]
    if t.route[v, LONG] + metres > of[METRES_LIMIT] or t.route[v, DRIVE] + drive > of[DRIVE_LIMIT]:
        return NOWHERE
    if not of[WEIGHED]:
        return metres * of[PER_KM] * GRAINS_PER_METRE
    order = t.scratch[ORDER]
    copy_row(t.order[v], order, 0, at, 0)
    order[at] = 2 * q + 1
    copy_row(t.order[v], order, at, length, 1)
    return _timed_grains(g, t, v, length + 1, metres)


@lean
def halts_of(g: Ground, order: Whole, length: int) -> int:
    """Count halts: visits that follow each other at one place are one."""
    halts = 0
    for at in range(length):
        if at == 0 or g.visit[order[at], PLACE] != g.visit[order[at - 1], PLACE]:
            halts += 1
    return halts


@lean
def put_in(g: Ground, t: Tours, v: int, q: int, pickup_at: int, drop_at: int, version: int) -> None:
    """Put a request into its slot and rewrite the route."""
    length = t.route[v, LENGTH]
    order = t.order[v]
    if g.request[q, PINNED]:
        for at in range(length - 1, drop_at - 1, -1):
            order[at + 1] = order[at]
        order[drop_at] = 2 * q + 1
        _finish(g, t, v, q, length + 1, version)
        return
    for at in range(length - 1, drop_at - 1, -1):
        order[at + 2] = order[at]
    order[drop_at + 1] = 2 * q + 1
    for at in range(drop_at - 1, pickup_at - 1, -1):
        order[at + 1] = order[at]
    order[pickup_at] = 2 * q
    _finish(g, t, v, q, length + 2, version)


@lean
def _finish(g: Ground, t: Tours, v: int, q: int, length: int, version: int) -> None:
    t.route[v, LENGTH] = length
    t.owner[q] = v
    write_route(g, t, v, version)
    price_route(g, t, v)


@lean
def price_route(g: Ground, t: Tours, v: int) -> bool:
    """Write what a route costs; tells whether it has legal hours."""
    length = t.route[v, LENGTH]
    if length == 0:
        t.route[v, CENTS] = t.route[v, SPARE] = t.route[v, LOOSE] = 0
        return True
    duration, halts = 0, 0
    if g.vehicle[v, WEIGHED]:
        order = t.scratch[ORDER]
        copy_row(t.order[v], order, 0, length, 0)
        duration = duration_of(g, v, order, length, t.scratch)
        halts = halts_of(g, order, length)
        t.route[v, SPARE] = duration - shortest(g, v, order, length)
        t.route[v, LOOSE] = 0
        for at in range(length):
            if g.visit[order[at], WINDOWS] > 1:
                t.route[v, LOOSE] = t.route[v, SPARE]
    t.route[v, CENTS] = cost_cents(g, v, t.route[v, LONG], duration, halts)
    return duration >= 0
