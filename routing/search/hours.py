"""
The hours of an order of visits, compiled: the same answer as that of ``routing.schedule``.
"""

from geodata.compiling import lean
from routing.search.ground import (
    END,
    OPENS,
    PLACE,
    RIDE,
    SECONDS,
    SHUTS,
    START,
    TIME_LIMIT,
    UNLIMITED,
    Ground,
    Whole,
)
from routing.search.tours import (
    BEGINS,
    BOUNDS,
    NEVER,
    RIDE_FROM,
    RIDE_LONGEST,
    RIDE_TO,
    begin_by,
    begin_in,
    handling,
)

ROUNDS_LIMIT = 400
"""So often hours are moved for the sake of rides or of a limit before an order counts as illegal."""


@lean
def duration_of(g: Ground, v: int, order: Whole, length: int, scratch: Whole) -> int:
    """
    Return the seconds from leaving to end, or -1 where no legal hours exist.

    The route ends as early as it can and leaves as late as that end allows; where that is longer than
    its limit, it departs so late that it cannot but end later. Loads and driving limits are not judged
    here.
    """
    longest = g.vehicle[v, TIME_LIMIT]
    if longest < UNLIMITED and shortest(g, v, order, length) > longest:
        return -1
    rides = _rides(g, v, order, length, scratch)
    if rides < 0:
        return -1
    departs = g.vehicle[v, OPENS]
    for _ in range(ROUNDS_LIMIT):
        end = _earliest(g, v, order, length, departs, rides, scratch)
        if end < 0:
            return -1
        leaves = _latest(g, v, order, length, end, rides, scratch)
        if rides:
            end = _earliest(g, v, order, length, leaves, rides, scratch)
        if end - leaves <= longest:
            return end - leaves
        departs = end + 1 - longest
    return -1


@lean
def _rides(g: Ground, v: int, order: Whole, length: int, scratch: Whole) -> int:
    """List the limited rides: how many, or -1 where one is too long even without waiting."""
    found = 0
    for drop_at in range(length):
        visit = order[drop_at]
        if visit >= 2 * g.request.shape[0] or visit % 2 == 0 or g.request[visit // 2, RIDE] < 0:
            continue
        pickup_at = drop_at
        way = 0
        while order[pickup_at] != visit - 1:
            pickup_at -= 1
            here = _place_before(g, v, order, pickup_at)
            place = g.visit[order[pickup_at], PLACE]
            way += handling(g, order[pickup_at], here)
            way += g.way[SECONDS, place, g.visit[order[pickup_at + 1], PLACE]]
        limit = g.request[visit // 2, RIDE] + handling(g, visit - 1, _place_before(g, v, order, pickup_at))
        if way > limit:
            return -1
        scratch[RIDE_FROM, found], scratch[RIDE_TO, found] = pickup_at, drop_at
        scratch[RIDE_LONGEST, found] = limit
        found += 1
    return found


@lean
def _place_before(g: Ground, v: int, order: Whole, at: int) -> int:
    return g.visit[order[at - 1], PLACE] if at else g.vehicle[v, START]


@lean
def shortest(g: Ground, v: int, order: Whole, length: int) -> int:
    """Return the seconds of driving and handling alone."""
    here, total = g.vehicle[v, START], 0
    for at in range(length):
        place = g.visit[order[at], PLACE]
        total += g.way[SECONDS, here, place] + handling(g, order[at], here)
        here = place
    return total + (g.way[SECONDS, here, g.vehicle[v, END]] if g.vehicle[v, END] >= 0 else 0)


@lean
def _earliest(g: Ground, v: int, order: Whole, length: int, departs: int, rides: int, scratch: Whole) -> int:
    """Begin each visit as early as windows and rides allow; returns the end, or -1."""
    if rides:
        for at in range(length):
            scratch[BOUNDS, at] = NEVER
    for _ in range(ROUNDS_LIMIT):
        end = _forward(g, v, order, length, departs, rides, scratch)
        if end < 0 or not rides:
            return end
        moved = False
        for ride in range(rides):
            pickup_at, drop_at = scratch[RIDE_FROM, ride], scratch[RIDE_TO, ride]
            least = scratch[BEGINS, drop_at] - scratch[RIDE_LONGEST, ride]
            if scratch[BEGINS, pickup_at] < least:
                scratch[BOUNDS, pickup_at] = least
                moved = True
        if not moved:
            return end
    return -1


@lean
def _forward(g: Ground, v: int, order: Whole, length: int, departs: int, rides: int, scratch: Whole) -> int:
    here, moment = g.vehicle[v, START], departs
    for at in range(length):
        place = g.visit[order[at], PLACE]
        ready = moment + g.way[SECONDS, here, place]
        if rides:
            ready = max(ready, scratch[BOUNDS, at])
        begin = begin_in(g, order[at], ready)
        if begin < 0:
            return -1
        scratch[BEGINS, at] = begin
        moment = begin + handling(g, order[at], here)
        here = place
    if g.vehicle[v, END] >= 0:
        moment += g.way[SECONDS, here, g.vehicle[v, END]]
    return moment if moment <= g.vehicle[v, SHUTS] else -1


@lean
def _latest(g: Ground, v: int, order: Whole, length: int, end: int, rides: int, scratch: Whole) -> int:
    """Begin each visit as late as windows, rides and the end allow; returns when to leave the start."""
    if rides:
        for at in range(length):
            scratch[BOUNDS, at] = end
    for _ in range(ROUNDS_LIMIT):
        leaves = _backward(g, v, order, length, end, rides, scratch)
        moved = False
        for ride in range(rides):
            pickup_at, drop_at = scratch[RIDE_FROM, ride], scratch[RIDE_TO, ride]
            most = scratch[BEGINS, pickup_at] + scratch[RIDE_LONGEST, ride]
            if scratch[BEGINS, drop_at] > most:
                scratch[BOUNDS, drop_at] = most
                moved = True
        if not moved:
            break
    return leaves


@lean
def _backward(g: Ground, v: int, order: Whole, length: int, end: int, rides: int, scratch: Whole) -> int:
    arrive_by, after = end, g.vehicle[v, END]
    for at in range(length - 1, -1, -1):
        place = g.visit[order[at], PLACE]
        drive = g.way[SECONDS, place, after] if after >= 0 else 0
        moment = arrive_by - drive - handling(g, order[at], _place_before(g, v, order, at))
        if rides:
            moment = min(moment, scratch[BOUNDS, at])
        arrive_by = begin_by(g, order[at], moment)
        scratch[BEGINS, at] = arrive_by
        after = place
    drive = g.way[SECONDS, g.vehicle[v, START], after] if length else 0
    return min(max(arrive_by - drive, g.vehicle[v, OPENS]), g.vehicle[v, SHUTS])
