"""
A party's month: what was posted, line by line, what is agreed and not done yet, and the net with each other.

Opening + lines = closing, and the nets add up to the closing. What is pending stands as it is now: it is no
part of any of these sums.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, and_, func, select

from pooling.store.accounts import own_accounts
from pooling.store.carriage import Carried, carried_by
from pooling.store.claims import other_sides
from pooling.store.communities import communities_by_id
from pooling.store.days import parties_by_id
from pooling.store.statements import LINES_LIMIT, balances_with, party_behind, statement_of
from pooling.store.transaction import View
from pooling.store.work import entry, transfer


@dataclass(frozen=True)
class MonthLine:
    """Hold one line: received, or (below 0) given; ``other`` is the name of the other side."""

    transfer_id: str
    day: date
    other: str
    about_kind: str
    why: str
    cents: int
    carried: Carried | None = None


@dataclass(frozen=True)
class Month:
    """Hold a month of a party; ``nets_cents`` is what each other owes it at its end, by name."""

    opening_cents: int
    lines: tuple[MonthLine, ...]
    closing_cents: int
    pending: tuple[MonthLine, ...]
    nets_cents: tuple[tuple[str, int], ...]
    more: bool

    @property
    def due_cents(self) -> int:
        """Return what the party is to pay, all counterparties together."""
        return -sum(cents for _, cents in self.nets_cents if cents < 0)

    @property
    def to_receive_cents(self) -> int:
        return sum(cents for _, cents in self.nets_cents if cents > 0)


def month_of(view: View, party_id: str, first: date, last: date, timezone: str) -> Month:
    """Return what happened from a first to a last local day, with the nets at its end."""
    zone = ZoneInfo(timezone)
    from_at, until_at = (midnight_at(day, zone) for day in (first, last + timedelta(days=1)))
    found = statement_of(view, party_id, from_at, until_at)
    waiting = _pending(view, party_id)
    nets = {one: each.posted_cents for one, each in balances_with(view, party_id, until_at).items()}
    rows = [*found.lines, *waiting]
    others = {_other(row) for row in rows}
    behind = party_behind(view, others) | other_sides(view, party_id, others)
    names = names_of(view, {*behind.values(), *nets})
    carried = carried_by(view, rows)
    lines = {
        row.id: MonthLine(
            row.id,
            datetime.fromtimestamp(row.created_at, zone).date(),
            names.get(behind[_other(row)], ""),
            row.about_kind,
            row.why,
            row.line_cents,
            carried.get(row.id),
        )
        for row in rows
    }
    return Month(
        found.opening_cents,
        tuple(lines[row.id] for row in found.lines),
        found.closing_cents,
        tuple(lines[row.id] for row in waiting),
        tuple(sorted((names.get(one, ""), cents) for one, cents in nets.items() if cents)),
        more=found.more or len(waiting) > LINES_LIMIT,
    )


def midnight_at(day: date, zone: ZoneInfo) -> int:
    """Return the moment at which a local day begins."""
    return int(datetime.combine(day, time.min, zone).timestamp())


def month_end(first: date) -> date:
    """Return the last day of the month of a day."""
    return (first.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def names_of(view: View, ids: set[str]) -> Mapping[str, str]:
    """Return the names of parties and communities by id; a claim's account has none."""
    known = {one.id: one.name for one in parties_by_id(view, sorted(ids)).values()}
    return known | {one: str(row.name) for one, row in communities_by_id(view, ids).items()}


def _pending(view: View, party_id: str) -> list[Row[Any]]:
    """List what was agreed with others and nothing has settled yet, as lines of a statement."""
    settled = transfer.alias("settled")
    own = and_(entry.c.layer == "pending", own_accounts(entry.c.account, [party_id]))
    cents = func.sum(entry.c.cents)
    query = (
        select(transfer, cents.label("line_cents"))
        .join(entry, entry.c.transfer_id == transfer.c.id)
        .where(own, transfer.c.kind == "pending")
        .where(~select(settled.c.id).where(settled.c.pending_id == transfer.c.id).exists())
        .group_by(transfer.c.id)
        .having(cents != 0)
        .order_by(transfer.c.created_at, transfer.c.id)
        .limit(LINES_LIMIT + 1)
    )
    return list(view.connection.execute(query))


def _other(row: Row[Any]) -> str:
    return str(row.payer if row.line_cents > 0 else row.payee)
