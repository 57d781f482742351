"""
Days of some size with every feature at once, by seed: what Hypothesis cannot draw in a test's time.

Places are scattered over a square of forty minutes, so that most orders are possible and none is easy.
"""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

import numpy as np

from geodata.matrix import Matrix
from routing.insertion import empty_plan
from routing.problem import AnnouncedStop, Problem, Request, Vehicle, Visit, Window
from routing.task import Task

DAY_S, SIDE_M = 30_000, 40_000
METRES_PER_SECOND = 17
PLACES = 25
KINDS = ("fish", "flowers", "cheese", "hay")
APART = frozenset({frozenset({"fish", "flowers"}), frozenset({"cheese", "hay"}), frozenset({"fish", "hay"})})


def random_day(seed: int, *, requests: int, vehicles: int) -> Problem:
    """Draw a day whose heads and announced stops can be done at least."""
    random = Random(seed)
    for _ in range(50):
        problem = _drawn(random, requests, vehicles)
        if empty_plan(problem) is not None:
            return problem
    raise AssertionError("No such day can be begun.")


def small_day(seed: int) -> Problem:
    """Draw four guests, each alone, and three vehicles: few enough for brute force."""
    random = Random(seed)
    while True:
        guests = tuple(_request(random, f"parcel {at}", 3) for at in range(4))
        vans = tuple(_vehicle(random, f"van {at}") for at in range(3))
        problem = Problem(("crates", "kilos"), _matrix(random), vans, guests, APART)
        if empty_plan(problem) is not None:
            return problem


def _drawn(random: Random, requests: int, vehicles: int) -> Problem:
    guests = [_request(random, f"parcel {at}", vehicles) for at in range(requests)]
    guests += _bundles(random, requests)
    vans = [_vehicle(random, f"van {at}") for at in range(vehicles - 2)]
    plain = replace(_vehicle(random, "twin"), announced=(), initial_load=())
    vans += [replace(plain, id=f"van {at}") for at in (vehicles - 2, vehicles - 1)]
    riders = random.sample(range(requests), 3)
    for at, number in enumerate(riders):
        guests[number], vans[at % 2] = _locked(random, guests[number], vans[at % 2])
    mate = replace(guests[riders[0]], id="mate", goods=frozenset(), pickup=_visit(random))
    guests[riders[0]] = replace(guests[riders[0]], bundle="locked")
    guests.append(replace(mate, bundle="locked"))
    return Problem(("crates", "kilos"), _matrix(random), tuple(vans), tuple(guests), APART)


def _request(random: Random, name: str, vehicles: int) -> Request:
    return Request(
        name,
        _visit(random),
        _visit(random),
        (random.randint(1, 6), random.randint(0, 3)),
        prize_cents=random.choice([None, random.randint(0, 4_000), random.randint(500, 9_000)]),
        longest_ride_s=random.choice([None, None, random.randint(1_000, 9_000)]),
        skills=frozenset(random.choice([(), (), ("cold",)])),
        vehicles=random.choice([None] * 6 + [frozenset({f"van {random.randrange(vehicles)}", "van 0"})]),
        goods=frozenset(random.choice([(), *((kind,) for kind in KINDS)])),
    )


def _bundles(random: Random, requests: int) -> Iterator[Request]:
    """Yield bundles of two and of three from one pickup, and one of two with one drop."""
    for number, (size, prize) in enumerate([(2, 6_000), (3, None), (3, 1_500)]):
        shared = _visit(random)
        for at in range(size):
            ends = (shared, _visit(random)) if number % 2 else (_visit(random), shared)
            yield Request(f"mate {number} {at}", *ends, (1, 0), prize_cents=prize, bundle=f"bundle {number}")


def _vehicle(random: Random, name: str) -> Vehicle:
    stops = [
        AnnouncedStop(f"stop {at}", _visit(random, often_open=True), (change, 0))
        for at, change in enumerate(random.choice([(), (-2,), (2, -3)]))
    ]
    return Vehicle(
        name,
        start=random.randrange(PLACES),
        end=random.choice([None, random.randrange(PLACES)]),
        capacity=random.choice([(12, 6), (20, 4), (9, 9), (0, 0)]) if not stops else (14, 6),
        shift=Window(random.randint(0, 2_000), random.randint(DAY_S - 4_000, DAY_S)),
        initial_load=(3, 0) if stops else (),
        announced=tuple(stops),
        skills=frozenset(random.choice([(), ("cold",), ("cold",)])),
        longest_drive_s=random.choice([None, random.randint(8_000, 20_000)]),
        longest_m=random.choice([None, random.randint(150_000, 400_000)]),
        longest_s=random.choice([None, random.randint(16_000, DAY_S)]),
        fixed_cents=random.choice([0, 1_500, 4_000]),
        cents_per_km=random.choice([0, 17, 40]),
        cents_per_hour=random.choice([0, 1_234]),
        cents_per_stop=random.choice([0, 100]),
    )


def _visit(random: Random, *, often_open: bool = False) -> Visit:
    begin = random.randint(0, DAY_S // 2)
    length = random.randint(6_000, 14_000)
    hours = [Window(0, DAY_S)]
    if not often_open:
        hours = random.choice(
            [
                hours,
                [Window(begin, begin + length)],
                [Window(begin, begin + length // 3), Window(begin + length // 2, begin + length)],
            ]
        )
    return Visit(random.randrange(PLACES), tuple(hours), random.randint(0, 300), random.choice([0, 120, 240]))


def _locked(random: Random, request: Request, vehicle: Vehicle) -> tuple[Request, Vehicle]:
    """Lock a pickup, and sometimes the drop, behind what the vehicle's head holds already."""
    at_any_hour = replace(request.pickup, windows=(Window(),))
    request = replace(
        request,
        pickup=at_any_hour,
        drop=replace(request.drop, windows=(Window(),)),
        load=(1, 0),
        prize_cents=None,
        longest_ride_s=None,
        skills=frozenset(),
        vehicles=None,
        goods=frozenset(),
    )
    done = (Task("drop", request.id),) if random.random() < 0.3 else ()
    head = (*vehicle.head, Task("pickup", request.id), *done)
    roomy = replace(
        vehicle, head=head, capacity=(14, 6), longest_drive_s=None, longest_m=None, longest_s=None
    )
    return request, roomy


def _matrix(random: Random) -> Matrix:
    """Measure as the crow flies; seconds are rounded, so that some ways round are shorter by one."""
    points = np.array([(random.randint(0, SIDE_M), random.randint(0, SIDE_M)) for _ in range(PLACES)])
    apart = points[:, None, :] - points[None, :, :]
    metres = np.sqrt((apart**2).sum(axis=2)).astype(np.int64)
    return Matrix(metres // METRES_PER_SECOND, metres)
