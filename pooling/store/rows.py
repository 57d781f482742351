"""
What all nouns share in the store: finding one, changing it at its revision, and reading by pages.

Statements that every change needs are built once and kept: to build one costs several times what the
database takes to answer it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import Insert, Row, Select, Table, Update, bindparam, insert, select, update

from geodata.refusal import Refusal
from pooling.store.driver import write
from pooling.store.reading import read_row
from pooling.store.schema import ID_FORM, prefix_of
from pooling.store.transaction import Tx, View

PAGE_LIMIT = 100
PAGE_USUAL = 25
COUNT_FORM = re.compile(r"[0-9]{1,9}")

NOT_SHOWN = frozenset(
    {"plan", "reason", "result", "arguments", "secret", "unsubscribe_token", "email", "iban"}
)
"""Columns that are no words of a noun: what the house keeps for itself, or tells in another form."""


class NotFound(Refusal):
    code = "not_found"
    reason = "There is no {kind} {id} that you may see."
    cure = "Look for it in your own lists: it may have been removed, or belong to somebody else."


class ChangedMeanwhile(Refusal):
    code = "changed_meanwhile"
    reason = "The {kind} {id} was changed meanwhile: it stands at revision {stands}, you changed {asked}."
    cure = "Read it again, see what changed, and repeat your change on the new revision."


class RevisionNeeded(Refusal):
    code = "revision_needed"
    reason = "At which revision {kind} {id} was seen is not said, and several people may be changing it."
    cure = "Read it, and send its revision as If-Match with your change (of a second tour as other_revision)."


class CursorUnknown(Refusal):
    code = "cursor_unknown"
    reason = "“{after}” is no place in this list to go on from."
    cure = "Send as after what the page before gave as next; leave it out to begin with the newest."


@dataclass(frozen=True)
class Page:
    """Hold which part of a list is wanted: after this id, at most so many, newest first."""

    after: str = ""
    limit: int = PAGE_USUAL


def place_of(page: Page) -> int:
    """Return where a list goes on whose cursor counts what was shown; refuse what is no such count."""
    if not page.after:
        return 0
    if not COUNT_FORM.fullmatch(page.after):
        raise CursorUnknown(after=page.after)
    return int(page.after)


def found(view: View, table: Table, subject_id: str, *, kind: str = "") -> Row[Any]:
    """Return one row by its id, or refuse."""
    row = read_row(view, _one(table), {"its_id": subject_id})
    if row is None:
        raise NotFound(kind=kind or table.name, id=subject_id)
    return row


def added(tx: Tx, table: Table, prefix: str, **values: object) -> str:
    """Write a new row and return its id; ``created_at`` and defaults are filled in."""
    subject_id = tx.fresh_id(prefix)
    write(tx.connection, writing(table), {"id": subject_id, "created_at": tx.now_at, **values})
    return subject_id


def changed(tx: Tx, table: Table, row: Row[Any], values: Mapping[str, object], *, kind: str = "") -> int:
    """
    Change a row that is still as it was read, and raise its revision; returns the new one.

    Compare and swap: refuses where somebody else changed it since.
    """
    its = {"its_id": row.id, "its_revision": row.revision}
    done = write(tx.connection, _changing(table), {**its, **values, "revision": row.revision + 1})
    if done.rowcount != 1:
        stands = tx.connection.execute(select(table.c.revision).where(table.c.id == row.id)).scalar()
        raise ChangedMeanwhile(kind=kind or table.name, id=row.id, stands=stands, asked=row.revision)
    return int(row.revision) + 1


def must_be_seen(row: Row[Any], revision: int | None, *, kind: str) -> None:
    """Refuse a change that does not say on which revision it was made."""
    if revision is None:
        raise RevisionNeeded(kind=kind, id=row.id)


def at_revision(row: Row[Any], revision: int | None, *, kind: str) -> None:
    """Refuse a change that was made on an older revision than the one that stands."""
    if revision is not None and row.revision != revision:
        raise ChangedMeanwhile(
            kind=kind, id=row.id, stands=row.revision, asked=revision, now=_as_it_stands(row)
        )


def _as_it_stands(row: Row[Any]) -> dict[str, object]:
    """Return the words of a row for whoever changed an older one: by them it sees what changed."""
    return {
        name.removesuffix("_id").removesuffix("_at"): _moment(value) if name.endswith("_at") else value
        for name, value in zip(row._fields, row, strict=True)
        if name not in NOT_SHOWN and isinstance(value, str | int | float | bool | None)
    }


def _moment(at: float | str | None) -> str | None:
    return datetime.fromtimestamp(at, UTC).isoformat() if isinstance(at, int | float) else at


def as_words(row: Row[Any]) -> dict[str, object]:
    """Return the columns of a row by their names."""
    return dict(zip(row._fields, row, strict=True))


def paged(view: View, query: Select[Any], table: Table, page: Page) -> tuple[list[Row[Any]], str]:
    """Return one page of a query, newest first, and the id to go on after (empty at the end)."""
    limit = min(max(page.limit, 1), PAGE_LIMIT)
    if page.after:
        _must_be_cursor(view, table, page.after)
        query = query.where(table.c.id < page.after)
    rows = list(view.connection.execute(query.order_by(table.c.id.desc()).limit(limit + 1)))
    return rows[:limit], (str(rows[limit - 1].id) if len(rows) > limit else "")


def _must_be_cursor(view: View, table: Table, after: str) -> None:
    """Refuse what is no id of this noun: it would begin the list anew, or end it, without a word."""
    any_id = view.connection.execute(select(table.c.id).limit(1)).scalar()
    strange = any_id is not None and prefix_of(after) != prefix_of(str(any_id))
    if strange or not ID_FORM.fullmatch(after):
        raise CursorUnknown(after=after)


def held(tx: Tx, table: Table, subject_id: str) -> None:
    """
    Hold a row until the end of this change, so that nobody decides on it meanwhile.

    SQLite has one writer and needs no lock.
    """
    if tx.connection.dialect.name != "sqlite":
        tx.connection.execute(_holding(table), {"its_id": subject_id})


@cache
def writing(table: Table) -> Insert:
    """Return the statement that writes rows of a table; what it writes is given when it is executed."""
    return insert(table)


@cache
def _one(table: Table) -> Select[Any]:
    return select(table).where(table.c.id == bindparam("its_id"))


@cache
def _holding(table: Table) -> Select[Any]:
    return select(table.c.id).where(table.c.id == bindparam("its_id")).with_for_update()


@cache
def _changing(table: Table) -> Update:
    its = (table.c.id == bindparam("its_id"), table.c.revision == bindparam("its_revision"))
    return update(table).where(*its)
