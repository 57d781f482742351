"""
Reading the ledger for one party: its transfers, balances, and statement.

A party stands for its own account, for its fees, for the deposits on its crates, and for the tours that it
proposed; what moves between those is nobody else's and adds up to nothing. See docs/ledger.md.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, or_, select

from pooling.store.accounts import own_accounts
from pooling.store.belonging import community
from pooling.store.claims import other_sides
from pooling.store.market import bid, trip
from pooling.store.people import party
from pooling.store.rows import Page, found, held, paged
from pooling.store.schema import prefix_of
from pooling.store.touring import manifest, tour
from pooling.store.transaction import Tx, View
from pooling.store.work import entry, transfer

LINES_LIMIT = 2000

settling = transfer.alias("settling")


@dataclass(frozen=True)
class Balance:
    """Hold what is owed to a party (below 0: what it owes), in cents: agreed only, and really owed."""

    pending_cents: int = 0
    posted_cents: int = 0

    @property
    def together_cents(self) -> int:
        return self.pending_cents + self.posted_cents


@dataclass(frozen=True)
class Statement:
    """Hold the posted lines of a period, the oldest first; ``more`` tells that there are too many."""

    opening_cents: int
    lines: list[Row[Any]]
    closing_cents: int
    more: bool


def list_transfers(view: View, party_ids: Collection[str] | None, page: Page) -> tuple[list[Row[Any]], str]:
    """List what was agreed or paid (``None``: by anybody), newest first, with how it was settled."""
    query = _with_state().where(transfer.c.pending_id.is_(None))
    if party_ids is not None:
        query = query.where(
            or_(own_accounts(transfer.c.payer, party_ids), own_accounts(transfer.c.payee, party_ids))
        )
    return paged(view, query, transfer, page)


def transfers_on(view: View, account: str, page: Page) -> tuple[list[Row[Any]], str]:
    """List the transfers of one account, newest first, with how each was settled."""
    sides = or_(transfer.c.payer == account, transfer.c.payee == account)
    return paged(view, _with_state().where(transfer.c.pending_id.is_(None), sides), transfer, page)


def settled_transfer(view: View, transfer_id: str) -> Row[Any]:
    """Return one transfer with how it was settled."""
    return view.connection.execute(_with_state().where(transfer.c.id == transfer_id)).one()


def balance_of(view: View, party_id: str) -> Balance:
    """Add up a party's own accounts."""
    rows = view.connection.execute(
        select(entry.c.layer, func.sum(entry.c.cents))
        .where(own_accounts(entry.c.account, [party_id]))
        .group_by(entry.c.layer)
    )
    sums = {str(layer): int(cents) for layer, cents in rows}
    return Balance(sums.get("pending", 0), sums.get("posted", 0))


def balances_with(view: View, party_id: str, until_at: int | None = None) -> dict[str, Balance]:
    """
    Return what each other party owes this one (below 0: is owed), by its id; adds up to its balance.

    ``until_at``: what was posted before that moment. A community is known by its own id.
    """
    gives, takes = (own_accounts(side, [party_id]) for side in (transfer.c.payer, transfer.c.payee))
    unsettled = transfer.c.id.not_in(select(settling.c.pending_id).where(settling.c.pending_id.is_not(None)))
    query = (
        select(transfer.c.kind, transfer.c.payer, transfer.c.payee, gives, func.sum(transfer.c.cents))
        .where(or_(and_(gives, ~takes), and_(takes, ~gives)))
        .where(or_(transfer.c.kind == "posted", and_(transfer.c.kind == "pending", unsettled)))
        .group_by(transfer.c.kind, transfer.c.payer, transfer.c.payee)
    )
    if until_at is not None:
        query = query.where(transfer.c.kind == "posted", transfer.c.created_at < until_at)
    rows = view.connection.execute(query).all()
    accounts = {account for row in rows for account in (row.payer, row.payee)}
    stands_for = party_behind(view, accounts) | other_sides(view, party_id, accounts)
    sums: dict[str, Balance] = {}
    for kind, payer, payee, given, total in rows:
        cents = -int(total) if given else int(total)
        other = stands_for[payee if given else payer]
        before = sums.get(other, Balance())
        sums[other] = (
            Balance(before.pending_cents + cents, before.posted_cents)
            if kind == "pending"
            else Balance(before.pending_cents, before.posted_cents + cents)
        )
    return sums


def statement_of(view: View, party_id: str, from_at: int, until_at: int) -> Statement:
    """Return the posted lines of a party's own accounts in a period: opening + lines = closing."""
    own = and_(entry.c.layer == "posted", own_accounts(entry.c.account, [party_id]))
    cents = func.sum(entry.c.cents)
    within = and_(transfer.c.created_at >= from_at, transfer.c.created_at < until_at)
    lines = list(
        view.connection.execute(
            select(transfer, cents.label("line_cents"))
            .join(entry, entry.c.transfer_id == transfer.c.id)
            .where(own, within)
            .group_by(transfer.c.id)
            .having(cents != 0)
            .order_by(transfer.c.created_at, func.min(entry.c.id))
            .limit(LINES_LIMIT + 1)
        )
    )
    opening, closing = (_sum_before(view, own, at) for at in (from_at, until_at))
    return Statement(opening, lines[:LINES_LIMIT], closing, more=len(lines) > LINES_LIMIT)


def forgotten(view: View, before_at: int, limit: int) -> list[str]:
    """
    Name transfers that nothing settled, of rides that were to run before this moment and never set out.

    Counted from the day of the ride, however early it was agreed; what is about no ride, from the
    moment that it was agreed.
    """
    settled = select(settling.c.id).where(settling.c.pending_id == transfer.c.id).exists()
    ride_kind = case((transfer.c.about_kind == "bid", "trip"), else_=transfer.c.about_kind)
    ride_id = func.coalesce(bid.c.trip_id, transfer.c.about_id)
    running = select(manifest.c.id).where(
        manifest.c.ride_kind == ride_kind, manifest.c.ride_id == ride_id, manifest.c.state == "under_way"
    )
    day = func.coalesce(trip.c.day, tour.c.day)
    past = datetime.fromtimestamp(before_at, UTC).date()
    query = (
        select(transfer.c.id)
        .outerjoin(bid, and_(transfer.c.about_kind == "bid", bid.c.id == transfer.c.about_id))
        .outerjoin(trip, trip.c.id == bid.c.trip_id)
        .outerjoin(tour, and_(transfer.c.about_kind == "tour", tour.c.id == transfer.c.about_id))
        .where(transfer.c.kind == "pending", transfer.c.created_at < before_at, ~settled, ~running.exists())
        .where(or_(day.is_(None), day < past))
    )
    return list(view.connection.execute(query.order_by(transfer.c.id).limit(limit)).scalars())


def hold_party(tx: Tx, party_id: str) -> None:
    """Let nobody else record what this party received until the commit; refuses a party that is not."""
    found(tx, party, party_id)
    tx.connection.execute(select(party.c.id).where(party.c.id == party_id).with_for_update())


def hold_payer(tx: Tx, payer_id: str) -> None:
    """Hold whoever paid in the same way: a party, or a community by its id."""
    if prefix_of(payer_id) == "com":
        found(tx, community, payer_id)
        held(tx, community, payer_id)
    else:
        hold_party(tx, payer_id)


def _with_state() -> Select[Any]:
    """Select transfers with what each comes to now: its settled part, nothing once it was undone."""
    undone = settling.c.kind.in_(("voided", "expired"))
    return select(
        transfer,
        case((undone, 0), else_=func.coalesce(settling.c.cents, transfer.c.cents)).label("due_cents"),
        func.coalesce(settling.c.kind, transfer.c.kind).label("state"),
        settling.c.created_at.label("settled_at"),
    ).outerjoin(settling, settling.c.pending_id == transfer.c.id)


def _sum_before(view: View, own: ColumnElement[bool], at: int) -> int:
    query = (
        select(func.coalesce(func.sum(entry.c.cents), 0))
        .join(transfer, transfer.c.id == entry.c.transfer_id)
        .where(own, transfer.c.created_at < at)
    )
    return int(view.connection.execute(query).scalar_one())


def party_behind(view: View, accounts: Collection[str]) -> dict[str, str]:
    """Return which party stands for each account."""
    tours = [account.partition(":")[2] for account in accounts if account.startswith("tour:")]
    rows = view.connection.execute(select(tour.c.id, tour.c.operator_id).where(tour.c.id.in_(tours)))
    operators = {str(row.id): str(row.operator_id) for row in rows}
    ids = {account: account.partition(":")[2] for account in accounts}
    return {account: operators.get(one, one) for account, one in ids.items()}
