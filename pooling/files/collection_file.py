"""
A list of collections, or of events, as somebody sends it: CSV, XLSX or JSON, told apart by its bytes.

What cannot be read as a table at all is refused; a line that cannot be read is a line, with its reason.
"""

import json
from collections.abc import Mapping, Sequence

from geodata.refusal import Refusal
from pooling.files.rawline import LineNotFlat, RawLine
from pooling.files.spreadsheet import Spreadsheet, read_spreadsheet
from pooling.files.workbook import SIGNATURE, read_workbook
from pooling.phrases import Phrases, message

COLLECTION_LINES_LIMIT = 1_000
"""Collections in one file."""

COLUMNS_LIMIT = 60
DIGITS_READ_BITS = 1_024
LINES, COLUMNS = Phrases((message("lines"),)), Phrases((message("columns"),))


class ListUnreadable(Refusal):
    code = "list_unreadable"
    reason = "What was sent is no list that can be read."
    cure = "Send a table as CSV or XLSX whose first line names the columns, or a JSON list of objects."


class ListTooLong(Refusal):
    code = "list_too_long"
    reason = "The list has more than {limit} {unit}."
    cure = "Send it in several parts."


class ListEmpty(Refusal):
    code = "list_empty"
    reason = "The list has no line."
    cure = "Write the names of the columns on the first line, and one entry on each line below."


def read_list(raw: bytes) -> Spreadsheet:
    """Read a list of collections from the bytes of a file."""
    if raw.startswith(SIGNATURE):
        return _limited(read_workbook(raw, COLLECTION_LINES_LIMIT))
    if b"\x00" in raw:
        raise ListUnreadable
    text = letters(raw)
    if text.lstrip()[:1] in ("{", "["):
        return read_objects(_parsed(text))
    return _limited(read_spreadsheet(text))


def read_objects(rows: Sequence[object]) -> Spreadsheet:
    """Read a list of JSON objects of words and numbers, one a collection."""
    if len(rows) > COLLECTION_LINES_LIMIT:
        raise ListTooLong(limit=COLLECTION_LINES_LIMIT, unit=LINES)
    lines = tuple(_raw_line(at, row) for at, row in enumerate(rows, start=1))
    header = dict.fromkeys(column for line in lines for column in line.cells)
    return _limited(Spreadsheet(tuple(header), lines))


def letters(raw: bytes) -> str:
    """Read a file of words: UTF-8, or else the letters of Windows."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _parsed(text: str) -> Sequence[object]:
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ListUnreadable from error
    if isinstance(whole, dict):
        whole = whole.get("lines")
    if not isinstance(whole, list):
        raise ListUnreadable
    return whole


def _limited(sheet: Spreadsheet) -> Spreadsheet:
    if not sheet.lines:
        raise ListEmpty
    if len(sheet.lines) > COLLECTION_LINES_LIMIT:
        raise ListTooLong(limit=COLLECTION_LINES_LIMIT, unit=LINES)
    if len(sheet.header) > COLUMNS_LIMIT:
        raise ListTooLong(limit=COLUMNS_LIMIT, unit=COLUMNS)
    return sheet


def _raw_line(number: int, row: object) -> RawLine:
    if not isinstance(row, Mapping):
        return RawLine(number, {}, LineNotFlat())
    if len(row) > COLUMNS_LIMIT:
        return RawLine(number, {}, ListTooLong(limit=COLUMNS_LIMIT, unit=COLUMNS))
    cells = {_word(column).lower(): _word(value) for column, value in row.items()}
    nested = [_word(column).lower() for column, value in row.items() if isinstance(value, list | dict)]
    if nested:
        return RawLine(number, cells, LineNotFlat(), nested[0])
    return RawLine(number, cells)


def _word(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int) and value.bit_length() > DIGITS_READ_BITS:
        return "…"  # no column counts so far, and Python would not write it
    return str(value).encode("utf-8", "backslashreplace").decode("utf-8").strip()
