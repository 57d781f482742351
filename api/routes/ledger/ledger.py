"""Money: who owes whom, what was paid, and whether it adds up."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Query, Response

from api.asking import Paging, TheHouse, Who, Wish
from api.files.collecting_files import bill_file
from api.files.csv_file import CSV_TYPE
from api.files.monthly import StatementTooLong, month_bill
from api.shapes.ledger.ledger import (
    BalanceShown,
    BillShown,
    LedgerChecked,
    PaymentWish,
    StatementShown,
    TransferShown,
    balance_shown,
    bill_shown,
    statement_shown,
    transfer_shown,
)
from api.shapes.words import SIGNED_IN, WRITES, Day, Id, Listed, refusals
from geodata.refusal import Refusal
from pooling.desk.payments import PaymentWords, record_payment
from pooling.store.bills import Bill
from pooling.store.ledger import check_ledger
from pooling.store.months import midnight_at
from pooling.store.statements import (
    LINES_LIMIT,
    balance_of,
    balances_with,
    list_transfers,
    settled_transfer,
    statement_of,
)

router = APIRouter(tags=["money"])
Month = Annotated[
    str,
    Query(
        pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$",
        description="The local month, such as 2026-09.",
        examples=["2026-09"],
    ),
]
PartyId = Annotated[Id, Path(description="The party.", examples=["pty_01hg0000abcd"])]


class PeriodUnreadable(Refusal):
    code = "period_unreadable"
    reason = "From {first} until {last} is no period of which a statement can be made."
    cure = "Name a first day, and a last one that is not before it, between 1970 and 2100."


@router.get(
    "/transfers",
    summary="List transfers",
    operation_id="list_transfers",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def transfers(
    house: TheHouse,
    who: Who,
    page: Paging,
    party: Annotated[
        Id | None, Query(description="Only this party's.", examples=["pty_01hg0000abcd"])
    ] = None,
) -> Listed[TransferShown]:
    """List what was agreed, done or paid between your own parties and others; an operator sees all."""
    if party is not None:
        who.must_see("party", party, party)
    whose = frozenset({party}) if party else (None if who.is_operator else frozenset(who.manages))
    with house.desk.store.view() as view:
        rows, after = list_transfers(view, whose, page)
    return Listed(items=[transfer_shown(row) for row in rows], next=after)


@router.get(
    "/parties/{party_id}/balance",
    summary="Read balances",
    operation_id="read_balances",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def balances(house: TheHouse, who: Who, party_id: PartyId) -> BalanceShown:
    """Read what your party is owed and owes, party by party. On tours, its operator stands for the tour."""
    who.must_see("party", party_id, party_id)
    with house.desk.store.view() as view:
        return balance_shown(party_id, balance_of(view, party_id), balances_with(view, party_id))


@router.get(
    "/parties/{party_id}/statement",
    summary="Read a statement",
    operation_id="read_statement",
    responses=refusals(*SIGNED_IN, "not_found", "period_unreadable", "statement_too_long"),
)
def statement(
    house: TheHouse,
    who: Who,
    party_id: PartyId,
    first: Annotated[Day, Query(alias="from", description="The first local day.", examples=["2026-09-01"])],
    last: Annotated[Day, Query(alias="to", description="The last local day.", examples=["2026-09-30"])],
) -> StatementShown:
    """Read what was posted to and from your party in a period; opening + lines = closing."""
    who.must_see("party", party_id, party_id)
    if not 1970 < first.year <= last.year < 2100 or last < first:
        raise PeriodUnreadable(first=first, last=last)
    zone = ZoneInfo(house.desk.timezone)
    from_at, until_at = (midnight_at(day, zone) for day in (first, last + timedelta(days=1)))
    with house.desk.store.view() as view:
        found = statement_of(view, party_id, from_at, until_at)
    if found.more:
        raise StatementTooLong(limit=LINES_LIMIT)
    return statement_shown(party_id, first, last, found)


@router.get(
    "/parties/{party_id}/bill",
    summary="Read a month's bill",
    operation_id="read_bill",
    responses=refusals(*SIGNED_IN, "not_found", "statement_too_long"),
)
def bill(house: TheHouse, who: Who, party_id: PartyId, month: Month) -> BillShown:
    """Read what your party came to owe for carriage in a month: a line for each shipment, and their sum."""
    return bill_shown(party_id, month, _bill(house, who, party_id, month))


@router.get(
    "/parties/{party_id}/bill.csv",
    summary="Read a month's bill as CSV",
    operation_id="read_bill_file",
    response_class=Response,
    responses=refusals(*SIGNED_IN, "not_found", "statement_too_long")
    | {200: {"content": {CSV_TYPE: {}}, "description": "The bill, its total on the last line."}},
)
def bill_as_file(house: TheHouse, who: Who, party_id: PartyId, month: Month) -> Response:
    """Read the same bill as CSV that a spreadsheet opens safely."""
    return Response(bill_file(_bill(house, who, party_id, month)), media_type=CSV_TYPE)


@router.post(
    "/payments",
    status_code=201,
    summary="Record a payment",
    operation_id="record_payment",
    responses=refusals(*WRITES, "not_found", "payment_above_debt"),
)
def paid(house: TheHouse, who: Who, ask: Wish, wish: PaymentWish) -> TransferShown:
    """Record that your party received money from another: so much less is owed to you."""
    words = PaymentWords(wish.payer, wish.payee, wish.cents, wish.note)
    transfer_id = record_payment(house.desk, who, ask, words)
    with house.desk.store.view() as view:
        return transfer_shown(settled_transfer(view, transfer_id))


@router.get(
    "/ledger/check",
    summary="Check the ledger",
    operation_id="check_ledger",
    responses=refusals(*SIGNED_IN, "not_allowed"),
)
def checked(house: TheHouse, who: Who) -> LedgerChecked:
    """Prove the ledger from its first row, and name the first that breaks a rule; for operators."""
    who.must_be_operator()
    with house.desk.store.view() as view:
        return LedgerChecked(**asdict(check_ledger(view)))


def _bill(house: TheHouse, who: Who, party_id: str, month: str) -> Bill:
    who.must_see("party", party_id, party_id)
    with house.desk.store.view() as view:
        return month_bill(view, party_id, date.fromisoformat(f"{month}-01"), house.desk.timezone)
