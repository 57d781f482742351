"""What an intermediary takes home: proof of every handover, and a month's carriage on one bill, as CSV."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from api.files.csv_file import csv_file, euro, wall
from geodata.refusal import Refusal
from pooling.store.bills import Bill

PROOFS_LIMIT = 5_000
PROOF_COLUMNS = (
    *("reference", "producer", "client", "day", "state", "crates_ordered"),
    *("way", "outcome", "happened_at", "crates", "condition", "receiver"),
    *("reason", "next_step", "note", "hash"),
)
BILL_COLUMNS = (
    *("reference", "day", "from", "to", "crates", "kg"),
    *("owed_to", "about", "why", "euro", "shipment", "transfer"),
)


class ProofsTooMany(Refusal):
    code = "proofs_too_many"
    reason = "More than {limit} records lie in these days."
    cure = "Ask for fewer days at a time."


def proofs_file(rows: Sequence[Row[Any]], timezone: str) -> str:
    """Write one line for each record of a handover; what waits for its first has one without."""
    if len(rows) > PROOFS_LIMIT:
        raise ProofsTooMany(limit=PROOFS_LIMIT)
    return csv_file(
        PROOF_COLUMNS,
        (
            (
                *(row.reference, row.producer, row.client, row.day, row.state, row.ordered),
                *(row.way, row.outcome, wall(row.happened_at, timezone), row.crates, row.condition),
                *(row.receiver, row.reason, row.next_step, row.note, row.hash),
            )
            for row in rows
        ),
    )


def bill_file(bill: Bill) -> str:
    """Write a bill with its total on the last line."""
    rows: list[Sequence[object]] = [
        (
            *(line.reference, line.day, line.from_site, line.to_site),
            *(("", "") if line.follows else (line.crates, line.kg)),
            *(line.owed_to, line.about_kind, line.why, euro(line.cents), line.shipment_id, line.transfer_id),
        )
        for line in bill.lines
    ]
    crates, kg = (sum(getattr(line, name) for line in bill.lines) for name in ("crates", "kg"))
    return csv_file(
        BILL_COLUMNS, [*rows, ("total", "", "", "", crates, kg, "", "", "", euro(bill.total_cents), "", "")]
    )
