"""An invoice as a Factur-X file: a page for people, with the same figures inside for programs."""

import xml.etree.ElementTree as ET
from datetime import date, timedelta
from typing import Any

from api.extras import extra
from api.papers.account_paper import Head, set_account, short_day
from api.papers.words import Words, message
from pooling.ledger.invoice import EXEMPT, INDEMNITY, NO_DISCOUNT, Firm, Invoice, VatPart

PREPARED = message(
    "Prepared by Carriole, which is no approved platform: its seller issues it, through one where need be."
)
GUIDELINE = "urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic"
DATA = "urn:un:unece:uncefact:data:standard"
SPACES = {
    "rsm": f"{DATA}:CrossIndustryInvoice:100",
    "ram": f"{DATA}:ReusableAggregateBusinessInformationEntity:100",
    "udt": f"{DATA}:UnqualifiedDataType:100",
}
SIREN = "0002"
"""The register of French firms, in the list of ISO 6523."""
SEPA_TRANSFER, INVOICE, PIECE = "58", "380", "C62"

Tree = tuple[str, Any] | tuple[str, Any, dict[str, str]]


def factur_x(invoice: Invoice, words: Words) -> bytes:
    """Set an invoice as PDF/A-3 with its data (profile BASIC); the library checks them by their schema."""
    exempt = EXEMPT if invoice.exempt else ""
    law = " ".join(text for _, text in _law(invoice))
    notes = exempt, law, _so_far(invoice, words), words.say(PREPARED)
    pages = set_account(
        words.say("Invoice {number}", number=invoice.number),
        Head(invoice.seller.name, _address(invoice.seller), invoice.first, invoice.last),
        ({"name": words.say("To pay in all"), "value": words.money(invoice.owed_cents)},),
        (_parties(invoice, words), _lines(invoice, words)),
        tuple(filter(None, notes)),
        words,
    )
    library = extra("invoices", "facturx")
    told = {"author": invoice.seller.name, "title": invoice.number, "subject": "Factur-X", "keywords": ""}
    made: bytes = library.generate_from_binary(
        pages, data_of(invoice), flavor="factur-x", level="basic", check_xsd=True, pdf_metadata=told
    )
    return made


def _so_far(invoice: Invoice, words: Words) -> str:
    """Say that the month was not over."""
    over = (invoice.last + timedelta(days=1)).day == 1
    return "" if over else words.say("The month so far, until {day}.", day=short_day(invoice.last, words))


def data_of(invoice: Invoice) -> bytes:
    """Write the data of an invoice: Cross Industry Invoice D16B, in the profile BASIC of Factur-X."""
    for name, space in SPACES.items():
        ET.register_namespace(name, space)
    root = _element(
        (
            "rsm:CrossIndustryInvoice",
            [
                (
                    "rsm:ExchangedDocumentContext",
                    [("ram:GuidelineSpecifiedDocumentContextParameter", [("ram:ID", GUIDELINE)])],
                ),
                (
                    "rsm:ExchangedDocument",
                    [
                        ("ram:ID", invoice.number),
                        ("ram:TypeCode", INVOICE),
                        ("ram:IssueDateTime", [_moment(invoice.issued)]),
                        *(_note(code, text) for code, text in _law(invoice)),
                    ],
                ),
                (
                    "rsm:SupplyChainTradeTransaction",
                    [
                        *(_line(invoice, at) for at in range(len(invoice.lines))),
                        (
                            "ram:ApplicableHeaderTradeAgreement",
                            [
                                ("ram:SellerTradeParty", _firm(invoice.seller)),
                                ("ram:BuyerTradeParty", _firm(invoice.buyer)),
                            ],
                        ),
                        ("ram:ApplicableHeaderTradeDelivery", []),
                        ("ram:ApplicableHeaderTradeSettlement", _settlement(invoice)),
                    ],
                ),
            ],
        )
    )
    written: bytes = ET.tostring(root, "utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + written


def _law(invoice: Invoice) -> tuple[tuple[str, str], ...]:
    """Say what an invoice between firms must say of lateness, by the codes of the subjects (UNTDID 4451)."""
    return ("PMT", INDEMNITY), ("PMD", invoice.terms.late), ("AAB", NO_DISCOUNT)


def _note(code: str, text: str) -> Tree:
    return ("ram:IncludedNote", [("ram:Content", text), ("ram:SubjectCode", code)])


def _vat(part: VatPart) -> Tree:
    exempt: list[Tree] = [] if part.permille else [("ram:ExemptionReason", EXEMPT)]
    return (
        "ram:ApplicableTradeTax",
        [
            ("ram:CalculatedAmount", _euro(part.vat_cents)),
            ("ram:TypeCode", "VAT"),
            *exempt,
            ("ram:BasisAmount", _euro(part.net_cents)),
            ("ram:CategoryCode", _category(part.permille)),
            ("ram:RateApplicablePercent", _percent(part.permille)),
        ],
    )


def _settlement(invoice: Invoice) -> list[Tree]:
    account: list[Tree] = []
    if invoice.seller.iban:
        means: list[Tree] = [
            ("ram:TypeCode", SEPA_TRANSFER),
            ("ram:PayeePartyCreditorFinancialAccount", [("ram:IBANID", invoice.seller.iban)]),
        ]
        account = [("ram:SpecifiedTradeSettlementPaymentMeans", means)]
    net, vat, owed = (_euro(one) for one in (invoice.net_cents, invoice.vat_cents, invoice.owed_cents))
    return [
        ("ram:InvoiceCurrencyCode", "EUR"),
        *account,
        *(_vat(part) for part in invoice.vat_parts),
        (
            "ram:BillingSpecifiedPeriod",
            [
                ("ram:StartDateTime", [_moment(invoice.first)]),
                ("ram:EndDateTime", [_moment(invoice.last)]),
            ],
        ),
        ("ram:SpecifiedTradePaymentTerms", [("ram:DueDateDateTime", [_moment(invoice.due)])]),
        (
            "ram:SpecifiedTradeSettlementHeaderMonetarySummation",
            [
                ("ram:LineTotalAmount", net),
                ("ram:TaxBasisTotalAmount", net),
                ("ram:TaxTotalAmount", vat, {"currencyID": "EUR"}),
                ("ram:GrandTotalAmount", owed),
                ("ram:DuePayableAmount", owed),
            ],
        ),
    ]


def _line(invoice: Invoice, at: int) -> Tree:
    """Write a line; what is given back is a count of -1, for no price is below 0."""
    cents = invoice.net_lines[at]
    tax: list[Tree] = [
        ("ram:TypeCode", "VAT"),
        ("ram:CategoryCode", _category(invoice.lines[at].vat_permille)),
        ("ram:RateApplicablePercent", _percent(invoice.lines[at].vat_permille)),
    ]
    price = ("ram:NetPriceProductTradePrice", [("ram:ChargeAmount", _euro(abs(cents)))])
    count = ("ram:BilledQuantity", "1" if cents >= 0 else "-1", {"unitCode": PIECE})
    total = ("ram:SpecifiedTradeSettlementLineMonetarySummation", [("ram:LineTotalAmount", _euro(cents))])
    return (
        "ram:IncludedSupplyChainTradeLineItem",
        [
            ("ram:AssociatedDocumentLineDocument", [("ram:LineID", str(at + 1))]),
            ("ram:SpecifiedTradeProduct", [("ram:Name", invoice.lines[at].name)]),
            ("ram:SpecifiedLineTradeAgreement", [price]),
            ("ram:SpecifiedLineTradeDelivery", [count]),
            ("ram:SpecifiedLineTradeSettlement", [("ram:ApplicableTradeTax", tax), total]),
        ],
    )


def _firm(firm: Firm) -> list[Tree]:
    siren = [("ram:SpecifiedLegalOrganization", [("ram:ID", firm.siren, {"schemeID": SIREN})])]
    address = [
        ("ram:PostcodeCode", firm.postcode),
        ("ram:LineOne", firm.street),
        ("ram:CityName", firm.town),
        ("ram:CountryID", firm.country),
    ]
    vat = [("ram:SpecifiedTaxRegistration", [("ram:ID", firm.vat_number, {"schemeID": "VA"})])]
    return [
        ("ram:Name", firm.name),
        *(siren if firm.siren else []),
        ("ram:PostalTradeAddress", [(name, text) for name, text in address if text]),
        *(vat if firm.vat_number else []),
    ]


def _element(tree: Tree) -> ET.Element:
    prefix, _, name = tree[0].partition(":")
    made = ET.Element(f"{{{SPACES[prefix]}}}{name}", tree[2] if len(tree) > 2 else {})
    if isinstance(tree[1], str):
        made.text = tree[1]
    else:
        made.extend(_element(one) for one in tree[1])
    return made


def _moment(day: date) -> Tree:
    return ("udt:DateTimeString", f"{day:%Y%m%d}", {"format": "102"})


def _category(vat_permille: int) -> str:
    return "S" if vat_permille else "E"


def _percent(vat_permille: int) -> str:
    whole, tenths = divmod(vat_permille, 10)
    return f"{whole}.{tenths}" if tenths else str(whole)


def _euro(cents: int) -> str:
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def _address(firm: Firm) -> str:
    return ", ".join(filter(None, (firm.street, f"{firm.postcode} {firm.town}".strip(), firm.country)))


def _parties(invoice: Invoice, words: Words) -> dict[str, object]:
    rows = [
        (words.say("Issued on"), short_day(invoice.issued, words)),
        (words.say("Due on"), short_day(invoice.due, words)),
        (words.say("Sold to"), f"{invoice.buyer.name}, {_address(invoice.buyer)}"),
        (words.say("SIREN of the buyer"), invoice.buyer.siren),
        (words.say("VAT number of the buyer"), invoice.buyer.vat_number),
        (words.say("SIREN"), invoice.seller.siren),
        (words.say("VAT number"), invoice.seller.vat_number),
        (words.say("IBAN"), invoice.seller.iban),
    ]
    return {
        "name": words.say("Who and when"),
        "heads": ("", ""),
        "widths": ("auto", "rest"),
        "figures": (False, False),
        "rows": tuple(row for row in rows if row[1]),
        "total": (),
        "nothing": "",
    }


def _lines(invoice: Invoice, words: Words) -> dict[str, object]:
    nets = zip(invoice.lines, invoice.net_lines, strict=True)
    rows = [
        *((line.name, _rate(line.vat_permille, words), words.money(cents)) for line, cents in nets),
        (words.say("Without VAT"), "", words.money(invoice.net_cents)),
        *(
            (
                words.say("VAT on {net}", net=words.money(one.net_cents)),
                _rate(one.permille, words),
                words.money(one.vat_cents),
            )
            for one in invoice.vat_parts
        ),
    ]
    return {
        "name": words.say("Carriage of the month"),
        "heads": (words.say("What for"), words.say("VAT"), "€"),
        "widths": ("rest", "auto", "auto"),
        "figures": (False, True, True),
        "rows": tuple(rows),
        "total": (words.say("To pay in all"), "", words.money(invoice.owed_cents)),
        "nothing": "",
    }


def _rate(vat_permille: int, words: Words) -> str:
    return f"{words.number(vat_permille / 10, 1 if vat_permille % 10 else 0)} %"
