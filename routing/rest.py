"""
The rest of a day as a problem of its own, in which a promise that is kept is worth more than any money.

What is on board of a vehicle that is under way is picked up at its first second, where it stands, with
no handling. It is offered twice, once within its promise and once at any hour that its drop allows;
goods that never travel together keep the two apart, so that only one of them is carried. What still
waits to be picked up is offered within its promise first and, once that is settled, later.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from routing.going_on import going_on
from routing.problem import FOREVER_S, Load, Problem, Request, Visit, Window
from routing.promise import Told, Tolerance, narrowed
from routing.standing import Standing
from routing.task import Task

CARRIED_CENTS = 10_000_000
"""What it is worth to carry a shipment that was promised, or must be carried: more than any detour."""

TWICE_LIMIT = 20
"""Of what is on board of one vehicle, so much is offered twice; the rest at any hour only."""

LATER = "\N{NO-BREAK SPACE}later"
"""Marks the name of what is on board where it is offered at any hour."""


@dataclass(frozen=True)
class Rest:
    """
    Hold what is left of a day.

    ``waiting`` are the requests still to be picked up, as they are now, ``locked`` those of them that a
    vehicle must begin with; ``aboard`` names the vehicle of each that is on board; ``stuck`` are those
    that stay there to the end of its route.
    """

    problem: Problem
    stands: Mapping[str, Standing]
    waiting: Mapping[str, Request]
    aboard: Mapping[str, str]
    told: Mapping[str, Told]
    tolerance: Tolerance
    locked: frozenset[str] = frozenset()
    stuck: frozenset[str] = frozenset()

    def ask(self, requests: Iterable[Request]) -> Problem:
        """Return the rest of the day with these requests."""
        vehicles = [going_on(self.problem, one, self._staying(one)) for one in self.stands.values()]
        asked = tuple(_reserved(requests, {vehicle.id for vehicle in vehicles if vehicle is not None}))
        kinds = {kind for request in asked for kind in request.goods}
        twice = (frozenset(_twins(at)) for at in range(TWICE_LIMIT))
        return Problem(
            self.problem.dimensions,
            self.problem.matrix,
            tuple(vehicle for vehicle in vehicles if vehicle is not None),
            asked,
            self.problem.apart | {pair for pair in twice if pair <= kinds},
        )

    def promised(self, *, stay: bool) -> Iterator[Request]:
        """
        Yield everything within its promise, and what is on board at any hour too.

        With ``stay`` everything stays with the vehicle that was to carry it, if that goes on at all.
        """
        for one in self.aboard:
            yield from self._on_board(one)
        for one, request in self.waiting.items():
            kept = self.kept(one) if one in self.told else request
            if kept is not None and all(self.kept(mate) for mate in self._mates(request)):
                home = self._home(request) if stay else None
                yield self._priced(kept if home is None else replace(kept, vehicles=frozenset({home})))

    def settled(self, kept: frozenset[str], later: frozenset[str]) -> Iterator[Request]:
        """Yield what was settled as what must be, and what else waits at any hour of its own."""
        for one in self.aboard:
            version = self.kept(one) if one in kept else self.later(one) if one in later else None
            if version is not None:
                yield replace(version, prize_cents=None)
        for one, request in self.waiting.items():
            version = self.kept(one) if one in kept else None
            if version is None and kept.intersection(self._mates(request)):
                version = request  # A new mate of what is kept was found a place beside it.
            if version is not None:
                yield replace(version, prize_cents=None)
            else:
                yield self._priced(request, CARRIED_CENTS)

    def kept(self, one: str) -> Request | None:
        """Return a request within its promise; ``None`` where that cannot be kept any more."""
        told = self.told[one]
        if one in self.waiting:
            request = self.waiting[one]
            pickup = self.tolerance.kept(request.pickup, told.pickup_s)
            drop = self.tolerance.kept(request.drop, told.drop_s)
            return replace(request, pickup=pickup, drop=drop) if pickup and drop else None
        stands, request = self.stands[self.aboard[one]], self.problem.request(one)
        drop = self.tolerance.kept(request.drop, told.drop_s)
        at, left_s = stands.aboard.index(one), self._ride_left_s(one)
        if drop is None or at >= TWICE_LIMIT or (left_s is not None and left_s < 0):
            return None
        return replace(_taken(request, stands, drop, _twins(at)[0]), longest_ride_s=left_s)

    def later(self, one: str) -> Request | None:
        """Return what is on board at any hour that its drop still allows, however long it rides."""
        stands, request = self.stands[self.aboard[one]], self.problem.request(one)
        drop = narrowed(request.drop, stands.ready_s, FOREVER_S)
        if drop is None or one in self.stuck:
            return None
        at = stands.aboard.index(one)
        return replace(_taken(request, stands, drop, _twins(min(at, TWICE_LIMIT))[1]), id=one + LATER)

    def whole(self, one: str) -> Request:
        """Return what is on board with all the hours of its drop, though they may be over."""
        stands, request = self.stands[self.aboard[one]], self.problem.request(one)
        return replace(_taken(request, stands, request.drop, _twins(0)[1]), prize_cents=CARRIED_CENTS)

    def home(self, one: str) -> str | None:
        """Return the vehicle that was to carry what waits, if it goes on."""
        task = Task("pickup", one)
        return next((name for name, stands in self.stands.items() if task in stands.ahead), None)

    def _on_board(self, one: str) -> Iterator[Request]:
        kept, later = self.kept(one) if one not in self.stuck else None, self.later(one)
        if kept is not None:
            yield self._priced(kept)
        if later is not None:
            yield replace(later, prize_cents=CARRIED_CENTS)

    def _home(self, request: Request) -> str | None:
        """Return the vehicle that was to carry a promised request, or the mates of a new one."""
        homes = (self.home(one) for one in (request.id, *self._mates(request)) if one in self.told)
        return next((home for home in homes if home is not None), None)

    def _mates(self, request: Request) -> list[str]:
        """Return the promised requests of the same bundle, itself included."""
        if request.bundle is None:
            return []
        return [
            one.id for one in self.waiting.values() if one.bundle == request.bundle and one.id in self.told
        ]

    def _priced(self, request: Request, promised_cents: int | None = None) -> Request:
        """Set a price on a request: more than all else for a promise, for others what they are worth."""
        if request.id in self.locked:
            return replace(request, prize_cents=None)
        if request.id in self.told:
            kept_cents = CARRIED_CENTS * (len(self.told) + len(self.waiting) + 2)
            return replace(request, prize_cents=promised_cents or kept_cents)
        return request if request.prize_cents is not None else replace(request, prize_cents=CARRIED_CENTS)

    def _ride_left_s(self, one: str) -> int | None:
        longest_s = self.problem.request(one).longest_ride_s
        if longest_s is None:
            return None
        stands = self.stands[self.aboard[one]]
        pickup = next(visit for visit in stands.kept if visit.task == Task("pickup", one))
        return longest_s - (stands.ready_s - pickup.leaves_s)

    def _staying(self, stands: Standing) -> Load:
        loads = [self.problem.request(one).load for one in stands.aboard if one in self.stuck]
        return tuple(map(sum, zip((0,) * len(self.problem.dimensions), *loads, strict=True)))


def _reserved(requests: Iterable[Request], going: set[str]) -> Iterator[Request]:
    """Let requests name only vehicles that go on; leave out those for which none of theirs does."""
    for request in requests:
        if request.vehicles is None or request.vehicles <= going:
            yield request
        elif request.vehicles & going:
            yield replace(request, vehicles=request.vehicles & going)


def without_mark(task: Task) -> Task:
    """Return the task of the day that a task of its rest stands for."""
    return Task(task.kind, task.id.removesuffix(LATER))


def _taken(request: Request, stands: Standing, drop: Visit, twin: str) -> Request:
    """Return what is on board as picked up where the vehicle stands, at its first second."""
    return Request(
        request.id,
        Visit(stands.place, (Window(stands.ready_s, stands.ready_s),)),
        drop,
        request.load,
        vehicles=frozenset({stands.vehicle.id}),
        goods=request.goods | {twin},
    )


def _twins(at: int) -> tuple[str, str]:
    """Name the two kinds of goods that keep apart the two offers of what is on board."""
    return f"kept {at}", f"later {at}"
