"""Offers and bids: who could carry these crates, and the most that is given for it."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from sqlalchemy import Row

from api.asking import Paging, Revision, TheHouse, Who, Wish
from api.routes.goods.shipments import NONSENSE
from api.routes.trips.trips import TripId
from api.shapes.market.bids import AcceptWish, BidShown, BidWish, CounterWish, TakeCounterWish, bid_shown
from api.shapes.market.offers import OffersShown, OfferWish, offers_shown
from api.shapes.words import CHANGES, SIGNED_IN, WRITES, Id, Listed, refusals
from api.spoken import Spoken
from geodata.refusal import Refusal
from pooling.desk import Actor
from pooling.desk.market.bids import (
    accept_bid,
    counter_bid,
    place_bid,
    refuse_bid,
    take_counter,
    withdraw_bid,
)
from pooling.desk.market.offers import find_offers
from pooling.desk.runs.no_shows import say_nobody_came
from pooling.desk.trips.cancel_terms import terms_of_bid, terms_of_trips
from pooling.store import View
from pooling.store.bids import find_bid, list_bids
from pooling.store.communities import targets_of
from pooling.store.shipments import shipments_by_id
from pooling.store.trips import owners_of

router = APIRouter(tags=["bids"])
AS_BID, AS_COUNTERED = AcceptWish(), TakeCounterWish()
BidId = Annotated[Id, Path(description="The bid.", examples=["bid_01hg0000abcd"])]
NO_RIDE = (
    "cover_not_accepted",
    "members_only",
    "trip_not_open",
    "trip_impossible",
    "cutoff_passed",
    "shipment_not_open",
    "other_day",
    "own_trip",
    "pair_blocked",
    "hours_impossible",
    "no_room",
    "no_compartment",
    "no_tail_lift",
    "drop_hours_missed",
    "pickup_hours_missed",
    "detour_too_long",
    "promise_would_break",
    "vehicle_off_duty",
    "does_not_fit",
    "route_full",
    "outside_stops",
    "bid_below_detour",
    "bid_below_asked",
    "dearer_than_alone",
    "detour_above_cap",
    "above_shareable_cost",
    "not_own_goods",
    "payer_not_a_farm",
    "owner_not_a_farm",
    "outside_radius",
    "not_in_group",
    "group_not_confirmed",
    "farm_not_confirmed",
    "not_private",
    "licence_missing",
    "not_vetted_for_hire",
    "kind_not_carried",
    "quote_not_borne",
)
HELD = ("no_room_held", "held_enough", "naming_over")
QUOTES = ("quote_expired", "quote_elsewhere")


class NothingAsked(Refusal):
    code = "nothing_asked"
    reason = "It is not clear what is to be carried."
    cure = "Name either a shipment of yours, or crates with their sites and hours."


@router.post(
    "/offers",
    summary="Find offers",
    operation_id="find_offers",
    responses=refusals(
        *SIGNED_IN, "not_allowed", "not_found", "nothing_asked", "shipment_not_open", *NONSENSE
    ),
)
def offers(house: TheHouse, who: Who, wish: OfferWish, say: Spoken) -> OffersShown:
    """
    Look for rides of that day for a shipment of yours, or for crates that you have not entered.

    Each offer is decided by the same rules as an acceptance, as things stand now; what does not fit
    is told with its true reason and the smallest change that would do. Nothing is held. The trips that
    pass nearest are tried first, until there are 12 offers to choose from; a proposed tour is offered at the
    share that joining it would give now.
    """
    wanted = wish.shipment or (wish.crates.words(house.desk) if wish.crates else None)
    if wanted is None or (wish.shipment and wish.crates):
        raise NothingAsked
    return offers_shown(find_offers(house.desk, who, wanted, sort=wish.sort), wish, say)


@router.post(
    "/trips/{trip_id}/bids",
    status_code=201,
    summary="Bid on a trip",
    operation_id="place_bid",
    response_model=BidShown,
    responses=refusals(
        *WRITES, "not_found", "bid_stands", "too_many_bids", "expiry_past", "no_mutual_aid", *QUOTES, *NO_RIDE
    ),
)
def place(house: TheHouse, who: Who, ask: Wish, trip_id: TripId, wish: BidWish) -> Response:
    """
    Bid for a shipment's room on a trip: the most that its payer would give.

    What could never be accepted is refused at once. The owner answers within 4 waking hours (6 to 22,
    local) unless you say until when, at most until the trip's cut-off; an instant trip answers now.
    A bid in the last minutes moves the cut-off a little, a few times at most. By a `quote` that
    holds you pay at most its price.
    """
    placed = place_bid(house.desk, who, ask, trip_id, wish.shipment, wish.most_cents, wish.terms())
    return _shown(house, who, placed, 201)


@router.get("/bids", summary="List bids", operation_id="list_bids", responses=refusals(*SIGNED_IN))
def listed(
    house: TheHouse,
    who: Who,
    page: Paging,
    trip: Annotated[
        Id | None, Query(description="Only those on this trip.", examples=["trip_01hg0000abcd"])
    ] = None,
    shipment: Annotated[
        Id | None, Query(description="Only those for this shipment.", examples=["shp_01hg0000abcd"])
    ] = None,
) -> Listed[BidShown]:
    """List the bids that your parties placed, and those on their trips; an operator sees all."""
    parties = None if who.is_operator else who.manages
    with house.desk.store.view() as view:
        rows, after = list_bids(view, parties, page, trip_id=trip or "", shipment_id=shipment or "")
        return Listed(items=all_bids_shown(view, who, rows), next=after)


@router.get(
    "/bids/{bid_id}",
    summary="Read a bid",
    operation_id="read_bid",
    responses=refusals(*SIGNED_IN, "not_found"),
)
def read(house: TheHouse, who: Who, bid_id: BidId, response: Response) -> BidShown:
    """Read a bid that you placed, or one on your own trip."""
    with house.desk.store.view() as view:
        row = find_bid(view, bid_id)
        who.must_see("bid", bid_id, row.payer_id, owners_of(view, [row.trip_id])[row.trip_id])
        response.headers["ETag"] = f'"{row.revision}"'
        return all_bids_shown(view, who, [row])[0]


@router.post(
    "/bids/{bid_id}/accept",
    summary="Accept a bid",
    operation_id="accept_bid",
    response_model=BidShown,
    responses=refusals(
        *CHANGES, "bid_closed", "bid_expired", "bundle_does_not_fit", "no_mutual_aid", *HELD, *NO_RIDE
    ),
)
def accept(
    house: TheHouse,
    who: Who,
    ask: Wish,
    bid_id: BidId,
    revision: Revision,
    wish: AcceptWish = AS_BID,
) -> Response:
    """
    Accept a bid on your trip: the crates ride, at hours that are promised from now on.

    The price is made by the rule, never above the bid, and owed when the crates are handed over; in kind
    nothing is, and it is counted in the balance of mutual aid.
    """
    accepted = accept_bid(house.desk, who, ask, bid_id, revision, in_kind=wish.in_kind)
    return _shown(house, who, accepted)


@router.post(
    "/bids/{bid_id}/refuse",
    summary="Refuse a bid",
    operation_id="refuse_bid",
    response_model=BidShown,
    responses=refusals(*CHANGES, "bid_closed", "bid_expired"),
)
def refuse(house: TheHouse, who: Who, ask: Wish, bid_id: BidId, revision: Revision) -> Response:
    """Refuse a bid on your trip."""
    return _shown(house, who, refuse_bid(house.desk, who, ask, bid_id, revision))


@router.post(
    "/bids/{bid_id}/counter",
    summary="Counter a bid",
    operation_id="counter_bid",
    response_model=BidShown,
    responses=refusals(
        *CHANGES, "bid_closed", "bid_expired", "quote_holds", "bundle_does_not_fit", *HELD, *NO_RIDE
    ),
)
def counter(
    house: TheHouse, who: Who, ask: Wish, bid_id: BidId, wish: CounterWish, revision: Revision
) -> Response:
    """
    Ask for another amount. The bid stays as it is; its payer takes the counter or does not.

    On a registered carrier's trip the payer pays what is asked. Where cost is shared only the most that it
    would pay moves: it pays its share of the cost (`price_cents` of the answer, as things stand), at most
    `counter_cents`.
    """
    return _shown(house, who, counter_bid(house.desk, who, ask, bid_id, revision, wish.cents))


@router.post(
    "/bids/{bid_id}/take-counter",
    summary="Take the counter-offer",
    operation_id="take_counter",
    response_model=BidShown,
    responses=refusals(
        *CHANGES, "bid_closed", "bid_expired", "not_countered", "bundle_does_not_fit", *HELD, *NO_RIDE
    ),
)
def take(
    house: TheHouse,
    who: Who,
    ask: Wish,
    bid_id: BidId,
    revision: Revision,
    wish: TakeCounterWish = AS_COUNTERED,
) -> Response:
    """
    Take what the owner asked: the ride is agreed, for at most that amount.

    Where driving alone would cost you less you are told both amounts first (`dearer_than_alone`); say
    `above_alone` to take it all the same.
    """
    taken = take_counter(house.desk, who, ask, bid_id, revision, above_alone=wish.above_alone)
    return _shown(house, who, taken)


@router.post(
    "/bids/{bid_id}/withdraw",
    summary="Withdraw a bid",
    operation_id="withdraw_bid",
    response_model=BidShown,
    responses=refusals(*CHANGES, "bid_closed", "trip_set_out", "trip_not_open", "trip_impossible"),
)
def withdraw(house: TheHouse, who: Who, ask: Wish, bid_id: BidId, revision: Revision) -> Response:
    """
    Withdraw a bid of yours; after acceptance too, until the trip sets out or is frozen.

    The room is given back. Until the cut-off nothing is owed any more, after it the share of the price that
    its `terms` say. Where other guests ride only because you paid for the way to them, you owe the owner
    that difference. In all never more than your price: see `owed_cents` of the answer.
    """
    return _shown(house, who, withdraw_bid(house.desk, who, ask, bid_id, revision))


@router.post(
    "/bids/{bid_id}/no-show",
    summary="Say that nobody came",
    operation_id="say_nobody_came",
    response_model=BidShown,
    responses=refusals(*WRITES, "not_found", "bid_closed", "hour_not_over", "report_late", "pickup_noted"),
)
def nobody_came(house: TheHouse, who: Who, ask: Wish, bid_id: BidId) -> Response:
    """
    Say that the van did not come to your pickup, within 7 days of the promised hour.

    It counts for the owner's trust unless its driver noted anything of the pickup. What you agreed to pay is
    owed only for crates that are handed over.
    """
    return _shown(house, who, say_nobody_came(house.desk, who, ask, bid_id))


def _shown(house: TheHouse, who: Actor, bid_id: str, status: int = 200) -> Response:
    """Answer with a bid as it stands, in words made here: FastAPI would take another thread to look at it."""
    with house.desk.store.view() as view:
        shown = all_bids_shown(view, who, [find_bid(view, bid_id)])[0]
    return Response(shown.model_dump_json(), status, media_type="application/json")


def all_bids_shown(view: View, who: Actor, rows: Sequence[Row[Any]]) -> list[BidShown]:
    shipments = shipments_by_id(view, [row.shipment_id for row in rows])
    trips = [row.trip_id for row in rows]
    terms, targets = terms_of_trips(view, trips), targets_of(view, "trip", trips)
    return [
        bid_shown(
            row,
            shipments[row.shipment_id],
            terms_of_bid(row, terms[row.trip_id]),
            targets.get(row.trip_id),
            to_payer=who.is_operator or who.acts_for(row.payer_id),
        )
        for row in rows
    ]
