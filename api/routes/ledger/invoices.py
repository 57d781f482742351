"""What invoices and bank files say of a party; invoices as Factur-X, payments as SEPA credit transfers."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from api.asking import Revision, TheHouse, Who, Wish
from api.files.account_files import PDF_TYPE, XML_TYPE, invoice_file, payments_file
from api.problem import asked_words
from api.routes.ledger.ledger import Month, PartyId
from api.shapes.ledger.invoices import LegalShown, LegalWish, PayoutsShown, legal_shown, payouts_shown
from api.shapes.words import CHANGES, SIGNED_IN, Day, Id, refusals
from pooling.desk.people.legal import say_legal
from pooling.desk.people.parties import must_manage
from pooling.store.legal import legal_of
from pooling.store.payouts import payouts_of

router = APIRouter(tags=["money"])
FILE_REFUSED = (*SIGNED_IN, "not_found", "not_allowed", "legal_data_missing", "extra_missing")


@router.get(
    "/parties/{party_id}/legal",
    summary="Read what invoices say of a party",
    operation_id="read_legal",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def read(house: TheHouse, who: Who, party_id: PartyId, response: Response) -> LegalShown:
    """Read what invoices and bank files say of your party. Its IBAN is shown by its end only."""
    who.must_see("party", party_id, party_id)
    with house.desk.store.view() as view:
        shown = legal_shown(party_id, legal_of(view, party_id))
    response.headers["ETag"] = f'"{shown.revision}"'
    return shown


@router.put(
    "/parties/{party_id}/legal",
    summary="Say what invoices say of a party",
    operation_id="say_legal",
    responses=refusals(*CHANGES, "iban_wrong"),
)
def change(
    house: TheHouse, who: Who, ask: Wish, party_id: PartyId, wish: LegalWish, revision: Revision
) -> LegalShown:
    """Say what invoices and bank files need of your party."""
    say_legal(house.desk, who, ask, party_id, revision, wish.words())
    with house.desk.store.view() as view:
        return legal_shown(party_id, legal_of(view, party_id))


@router.get(
    "/parties/{party_id}/invoice.pdf",
    summary="Prepare an invoice",
    operation_id="prepare_invoice",
    response_class=Response,
    responses=refusals(*FILE_REFUSED, "nothing_to_invoice", "statement_too_long")
    | {200: {"content": {PDF_TYPE: {}}, "description": "A Factur-X file, profile BASIC."}},
)
def invoice(
    house: TheHouse,
    who: Who,
    request: Request,
    party_id: PartyId,
    month: Month,
    buyer: Annotated[Id, Query(description="To whom.", examples=["pty_01hg0000efgh"])],
    number: Annotated[
        str,
        Query(
            pattern=r"^[0-9A-Za-z/_-]{1,20}$",
            description="The invoice's number, of your own series.",
            examples=["2026-0042"],
        ),
    ],
) -> Response:
    """
    Prepare the invoice of a month's carriage that a party owes yours: a page with its data inside.

    Before the month is over it is dated today, and is of the month so far. You issue it: this house is no
    approved platform, and numbers nothing.
    """
    must_manage(who, party_id)
    words, first = asked_words(request), _first(month)
    with house.desk.store.view() as view:
        return invoice_file(view, party_id, buyer, first, number, words, house.desk.timezone)


@router.get(
    "/parties/{party_id}/payouts",
    summary="List what to pay by bank",
    operation_id="list_payouts",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def payouts(house: TheHouse, who: Who, party_id: PartyId, month: Month) -> PayoutsShown:
    """List whom your party is to pay for a month, as far as it still owes it."""
    who.must_see("party", party_id, party_id)
    with house.desk.store.view() as view:
        return payouts_shown(party_id, month, payouts_of(view, party_id, _first(month), house.desk.timezone))


@router.get(
    "/parties/{party_id}/payouts.xml",
    summary="Write a month's bank file",
    operation_id="write_payouts",
    response_class=Response,
    responses=refusals(*FILE_REFUSED, "nothing_to_pay", "payout_incomplete", "iban_wrong", "pay_day_past")
    | {200: {"content": {XML_TYPE: {}}, "description": "A SEPA credit transfer, pain.001.001.09."}},
)
def payouts_file(
    house: TheHouse,
    who: Who,
    party_id: PartyId,
    month: Month,
    on: Annotated[Day, Query(description="When your bank shall pay.", examples=["2026-10-05"])],
    leave_out: Annotated[
        Literal["", "no-iban"], Query(description="Leave out whom no IBAN is known of.", examples=["no-iban"])
    ] = "",
) -> Response:
    """
    Write what your party is to pay for a month as a file for its own bank. Nothing is paid by this.

    A second file of the same month asks for the same payments, by the same end-to-end ids.
    """
    must_manage(who, party_id)
    left_out, timezone = leave_out == "no-iban", house.desk.timezone
    with house.desk.store.view() as view:
        return payments_file(view, party_id, _first(month), on, timezone, leave_out=left_out)


def _first(month: str) -> date:
    return date.fromisoformat(f"{month}-01")
