"""Invitations in the store."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, func, or_, select, update

from pooling.store.people import invitation
from pooling.store.rows import Page, found, paged
from pooling.store.transaction import Tx, View


def find_invitation(view: View, invitation_id: str) -> Row[Any]:
    return found(view, invitation, invitation_id)


def list_invitations(
    view: View, party_ids: Iterable[str] | None, email: str, page: Page
) -> tuple[list[Row[Any]], str]:
    """List invitations to these parties (``None``: to any) and the open ones to this address."""
    query = select(invitation)
    if party_ids is not None:
        mine = (invitation.c.email == email) & (invitation.c.state == "open")
        query = query.where(
            or_(invitation.c.party_id.in_(list(party_ids)), mine & (invitation.c.expires_at > view.now_at))
        )
    return paged(view, query, invitation, page)


def latest_open(view: View, email: str) -> Row[Any] | None:
    """Return the newest invitation that this address may still take."""
    return view.connection.execute(
        select(invitation)
        .where(
            invitation.c.email == email,
            invitation.c.state == "open",
            invitation.c.expires_at > view.now_at,
        )
        .order_by(invitation.c.id.desc())
        .limit(1)
    ).one_or_none()


def open_counted(view: View, member_id: str) -> int:
    """Count the invitations by one member that wait for an answer."""
    return (
        view.connection.execute(
            select(func.count())
            .select_from(invitation)
            .where(
                invitation.c.invited_by == member_id,
                invitation.c.state == "open",
                invitation.c.expires_at > view.now_at,
            )
        ).scalar()
        or 0
    )


def close_invitation(tx: Tx, invitation_id: str, state: str, **more: object) -> bool:
    """Close an invitation that is open and has not run out; tells whether it was."""
    done = tx.connection.execute(
        update(invitation)
        .where(
            invitation.c.id == invitation_id,
            invitation.c.state == "open",
            invitation.c.expires_at > tx.now_at,
        )
        .values(state=state, revision=invitation.c.revision + 1, **more)
    )
    return done.rowcount == 1


def withdraw_same(tx: Tx, party_id: str, email: str) -> None:
    """Withdraw older invitations of the same person to the same party: the newest one counts."""
    tx.connection.execute(
        update(invitation)
        .where(
            invitation.c.party_id == party_id,
            invitation.c.email == email,
            invitation.c.state == "open",
        )
        .values(state="withdrawn", revision=invitation.c.revision + 1)
    )
