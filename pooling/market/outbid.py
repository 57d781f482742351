"""
Why a bid was not chosen, and the smallest change with which it would have been.

A reason names a change only where it was tried: with it, the same clearing chooses the bid.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations

from geodata.refusal import Refusal
from pooling.bid import Bid
from pooling.market.award import take_bid
from pooling.market.clearing import Candidate, Case, Chosen, Cleared, candidate, chosen_of, never_hurried
from pooling.market.joining import Joining
from pooling.market.lot import Lot, together
from pooling.money import Cents
from pooling.shipment import Shipment
from routing.explain import Change


class Outbid(Refusal):
    """Refuse bids that another set leaves no place for. What others bid is not told."""

    code = "outbid"
    reason = "Other bids on this trip bring the parties more than any set with this one."
    cure = "Choose another trip or tour; no higher bid is known to change it."


class OutbidByPrice(Outbid):
    reason = "Other bids on this trip bring the parties more; with {more} more, this one would be chosen."
    cure = "Withdraw it and bid {more} more, or choose another trip or tour."


class OutbidByRoom(Outbid):
    reason = (
        "Other bids on this trip bring the parties more; with {fewer} "
        "{fewer:crate/crates} fewer, this one would be chosen."
    )
    cure = "Send {fewer} {fewer:crate/crates} another way, or choose another trip or tour."


class OutbidByEither(Outbid):
    reason = (
        "Other bids on this trip bring the parties more; with {more} more, or {fewer} "
        "{fewer:crate/crates} fewer, "
        "this one would be chosen."
    )
    cure = (
        "Withdraw it and bid {more} more, send {fewer} {fewer:crate/crates} another way, "
        "or choose another trip or tour."
    )


class AnotherChosen(Refusal):
    code = "another_chosen"
    reason = "Another of the bids of which only one may ride was chosen."
    cure = "Nothing needs to be done: the shipment rides there."


@dataclass
class Tries:
    """Try whether a change would do, until so many sets were weighed; then nothing is known of any other."""

    left: int | None
    look: Callable[[], None]

    def chooses(self, case: Case, joining: Joining, lot: Lot) -> bool:
        """Tell whether the same clearing chooses a lot in a changed case."""
        if self.left is not None and self.left <= 0:
            return False
        chosen, weighed = chosen_of(case, joining, self.look)
        self.left = None if self.left is None else self.left - weighed
        return lot.id in chosen


def reasons(cleared: Cleared, look: Callable[[], None] = never_hurried) -> Mapping[str, Refusal]:
    """Say of each lot that was not chosen why not; by the ids of the lots. ``look`` may raise, to stop."""
    tries = Tries(cleared.case.limits.tries, look)
    return {lot.id: _reason_of(cleared, lot, tries) for lot in cleared.lost}


def _reason_of(cleared: Cleared, lot: Lot, tries: Tries) -> Refusal:
    """Say why a lot was not chosen: beside those chosen, or because any set with it is worth less."""
    if not together((*cleared.chosen, lot)):
        return AnotherChosen()
    beside, at_fault = _refused_beside(cleared, lot)
    if cleared.case.lots.index(lot) not in cleared.able and beside is not None:
        return beside
    more_cents = _more_cents(cleared, lot, tries)
    fewer = _fewer_crates(cleared, lot, beside, at_fault, tries)
    if more_cents is None and fewer is None:
        alone = cleared.joining.way(lot.shipments)
        fits = alone is not None and cleared.joining.terms(lot.shipments, alone).payable
        return Outbid() if fits or beside is None else beside
    of = {"of": at_fault} if len(lot.bids) > 1 else {}  # which of a bundle would be smaller
    if more_cents is None:
        return OutbidByRoom(fewer=fewer, **of)
    if fewer is None:
        return OutbidByPrice(more=Cents(more_cents))
    return OutbidByEither(more=Cents(more_cents), fewer=fewer, **of)


def raised(lot: Lot, more_cents: int) -> Lot:
    """Return a lot with so much more bid for it."""
    first, *rest = lot.bids
    return replace(lot, bids=(replace(first, most_cents=first.most_cents + more_cents), *rest))


def with_crates(shipment: Shipment, crates: int) -> Shipment:
    """Return a shipment of so many crates only, each with its part of weight and litres, rounded up."""
    load = shipment.load
    kg, litres = (-(-amount * crates // load.crates) for amount in (load.kg, load.litres))
    return replace(shipment, load=replace(load, crates=crates, kg=kg, litres=litres))


def _refused_beside(cleared: Cleared, lot: Lot) -> tuple[Refusal | None, str]:
    """Return why its shipments cannot ride beside those chosen, each after the other, and which of them."""
    case, book = cleared.case, cleared.book
    for bid in lot.bids:
        shipment = case.day.shipment_by_id[bid.shipment]
        before = [one for one in book.guests if one.shipment.payer == shipment.payer]
        new = [one for one in before if one.shipment.id in case.bids]
        aboard = frozenset(one.shipment.id for one in new) | {shipment.id}
        spared_cents = case.spared(shipment.payer, aboard) - sum(one.price_cents for one in new)
        book, refusal = take_bid(case.day, case.ground, book, bid, spared_cents)
        if refusal is not None:
            return refusal, shipment.id
    return None, ""


def _more_cents(cleared: Cleared, lot: Lot, tries: Tries) -> int | None:
    """Return the smallest rise of its bid with which the same clearing chooses it, where one would do."""
    rises = (_rise(cleared, lot, one) for one in _sets_with(cleared, lot))
    least = min((rise for rise in rises if rise is not None), default=None)
    if least is None:
        return None
    lots = tuple(raised(lot, least) if one.id == lot.id else one for one in cleared.case.lots)
    return least if tries.chooses(replace(cleared.case, lots=lots), cleared.joining, lot) else None


def _rise(cleared: Cleared, lot: Lot, one: Candidate) -> int | None:
    """Return how much more would make a set the best, within what riding spares the payer."""
    if not (one.terms.lawful and one.terms.asked_met):
        return None
    short_cents = one.terms.added_cents - one.terms.worth_cents
    rise_cents = max(0, short_cents, cleared.value_cents - one.terms.value_cents)
    levelled = (-(one.terms.value_cents + rise_cents), -one.crates, one.chosen)
    rise_cents += int(levelled > _rank(cleared))
    case, lots = cleared.case, [cleared.case.lots[at] for at in one.chosen]
    rich = [raised(each, rise_cents) if each.id == lot.id else each for each in lots]
    bids: dict[str, Bid] = {bid.shipment: bid for each in rich for bid in each.bids}
    worth_cents = cleared.joining.asked_by(case.bids | bids, case.spared).worth_cents(frozenset(bids))
    return rise_cents if worth_cents == one.terms.worth_cents + rise_cents else None


def _rank(cleared: Cleared) -> tuple[int, int, Chosen]:
    chosen = tuple(cleared.case.lots.index(lot) for lot in cleared.chosen)
    shipments = [one for lot in cleared.chosen for one in lot.shipments]
    crates = sum(cleared.case.day.shipment_by_id[one].load.crates for one in shipments)
    return (-cleared.value_cents, -crates, chosen)


def _sets_with(cleared: Cleared, lot: Lot) -> Iterator[Candidate]:
    """Yield the sets that hold a lot: all of them where the answer is exact, else those next to it."""
    case, joining = cleared.case, cleared.joining
    its = case.lots.index(lot)
    others = [at for at in cleared.able if at != its]
    for chosen in _all_sets(others) if cleared.exact else _near_sets(cleared, case):
        whole = tuple(sorted((*chosen, its)))
        lots = [case.lots[at] for at in whole]
        if not together(lots):
            continue
        aboard = frozenset(one for each in lots for one in each.shipments)
        order = tuple(bid.shipment for each in lots for bid in each.bids)
        way = joining.way(aboard) if cleared.exact else joining.draft_in_order(order)
        if way is not None:
            yield candidate(case, joining, whole, way)


def _all_sets(others: list[int]) -> Iterator[Chosen]:
    for size in range(len(others) + 1):
        yield from combinations(others, size)


def _near_sets(cleared: Cleared, case: Case) -> Iterator[Chosen]:
    chosen = tuple(case.lots.index(one) for one in cleared.chosen)
    yield chosen
    for out in chosen:
        yield tuple(at for at in chosen if at != out)


def _fewer_crates(
    cleared: Cleared, lot: Lot, beside: Refusal | None, at_fault: str, tries: Tries
) -> int | None:
    """
    Return how many crates fewer would ride beside those chosen, where room alone stands in the way.

    Of a bundle it is the shipment that finds no room beside the others which would be smaller.
    """
    change = beside.facts.get("change") if beside is not None and beside.besides is None else None
    if not isinstance(change, Change) or change.quantity != "units":
        return None
    case = cleared.case
    joining = cleared.joining.with_other(with_crates(case.day.shipment_by_id[at_fault], change.would_do))
    chosen = tries.chooses(replace(case, day=joining.day), joining, lot)
    return change.stands - change.would_do if chosen else None
