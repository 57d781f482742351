"""The page that proves who pays what of a tour: to each payer its own share, to the operator all."""

from fastapi import APIRouter
from starlette.responses import Response

from api.pages.names import party_names
from api.pages.press import page
from api.pages.tours.sharing_rules import RULE_NAMES
from api.pages.visit import Signed
from pooling.desk.tours.share_proofs import prove_shares
from pooling.fair.charging import How
from pooling.phrases import message
from pooling.store.communities import find_community
from pooling.store.schema import prefix_of
from pooling.store.tours import find_tour

router = APIRouter()

HOW: dict[How, str] = {
    "rule": "",
    "equal_profit": message(
        "More than 16 pay: in place of the nucleolus all save the same part, as nearly as can be."
    ),
    "told": message("By this rule everybody pays what it was told last: together the cost, to the cent."),
    "caps": message("What all may pay at most is less than the cost: everybody pays its most."),
    "one": message("One payer rides by itself."),
    "alone_unknown": message(
        "Somebody's day alone is not known, so groups could not be asked: shared in proportion to alone."
    ),
    "unsolved": message("No shares were found by the rule: shared in proportion to alone instead."),
}
"""What is said of how shares were found, where that was not simply by the rule."""


@router.get("/tours/{tour_id}/shares")
def shares(visit: Signed, tour_id: str) -> Response:
    with visit.desk.store.view() as view:
        row = find_tour(view, tour_id)
    found = prove_shares(visit.desk, visit.who, tour_id)
    with visit.desk.store.view() as view:
        names = dict(party_names(view, [*(one.party for one in found.items), found.gap_taker]))
        if prefix_of(found.gap_taker) == "com":
            names[found.gap_taker] = find_community(view, found.gap_taker).name
    return page(
        visit,
        "tour_shares.html",
        tour=row,
        found=found,
        names=names,
        operates=visit.who.acts_for(row.operator_id),
        rules=RULE_NAMES,
        how=HOW,
    )
