"""Members in the store, and the parties that they act for."""

import secrets
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from pooling.store.people import member, membership, party
from pooling.store.rows import Page, added, found, paged
from pooling.store.transaction import Tx, View


def find_member(view: View, member_id: str) -> Row[Any]:
    return found(view, member, member_id)


def names_of(view: View, member_ids: Iterable[str]) -> dict[str, str]:
    """Return the names of members by their ids."""
    query = select(member.c.id, member.c.name).where(member.c.id.in_(list(member_ids)))
    return {row.id: row.name for row in view.connection.execute(query)}


def member_of_email(view: View, email: str) -> Row[Any] | None:
    return view.connection.execute(select(member).where(member.c.email == email)).one_or_none()


def add_member(tx: Tx, email: str, name: str, language: str) -> str:
    return added(
        tx,
        member,
        "mem",
        email=email,
        name=name or email.partition("@")[0],
        language=language,
        unsubscribe_token=secrets.token_urlsafe(24),
    )


def duties_of(view: View, member_id: str) -> list[Row[Any]]:
    """List the parties of a member with its duty in each, oldest membership first."""
    return list(
        view.connection.execute(
            select(party, membership.c.duty)
            .join(membership, party.c.id == membership.c.party_id)
            .where(membership.c.member_id == member_id)
            .order_by(membership.c.created_at, party.c.id)
        )
    )


def list_members(view: View, party_id: str, page: Page) -> tuple[list[Row[Any]], str]:
    """List who acts for a party, newest member first, with ``duty`` and since when (``joined_at``)."""
    query = (
        select(member, membership.c.duty, membership.c.created_at.label("joined_at"))
        .join(membership, member.c.id == membership.c.member_id)
        .where(membership.c.party_id == party_id)
    )
    return paged(view, query, member, page)


def duty_in(view: View, member_id: str, party_id: str) -> str:
    """Return a member's duty in a party, or nothing where it has none."""
    duty = view.connection.execute(
        select(membership.c.duty).where(
            membership.c.member_id == member_id, membership.c.party_id == party_id
        )
    ).scalar()
    return str(duty or "")


def join(tx: Tx, member_id: str, party_id: str, duty: str) -> None:
    """Let a member act for a party. Who manages it already is not made less by a driver's duty."""
    had = duty_in(tx, member_id, party_id)
    if not had:
        tx.connection.execute(
            insert(membership).values(member_id=member_id, party_id=party_id, duty=duty, created_at=tx.now_at)
        )
    elif duty == "manager" and had != "manager":
        tx.connection.execute(
            update(membership)
            .where(membership.c.member_id == member_id, membership.c.party_id == party_id)
            .values(duty=duty)
        )


def leave(tx: Tx, member_id: str, party_id: str) -> None:
    tx.connection.execute(
        delete(membership).where(membership.c.member_id == member_id, membership.c.party_id == party_id)
    )


def managers_held(tx: Tx, party_id: str) -> set[str]:
    """
    Return who manages a party, and let nobody else change that until the commit.

    The party's row is written first: of two managers who remove each other, the second waits.
    """
    tx.connection.execute(update(party).where(party.c.id == party_id).values(name=party.c.name))
    return set(
        tx.connection.execute(
            select(membership.c.member_id).where(
                membership.c.party_id == party_id, membership.c.duty == "manager"
            )
        ).scalars()
    )


def parties_counted(view: View, member_id: str) -> int:
    return (
        view.connection.execute(
            select(func.count()).select_from(membership).where(membership.c.member_id == member_id)
        ).scalar()
        or 0
    )
