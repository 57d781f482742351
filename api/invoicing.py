"""What a seller invoices a buyer for a month: the lines of the buyer's bill that are owed to that seller."""

from datetime import date

from api.monthly import month_bill
from api.papers.words import Words
from pooling.desk.people.legal import firm_of
from pooling.invoice import VAT_PERCENT, Firm, Invoice, LegalDataMissing, Line, NothingToInvoice, missing_of
from pooling.phrases import Phrases, message
from pooling.store import View
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
    """Make the invoice of a month; refuses where the law asks for what nobody entered."""
    seller, buyer = (find_party(view, one) for one in (seller_id, buyer_id))
    bill = month_bill(view, buyer_id, first, timezone)
    lines = tuple(
        Line(_name(one.day, f"{one.from_site} → {one.to_site}", one.crates, one.reference, words), one.cents)
        for one in bill.lines
        if one.owed_to_id == seller_id
    )
    if not lines:
        raise NothingToInvoice(buyer=buyer.name, seller=seller.name)
    known, last = legal_of(view, seller_id), month_end(first)
    exempt = known is not None and known.vat_exempt
    sells = must_be_whole(firm_of(view, seller), SELLER if exempt else (*SELLER, "vat_number"))
    buys = must_be_whole(firm_of(view, buyer), BUYER)
    return Invoice(number, last, first, last, sells, buys, lines, 0 if exempt else VAT_PERCENT)


def must_be_whole(firm: Firm, needed: tuple[str, ...]) -> Firm:
    """Refuse a firm of which something is not known that a file must say."""
    missing = missing_of(firm, needed)
    if missing:
        raise LegalDataMissing(party=firm.name, missing=Phrases([NAMES[one] for one in missing]))
    return firm


def _name(day: date, way: str, crates: int, reference: str, words: Words) -> str:
    counted = words.count("{count} crate", "{count} crates", crates)
    return " · ".join(filter(None, (f"{day:%d/%m/%Y}", way, counted, reference)))
