"""
Statements in the words of SQLite's driver, compiled once: SQLAlchemy takes longer to carry a row than SQLite.

What is written still goes through SQLAlchemy's connection, which says the driver's errors in its own words;
on PostgreSQL all of it does. Only statements that are built once may be written by: each is kept for good,
once for each set of names that it was given.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, CursorResult, Insert, Update
from sqlalchemy.dialects import sqlite

SQLITE = sqlite.dialect()

Process = Callable[[Any], Any]
Arguments = tuple[tuple[object, Process | None], ...]
"""What stands at each question mark, and how it is put into the driver's words."""


@dataclass(frozen=True)
class Slot:
    """Hold which argument stands at a question mark: one by its name, or one of a list."""

    name: str
    at: int | None = None

    def of(self, its: Mapping[str, Any]) -> object:
        return its[self.name] if self.at is None else its[self.name][self.at]


def given(arguments: Arguments, its: Mapping[str, Any]) -> tuple[object, ...]:
    """Return the values of the question marks, each in the driver's words."""
    values = (one.of(its) if isinstance(one, Slot) else one for one, _ in arguments)
    pairs = zip(values, arguments, strict=True)
    return tuple(value if process is None else process(value) for value, (_, process) in pairs)


def write(connection: Connection, statement: Insert | Update, its: Mapping[str, Any]) -> CursorResult[Any]:
    """Write what a statement says of these values."""
    if connection.dialect.name != "sqlite":
        return connection.execute(statement, its)
    words, arguments = _written(statement, tuple(its))
    return connection.exec_driver_sql(words, given(arguments, its))


def write_all(connection: Connection, statement: Insert, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write several rows of the same columns."""
    if connection.dialect.name != "sqlite":
        connection.execute(statement, rows)
        return
    words, arguments = _written(statement, tuple(rows[0]))
    connection.exec_driver_sql(words, [given(arguments, its) for its in rows])


@cache
def _written(statement: Insert | Update, names: tuple[str, ...]) -> tuple[str, Arguments]:
    compiled = statement.compile(dialect=SQLITE, column_keys=list(names))
    defaults: dict[str, Any] = {one.key: one.default for one in compiled.insert_prefetch}
    filled = {name: default.arg for name, default in defaults.items() if default.is_scalar}
    state = compiled.construct_expanded_state({**filled, **{name: Slot(name) for name in names}})
    there = state.positiontup or ()
    return state.statement, tuple((state.parameters[name], state.processors.get(name)) for name in there)
