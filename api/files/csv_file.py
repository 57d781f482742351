"""Tables that people open in a spreadsheet: CSV in UTF-8, in which no cell can be run as a formula."""

import csv
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from io import StringIO
from zoneinfo import ZoneInfo

from starlette.responses import Response

from pooling.files.spreadsheet import harmless

CSV_TYPE = "text/csv"


def csv_file(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write a table; what is none is empty, and words that a spreadsheet would run are made harmless."""
    text = StringIO()
    table = csv.writer(text, lineterminator="\r\n")
    table.writerow(header)
    for row in rows:
        table.writerow([harmless("" if cell is None else str(cell)) for cell in row])
    return text.getvalue()


def attached(text: str, name: str) -> Response:
    """Answer with a table that a browser keeps under a name."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type=CSV_TYPE, headers=headers)


def euro(cents: int) -> str:
    """Write whole cents as euro with a point, for programs: ``-12.05``."""
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def wall(at: int | None, timezone: str) -> str:
    """Write a moment as the clock on the wall showed it, with its offset."""
    if at is None:
        return ""
    return datetime.fromtimestamp(at, UTC).astimezone(ZoneInfo(timezone)).isoformat(timespec="minutes")
