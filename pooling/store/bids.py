"""Bids in the store: who bids on what, who rides, and whose time is up."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, and_, bindparam, func, or_, select, union_all, update

from pooling.store.driver import write
from pooling.store.market import bid, shipment, trip
from pooling.store.reading import read_rows
from pooling.store.rows import Page, found, paged
from pooling.store.sight import part_must_exist, part_visible, visible
from pooling.store.touring import sign_up
from pooling.store.transaction import Tx, View

Rows = Sequence[Row[Any]]
ASKING = ("open", "countered")

_ON_TRIP = bid.c.trip_id == bindparam("trip")
_LEFT_OWING = and_(bid.c.state == "withdrawn", bid.c.owed_cents > 0)
_GUESTS = select(bid).where(_ON_TRIP, bid.c.state == "accepted").order_by(bid.c.id)
_LEAVERS = select(bid).where(_ON_TRIP, _LEFT_OWING).order_by(bid.c.id)
_ABOARD_OR_OWING = (
    select(bid)
    .where(bid.c.trip_id.in_(bindparam("ids", expanding=True)), or_(bid.c.state == "accepted", _LEFT_OWING))
    .order_by(bid.c.id)
)
_ASKING_ON = select(bid).where(_ON_TRIP, bid.c.state.in_(ASKING)).order_by(bid.c.id)
_ASKING_FOR = (
    select(bid)
    .where(bid.c.shipment_id == bindparam("its_shipment"), bid.c.state.in_(ASKING))
    .order_by(bid.c.id)
)
_OF_BUNDLE = select(bid).where(bid.c.bundle_id == bindparam("its_bundle")).order_by(bid.c.id)
_HOW_MANY_ASK = select(func.count()).where(_ON_TRIP, bid.c.state.in_(ASKING))
_OF_THE_DAY = and_(shipment.c.payer_id == bindparam("payer"), shipment.c.day == bindparam("its_day"))
_HOURS_MOVED = update(bid).where(bid.c.id == bindparam("its_id"))
_PAID = union_all(
    select(bid.c.shipment_id, bid.c.price_cents)
    .join(shipment, shipment.c.id == bid.c.shipment_id)
    .where(_OF_THE_DAY, bid.c.state == "accepted"),
    select(sign_up.c.shipment_id, func.coalesce(sign_up.c.share_cents, 0))
    .join(shipment, shipment.c.id == sign_up.c.shipment_id)
    .where(_OF_THE_DAY, sign_up.c.state.in_(("joined", "riding"))),
)


def find_bid(view: View, bid_id: str) -> Row[Any]:
    return part_must_exist(view, bid, found(view, bid, bid_id), "bid")


def list_bids(
    view: View, party_ids: Iterable[str] | None, page: Page, *, trip_id: str = "", shipment_id: str = ""
) -> tuple[Rows, str]:
    """List the bids that these parties placed, and those on their trips (``None``: everybody's)."""
    query = select(bid).join(trip, trip.c.id == bid.c.trip_id).where(part_visible(view, bid))
    if party_ids is not None:
        known = list(party_ids)
        query = query.where(or_(bid.c.payer_id.in_(known), trip.c.owner_id.in_(known)))
    if trip_id:
        query = query.where(bid.c.trip_id == trip_id)
    if shipment_id:
        query = query.where(bid.c.shipment_id == shipment_id)
    return paged(view, query, bid, page)


def guests_of(view: View, trip_id: str) -> Rows:
    """Return the accepted bids of a trip, the oldest first."""
    return read_rows(view, _GUESTS, {"trip": trip_id})


def leavers_of(view: View, trip_id: str) -> Rows:
    """Return the bids whose payers owe something for having left a trip, the oldest first."""
    return read_rows(view, _LEAVERS, {"trip": trip_id})


def bids_by_id(view: View, bid_ids: Iterable[str]) -> Rows:
    """Return bids by their ids, in the order in which they were placed."""
    query = select(bid).where(bid.c.id.in_(list(bid_ids))).order_by(bid.c.id)
    return list(view.connection.execute(query))


def bids_for(view: View, shipment_id: str) -> Rows:
    """Return every bid that was ever placed for a shipment, the oldest first."""
    query = select(bid).where(bid.c.shipment_id == shipment_id).order_by(bid.c.id)
    return list(view.connection.execute(query))


def guests_and_leavers(view: View, trip_ids: Iterable[str]) -> tuple[dict[str, Rows], dict[str, Rows]]:
    """Return both for several trips, each by its trip; those without any are not named."""
    aboard: dict[str, list[Row[Any]]] = defaultdict(list)
    left: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in read_rows(view, _ABOARD_OR_OWING, {"ids": sorted(set(trip_ids))}):
        (aboard if row.state == "accepted" else left)[row.trip_id].append(row)
    return dict(aboard), dict(left)


def asking_for(view: View, *, trip_id: str = "", shipment_id: str = "") -> Rows:
    """Return the bids that wait for an answer, on a trip or for a shipment."""
    if trip_id:
        return read_rows(view, _ASKING_ON, {"trip": trip_id})
    return read_rows(view, _ASKING_FOR, {"its_shipment": shipment_id})


def bundle_of(view: View, bundle_id: str) -> Rows:
    """Return the bids of a bundle, in the order in which they were placed."""
    return read_rows(view, _OF_BUNDLE, {"its_bundle": bundle_id})


def compensations_of(view: View, trip_ids: Iterable[str]) -> dict[str, int]:
    """Return what the owner of each trip owes its guests for cancelling it late."""
    query = (
        select(bid.c.trip_id, func.sum(bid.c.compensation_cents))
        .where(bid.c.trip_id.in_(list(trip_ids)), bid.c.compensation_cents > 0)
        .group_by(bid.c.trip_id)
    )
    return {str(trip_id): int(cents) for trip_id, cents in view.connection.execute(query)}


def whole_of(view: View, one: Row[Any]) -> Rows:
    """Return the bids that are answered together with one: those of its bundle, where all ride or none."""
    return bundle_of(view, one.bundle_id) if one.bundle_kind == "all" else [one]


def trips_asked(view: View, day: date, limit: int) -> list[str]:
    """Return the open trips of a day on which bids wait, the oldest first, at most so many."""
    waiting = and_(trip.c.day == day, trip.c.state == "open", trip.c.cutoff_at > view.now_at)
    query = select(trip.c.id).where(
        visible(view, trip), waiting, trip.c.id.in_(select(bid.c.trip_id).where(bid.c.state.in_(ASKING)))
    )
    return list(view.connection.execute(query.order_by(trip.c.id).limit(limit)).scalars())


def trips_of(view: View, bid_ids: Iterable[str]) -> list[str]:
    """Return the trips that bids are on, each once."""
    query = select(bid.c.trip_id).where(bid.c.id.in_(list(bid_ids))).distinct()
    return list(view.connection.execute(query.order_by(bid.c.trip_id)).scalars())


def payers_on(view: View, trip_id: str) -> set[str]:
    """Return who ever bid on a trip."""
    return set(view.connection.execute(select(bid.c.payer_id).where(bid.c.trip_id == trip_id)).scalars())


def overdue(view: View, now_at: int, limit: int) -> Rows:
    """Return bids whose time to be answered is up."""
    query = select(bid).where(bid.c.state.in_(ASKING), bid.c.expires_at <= now_at).limit(limit)
    return list(view.connection.execute(query))


def count_asking(view: View, trip_id: str) -> int:
    return int(read_rows(view, _HOW_MANY_ASK, {"trip": trip_id})[0][0])


def paid_that_day(view: View, payer_id: str, day: date) -> dict[str, int]:
    """Return what a party pays for each of its shipments that rides that day, on a trip or on a tour."""
    rows = read_rows(view, _PAID, {"payer": payer_id, "its_day": day})
    return {str(row.shipment_id): int(row.price_cents) for row in sorted(rows, key=lambda row: row[0])}


def hours_moved(tx: Tx, bid_id: str, pickup_at: int, drop_at: int) -> None:
    """Note the hours that are planned now, within those that were promised."""
    write(tx.connection, _HOURS_MOVED, {"its_id": bid_id, "pickup_at": pickup_at, "drop_at": drop_at})


def legs_moved(tx: Tx, bid_id: str, first_leg: int, last_leg: int) -> None:
    """Note the legs that a guest rides on a trip whose stops were changed."""
    tx.connection.execute(
        update(bid).where(bid.c.id == bid_id).values(first_leg=first_leg, last_leg=last_leg)
    )
