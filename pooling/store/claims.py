"""Claims in the store."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, func, not_, or_, select

from pooling.store.claiming import claim
from pooling.store.rows import NotFound, Page, found, paged
from pooling.store.sight import rides_visible
from pooling.store.transaction import View
from pooling.store.work import outbox, outbox_party

UNDECIDED = ("opened", "with_operator")
"""States in which nobody has decided yet."""

SIDES = (claim.c.by_id, claim.c.payee_id, claim.c.fault_id)
"""Who has a part in a claim."""

MOVED = and_(claim.c.state == "paid", claim.c.answer_by_at.is_(None))
"""An operator named who pays: another than was asked, or nobody was."""


def find_claim(view: View, claim_id: str) -> Row[Any]:
    return found(view, claim, claim_id)


def must_be_seen(view: View, row: Row[Any], *, operator: bool) -> None:
    """Refuse a claim to whom it is not about; an operator sees what is laid before it."""
    eyes = view.sight
    if eyes is None or eyes & {row.by_id, row.payee_id, row.fault_id or "", *sides_at_opening(view, row.id)}:
        return
    seen = select(claim.c.id).where(claim.c.id == row.id, _for_operators(view))
    if not operator or view.connection.execute(seen).first() is None:
        raise NotFound(kind="claim", id=row.id)


def sides_at_opening(view: View, claim_id: str) -> frozenset[str]:
    """Name the parties that were told of a claim as it was opened: its sides then."""
    its = (outbox.c.about_id == claim_id, outbox.c.topic == "claim.opened")
    told = select(outbox_party.c.party_id).join(outbox, outbox.c.id == outbox_party.c.outbox_id).where(*its)
    return frozenset(view.connection.execute(told).scalars())


def list_claims(
    view: View, party_ids: Iterable[str] | None, page: Page, *, shipment_id: str = ""
) -> tuple[list[Row[Any]], str]:
    """List the claims in which these parties have a part (``None``: all that exist for who looks)."""
    query = select(claim)
    if party_ids is None:
        query = query.where(or_(_for_operators(view), _of(sorted(view.sight or ()))))
    else:
        query = query.where(_of(list(party_ids)))
    if shipment_id:
        query = query.where(claim.c.shipment_id == shipment_id)
    return paged(view, query, claim, page)


def undecided_of(view: View, shipment_id: str, kind: str) -> Row[Any] | None:
    """Return the claim of one kind on a shipment that nobody has decided yet, if there is one."""
    its = (claim.c.shipment_id == shipment_id, claim.c.kind == kind, claim.c.state.in_(UNDECIDED))
    return view.connection.execute(select(claim).where(*its)).first()


def count_claims(view: View, shipment_id: str) -> int:
    query = select(func.count()).select_from(claim).where(claim.c.shipment_id == shipment_id)
    return int(view.connection.execute(query).scalar_one())


def claimed_crates(view: View, shipment_id: str) -> dict[str, int]:
    """Count the crates of a shipment's claims that stand, by kind: as claimed, or for how many was paid."""
    crates = case((claim.c.state == "paid", claim.c.granted_crates), else_=claim.c.crates)
    its = (claim.c.shipment_id == shipment_id, claim.c.state.in_((*UNDECIDED, "paid")))
    query = select(claim.c.kind, func.sum(crates)).where(*its).group_by(claim.c.kind)
    return {kind: int(counted) for kind, counted in view.connection.execute(query)}


def paid_before(view: View, shipment_id: str, *, late: bool) -> int:
    """Return what was paid on earlier claims of a shipment, in cents: of late ones, or of all others."""
    kinds = claim.c.kind == "late" if late else claim.c.kind != "late"
    its = (claim.c.shipment_id == shipment_id, claim.c.state == "paid", kinds)
    query = select(func.coalesce(func.sum(claim.c.paid_cents), 0)).where(*its)
    return int(view.connection.execute(query).scalar_one())


def unanswered(view: View, limit: int) -> list[Row[Any]]:
    """Return claims whose time to be answered is over."""
    its = (claim.c.state == "opened", claim.c.answer_by_at < view.now_at)
    return list(view.connection.execute(select(claim).where(*its).order_by(claim.c.id).limit(limit)))


def undecided_in_time(view: View, limit: int) -> list[Row[Any]]:
    """Return claims whose time to be decided is over, and of which nobody was reminded yet."""
    its = claim.c.state == "with_operator", claim.c.decide_by_at < view.now_at, claim.c.reminded_at.is_(None)
    return list(view.connection.execute(select(claim).where(*its).order_by(claim.c.id).limit(limit)))


def claims_against(view: View, party_id: str, since_at: int) -> tuple[int, int]:
    """
    Count the claims that a party let pass unanswered, and those that it lost though it disputed them.

    Whom an operator named in place of who was asked answers for no silence and no word of that one.
    """
    late = and_(claim.c.state == "opened", claim.c.answer_by_at < view.now_at)
    silent = or_(claim.c.answer == "unanswered", late) & claim.c.state.not_in(("refused", "withdrawn"))
    lost = and_(claim.c.state == "paid", claim.c.answer == "disputed")
    counts = (func.coalesce(func.sum(case((one, 1), else_=0)), 0) for one in (silent, lost))
    its = (claim.c.fault_id == party_id, claim.c.created_at >= since_at, not_(MOVED))
    query = select(*counts).where(*its)
    first, second = view.connection.execute(query).one()
    return int(first), int(second)


def other_sides(view: View, party_id: str, accounts: Collection[str]) -> dict[str, str]:
    """Return who stands on the other side of each claim's account, for one of its two sides."""
    ids = [one.partition(":")[2] for one in accounts if one.startswith("claim:")]
    rows = view.connection.execute(
        select(claim.c.id, claim.c.fault_id, claim.c.payee_id).where(claim.c.id.in_(ids))
    )
    return {f"claim:{row.id}": row.payee_id if row.fault_id == party_id else row.fault_id for row in rows}


def _of(party_ids: list[str]) -> ColumnElement[bool]:
    return or_(*(side.in_(party_ids) for side in SIDES), and_(MOVED, _told_of_opening(party_ids)))


def _told_of_opening(party_ids: list[str]) -> ColumnElement[bool]:
    its = (outbox.c.about_id == claim.c.id, outbox.c.topic == "claim.opened")
    told = select(outbox.c.id).join(outbox_party, outbox_party.c.outbox_id == outbox.c.id)
    return told.where(*its, outbox_party.c.party_id.in_(party_ids)).exists()


def _for_operators(view: View) -> ColumnElement[bool]:
    """Return what operators see: claims on rides that exist for them, and those laid before them."""
    return or_(rides_visible(view, claim), claim.c.decide_by_at.is_not(None))
