"""Payments that a provider was asked to take, and what became of each."""

from typing import Any

from sqlalchemy import CheckConstraint, Column, Row, String, Table, or_, select

from pooling.store.rows import Page, found, paged
from pooling.store.schema import key, link, metadata, moment, revision, whole, words
from pooling.store.transaction import View

payment_request = Table(
    "payment_request",
    metadata,
    key(),
    link("payer_id", "party"),
    link("payee_id", "party"),
    whole("cents"),
    Column("reference", String(120), nullable=False, unique=True),  # the provider's
    words("pay_at"),  # the address at the provider where the payer pays
    words("state", default="asked"),  # asked | paid
    words("transfer_id"),  # by which it was noted as paid
    moment("created_at"),
    revision(),
    CheckConstraint("cents > 0", name="some_cents"),
)


def find_payment_request(view: View, request_id: str) -> Row[Any]:
    return found(view, payment_request, request_id, kind="payment_request")


def request_of(view: View, reference: str) -> Row[Any] | None:
    """Return the request that a provider knows by a reference."""
    query = select(payment_request).where(payment_request.c.reference == reference)
    return view.connection.execute(query).one_or_none()


def list_payment_requests(view: View, party_ids: list[str] | None, page: Page) -> tuple[list[Row[Any]], str]:
    """List what these parties (``None``: anybody) asked a provider for, or are paid by one."""
    query = select(payment_request)
    if party_ids is not None:
        sides = payment_request.c.payer_id, payment_request.c.payee_id
        query = query.where(or_(*(side.in_(party_ids) for side in sides)))
    return paged(view, query, payment_request, page)
