"""
The first sheet of an XLSX workbook as lines of words, read by pandas and calamine.

A cell of the workbook has a type; what is read from it is the word that a person would have typed: whole
numbers without a point, days and hours as a table of text has them.
"""

import zlib
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from io import BytesIO
from xml.parsers.expat import ExpatError, ParserCreate
from zipfile import BadZipFile, ZipFile

from geodata.refusal import Refusal
from pooling.files.rawline import LineRagged, RawLine
from pooling.files.spreadsheet import Spreadsheet, as_meant

UNPACKED_BYTES_LIMIT = 20_000_000
"""A workbook is a ZIP: what it unpacks to is asked before anything is unpacked."""

CELLS_LIMIT = 2_000_000
"""Rows by columns, up to the last cell that holds anything: a reader lays all of them out, empty ones too."""

PARTS = (".xml", ".rels")
OTHER_KINDS = frozenset({"content.xml"})
"""Of which a reader that fails makes a table of another kind."""

SIGNATURE = b"PK\x03\x04"


class WorkbookUnreadable(Refusal):
    code = "workbook_unreadable"
    reason = "The workbook cannot be read: it is damaged, locked or larger than it says."
    cure = "Save it anew as XLSX without a password, or as CSV."


class WorkbooksUnknown(Refusal):
    code = "workbooks_unknown"
    reason = "This house cannot read XLSX: the library python-calamine is not installed."
    cure = "Save the sheet as CSV, or ask whoever runs the house to install it."


def read_workbook(raw: bytes, lines_limit: int) -> Spreadsheet:
    """
    Read the first sheet; its first line that holds anything names the columns.

    At most one line more than the limit is read, so that the caller sees that there are too many.
    """
    plain = _repacked(raw)
    import pandas as pd  # only who reads a workbook waits for it

    try:
        frame = pd.read_excel(
            BytesIO(plain), header=None, dtype=object, engine="calamine", nrows=lines_limit + 2
        )
    except ImportError as error:
        raise WorkbooksUnknown from error
    except Exception as error:  # calamine raises kinds of its own, which only its installation names
        raise WorkbookUnreadable from error
    rows = [
        (at, [_word(cell) for cell in row])
        for at, row in enumerate(frame.itertuples(index=False, name=None), start=1)
    ]
    filled = [(at, row) for at, row in rows if any(row)]
    if not filled:
        return Spreadsheet((), ())
    header = tuple(name.lower() for name in filled[0][1])
    return Spreadsheet(header, tuple(_raw_line(at, row, header) for at, row in filled[1:]))


def _repacked(raw: bytes) -> bytes:
    """
    Return a workbook with nothing in it but parts that were looked at; refuses one that is too large.

    A file of a thousand bytes may claim a cell in the last column of the last row.
    """
    plain = BytesIO()
    try:
        with ZipFile(BytesIO(raw)) as packed, ZipFile(plain, "w") as kept:
            if sum(one.file_size for one in packed.infolist()) > UNPACKED_BYTES_LIMIT:
                raise WorkbookUnreadable
            for one in packed.infolist():
                if one.filename.endswith(PARTS) and one.filename not in OTHER_KINDS:
                    part = packed.read(one)
                    _must_be_laid_out(part)
                    kept.writestr(one.filename, part)
    except (BadZipFile, ExpatError, OSError, EOFError, ValueError, RuntimeError, zlib.error) as error:
        raise WorkbookUnreadable from error
    return plain.getvalue()


def _must_be_laid_out(part: bytes) -> None:
    """Refuse a sheet whose cells lie too far apart."""
    seen = _Extent()
    parser = ParserCreate()
    parser.StartElementHandler = seen.opened
    parser.ParseFile(BytesIO(part))
    if (seen.last_row + 1) * (seen.last_column + 1) > CELLS_LIMIT:
        raise WorkbookUnreadable


class _Extent:
    """Follow the rows and cells of a sheet; cells that hold nothing are only styled, and do not count."""

    def __init__(self) -> None:
        self.row = self.column = -1
        self.last_row = self.last_column = 0

    def opened(self, name: str, attributes: Mapping[str, str]) -> None:
        kind, place = name.rpartition(":")[2], attributes.get("r", "")
        if kind == "row":
            self.row, self.column = (int(place) - 1 if place else self.row + 1), -1
        elif kind == "c":
            letters = place.rstrip("0123456789")
            self.row = int(place[len(letters) :]) - 1 if letters else self.row
            self.column = _column_of(letters) if letters else self.column + 1
        elif kind in ("v", "is", "f"):
            self.last_row = max(self.last_row, self.row)
            self.last_column = max(self.last_column, self.column)


def _column_of(letters: str) -> int:
    """Return the place of a column by its letters: A is 0, AA 26."""
    place = 0
    for letter in letters.upper():
        place = 26 * place + ord(letter) - ord("A") + 1
    return place - 1


def _raw_line(number: int, row: list[str], header: tuple[str, ...]) -> RawLine:
    cells: dict[str, str] = {}
    for name, cell in zip(header, row, strict=False):
        if name:
            cells.setdefault(name, as_meant(cell))
    nameless = any(cell for name, cell in zip(header, row, strict=False) if not name)
    return RawLine(number, cells, LineRagged() if nameless else None)


def _word(cell: object) -> str:
    """Return a cell as somebody would have typed it."""
    if cell is None or cell != cell:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else f"{cell:.10g}"
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d") if cell.time() == time() else cell.strftime("%H:%M")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return cell.strftime("%H:%M")
    if isinstance(cell, timedelta):
        minutes = round(cell.total_seconds() / 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    return str(cell).strip()
