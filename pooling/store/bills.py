"""
A month of carriage on one bill: a line for each shipment that was paid for, whoever carried it.

The lines are those of the party's own statement that are about a bid or a tour which it pays for; payments
are none. So the total is, to the cent, what the statement says that it came to owe for carriage.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, select

from pooling.store.collected import references_of
from pooling.store.market import bid, shipment
from pooling.store.people import party
from pooling.store.shipments import shipments_by_id
from pooling.store.sites import sites_by_id
from pooling.store.statements import statement_of
from pooling.store.touring import sign_up, tour
from pooling.store.transaction import View


@dataclass(frozen=True)
class BillLine:
    """Hold what one shipment costs its payer; below 0 what is given back. ``why`` is the ledger's word."""

    transfer_id: str
    posted_at: int
    shipment_id: str
    reference: str
    day: date
    from_site: str
    to_site: str
    crates: int
    kg: int
    owed_to: str
    why: str
    cents: int


@dataclass(frozen=True)
class Bill:
    """Hold the lines of a period, by day and reference; ``more`` tells that there are too many."""

    lines: tuple[BillLine, ...]
    more: bool

    @property
    def total_cents(self) -> int:
        return sum(line.cents for line in self.lines)


def bill_of(view: View, party_id: str, from_at: int, until_at: int) -> Bill:
    """Return what a party came to owe for carriage between two moments, shipment by shipment."""
    statement = statement_of(view, party_id, from_at, until_at)
    carried = _carried(view, party_id, statement.lines)
    shipments = shipments_by_id(view, carried.values())
    names = _names(view, {_other(row) for row in statement.lines if row.id in carried})
    sites = sites_by_id(
        view, [end for one in shipments.values() for end in (one.from_site_id, one.to_site_id)]
    )
    references = references_of(view, shipments)
    lines = []
    for row in statement.lines:
        if row.id not in carried:
            continue
        shipment_id = carried[row.id]
        crates = shipments[shipment_id]
        lines.append(
            BillLine(
                transfer_id=row.id,
                posted_at=row.created_at,
                shipment_id=shipment_id,
                reference=references.get(shipment_id, ""),
                day=crates.day,
                from_site=sites[crates.from_site_id].name,
                to_site=sites[crates.to_site_id].name,
                crates=crates.crates,
                kg=crates.kg,
                owed_to=names[_other(row)],
                why=row.why,
                cents=-row.line_cents,
            )
        )
    lines.sort(key=lambda line: (line.day, line.reference, line.transfer_id))
    return Bill(tuple(lines), statement.more)


def _other(row: Row[Any]) -> str:
    return str(row.payer if row.line_cents > 0 else row.payee)


def _carried(view: View, party_id: str, lines: list[Row[Any]]) -> dict[str, str]:
    """Return which shipment each line for carriage is about that this party pays; other lines are none."""
    ids: dict[str, list[str]] = {"bid": [], "tour": [], "shipment": []}
    for row in lines:
        if row.about_kind in ids:
            ids[row.about_kind].append(_about(row))
    queries = (
        select(bid.c.id, bid.c.shipment_id).where(bid.c.id.in_(ids["bid"]), bid.c.payer_id == party_id),
        select(sign_up.c.transfer_id, sign_up.c.shipment_id).where(
            sign_up.c.transfer_id.in_(ids["tour"]), sign_up.c.payer_id == party_id
        ),
        select(shipment.c.id, shipment.c.id).where(
            shipment.c.id.in_(ids["shipment"]), shipment.c.payer_id == party_id
        ),
    )
    known = {str(row[0]): str(row[1]) for query in queries for row in view.connection.execute(query)}
    return {row.id: known[_about(row)] for row in lines if _about(row) in known}


def _about(row: Row[Any]) -> str:
    """Return by what a line is known: a share of a tour by the transfer that was agreed."""
    return str((row.pending_id or "") if row.about_kind == "tour" else row.about_id)


def _names(view: View, accounts: set[str]) -> dict[str, str]:
    """Return whose each ledger account is, by name; the operator stands for its tour."""
    ids = {account: account.partition(":")[2] for account in accounts}
    tours = select(tour.c.id, tour.c.operator_id).where(tour.c.id.in_(list(ids.values())))
    operators = {str(row.id): str(row.operator_id) for row in view.connection.execute(tours)}
    whose = {account: operators.get(one, one) for account, one in ids.items()}
    parties = select(party.c.id, party.c.name).where(party.c.id.in_(list(whose.values())))
    names = {str(row.id): str(row.name) for row in view.connection.execute(parties)}
    return {account: names.get(one, "") for account, one in whose.items()}
