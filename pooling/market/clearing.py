"""
The best set of bids for one trip: what of all that waits is accepted, and how sure that is.

Best is most value to the parties (what the bids are worth less what carrying them adds), within what
the law lets the owner receive; then most crates; then the earliest bids. Nothing here depends on a
clock or on chance: the same trip and the same bids give the same answer.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pooling.bid import Bid
from pooling.day import Day
from pooling.ground import Ground
from pooling.market.allowing import permitted
from pooling.market.award import TripBook
from pooling.market.drafts import Draft
from pooling.market.joining import Joining, Spared, Terms, Way
from pooling.market.lot import Lot, together
from pooling.market.orders import BEGINNINGS_LIMIT

EXACT_BIDS = 8
"""Up to so many bids on one trip every set is looked at; above, the best is searched for."""

ROUNDS_LIMIT = 20
"""How often a search above that looks for a better set next to the one it has."""

SETS_LIMIT = 5_000
"""Once a search has weighed so many sets, it goes on with further bids only, and exchanges none."""

Chosen = tuple[int, ...]
"""Which lots, by their place in the order of arrival."""


def never_hurried() -> None:
    """Let a clearing go on to its end."""


TRIES_LIMIT = 12_000
"""Once so many sets were weighed to try whether a change would do, the other losers are told none."""


@dataclass(frozen=True)
class Limits:
    """
    Hold how far a clearing looks, counted and never timed.

    ``sets`` and ``tries`` are ``None`` where they were not bounded: in the records of old.
    """

    exact_bids: int = EXACT_BIDS
    rounds: int = ROUNDS_LIMIT
    beginnings: int = BEGINNINGS_LIMIT
    sets: int | None = SETS_LIMIT
    tries: int | None = TRIES_LIMIT


@dataclass(frozen=True)
class Case:
    """
    Hold what one clearing is decided on: the trip as committed, the lots that wait, what riding spares.

    ``limits`` are today's, or those of the record that it was made from.
    """

    day: Day
    ground: Ground
    book: TripBook
    lots: tuple[Lot, ...]
    spared: Spared
    limits: Limits = Limits()

    @property
    def bids(self) -> dict[str, Bid]:
        return {bid.shipment: bid for lot in self.lots for bid in lot.bids}


@dataclass(frozen=True)
class Candidate:
    """Hold a set of lots that could be accepted, and what it comes to."""

    chosen: Chosen
    way: Way | Draft
    terms: Terms
    crates: int

    @property
    def rank(self) -> tuple[int, int, Chosen]:
        """Return by what sets are compared: the least is the best."""
        return (-self.terms.value_cents, -self.crates, self.chosen)


@dataclass(frozen=True)
class Cleared:
    """
    Hold the best set: the lots, the trip's book with them as guests, its value and what bounds it.

    No set is worth more than ``bound_cents``; where the answer is ``exact`` it is the value itself.
    ``able`` are the lots that law and road let ride by themselves, by their place; ``weighed`` counts the
    sets that were looked at.
    """

    case: Case
    chosen: tuple[Lot, ...]
    book: TripBook
    value_cents: int
    bound_cents: int
    exact: bool
    able: tuple[int, ...]
    weighed: int
    joining: Joining

    @property
    def gap_cents(self) -> int:
        return self.bound_cents - self.value_cents

    @property
    def lost(self) -> tuple[Lot, ...]:
        return tuple(lot for lot in self.case.lots if lot not in self.chosen)


def clear(case: Case, look: Callable[[], None] = never_hurried, joining: Joining | None = None) -> Cleared:
    """
    Choose the best set of lots for a trip.

    Exact up to ``exact_bids`` of the limits: every set is looked at but those that cannot be better than one
    already known. ``look`` is called between sets and may raise, to stop the work. ``joining`` brings
    ways that are known already.
    """
    joining = joining_of(case) if joining is None else joining.asked_by(case.bids, case.spared)
    sets, exact = _Sets(case, joining, look), every_order(case, joining)
    best = sets.best()
    chosen = tuple(case.lots[at] for at in best.chosen)
    aboard = sets.aboard(best.chosen)
    bound_cents = best.terms.value_cents if exact else max(best.terms.value_cents, sets.bound_cents())
    way = joining.in_hours(best.way, aboard) if isinstance(best.way, Draft) else best.way
    book = joining.joined(aboard, way) if aboard and way is not None else case.book
    value_cents = best.terms.value_cents
    return Cleared(case, chosen, book, value_cents, bound_cents, exact, sets.able, sets.weighed, joining)


def chosen_of(case: Case, joining: Joining, look: Callable[[], None]) -> tuple[frozenset[str], int]:
    """Return the ids of the lots that the same clearing chooses, and how many sets it weighs."""
    joining = joining.asked_by(case.bids, case.spared)
    every_order(case, joining)
    sets = _Sets(case, joining, look)
    best = sets.best()
    return frozenset(case.lots[at].id for at in best.chosen), sets.weighed


def few(case: Case) -> bool:
    return sum(len(lot.bids) for lot in case.lots) <= case.limits.exact_bids


def every_order(case: Case, joining: Joining) -> bool:
    """Find the ways of few bids by every order of stops; tells whether the answer is exact."""
    return few(case) and joining.try_every_order(case.bids, case.limits.beginnings)


def joining_of(case: Case) -> Joining:
    """Return what answers for the ways and terms of any set of a case."""
    return Joining(case.day, case.ground, case.book, case.bids, case.spared)


def candidate(case: Case, joining: Joining, chosen: Chosen, way: Way | Draft) -> Candidate:
    """Return a set with what it comes to."""
    aboard = frozenset(one for at in chosen for one in case.lots[at].shipments)
    crates = sum(case.day.shipment_by_id[one].load.crates for one in aboard)
    return Candidate(chosen, way, joining.terms(aboard, way), crates)


class _Sets:
    """Looks for the best set among the lots that could ride at all."""

    def __init__(self, case: Case, joining: Joining, look: Callable[[], None]) -> None:
        self._case, self._joining, self._look = case, joining, look
        self._least = self._least_added()
        self.able = tuple(self._least)
        self.weighed = 0
        self._ceiling = [sum(bid.ceiling_cents for bid in lot.bids) for lot in case.lots]
        self._of_one_payer = self._by_payers()
        self._best = self.nothing()

    def aboard(self, chosen: Iterable[int]) -> frozenset[str]:
        return frozenset(one for at in chosen for one in self._case.lots[at].shipments)

    def best(self) -> Candidate:
        best = self.searched()
        return self.best_of_all(best) if few(self._case) else best

    def searched(self) -> Candidate:
        """
        Begin with nothing; add, drop or exchange one lot at a time, or several of a payer, while that helps.

        Several: its van may stay at home only where all of them ride, and none by itself is worth a detour.
        """
        best = self.nothing()
        for _ in range(self._case.limits.rounds):
            better = self._best_near(best)
            if better is best:
                break
            best = better
        return best

    def nothing(self) -> Candidate:
        """Return the set of no lots: the trip as committed."""
        return candidate(self._case, self._joining, (), Way(self._case.book.route, self._case.book.legs))

    def best_of_all(self, known: Candidate) -> Candidate:
        """Look at every set, in the order of arrival, but for those that cannot be better than the best."""
        self._best = known
        self._look_further((), 0)
        return self._best

    def bound_cents(self) -> int:
        """
        Return what no set is worth more than.

        A set adds at least what the dearest of its shipments adds by itself, since each stop fewer
        makes a way no longer; so for each such least, all that add no more by themselves are counted
        with all they are worth. Of a choice only the best bid counts.
        """
        bounds = [0]
        for limit in self._least.values():
            within = [at for at in self.able if self._least[at] <= limit]
            bounds.append(self._worth_at_most(within) - limit)
        return max(bounds)

    def _look_further(self, chosen: Chosen, first: int) -> None:
        for at in self.able:
            if at < first or not together(self._case.lots[one] for one in (*chosen, at)):
                continue
            more = (*chosen, at)
            rest = [one for one in self.able if one > at]
            at_most_cents = self._worth_at_most([*more, *rest]) - self._added_at_least(more)
            if at_most_cents < self._best.terms.value_cents:
                continue
            self._look()
            self.weighed += 1
            way = self._joining.way(self.aboard(more))
            if way is not None:
                self._consider(candidate(self._case, self._joining, more, way))
            self._look_further(more, at + 1)

    def _consider(self, one: Candidate) -> None:
        if one.terms.payable and one.rank < self._best.rank:
            self._best = one

    def _best_near(self, best: Candidate) -> Candidate:
        """Weigh the sets next to one, but for those that cannot be better than the best so far."""
        found = best
        for more in self._neighbours(best.chosen):
            if more == best.chosen or self._bids_at_most(more) < found.terms.value_cents:
                continue
            if not together(self._case.lots[one] for one in more):
                continue
            self._look()
            self.weighed += 1
            dearest_cents = self._ceilings_cents(more) - found.terms.value_cents
            draft = self._known_draft(more, dearest_cents)
            if draft is not None:
                one = candidate(self._case, self._joining, more, draft)
                found = one if one.terms.payable and one.rank < found.rank else found
        return found

    def _neighbours(self, chosen: Chosen) -> Iterator[Chosen]:
        for at in self.able:
            if at not in chosen:
                yield tuple(sorted((*chosen, at)))
                if not self._many:
                    yield from (
                        tuple(sorted((*chosen[:out], *chosen[out + 1 :], at))) for out in range(len(chosen))
                    )
            elif not self._many:
                yield tuple(one for one in chosen if one != at)
        for several in () if self._many else self._of_one_payer:
            yield tuple(sorted({*chosen, *several}))
            yield tuple(one for one in chosen if one not in several)

    @property
    def _many(self) -> bool:
        """Tell whether so many sets were weighed that nothing is exchanged or left out any more."""
        return self._case.limits.sets is not None and self.weighed >= self._case.limits.sets

    def _bids_at_most(self, chosen: Chosen) -> int:
        """Return what a set is not worth more than, by its bids alone: nobody is asked what it spares."""
        return self._ceilings_cents(chosen) - self._added_at_least(chosen) if chosen else 0

    def _ceilings_cents(self, chosen: Chosen) -> int:
        return sum(self._ceiling[at] for at in chosen)

    def _by_payers(self) -> list[Chosen]:
        """Return for each payer of several lots the first two that may ride together, three, and so on."""
        its: dict[str, list[int]] = {}
        for at in self.able:
            known = its.setdefault(min(self._by_payer(self._case.lots[at])), [])
            if len(known) < self._case.limits.exact_bids and together(
                self._case.lots[one] for one in (*known, at)
            ):
                known.append(at)
        return [tuple(known[:size]) for known in its.values() for size in range(2, len(known) + 1)]

    def _known_draft(self, chosen: Sequence[int], dearest_cents: int) -> Draft | None:
        order = tuple(bid.shipment for at in chosen for bid in self._case.lots[at].bids)
        return self._joining.draft_in_order(order, dearest_cents)

    def _least_added(self) -> dict[int, int]:
        """Return for each lot that could ride at all the least that it adds; law and road are asked."""
        least: dict[int, int] = {}
        for at, lot in enumerate(self._case.lots):
            shipments = [self._case.day.shipment_by_id[one] for one in sorted(lot.shipments)]
            if not all(permitted(self._case.day, self._case.book.trip, one) for one in shipments):
                continue
            ways = [(frozenset({one.id}), self._joining.way(frozenset({one.id}))) for one in shipments]
            added = [self._joining.terms(one, way).added_cents for one, way in ways if way is not None]
            if len(added) == len(ways):
                least[at] = max(added)
        return least

    def _added_at_least(self, chosen: Iterable[int]) -> int:
        return max(self._least[at] for at in chosen)

    def _worth_at_most(self, lots: Sequence[int]) -> int:
        """Return at most what any set of these lots is worth: each payer's bids, within what all spares."""
        most: dict[str, int] = {}
        choices: dict[tuple[str, str], int] = {}
        by_payer: dict[str, set[str]] = {}
        for at in lots:
            lot = self._case.lots[at]
            for payer, cents in self._by_payer(lot).items():
                by_payer.setdefault(payer, set()).update(lot.shipments)
                if lot.choice:
                    before = choices.get((payer, lot.choice), 0)
                    choices[payer, lot.choice] = max(before, cents)
                else:
                    most[payer] = most.get(payer, 0) + cents
        for (payer, _), cents in choices.items():
            most[payer] = most.get(payer, 0) + cents
        spared = {payer: self._case.spared(payer, frozenset(ids)) for payer, ids in by_payer.items()}
        meant_cents = sum(self._joining.meant_cents(one) for one in self.aboard(tuple(lots)))
        return meant_cents + sum(min(cents, max(0, spared[payer])) for payer, cents in most.items())

    def _by_payer(self, lot: Lot) -> Mapping[str, int]:
        cents: dict[str, int] = {}
        for bid in lot.bids:
            payer = self._case.day.shipment_by_id[bid.shipment].payer
            cents[payer] = cents.get(payer, 0) + bid.ceiling_cents
        return cents
