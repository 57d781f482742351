"""What delivering oneself costs, beside today's real offers: for anybody, signed in or not."""

from fastapi import APIRouter

from api.asking import Somebody, TheHouse
from api.costing import cost_of, pooled_price
from api.shapes.goods.costs import CostShown, CostWish, Told, cost_shown
from api.shapes.words import ROADS, refusals
from api.spoken import Spoken
from pooling.costs.own_van import break_even
from pooling.desk.actor import Actor
from pooling.desk.market.asked_offers import look_beside

router = APIRouter(tags=["costs"])
ADDRESSES = ("address_unknown", "address_doubtful", "address_outside", "degrees_swapped")


@router.post(
    "/costs",
    summary="Tell what delivering oneself costs",
    operation_id="tell_cost",
    responses=refusals(
        *ADDRESSES,
        "off_road",
        "not_allowed",
        "too_far_ahead",
        "delivery_backwards",
        "delivery_at_home",
        *ROADS,
    ),
)
def told(house: TheHouse, who: Somebody, say: Spoken, wish: CostWish) -> CostShown:
    """
    Reckon a farm's own deliveries of a day, from addresses and crates: line by line, in the best order.

    The figures have defaults with their sources; each can be said otherwise. Beside it stand the rides that
    could be had today and in the coming week; whoever is not signed in sees of them what is public.
    """
    reckoned = cost_of(
        house.region, wish.home, wish.asked(), wish.all_rates(), wish.van_crates, house.addresses
    )
    payer_id = _payer(who, wish.party)
    looked = None
    if wish.days:
        asked = reckoned.beside(refrigerated=wish.refrigerated)
        looked = look_beside(house.desk, payer_id, reckoned.places["home"], asked, wish.first, wish.days)
    pooled_cents = pooled_price(reckoned.cost, wish.crate_price_cents, looked, stranger=payer_id is None)
    even = break_even(reckoned.cost, wish.van(), pooled_cents) if pooled_cents else None
    return cost_shown(Told(reckoned, wish.runs_per_year, even, looked, payer_id is not None, wish), say)


def _payer(who: Actor | None, party: str | None) -> str | None:
    """Return for whom is asked: a party that the member manages, or nobody's."""
    if who is None:
        return None
    if party is not None:
        who.must_act_for(party)
        return party
    return min(who.manages, default=None)
