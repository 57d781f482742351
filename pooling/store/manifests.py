"""Manifests and handovers in the store."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, select, update

from pooling.store.custody import corrected_ids
from pooling.store.market import bid
from pooling.store.rows import Page, found, paged
from pooling.store.touring import handover, manifest
from pooling.store.transaction import Tx, View


def find_manifest(view: View, manifest_id: str) -> Row[Any]:
    return found(view, manifest, manifest_id)


def manifest_of(view: View, ride_kind: str, ride_id: str) -> Row[Any] | None:
    """Return the manifest of a ride, once it is frozen."""
    return view.connection.execute(
        select(manifest).where(manifest.c.ride_kind == ride_kind, manifest.c.ride_id == ride_id)
    ).one_or_none()


def cancel_manifest(tx: Tx, ride_kind: str, ride_id: str) -> None:
    """Mark the manifest of a cancelled ride, if there is one: nobody sets out with it."""
    tx.connection.execute(
        update(manifest)
        .where(manifest.c.ride_kind == ride_kind, manifest.c.ride_id == ride_id)
        .values(state="cancelled", revision=manifest.c.revision + 1)
    )


def list_manifests(view: View, party_ids: Iterable[str] | None, page: Page) -> tuple[list[Row[Any]], str]:
    """List the manifests of these carriers and owners (``None``: all)."""
    query = select(manifest)
    if party_ids is not None:
        query = query.where(manifest.c.carrier_id.in_(list(party_ids)))
    return paged(view, query, manifest, page)


def list_handovers(view: View, manifest_id: str, page: Page) -> tuple[list[Row[Any]], str]:
    return paged(view, select(handover).where(handover.c.manifest_id == manifest_id), handover, page)


def find_handover(view: View, handover_id: str) -> Row[Any]:
    return found(view, handover, handover_id)


def handovers_of(view: View, manifest_id: str) -> dict[tuple[str, str], Row[Any]]:
    """Return what stands of a run's handovers so far, by shipment and way."""
    rows = view.connection.execute(
        select(handover)
        .where(handover.c.manifest_id == manifest_id, handover.c.id.not_in(corrected_ids()))
        .order_by(handover.c.number)
    )
    return {(row.shipment_id, row.way): row for row in rows}


def accepted_bid(view: View, trip_id: str, shipment_id: str) -> Row[Any] | None:
    """Return the bid by which a shipment rides on a trip; ``None`` for the owner's own goods."""
    return view.connection.execute(
        select(bid).where(
            bid.c.trip_id == trip_id, bid.c.shipment_id == shipment_id, bid.c.state == "accepted"
        )
    ).one_or_none()
