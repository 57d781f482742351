"""
The routes of a search: arrays that are written all the time, and what is known of each position.

A route is a row of visit numbers. Beside each visit stand the earliest moment to leave it, the latest
that keeps the rest legal, and what is aboard then; a change rewrites one row, in O(its visits).
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from geodata.compiling import lean
from routing.problem import Problem
from routing.search.ground import (
    CLOSES,
    DRIVE_LIMIT,
    END,
    FIRST_CLOSES,
    FIRST_OPENS,
    FIXED,
    GOODS,
    KINDS,
    METRES,
    METRES_LIMIT,
    OPENS,
    PER_HOUR,
    PER_KM,
    PER_STOP,
    PLACE,
    ROOM,
    SECONDS,
    SERVICE,
    SETUP,
    SHUTS,
    START,
    WINDOWS,
    Ground,
    Whole,
)

LEAVES, LEAVE_BY, ABOARD, LOADS = range(4)
"""Columns of ``line``: earliest leave, latest leave, kinds of goods aboard, the load in each dimension."""

LENGTH, DRIVE, LONG, SPARE, LOOSE, CENTS, VERSION, TOUCHED = range(8)
"""Columns of ``route``: visits, seconds and metres driven, seconds of waiting, cents, version, iteration.

``LOOSE`` is how many seconds shorter one more visit may make it: none, unless some visit has several windows
and somebody waits. A route that stands still has version 0."""

NEVER = -(10**12)

(
    BEGINS,
    BOUNDS,
    RIDE_FROM,
    RIDE_TO,
    RIDE_LONGEST,
    ORDER,
    COUNTS,
    ABSENT,
    RANK,
    SEEN,
    OPEN,
    OWNER,
    ABSENCES,
    BOOK,
) = range(14)
"""Rows of ``scratch``: what a function writes for itself alone, and in the last two what counts on."""

VERSIONS, ROUND, ASKED = range(3)
"""Columns of the row ``BOOK``: the last version given, the iteration, and how often twins were asked."""


class Tours(NamedTuple):
    """Hold V routes of at most M visits, and the vehicle of each request (-1: nobody carries it)."""

    order: npt.NDArray[np.int32]
    line: Whole
    route: Whole
    owner: Whole
    scratch: Whole


def new_tours(problem: Problem, width: int) -> Tours:
    """Make empty routes with room for ``width`` visits each."""
    vehicles, requests, dimensions = len(problem.vehicles), len(problem.requests), len(problem.dimensions)
    return Tours(
        order=np.zeros((vehicles, width), dtype=np.int32),
        line=np.zeros((vehicles, width, LOADS + dimensions), dtype=np.int64),
        route=np.zeros((vehicles, TOUCHED + 1), dtype=np.int64),
        owner=np.full(requests, -1, dtype=np.int64),
        scratch=np.zeros((BOOK + 1, max(width, 64, vehicles, requests)), dtype=np.int64),
    )


@lean
def begin_in(g: Ground, visit: int, moment: int) -> int:
    """Return the first moment from ``moment`` on that lies in a window of the visit, or -1."""
    if moment > g.visit[visit, CLOSES]:
        return -1
    for number in range(g.visit[visit, WINDOWS]):
        if moment <= g.visit[visit, FIRST_CLOSES + 2 * number]:
            return max(moment, g.visit[visit, FIRST_OPENS + 2 * number])
    return -1


@lean
def begin_by(g: Ground, visit: int, moment: int) -> int:
    """Return the last moment up to ``moment`` that lies in a window, or one before all time."""
    for number in range(g.visit[visit, WINDOWS] - 1, -1, -1):
        if moment >= g.visit[visit, FIRST_OPENS + 2 * number]:
            return min(moment, g.visit[visit, FIRST_CLOSES + 2 * number])
    return NEVER


@lean
def handling(g: Ground, visit: int, before: int) -> int:
    """Return the seconds at a visit: setting up is spent only when the vehicle came from elsewhere."""
    seconds = g.visit[visit, SERVICE]
    if g.visit[visit, PLACE] != before:
        seconds += g.visit[visit, SETUP]
    return seconds


@lean
def write_route(g: Ground, t: Tours, v: int, version: int) -> bool:
    """
    Rewrite what is known of a route after its order or length changed, but for its cost.

    Tells whether hours and driving limits hold: where the way by a third place is the shorter one,
    taking a visit out can break them.
    """
    legal = _write_forward(g, t, v)
    _write_backward(g, t, v)
    t.route[v, VERSION] = version if t.route[v, LENGTH] else 0
    return legal


@lean
def _write_forward(g: Ground, t: Tours, v: int) -> bool:
    legal = True
    here, moment = g.vehicle[v, START], g.vehicle[v, OPENS]
    drive = metres = 0
    length, dimensions = t.route[v, LENGTH], g.change.shape[1]
    for at in range(length):
        visit = t.order[v, at]
        place = g.visit[visit, PLACE]
        drive += g.way[SECONDS, here, place]
        metres += g.way[METRES, here, place]
        begin = begin_in(g, visit, moment + g.way[SECONDS, here, place])
        legal = legal and begin >= 0
        moment = begin + handling(g, visit, here)
        here = place
        t.line[v, at, LEAVES] = moment
        for k in range(dimensions):
            before = t.line[v, at - 1, LOADS + k] if at else g.vehicle[v, ROOM + 2 * k + 1]
            change = g.change[visit, k] if is_aboard(t, visit) else 0
            t.line[v, at, LOADS + k] = before + change
    if length and g.vehicle[v, END] >= 0:
        moment += g.way[SECONDS, here, g.vehicle[v, END]]
        drive += g.way[SECONDS, here, g.vehicle[v, END]]
        metres += g.way[METRES, here, g.vehicle[v, END]]
    requests = t.owner.shape[0]
    t.route[v, DRIVE], t.route[v, LONG] = drive, metres
    if requests and g.request[0, KINDS]:
        _write_aboard(g, t, v)
    of = g.vehicle[v]
    return legal and moment <= of[SHUTS] and drive <= of[DRIVE_LIMIT] and metres <= of[METRES_LIMIT]


@lean
def is_aboard(t: Tours, visit: int) -> bool:
    """Tell whether a visit counts: a locked pickup whose drop is taken out stands, but loads nothing."""
    return visit >= 2 * t.owner.shape[0] or t.owner[visit // 2] >= 0


@lean
def _write_aboard(g: Ground, t: Tours, v: int) -> None:
    """Write the kinds of goods aboard after each visit, counting how many loads hold each kind."""
    count = t.scratch[COUNTS]
    for kind in range(g.request[0, KINDS]):
        count[kind] = 0
    requests = t.owner.shape[0]
    aboard = 0
    for at in range(t.route[v, LENGTH]):
        visit = t.order[v, at]
        if visit < 2 * requests and is_aboard(t, visit):
            goods, step = g.request[visit // 2, GOODS], 1 - 2 * (visit % 2)
            for kind in range(g.request[0, KINDS]):
                if goods >> kind & 1:
                    count[kind] += step
                    aboard = aboard | 1 << kind if count[kind] else aboard & ~(1 << kind)
        t.line[v, at, ABOARD] = aboard


@lean
def _write_backward(g: Ground, t: Tours, v: int) -> None:
    arrive_by, after = g.vehicle[v, SHUTS], g.vehicle[v, END]
    for at in range(t.route[v, LENGTH] - 1, -1, -1):
        visit = t.order[v, at]
        place = g.visit[visit, PLACE]
        drive = g.way[SECONDS, place, after] if after >= 0 else 0
        before = g.visit[t.order[v, at - 1], PLACE] if at else g.vehicle[v, START]
        t.line[v, at, LEAVE_BY] = arrive_by - drive
        arrive_by = begin_by(g, visit, arrive_by - drive - handling(g, visit, before))
        after = place


@lean
def cost_cents(g: Ground, v: int, metres: int, duration: int, halts: int) -> int:
    """Price a route, each line rounded half up: the same lines as ``routing.cost``."""
    of = g.vehicle[v]
    distance = (metres * of[PER_KM] + 500) // 1000
    return of[FIXED] + distance + (duration * of[PER_HOUR] + 1800) // 3600 + halts * of[PER_STOP]


@lean
def copy_route(source: Tours, target: Tours, v: int) -> None:
    for at in range(source.route[v, LENGTH]):
        target.order[v, at] = source.order[v, at]
        for column in range(source.line.shape[2]):
            target.line[v, at, column] = source.line[v, at, column]
    for column in range(source.route.shape[1]):
        target.route[v, column] = source.route[v, column]


@lean
def copy_row(source: Whole, target: Whole, first: int, last: int, shift: int) -> None:
    """Copy the positions from ``first`` up to ``last``, shifted to the right."""
    for at in range(first, last):
        target[at + shift] = source[at]
