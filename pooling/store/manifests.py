"""Manifests and handovers in the store."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, select, update

from pooling.store.custody import corrected_ids
from pooling.store.market import bid
from pooling.store.rows import NotFound, Page, found, paged
from pooling.store.sight import rides_visible
from pooling.store.touring import handover, manifest, manifest_edition, transport_paper
from pooling.store.transaction import Tx, View


def find_manifest(view: View, manifest_id: str) -> Row[Any]:
    row = found(view, manifest, manifest_id)
    if view.sight is not None:
        seen = select(manifest.c.id).where(manifest.c.id == manifest_id, rides_visible(view, manifest))
        if view.connection.execute(seen).first() is None:
            raise NotFound(kind="manifest", id=manifest_id)
    return row


def manifest_of(view: View, ride_kind: str, ride_id: str) -> Row[Any] | None:
    """Return the manifest of a ride, once it is frozen."""
    return view.connection.execute(
        select(manifest).where(manifest.c.ride_kind == ride_kind, manifest.c.ride_id == ride_id)
    ).one_or_none()


def runs_under_way(view: View) -> list[Row[Any]]:
    """Return the manifests of all vans that have set out and are not back."""
    query = select(manifest).where(manifest.c.state == "under_way").order_by(manifest.c.id)
    return list(view.connection.execute(query))


def cancel_manifest(tx: Tx, ride_kind: str, ride_id: str) -> None:
    """Mark the manifest of a cancelled ride, if there is one: nobody sets out with it."""
    tx.connection.execute(
        update(manifest)
        .where(manifest.c.ride_kind == ride_kind, manifest.c.ride_id == ride_id)
        .values(state="cancelled", revision=manifest.c.revision + 1)
    )


def list_manifests(view: View, party_ids: Iterable[str] | None, page: Page) -> tuple[list[Row[Any]], str]:
    """List the manifests of these carriers and owners (``None``: all)."""
    query = select(manifest).where(rides_visible(view, manifest))
    if party_ids is not None:
        query = query.where(manifest.c.carrier_id.in_(list(party_ids)))
    return paged(view, query, manifest, page)


def list_handovers(view: View, manifest_id: str, page: Page) -> tuple[list[Row[Any]], str]:
    return paged(view, select(handover).where(handover.c.manifest_id == manifest_id), handover, page)


def last_plate(view: View, carrier_id: str) -> str:
    """Return the plate that this carrier named last, empty where it named none yet."""
    named = (
        select(manifest.c.plate)
        .where(manifest.c.carrier_id == carrier_id, manifest.c.plate != "")
        .order_by(manifest.c.id.desc())
        .limit(1)
    )
    return view.connection.execute(named).scalar() or ""


def papers_of(view: View, manifest_id: str) -> list[Row[Any]]:
    """List the transport papers that were written when a run began, in the order of their numbers."""
    written = select(transport_paper).where(transport_paper.c.manifest_id == manifest_id)
    return list(view.connection.execute(written.order_by(transport_paper.c.number)))


def list_editions(view: View, manifest_id: str, page: Page) -> tuple[list[Row[Any]], str]:
    """List the editions of a manifest that was repaired, newest first."""
    query = select(manifest_edition).where(manifest_edition.c.manifest_id == manifest_id)
    return paged(view, query, manifest_edition, page)


def find_edition(view: View, row: Row[Any], edition: int) -> Row[Any]:
    """Return an edition of a manifest by its number from 1; the one that holds is the manifest itself."""
    if edition == row.edition:
        return row
    written = select(manifest_edition).where(
        manifest_edition.c.manifest_id == row.id, manifest_edition.c.edition == edition
    )
    known = view.connection.execute(written).one_or_none() if 0 < edition < row.edition else None
    if known is None:
        raise NotFound(kind="edition", id=f"{row.id}/{edition}")
    return known


def find_edition_by_id(view: View, manifest_id: str, edition_id: str) -> Row[Any]:
    row = found(view, manifest_edition, edition_id, kind="edition")
    if row.manifest_id != manifest_id:
        raise NotFound(kind="edition", id=edition_id)
    return row


def find_handover(view: View, handover_id: str) -> Row[Any]:
    return found(view, handover, handover_id)


def handovers_of(view: View, manifest_id: str) -> dict[tuple[str, str], Row[Any]]:
    """
    Return what stands of a run's handovers so far, by shipment and way.

    What went over to another van went on there and off here.
    """
    aboard = select(handover.c.shipment_id).where(handover.c.manifest_id == manifest_id)
    over = (handover.c.way == "over") & handover.c.shipment_id.in_(aboard)
    rows = view.connection.execute(
        select(handover)
        .where((handover.c.manifest_id == manifest_id) | over, handover.c.id.not_in(corrected_ids()))
        .order_by(handover.c.happened_at, handover.c.number)
    )
    seen: dict[tuple[str, str], Row[Any]] = {}
    for row in rows:
        if row.manifest_id == manifest_id:
            seen[row.shipment_id, "on" if row.way == "over" else row.way] = row
        elif (row.shipment_id, "on") in seen and (row.shipment_id, "off") not in seen:
            seen[row.shipment_id, "off"] = row
    return seen


def accepted_bid(view: View, trip_id: str, shipment_id: str) -> Row[Any] | None:
    """Return the bid by which a shipment rides on a trip; ``None`` for the owner's own goods."""
    return view.connection.execute(
        select(bid).where(
            bid.c.trip_id == trip_id, bid.c.shipment_id == shipment_id, bid.c.state == "accepted"
        )
    ).one_or_none()
