"""Waiting at a stop in the store: a note is never changed, a correction stands in the place of another."""

from typing import Any

from sqlalchemy import CheckConstraint, Column, Row, String, Table, select

from pooling.store.rows import found
from pooling.store.schema import ID_LENGTH, key, link, metadata, moment, whole, words
from pooling.store.transaction import View

WAITING = "waiting at a stop"
"""Why a tour is owed it, and owes it."""

waiting = Table(
    "waiting",
    metadata,
    key(),
    link("manifest_id", "manifest"),
    link("shipment_id", "shipment"),
    words("way"),  # on | off: for which of its handovers
    whole("minutes"),  # beyond the plan
    words("fault"),  # sender | receiver | carrier | nobody
    words("note"),
    whole("cents"),  # by the card of the tour
    link("fault_id", "party", optional=True),  # who owes it; null: a community's account, or nothing is owed
    words("charge_id"),  # the transfer by which it is owed to the tour
    words("pay_id"),  # the transfer by which the tour owes it to the carrier
    link("member_id", "member", optional=True),
    Column("corrects", String(ID_LENGTH), nullable=True, unique=True),  # the note in whose place it stands
    moment("created_at"),
    CheckConstraint("minutes >= 0", name="some_minutes"),
)


def find_waiting(view: View, waiting_id: str) -> Row[Any]:
    return found(view, waiting, waiting_id)


def waitings_of(view: View, manifest_id: str) -> list[Row[Any]]:
    """Return what stands of the waiting that was noted on a run, oldest first."""
    corrected = select(waiting.c.corrects).where(waiting.c.corrects.is_not(None))
    query = select(waiting).where(waiting.c.manifest_id == manifest_id, waiting.c.id.not_in(corrected))
    return list(view.connection.execute(query.order_by(waiting.c.id)))
