"""The account of a community on a page: what stands on it, the gaps that it took, and what was paid."""

from fastapi import APIRouter
from starlette.responses import Response

from api.pages.forms import Filled, Form
from api.pages.lists import part_of
from api.pages.press import answer, page
from api.pages.states import TRANSFERS
from api.pages.visit import Signed, Visit
from api.papers.account_paper import what_of
from geodata.refusal import Refusal
from pooling.desk.payments import PaymentWords, record_payment
from pooling.store.accounts import people_of
from pooling.store.ledger import account_balances, community_account
from pooling.store.months import names_of
from pooling.store.rows import NotFound
from pooling.store.statements import Balance, balances_with, party_behind, transfers_on

router = APIRouter()


@router.get("/communities/{community_id}/account")
def account(visit: Signed, community_id: str) -> Response:
    return _shown(visit, community_id, Form(), None)


@router.post("/communities/{community_id}/account")
def top_up(visit: Signed, form: Filled, community_id: str) -> Response:
    """Note that one's own party received money from the community, of what it owes for gaps."""
    party = visit.own_party()

    def do() -> str:
        cents, note = form.cents("amount"), form.text("note", needed=False)
        form.check()
        return record_payment(
            visit.desk, visit.who, form.ask, PaymentWords(community_id, party.id, cents, note)
        )

    return answer(
        form,
        do,
        then=lambda _: f"/communities/{community_id}/account",
        again=lambda refusal: _shown(visit, community_id, form, refusal),
        said="paid",
        beside={"payment_above_debt": "amount"},
    )


def _shown(visit: Visit, community_id: str, form: Form, refusal: Refusal | None) -> Response:
    """Show it to its stewards, and to whom it owes or paid; to nobody else is there such a community."""
    party, name = visit.own_party(), community_account(community_id)
    with visit.desk.store.view() as view:
        owes = balances_with(view, party.id).get(community_id)
        if owes is None and not people_of(view, name) & set(visit.who.manages):
            raise NotFound(kind="community", id=community_id)
        rows, after = transfers_on(view, name, part_of(visit))
        balance = account_balances(view, name)
        behind = party_behind(view, {side for row in rows for side in (row.payer, row.payee)})
        names = names_of(view, {community_id, *behind.values()})
    return page(
        visit,
        "community_account.html",
        form=form,
        refusal=refusal,
        community=names[community_id],
        community_id=community_id,
        account=name,
        balance=balance,
        owed_cents=(owes or Balance()).together_cents,
        transfers=rows,
        after=after,
        other=lambda row: names.get(behind[row.payee if row.payer == name else row.payer], ""),
        what=lambda row: what_of(row.about_kind, row.why, visit.words),
        transfer_states=TRANSFERS,
    )
