"""Sessions of members, and which parties a member acts for."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, select, update

from pooling.store.people import membership, party, session
from pooling.store.reading import read_row, read_rows
from pooling.store.rows import Page, paged
from pooling.store.transaction import Tx, View

SESSION_S = 60 * 24 * 3600
"""A session lasts sixty days from its last use."""

SEEN_EVERY_S = 24 * 3600
"""Its use is noted once a day: reading writes nothing otherwise."""

_OPENED = select(session.c.id, session.c.member_id).where(
    session.c.token_hash == bindparam("its_hash"),
    session.c.revoked_at.is_(None),
    session.c.expires_at > bindparam("now_at"),
)
_SEEN = select(session.c.seen_at).where(session.c.token_hash == bindparam("its_hash"))
_STANDINGS = (
    select(membership.c.party_id, party.c.role, membership.c.duty)
    .join(party, party.c.id == membership.c.party_id)
    .where(membership.c.member_id == bindparam("member"))
    .order_by(membership.c.created_at, membership.c.party_id)
)


@dataclass(frozen=True)
class Standing:
    """Hold one party that a member acts for: its role, and the member's duty in it."""

    party_id: str
    role: str
    duty: str


def open_session(tx: Tx, member_id: str, token_hash: str, agent: str) -> str:
    """Write a session; only the hash of its token is kept."""
    session_id = tx.fresh_id("ses")
    tx.connection.execute(
        session.insert().values(
            id=session_id,
            token_hash=token_hash,
            member_id=member_id,
            agent=agent[:200],
            created_at=tx.now_at,
            seen_at=tx.now_at,
            expires_at=tx.now_at + SESSION_S,
        )
    )
    return session_id


def session_of(view: View, token_hash: str) -> tuple[str, str] | None:
    """Return the session and member behind a token that is neither revoked nor too old."""
    row = read_row(view, _OPENED, {"its_hash": token_hash, "now_at": view.now_at})
    return (str(row.id), str(row.member_id)) if row else None


def is_seen_anew(view: View, token_hash: str) -> bool:
    """Tell whether a session's use was last noted more than a day ago."""
    session_seen = read_row(view, _SEEN, {"its_hash": token_hash})
    return session_seen is not None and session_seen.seen_at <= view.now_at - SEEN_EVERY_S


def note_seen(tx: Tx, token_hash: str) -> None:
    """Note that a session is used, which lengthens it."""
    tx.connection.execute(
        update(session)
        .where(session.c.token_hash == token_hash, session.c.revoked_at.is_(None))
        .values(seen_at=tx.now_at, expires_at=tx.now_at + SESSION_S)
    )


def list_sessions(view: View, member_id: str, page: Page) -> tuple[list[Row[Any]], str]:
    """List a member's sessions that still open something, newest first."""
    query = select(session).where(
        session.c.member_id == member_id,
        session.c.revoked_at.is_(None),
        session.c.expires_at > view.now_at,
    )
    return paged(view, query, session, page)


def owner_of_session(view: View, session_id: str) -> str:
    """Return whose session this is, or nothing."""
    owner = view.connection.execute(select(session.c.member_id).where(session.c.id == session_id)).scalar()
    return str(owner or "")


def revoke_session(tx: Tx, session_id: str) -> None:
    """End a session; a second time changes nothing."""
    tx.connection.execute(
        update(session)
        .where(session.c.id == session_id, session.c.revoked_at.is_(None))
        .values(revoked_at=tx.now_at)
    )


def standings(view: View, member_id: str) -> list[Standing]:
    """List the parties a member acts for, oldest membership first."""
    rows = read_rows(view, _STANDINGS, {"member": member_id})
    return [Standing(row.party_id, row.role, row.duty) for row in rows]
