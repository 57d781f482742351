"""Money on pages: who owes whom, what was agreed, the statement of a month, and what was received."""

from collections.abc import Iterable
from datetime import date

from fastapi import APIRouter
from starlette.responses import Response

from api.files.account_files import bill_as_csv, bill_as_pdf, statement_as_csv, statement_as_pdf
from api.files.monthly import MonthUnreadable, month_bill, month_named
from api.pages.forms import Filled, Form, asked
from api.pages.lists import part_of
from api.pages.plain import named
from api.pages.press import answer, page
from api.pages.said import message
from api.pages.states import TRANSFERS
from api.pages.visit import Signed, Visit
from api.papers.account_paper import remark_of, short_day, what_of
from geodata.refusal import Refusal
from pooling.desk.payments import PaymentWords, record_payment
from pooling.store.months import month_end, month_of, names_of
from pooling.store.statements import balance_of, balances_with, list_transfers

router = APIRouter()


@router.get("/money")
def money(visit: Signed) -> Response:
    return _money(visit, Form(), None)


@router.post("/money/received")
def received(visit: Signed, form: Filled) -> Response:
    """Note that one's own party received money."""
    party = visit.own_party()

    def do() -> str:
        words = PaymentWords(
            payer=form.text("payer", limit=40),
            payee=party.id,
            cents=form.cents("amount"),
            note=form.text("note", needed=False),
        )
        form.check()
        return record_payment(visit.desk, visit.who, form.ask, words)

    return answer(
        form,
        do,
        then=lambda _: "/money",
        again=lambda refusal: _money(visit, form, refusal),
        said="paid",
        beside={"payment_above_debt": "amount"},
    )


@router.get("/money/statement")
def statement(visit: Signed) -> Response:
    """Show the lines of a period, this month unless told, with what is pending and the nets at its end."""
    party = visit.own_party()
    form, today = asked(visit), visit.moments.today
    first = form.day("from", today) if form.value("from") else _month_typed(visit, form, "from")
    last = form.day("until", today) if form.value("until") else month_end(first)
    if last < first:
        form.wrong("until", message("This day lies before the first."))
        last = month_end(first)
    with visit.desk.store.view() as view:
        shown = month_of(view, party.id, first, last, visit.moments.timezone)
    return page(
        visit,
        "statement.html",
        form=form,
        statement=shown,
        first=first,
        last=last,
        party=party,
        what=lambda line: what_of(line.about_kind, line.why, visit.words),
        short=lambda day: short_day(day, visit.words),
    )


@router.get("/money/statement.csv")
def statement_as_file(visit: Signed) -> Response:
    party, first = visit.own_party(), month_asked(visit)
    with visit.desk.store.view() as view:
        return statement_as_csv(view, party.id, first, visit.moments.timezone, visit.words)


@router.get("/money/statement.pdf")
def statement_print(visit: Signed) -> Response:
    party, first = visit.own_party(), month_asked(visit)
    with visit.desk.store.view() as view:
        return statement_as_pdf(view, party.id, first, visit.moments.timezone, visit.words)


@router.get("/money/bill")
def bill(visit: Signed) -> Response:
    """Show a month's carriage on one bill, this month unless told."""
    party, form = visit.own_party(), asked(visit)
    first = _month_typed(visit, form, "month")
    with visit.desk.store.view() as view:
        shown = month_bill(view, party.id, first, visit.moments.timezone)
    return page(
        visit,
        "bill.html",
        form=form,
        bill=shown,
        first=first,
        last=month_end(first),
        party=party,
        remark=lambda line: remark_of(line, visit.words),
    )


@router.get("/money/bill.csv")
def bill_as_file(visit: Signed) -> Response:
    party, first = visit.own_party(), month_asked(visit)
    with visit.desk.store.view() as view:
        return bill_as_csv(view, party.id, first, visit.moments.timezone)


@router.get("/money/bill.pdf")
def bill_print(visit: Signed) -> Response:
    party, first = visit.own_party(), month_asked(visit)
    with visit.desk.store.view() as view:
        return bill_as_pdf(view, party.id, first, visit.moments.timezone, visit.words)


def month_asked(visit: Visit) -> date:
    """Return the first day of the month that the address asks for; of this one where it names none."""
    return month_named(visit.request.query_params.get("month", ""), visit.moments.today)


def _month_typed(visit: Visit, form: Form, beside: str) -> date:
    """Return the month asked for; what is none is said beside a field, and this month is shown."""
    try:
        return month_asked(visit)
    except MonthUnreadable as wrong:
        form.wrong(beside, wrong.reason, **wrong.facts)
        return visit.moments.today.replace(day=1)


def _money(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
    party = visit.own_party()
    with visit.desk.store.view() as view:
        balance = balance_of(view, party.id)
        others = balances_with(view, party.id)
        transfers, after = list_transfers(view, [party.id], part_of(visit))
        accounts = [one for row in transfers for one in (row.payer, row.payee)]
        names = names_of(view, {*others, *map(_party_of, accounts)})
    names = {**names, **_tours_of(visit, accounts)}
    return page(
        visit,
        "money.html",
        form=form,
        refusal=refusal,
        party=party,
        balance=balance,
        others=others,
        transfers=transfers,
        after=after,
        names=names,
        party_of=_party_of,
        transfer_states=TRANSFERS,
        debtors=[(one, names.get(one, one)) for one, each in others.items() if each.together_cents > 0],
    )


def _party_of(account: str) -> str:
    """Return the id behind an account: of a party, or of a tour."""
    return account.partition(":")[2]


def _tours_of(visit: Visit, accounts: Iterable[str]) -> dict[str, str]:
    """Name the tours among accounts by their carrier and day; claims are called what they are."""
    tours = {_party_of(one) for one in accounts if one.startswith("tour:")}
    claims = {_party_of(one): visit.words.say("claim") for one in accounts if one.startswith("claim:")}
    return {one: visit.words.say("tour {tour}", tour=named(visit, one)) for one in tours} | claims
