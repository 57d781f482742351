"""Parties in the store."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, and_, func, or_, select

from pooling.names import same_group
from pooling.party import Role
from pooling.store.people import party
from pooling.store.rows import Page, added, found, paged
from pooling.store.transaction import Tx, View


def find_party(view: View, party_id: str) -> Row[Any]:
    return found(view, party, party_id)


_IN_GROUP = party.c.group_confirmed_at.is_not(None)
_ASKS_GROUP = and_(party.c.group_name != "", party.c.group_confirmed_at.is_(None))


def add_party(tx: Tx, name: str, role: Role, language: str, *, farm_waits: bool = False) -> str:
    """Write a new party; nobody has vetted it yet. ``farm_waits``: nor confirmed that it is a farm."""
    values = {"name": name, "role": role.value, "language": language, "farm_waits": farm_waits}
    return added(tx, party, "pty", vetted=False, **values)


def list_parties(
    view: View, party_ids: Iterable[str] | None, page: Page, *, waiting: bool = False
) -> tuple[list[Row[Any]], str]:
    """List these parties (``None``: all), newest first; ``waiting``: whose group or farm is unconfirmed."""
    query = select(party)
    if waiting:
        query = query.where(or_(_ASKS_GROUP, party.c.farm_waits))
    if party_ids is not None:
        query = query.where(party.c.id.in_(list(party_ids)))
    return paged(view, query, party, page)


def group_known_as(view: View, name: str) -> str:
    """Return how a group is written that somebody named before; as it was typed where it is new."""
    names = select(party.c.group_name).where(party.c.group_name != "").group_by(party.c.group_name)
    known = view.connection.execute(names.order_by(func.min(party.c.id))).scalars()
    return next((one for one in known if same_group(one, name)), name)


def confirmed_in_group(view: View, group: str) -> list[str]:
    """Return the ids of the parties that are confirmed in a group, the oldest first."""
    query = select(party.c.id).where(party.c.group_name == group, _IN_GROUP)
    return list(view.connection.execute(query.order_by(party.c.id)).scalars())


def list_group_askers(view: View, group: str, page: Page) -> tuple[list[Row[Any]], str]:
    """List the parties that say they belong to a group and are not confirmed, newest first."""
    return paged(view, select(party).where(party.c.group_name == group, _ASKS_GROUP), party, page)


def first_operator(view: View) -> Row[Any] | None:
    """Return the oldest party that operates this house, if any does."""
    return view.connection.execute(
        select(party).where(party.c.role == Role.OPERATOR.value).order_by(party.c.id).limit(1)
    ).one_or_none()
