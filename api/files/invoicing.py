"""What a seller invoices a buyer for a month: the lines of the buyer's bill that are owed to that seller."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from api.files.monthly import month_bill
from api.papers.account_paper import remark_of
from api.papers.words import Words
from pooling.desk.people.legal import firm_of
from pooling.ledger.invoice import (
    VAT_RATES,
    Firm,
    Invoice,
    LegalDataMissing,
    Line,
    NothingToInvoice,
    Terms,
    missing_of,
)
from pooling.phrases import Phrases, message
from pooling.runs.custody import signed
from pooling.store import View
from pooling.store.bills import BillLine
from pooling.store.custody import as_change, chain_of
from pooling.store.legal import legal_of
from pooling.store.months import month_end
from pooling.store.parties import find_party

NAMES = {
    "siren": message("SIREN"),
    "street": message("street"),
    "postcode": message("postcode"),
    "town": message("town"),
    "vat_number": message("VAT number, or the word that it is exempt"),
    "iban": message("IBAN"),
}
SELLER = ("siren", "street", "postcode", "town")
BUYER = ("street", "postcode", "town")


def invoice_of(
    view: View, seller_id: str, buyer_id: str, first: date, number: str, words: Words, timezone: str
) -> Invoice:
    """
    Make the invoice of a month, or of the month so far; refuses where the law asks for more.

    It is issued today and due by its seller's terms. Nothing is dated ahead: in the middle of a month it says
    so much as was owed until today.
    """
    seller, buyer = (find_party(view, one) for one in (seller_id, buyer_id))
    bill = month_bill(view, buyer_id, first, timezone)
    known = legal_of(view, seller_id)
    lines = tuple(
        Line(_name(view, one, words), one.cents, _vat_of(known, one))
        for one in bill.lines
        if one.owed_to_id == seller_id
    )
    if not lines:
        raise NothingToInvoice(buyer=buyer.name, seller=seller.name)
    today = datetime.fromtimestamp(view.now_at, UTC).astimezone(ZoneInfo(timezone)).date()
    exempt = known is not None and known.vat_exempt
    sells = must_be_whole(firm_of(view, seller), SELLER if exempt else (*SELLER, "vat_number"))
    buys = must_be_whole(firm_of(view, buyer), BUYER)
    terms = Terms(known.payment_days, known.late_percent) if known is not None else Terms()
    return Invoice(number, today, first, min(month_end(first), today), sells, buys, lines, terms)


def _vat_of(known: Row[Any] | None, line: BillLine) -> int:
    """Return the rate of a line: none where its seller is exempt, else what it says for such a ride."""
    if known is None:
        return VAT_RATES[0]
    if known.vat_exempt:
        return 0
    return int(known.shared_vat_permille if line.shares_costs else known.vat_permille)


def must_be_whole(firm: Firm, needed: tuple[str, ...]) -> Firm:
    """Refuse a firm of which something is not known that a file must say."""
    missing = missing_of(firm, needed)
    if missing:
        raise LegalDataMissing(party=firm.name, missing=Phrases([NAMES[one] for one in missing]))
    return firm


def _name(view: View, line: BillLine, words: Words) -> str:
    """Say a line: the day, the way, the crates that were signed for, or what it puts right and why."""
    counted = remark_of(line, words) or _signed(view, line.shipment_id, words)
    way = f"{line.from_site} → {line.to_site}"
    return " · ".join(filter(None, (f"{line.day:%d/%m/%Y}", way, counted, line.reference)))


def _signed(view: View, shipment_id: str, words: Words) -> str:
    """Count the crates that their receiver signed for; says nothing where nobody noted any."""
    crates = signed([as_change(row) for row in chain_of(view, shipment_id)])
    return words.count("{count} crate", "{count} crates", crates) if crates else ""
