"""
A trip that changes with guests aboard: every promise to them is kept, or each that would break is named.

What was promised are an hour at both ends, room, a price that is never raised, a detour within what the
owner allows, and carriage that the law and the owner's word let the trip do. The guests are put anew into
the changed trip by the insertion that proved their acceptance, each asking for the hours it was promised.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, permutations

from geodata.refusal import Refusal
from pooling.day import Day
from pooling.market.allowing import KindNotCarried, not_allowed
from pooling.market.award import Guest, TripBook, best_slot_of, with_guest, within_cap
from pooling.money import Cents
from pooling.phrases import Notes, Phrases, message
from routing.check import check
from routing.explain import Rule, why_not

ORDERS_LIMIT = 120
"""In so many orders the guests are put in anew: all of them up to five guests aboard."""

HOURS, ROOM, DETOUR, LAW, KIND, LIFT = (
    message("the hours promised"),
    message("its room"),
    message("the detour that you allow"),
    message("the legal ground"),
    message("the kind of its goods"),
    message("the tail lift that it needs"),
)
PROMISE_OF = {
    Rule.ROOM: ROOM,
    Rule.COMPARTMENT: ROOM,
    Rule.DETOUR: DETOUR,
    Rule.SKILLS: LIFT,
}
"""Which promise a rule of the road stands for; the rest are hours, the guest's own or those of others."""


class ChangeBreaksPromises(Refusal):
    """
    Refuse a change for what was promised to guests, all of whom are named.

    The fact ``broken`` lists by shipment what would break, ``payers`` who pays for which.
    """

    code = "change_breaks_promises"
    reason = "Promises to guests would break, to {count} in all: {guests}."
    cure = "Keep to what was promised, or ask these guests to withdraw first."


class ChangeCostsOwner(Refusal):
    code = "change_costs_owner"
    reason = "With its guests the changed trip would cost you {more} more than without them."
    cure = "Keep nearer to the way that was agreed, or ask a guest to withdraw first."


@dataclass(frozen=True)
class Broken:
    """Hold what of a guest's promises a changed trip would break."""

    shipment: str
    payer: str
    promises: tuple[str, ...]


def keep_guests(day: Day, opened: TripBook, guests: Sequence[Guest]) -> TripBook:
    """
    Return the changed trip with all its guests at the hours promised; refuses with what would break.

    ``opened`` is the changed trip without guests, with the room of its legs and what leavers owe. Prices
    are lowered where the law lets the owner receive less on the changed way, and never raised.
    """
    best = max(_attempts(opened, guests), key=lambda book: len(book.guests))
    broken = [one for guest in guests for one in _not_allowed(day, opened, guest)]
    aboard = {guest.shipment.id for guest in best.guests}
    broken += [_broken(best, guest) for guest in guests if guest.shipment.id not in aboard]
    if broken:
        raise refusal_of_broken(broken, {one: day.parties[one].name for one in {b.payer for b in broken}})
    kept = within_cap(replace(best, guests=tuple(sorted(best.guests, key=_as_before(guests)))))
    if kept.owner_cents > kept.announced_cents:
        raise ChangeCostsOwner(more=Cents(kept.owner_cents - kept.announced_cents))
    violations = check(kept.problem, kept.plan)
    if violations:
        raise AssertionError(f"A kept guest broke a rule: {violations}")
    return kept


def refusal_of_broken(broken: Sequence[Broken], names: dict[str, str]) -> ChangeBreaksPromises:
    """Return the refusal that names every guest and what would break for it."""
    merged: dict[str, Broken] = {}
    told: dict[str, tuple[str, ...]] = {}
    for one in broken:
        before = merged.get(one.shipment, one).promises
        merged[one.shipment] = replace(one, promises=tuple(dict.fromkeys((*before, *one.promises))))
        told[one.payer] = tuple(dict.fromkeys((*told.get(one.payer, ()), *one.promises)))
    return ChangeBreaksPromises(
        count=len(told),
        guests=Notes((names[payer], Phrases(promises)) for payer, promises in told.items()),
        broken={one.shipment: list(one.promises) for one in merged.values()},
        payers={one.shipment: one.payer for one in merged.values()},
    )


def _attempts(opened: TripBook, guests: Sequence[Guest]) -> Iterator[TripBook]:
    """Put the guests in anew in one order after another, until all of them ride."""
    for order in islice(permutations(guests), ORDERS_LIMIT):
        book = opened
        for guest in order:
            slot = best_slot_of(book, guest)
            book = book if slot is None else with_guest(book, guest, slot)
        yield book
        if len(book.guests) == len(guests):
            return


def _broken(book: TripBook, guest: Guest) -> Broken:
    """Name what stands in the way of a guest whom no order of putting in could keep."""
    problem = replace(book.problem, requests=(*book.problem.requests, guest.request))
    rules = why_not(problem, book.plan, book.vehicle, guest.request).rules
    promises = dict.fromkeys(PROMISE_OF.get(rule, HOURS) for rule in rules)
    return Broken(guest.shipment.id, guest.shipment.payer, tuple(promises) or (ROOM,))


def _not_allowed(day: Day, book: TripBook, guest: Guest) -> Iterator[Broken]:
    refusal = not_allowed(day, book.trip, guest.shipment)
    if refusal is not None:
        promise = KIND if isinstance(refusal, KindNotCarried) else LAW
        yield Broken(guest.shipment.id, guest.shipment.payer, (promise,))


def _as_before(guests: Sequence[Guest]) -> Callable[[Guest], int]:
    at = {guest.shipment.id: number for number, guest in enumerate(guests)}
    return lambda guest: at[guest.shipment.id]
