"""
Do with one vehicle fewer: empty a route, and carry its requests on the others, however long that takes.

What is left standing again and again weighs more each time, so that the search gives way to what is
hard to place (the absence counts of Christiaens and Vanden Berghe, 2020).
"""

import numpy as np

from geodata.compiling import lean
from routing.search.annealing import OFFERED_LIMIT, keep, list_absent, ruin, take_back, total_cents
from routing.search.ground import HEAD, MUST_CENTS, PRIZE, Ground
from routing.search.recreate import Memory, put_back, vehicles_used
from routing.search.ruin import empty_route
from routing.search.tours import ABSENCES, BOOK, CENTS, LENGTH, OWNER, ROUND, Tours, copy_row


@lean
def drop_vehicles(
    g: Ground,
    t: Tours,
    best: Tours,
    before: Tours,
    memory: Memory,
    best_cents: int,
    iterations: int,
    heat: float,
) -> int:
    """
    Look for plans with fewer vehicles for so many iterations; returns the cost of the best plan.

    ``t`` may be left with requests that nobody carries: another call goes on from there.
    """
    absences = t.scratch[ABSENCES]
    weight, left = _weigh(g, t)
    way = _way_cents(t)
    most = vehicles_used(best) - 1
    for _ in range(iterations):
        if left == 0:
            victim = easiest(g, t)
            if victim < 0:
                return best_cents
            t.scratch[BOOK, ROUND] += 1
            empty_route(g, t, before, victim)
            weight, left = _weigh(g, t)
            way = _way_cents(t)
            most = vehicles_used(t)
        t.scratch[BOOK, ROUND] += 1
        copy_row(t.owner, t.scratch[OWNER], 0, t.owner.shape[0], 0)
        legal = ruin(g, t, before)
        if legal:
            put_back(g, t, before, memory, list_absent(g, t, OFFERED_LIMIT), most)
        new_weight, new_left = _weigh(g, t)
        new_way = _way_cents(t)
        cooler = new_left == left and new_way - way < -heat * np.log(np.random.random())
        if legal and (new_left < left or (new_weight < weight and new_left <= left) or cooler):
            weight, left, way = new_weight, new_left, new_way
            cents = total_cents(g, t)
            if cents < best_cents:
                best_cents = cents
                keep(t, best)
        else:
            take_back(t, before)
        for q in range(t.owner.shape[0]):
            if t.owner[q] < 0 and g.request[q, PRIZE] == MUST_CENTS:
                absences[q] += 1
                weight += 1
    return best_cents


@lean
def _weigh(g: Ground, t: Tours) -> tuple[int, int]:
    """Return how often those who must ride and do not were left standing, and how many they are."""
    weight = left = 0
    for q in range(t.owner.shape[0]):
        if t.owner[q] < 0 and g.request[q, PRIZE] == MUST_CENTS:
            weight += t.scratch[ABSENCES, q]
            left += 1
    return weight, left


@lean
def _way_cents(t: Tours) -> int:
    cents = 0
    for v in range(t.route.shape[0]):
        cents += t.route[v, CENTS]
    return cents


@lean
def easiest(g: Ground, t: Tours) -> int:
    """Choose the route whose requests were left standing least; of equals, one by chance."""
    chosen, least = -1, 0.0
    for v in range(t.route.shape[0]):
        if t.route[v, LENGTH] == 0 or g.vehicle[v, HEAD]:
            continue
        weight, announced = np.random.random(), False
        for at in range(t.route[v, LENGTH]):
            visit = t.order[v, at]
            announced = announced or visit >= 2 * t.owner.shape[0]
            if visit < 2 * t.owner.shape[0]:
                weight += t.scratch[ABSENCES, visit // 2]
        if not announced and (chosen < 0 or weight < least):
            chosen, least = v, weight
    return chosen
