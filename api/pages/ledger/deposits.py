"""Deposits on crates on a page: what one asks for its own, and who has whose crates."""

from fastapi import APIRouter
from starlette.responses import Response

from api.pages.forms import Filled, Form, typed_euro
from api.pages.names import party_names
from api.pages.press import answer, page
from api.pages.visit import Signed, Visit
from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.goods.deposits import party_asks_deposits
from pooling.desk.goods.empties import seen_balances
from pooling.store.deposits import WHY, deposit_held, deposits_asked
from pooling.store.ledger import party_account

router = APIRouter()


@router.get("/money/deposits")
def deposits(visit: Signed) -> Response:
    return _shown(visit, Form(), None)


@router.post("/money/deposits")
def ask(visit: Signed, form: Filled) -> Response:
    """Say what one's own party asks for each of its crates."""
    party = visit.own_party()

    def do() -> str:
        asked = {kind: form.cents(kind) for kind in WHY if form.value(kind)}
        form.check()
        return party_asks_deposits(visit.desk, visit.who, form.ask, party.id, asked)

    return answer(
        form,
        do,
        then=lambda _: "/money/deposits",
        again=lambda refusal: _shown(visit, form, refusal),
        said="saved",
    )


def _shown(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
    party = visit.own_party()
    own = Actor(visit.who.member_id, {party.id: visit.who.manages[party.id]})
    with visit.desk.store.view() as view:
        asked = deposits_asked(view, party_account(party.id))
        found = [one for one in seen_balances(view, own) if party.id in one[:2]]
        held = {one[:3]: deposit_held(view, one[1], one[0], one[2]) for one in found}
        names = party_names(view, {side for one in found for side in one[:2]})
    return page(
        visit,
        "deposits.html",
        form=form,
        refusal=refusal,
        party=party,
        asked={kind: "" if kind not in asked else typed_euro(visit, asked[kind]) for kind in WHY},
        balances=[(*one, held[one[:3]]) for one in found],
        names=names,
    )
