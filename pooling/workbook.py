"""
The first sheet of an XLSX workbook as lines of words, read by pandas and calamine.

A cell of the workbook has a type; what is read from it is the word that a person would have typed: whole
numbers without a point, days and hours as a table of text has them.
"""

from datetime import date, datetime, time, timedelta
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from geodata.refusal import Refusal
from pooling.rawline import LineRagged, RawLine
from pooling.spreadsheet import Spreadsheet, as_meant

UNPACKED_BYTES_LIMIT = 20_000_000
"""A workbook is a ZIP: what it unpacks to is asked before anything is unpacked."""

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
    _must_be_small(raw)
    import pandas as pd  # only who reads a workbook waits for it

    try:
        frame = pd.read_excel(
            BytesIO(raw), header=None, dtype=object, engine="calamine", nrows=lines_limit + 2
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


def _must_be_small(raw: bytes) -> None:
    try:
        with ZipFile(BytesIO(raw)) as packed:
            unpacked = sum(one.file_size for one in packed.infolist())
    except BadZipFile as error:
        raise WorkbookUnreadable from error
    if unpacked > UNPACKED_BYTES_LIMIT:
        raise WorkbookUnreadable


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
