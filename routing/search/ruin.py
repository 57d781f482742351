"""
Take requests out: strings of neighbouring stops from neighbouring routes, whole routes, or anybody.

The strings are those of slack induction by string removals (Christiaens and Vanden Berghe, 2020),
measured in visits, so that a request goes where either of its ends lies in a string.
"""

import numpy as np

from geodata.compiling import lean
from routing.search.ground import HEAD, MATE, PINNED, Ground
from routing.search.slots import price_route
from routing.search.tours import (
    BOOK,
    LENGTH,
    ROUND,
    TOUCHED,
    VERSIONS,
    Tours,
    copy_route,
    is_aboard,
    write_route,
)

LONGEST_STRING = 10
ROUTE_TRIES = 10
BOTH_PINNED = 2
KEPT_SHARE = 0.5
"""How often a string leaves some visits in its middle where they are."""


@lean
def touch(t: Tours, before: Tours, v: int) -> int:
    """Keep a route before it is changed for the first time in an iteration; returns a new version."""
    book = t.scratch[BOOK]
    if t.route[v, TOUCHED] != book[ROUND]:
        copy_route(t, before, v)
        t.route[v, TOUCHED] = book[ROUND]
    book[VERSIONS] += 1
    return book[VERSIONS]


@lean
def take_strings(g: Ground, t: Tours, before: Tours, used: int, served: int, wished: float) -> bool:
    """Take strings out of the routes around one visit; tells whether what is left is legal."""
    average = 2.0 * served / used
    longest = min(float(LONGEST_STRING), average / 2 + 1)
    routes = int(np.random.random() * (4.0 * wished / (1 + longest) - 1)) + 1
    centre = np.random.randint(g.near.shape[0])
    legal, taken = True, 0
    for visit in g.near[centre]:
        if taken >= routes:
            break
        v = t.owner[visit // 2]
        if v < 0 or t.route[v, TOUCHED] == t.scratch[BOOK, ROUND]:
            continue
        taken += 1
        requests = int(min(t.route[v, LENGTH] / 2, longest) * np.random.random()) + 1
        legal = _take_string(g, t, before, v, visit, 2 * requests) and legal
    return legal


@lean
def _take_string(g: Ground, t: Tours, before: Tours, v: int, visit: int, size: int) -> bool:
    version = touch(t, before, v)
    length = t.route[v, LENGTH]
    centre = 0
    while t.order[v, centre] != visit:
        centre += 1
    size = min(size, length)
    first = max(0, centre - np.random.randint(size))
    last = min(length, first + size)
    gap_from, gap_to = last, last
    if last - first > 2 and np.random.random() < KEPT_SHARE:
        gap_from = first + np.random.randint(last - first)
        gap_to = gap_from + 1 + np.random.randint(2)
    for at in range(max(first, g.vehicle[v, HEAD]), last):
        if gap_from <= at < gap_to:
            continue
        _let_go(g, t, t.order[v, at])
    return close_up(g, t, v, version)


@lean
def _let_go(g: Ground, t: Tours, visit: int) -> None:
    """Release the request of a visit, and all of its bundle; announced stops and locked ones stay."""
    if visit >= 2 * t.owner.shape[0] or g.request[visit // 2, PINNED] == BOTH_PINNED:
        return
    q = visit // 2
    while t.owner[q] >= 0:
        t.owner[q] = -1
        q = g.request[q, MATE]


@lean
def close_up(g: Ground, t: Tours, v: int, version: int) -> bool:
    """Close the gaps of a route whose requests were released; tells whether the rest is legal."""
    kept = 0
    for at in range(t.route[v, LENGTH]):
        visit = t.order[v, at]
        if is_aboard(t, visit) or (visit % 2 == 0 and g.request[visit // 2, PINNED]):
            t.order[v, kept] = visit
            kept += 1
    t.route[v, LENGTH] = kept
    legal = write_route(g, t, v, version)
    return price_route(g, t, v) and legal


@lean
def empty_route(g: Ground, t: Tours, before: Tours, v: int) -> bool:
    """Take everything out of a route that may go."""
    version = touch(t, before, v)
    for at in range(t.route[v, LENGTH]):
        _let_go(g, t, t.order[v, at])
    return close_up(g, t, v, version)


@lean
def take_anybody(g: Ground, t: Tours, before: Tours, count: int) -> bool:
    """Take some requests out, wherever they are."""
    legal = True
    for _ in range(count):
        q = np.random.randint(t.owner.shape[0])
        v = t.owner[q]
        if v >= 0:
            version = touch(t, before, v)
            _let_go(g, t, 2 * q)
            legal = close_up(g, t, v, version) and legal
    return legal


@lean
def take_route(g: Ground, t: Tours, before: Tours) -> bool:
    """Empty the route of some request."""
    for _ in range(ROUTE_TRIES):
        v = t.owner[np.random.randint(t.owner.shape[0])]
        if v >= 0:
            return empty_route(g, t, before, v)
    return True
