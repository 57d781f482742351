"""
Money as paired entries: pending when a ride is agreed, posted when it is done, voided or expired else.

No row is ever changed. What settles a pending transfer is a row of its own that names it, and only
one can: the database keeps ``pending_id`` unique. Each transfer's entries add up to nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import Row, and_, func, or_, select

from geodata.refusal import Refusal
from pooling.ledger import ledger_proof
from pooling.ledger.ledger_proof import CORRECTION, Walk
from pooling.store.driver import write, write_all
from pooling.store.rows import writing
from pooling.store.transaction import Tx, View
from pooling.store.work import entry, transfer


class TransferSettled(Refusal):
    code = "transfer_settled"
    reason = "This transfer was settled before."
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


def community_account(community_id: str) -> str:
    return f"community:{community_id}"


def deposit_account(owner_id: str) -> str:
    return f"deposit:{owner_id}"


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
    """
    Hold what adds up: ``sum_cents`` and ``unbalanced`` are 0 in a ledger that is right.

    ``breaks_at`` names the first transfer that breaks a rule, ``why`` the rule; both empty in a right one.
    """

    transfers: int
    entries: int
    sum_cents: int
    unbalanced: int
    breaks_at: str = ""
    why: str = ""


def check_ledger(view: View) -> LedgerCheck:
    """
    Prove the ledger from its first row: the sum is 0 after each transfer, and each keeps every rule.

    ``unbalanced`` counts the transfers that do not. Reads every entry once, in the order of their writing.
    """
    walk = Walk().over(_every_row(view))
    entries = _number(view, select(func.count()).select_from(entry))
    known = _number(view, select(func.count()).select_from(entry).join(transfer))
    faults = [*walk.faults, *([("", "an entry belongs to no transfer")] if known != entries else [])]
    return LedgerCheck(
        transfers=_number(view, select(func.count()).select_from(transfer)),
        entries=entries,
        sum_cents=_number(view, select(func.coalesce(func.sum(entry.c.cents), 0))),
        unbalanced=len(faults),
        breaks_at=faults[0][0] if faults else "",
        why=faults[0][1] if faults else "",
    )


def _every_row(view: View) -> Iterator[ledger_proof.Row]:
    """Give each transfer with its entries, by its first entry; one that has none comes as well."""
    first = (
        select(entry.c.transfer_id, func.min(entry.c.id).label("first_id"))
        .group_by(entry.c.transfer_id)
        .subquery()
    )
    rows = view.connection.execute(
        select(transfer, entry.c.layer, entry.c.account, entry.c.cents.label("moved_cents"))
        .outerjoin(first, first.c.transfer_id == transfer.c.id)
        .outerjoin(entry, entry.c.transfer_id == transfer.c.id)
        .order_by(func.coalesce(first.c.first_id, 0), transfer.c.id, entry.c.id)
    )
    for _, lines in groupby(rows, key=lambda row: str(row.id)):
        held = list(lines)
        one = held[0]
        yield ledger_proof.Row(
            id=one.id,
            kind=one.kind,
            pending_id=one.pending_id or "",
            payer=one.payer,
            payee=one.payee,
            cents=one.cents,
            about_kind=one.about_kind,
            about_id=one.about_id,
            entries=tuple(
                ledger_proof.Entry(line.layer, line.account, line.moved_cents)
                for line in held
                if line.layer is not None
            ),
        )


def left_cents(view: View, transfer_id: str) -> int:
    """Return what of a posted transfer no correction has given back; 0 of what is not posted."""
    if transfer_state(view, transfer_id) != "posted":
        return 0
    settled = or_(transfer.c.pending_id == transfer_id, transfer.c.id == transfer_id)
    left = _number(view, select(transfer.c.cents).where(settled, transfer.c.kind == "posted"))
    given_back = select(transfer.c.id).where(
        transfer.c.about_kind == CORRECTION, transfer.c.about_id == transfer_id
    )
    return left - sum(left_cents(view, one) for one in view.connection.execute(given_back).scalars())


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
    write(
        tx.connection,
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
    write_all(
        tx.connection,
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
