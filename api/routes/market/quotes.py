"""Quotes: the price of a ride, held for a while."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from sqlalchemy import Row

from api.asking import Paging, TheHouse, Who, Wish
from api.routes.market.bids import NO_RIDE
from api.routes.trips.trips import TripId
from api.shapes.market.quotes import QUOTE, QuoteShown, QuoteWish, quote_shown
from api.shapes.words import SIGNED_IN, WRITES, Id, Listed, refusals
from pooling.desk.market.quotes import quote_offer
from pooling.desk.trips.cancel_terms import terms_of_trips
from pooling.store import View
from pooling.store.quotes import find_quote, list_quotes

router = APIRouter(tags=["quotes"])
QuoteId = Annotated[Id, Path(description="The quote.", examples=[QUOTE])]


@router.post(
    "/trips/{trip_id}/quotes",
    status_code=201,
    summary="Hold a price",
    operation_id="quote_offer",
    responses=refusals(*WRITES, "not_found", "too_many_quotes", *NO_RIDE),
)
def give(house: TheHouse, who: Who, ask: Wish, trip_id: TripId, wish: QuoteWish) -> QuoteShown:
    """
    Hold the price of a ride for a shipment of yours: 2 hours, at most until the trip's cut-off.

    It holds the price, not the room: a bid by this quote is decided on the trip as it then stands, and
    pays at most this, for as long as the bid waits for its answer.
    """
    quote_id = quote_offer(house.desk, who, ask, trip_id, wish.shipment)
    with house.desk.store.view() as view:
        return _all_shown(view, [find_quote(view, quote_id)])[0]


@router.get("/quotes", summary="List quotes", operation_id="list_quotes", responses=refusals(*SIGNED_IN))
def listed(
    house: TheHouse,
    who: Who,
    page: Paging,
    shipment: Annotated[
        Id | None, Query(description="Only those for this shipment.", examples=["shp_01hg0000abcd"])
    ] = None,
) -> Listed[QuoteShown]:
    """List the quotes that still hold for your parties; an operator sees all."""
    parties = None if who.is_operator else who.manages
    with house.desk.store.view() as view:
        rows, after = list_quotes(view, parties, page, shipment_id=shipment or "")
        return Listed(items=_all_shown(view, rows), next=after)


@router.get(
    "/quotes/{quote_id}",
    summary="Read a quote",
    operation_id="read_quote",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def read(house: TheHouse, who: Who, quote_id: QuoteId) -> QuoteShown:
    """Read a quote of yours, whether it still holds or not."""
    with house.desk.store.view() as view:
        row = find_quote(view, quote_id)
        who.must_see("quote", quote_id, row.payer_id)
        return _all_shown(view, [row])[0]


def _all_shown(view: View, rows: Sequence[Row[Any]]) -> list[QuoteShown]:
    terms = terms_of_trips(view, [row.trip_id for row in rows])
    return [quote_shown(row, terms[row.trip_id]) for row in rows]
