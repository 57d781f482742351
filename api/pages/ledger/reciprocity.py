"""Mutual aid on a page: with whom one is quits, whose turn it is, and rides settled in kind."""

from fastapi import APIRouter
from starlette.responses import Response

from api.files.reciprocity_files import reciprocity_as_csv
from api.pages.forms import Filled, Form
from api.pages.names import party_names
from api.pages.press import answer, page
from api.pages.visit import Signed, Visit
from geodata.refusal import Refusal
from pooling.desk.market.in_kind import agree_in_kind
from pooling.desk.trips.private_years import year_so_far
from pooling.ledger.reciprocity import between
from pooling.store import Page
from pooling.store.reciprocity import carriages_of, may_be_in_kind
from pooling.store.statements import list_transfers

router = APIRouter()


@router.get("/money/mutual-aid")
def mutual_aid(visit: Signed) -> Response:
    return _shown(visit, Form(), None)


@router.get("/money/mutual-aid.csv")
def mutual_aid_file(visit: Signed) -> Response:
    party = visit.own_party()
    with visit.desk.store.view() as view:
        return reciprocity_as_csv(view, party.id)


@router.post("/money/mutual-aid/{bid_id}")
def in_kind(visit: Signed, form: Filled, bid_id: str) -> Response:
    """Ask nothing for a ride: it is counted instead."""
    return answer(
        form,
        lambda: agree_in_kind(visit.desk, visit.who, form.ask, bid_id),
        then=lambda _: "/money/mutual-aid",
        again=lambda refusal: _shown(visit, form, refusal),
        said="saved",
    )


def _shown(visit: Visit, form: Form, refusal: Refusal | None) -> Response:
    party = visit.own_party()
    with visit.desk.store.view() as view:
        balances = between(carriages_of(view, [party.id]), party.id)
        agreed = [
            row for row in list_transfers(view, [party.id], Page(limit=100))[0] if row.state == "pending"
        ]
        bids = may_be_in_kind(view, party.id, [row.about_id for row in agreed if row.about_kind == "bid"])
        payers = [row.payer.partition(":")[2] for row in agreed]
        names = party_names(view, [*balances, *payers])
        year = year_so_far(visit.desk, view, party.id)
    return page(
        visit,
        "mutual_aid.html",
        form=form,
        refusal=refusal,
        party=party,
        year=year,
        balances=sorted(balances.items(), key=lambda one: names.get(one[0], "")),
        open_rides=[
            (row.about_id, names.get(payer, ""), row.cents)
            for row, payer in zip(agreed, payers, strict=True)
            if row.about_id in bids
        ],
        names=names,
    )
