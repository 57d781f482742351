"""
Several bids on one trip decided together: the case that pure code clears, and the rides it makes.

A bundle of which all ride or none is decided here, and so is the best set of all that waits.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.bid import Bid
from pooling.days.dayplan import HoursImpossible
from pooling.desk.communities.belonging import must_belong
from pooling.desk.desk import Desk
from pooling.desk.market.night_trips import must_be_of_its_day
from pooling.desk.market.rides import (
    Decided,
    in_public,
    must_be_open,
    must_take_guests,
    standing_of,
)
from pooling.desk.people.trust import must_ride_together
from pooling.desk.trips.trip_books import StoredTrip, load_trip
from pooling.intake import OwnTrip
from pooling.legs import stretch_of
from pooling.market.allowing import permitted
from pooling.market.award import TripBook, best_slot, take_bid
from pooling.market.clearing import Case
from pooling.market.joining import Joining, Terms
from pooling.market.lot import Lot
from pooling.market.saving import spared_together_cents
from pooling.money import Cents
from pooling.pricing import BidBelowAsked, asked_of, dearer, detour_beyond, shareable_cost
from pooling.store import View
from pooling.store.bids import paid_that_day
from pooling.store.days import parties_by_id
from pooling.store.shipments import payers_day
from routing.plan import Route

Rows = Sequence[Row[Any]]

ENOUGH_CENTS = 10_000_000
"""A bid that no price stands in the way of: the road and the law are asked alone."""


class BundleDoesNotFit(Refusal):
    code = "bundle_does_not_fit"
    reason = "The {bids} shipments of the bundle do not fit on trip {trip} together."
    cure = "Bid for fewer of them, or for each by itself."


class BundleBelowDetour(Refusal):
    code = "bid_below_detour"
    reason = "The detour for all of them costs the owner {floor}; together they may be asked {most}."
    cure = "Bid at least {floor} together: an owner with guests is never worse off than without."


@dataclass
class DaysOfPayers:
    """
    Hold what each payer sends on each day and pays already, and answer what it spares, each once.

    A night's trip may carry crates of two days: what each day spares is its own.

    An answer may come down when longer days are searched; one clearing counts with the first.
    """

    own: Mapping[str, Mapping[date, Rows]]
    paid: Mapping[str, Mapping[date, Mapping[str, int]]]
    stored: StoredTrip
    known: dict[tuple[str, frozenset[str]], int] = field(default_factory=dict)

    def spared_cents(self, payer: str, aboard: frozenset[str]) -> int:
        if (payer, aboard) not in self.known:
            self.known[payer, aboard] = sum(self._of_day(payer, day, aboard) for day in self.own[payer])
        return self.known[payer, aboard]

    def _of_day(self, payer: str, day: date, aboard: frozenset[str]) -> int:
        by_id, baseline = self.stored.standing.day.shipment_by_id, self.stored.standing.baseline
        rows = self.own[payer][day]
        if len(self.own[payer]) > 1 and not any(row.id in aboard for row in rows):
            return 0
        own = [by_id[row.id] for row in rows if self.possible(row.id)]
        return spared_together_cents(baseline, payer, own, self.paid[payer][day], aboard)

    def possible(self, shipment_id: str) -> bool:
        """Tell whether its payer's own van could serve it at all: else nothing is spared that could be."""
        one = self.stored.standing.day.shipment_by_id[shipment_id]
        return self.stored.standing.baseline.alone(one.payer, [one]) is not None

    def standing(self, payer: str, day: date) -> object:
        return standing_of(self.own[payer][day], dict(self.paid[payer][day]))


@dataclass(frozen=True)
class Asking:
    """Hold a trip as it stands with the shipments that ask for it together."""

    stored: StoredTrip
    rows: Mapping[str, Row[Any]]
    days: DaysOfPayers

    def case(self, lots: Iterable[Lot]) -> Case:
        """Return what a clearing of these lots is decided on."""
        standing = self.stored.standing
        return Case(standing.day, standing.ground, self.stored.book, tuple(lots), self.days.spared_cents)

    def decided(self, joining: Joining, book: TripBook) -> dict[str, Decided]:
        """Return the rides of those who are new in a book, by shipment: all hold the book with all."""
        new = {guest.shipment.id: guest for guest in book.guests if guest.shipment.id in joining.bids}
        aboard = frozenset(new)
        return {
            one: Decided(
                stored=self.stored,
                shipment=self.rows[one],
                book=book,
                guest=guest,
                stretch=stretch_of(book.route, one),
                saved_cents=joining.spared_by(one, aboard),
                payers_day=self.days.standing(guest.shipment.payer, self.rows[one].day),
            )
            for one, guest in new.items()
        }


def asking_together(desk: Desk, view: View, trip: Row[Any], shipments: Rows) -> Asking:
    """Load a trip with the shipments that ask for it, and the days of those who pay for them."""
    payers = sorted({row.payer_id for row in shipments})
    counted = {payer: sorted({row.day for row in shipments if row.payer_id == payer}) for payer in payers}
    days = {payer: {day: payers_day(view, payer, day) for day in counted[payer]} for payer in payers}
    paid = {payer: {day: paid_that_day(view, payer, day) for day in counted[payer]} for payer in payers}
    everybody = [row for of in days.values() for own in of.values() for row in own]
    stored = load_trip(desk, view, trip, asking=everybody, payers=payers)
    return Asking(stored, {row.id: row for row in shipments}, DaysOfPayers(days, paid, stored))


def could_ask(view: View, trip: Row[Any], row: Row[Any], *, reserves: bool = False) -> None:
    """
    Refuse a shipment that cannot ask for this trip, before any work on the road.

    ``reserves`` tells that it is room for goods that are named later.
    """
    must_take_guests(trip, view.now_at)
    if not reserves:
        must_be_open(row)
    must_be_of_its_day(trip, row)
    if trip.owner_id == row.payer_id:
        raise OwnTrip(party=parties_by_id(view, [trip.owner_id])[trip.owner_id].name, trip=trip.id)
    must_belong(view, trip, row.payer_id)
    must_ride_together(view, trip.owner_id, [row.payer_id])


def decide_bundle(
    desk: Desk, view: View, trip: Row[Any], rows: Rows, most: Mapping[str, int], *, above_alone: bool = False
) -> dict[str, Decided]:
    """
    Decide the rides of a bundle, all or none, or refuse with the true reason.

    ``above_alone`` tells that its payer knows that driving all of it alone would cost less.
    """
    for row in rows:
        could_ask(view, trip, row)
    asking = asking_together(desk, view, trip, rows)
    for row in rows:
        if not asking.days.possible(row.id):
            raise HoursImpossible(shipment=row.id)
    lot = Lot("bundle", tuple(lot_bids(trip.id, most, above_alone=above_alone)))
    case = asking.case([lot])
    joining = Joining(case.day, case.ground, case.book, case.bids, case.spared)
    refusal = _refused_apart(case, lot)
    if refusal is not None:
        raise in_public(refusal)
    joining.try_every_order(lot.shipments)
    way = joining.way(lot.shipments)
    if way is None:
        raise BundleDoesNotFit(bids=len(rows), trip=trip.id)
    terms = joining.terms(lot.shipments, way)
    if not terms.payable:
        spared_cents = case.spared(rows[0].payer_id, lot.shipments)
        raise _not_payable(case, lot, terms, way.route, None if above_alone else spared_cents)
    return asking.decided(joining, joining.joined(lot.shipments, way))


def lot_bids(trip_id: str, most: Mapping[str, int], *, above_alone: bool) -> Iterator[Bid]:
    """Yield the bids of a bundle of which all ride or none."""
    for one, cents in most.items():
        beside = frozenset(most) - {one}
        yield Bid(one, trip_id, cents, above_alone=above_alone, rides_with=beside)


def _not_payable(case: Case, lot: Lot, terms: Terms, route: Route, spared_cents: int | None) -> Refusal:
    """Return why a bundle cannot be paid; ``None`` where its payer minds not what it spares."""
    crates = sum(case.day.shipment_by_id[one].load.crates for one in lot.shipments)
    asked_cents = asked_of(crates, case.book.trip.asked_cents)
    most_cents = sum(bid.most_cents for bid in lot.bids)
    if not terms.lawful:
        shareable_cents = shareable_cost(route, refrigerated=case.book.trip.refrigerated).total_cents
        left_cents = max(0, shareable_cents - case.book.received_cents)
        return detour_beyond(terms.added_cents, left_cents, case.book.year)
    if spared_cents is not None and max(terms.added_cents, asked_cents) > spared_cents:
        return dearer(terms.added_cents, asked_cents, spared_cents)
    if asked_cents > max(terms.added_cents, most_cents):
        return BidBelowAsked(asked=Cents(asked_cents), most=Cents(most_cents))
    return BundleBelowDetour(floor=Cents(terms.added_cents), most=Cents(most_cents))


def _refused_apart(case: Case, lot: Lot) -> Refusal | None:
    """Return why one of a bundle could not ride even by itself, whatever it paid: law and road are asked."""
    for bid in lot.bids:
        shipment, book = case.day.shipment_by_id[bid.shipment], case.book
        allowed = permitted(case.day, book.trip, shipment)
        if not allowed or best_slot(case.ground, book, shipment) is None:
            enough = Bid(bid.shipment, bid.trip, ENOUGH_CENTS)
            return take_bid(case.day, case.ground, book, enough, ENOUGH_CENTS)[1]
    return None
