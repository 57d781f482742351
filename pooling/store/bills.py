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
from pooling.store.market import bid, trip
from pooling.store.people import party
from pooling.store.shipments import shipments_by_id
from pooling.store.sites import sites_by_id
from pooling.store.statements import statement_of
from pooling.store.touring import sign_up, tour
from pooling.store.transaction import View
from pooling.store.work import transfer


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
    shipments = shipments_by_id(view, [one[0] for one in carried.values()])
    sites = sites_by_id(
        view, [end for one in shipments.values() for end in (one.from_site_id, one.to_site_id)]
    )
    references = references_of(view, shipments)
    lines = []
    for row in statement.lines:
        if row.id not in carried:
            continue
        shipment_id, owed_to = carried[row.id]
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
                owed_to=owed_to,
                why=row.why,
                cents=-row.line_cents,
            )
        )
    lines.sort(key=lambda line: (line.day, line.reference, line.transfer_id))
    return Bill(tuple(lines), statement.more)


def _carried(view: View, party_id: str, lines: list[Row[Any]]) -> dict[str, tuple[str, str]]:
    """Return which shipment each transfer for carriage is about that this party pays, and whose it is."""
    bids = [row.about_id for row in lines if row.about_kind == "bid"]
    shares = [row.pending_id for row in lines if row.about_kind == "tour" and row.pending_id]
    on_trips = (
        select(bid.c.id, bid.c.shipment_id, party.c.name)
        .join(trip, trip.c.id == bid.c.trip_id)
        .join(party, party.c.id == trip.c.owner_id)
        .where(bid.c.id.in_(bids), bid.c.payer_id == party_id)
    )
    on_tours = (
        select(transfer.c.id, sign_up.c.shipment_id, party.c.name)
        .join(sign_up, sign_up.c.transfer_id == transfer.c.id)
        .join(tour, tour.c.id == sign_up.c.tour_id)
        .join(party, party.c.id == tour.c.operator_id)
        .where(transfer.c.id.in_(shares), sign_up.c.payer_id == party_id)
    )
    known = {
        row.id: (str(row.shipment_id), str(row.name))
        for query in (on_trips, on_tours)
        for row in view.connection.execute(query)
    }
    about = {row.id: row.about_id if row.about_kind == "bid" else row.pending_id for row in lines}
    return {line_id: known[key] for line_id, key in about.items() if key in known}
