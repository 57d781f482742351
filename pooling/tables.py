"""
A day as files: a folder of CSV tables or one JSON file, in and out.

Both hold the same five tables with the same columns. CSV is read as farmers' spreadsheets write it:
commas or semicolons, UTF-8 or Windows letters; a line with a stray quote loses itself, never its
neighbours.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Literal

import pandas as pd

from geodata.refusal import Refusal

FILE_BYTES_LIMIT = 5_000_000
LINES_LIMIT = 20_000
COLUMNS_LIMIT = 60

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "day": ("date", "region", "timezone"),
    "sites": (
        *("site", "party", "role", "name", "lat", "lon", "opens", "closes"),
        *("group", "vetted", "licence", "licence_until"),
    ),
    "trips": (
        *("trip", "owner", "driver", "regime", "vehicle", "detour_min", "site", "from", "until"),
        *("free_ambient", "free_chilled", "free_frozen", "free_kg"),
    ),
    "shipments": (
        *("shipment", "shipper", "payer", "ordered_by", "from_site", "to_site", "temperature", "crates"),
        *("kg", "litres", "ready", "pickup_by", "deliver_from", "deliver_by", "goods_value_eur"),
        *("bid_trip", "bid_eur"),
    ),
    "vehicles": (
        *("tour", "carrier", "driver", "start_site", "end_site", "opens", "closes"),
        *("ambient", "chilled", "frozen", "payload_kg"),
        *("fixed_eur", "per_km_eur", "per_hour_eur", "per_stop_eur"),
        *("crate_eur", "fee_eur", "gap_eur", "gap_account"),
    ),
}
"""The tables of a day and their columns, in the order in which they are written."""


class DayFileUnreadable(Refusal):
    code = "day_file_unreadable"
    reason = "{path} cannot be read as a day: {detail}."
    cure = "Give a JSON file or a folder of CSV tables; the demo writes both for you to edit."


class DayFileTooLarge(Refusal):
    code = "day_file_too_large"
    reason = "{path} has {size} {unit}; at most {limit} are read."
    cure = "Split the day into smaller ones."


class ColumnsMissing(Refusal):
    code = "columns_missing"
    reason = "The table {table} lacks the columns {columns}."
    cure = "Add them to its first line; the demo writes a table to start from."


class TableUnknown(Refusal):
    code = "table_unknown"
    reason = "A day has no table called {table}; it was left unread."
    cure = "Use the tables day, sites, trips, shipments and vehicles."


class ColumnUnknown(Refusal):
    code = "column_unknown"
    reason = "The table {table} has no column {column}; it was left unread."
    cure = "Check its spelling; the docs list the columns."


class LineRagged(Refusal):
    code = "line_ragged"
    reason = "The line has more fields than the table has columns."
    cure = "Write text with the separator in it between double quotes."


@dataclass(frozen=True)
class RawLine:
    """Hold one line of a table as words, with its number as an editor shows it."""

    number: int
    cells: Mapping[str, str]
    ragged: bool = False


@dataclass(frozen=True)
class Tables:
    """Hold the lines of each table, and what of the files was left unread."""

    lines: Mapping[str, tuple[RawLine, ...]]
    unread: tuple[tuple[str, Refusal], ...] = ()


def read_tables(path: Path) -> Tables:
    """
    Read a day from a JSON file or a folder of CSV tables.

    Refuses a path that is neither, or a file that is too large. A table that is missing is empty.
    """
    if path.is_dir():
        return _read_folder(path)
    if not path.is_file():
        raise DayFileUnreadable(path=path, detail="there is no such file or folder")
    return _read_json(path)


def write_tables(rows: Mapping[str, Sequence[Mapping[str, str]]], folder: Path, json_path: Path) -> None:
    """Write a day in both forms, for somebody to edit and run again."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, columns in COLUMNS.items():
        frame = pd.DataFrame(list(rows.get(table, ())), columns=list(columns), dtype=str).fillna("")
        frame = frame.map(_harmless)
        frame.to_csv(folder / f"{table}.csv", index=False, encoding="utf-8")
    whole = {table: [dict(row) for row in rows.get(table, ())] for table in COLUMNS}
    json_path.write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _read_folder(folder: Path) -> Tables:
    lines: dict[str, tuple[RawLine, ...]] = {}
    unread: list[tuple[str, Refusal]] = []
    for path in sorted(folder.glob("*.csv")):
        if path.stem not in COLUMNS:
            unread.append((path.stem, TableUnknown(table=path.stem)))
            continue
        header, lines[path.stem] = _read_csv(path)
        unread += [(path.stem, refusal) for refusal in _columns_refused(path.stem, header)]
    if not lines:
        raise DayFileUnreadable(path=folder, detail="the folder holds none of the tables")
    return Tables(lines, tuple(unread))


def _read_csv(path: Path) -> tuple[list[str], tuple[RawLine, ...]]:
    text = _text(path)
    separator = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    frame = _frame(text, separator, 0)
    if frame is None or frame.map(lambda cell: "\n" in cell).to_numpy().any():
        frame = _frame(text, separator, 3)
    if frame is None or frame.empty:
        raise DayFileUnreadable(path=path, detail="it holds no table")
    if len(frame) > LINES_LIMIT:
        raise DayFileTooLarge(path=path, size=len(frame), unit="lines", limit=LINES_LIMIT)
    header = [name.strip().lower() for name in frame.iloc[0] if name.strip()]
    lines = [
        _raw_line(int(at) + 1, header, [str(cell).strip() for cell in row])
        for at, row in zip(frame.index[1:], frame.iloc[1:].to_numpy().tolist(), strict=True)
        if any(str(cell).strip() for cell in row)
    ]
    return header, tuple(lines)


def _frame(text: str, separator: str, quoting: Literal[0, 3]) -> pd.DataFrame | None:
    """
    Read every field as words, short lines filled up; ``None`` where quotes leave no table.

    ``quoting`` is 0 to honour quotes, 3 to take them as letters (the csv module's numbers).
    """
    try:
        return pd.read_csv(
            StringIO(text),
            sep=separator,
            header=None,
            names=range(COLUMNS_LIMIT),
            dtype=str,
            keep_default_na=False,
            skip_blank_lines=False,
            quoting=quoting,
            index_col=False,
        ).fillna("")
    except (pd.errors.ParserError, pd.errors.EmptyDataError):
        return None


def _raw_line(number: int, header: Sequence[str], cells: Sequence[str]) -> RawLine:
    ragged = any(cells[len(header) :])
    return RawLine(number, dict(zip(header, map(_as_meant, cells), strict=False)), ragged)


def _harmless(cell: str) -> str:
    """Keep a spreadsheet from running a cell as a formula: a quote before = + - @, except for numbers."""
    is_number = cell.replace(".", "", 1).lstrip("-").isdigit()
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@")) and not is_number else cell


def _as_meant(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@") else cell


def _text(path: Path) -> str:
    size = path.stat().st_size
    if size > FILE_BYTES_LIMIT:
        raise DayFileTooLarge(path=path, size=size, unit="bytes", limit=FILE_BYTES_LIMIT)
    raw = path.read_bytes()
    if b"\x00" in raw:
        raise DayFileUnreadable(path=path, detail="it is no text")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _read_json(path: Path) -> Tables:
    try:
        whole = json.loads(_text(path))
    except (json.JSONDecodeError, RecursionError) as error:
        raise DayFileUnreadable(path=path, detail=f"it is no JSON ({error})") from error
    if not isinstance(whole, dict):
        raise DayFileUnreadable(path=path, detail="it is not an object with tables")
    lines: dict[str, tuple[RawLine, ...]] = {}
    unread: list[tuple[str, Refusal]] = []
    for table, rows in whole.items():
        if table not in COLUMNS:
            unread.append((table, TableUnknown(table=table)))
            continue
        rows = [rows] if isinstance(rows, dict) else rows
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise DayFileUnreadable(path=path, detail=f"{table} is not a list of lines")
        if len(rows) > LINES_LIMIT:
            raise DayFileTooLarge(path=path, size=len(rows), unit="lines", limit=LINES_LIMIT)
        lines[table] = tuple(
            RawLine(at, {str(k).strip().lower(): _word(v) for k, v in row.items()})
            for at, row in enumerate(rows, start=1)
        )
        header = {column for line in lines[table] for column in line.cells}
        unread += [(table, refusal) for refusal in _columns_refused(table, sorted(header))]
    return Tables(lines, tuple(unread))


def _columns_refused(table: str, header: Sequence[str]) -> list[Refusal]:
    return [ColumnUnknown(table=table, column=name) for name in header if name not in COLUMNS[table]]


def _word(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value).strip()
