"""
All trips of a day cleared together: which trip takes whom, where bids ask for several.

Trips are cleared one after another, in several orders; what rides on one no longer asks for another.
The best order counts, and a bound tells how far from the best of all it can be at most.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from pooling.market.clearing import Case, Cleared, clear, joining_of
from pooling.market.joining import Aboard, Joining
from pooling.market.lot import Lot, together


@dataclass(frozen=True)
class DayCleared:
    """Hold the trips of a day as cleared, as they were given; no choice is worth more than the bound."""

    trips: tuple[Cleared, ...]
    bound_cents: int

    @property
    def value_cents(self) -> int:
        return sum(one.value_cents for one in self.trips)

    @property
    def gap_cents(self) -> int:
        return self.bound_cents - self.value_cents


Look = Callable[[float], None]
"""Hear between sets the share of the work that is done, 0 to 1; it may raise, to stop the work."""


def unwatched(_share: float) -> None:
    """Let a day be cleared to its end."""


def clear_day(cases: Sequence[Case], look: Look = unwatched) -> DayCleared:
    """
    Choose for every trip of a day the bids that ride, each shipment and each choice once.

    Tried are the trips as they come, the other way round, and those that gain most by themselves first.
    """
    watched = _Watched(look, PASSES * len(cases))
    joinings = [joining_of(case) for case in cases]
    alone = [watched.left(at, case, joinings[at], ()) for at, case in enumerate(cases)]
    as_given = list(range(len(cases)))
    by_value = sorted(as_given, key=lambda at: -alone[at].value_cents)
    found = [
        _in_order(cases, joinings, order, watched) for order in (by_value, as_given, as_given[::-1]) if order
    ]
    best = max(found, key=lambda trips: sum(one.value_cents for one in trips), default=())
    return DayCleared(best, _bound_cents(cases, joinings, watched))


PASSES = 5
"""How often each trip is cleared: alone, in three orders, and for the bound."""


@dataclass
class _Watched:
    """Clear trips, and tell which share of them is done; what stands as before is not cleared again."""

    look: Look
    whole: int
    done: int = 0
    known: dict[tuple[int, tuple[Lot, ...], Aboard], Cleared] = field(default_factory=dict)

    def left(self, at: int, case: Case, joining: Joining, taken: Sequence[Lot]) -> Cleared:
        """Clear what others have left of the trip of this number."""
        left, riding = _left(case, taken)
        key = at, left.lots, riding
        if key in self.known:
            self.done += 1
        else:
            self.known[key] = self.clear(left, joining)
        return self.known[key]

    def clear(self, case: Case, joining: Joining) -> Cleared:
        cleared = clear(case, lambda: self.look(self.done / self.whole), joining)
        self.done += 1
        return cleared


def _in_order(
    cases: Sequence[Case], joinings: Sequence[Joining], order: Sequence[int], watched: _Watched
) -> tuple[Cleared, ...]:
    done: dict[int, Cleared] = {}
    for at in order:
        taken = [lot for one in done.values() for lot in one.chosen]
        done[at] = watched.left(at, cases[at], joinings[at], taken)
    return tuple(done[at] for at in sorted(done))


def _left(case: Case, taken: Sequence[Lot]) -> tuple[Case, Aboard]:
    """
    Leave out of a case what rides elsewhere; a payer spares what its further rides add to those.

    Returns too which of those this trip knows of: on no other that rides elsewhere does the case depend.
    """
    lots = tuple(lot for lot in case.lots if all(together((lot, other)) for other in taken))
    known = case.day.shipment_by_id
    riding = frozenset(one for lot in taken for one in lot.shipments if one in known)

    def spared(payer: str, aboard: Aboard) -> int:
        its = frozenset(one for one in riding if _pays(case, payer, one))
        return case.spared(payer, aboard | its) - (case.spared(payer, its) if its else 0)

    return replace(case, lots=lots, spared=spared), riding


def _bound_cents(cases: Sequence[Case], joinings: Sequence[Joining], watched: _Watched) -> int:
    """
    Add up what each trip could gain at most by itself.

    Each payer is counted as if all that it asks for that day rode: no ride spares more beside fewer.
    """
    asking = frozenset(one for case in cases for lot in case.lots for one in lot.shipments)

    def freely(case: Case) -> Case:
        def spared(payer: str, _aboard: Aboard) -> int:
            return case.spared(payer, frozenset(one for one in asking if _pays(case, payer, one)))

        return replace(case, spared=spared)

    trips = zip(cases, joinings, strict=True)
    return sum(watched.clear(freely(case), joining).bound_cents for case, joining in trips)


def _pays(case: Case, payer: str, shipment: str) -> bool:
    """Tell whether a payer pays for a shipment; of what this trip does not know of, nobody here does."""
    one = case.day.shipment_by_id.get(shipment)
    return one is not None and one.payer == payer
