"""Clearings in the store: on what each was decided, what it chose, and why not the others."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Row, select, update

from pooling.store.market import clearing, clearing_record
from pooling.store.rows import NotFound, Page, added, found, paged
from pooling.store.sight import part_must_exist, part_visible
from pooling.store.transaction import Tx, View

IN_WORDS = ("bids", "chosen", "reasons", "given")


def add_clearing(tx: Tx, **facts: object) -> str:
    """Write a record; lists and tables of it are kept as JSON."""
    kept = {
        name: json.dumps(fact, ensure_ascii=False) if name in IN_WORDS else fact
        for name, fact in facts.items()
    }
    return added(tx, clearing, "clr", **kept)


def find_clearing(view: View, clearing_id: str) -> Row[Any]:
    return part_must_exist(view, clearing, found(view, clearing, clearing_id), "clearing")


def clearings_by_id(view: View, clearing_ids: Iterable[str]) -> dict[str, Row[Any]]:
    """Return those of these clearings that who looks may see."""
    of_them = clearing.c.id.in_(sorted(set(clearing_ids)))
    rows = view.connection.execute(select(clearing).where(of_them, part_visible(view, clearing)))
    return {row.id: row for row in rows}


def list_clearings(view: View, trip_id: str, page: Page) -> tuple[list[Row[Any]], str]:
    """List the clearings of a trip, newest first."""
    of_it = select(clearing).where(clearing.c.trip_id == trip_id, part_visible(view, clearing))
    return paged(view, of_it, clearing, page)


def add_record(tx: Tx, clearing_id: str | None, body: str, digest: str) -> str:
    """Write on what a clearing was decided: of a trip, or of a day where no clearing is named."""
    return added(tx, clearing_record, "clrec", clearing_id=clearing_id, body=body, digest=digest)


def record_of(view: View, clearing_id: str) -> Row[Any] | None:
    """Return on what the clearing of a trip was decided; ``None`` for one from before records were kept."""
    of_it = select(clearing_record).where(clearing_record.c.clearing_id == clearing_id)
    return view.connection.execute(of_it).one_or_none()


def find_day_record(view: View, record_id: str) -> Row[Any]:
    """Return on what the clearing of a whole day was decided."""
    row = found(view, clearing_record, record_id, kind="clearing")
    if row.clearing_id is not None:
        raise NotFound(kind="clearing", id=record_id)
    return row


def proposed_on(view: View, trip_id: str) -> Row[Any] | None:
    """Return the newest set of a day that was proposed for a trip, and not taken since."""
    of_it = select(clearing).where(clearing.c.trip_id == trip_id)
    newest = view.connection.execute(of_it.order_by(clearing.c.id.desc()).limit(1)).first()
    return newest if newest is not None and newest.state == "proposed" else None


def note_taken(tx: Tx, clearing_id: str) -> bool:
    """Note that a proposed set is taken; false where it was before."""
    once = update(clearing).where(clearing.c.id == clearing_id, clearing.c.state == "proposed")
    return tx.connection.execute(once.values(state="taken")).rowcount == 1


def said_in(row: Row[Any]) -> dict[str, Mapping[str, Any]]:
    """Return what a record keeps as JSON."""
    return {name: json.loads(getattr(row, name)) for name in IN_WORDS}
