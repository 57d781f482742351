"""
Ruin and recreate under a falling temperature: the loop of the search, compiled.
"""

import numpy as np

from geodata.compiling import lean
from routing.search.ground import LEADER, PINNED, PRIZE, Ground
from routing.search.recreate import Memory, put_back
from routing.search.ruin import take_anybody, take_route, take_strings
from routing.search.tours import (
    ABSENT,
    BOOK,
    CENTS,
    LENGTH,
    OWNER,
    ROUND,
    TOUCHED,
    Tours,
    copy_route,
    copy_row,
)

WISHED = 10.0
"""Requests that an iteration takes out, on average."""

ANYBODY_SHARE, ROUTE_SHARE = 0.05, 0.02
"""How often requests are taken out anywhere, and how often a whole route."""

OFFERED_LIMIT = 40
"""So many absent bundles are offered in one iteration; of more, a part chosen by chance."""


STRANDED_CENTS = 2**62
"""What a plan counts for where something is locked into a pickup and its drop has no place."""


@lean
def seed_chance(seed: int) -> None:
    """Begin the compiled search's own row of random numbers."""
    np.random.seed(seed)


@lean
def total_cents(g: Ground, t: Tours) -> int:
    """Add up routes and the prizes of what is left behind, of which nothing may be on board already."""
    cents = 0
    for v in range(t.route.shape[0]):
        cents += t.route[v, CENTS]
    for q in range(t.owner.shape[0]):
        if t.owner[q] < 0:
            if g.request[q, PINNED]:
                return STRANDED_CENTS
            cents += g.request[q, PRIZE]
    return cents


@lean
def fill(g: Ground, t: Tours, best: Tours, before: Tours, memory: Memory) -> int:
    """Offer everything that is left behind a place, for a first plan; returns what the best plan costs."""
    keep(t, best)
    best_cents = total_cents(g, t)
    t.scratch[BOOK, ROUND] += 1
    put_back(g, t, before, memory, list_absent(g, t, t.owner.shape[0]), t.route.shape[0])
    cents = total_cents(g, t)
    if cents >= best_cents:
        return best_cents
    keep(t, best)
    return cents


@lean
def anneal(
    g: Ground,
    t: Tours,
    best: Tours,
    before: Tours,
    memory: Memory,
    best_cents: int,
    iterations: int,
    hot: float,
    cold: float,
) -> int:
    """
    Run so many iterations from temperature ``hot`` to ``cold`` (in cents); returns the best cost.

    ``t`` goes on from where it stands; ``best`` is overwritten whenever something cheaper is found.
    """
    cents = total_cents(g, t)
    for iteration in range(iterations):
        heat = hot * (cold / hot) ** (iteration / iterations)
        t.scratch[BOOK, ROUND] += 1
        copy_row(t.owner, t.scratch[OWNER], 0, t.owner.shape[0], 0)
        legal = ruin(g, t, before)
        count = list_absent(g, t, OFFERED_LIMIT)
        if legal:
            put_back(g, t, before, memory, count, t.route.shape[0])
        now = total_cents(g, t)
        if legal and now - cents < -heat * np.log(np.random.random()):
            cents = now
            if now < best_cents:
                best_cents = now
                keep(t, best)
        else:
            take_back(t, before)
    return best_cents


@lean
def ruin(g: Ground, t: Tours, before: Tours) -> bool:
    """Take some requests out; tells whether what is left is legal."""
    used = served = 0
    for v in range(t.route.shape[0]):
        if t.route[v, LENGTH]:
            used += 1
    for q in range(t.owner.shape[0]):
        if t.owner[q] >= 0:
            served += 1
    if served == 0:
        return True
    way = np.random.random()
    if way < ANYBODY_SHARE:
        return take_anybody(g, t, before, 1 + np.random.randint(int(WISHED)))
    if way < ANYBODY_SHARE + ROUTE_SHARE:
        return take_route(g, t, before)
    return take_strings(g, t, before, used, served, WISHED)


@lean
def list_absent(g: Ground, t: Tours, limit: int) -> int:
    """
    List the leaders of what nobody carries, first of all what was carried before the iteration.

    Of the others, where they are too many, a part chosen by chance follows.
    """
    count, absent = 0, t.scratch[ABSENT]
    for q in range(t.owner.shape[0]):
        if t.owner[q] < 0 and t.scratch[OWNER, q] >= 0 and g.request[q, LEADER] == q:
            absent[count] = q
            count += 1
    first = count
    for q in range(t.owner.shape[0]):
        if t.owner[q] < 0 and t.scratch[OWNER, q] < 0 and g.request[q, LEADER] == q:
            absent[count] = q
            count += 1
    if count <= limit:
        return count
    for at in range(first, limit):
        other = at + np.random.randint(count - at)
        absent[at], absent[other] = absent[other], absent[at]
    return max(first, limit)


@lean
def keep(t: Tours, best: Tours) -> None:
    """Copy the routes and who rides where."""
    for v in range(t.route.shape[0]):
        copy_route(t, best, v)
    copy_row(t.owner, best.owner, 0, t.owner.shape[0], 0)


@lean
def take_back(t: Tours, before: Tours) -> None:
    """Restore what the iteration changed."""
    for v in range(t.route.shape[0]):
        if t.route[v, TOUCHED] == t.scratch[BOOK, ROUND]:
            copy_route(before, t, v)
    copy_row(t.scratch[OWNER], t.owner, 0, t.owner.shape[0], 0)
