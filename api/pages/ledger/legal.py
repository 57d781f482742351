"""What invoices and bank files say of one's own party, the files themselves, and what is to be paid."""

import re
from datetime import date, timedelta

from fastapi import APIRouter
from starlette.responses import Response

from api.files.account_files import invoice_file, payments_file
from api.pages.forms import Filled, Form, asked
from api.pages.ledger.money import month_asked
from api.pages.names import party_names
from api.pages.press import answer, page
from api.pages.said import message
from api.pages.visit import Signed, Visit
from api.shapes.ledger.invoices import POSTCODE, VAT
from geodata.refusal import Refusal
from pooling.desk.people.legal import LegalWords, say_legal
from pooling.ledger.invoice import PAYMENT_DAYS, VAT_RATES
from pooling.people.bank_account import SIRET, masked_iban
from pooling.store.legal import legal_of
from pooling.store.payouts import payouts_of
from pooling.store.statements import balances_with

router = APIRouter()
RATES = {str(one): f"{one / 10:g} %" for one in VAT_RATES}
FORMS = {
    "siret": (f"^{SIRET.pattern}$", message("Fourteen digits.")),
    "vat_number": (VAT, message("Two letters and a number, without spaces.")),
    "postcode": (POSTCODE, message("Digits or letters, twelve at most.")),
    "country": (r"^[A-Z]{2}$", message("Two letters, such as FR.")),
}


@router.get("/money/legal")
def legal(visit: Signed) -> Response:
    return _shown(visit, Form(), None)


@router.post("/money/legal")
def say(visit: Signed, form: Filled) -> Response:
    """Say what invoices and bank files need of one's own party."""
    party = visit.own_party()

    def do() -> str:
        given = {name: form.text(name, needed=False).replace(" ", "") for name in FORMS}
        for name, (pattern, wrong) in FORMS.items():
            if not re.match(pattern, given[name]):
                form.wrong(name, wrong)
        words = LegalWords(
            **given,
            vat_exempt=form.ticked("vat_exempt"),
            street=form.name("street", needed=False),
            town=form.name("town", needed=False),
            iban=form.text("iban", limit=60, needed=False) or None,
            vat_permille=int(form.choice("vat_permille", RATES) or 0),
            shared_vat_permille=int(form.choice("shared_vat_permille", RATES) or 0),
            payment_days=form.whole("payment_days", 0, PAYMENT_DAYS),
            late_percent=form.whole("late_percent", 0, 30, 0),
        )
        form.check()
        return say_legal(visit.desk, visit.who, form.ask, party.id, form.revision, words)

    return answer(
        form,
        do,
        then=lambda _: "/money/legal",
        again=lambda refusal: _shown(visit, form, refusal),
        said="saved",
        beside={"iban_wrong": "iban"},
    )


@router.get("/money/payments.xml")
def payments(visit: Signed) -> Response:
    """Give the bank file of a month to who pays."""
    party, first = visit.own_party(), month_asked(visit)
    form = asked(visit)
    today = visit.moments.today
    on = form.day("on", today) if form.value("on") else today
    if form.mistakes:
        return _shown(visit, form, None)
    with visit.desk.store.view() as view:
        leave_out = form.ticked("leave_out")
        return payments_file(view, party.id, first, on, visit.moments.timezone, leave_out=leave_out)


@router.get("/money/invoice.pdf")
def invoice(visit: Signed) -> Response:
    """Give the invoice of a month to its seller, under the number that it chose."""
    party, first, form = visit.own_party(), month_asked(visit), asked(visit)
    with visit.desk.store.view() as view:
        told = form.value("buyer"), first, form.value("number")[:20]
        return invoice_file(view, party.id, *told, visit.words, visit.moments.timezone)


def _shown(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
    party = visit.own_party()
    month = _month_before(visit.moments.today)
    with visit.desk.store.view() as view:
        known = legal_of(view, party.id)
        payouts = payouts_of(view, party.id, month, visit.moments.timezone)
        owing = [one for one, each in balances_with(view, party.id).items() if each.posted_cents > 0]
        buyers = sorted(party_names(view, owing).items(), key=lambda one: one[1])
    return page(
        visit,
        "legal.html",
        form=form,
        refusal=refusal,
        party=party,
        rates=list(RATES.items()),
        usual=LegalWords(),
        known=known,
        iban=masked_iban(known.iban) if known else "",
        month=month,
        payouts=payouts,
        buyers=buyers,
        on=visit.moments.today + timedelta(days=1),
    )


def _month_before(today: date) -> date:
    return (today.replace(day=1) - timedelta(days=1)).replace(day=1)
