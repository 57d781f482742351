"""
One CSV table as farmers' spreadsheets write it: commas, semicolons or tabs, quotes, blank lines.

Every line is read by itself, so that a stray quote loses its own line and never a neighbour.
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass

from pooling.files.rawline import LineRagged, QuoteStray, RawLine

SEPARATORS = ",;\t"
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
FORMULA = re.compile(r"['\s]*[=+\-@＝＋－＠]|'*[\t\r\n]")
"""What a spreadsheet might run, whatever blanks stand before it, and what ``harmless`` made of it."""


@dataclass(frozen=True)
class Spreadsheet:
    """Hold the names of the columns, empty where a column has none, and the lines that hold anything."""

    header: tuple[str, ...]
    lines: tuple[RawLine, ...]


def read_spreadsheet(text: str) -> Spreadsheet:
    """Read a table; its first line that holds anything names the columns."""
    physical = enumerate(re.split(r"\r\n|\n|\r", text), start=1)
    rows = [(at, row) for at, row in physical if row.strip(' ,;\t"')]
    if not rows:
        return Spreadsheet((), ())
    first = rows[0][1]
    separator = max(SEPARATORS, key=first.count)
    header = tuple(name.lower() for name in _fields(first, separator) or _guessed(first, separator))
    return Spreadsheet(header, tuple(_raw_line(at, row, separator, header) for at, row in rows[1:]))


def harmless(cell: str) -> str:
    """Keep a spreadsheet from running a cell as a formula: a quote before = + - @, except for numbers."""
    return f"'{cell}" if FORMULA.match(cell) and not NUMBER.fullmatch(cell) else cell


def as_meant(cell: str) -> str:
    """Take away the quote that ``harmless`` put."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


def _raw_line(number: int, row: str, separator: str, header: Sequence[str]) -> RawLine:
    fields = _fields(row, separator)
    if fields is None:
        return RawLine(number, _by_column(header, _guessed(row, separator)), QuoteStray())
    surplus = any(fields[len(header) :]) or any(
        cell for name, cell in zip(header, fields, strict=False) if not name
    )
    return RawLine(number, _by_column(header, fields), LineRagged() if surplus else None)


def _by_column(header: Sequence[str], fields: Sequence[str]) -> dict[str, str]:
    """Give each field its column; of a column that stands twice the first counts."""
    cells: dict[str, str] = {}
    for name, field in zip(header, fields, strict=False):
        if name:
            cells.setdefault(name, as_meant(field))
    return cells


def _fields(row: str, separator: str) -> list[str] | None:
    """Split a line by its separator, quotes honoured; ``None`` where the quotes make no sense."""
    if '"' not in row:
        return [field.strip() for field in row.split(separator)]
    if row.count('"') % 2:
        return None
    try:
        found = next(csv.reader([row], delimiter=separator, skipinitialspace=True, strict=True))
    except csv.Error:
        return None
    return [field.strip() for field in found]


def _guessed(row: str, separator: str) -> list[str]:
    return [field.strip(' "') for field in row.split(separator)]
