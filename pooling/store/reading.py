"""
Read rows by statements that are kept: on SQLite straight from its driver.

SQLAlchemy takes several times as long to carry a row as SQLite to find it, and a bid makes some thirty
readings. So each statement is compiled once, for each length of its lists; its rows have the names and the
values that SQLAlchemy would give them. Only statements that are built once may be read by: each is kept for
good.
"""

from collections import namedtuple
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from sqlalchemy import CompoundSelect, Row, Select

from pooling.store.driver import SQLITE, Given, Process, Slot, given
from pooling.store.transaction import Tx, View

LIST_LIMIT = 64
"""Longer lists are read by SQLAlchemy: a statement is kept for each length."""

EACH_LENGTH = 16
"""Up to so many there is a statement for each length; longer lists are filled up to the next multiple."""

Query = Select[Any] | CompoundSelect[Any]

_NAMED: Any = namedtuple
_NOTES = "read since a commit"


@dataclass(frozen=True)
class _Compiled:
    """Hold a statement as the driver takes it: its words, what fills them, and what makes a row of values."""

    words: str
    fill: Given
    made: Callable[[Sequence[object]], Any]
    processes: tuple[tuple[int, Process], ...]

    def rows(self, found: list[Any]) -> list[Row[Any]]:
        if self.processes:
            return [self._row(list(one)) for one in found]
        return list(map(self.made, found))

    def _row(self, values: list[object]) -> Row[Any]:
        for at, process in self.processes:
            values[at] = process(values[at])
        return cast("Row[Any]", self.made(values))


def read_rows(view: View, query: Query, its: Mapping[str, Any]) -> list[Row[Any]]:
    """Return the rows that a statement finds; lists among its arguments are those of ``IN``."""
    sizes = tuple([len(value) if isinstance(value, list) else None for value in its.values()])
    longest = max([size or 0 for size in sizes], default=0)
    connection = view.connection
    if connection.dialect.name != "sqlite" or longest > LIST_LIMIT:
        return list(connection.execute(query, its))
    if longest > EACH_LENGTH:
        its = {name: _filled_up(value) for name, value in its.items()}
        sizes = tuple([len(value) if isinstance(value, list) else None for value in its.values()])
    compiled = _compiled(query, tuple(its), sizes)
    driver: Any = connection.connection.driver_connection
    return compiled.rows(driver.execute(compiled.words, compiled.fill(its)).fetchall())


def read_again(view: View, query: Query, its: Mapping[str, Hashable]) -> list[Row[Any]]:
    """
    Return the same for one value each, read once until anybody commits: for sums over many rows, asked often.

    SQLite tells a connection whether another one has committed; on PostgreSQL, and within a change, each is
    read.
    """
    notes = _since_a_commit(view)
    if notes is None:
        return read_rows(view, query, its)
    question = (query, *its.values())
    if question not in notes:
        notes[question] = read_rows(view, query, its)
    return notes[question]


def _since_a_commit(view: View) -> dict[tuple[Hashable, ...], list[Row[Any]]] | None:
    """Return what was read on a connection since anything was written, where that is known."""
    connection = view.connection
    if connection.dialect.name != "sqlite" or isinstance(view, Tx):
        return None
    driver: Any = connection.connection.driver_connection
    (version,) = driver.execute("PRAGMA data_version").fetchone()
    if connection.info.get(_NOTES, (None,))[0] != version:
        connection.info[_NOTES] = (version, {})
    notes: dict[tuple[Hashable, ...], list[Row[Any]]] = connection.info[_NOTES][1]
    return notes


def _filled_up(value: object) -> object:
    """Repeat the last of a long list: what is asked for twice is found once."""
    if not isinstance(value, list) or len(value) <= EACH_LENGTH:
        return value
    return value + [value[-1]] * (-len(value) % EACH_LENGTH)


def read_row(view: View, query: Query, its: Mapping[str, Any]) -> Row[Any] | None:
    """Return the one row that a statement finds, or ``None``."""
    rows = read_rows(view, query, its)
    return rows[0] if rows else None


@cache
def _compiled(query: Query, names: tuple[str, ...], sizes: tuple[int | None, ...]) -> _Compiled:
    slots: dict[str, object] = {
        name: Slot(name) if size is None else [Slot(name, at) for at in range(size)]
        for name, size in zip(names, sizes, strict=True)
    }
    state = query.compile(dialect=SQLITE).construct_expanded_state(slots)
    names_there = state.positiontup or ()
    fill = given([(state.parameters[name], state.processors.get(name)) for name in names_there])
    columns = list(query.selected_columns)
    reading = [one.type.dialect_impl(SQLITE).result_processor(SQLITE, None) for one in columns]
    return _Compiled(
        words=state.statement,
        fill=fill,
        made=_NAMED("Row", [str(one.key) for one in columns], rename=True)._make,
        processes=tuple((at, process) for at, process in enumerate(reading) if process),
    )
