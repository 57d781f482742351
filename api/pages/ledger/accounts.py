"""Accounts of the ledger on a page: what stands on each that one may read, and its transfers."""

from fastapi import APIRouter
from starlette.responses import Response

from api.pages.forms import Filled, Form
from api.pages.lists import part_of
from api.pages.press import answer, page
from api.pages.states import TRANSFERS
from api.pages.visit import Signed, Visit
from api.papers.account_paper import what_of
from geodata.refusal import Refusal
from pooling.desk.corrections import CorrectionWords, correct_transfer
from pooling.phrases import message
from pooling.store.accounts import list_accounts, people_of
from pooling.store.months import names_of
from pooling.store.rows import NotFound
from pooling.store.statements import party_behind, transfers_on

router = APIRouter()
SHOWN = 100

KINDS = {
    "party": message("account"),
    "fees": message("fees"),
    "deposit": message("deposits on crates"),
    "tour": message("tour"),
    "community": message("community"),
    "claim": message("claim"),
}


@router.get("/money/accounts")
def accounts(visit: Signed) -> Response:
    return _shown(visit, Form(), None, visit.request.query_params.get("of", ""))


@router.post("/money/transfers/{transfer_id}/correction")
def correct(visit: Signed, form: Filled, transfer_id: str) -> Response:
    """Give back a transfer, or a part of it."""

    def do() -> str:
        reason = form.text("reason", limit=300)
        cents = form.cents("amount") if form.value("amount") else None
        form.check()
        return correct_transfer(visit.desk, visit.who, form.ask, transfer_id, CorrectionWords(reason, cents))

    of = form.value("of")
    return answer(
        form,
        do,
        then=lambda _: f"/money/accounts?of={of}",
        again=lambda refusal: _shown(visit, form, refusal, of),
        said="corrected",
    )


def _shown(visit: Visit, form: Form, refusal: Refusal | None, of: str) -> Response:
    """Show what stands on each account, or the transfers of one of them."""
    visit.own_party()
    mine = None if visit.who.is_operator else frozenset(visit.who.manages)
    with visit.desk.store.view() as view:
        if of and mine is not None and not people_of(view, of) & mine:
            raise NotFound(kind="account", id=of)
        found = list_accounts(view, mine, limit=SHOWN)
        rows, after = transfers_on(view, of, part_of(visit)) if of else ([], "")
        sides = {side for row in rows for side in (row.payer, row.payee)}
        behind = party_behind(view, {*sides, of, *(one.name for one in found)})
        names = names_of(view, {one for one in behind.values() if one})
    return page(
        visit,
        "accounts.html",
        form=form,
        refusal=refusal,
        of=of,
        accounts=found,
        transfers=rows,
        after=after,
        kinds=KINDS,
        name_of=lambda account: names.get(behind.get(account, ""), ""),
        what=lambda row: what_of(row.about_kind, row.why, visit.words),
        transfer_states=TRANSFERS,
    )
