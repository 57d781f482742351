"""A month's statement and bill as files, as either door gives them: PDF for people, CSV for spreadsheets."""

from collections.abc import Sequence
from datetime import date

from starlette.responses import Response

from api.collecting_files import bill_file
from api.csv_file import attached, csv_file, euro
from api.papers.account_paper import Head, bill_pdf, statement_pdf
from api.papers.words import Words
from api.routes.ledger import StatementTooLong, month_bill
from pooling.store import View
from pooling.store.months import Month, MonthLine, month_end, month_of
from pooling.store.parties import find_party
from pooling.store.statements import LINES_LIMIT

PDF_TYPE = "application/pdf"
STATEMENT_COLUMNS = ("state", "day", "with", "about", "why", "from", "to", "crates", "euro", "transfer")


def month_statement(view: View, party_id: str, first: date, timezone: str) -> Month:
    """Return a party's month that begins on a day; refuses one that is too long."""
    found = month_of(view, party_id, first, month_end(first), timezone)
    if found.more:
        raise StatementTooLong(limit=LINES_LIMIT)
    return found


def statement_as_csv(view: View, party_id: str, first: date, timezone: str) -> Response:
    """Write a month line by line: opening, what was posted, closing, then what is pending and the nets."""
    month = month_statement(view, party_id, first, timezone)
    blank = ("",) * 6
    rows: list[Sequence[object]] = [
        ("opening", first, *blank, euro(month.opening_cents), ""),
        *(_row("posted", line) for line in month.lines),
        ("closing", month_end(first), *blank, euro(month.closing_cents), ""),
        *(_row("pending", line) for line in month.pending),
        *(("net", month_end(first), name, *blank[1:], euro(cents), "") for name, cents in month.nets_cents),
    ]
    return attached(csv_file(STATEMENT_COLUMNS, rows), f"statement-{first:%Y-%m}.csv")


def statement_as_pdf(view: View, party_id: str, first: date, timezone: str, words: Words) -> Response:
    month = month_statement(view, party_id, first, timezone)
    return _pdf(statement_pdf(month, _head(view, party_id, first), words), f"statement-{first:%Y-%m}.pdf")


def bill_as_csv(view: View, party_id: str, first: date, timezone: str) -> Response:
    return attached(bill_file(month_bill(view, party_id, first, timezone)), f"carriage-{first:%Y-%m}.csv")


def bill_as_pdf(view: View, party_id: str, first: date, timezone: str, words: Words) -> Response:
    bill = month_bill(view, party_id, first, timezone)
    return _pdf(bill_pdf(bill, _head(view, party_id, first), words), f"carriage-{first:%Y-%m}.pdf")


def _head(view: View, party_id: str, first: date) -> Head:
    row = find_party(view, party_id)
    return Head(row.name, row.address, first, month_end(first))


def _row(state: str, line: MonthLine) -> Sequence[object]:
    way = line.carried
    about = line.other, line.about_kind, line.why
    ends = (way.from_site, way.to_site, way.crates) if way else ("", "", "")
    return (state, line.day, *about, *ends, euro(line.cents), line.transfer_id)


def _pdf(pdf: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-cache"}
    return Response(pdf, media_type=PDF_TYPE, headers=headers)
