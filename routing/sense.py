"""
Whether a problem makes sense: what a plan could never answer is refused, with its number.

Only what is wrong by itself stands here. A problem whose hours leave no legal plan makes sense.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from geodata.matrix import Matrix
from routing.nonsense import ProblemNonsense
from routing.request import Load, Request
from routing.task import Task
from routing.vehicle import Vehicle

REQUESTS_LIMIT = 10_000
VEHICLES_LIMIT = 2_000
AMOUNT_LIMIT = 1_000_000
CENTS_LIMIT = 10_000_000_000
"""What a prize, or the start of a vehicle, may come to; what must be carried counts a hundred times that."""

RATE_LIMIT = 1_000_000
"""Cents for a kilometre, an hour or a stop."""

FURTHEST = 100_000_000
"""Seconds or metres between two places."""

KINDS_LIMIT = 62
"""Kinds of goods that are kept apart: a search counts them as bits of a number."""


def refuse_nonsense(
    dimensions: Sequence[str],
    matrix: Matrix,
    vehicles: Sequence[Vehicle],
    requests: Sequence[Request],
    apart: Collection[frozenset[str]],
) -> None:
    """Refuse the first thing that no plan could answer. Linear in vehicles, requests and their parts."""
    _refuse_numbers("requests", len(requests), REQUESTS_LIMIT)
    _refuse_numbers("vehicles", len(vehicles), VEHICLES_LIMIT)
    _refuse_twins("request", (request.id for request in requests))
    _refuse_twins("vehicle", (vehicle.id for vehicle in vehicles))
    if matrix.furthest > FURTHEST:
        detail = f"two places are {matrix.furthest} seconds or metres apart, at most {FURTHEST}"
        raise ProblemNonsense(number=27, subject="the matrix", detail=detail)
    _check_apart(apart)
    ground = _Ground(dimensions, matrix.size)
    for vehicle in vehicles:
        ground.check_vehicle(vehicle)
    names = {vehicle.id for vehicle in vehicles}
    for request in requests:
        ground.check_request(request, names)
        _check_goods(request, apart)
    heads = _locked_in(vehicles, {request.id: request for request in requests})
    _check_bundles(requests, heads)


def _check_apart(apart: Collection[frozenset[str]]) -> None:
    for pair in apart:
        if len(pair) != 2:
            raise ProblemNonsense(
                number=16,
                subject=f"the goods apart {', '.join(sorted(pair))}",
                detail=f"a pair has two kinds of goods, not {len(pair)}",
            )
    kinds = len(frozenset().union(*apart))
    if kinds > KINDS_LIMIT:
        detail = f"{kinds} kinds of goods are kept apart, at most {KINDS_LIMIT}"
        raise ProblemNonsense(number=29, subject="the problem", detail=detail)


@dataclass(frozen=True)
class _Ground:
    """Hold what the figures of vehicles and requests are counted in."""

    dimensions: Sequence[str]
    places: int

    def check_vehicle(self, vehicle: Vehicle) -> None:
        subject = f"vehicle {vehicle.id}"
        stops = vehicle.announced
        places = [vehicle.start, *(stop.visit.place for stop in stops)]
        self._check_places(subject, places if vehicle.end is None else [*places, vehicle.end])
        own = vehicle.load_at_start(len(self.dimensions))
        for load in (vehicle.capacity, own, *(stop.change for stop in stops)):
            self._check_length(subject, load)
        _check_amounts(subject, vehicle.capacity)
        for load in _running_loads(own, [stop.change for stop in stops]):
            if any(not 0 <= amount <= room for amount, room in zip(load, vehicle.capacity, strict=True)):
                raise ProblemNonsense(number=5, subject=subject, detail="its own goods exceed its room")
        _refuse_twins("announced stop", (stop.id for stop in stops))
        if min(vehicle.fixed_cents, vehicle.cents_per_km, vehicle.cents_per_hour, vehicle.cents_per_stop) < 0:
            raise ProblemNonsense(number=6, subject=subject, detail="a cost is negative")
        rates = (vehicle.cents_per_km, vehicle.cents_per_hour, vehicle.cents_per_stop)
        if vehicle.fixed_cents > CENTS_LIMIT or max(rates) > RATE_LIMIT:
            detail = f"a start costs at most {CENTS_LIMIT} cents, a kilometre, hour or stop {RATE_LIMIT}"
            raise ProblemNonsense(number=28, subject=subject, detail=detail)
        _check_limits(subject, vehicle.longest_drive_s, vehicle.longest_m, vehicle.longest_s)

    def check_request(self, request: Request, vehicle_names: Collection[str]) -> None:
        subject = f"shipment {request.id}"
        self._check_places(subject, [request.pickup.place, request.drop.place])
        self._check_length(subject, request.load)
        _check_amounts(subject, request.load)
        if not any(request.load):
            raise ProblemNonsense(number=7, subject=subject, detail="it has nothing to carry")
        if request.prize_cents is not None and request.prize_cents < 0:
            raise ProblemNonsense(number=8, subject=subject, detail="its prize is negative")
        if request.prize_cents is not None and request.prize_cents > CENTS_LIMIT:
            detail = f"its prize is above {CENTS_LIMIT} cents"
            raise ProblemNonsense(number=28, subject=subject, detail=detail)
        unknown = ", ".join(sorted(one for one in request.vehicles or () if one not in vehicle_names))
        if unknown:
            raise ProblemNonsense(number=9, subject=subject, detail=f"it names unknown vehicles: {unknown}")
        _check_limits(subject, request.longest_ride_s)

    def _check_places(self, subject: str, places: Sequence[int]) -> None:
        if any(not 0 <= place < self.places for place in places):
            raise ProblemNonsense(number=10, subject=subject, detail="it names a place outside the matrix")

    def _check_length(self, subject: str, load: Load) -> None:
        if len(load) != len(self.dimensions):
            detail = f"a load has {len(load)} of {len(self.dimensions)} dimensions"
            raise ProblemNonsense(number=11, subject=subject, detail=detail)


def _check_amounts(subject: str, load: Load) -> None:
    if any(not 0 <= amount <= AMOUNT_LIMIT for amount in load):
        raise ProblemNonsense(
            number=12, subject=subject, detail=f"an amount lies outside 0 to {AMOUNT_LIMIT}"
        )


def _check_limits(subject: str, *limits: int | None) -> None:
    if any(limit is not None and limit < 0 for limit in limits):
        raise ProblemNonsense(number=15, subject=subject, detail="a limit is negative")


def _check_goods(request: Request, apart: Collection[frozenset[str]]) -> None:
    if not request.goods:
        return
    for pair in apart:
        if pair <= request.goods:
            kinds = " and ".join(sorted(pair))
            raise ProblemNonsense(
                number=17,
                subject=f"shipment {request.id}",
                detail=f"it holds {kinds}, which never travel together",
            )


def _locked_in(vehicles: Sequence[Vehicle], requests: dict[str, Request]) -> dict[str, str]:
    """Judge the heads, and return the vehicle of each request that one of them picks up."""
    _refuse_twin_tasks(vehicles)
    found: dict[str, str] = {}
    for vehicle in vehicles:
        for request in _picked_up(vehicle, requests):
            _check_locked(vehicle, request)
            found[request.id] = vehicle.id
    return found


def _refuse_twin_tasks(vehicles: Sequence[Vehicle]) -> None:
    guests = [task for vehicle in vehicles for task in vehicle.head if task.kind != "announced"]
    for task, times in Counter(guests).items():
        if times > 1:
            detail = f"its {task.kind} stands {times} times in heads of routes"
            raise ProblemNonsense(number=22, subject=f"shipment {task.id}", detail=detail)


def _picked_up(vehicle: Vehicle, requests: dict[str, Request]) -> Iterator[Request]:
    """Yield what the head picks up, once its announced stops and its drops are found in order."""
    subject = f"vehicle {vehicle.id}"
    stops = [task.id for task in vehicle.head if task.kind == "announced"]
    if stops != [stop.id for stop in vehicle.announced[: len(stops)]]:
        detail = "the announced stops of its head are not its first ones in their order"
        raise ProblemNonsense(number=20, subject=subject, detail=detail)
    aboard: set[Task] = set()
    for task in vehicle.head:
        if task.kind == "announced":
            continue
        if task.id not in requests:
            detail = f"its head names an unknown shipment: {task.id}"
            raise ProblemNonsense(number=21, subject=subject, detail=detail)
        if task.kind == "drop" and Task("pickup", task.id) not in aboard:
            detail = f"its head drops {task.id} without having picked it up"
            raise ProblemNonsense(number=23, subject=subject, detail=detail)
        aboard.add(task)
        if task.kind == "pickup":
            yield requests[task.id]


def _check_locked(vehicle: Vehicle, request: Request) -> None:
    subject = f"shipment {request.id}"
    if request.prize_cents is not None:
        detail = f"it is locked into vehicle {vehicle.id}, and yet may be left behind"
        raise ProblemNonsense(number=24, subject=subject, detail=detail)
    reserved = request.vehicles is not None and vehicle.id not in request.vehicles
    if reserved or not request.skills <= vehicle.skills:
        detail = f"it is locked into vehicle {vehicle.id}, which may not carry it"
        raise ProblemNonsense(number=25, subject=subject, detail=detail)


def _check_bundles(requests: Sequence[Request], locked_in: dict[str, str]) -> None:
    first: dict[str, Request] = {}
    carriers: dict[str, str] = {}
    for request in requests:
        if request.bundle is None:
            continue
        mate, subject = first.setdefault(request.bundle, request), f"bundle {request.bundle}"
        if (request.prize_cents is None) != (mate.prize_cents is None):
            detail = f"only one of {mate.id} and {request.id} must be carried"
            raise ProblemNonsense(number=18, subject=subject, detail=detail)
        if request.vehicles != mate.vehicles:
            detail = f"{mate.id} and {request.id} name different vehicles"
            raise ProblemNonsense(number=19, subject=subject, detail=detail)
        carrier = locked_in.get(request.id)
        if carrier is not None and carriers.setdefault(request.bundle, carrier) != carrier:
            detail = f"it is locked into vehicles {carriers[request.bundle]} and {carrier}"
            raise ProblemNonsense(number=26, subject=subject, detail=detail)


def _running_loads(load: Load, changes: Iterable[Load]) -> list[Load]:
    loads = [load]
    for change in changes:
        load = tuple(a + b for a, b in zip(load, change, strict=True))
        loads.append(load)
    return loads


def _refuse_numbers(what: str, count: int, limit: int) -> None:
    if count > limit:
        raise ProblemNonsense(number=13, subject="the problem", detail=f"{count} {what}, at most {limit}")


def _refuse_twins(what: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for one in ids:
        if one in seen:
            raise ProblemNonsense(number=14, subject=f"{what} {one}", detail="the name stands twice")
        seen.add(one)
