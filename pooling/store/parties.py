"""Parties in the store."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, select

from pooling.party import Role
from pooling.store.people import party
from pooling.store.rows import Page, added, found, paged
from pooling.store.transaction import Tx, View


def find_party(view: View, party_id: str) -> Row[Any]:
    return found(view, party, party_id)


def add_party(tx: Tx, name: str, role: Role, language: str) -> str:
    """Write a new party; nobody has vetted it yet."""
    return added(tx, party, "pty", name=name, role=role.value, language=language, vetted=False)


def list_parties(view: View, party_ids: Iterable[str] | None, page: Page) -> tuple[list[Row[Any]], str]:
    """List these parties (``None``: all), newest first."""
    query = select(party)
    if party_ids is not None:
        query = query.where(party.c.id.in_(list(party_ids)))
    return paged(view, query, party, page)


def first_operator(view: View) -> Row[Any] | None:
    """Return the oldest party that operates this house, if any does."""
    return view.connection.execute(
        select(party).where(party.c.role == Role.OPERATOR.value).order_by(party.c.id).limit(1)
    ).one_or_none()
