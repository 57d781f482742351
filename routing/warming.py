"""
Have the search compiled, or read what was compiled before: ``python -m routing.warming``.

At set-up this takes minutes, once. The kennel does it too, before it forks its first child: then it takes
a second, and every child has the machine code from its birth.
"""

import numpy as np

from geodata.matrix import Matrix
from routing.problem import AnnouncedStop, Problem, Request, Vehicle, Visit, Window
from routing.search import search_answers
from routing.search.onto import Kept, new_scratch, one_van, put_onto, sell
from routing.search.orders import AMOUNTS, Walk, new_space, walked

ITERATIONS = 50


def warm() -> None:
    """Search a small day in which everything occurs: what is not asked for here is compiled later."""
    spots = np.arange(6)
    metres = np.abs(spots[:, None] - spots[None]).astype(np.int64) * 1_000
    stop = AnnouncedStop("stop", Visit(2, (Window(0, 9_000), Window(10_000, 20_000)), 60), (1,))
    vans = (
        Vehicle("a", 0, 0, (9,), announced=(stop,), fixed_cents=100, cents_per_km=10, cents_per_hour=900),
        Vehicle("b", 5, None, (9,), longest_drive_s=9_000, fixed_cents=100, cents_per_km=10, longest_s=9_000),
    )
    requests = tuple(
        Request(
            f"parcel {at}",
            Visit(at % 6, service_s=60),
            Visit((at + 2) % 6, setup_s=60),
            (1,),
            prize_cents=None if at < 3 else 5_000,
            longest_ride_s=9_000 if at == 1 else None,
            goods=frozenset({("fish", "flowers")[at % 2]}),
            bundle="both" if at > 5 else None,
        )
        for at in range(8)
    )
    apart = frozenset({frozenset({"fish", "flowers"})})
    problem = Problem(("crates",), Matrix(metres // 10, metres), vans, requests, apart)
    for _ in search_answers(problem, None, 0.0, iterations=ITERATIONS):
        pass


def warm_one_van() -> None:
    """Put one request onto the way of one van, and walk every order of its stops: what a clearing asks."""
    metres = np.full((2, 2), 1_000, dtype=np.int64)
    stop = AnnouncedStop("stop", Visit(1), (0,))
    problem = Problem(
        ("crates",),
        Matrix(metres, metres),
        (Vehicle("a", 0, 0, (9,), announced=(stop,), cents_per_hour=900),),
        (Request("parcel", Visit(0), Visit(1), (1,)),),
    )
    ground, promised = one_van(problem), np.array([2])
    nothing = np.zeros((0, AMOUNTS), dtype=np.int64)
    walk = Walk(
        promised=promised,
        announced=np.array([True]),
        fits=np.ones((2, 2), dtype=np.bool_),
        load=np.zeros((2, AMOUNTS), dtype=np.int64),
        leg=np.array([-1, 0]),
        free=nothing,
        onward=np.zeros((2, 2), dtype=np.int64),
    )
    walked(ground, walk, new_space(1, ITERATIONS), 1, ITERATIONS)
    kept = Kept(np.zeros((1, AMOUNTS), dtype=np.int64), np.array([False]), 1)
    longer = np.zeros(3, dtype=np.int64)
    put_onto(ground, kept, new_scratch(ground), promised, nothing, 0, longer)
    sell(ground, kept, longer, nothing)


if __name__ == "__main__":
    warm()
    warm_one_van()
