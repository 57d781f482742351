"""
A trip cleared: the best set of all bids that wait for it, looked at first, then taken whole.

What is taken is what was shown, or it is refused: where anything has moved meanwhile the set is decided
anew, and only the same set is taken. A record tells on what it was decided, and why not the others.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.bid import Bid
from pooling.days.dayplan import HoursImpossible
from pooling.desk.actor import Actor
from pooling.desk.desk import Desk, Moved, moved_if_changed
from pooling.desk.market.agreeing import Agreed, agree_all
from pooling.desk.market.asking_sets import Asking, asking_together, could_ask
from pooling.desk.market.replaying import keep_trip_record
from pooling.desk.market.rides import Decided, in_both_sights, in_public, must_take_guests
from pooling.desk.reasons import reason_json, reason_words
from pooling.desk.trips.held_room import must_hold
from pooling.market.clearing import Case, Cleared, clear
from pooling.market.clearing_record import heard
from pooling.market.lot import Lot
from pooling.market.outbid import reasons
from pooling.money import Cents
from pooling.pricing import BidBelowAsked, asked_of
from pooling.store import Ask, Tx, View
from pooling.store.bids import asking_for
from pooling.store.clearings import add_clearing, find_clearing, note_taken, said_in
from pooling.store.market import bid
from pooling.store.rows import at_revision, changed
from pooling.store.shipments import find_shipment
from pooling.store.trips import find_trip
from pooling.trip import Trip

Rows = Sequence[Row[Any]]


class NothingToClear(Refusal):
    code = "nothing_to_clear"
    reason = "No bid that waits on this trip can be accepted now."
    cure = "Look at the reasons; wait for other bids, or ask for another amount."


class ClearingMoved(Refusal):
    code = "clearing_moved"
    reason = "What waits on this trip has changed: another set of bids is the best now."
    cure = "Look at the new proposal, then take it."


class SetTaken(Refusal):
    code = "set_taken"
    reason = "This set was taken, or is a record of one that was."
    cure = "Look at the trip: who was chosen rides."


class DayBringsMore(Refusal):
    """Refuse a bid that a day lets ride on another trip, without telling on which, or that there is one."""

    code = "day_brings_more"
    reason = "Over all trips of that day the parties gain more without this one here."
    cure = "Nothing needs to be done: it waits, and may be chosen when the day is looked at anew."


@dataclass(frozen=True)
class Given:
    """Hold what a day gives to its other trips: shipments that ride there, choices that are made there."""

    shipments: frozenset[str] = frozenset()
    choices: frozenset[str] = frozenset()

    def has(self, lot: Lot) -> bool:
        return bool(lot.shipments & self.shipments) or lot.choice in self.choices


NOTHING_GIVEN = Given()


@dataclass(frozen=True)
class Proposal:
    """
    Hold the best set for a trip as it stands: who would ride and pay what, and why not the others.

    ``chosen`` and ``refused`` are by bid; nothing of it is kept until it is taken. ``case`` is what it was
    decided on, ``roads`` by whose times; ``lots`` and ``barred`` tell the lot of each bid, and why some of
    these could not ride at all; ``weighed`` counts the sets that were looked at.
    """

    trip: Row[Any]
    bids: Mapping[str, Row[Any]]
    chosen: Mapping[str, Decided]
    refused: Mapping[str, Refusal]
    value_cents: int
    bound_cents: int
    exact: bool
    weighed: int
    case: Case
    roads: str
    lots: Mapping[str, str]
    barred: Mapping[str, Refusal]

    @property
    def prices(self) -> dict[str, int]:
        return {bid_id: ride.guest.price_cents for bid_id, ride in self.chosen.items()}


def propose_clearing(desk: Desk, who: Actor, trip_id: str) -> Proposal:
    """Return the best set of bids for one's own trip as things stand; nothing is changed or held."""
    with desk.store.view() as view:
        trip = _own_trip(view, who, trip_id)
        must_take_guests(trip, view.now_at)
        return proposal_of(desk, view, trip)


def clear_trip(
    desk: Desk, who: Actor, ask: Ask, trip_id: str, revision: int | None, shown: Sequence[str]
) -> str:
    """
    Accept the best set of bids on one's own trip, all in one transaction; returns the record of it.

    ``shown`` are the bids of the proposal that is taken: where they are no longer the best set, nothing
    is changed and the clearing is refused.
    """

    def decide(view: View) -> Proposal:
        trip = find_trip(view, trip_id)
        who.must_act_for(trip.owner_id, "the trip's owner")
        must_take_guests(trip, view.now_at)
        at_revision(trip, revision, kind="trip")
        proposal = proposal_of(desk, view, trip)
        if set(proposal.chosen) != set(shown):
            raise ClearingMoved
        if not proposal.chosen:
            raise NothingToClear
        return proposal

    return desk.once_decided(ask, decide, take_proposal)


@dataclass(frozen=True)
class _Waiting:
    """Hold the bids that wait on a trip, why some of them cannot ride at all, and what is left to clear."""

    bids: Rows
    barred: Mapping[str, Refusal]
    asking: Asking
    case: Case


def take_day_set(desk: Desk, who: Actor, ask: Ask, clearing_id: str) -> str:
    """
    Take on one's own trip the set that was proposed for it with its whole day; returns its record.

    It is decided anew, with what the day gives to other trips left out: where another set is the best by
    now, nothing is changed.
    """

    def decide(view: View) -> Proposal:
        row = find_clearing(view, clearing_id)
        trip = find_trip(view, row.trip_id)
        who.must_see("clearing", clearing_id, trip.owner_id)
        who.must_act_for(trip.owner_id, "the trip's owner")
        if row.state != "proposed":
            raise SetTaken
        must_take_guests(trip, view.now_at)
        kept = said_in(row)
        given = Given(*(frozenset(kept["given"].get(name, ())) for name in ("shipments", "choices")))
        proposal = proposal_of(desk, view, trip, given)
        if proposal.prices != kept["chosen"]:
            raise ClearingMoved
        return proposal

    def save(tx: Tx, proposal: Proposal) -> str:
        if not note_taken(tx, clearing_id):
            raise Moved
        return take_proposal(tx, proposal)

    return desk.once_decided(ask, decide, save)


def proposal_of(desk: Desk, view: View, trip: Row[Any], given: Given = NOTHING_GIVEN) -> Proposal:
    """Clear a trip as it stands, countered bids at what was bid; what other trips are given is left out."""
    waiting = _waiting(desk, view, trip)
    elsewhere = [lot for lot in waiting.case.lots if given.has(lot)]
    lots = (lot for lot in waiting.case.lots if lot not in elsewhere)
    cleared = clear(heard(replace(waiting.case, lots=tuple(lots))))
    told = dict.fromkeys((lot.id for lot in elsewhere), DayBringsMore())
    return _proposal(waiting, cleared, told, desk.grounds.roads)


def case_of(desk: Desk, view: View, trip: Row[Any]) -> Case:
    """Return what a clearing of a trip is decided on."""
    return heard(_waiting(desk, view, trip).case)


def _waiting(desk: Desk, view: View, trip: Row[Any]) -> _Waiting:
    bids = [one for one in asking_for(view, trip_id=trip.id) if one.expires_at > view.now_at]
    rows = {one.shipment_id: find_shipment(view, one.shipment_id) for one in bids}
    why = _whys(view, trip, bids, rows)
    asking = asking_together(desk, view, trip, list(rows.values()))
    barred = {bid_id: refusal for bid_id, refusal in why.items() if refusal is not None}
    for one in bids:
        if one.id not in barred and not asking.days.possible(one.shipment_id):
            barred[one.id] = HoursImpossible(shipment=one.shipment_id)
    barred |= _below_asked(asking.stored.book.trip, bids, rows)
    return _Waiting(bids, barred, asking, asking.case(_lots(bids, barred)))


def _below_asked(trip: Trip, bids: Rows, rows: Mapping[str, Row[Any]]) -> dict[str, Refusal]:
    """Refuse the bids of each lot that is below what a carrier asks, whatever others of its payer bring."""
    by_lot: dict[str, list[Row[Any]]] = {}
    for one in bids if trip.asked_cents else ():
        by_lot.setdefault(_lot_of(one), []).append(one)
    found: dict[str, Refusal] = {}
    for lot in by_lot.values():
        most_cents = sum(_bid(one).ceiling_cents for one in lot)
        crates = [(rows[one.shipment_id].crates, one.held_cents) for one in lot]
        asked_cents = sum(asked_of(many, trip.asked_cents, held_cents) for many, held_cents in crates)
        if most_cents < asked_cents:
            why = BidBelowAsked(asked=Cents(asked_cents), most=Cents(most_cents))
            found |= {one.id: why for one in lot}
    return found


def _bid(one: Row[Any], beside: Iterable[str] = ()) -> Bid:
    rides_with = frozenset(beside) - {one.shipment_id}
    return Bid(one.shipment_id, one.trip_id, one.most_cents, one.held_cents, one.above_alone, rides_with)


def take_proposal(tx: Tx, proposal: Proposal) -> str:
    """Let the chosen ride, tell the others why not, and write the record; ``Moved`` where it has changed."""
    rides = [
        Agreed(ride, proposal.bids[one], proposal.bids[one].most_cents)
        for one, ride in proposal.chosen.items()
    ]
    agree_all(tx, rides)
    still_asking = {one.id: one for one in asking_for(tx, trip_id=proposal.trip.id)}
    for bid_id, refusal in proposal.refused.items():
        row = still_asking.get(bid_id)
        if row is not None:
            why = {"reason": reason_json(refusal)}
            moved_if_changed(lambda row=row, why=why: changed(tx, bid, row, why))  # type: ignore[misc]
            tx.tell("bid.outbid", "bid", bid_id, (row.payer_id,))
    clearing_id, digest = _kept(tx, proposal)
    told = {"chosen": len(rides), "clearing": clearing_id, "digest": digest}
    tx.tell("trip.cleared", "trip", proposal.trip.id, (proposal.trip.owner_id,), **told)
    return clearing_id


def keep_proposal(tx: Tx, proposal: Proposal, given: Given) -> str:
    """Keep a set as it was shown, for the trip's owner to take, and tell it so."""
    elsewhere = {"shipments": sorted(given.shipments), "choices": sorted(given.choices)}
    clearing_id, _ = _kept(tx, proposal, state="proposed", given=elsewhere)
    facts = {"clearing": clearing_id, "chosen": len(proposal.chosen)}
    tx.tell("trip.set_proposed", "trip", proposal.trip.id, (proposal.trip.owner_id,), **facts)
    return clearing_id


def _kept(tx: Tx, proposal: Proposal, **more: object) -> tuple[str, str]:
    """Write the record of a clearing and on what it was decided; returns its id and what that digests to."""
    clearing_id = add_clearing(
        tx,
        trip_id=proposal.trip.id,
        trip_revision=proposal.trip.revision,
        bids={one.id: one.revision for one in proposal.bids.values()},
        chosen=proposal.prices,
        reasons={bid_id: reason_words(refusal) for bid_id, refusal in proposal.refused.items()},
        value_cents=proposal.value_cents,
        bound_cents=proposal.bound_cents,
        exact=proposal.exact,
        **more,
    )
    digest = keep_trip_record(
        tx,
        clearing_id,
        roads=proposal.roads,
        bids={one: (row.shipment_id, proposal.lots[one]) for one, row in proposal.bids.items()},
        barred=proposal.barred,
        case=proposal.case,
    )
    return clearing_id, digest


def _own_trip(view: View, who: Actor, trip_id: str) -> Row[Any]:
    trip = find_trip(view, trip_id)
    if not who.is_operator:
        who.must_act_for(trip.owner_id, "the trip's owner")
    return trip


def _whys(view: View, trip: Row[Any], bids: Rows, rows: Mapping[str, Row[Any]]) -> dict[str, Refusal | None]:
    """
    Tell of each bid why it cannot ride at all, in the order of arrival.

    Room for goods that are named later is held up to the owner's share, for those who came first.
    """
    before: list[Row[Any]] = []
    why: dict[str, Refusal | None] = {}
    for one in sorted(bids, key=lambda one: (one.created_at, one.id)):
        row, reserves = rows[one.shipment_id], one.name_by_at is not None
        try:
            could_ask(view, trip, row, reserves=reserves)
            if reserves:
                must_hold(view, trip, row, before)
                before.append(row)
            why[one.id] = None
        except Refusal as refusal:
            why[one.id] = refusal
    return why


def _lots(waiting: Rows, barred: Mapping[str, Refusal]) -> list[Lot]:
    """Return what is accepted whole or not at all, in the order of arrival; a broken bundle is left out."""
    by_lot: dict[str, list[Row[Any]]] = {}
    for one in sorted(waiting, key=lambda one: (one.created_at, one.id)):
        by_lot.setdefault(_lot_of(one), []).append(one)
    return [
        Lot(
            id=lot,
            bids=tuple(_bid(one, (each.shipment_id for each in rows)) for one in rows),
            choice=rows[0].bundle_id if rows[0].bundle_kind == "any" else "",
        )
        for lot, rows in by_lot.items()
        if not any(one.id in barred for one in rows)
    ]


def _lot_of(one: Row[Any]) -> str:
    return str(one.bundle_id if one.bundle_kind == "all" else one.id)


def _proposal(waiting: _Waiting, cleared: Cleared, elsewhere: Mapping[str, Refusal], roads: str) -> Proposal:
    rides = waiting.asking.decided(cleared.joining, cleared.book) if cleared.chosen else {}
    barred = {_lot_of(one): waiting.barred[one.id] for one in waiting.bids if one.id in waiting.barred}
    barred = {**elsewhere, **barred}
    told = {lot: in_both_sights(in_public(why)) for lot, why in reasons(cleared).items()}
    told |= barred
    return Proposal(
        trip=waiting.asking.stored.row,
        bids={one.id: one for one in waiting.bids},
        chosen={one.id: rides[one.shipment_id] for one in waiting.bids if one.shipment_id in rides},
        refused={one.id: told[_lot_of(one)] for one in waiting.bids if _lot_of(one) in told},
        value_cents=cleared.value_cents,
        bound_cents=cleared.bound_cents,
        exact=cleared.exact,
        weighed=cleared.weighed,
        case=cleared.case,
        roads=roads,
        lots={one.id: _lot_of(one) for one in waiting.bids},
        barred=barred,
    )
