"""
A day as files: a folder of CSV tables or one JSON file, in and out.

Both hold the same five tables with the same columns, in UTF-8 or in the letters of Windows. A table
that cannot be told from another, or is too large, refuses the day; a line that cannot be read, itself.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from geodata.refusal import Refusal
from pooling.files.rawline import ColumnTwice, LineNotFlat, RawLine
from pooling.files.spreadsheet import harmless, read_spreadsheet

FILE_BYTES_LIMIT = 5_000_000
LINES_LIMIT = 20_000
COLUMNS_LIMIT = 60

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "day": ("date", "region", "timezone"),
    "sites": (
        *("site", "party", "role", "name", "lat", "lon", "opens", "closes", "week"),
        *("group", "vetted", "licence", "licence_until"),
        *("address", "contact", "phone", "access"),
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
        *("crate_eur", "fee_eur", "gap_eur", "gap_account", "sharing_rule"),
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


class TableUnknown(Refusal):
    code = "table_unknown"
    reason = "A day has no table called {table}; it was left unread."
    cure = "Use the tables day, sites, trips, shipments and vehicles."


class ColumnUnknown(Refusal):
    code = "column_unknown"
    reason = "The table {table} has no column {column}; it was left unread."
    cure = "Check its spelling; the docs list the columns."


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
    import pandas as pd  # only who writes tables waits for it

    folder.mkdir(parents=True, exist_ok=True)
    for table, columns in COLUMNS.items():
        frame = pd.DataFrame(list(rows.get(table, ())), columns=list(columns), dtype=str).fillna("")
        frame = frame.map(harmless)
        frame.to_csv(folder / f"{table}.csv", index=False, encoding="utf-8")
    whole = {table: [dict(row) for row in rows.get(table, ())] for table in COLUMNS}
    json_path.write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _read_folder(folder: Path) -> Tables:
    lines: dict[str, tuple[RawLine, ...]] = {}
    unread: list[tuple[str, Refusal]] = []
    for path in sorted(one for one in folder.iterdir() if one.suffix.lower() == ".csv"):
        table = path.stem.lower()
        if table not in COLUMNS:
            unread.append((path.stem, TableUnknown(table=path.stem)))
            continue
        if table in lines:
            raise DayFileUnreadable(path=path, detail=f"the table {table} stands twice")
        sheet = read_spreadsheet(_text(path))
        _refuse_beyond(path, len(sheet.header), "columns", COLUMNS_LIMIT)
        _refuse_beyond(path, len(sheet.lines), "lines", LINES_LIMIT)
        lines[table] = sheet.lines
        unread += [(table, refusal) for refusal in _columns_refused(table, sheet.header)]
    if not lines:
        raise DayFileUnreadable(path=folder, detail="the folder holds none of the tables")
    return Tables(lines, tuple(unread))


def _text(path: Path) -> str:
    """Read a file of words: UTF-8, or else the letters of Windows."""
    try:
        _refuse_beyond(path, path.stat().st_size, "bytes", FILE_BYTES_LIMIT)
        raw = path.read_bytes()
    except OSError as error:
        raise DayFileUnreadable(path=path, detail=f"it does not open ({error.strerror})") from error
    if b"\x00" in raw:
        raise DayFileUnreadable(path=path, detail="it is no text")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


class _Object(dict[str, object]):
    """Keep a JSON object together with the first of its names that stands twice."""

    def __init__(self, pairs: Sequence[tuple[str, object]]) -> None:
        named = [(_readable(name).lower(), value) for name, value in pairs]
        super().__init__(named)
        names = [name for name, _ in named]
        self.twice = next((name for at, name in enumerate(names) if name in names[:at]), None)


def _read_json(path: Path) -> Tables:
    try:
        whole = json.loads(_text(path), object_pairs_hook=_Object)
    except (ValueError, RecursionError) as error:
        raise DayFileUnreadable(path=path, detail=f"it is no JSON ({error})") from error
    if not isinstance(whole, _Object):
        raise DayFileUnreadable(path=path, detail="it is not an object with tables")
    if whole.twice is not None:
        raise DayFileUnreadable(path=path, detail=f"the table {whole.twice} stands twice")
    lines: dict[str, tuple[RawLine, ...]] = {}
    unread: list[tuple[str, Refusal]] = []
    for table, rows in whole.items():
        if table not in COLUMNS:
            unread.append((table, TableUnknown(table=table)))
            continue
        rows = [rows] if isinstance(rows, _Object) else rows
        if not isinstance(rows, list):
            raise DayFileUnreadable(path=path, detail=f"{table} is not a list of lines")
        _refuse_beyond(path, len(rows), "lines", LINES_LIMIT)
        lines[table] = tuple(_raw_line(at, row) for at, row in enumerate(rows, start=1))
        header = {column for line in lines[table] for column in line.cells}
        unread += [(table, refusal) for refusal in _columns_refused(table, sorted(header))]
    return Tables(lines, tuple(unread))


def _raw_line(number: int, row: object) -> RawLine:
    if not isinstance(row, _Object):
        return RawLine(number, {}, LineNotFlat())
    cells = {column: _word(value) for column, value in row.items()}
    if row.twice is not None:
        return RawLine(number, cells, ColumnTwice(column=row.twice))
    flat = not any(isinstance(value, list | dict) for value in row.values())
    return RawLine(number, cells, None if flat else LineNotFlat())


def _columns_refused(table: str, header: Sequence[str]) -> list[Refusal]:
    names = [name for name in header if name]
    unknown = [ColumnUnknown(table=table, column=name) for name in names if name not in COLUMNS[table]]
    twice = [ColumnTwice(column=name) for at, name in enumerate(names) if name in names[:at]]
    return [*unknown, *twice]


def _refuse_beyond(path: Path, size: int, unit: str, limit: int) -> None:
    if size > limit:
        raise DayFileTooLarge(path=path, size=size, unit=unit, limit=limit)


def _word(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _readable(str(value))


def _readable(text: str) -> str:
    """Strip a word; halves of letters, which JSON lets through, are spelt out."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8").strip()
