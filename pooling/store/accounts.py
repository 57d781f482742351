"""
The accounts of the ledger, by kind: whose each is, who may read it, and what stands on it.

An account is nothing but its name (``party:ID``, ``tour:ID`` …): it is there once something stands on it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from sqlalchemy import ColumnElement, case, func, literal, or_, select

from pooling.store.belonging import community_party
from pooling.store.communities import stewards_in
from pooling.store.ledger import (
    community_account,
    deposit_account,
    fee_account,
    party_account,
    tour_account,
)
from pooling.store.rows import PAGE_LIMIT
from pooling.store.schema import prefix_of
from pooling.store.touring import tour
from pooling.store.transaction import View
from pooling.store.work import entry

Kind = Literal["party", "fees", "deposit", "tour", "community", "claim"]
KINDS: tuple[Kind, ...] = get_args(Kind)
OF_A_PARTY = (party_account, fee_account, deposit_account)
"""What stands for a party: its own account, the fees that it keeps, the deposits on its crates."""


@dataclass(frozen=True)
class Account:
    """Hold an account and what stands on it, in cents: received less given, agreed and really owed."""

    name: str
    pending_cents: int
    posted_cents: int

    @property
    def kind(self) -> str:
        return self.name.partition(":")[0]

    @property
    def of(self) -> str:
        """Return the id of whose it is."""
        return self.name.partition(":")[2]


def list_accounts(
    view: View, party_ids: Iterable[str] | None, *, kind: str = "", start: int = 0, limit: int = PAGE_LIMIT
) -> list[Account]:
    """
    List accounts with their balances, by name: those that these parties may read, or (``None``) all.

    A party reads its own, those of the tours that it proposed, and of communities of which it is a steward.
    """
    pending, posted = (func.coalesce(func.sum(_on(layer)), 0) for layer in ("pending", "posted"))
    query = select(entry.c.account, pending, posted).group_by(entry.c.account).order_by(entry.c.account)
    if party_ids is not None:
        query = query.where(readable(entry.c.account, party_ids))
    if kind:
        query = query.where(entry.c.account.startswith(f"{kind}:", autoescape=True))
    rows = view.connection.execute(query.offset(start).limit(limit))
    return [Account(str(name), int(soon), int(now)) for name, soon, now in rows]


def readable(account: ColumnElement[str], party_ids: Iterable[str]) -> ColumnElement[bool]:
    """Return the condition under which an account is one that these parties may read."""
    mine = sorted(party_ids)
    table = community_party
    looked_after = (table.c.party_id.in_(mine), table.c.state == "in", table.c.role == "steward")
    communities = select(literal(community_account("")) + table.c.community_id).where(*looked_after)
    return or_(own_accounts(account, mine), account.in_(communities))


def own_accounts(account: ColumnElement[str], party_ids: Iterable[str]) -> ColumnElement[bool]:
    """Return the condition under which an account is one of these parties' own, or of a tour of theirs."""
    mine = list(party_ids)
    named = [of(one) for one in mine for of in OF_A_PARTY]
    tours = select(literal(tour_account("")) + tour.c.id).where(tour.c.operator_id.in_(mine))
    return or_(account.in_(named), account.in_(tours))


def account_of(subject_id: str) -> str:
    """Return the account of a party or of a community, by its id."""
    return community_account(subject_id) if prefix_of(subject_id) == "com" else party_account(subject_id)


def people_of(view: View, account: str) -> set[str]:
    """Name the parties that stand for an account; nobody for a claim's, which its own sides are told of."""
    kind, _, subject = account.partition(":")
    if kind in ("party", "fees", "deposit"):
        return {subject}
    if kind == "community":
        return set(stewards_in(view, subject))
    if kind == "tour":
        found = view.connection.execute(select(tour.c.operator_id).where(tour.c.id == subject))
        return {str(one) for one in found.scalars()}
    return set()


def _on(layer: str) -> ColumnElement[int]:
    return case((entry.c.layer == layer, entry.c.cents), else_=0)
