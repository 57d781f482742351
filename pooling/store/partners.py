"""Events of partner carriers in the store: which were taken, so that none is taken twice."""

from typing import Any

from sqlalchemy import Column, PrimaryKeyConstraint, Row, String, Table, insert, or_, select

from pooling.store.schema import link, metadata, moment, words
from pooling.store.touring import manifest
from pooling.store.transaction import Tx, View

partner_event = Table(
    "partner_event",
    metadata,
    link("party_id", "party"),  # the carrier whose run it is of
    Column("event_id", String(80), nullable=False),  # the partner's own
    words("fingerprint"),
    link("manifest_id", "manifest"),
    moment("created_at"),
    PrimaryKeyConstraint("party_id", "event_id"),
)


def taken_before(view: View, party_id: str, event_id: str) -> str:
    """Return the fingerprint of an event that was taken; empty where it was not."""
    query = select(partner_event.c.fingerprint).where(
        partner_event.c.party_id == party_id, partner_event.c.event_id == event_id
    )
    return view.connection.execute(query).scalar_one_or_none() or ""


def note_taken(tx: Tx, party_id: str, event_id: str, fingerprint: str, manifest_id: str) -> None:
    """Note that an event was taken; a second time changes nothing."""
    if taken_before(tx, party_id, event_id):
        return
    values = {"party_id": party_id, "event_id": event_id, "fingerprint": fingerprint}
    tx.connection.execute(
        insert(partner_event).values(**values, manifest_id=manifest_id, created_at=tx.now_at)
    )


def manifest_named(view: View, party_id: str, named: str, first: str) -> Row[Any] | None:
    """Return a carrier's manifest by its id, or by the number of any of its editions."""
    query = select(manifest).where(
        manifest.c.carrier_id == party_id,
        or_(
            manifest.c.id == named,
            manifest.c.number == first,
            manifest.c.number.startswith(f"{first}-R", autoescape=True),
        ),
    )
    return view.connection.execute(query.limit(1)).one_or_none()
