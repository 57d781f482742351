"""What delivering oneself costs: for anybody, signed in or not."""

from fastapi import APIRouter

from api.asking import TheHouse
from api.costing import cost_of
from api.shapes.costs import CostShown, CostWish, cost_shown
from api.shapes.words import ROADS, refusals

router = APIRouter(tags=["costs"])
ADDRESSES = ("address_unknown", "address_doubtful", "address_outside", "degrees_swapped")


@router.post(
    "/costs",
    summary="Tell what delivering oneself costs",
    operation_id="tell_cost",
    responses=refusals(*ADDRESSES, "off_road", *ROADS),
)
def told(house: TheHouse, wish: CostWish) -> CostShown:
    """
    Reckon a farm's own deliveries of a day, from addresses and crates: line by line, in the best order.

    The figures have defaults with their sources; each can be said otherwise. Nothing of it is kept.
    """
    found, labels = cost_of(
        house.region, wish.home, wish.asked(), wish.all_rates(), wish.van_crates, house.addresses
    )
    return cost_shown(found, labels, wish.runs_per_year)
