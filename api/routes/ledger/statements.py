"""A month's statement and bill as files."""

from datetime import date
from typing import Any

from fastapi import APIRouter, Request, Response

from api.asking import TheHouse, Who
from api.files.account_files import PDF_TYPE, bill_as_pdf, statement_as_csv, statement_as_pdf
from api.files.csv_file import CSV_TYPE
from api.problem import asked_words
from api.routes.ledger.ledger import Month, PartyId
from api.shapes.words import SIGNED_IN, refusals

router = APIRouter(tags=["money"])
REFUSED = refusals(*SIGNED_IN, "not_found", "statement_too_long")


def _file(media_type: str, told: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"content": {media_type: {}}, "description": told}}


@router.get(
    "/parties/{party_id}/statement.csv",
    summary="Read a month's statement as CSV",
    operation_id="read_statement_file",
    response_class=Response,
    responses=REFUSED | _file(CSV_TYPE, "Opening, lines, closing; then what is pending, and the nets."),
)
def statement_file(house: TheHouse, who: Who, request: Request, party_id: PartyId, month: Month) -> Response:
    """Read your party's month line by line: opening + posted = closing, in the language you ask for."""
    who.must_see("party", party_id, party_id)
    with house.desk.store.view() as view:
        return statement_as_csv(view, party_id, _first(month), house.desk.timezone, asked_words(request))


@router.get(
    "/parties/{party_id}/statement.pdf",
    summary="Print a month's statement",
    operation_id="print_statement",
    response_class=Response,
    responses=REFUSED | _file(PDF_TYPE, "The statement on A4, in the language that you ask for."),
)
def statement_print(house: TheHouse, who: Who, request: Request, party_id: PartyId, month: Month) -> Response:
    """Print your party's month: what is owed, what is agreed and not done yet, the net with each other."""
    who.must_see("party", party_id, party_id)
    with house.desk.store.view() as view:
        return statement_as_pdf(view, party_id, _first(month), house.desk.timezone, asked_words(request))


@router.get(
    "/parties/{party_id}/bill.pdf",
    summary="Print a month's bill",
    operation_id="print_bill",
    response_class=Response,
    responses=REFUSED | _file(PDF_TYPE, "The bill on A4, in the language that you ask for."),
)
def bill_print(house: TheHouse, who: Who, request: Request, party_id: PartyId, month: Month) -> Response:
    """Print a month's carriage on one bill: a line for each shipment, and their sum. It is no invoice."""
    who.must_see("party", party_id, party_id)
    with house.desk.store.view() as view:
        return bill_as_pdf(view, party_id, _first(month), house.desk.timezone, asked_words(request))


def _first(month: str) -> date:
    return date.fromisoformat(f"{month}-01")
