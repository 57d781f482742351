"""
A month of carriage on one bill: a line for each shipment that was paid for, whoever carried it.

The lines are those of the party's own statement that are about a bid or a tour which it pays for; payments
are none; what a correction gives back of such a line stands below 0. So the total is, to the cent, what the
statement says that it came to owe for carriage.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Row

from pooling.ledger.ledger_proof import CORRECTION
from pooling.regimes import COST_SHARING
from pooling.store.carriage import carried_by
from pooling.store.collected import references_of
from pooling.store.months import names_of
from pooling.store.statements import party_behind, statement_of
from pooling.store.transaction import View
from pooling.store.waiting import WAITING


@dataclass(frozen=True)
class BillLine:
    """
    Hold what one shipment costs its payer; below 0 what is given back. ``why`` is the ledger's word.

    ``crates`` and ``kg`` stand on a shipment's first line alone, so that they add up; a correction has none.
    """

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
    owed_to_id: str
    about_kind: str
    why: str
    cents: int
    shares_costs: bool = False

    @property
    def follows(self) -> bool:
        """Tell whether it adds to another line, in this month or before, or puts that right."""
        return self.about_kind in (CORRECTION, "shipment") or self.why == WAITING


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
    carried = {
        line_id: one for line_id, one in carried_by(view, statement.lines).items() if one.payer_id == party_id
    }
    about = [row for row in statement.lines if row.id in carried]
    behind = party_behind(view, {_other(row) for row in about})
    rows = [row for row in about if behind[_other(row)] != party_id]
    names = names_of(view, set(behind.values()))
    references = references_of(view, {one.shipment_id for one in carried.values()})
    lines = [
        BillLine(
            transfer_id=row.id,
            posted_at=row.created_at,
            shipment_id=carried[row.id].shipment_id,
            reference=references.get(carried[row.id].shipment_id, ""),
            day=carried[row.id].day,
            from_site=carried[row.id].from_site,
            to_site=carried[row.id].to_site,
            crates=carried[row.id].crates,
            kg=carried[row.id].kg,
            owed_to=names.get(behind[_other(row)], ""),
            owed_to_id=behind[_other(row)],
            about_kind=row.about_kind,
            why=row.why,
            cents=-row.line_cents,
            shares_costs=carried[row.id].regime in COST_SHARING,
        )
        for row in rows
    ]
    lines.sort(key=_place)
    return Bill(_counted_once(lines), statement.more)


def _place(line: BillLine) -> tuple[object, ...]:
    """Return by what lines stand in order: what puts one right follows it."""
    return line.day, line.reference, line.shipment_id, line.follows, line.posted_at, line.transfer_id


def _counted_once(lines: list[BillLine]) -> tuple[BillLine, ...]:
    """Leave crates and kg on the first line of each shipment, and on no line that only puts one right."""
    first: dict[str, str] = {}
    for line in lines:
        if not line.follows:
            first.setdefault(line.shipment_id, line.transfer_id)
    return tuple(
        line if first.get(line.shipment_id) == line.transfer_id else replace(line, crates=0, kg=0)
        for line in lines
    )


def _other(row: Row[Any]) -> str:
    return str(row.payer if row.line_cents > 0 else row.payee)
