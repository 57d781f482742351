"""The page that proves who pays what of a tour: to each payer its own share, to the operator all."""

from fastapi import APIRouter
from starlette.responses import Response

from api.pages.names import party_names
from api.pages.press import page
from api.pages.sharing_rules import RULE_NAMES
from api.pages.visit import Signed
from pooling.desk.tours.share_proofs import prove_shares
from pooling.store.tours import find_tour

router = APIRouter()


@router.get("/tours/{tour_id}/shares")
def shares(visit: Signed, tour_id: str) -> Response:
    with visit.desk.store.view() as view:
        row = find_tour(view, tour_id)
    found = prove_shares(visit.desk, visit.who, tour_id)
    with visit.desk.store.view() as view:
        names = party_names(view, [one.line.party for one in found.items])
    return page(
        visit,
        "tour_shares.html",
        tour=row,
        found=found,
        names=names,
        operates=visit.who.acts_for(row.operator_id),
        rules=RULE_NAMES,
    )
