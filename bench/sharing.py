"""
Rules of sharing on real tours: who could complain, how far sampling is off, and how long each takes.

Ours beside the textbook's way: the Shapley value by all groups, each group's tour scheduled anew.

    python -m bench.sharing --quick --json
"""

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations, islice
from math import factorial
from statistics import mean, median
from time import perf_counter
from typing import Annotated, Any

import numpy as np
import typer

from bench.sharing_tours import RealTour, real_tours
from geodata.region import open_region
from pooling.fair.complaints import worst_complaint
from pooling.fair.of_tour import asked_of
from pooling.fair.rules import Asked, share
from pooling.fair.shapley import sampled, shapley
from pooling.sharing_rule import RULES, Rule
from routing.cost import route_cost
from routing.schedule import schedule_route

REGION = "riviera"
SIZES = tuple(range(4, 15))
TOURS, QUICK_TOURS = 200, 12
QUICK_SIZES = (4, 7, 10)
WITHIN_KM = 60
LARGE = 20
TEXTBOOK_UP_TO = 10
CENT = 1.0


def main(
    quick: Annotated[bool, typer.Option("--quick", help="A few small tours: within a minute.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="End with one JSON object.")] = False,
    region: Annotated[str, typer.Option(help="The region whose roads the tours are driven on.")] = REGION,
) -> None:
    """Share real tours by every rule, and print what came of it."""
    sizes, count = (QUICK_SIZES, QUICK_TOURS) if quick else (SIZES, TOURS)
    tours = _drawn(region, sizes, count)
    found: dict[str, Any] = {"rule": {}, "tours": len(tours), "shippers": [sizes[0], sizes[-1]]}
    asked = [asked_of(one.problem, one.route, one.aboard, one.claimants) for one in tours]
    for rule in RULES:
        found["rule"][rule] = told = _by_rule(asked, rule)
        print(f"{rule:13} {told}", flush=True)
    found |= _textbook(tours, asked) | _large(region)
    print({name: value for name, value in found.items() if name != "rule"})
    if as_json:
        print(json.dumps(found))


def _drawn(region: str, sizes: Sequence[int], count: int) -> list[RealTour]:
    os.environ.setdefault("CARRIOLE_LOG_LEVEL", "ERROR")
    opened = open_region(region)
    each = -(-count // len(sizes))
    began = perf_counter()
    drawn = [
        tour for size in sizes for tour in islice(real_tours(opened, size, size * 10_000, WITHIN_KM), each)
    ]
    print(f"{count} tours drawn in {perf_counter() - began:.1f} s", flush=True)
    return drawn[:count]


def _by_rule(asked: Sequence[Asked], rule: Rule) -> dict[str, Any]:
    """Share every tour by a rule; complaints of a cent per party are cents, not complaints."""
    shared, spent = [], []
    for one in asked:
        began = perf_counter()
        shared.append(share(one, rule))
        spent.append(perf_counter() - began)
    plain = [
        worst_complaint(a.game, np.array([s.wanted[p] for p in a.game.parties]))
        for a, s in zip(asked, shared, strict=True)
    ]
    own = [s.complaint.excess if s.complaint else 0.0 for s in shared]
    return {
        "tours": len(shared),
        "core_violations": _count(e > _cents(a) for e, a in zip(own, asked, strict=True)),
        "beyond_the_least": _count(
            e - s.allowed > _cents(a) for e, s, a in zip(own, shared, asked, strict=True)
        ),
        "core_violations_plain": _count(
            p is not None and p.excess > _cents(a) for p, a in zip(plain, asked, strict=True)
        ),
        "core_empty_within_caps": _count(s.allowed > CENT for s in shared),
        "above_alone": _count(
            cents > a.game.alone_cents[a.game.parties.index(party)]
            for s, a in zip(shared, asked, strict=True)
            for party, cents in s.shares_cents.items()
        ),
        "saved_by_the_least_pct_p50": round(
            median(_saved_pct(a, s.shares_cents) for a, s in zip(asked, shared, strict=True)), 1
        ),
        "seconds_mean": round(mean(spent), 4),
        "seconds_max": round(max(spent), 3),
    }


def _count(found: Iterable[object]) -> int:
    return sum(map(bool, found))


def _cents(asked: Asked) -> float:
    """Return what rounding may come to: a cent per party."""
    return len(asked.game.parties) * CENT


def _saved_pct(asked: Asked, shares_cents: Mapping[str, int]) -> float:
    """Return what the party that saves least saves of its alone."""
    game = asked.game
    return min(
        100.0 * float(1 - shares_cents[party] / alone)
        for party, alone in zip(game.parties, game.alone_cents, strict=True)
    )


def _textbook(tours: Sequence[RealTour], asked: Sequence[Asked]) -> dict[str, Any]:
    """Compare with the Shapley value as a textbook has it: every group's tour scheduled anew."""
    ratios, differences = [], []
    for tour, one in zip(tours, asked, strict=True):
        if len(one.game.parties) > TEXTBOOK_UP_TO:
            continue
        fresh = asked_of(tour.problem, tour.route, tour.aboard, tour.claimants)
        began = perf_counter()
        ours = shapley(fresh.game).cents
        between = perf_counter()
        theirs = _textbook_shapley(tour, one)
        ratios.append((perf_counter() - between) / (between - began))
        differences.append(float(np.abs(ours - theirs).max()) / one.game.whole_cents)
    return {
        "textbook_tours": len(ratios),
        "textbook_time_ratio_p50": round(median(ratios), 1),
        "textbook_difference_pct_max": round(100 * max(differences), 2),
    }


def _textbook_shapley(tour: RealTour, asked: Asked) -> np.ndarray:
    game, vehicle = asked.game, tour.problem.vehicle(tour.route.vehicle)
    payer = {one.id: one.payer for one in tour.aboard}

    def cost(group: frozenset[str]) -> float:
        if not group:
            return 0.0
        if len(group) == len(game.parties):
            return game.whole_cents
        tasks = [task for task in tour.route.tasks if payer[task.id] in group]
        route = schedule_route(tour.problem, vehicle, tasks)
        alone = sum(tour.claimants[party].alone_cents for party in group)
        return min(alone, route_cost(vehicle, route).total_cents) if route else alone

    known = {
        frozenset(group): cost(frozenset(group))
        for size in range(len(game.parties) + 1)
        for group in combinations(game.parties, size)
    }
    n = len(game.parties)
    orders = [factorial(size) * factorial(n - 1 - size) / factorial(n) for size in range(n)]
    return np.array(
        [
            sum(
                orders[len(group)] * (known[group | {party}] - cents)
                for group, cents in known.items()
                if party not in group
            )
            for party in game.parties
        ]
    )


def _large(region: str) -> dict[str, Any]:
    """Time a tour of twenty shippers: exact, and sampled, with how far the sample is off."""
    tour = next(real_tours(open_region(region), LARGE, 0, WITHIN_KM))

    def fresh() -> Asked:
        return asked_of(tour.problem, tour.route, tour.aboard, tour.claimants)

    order_s, _ = _timed(lambda: fresh().game.order.shapley)
    exact_s, exact = _timed(lambda: shapley(fresh().game))
    sampled_s, drawn = _timed(lambda: sampled(fresh().game))
    off = float(np.abs(drawn.cents - exact.cents).max())
    return {
        "exact_20_stops_s": round(exact_s, 3),
        "exact_20_stops_order_only_s": round(order_s, 4),
        "sampled_20_stops_s": round(sampled_s, 3),
        "sampled_error_pct": round(100 * off / fresh().game.whole_cents, 3),
        "sampled_bound_pct": round(100 * float(drawn.error.max()) / fresh().game.whole_cents, 3),
    }


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Return the median of three runs in seconds, and what the work gives."""
    spent = []
    for _ in range(3):
        began = perf_counter()
        given = work()
        spent.append(perf_counter() - began)
    return median(spent), given


if __name__ == "__main__":
    typer.run(main)
