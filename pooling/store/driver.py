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
Given = Callable[[Mapping[str, Any]], tuple[object, ...]]
"""Gives the values of the question marks, each in the driver's words, out of arguments by their names."""


@dataclass(frozen=True)
class Slot:
    """Hold which argument stands at a question mark: one by its name, or one of a list."""

    name: str
    at: int | None = None


def given(marks: Sequence[tuple[object, Process | None]]) -> Given:
    """
    Return what fills the question marks: each holds a ``Slot`` or a constant, and how it becomes a word.

    It is written out as one expression: to go from mark to mark takes longer than SQLite takes to find a row.
    """
    known: dict[str, object] = {}
    values = []
    for number, (what, process) in enumerate(marks):
        if isinstance(what, Slot):
            value = f"its[{what.name!r}]" + ("" if what.at is None else f"[{what.at}]")
        else:
            known[f"constant_{number}"], value = what, f"constant_{number}"
        if process is not None:
            known[f"process_{number}"], value = process, f"process_{number}({value})"
        values.append(f"{value},")
    made: Given = eval(f"lambda its: ({''.join(values)})", known)  # noqa: S307 - of our own names only
    return made


def write(connection: Connection, statement: Insert | Update, its: Mapping[str, Any]) -> CursorResult[Any]:
    """Write what a statement says of these values."""
    if connection.dialect.name != "sqlite":
        return connection.execute(statement, its)
    words, fill = _written(statement, tuple(its))
    return connection.exec_driver_sql(words, fill(its))


def write_all(connection: Connection, statement: Insert, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write several rows of the same columns."""
    if connection.dialect.name != "sqlite":
        connection.execute(statement, rows)
        return
    words, fill = _written(statement, tuple(rows[0]))
    connection.exec_driver_sql(words, [fill(its) for its in rows])


@cache
def _written(statement: Insert | Update, names: tuple[str, ...]) -> tuple[str, Given]:
    compiled = statement.compile(dialect=SQLITE, column_keys=list(names))
    defaults: dict[str, Any] = {one.key: one.default for one in compiled.insert_prefetch}
    filled = {name: default.arg for name, default in defaults.items() if default.is_scalar}
    state = compiled.construct_expanded_state({**filled, **{name: Slot(name) for name in names}})
    there = state.positiontup or ()
    return state.statement, given([(state.parameters[name], state.processors.get(name)) for name in there])
