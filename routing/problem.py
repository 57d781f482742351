"""
What is to be planned: vehicles with the stops they announced, and requests to be carried.

A problem is an immutable value; nonsense is refused when it is made, with a numbered reason.
Times are whole seconds after the day's beginning, weights and crates whole numbers, money whole
cents. A place is an index into the matrix.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from geodata.matrix import Matrix
from geodata.refusal import Refusal

Load = tuple[int, ...]
"""One whole number per dimension of the problem (crates, kilos, litres per temperature class)."""

FOREVER_S = 10 * 24 * 3600
"""An hour that never comes: the far end of an open window."""

STOPS_PER_ROUTE_LIMIT = 200
REQUESTS_LIMIT = 10_000
VEHICLES_LIMIT = 2_000
AMOUNT_LIMIT = 1_000_000


class ProblemNonsense(Refusal):
    """Refuse a problem that no plan could answer; ``number`` tells which rule it breaks."""

    code = "problem_nonsense"
    reason = "E{number:03d}: {subject}: {detail}"
    cure = "Mend {subject} and plan again."


@dataclass(frozen=True)
class Window:
    """Hold the hours in which handling may begin, both ends included."""

    opens_s: int = 0
    closes_s: int = FOREVER_S

    def __post_init__(self) -> None:
        if self.closes_s < self.opens_s:
            raise ProblemNonsense(number=1, subject="a window", detail="it closes before it opens")


ALWAYS = (Window(),)


@dataclass(frozen=True)
class Visit:
    """
    Hold one handling at one place.

    ``setup_s`` (parking, finding the person) is spent once where visits at the same place follow
    each other; ``service_s`` (carrying crates) each time. Handling begins inside a window.
    """

    place: int
    windows: tuple[Window, ...] = ALWAYS
    service_s: int = 0
    setup_s: int = 0

    def __post_init__(self) -> None:
        if not self.windows:
            raise ProblemNonsense(number=2, subject="a visit", detail="it has no window")
        if any(a.closes_s >= b.opens_s for a, b in zip(self.windows, self.windows[1:], strict=False)):
            raise ProblemNonsense(number=3, subject="a visit", detail="its windows overlap or are unordered")
        if self.service_s < 0 or self.setup_s < 0:
            raise ProblemNonsense(number=4, subject="a visit", detail="its handling takes negative time")


@dataclass(frozen=True)
class Request:
    """
    Hold a shipment as the solver sees it: a load from a pickup to a drop in the same vehicle.

    ``prize_cents`` is what leaving it behind costs; ``None`` means it must be carried.
    ``vehicles`` names the only ones that may carry it; ``None`` leaves it open.
    """

    id: str
    pickup: Visit
    drop: Visit
    load: Load
    prize_cents: int | None = None
    longest_ride_s: int | None = None
    skills: frozenset[str] = frozenset()
    vehicles: frozenset[str] | None = None


@dataclass(frozen=True)
class AnnouncedStop:
    """
    Hold a stop that the vehicle's owner announced: always made, in its order, by this vehicle.

    ``change`` is what the owner's own goods add to (or take from) the load there.
    """

    id: str
    visit: Visit
    change: Load


@dataclass(frozen=True)
class Vehicle:
    """
    Hold a vehicle with its hours, room, limits, announced stops and what it costs.

    ``end`` is ``None`` for a route that ends at its last stop. ``longest_drive_s`` and
    ``longest_m`` limit the driving of the whole route: the announced way and the detour.
    """

    id: str
    start: int
    end: int | None
    capacity: Load
    shift: Window = field(default_factory=Window)
    initial_load: Load = ()
    announced: tuple[AnnouncedStop, ...] = ()
    skills: frozenset[str] = frozenset()
    longest_drive_s: int | None = None
    longest_m: int | None = None
    fixed_cents: int = 0
    cents_per_km: int = 0
    cents_per_hour: int = 0
    cents_per_stop: int = 0

    def load_at_start(self, dimensions: int) -> Load:
        return self.initial_load or (0,) * dimensions


@dataclass(frozen=True)
class Problem:
    """Hold everything a plan is judged by. ``dimensions`` names what a load is counted in."""

    dimensions: tuple[str, ...]
    matrix: Matrix
    vehicles: tuple[Vehicle, ...]
    requests: tuple[Request, ...]

    def __post_init__(self) -> None:
        _refuse_numbers("requests", len(self.requests), REQUESTS_LIMIT)
        _refuse_numbers("vehicles", len(self.vehicles), VEHICLES_LIMIT)
        _refuse_twins("request", (request.id for request in self.requests))
        _refuse_twins("vehicle", (vehicle.id for vehicle in self.vehicles))
        for vehicle in self.vehicles:
            self._check_vehicle(vehicle)
        for request in self.requests:
            self._check_request(request)

    def vehicle(self, vehicle_id: str) -> Vehicle:
        return self._vehicle_by_id[vehicle_id]

    def request(self, request_id: str) -> Request:
        return self._request_by_id[request_id]

    @cached_property
    def _vehicle_by_id(self) -> dict[str, Vehicle]:
        return {vehicle.id: vehicle for vehicle in self.vehicles}

    @cached_property
    def _request_by_id(self) -> dict[str, Request]:
        return {request.id: request for request in self.requests}

    @cached_property
    def first_twin(self) -> dict[str, str]:
        """Map each vehicle to the first one that differs from it in name only (often itself)."""
        first: dict[Vehicle, str] = {}
        return {v.id: first.setdefault(replace(v, id=""), v.id) for v in self.vehicles}

    def _check_vehicle(self, vehicle: Vehicle) -> None:
        subject = f"vehicle {vehicle.id}"
        stops = vehicle.announced
        places = [vehicle.start, *(stop.visit.place for stop in stops)]
        self._check_places(subject, places if vehicle.end is None else [*places, vehicle.end])
        own = vehicle.load_at_start(len(self.dimensions))
        for load in (vehicle.capacity, own, *(stop.change for stop in stops)):
            self._check_length(subject, load)
        self._check_amounts(subject, vehicle.capacity)
        for load in _running_loads(own, [stop.change for stop in stops]):
            if any(not 0 <= amount <= room for amount, room in zip(load, vehicle.capacity, strict=True)):
                raise ProblemNonsense(number=5, subject=subject, detail="its own goods exceed its room")
        _refuse_twins("announced stop", (stop.id for stop in stops))
        if min(vehicle.fixed_cents, vehicle.cents_per_km, vehicle.cents_per_hour, vehicle.cents_per_stop) < 0:
            raise ProblemNonsense(number=6, subject=subject, detail="a cost is negative")

    def _check_request(self, request: Request) -> None:
        subject = f"shipment {request.id}"
        self._check_places(subject, [request.pickup.place, request.drop.place])
        self._check_length(subject, request.load)
        self._check_amounts(subject, request.load)
        if not any(request.load):
            raise ProblemNonsense(number=7, subject=subject, detail="it has nothing to carry")
        if request.prize_cents is not None and request.prize_cents < 0:
            raise ProblemNonsense(number=8, subject=subject, detail="its prize is negative")
        unknown = (request.vehicles or frozenset()) - {vehicle.id for vehicle in self.vehicles}
        if unknown:
            raise ProblemNonsense(
                number=9, subject=subject, detail=f"it names unknown vehicles: {', '.join(sorted(unknown))}"
            )

    def _check_places(self, subject: str, places: Sequence[int]) -> None:
        if any(not 0 <= place < self.matrix.size for place in places):
            raise ProblemNonsense(number=10, subject=subject, detail="it names a place outside the matrix")

    def _check_length(self, subject: str, load: Load) -> None:
        if len(load) != len(self.dimensions):
            raise ProblemNonsense(
                number=11,
                subject=subject,
                detail=f"a load has {len(load)} of {len(self.dimensions)} dimensions",
            )

    def _check_amounts(self, subject: str, load: Load) -> None:
        if any(not 0 <= amount <= AMOUNT_LIMIT for amount in load):
            raise ProblemNonsense(
                number=12, subject=subject, detail=f"an amount lies outside 0 to {AMOUNT_LIMIT}"
            )


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
