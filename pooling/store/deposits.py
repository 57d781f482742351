"""
Deposits on crates that come back: what a party or a community asks for one, and what is held for whom.

A deposit is a transfer from whoever has the crates to the deposit account of whose they are; a return gives
it back. It is about the record of the handover that moved them, and says which kind.
"""

from collections.abc import Mapping

from sqlalchemy import (
    CheckConstraint,
    Column,
    String,
    Table,
    UniqueConstraint,
    case,
    delete,
    func,
    literal,
    or_,
    select,
)

from pooling.store.belonging import community_party
from pooling.store.ledger import Purpose, community_account, deposit_account, party_account, pay
from pooling.store.rows import added
from pooling.store.schema import key, metadata, moment, whole, words
from pooling.store.touring import handover
from pooling.store.transaction import Tx, View
from pooling.store.work import transfer

WHY = {
    "ambient": "deposit: ambient crates",
    "chilled": "deposit: chilled crates",
    "frozen": "deposit: frozen crates",
}
"""What the ledger says of a deposit, by the kind of the crates: one word each, never another."""

crate_deposit = Table(
    "crate_deposit",
    metadata,
    key(),
    Column("account", String(60), nullable=False, index=True),  # party:ID or community:ID, who asks for it
    words("kind"),  # of the crates: their temperature class
    whole("cents"),
    moment("created_at"),
    UniqueConstraint("account", "kind"),
    CheckConstraint("cents >= 0", name="no_debt"),
)


def deposits_asked(view: View, account: str) -> dict[str, int]:
    """Return what an account asks for one crate, by kind; a kind of which nothing was said is not there."""
    rows = view.connection.execute(
        select(crate_deposit.c.kind, crate_deposit.c.cents).where(crate_deposit.c.account == account)
    )
    return {str(kind): int(cents) for kind, cents in rows}


def ask_deposits(tx: Tx, account: str, cents_by_kind: Mapping[str, int]) -> None:
    """Say anew what an account asks for one crate of each kind."""
    tx.connection.execute(delete(crate_deposit).where(crate_deposit.c.account == account))
    for kind, cents in sorted(cents_by_kind.items()):
        added(tx, crate_deposit, "dep", account=account, kind=kind, cents=cents)


def any_deposits(view: View) -> bool:
    """Tell whether anybody asks for deposits, or ever held one."""
    asked = select(literal(1)).where(crate_deposit.c.cents > 0)
    held = select(literal(1)).where(transfer.c.about_kind == "deposit")
    return any(view.connection.execute(one.limit(1)).first() for one in (asked, held))


def deposit_cents(view: View, owner: str, holder: str, kind: str) -> int:
    """
    Return what one crate of an owner's costs its holder in deposit.

    The owner's own word; else that of the oldest community to which both belong; else nothing.
    """
    own = deposits_asked(view, party_account(owner))
    if kind in own:
        return own[kind]
    ours, theirs = community_party.alias(), community_party.alias()
    account = literal(community_account("")) + ours.c.community_id
    found = view.connection.execute(
        select(crate_deposit.c.cents)
        .join(ours, crate_deposit.c.account == account)
        .join(theirs, theirs.c.community_id == ours.c.community_id)
        .where(ours.c.party_id == owner, ours.c.state == "in", theirs.c.party_id == holder)
        .where(theirs.c.state == "in", crate_deposit.c.kind == kind)
        .order_by(ours.c.community_id)
        .limit(1)
    )
    return int(found.scalar_one_or_none() or 0)


def deposit_held(view: View, owner: str, holder: str, kind: str) -> int:
    """Return what an owner holds of a holder for one kind of crates, in cents, corrections counted."""
    sides = {party_account(holder): 1, deposit_account(owner): -1}
    between = transfer.c.payer.in_(list(sides)), transfer.c.payee.in_(list(sides))
    about = transfer.c.about_kind == "deposit", transfer.c.why == WHY[kind]
    deposits = select(transfer.c.id).where(*between, *about)
    corrections = transfer.c.about_kind == "correction", transfer.c.about_id.in_(deposits)
    rows = view.connection.execute(
        select(transfer.c.payer, func.sum(transfer.c.cents))
        .where(*between, or_(transfer.c.id.in_(deposits), corrections[0] & corrections[1]))
        .group_by(transfer.c.payer)
    )
    return sum(sides[payer] * int(cents) for payer, cents in rows)


def deposit_by_shipment(view: View, shipment_id: str) -> int | None:
    """Return what the handovers of a shipment hold in deposit, returns taken off; ``None`` for none."""
    handed = select(handover.c.id).where(handover.c.shipment_id == shipment_id)
    way = case((transfer.c.payee.startswith(deposit_account("")), 1), else_=-1)
    query = select(func.sum(way * transfer.c.cents)).where(
        transfer.c.about_kind == "deposit", transfer.c.about_id.in_(handed)
    )
    cents = view.connection.execute(query).scalar_one()
    return None if cents is None else int(cents)


def move_deposit(tx: Tx, owner: str, holder: str, kind: str, cents: int, handover_id: str) -> str:
    """Hold so much more of a holder, or (below 0) give it back; returns the transfer."""
    payer, payee = party_account(holder), deposit_account(owner)
    if cents < 0:
        payer, payee = payee, payer
    return pay(tx, payer, payee, abs(cents), Purpose("deposit", handover_id, WHY[kind]))
