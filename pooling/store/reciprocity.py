"""What parties carried for one another under mutual aid, read from what was handed over."""

from collections.abc import Iterable
from functools import cache

from sqlalchemy import or_, select

from pooling.ledger.reciprocity import MUTUAL, Carriage, shareable_part, way_of
from pooling.runs.custody import DELIVERING
from pooling.runs.manifest_json import read_manifest
from pooling.store.custody import corrected_ids
from pooling.store.market import bid, shipment, trip
from pooling.store.touring import handover, manifest
from pooling.store.transaction import View

CARRIAGES_LIMIT = 2000
IN_KIND_STATES = ("open", "frozen", "under_way")
"""The states of a trip in which nothing that was agreed is owed yet."""


def may_be_in_kind(view: View, owner_id: str, bid_ids: Iterable[str]) -> set[str]:
    """Return those of these bids whose price the owner of their trip may still settle in kind."""
    query = (
        select(bid.c.id)
        .join(trip, trip.c.id == bid.c.trip_id)
        .where(
            bid.c.id.in_(sorted(set(bid_ids))),
            trip.c.owner_id == owner_id,
            bid.c.state == "accepted",
            bid.c.in_kind != "agreed",
        )
        .where(trip.c.regime.in_(sorted(MUTUAL)), trip.c.state.in_(IN_KIND_STATES))
    )
    return {str(one) for one in view.connection.execute(query).scalars()}


def carriages_of(view: View, party_ids: Iterable[str]) -> list[Carriage]:
    """
    List what these parties carried for others, and others for them, the oldest first.

    The newest ``CARRIAGES_LIMIT`` handovers, and one more where there are more.
    """
    known = sorted(party_ids)
    query = (
        select(
            handover.c.crates,
            handover.c.shipment_id,
            manifest.c.body,
            manifest.c.day,
            trip.c.owner_id,
            trip.c.refrigerated,
            bid.c.payer_id,
            bid.c.price_cents,
            shipment.c.crates.label("agreed"),
        )
        .join(manifest, manifest.c.id == handover.c.manifest_id)
        .join(trip, (manifest.c.ride_kind == "trip") & (trip.c.id == manifest.c.ride_id))
        .join(bid, (bid.c.trip_id == trip.c.id) & (bid.c.shipment_id == handover.c.shipment_id))
        .join(shipment, shipment.c.id == handover.c.shipment_id)
        .where(bid.c.state == "accepted", trip.c.regime.in_(sorted(MUTUAL)), handover.c.crates > 0)
        .where(handover.c.way.in_(DELIVERING), handover.c.id.not_in(corrected_ids()))
        .where(or_(trip.c.owner_id.in_(known), bid.c.payer_id.in_(known)))
        .order_by(handover.c.id.desc())
        .limit(CARRIAGES_LIMIT + 1)
    )
    read = cache(read_manifest)
    found = []
    for row in view.connection.execute(query):
        ridden_m, borne_m = way_of(read(row.body), row.shipment_id)
        cents = shareable_part(borne_m, row.crates, row.agreed, refrigerated=row.refrigerated)
        price_cents = (row.price_cents or 0) * row.crates // row.agreed
        about = row.owner_id, row.payer_id, row.day, row.shipment_id
        found.append(Carriage(*about, row.crates, ridden_m, cents, price_cents))
    return found[::-1]
