"""
Money as paired entries: pending when a ride is agreed, posted when it is done, voided or expired else.

No row is ever changed. What settles a pending transfer is a row of its own that names it, and only
one can: the database keeps ``pending_id`` unique. Each transfer's entries add up to nothing.
"""

from dataclasses import dataclass

from sqlalchemy import Row, and_, func, or_, select

from geodata.refusal import Refusal
from pooling.store.rows import writing
from pooling.store.transaction import Tx, View
from pooling.store.work import entry, transfer


class TransferSettled(Refusal):
    code = "transfer_settled"
    reason = "Transfer {transfer} was settled before."
    cure = "Look at the statement: nothing is left to do."


@dataclass(frozen=True)
class Purpose:
    """Hold what a transfer is about, and why it is owed."""

    about_kind: str
    about_id: str
    why: str


def party_account(party_id: str) -> str:
    return f"party:{party_id}"


def tour_account(tour_id: str) -> str:
    return f"tour:{tour_id}"


def fee_account(operator_id: str) -> str:
    return f"fees:{operator_id}"


def claim_account(claim_id: str) -> str:
    return f"claim:{claim_id}"


def pend(tx: Tx, payer: str, payee: str, cents: int, purpose: Purpose) -> str:
    """Agree that one account will owe another; returns the transfer's id."""
    transfer_id = _write(tx, "pending", None, payer, payee, cents, purpose)
    _enter(tx, transfer_id, "pending", payer, payee, cents)
    return transfer_id


def post(tx: Tx, transfer_id: str, cents: int | None = None) -> str:
    """Make a pending transfer owed: what was agreed was done; a part of it, where only a part was."""
    return _settle(tx, transfer_id, "posted", cents)


def void(tx: Tx, transfer_id: str) -> str:
    """Undo a pending transfer: it was cancelled."""
    return _settle(tx, transfer_id, "voided")


def void_pending(tx: Tx, transfer_id: str) -> None:
    """Undo a transfer, if there is one and its time has not run out before."""
    if transfer_id and transfer_state(tx, transfer_id) == "pending":
        void(tx, transfer_id)


def post_pending(tx: Tx, transfer_id: str) -> None:
    """Make a transfer owed, if there is one that nothing has settled before."""
    if transfer_id and transfer_state(tx, transfer_id) == "pending":
        post(tx, transfer_id)


def expire(tx: Tx, transfer_id: str) -> str:
    """Undo a pending transfer: its time ran out."""
    return _settle(tx, transfer_id, "expired")


def pay(tx: Tx, payer: str, payee: str, cents: int, purpose: Purpose) -> str:
    """Post at once what needs no handover: a payment that its receiver confirmed, a fee, a fault."""
    transfer_id = _write(tx, "posted", None, payer, payee, cents, purpose)
    _enter(tx, transfer_id, "posted", payer, payee, cents)
    return transfer_id


def account_balances(view: View, account: str) -> dict[str, int]:
    """Return what an account has received less what it gave, pending and posted, in cents."""
    rows = view.connection.execute(
        select(entry.c.layer, func.sum(entry.c.cents))
        .where(entry.c.account == account)
        .group_by(entry.c.layer)
    )
    return {"pending": 0, "posted": 0} | {layer: int(cents) for layer, cents in rows}


@dataclass(frozen=True)
class LedgerCheck:
    """Hold what adds up: ``sum_cents`` and ``unbalanced`` are 0 in a ledger that is right."""

    transfers: int
    entries: int
    sum_cents: int
    unbalanced: int


def check_ledger(view: View) -> LedgerCheck:
    """Add up every entry, and count transfers whose own entries do not add up to nothing."""
    per_transfer = (
        select(entry.c.transfer_id, func.sum(entry.c.cents).label("cents"), func.count().label("sides"))
        .group_by(entry.c.transfer_id, entry.c.layer)
        .subquery()
    )
    broken = or_(per_transfer.c.cents != 0, per_transfer.c.sides != 2)
    return LedgerCheck(
        transfers=_number(view, select(func.count()).select_from(transfer)),
        entries=_number(view, select(func.count()).select_from(entry)),
        sum_cents=_number(view, select(func.coalesce(func.sum(entry.c.cents), 0))),
        unbalanced=_number(view, select(func.count()).select_from(per_transfer).where(broken)),
    )


def transfer_state(view: View, transfer_id: str) -> str:
    """Return ``pending`` while nothing settled it, else what settled it."""
    settled = view.connection.execute(
        select(transfer.c.kind).where(transfer.c.pending_id == transfer_id)
    ).scalar_one_or_none()
    return settled or str(_transfer(view, transfer_id).kind)


def posted_cents(view: View, transfer_id: str, shipment_id: str, payer: str) -> int:
    """Add up what one account owes by a transfer, and by what was put right of its shipment later."""
    settled = transfer.c.pending_id == transfer_id
    later = and_(transfer.c.about_kind == "shipment", transfer.c.about_id == shipment_id)
    rows = view.connection.execute(
        select(transfer.c.payer, transfer.c.cents).where(transfer.c.kind == "posted", or_(settled, later))
    )
    return sum(int(row.cents) * (1 if row.payer == payer else -1) for row in rows)


def _settle(tx: Tx, transfer_id: str, kind: str, part_cents: int | None = None) -> str:
    _hold(tx, transfer_id)
    pending = _transfer(tx, transfer_id)
    taken = select(transfer.c.id).where(and_(transfer.c.pending_id == transfer_id))
    if pending.kind != "pending" or tx.connection.execute(taken).first():
        raise TransferSettled(transfer=transfer_id)
    purpose = Purpose(pending.about_kind, pending.about_id, pending.why)
    cents = pending.cents if part_cents is None else part_cents
    if not 0 < cents <= pending.cents:
        raise ValueError("A part of a transfer is some of it.")
    settled_id = _write(tx, kind, transfer_id, pending.payer, pending.payee, cents, purpose)
    _enter(tx, settled_id, "pending", pending.payee, pending.payer, pending.cents)
    if kind == "posted":
        _enter(tx, settled_id, "posted", pending.payer, pending.payee, cents)
    return settled_id


def _write(
    tx: Tx, kind: str, pending_id: str | None, payer: str, payee: str, cents: int, purpose: Purpose
) -> str:
    transfer_id = tx.fresh_id("tr")
    tx.connection.execute(
        writing(transfer),
        {
            "id": transfer_id,
            "kind": kind,
            "pending_id": pending_id,
            "payer": payer,
            "payee": payee,
            "cents": cents,
            "about_kind": purpose.about_kind,
            "about_id": purpose.about_id,
            "why": purpose.why,
            "created_at": tx.now_at,
        },
    )
    return transfer_id


def _enter(tx: Tx, transfer_id: str, layer: str, payer: str, payee: str, cents: int) -> None:
    tx.connection.execute(
        writing(entry),
        [
            {"transfer_id": transfer_id, "layer": layer, "account": payer, "cents": -cents},
            {"transfer_id": transfer_id, "layer": layer, "account": payee, "cents": cents},
        ],
    )


def _hold(tx: Tx, transfer_id: str) -> None:
    """Let nobody else settle it until the commit (SQLite has one writer anyway)."""
    tx.connection.execute(select(transfer.c.id).where(transfer.c.id == transfer_id).with_for_update())


def _transfer(view: View, transfer_id: str) -> Row[tuple[object, ...]]:
    return view.connection.execute(select(transfer).where(transfer.c.id == transfer_id)).one()


def _number(view: View, query: object) -> int:
    return int(view.connection.execute(query).scalar_one())  # type: ignore[call-overload]
