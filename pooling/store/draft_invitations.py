"""Invitations to drafted tours in the store: whom, how, and what became of each."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Row, String, Table, UniqueConstraint, and_, func, insert, or_, select

from pooling.store.drafts import tour_draft
from pooling.store.people import member, membership
from pooling.store.rows import Page, found, paged
from pooling.store.schema import key, link, metadata, moment, revision, whole, words
from pooling.store.touring import sign_up
from pooling.store.transaction import Tx, View

HASH_LENGTH = 64

draft_invitation = Table(
    "draft_invitation",
    metadata,
    key(),
    link("operator_id", "party"),
    link("draft_id", "tour_draft"),
    whole("rank"),  # its place in the draft's list of whom to invite, 1 first
    words("role"),  # producer | buyer
    words("name"),
    words("way"),  # mail | member | hand: how it was told
    Column("email", String(254), nullable=False, index=True),
    words("language", default="fr"),
    link("party_id", "party", optional=True),  # where it takes part here already
    whole("crates"),
    whole("partners"),
    whole("share_cents"),
    whole("alone_cents"),
    words("state", default="invited"),  # invited | seen | joined | declined
    Column("token_hash", String(HASH_LENGTH), nullable=False, unique=True),
    Column("reminder_hash", String(HASH_LENGTH), nullable=True, unique=True),
    moment("seen_at", optional=True),
    moment("reminded_at", optional=True),
    moment("answered_at", optional=True),
    moment("created_at"),
    revision(),
    UniqueConstraint("draft_id", "rank"),
)

mail_ended = Table(
    "mail_ended",
    metadata,
    Column("email_hash", String(HASH_LENGTH), primary_key=True),
    moment("created_at"),
)
"""Who wants no invitation: known by a mark of its address only."""

OPEN = ("invited", "seen")
ABOARD = ("joined", "riding")


def find_draft_invitation(view: View, invitation_id: str) -> Row[Any]:
    return found(view, draft_invitation, invitation_id, kind="invitation")


def invitation_of_token(view: View, token_hash: str) -> Row[Any] | None:
    """Return the invitation whose mail, or whose reminder, held this token."""
    either = or_(draft_invitation.c.token_hash == token_hash, draft_invitation.c.reminder_hash == token_hash)
    return view.connection.execute(select(draft_invitation).where(either)).one_or_none()


def list_draft_invitations(view: View, draft_id: str, page: Page) -> tuple[list[Row[Any]], str]:
    """List the invitations to one drafted tour, newest first."""
    return paged(
        view, select(draft_invitation).where(draft_invitation.c.draft_id == draft_id), draft_invitation, page
    )


def invitations_by_rank(view: View, draft_id: str) -> dict[int, Row[Any]]:
    """Return the invitations to a drafted tour by their place in its list."""
    rows = view.connection.execute(select(draft_invitation).where(draft_invitation.c.draft_id == draft_id))
    return {row.rank: row for row in rows}


def answers_counted(view: View, draft_ids: Sequence[str]) -> dict[str, dict[str, int]]:
    """Count the invitations of each draft by their state."""
    rows = view.connection.execute(
        select(draft_invitation.c.draft_id, draft_invitation.c.state, func.count())
        .where(draft_invitation.c.draft_id.in_(list(draft_ids)))
        .group_by(draft_invitation.c.draft_id, draft_invitation.c.state)
    )
    counted: dict[str, dict[str, int]] = {}
    for draft_id, state, count in rows:
        counted.setdefault(draft_id, {})[state] = int(count)
    return counted


def signed_up_since(view: View, limit: int) -> list[Row[Any]]:
    """
    List the open invitations whose party has signed up for the tour that the draft became.

    The party is the one that was named, or one that the member of the address acts for.
    """
    acts = and_(membership.c.member_id == member.c.id, membership.c.duty == "manager")
    by_email = (
        select(membership.c.party_id)
        .join(member, acts)
        .where(member.c.email == draft_invitation.c.email, draft_invitation.c.email != "")
    )
    rows = view.connection.execute(
        select(draft_invitation)
        .join(tour_draft, tour_draft.c.id == draft_invitation.c.draft_id)
        .join(sign_up, sign_up.c.tour_id == tour_draft.c.tour_id)
        .where(
            draft_invitation.c.state.in_(OPEN),
            sign_up.c.state.in_(ABOARD),
            or_(sign_up.c.payer_id == draft_invitation.c.party_id, sign_up.c.payer_id.in_(by_email)),
        )
        .order_by(draft_invitation.c.id)
        .distinct()
        .limit(limit)
    )
    return list(rows)


def end_mail(tx: Tx, email_hash: str) -> None:
    """Note that an address wants no invitation; a second time changes nothing."""
    if not has_ended_mail(tx, email_hash):
        tx.connection.execute(insert(mail_ended).values(email_hash=email_hash, created_at=tx.now_at))


def has_ended_mail(view: View, email_hash: str) -> bool:
    known = select(mail_ended.c.email_hash).where(mail_ended.c.email_hash == email_hash)
    return view.connection.execute(known).first() is not None


def wants_no_mail(view: View, email: str) -> bool:
    """Tell whether a member of this address has ended its mail."""
    closed = select(member.c.id).where(member.c.email == email, member.c.mail_on.is_(False))
    return view.connection.execute(closed).first() is not None
