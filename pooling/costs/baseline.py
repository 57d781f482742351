"""
The baseline: what every party's shipments would cost alone, against which every saving is measured.

Its own shipments of the day in its own best tours, own van, full cost with labour, start and end at
the farm, found by the same search on the same matrix; never one round trip per shipment. Of two days
of which one is part of the other, the part never costs more: that is how every answer is made.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pooling.costs.alone import (
    NOTHING,
    ORDERS_TRIED_ABOVE,
    ORDERS_TRIED_WHOLE,
    SLOTS_TRIED,
    Alone,
    OwnDay,
    cheapest,
    own_cents,
    own_problem,
    owner,
    renamed,
    restricted,
    search_alone,
    slots_of_an_order,
)
from pooling.ground import Ground
from pooling.shipment import Shipment
from routing.engine import Engine
from routing.plan import Plan
from routing.solve import solve

SLOTS_PER_PARTY = 150_000
"""What a party's questions may try in all; after that they are answered from longer days already known."""

FEW_SHIPMENTS = 12
"""Up to so many shipments, one order of insertion is tried whatever was tried before."""

WIDER_TRIED = 3
"""Of the longer days already known, so many of the cheapest are tried as a day to leave stops out of."""


@dataclass(frozen=True)
class Known:
    """Hold an answer with its question; ``alone`` is ``None`` where no own van keeps the hours."""

    day: OwnDay
    alone: Alone | None

    @property
    def beyond_cents(self) -> tuple[bool, int]:
        """Return what answers are compared by: no answer is dearer than any."""
        return (self.alone is None, self.alone.cents if self.alone else 0)


@dataclass
class Memory:
    """
    Keep one party's answers so that fewer shipments never cost more than a day they are part of.

    ``slots_left`` bounds what is still searched for this party.
    """

    ground: Ground
    slots_left: int = SLOTS_PER_PARTY
    known: dict[frozenset[str], Known] = field(default_factory=dict)

    def answer(self, day: OwnDay) -> Alone | None:
        """Answer from memory, or search once: orders of insertion, and what is left of longer days."""
        if day.ids not in self.known:
            wider = self._wider(day.ids)
            found = [restricted(self.ground, one, day) for one in wider]
            searched = search_alone(self.ground, day, self._orders(day, at_least=0 if wider else 1))
            self.keep(day, cheapest([searched, *found] if searched else found))
        return self.known[day.ids].alone

    def keep(self, day: OwnDay, alone: Alone | None) -> None:
        """Keep an answer; each part of that day that was thought dearer is driven as what is left of it."""
        new = Known(day, alone)
        self.known[day.ids] = new
        if alone is None:
            return
        parts = [ids for ids in self.known if ids < day.ids]
        for ids in sorted(parts, key=lambda part: (-len(part), sorted(part))):
            if self.known[ids].beyond_cents > new.beyond_cents:
                part = self.known[ids].day
                self.keep(part, restricted(self.ground, alone, part))

    def _wider(self, ids: frozenset[str]) -> list[Alone]:
        """Return the cheapest of the longer days known."""
        wider = [(one.alone.cents, len(other), one.alone) for other, one in self._longer(ids) if one.alone]
        return [one for _, _, one in sorted(wider, key=lambda found: found[:2])[:WIDER_TRIED]]

    def _longer(self, ids: frozenset[str]) -> list[tuple[frozenset[str], Known]]:
        return [(other, one) for other, one in self.known.items() if ids < other]

    def _orders(self, day: OwnDay, *, at_least: int) -> int:
        """Return how many orders of insertion to try, and take their slots from what is left."""
        if len(day.shipments) <= ORDERS_TRIED_WHOLE:
            return ORDERS_TRIED_ABOVE
        slots = slots_of_an_order(day)
        orders = min(ORDERS_TRIED_ABOVE, SLOTS_TRIED // slots, self.slots_left // slots)
        orders = max(orders, 1 if len(day.shipments) <= FEW_SHIPMENTS else at_least)
        self.slots_left = max(0, self.slots_left - orders * slots)
        return orders


@dataclass(frozen=True)
class Baseline:
    """
    Answer what any party's shipments would cost alone; each question is searched once.

    ``homes`` tells at which site a party's own van stands.
    """

    ground: Ground
    homes: Mapping[str, str]
    memories: dict[str, Memory] = field(default_factory=dict, repr=False, compare=False)

    @property
    def asked(self) -> int:
        """Count the questions searched so far: as long as it stands still, so do all answers."""
        return sum(len(memory.known) for memory in self.memories.values())

    def alone(self, party: str, shipments: Sequence[Shipment]) -> Alone | None:
        """
        Find the cheapest own tours for these shipments; ``None`` where no own van keeps the hours.

        Tries the orders in which shipments are inserted: all of them up to four shipments, some
        above, fewer the more they are; and what is left of the tours of longer days already known.
        At any moment the answer for some shipments is at most that for more of them; both may come
        down later, when a better day is found. The same questions in the same order always give the
        same answers.
        """
        return (
            self._memory(party).answer(OwnDay(self.homes[party], tuple(shipments))) if shipments else NOTHING
        )

    def cents(self, party: str, shipments: Sequence[Shipment]) -> int:
        """Return the cost of the same; 0 where there is nothing that an own van could serve."""
        found = self.alone(party, shipments)
        return found.cents if found else 0

    def better(
        self,
        wishes: Mapping[str, Sequence[Shipment]],
        *,
        deadline_s: float,
        engine: Engine | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> dict[str, Alone]:
        """
        Find everyone's whole day alone, by one more search over all own vans together.

        Each party keeps the cheaper of what the orders of insertion and what the search found, here
        and in later answers; what is known of parts of its day comes down with it. Parties whose
        shipments no own van could serve are left out.
        """
        found = {party: one for party, group in wishes.items() for one in [self.alone(party, group)] if one}
        days = {party: OwnDay(self.homes[party], tuple(wishes[party])) for party in found}
        busy = {
            party: (days[party], one.routes)
            for party, one in found.items()
            if one.routes and one.shipments == days[party].ids
        }
        if not busy:
            return found
        problem = own_problem(self.ground, busy)
        start = Plan(tuple(route for party in busy for route in renamed(party, found[party])), ())
        better = solve(problem, deadline_s, start, engine=engine, cancelled=cancelled).plan
        for party in busy:
            routes = tuple(route for route in better.routes if owner(route.vehicle) == party)
            cents = own_cents(problem, routes)
            if cents < found[party].cents:
                found[party] = Alone(cents, routes)
                self._memory(party).keep(days[party], found[party])
        return found

    def apart(self, party: str) -> "Baseline":
        """Return the same, with what it will remember of one party's answers kept to itself."""
        own = self.memories.get(party)
        copied = {} if own is None else {party: Memory(self.ground, own.slots_left, dict(own.known))}
        return Baseline(self.ground, self.homes, {**self.memories, **copied})

    def without_memory_of(self, party: str) -> "Baseline":
        """Return the same without one party's answers: its shipments are asked about as they would be."""
        memories = {name: memory for name, memory in self.memories.items() if name != party}
        return Baseline(self.ground, self.homes, memories)

    def _memory(self, party: str) -> Memory:
        return self.memories.setdefault(party, Memory(self.ground))
