"""
Bids that belong together: a bundle of which all ride or none, or several of which only one may ride.

A bundle is answered as one. What could never be accepted is refused when it is placed.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.claims.cover import must_accept_cover
from pooling.desk.actor import Actor
from pooling.desk.desk import Desk, Moved
from pooling.desk.market.agreeing import Agreed, agree_all
from pooling.desk.market.asking_sets import decide_bundle
from pooling.desk.market.placing import (
    PLAIN,
    BidTerms,
    Bundle,
    held_as_decided,
    move_late_cutoff,
    must_have_place,
    put_down,
)
from pooling.desk.market.rides import Asking, Decided, asking_of, decide_ride
from pooling.desk.trips.trip_books import StoredTrip, load_trips
from pooling.market.lot import BUNDLE_LIMIT
from pooling.store import Ask, Tx, View
from pooling.store.bids import find_bid
from pooling.store.market import shipment as shipment_table
from pooling.store.people import party
from pooling.store.rows import held
from pooling.store.shipments import find_shipment
from pooling.store.trips import find_trip, legs_of


class BundleNonsense(Refusal):
    code = "bundle_nonsense"
    reason = "These bids make no bundle."
    cure = "Bid 2 to 4 times for one payer: different shipments on one trip, or a choice of rides."


class BundleBidRefused(Refusal):
    """Name which bid of a choice cannot stand; ``why`` is the refusal that this bid would meet alone."""

    code = "bundle_bid_refused"
    reason = "One bid of the choice cannot stand, {shipment} on the trip of {trip}: {why}"
    cure = "Leave this bid out of the choice, or mend it; none of them was placed."


@dataclass(frozen=True)
class BidWords:
    """Hold one bid of a bundle."""

    trip_id: str
    shipment_id: str
    most_cents: int


@dataclass(frozen=True)
class BundleWords:
    """Hold bids that belong together, and how: ``all`` ride or none on one trip, or ``any`` one of them."""

    kind: Literal["all", "any"]
    bids: tuple[BidWords, ...]
    terms: BidTerms = PLAIN

    def must_make_sense(self) -> None:
        """Refuse one bid alone, one bid twice, and all or none on several trips."""
        rides = Counter((one.trip_id, one.shipment_id) for one in self.bids)
        if not 2 <= len(self.bids) <= BUNDLE_LIMIT:
            raise BundleNonsense
        if len(rides) < len(self.bids):
            raise BundleNonsense
        if self.kind == "all" and len({one.trip_id for one in self.bids}) > 1:
            raise BundleNonsense

    @property
    def trips(self) -> list[str]:
        return sorted({one.trip_id for one in self.bids})

    @property
    def shipments(self) -> list[str]:
        return sorted({one.shipment_id for one in self.bids})


Rides = Sequence[tuple[BidWords, Decided]]


def place_bundle(desk: Desk, who: Actor, ask: Ask, words: BundleWords) -> str:
    """
    Place bids that belong together; returns the bundle.

    A bundle of all or none rides at once on a trip that accepts at once; of a choice, each owner answers.
    """

    def decide(view: View) -> Rides:
        _must_pay(view, who, words.shipments)
        words.must_make_sense()
        for one in words.shipments:
            must_accept_cover(find_shipment(view, one).declared_value_cents, words.terms.cover)
        return _decided(desk, view, words)

    def save(tx: Tx, rides: Rides) -> str:
        _must_stand(tx, words, rides)
        bundle = Bundle(tx.fresh_id("bnd"), words.kind)
        placed = {put_down(tx, ride, one.most_cents, words.terms, bundle): (one, ride) for one, ride in rides}
        if words.kind == "all" and rides[0][1].stored.row.instant:
            agree_all(tx, _agreed(tx, placed))
        else:
            for trip_id in words.trips:
                move_late_cutoff(tx, find_trip(tx, trip_id))
        return bundle.id

    return desk.once_decided(ask, decide, save)


def _must_pay(view: View, who: Actor, shipment_ids: Sequence[str]) -> None:
    """Refuse whoever does not pay for all of them, and a bundle of several payers."""
    rows = [find_shipment(view, one) for one in shipment_ids]
    for row in rows:
        who.must_see("shipment", row.id, row.shipper_id, row.payer_id)
        who.must_act_for(row.payer_id, "who pays for the shipment")
    if len({row.payer_id for row in rows}) > 1:
        raise BundleNonsense


def _decided(desk: Desk, view: View, words: BundleWords) -> Rides:
    """Decide a bundle of all or none together, each of a choice by itself."""
    rows = {one: find_shipment(view, one) for one in words.shipments}
    trips = {one: find_trip(view, one) for one in words.trips}
    if words.kind == "all":
        most, meant = {one.shipment_id: one.most_cents for one in words.bids}, words.terms.above_alone
        rides = decide_bundle(desk, view, trips[words.trips[0]], list(rows.values()), most, above_alone=meant)
        return [(one, rides[one.shipment_id]) for one in words.bids]
    view = view.remembering()
    asking = {row.id: asking_of(view, row) for row in rows.values()}
    loaded = {row.id: _loaded(desk, view, words, trips, row, asking[row.id]) for row in rows.values()}
    found = []
    for one in words.bids:
        trip, row = trips[one.trip_id], rows[one.shipment_id]
        known = asking[row.id], loaded[row.id].get(trip.id)
        found.append((one, _ride_of_choice(desk, view, trip, row, one, words.terms, *known)))
    return found


def _loaded(
    desk: Desk, view: View, words: BundleWords, trips: Mapping[str, Row[Any]], row: Row[Any], asking: Asking
) -> dict[str, StoredTrip]:
    """
    Load together the trips on which one shipment of a choice bids, with all that its payer sends.

    One that is of another day or cannot be loaded is left to its own decision, which says why.
    """
    wanted = {one.trip_id for one in words.bids if one.shipment_id == row.id}
    there = [trips[one] for one in sorted(wanted) if trips[one].day == row.day]
    if not there:
        return {}
    legs = legs_of(view, [one.id for one in there])
    found = load_trips(desk, view, there, asking=asking.own, payers=[row.payer_id], legs=legs)
    return {one.row.id: one for one in found if isinstance(one, StoredTrip)}


def _ride_of_choice(
    desk: Desk,
    view: View,
    trip: Row[Any],
    row: Row[Any],
    one: BidWords,
    terms: BidTerms,
    asking: Asking,
    stored: StoredTrip | None,
) -> Decided:
    """Decide one bid of a choice; where it is refused, it is told which of them and why."""
    meant = terms.above_alone
    try:
        return decide_ride(
            desk, view, trip, row, one.most_cents, asking=asking, stored=stored, above_alone=meant
        )
    except Refusal as why:
        facts = {"why_code": why.code, "why_facts": why.plain_facts}
        raise BundleBidRefused(shipment=row.id, trip=trip.id, why=why, **facts) from None


def _must_stand(tx: Tx, words: BundleWords, rides: Rides) -> None:
    """Hold all that the bundle is about, in one order for everybody; ``Moved`` where it has changed."""
    held(tx, party, rides[0][1].shipment.payer_id)
    decided = {ride.stored.row.id: ride.stored.row for _, ride in rides}
    for trip_id in words.trips:
        held_as_decided(tx, decided[trip_id])
        must_have_place(tx, trip_id, [one.shipment_id for one in words.bids if one.trip_id == trip_id])
    for shipment_id in words.shipments:
        held(tx, shipment_table, shipment_id)
    if any(find_shipment(tx, ride.shipment.id).revision != ride.shipment.revision for _, ride in rides):
        raise Moved


def _agreed(tx: Tx, placed: Mapping[str, tuple[BidWords, Decided]]) -> list[Agreed]:
    return [Agreed(ride, find_bid(tx, bid_id), one.most_cents) for bid_id, (one, ride) in placed.items()]
