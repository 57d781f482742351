"""Mailed links in the store: only the hash of a token, and each serves once."""

from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update

from pooling.store.people import sign_in_link
from pooling.store.transaction import Tx, View

LINK_S = 15 * 60
"""How long a mailed link signs a member in."""

KEPT_S = 24 * 3600
"""How long a link that nobody can use any more is kept."""


def add_link(tx: Tx, token_hash: str, email: str, expires_at: int, **more: object) -> None:
    """Write a link, and forget those that ran out a day ago."""
    tx.connection.execute(delete(sign_in_link).where(sign_in_link.c.expires_at < tx.now_at - KEPT_S))
    tx.connection.execute(
        insert(sign_in_link).values(
            token_hash=token_hash, email=email, expires_at=expires_at, created_at=tx.now_at, **more
        )
    )


def live_links(view: View, email: str) -> int:
    """Count the links to an address that may still be used and that no invitation carries."""
    return (
        view.connection.execute(
            select(func.count())
            .select_from(sign_in_link)
            .where(
                sign_in_link.c.email == email,
                sign_in_link.c.used_at.is_(None),
                sign_in_link.c.expires_at > view.now_at,
                sign_in_link.c.expires_at <= view.now_at + LINK_S,
            )
        ).scalar()
        or 0
    )


def use_link(tx: Tx, token_hash: str) -> Row[Any] | None:
    """Use a link up and return it; ``None`` where it was used before, ran out, or never was."""
    used = tx.connection.execute(
        update(sign_in_link)
        .where(
            sign_in_link.c.token_hash == token_hash,
            sign_in_link.c.used_at.is_(None),
            sign_in_link.c.expires_at > tx.now_at,
        )
        .values(used_at=tx.now_at)
    )
    if used.rowcount != 1:
        return None
    return tx.connection.execute(select(sign_in_link).where(sign_in_link.c.token_hash == token_hash)).one()
