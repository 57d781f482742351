"""A month's statement and bill as files, as either door gives them: PDF for people, CSV for spreadsheets."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from starlette.responses import Response

from api.files.collecting_files import bill_file
from api.files.csv_file import attached, csv_file, euro
from api.files.invoicing import invoice_of, must_be_whole
from api.files.monthly import month_bill, month_statement
from api.files.sepa_file import credit_transfer, ready
from api.papers.account_paper import ABOUT, Head, bill_pdf, statement_pdf, why_of
from api.papers.invoice_paper import factur_x
from api.papers.words import Words, message
from pooling.desk.people.legal import firm_of
from pooling.ledger.payout import PayDayPast
from pooling.store import View
from pooling.store.months import MonthLine, month_end
from pooling.store.parties import find_party
from pooling.store.payouts import payouts_of

PDF_TYPE, XML_TYPE = "application/pdf", "application/xml"
STATEMENT_COLUMNS = (
    *(message("state"), message("day"), message("with"), message("about"), message("why"), message("from")),
    *(message("to"), message("crates"), message("euro"), message("transfer")),
)
STATES = {
    "opening": message("opening"),
    "posted": message("posted"),
    "closing": message("closing"),
    "pending": message("pending"),
    "net": message("net"),
}


def statement_as_csv(view: View, party_id: str, first: date, timezone: str, words: Words) -> Response:
    """
    Write a month line by line: opening, what was posted, closing, then what is pending and the nets.

    In the language of its reader; a spreadsheet reads the same days and amounts in each.
    """
    month = month_statement(view, party_id, first, timezone)
    blank = ("",) * 6
    rows: list[Sequence[object]] = [
        (words.say(STATES["opening"]), first, *blank, euro(month.opening_cents), ""),
        *(_row("posted", line, words) for line in month.lines),
        (words.say(STATES["closing"]), month_end(first), *blank, euro(month.closing_cents), ""),
        *(_row("pending", line, words) for line in month.pending),
        *(
            (words.say(STATES["net"]), month_end(first), name, *blank[1:], euro(cents), "")
            for name, cents in month.nets_cents
        ),
    ]
    return attached(
        csv_file([words.say(one) for one in STATEMENT_COLUMNS], rows), f"statement-{first:%Y-%m}.csv"
    )


def statement_as_pdf(view: View, party_id: str, first: date, timezone: str, words: Words) -> Response:
    month = month_statement(view, party_id, first, timezone)
    return _pdf(statement_pdf(month, _head(view, party_id, first), words), f"statement-{first:%Y-%m}.pdf")


def bill_as_csv(view: View, party_id: str, first: date, timezone: str) -> Response:
    return attached(bill_file(month_bill(view, party_id, first, timezone)), f"carriage-{first:%Y-%m}.csv")


def bill_as_pdf(view: View, party_id: str, first: date, timezone: str, words: Words) -> Response:
    bill = month_bill(view, party_id, first, timezone)
    return _pdf(bill_pdf(bill, _head(view, party_id, first), words), f"carriage-{first:%Y-%m}.pdf")


def invoice_file(
    view: View, seller_id: str, buyer_id: str, first: date, number: str, words: Words, timezone: str
) -> Response:
    """Prepare the invoice of a month as a Factur-X file."""
    found = invoice_of(view, seller_id, buyer_id, first, number, words, timezone)
    return _saved(factur_x(found, words), PDF_TYPE, f"invoice-{first:%Y-%m}.pdf")


def payments_file(
    view: View, payer_id: str, first: date, on: date, timezone: str, *, leave_out: bool
) -> Response:
    """Write what a party is to pay for a month as a file for its bank; refuses a day that is over."""
    if on < datetime.fromtimestamp(view.now_at, UTC).astimezone(ZoneInfo(timezone)).date():
        raise PayDayPast(day=on)
    good = ready(payouts_of(view, payer_id, first, timezone), first, leave_out=leave_out)
    payer = must_be_whole(firm_of(view, find_party(view, payer_id)), ("iban",))
    written = credit_transfer(payer_id, payer, good, first, on, view.now_at)
    return _saved(written, XML_TYPE, f"payments-{first:%Y-%m}.xml")


def _saved(content: bytes, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(content, media_type=media_type, headers=headers)


def _head(view: View, party_id: str, first: date) -> Head:
    row = find_party(view, party_id)
    return Head(row.name, row.address, first, month_end(first))


def _row(state: str, line: MonthLine, words: Words) -> Sequence[object]:
    way = line.carried
    about = line.other, words.say(ABOUT.get(line.about_kind, line.about_kind)), why_of(line.why, words)
    ends = (way.from_site, way.to_site, way.crates or "") if way else ("", "", "")
    return (words.say(STATES[state]), line.day, *about, *ends, euro(line.cents), line.transfer_id)


def _pdf(pdf: bytes, name: str) -> Response:
    headers = {"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "private, no-cache"}
    return Response(pdf, media_type=PDF_TYPE, headers=headers)
