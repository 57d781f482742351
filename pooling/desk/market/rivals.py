"""
Rivals told: whenever it changes who rides on a trip, the bids that still wait there are tried anew.

A bid that no longer fits says so, with the true reason, as long as that is so. It goes on waiting: a guest
may leave, or the owner change the trip. Nothing of this is done while a bid is accepted; the clock calls.
A trip is loaded once for all who wait there: their shipments stand on one ground.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row
from sqlalchemy.exc import IntegrityError

from geodata.refusal import Refusal
from pooling.desk.desk import Desk, Moved
from pooling.desk.market.asking_sets import decide_bundle
from pooling.desk.market.rides import Asking, asking_of, decide_ride, in_both_sights
from pooling.desk.reasons import reason_code, reason_json
from pooling.desk.trips.trip_books import StoredTrip, load_trip
from pooling.market.outbid import Outbid
from pooling.store import Tx, View
from pooling.store.bids import ASKING, asking_for, find_bid, trips_of, whole_of
from pooling.store.market import bid
from pooling.store.notices import advance, events_about, read_to
from pooling.store.rows import ChangedMeanwhile, changed
from pooling.store.shipments import find_shipment, shipments_by_id
from pooling.store.trips import find_trip

READER = "rivals"
TOPICS = frozenset({"bid.accepted", "bid.withdrawn", "goods.named", "room.released", "trip.changed"})
EVENTS_AT_ONCE = 30
"""How many events a round reads: other duties wait meanwhile, and what is left comes in the next."""

Told = Sequence[tuple[Row[Any], Refusal | None]]
"""Bids whose word is to change, and why each does not fit; ``None`` where it fits again."""


@dataclass(frozen=True)
class _Waiting:
    """Hold a trip with what is known of all who wait there; without ``stored`` each loads it for itself."""

    trip: Row[Any]
    stored: StoredTrip | None
    asking: Mapping[str, Asking]


def tell_rivals(desk: Desk, rest: Callable[[], None] = lambda: None) -> int:
    """
    Tell the bids that no longer fit on their trip, and those that fit again; returns how many.

    Called by the clock; any number of workers may do so at once, and calling it again changes nothing.
    ``rest`` is called after each trip: whoever asks something of the same process comes first.
    """
    with desk.store.view() as view:
        seen = read_to(view, READER)
        events = events_about(view, TOPICS, seen or 0, EVENTS_AT_ONCE)
        trips = _trips(view, events)
    if not events:
        return 0
    news: list[tuple[Row[Any], Refusal | None]] = []
    for trip_id in trips:
        with desk.store.view() as view:
            news += _news_of(desk, view.remembering(), trip_id)
        rest()
    try:
        return desk.store.change(lambda tx: _tell(tx, seen, int(events[-1].id), news))
    except (Moved, IntegrityError):
        return 0  # another worker is at it


def _trips(view: View, events: Iterable[Row[Any]]) -> list[str]:
    """Return the trips that the events are about, each once."""
    kept = list(events)
    trips = dict.fromkeys(event.about_id for event in kept if event.about_kind == "trip")
    bids = [event.about_id for event in kept if event.about_kind == "bid"]
    return list(trips | dict.fromkeys(trips_of(view, bids)))


def _news_of(desk: Desk, view: View, trip_id: str) -> Told:
    """Try each bid that waits on a trip as it stands; return those of which something else is true now."""
    trip = find_trip(view, trip_id)
    if trip.state != "open" or trip.cutoff_at <= view.now_at:
        return ()
    waiting = [one for one in asking_for(view, trip_id=trip_id) if one.expires_at > view.now_at]
    together = _together(desk, view, trip, waiting)
    reasons: dict[str, Refusal | None] = {}
    news = []
    for one in waiting:
        lot = one.bundle_id if one.bundle_kind == "all" else one.id
        if lot not in reasons:
            reasons[lot] = _why_not(desk, view, together, one)
        why = reasons[lot]
        known = reason_code(one.reason)
        if known != (why.code if why else "") and known != Outbid.code:
            news.append((one, why))
    return news


def _together(desk: Desk, view: View, trip: Row[Any], waiting: Sequence[Row[Any]]) -> _Waiting:
    """Load a trip once for all single bids; where one of them cannot stand on it, each is tried by itself."""
    alone = [one.shipment_id for one in waiting if one.bundle_kind != "all"]
    asking = {one: asking_of(view, row) for one, row in shipments_by_id(view, alone).items()}
    everybody = {row.id: row for each in asking.values() for row in each.own}
    payers = {row.payer_id for row in everybody.values()}
    if len(alone) < 2:
        return _Waiting(trip, None, asking)
    try:
        return _Waiting(trip, load_trip(desk, view, trip, asking=everybody.values(), payers=payers), asking)
    except Refusal:
        return _Waiting(trip, None, asking)


def _why_not(desk: Desk, view: View, together: _Waiting, one: Row[Any]) -> Refusal | None:
    """Say why a bid could not be agreed now, at the more of what was bid and what was asked instead."""
    asked, trip = whole_of(view, one), together.trip
    rows = [find_shipment(view, each.shipment_id) for each in asked]
    most = {each.shipment_id: max(each.most_cents, each.counter_cents or 0) for each in asked}
    meant = one.above_alone or one.state == "countered"  # a counter above alone is its payer's to take or not
    try:
        if one.bundle_kind == "all":
            decide_bundle(desk, view, trip, rows, most, above_alone=meant)
        else:
            cents, known = (most[one.shipment_id], one.held_cents), together.asking[one.shipment_id]
            how = {"asking": known, "stored": together.stored, "name_by_at": one.name_by_at}
            how |= {"above_alone": meant}
            decide_ride(desk, view, trip, rows[0], *cents, **how)
    except Refusal as refusal:
        return in_both_sights(refusal)
    return None


def _tell(tx: Tx, seen: int | None, last: int, news: Told) -> int:
    """Write what was found; a bid that was answered meanwhile is left alone."""
    if not advance(tx, seen, last, READER):
        raise Moved
    told = 0
    for one, why in news:
        if find_bid(tx, one.id).state not in ASKING:
            continue
        with suppress(ChangedMeanwhile):
            changed(tx, bid, one, {"reason": reason_json(why) if why else ""})
            topic = "bid.no_longer_fits" if why else "bid.fits_again"
            tx.tell(topic, "bid", one.id, (one.payer_id,), **({"why": why.code} if why else {}))
            told += 1
    return told
