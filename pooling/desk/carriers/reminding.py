"""Papers that run out: their carrier is told 30 and 7 days before, and once when they are over."""

from typing import Any

from sqlalchemy import Row

from pooling.carriers.dossier import next_telling, told_horizon
from pooling.desk.desk import Desk
from pooling.desk.tours.tours import local_day
from pooling.store import Tx, View
from pooling.store.carriers import papers_ending
from pooling.store.carrying import paper
from pooling.store.parties import first_operator
from pooling.store.rows import changed

PAPERS_AT_ONCE = 500


def remind_due(desk: Desk) -> int:
    """
    Tell of papers that run out; returns of how many.

    Called by the clock, in any number of processes: what was told is noted with the paper.
    """
    with desk.store.view() as view:
        if not _due(desk, view):
            return 0
    return desk.store.change(lambda tx: _told(desk, tx))


def _due(desk: Desk, view: View) -> list[tuple[Row[Any], int]]:
    today = local_day(view.now_at, desk.timezone)
    rows = papers_ending(view, told_horizon(today), PAPERS_AT_ONCE)
    found = [(row, next_telling(row.expires, today, row.told_days)) for row in rows]
    return [(row, days) for row, days in found if days is not None]


def _told(desk: Desk, tx: Tx) -> int:
    due = _due(desk, tx)
    operator = first_operator(tx)
    today = local_day(tx.now_at, desk.timezone)
    for row, days in due:
        changed(tx, paper, row, {"told_days": days})
        told = {row.party_id} | ({operator.id} if operator is not None else set())
        topic = "paper.ended" if row.expires < today else "paper.ends"
        tx.tell(topic, "dossier", row.party_id, told, day=str(row.expires), kind=row.kind)
    return len(due)
