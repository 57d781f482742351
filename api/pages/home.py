"""Home: what is next, for each audience; for an operator the board of the day."""

from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Row
from starlette.responses import Response

from api.pages.board import board_map, manifests_of_day, next_busy_day, tours_of_day, trips_of_day
from api.pages.forms import asked
from api.pages.names import has_sites, party_names
from api.pages.press import go, page
from api.pages.states import BIDS, MANIFESTS, ORDERS, SHIPMENTS, TOURS, TRIPS, colour
from api.pages.visit import Signed, Visit
from pooling.desk.trips.held_room import is_unnamed
from pooling.party import Role
from pooling.runs.manifest_json import read_manifest
from pooling.store import Page, View
from pooling.store.bids import list_bids
from pooling.store.manifests import list_manifests
from pooling.store.orders import list_orders
from pooling.store.reservations import list_reservations
from pooling.store.shipments import list_shipments, shipments_by_id
from pooling.store.sites import sites_by_id
from pooling.store.tours import crates_aboard
from pooling.store.trips import owners_of, stops_of
from pooling.store.trips_ahead import trips_ahead

router = APIRouter()

LOOKED_AT = Page(limit=100)
SHOWN = 5


@router.get("/")
def home(visit: Signed) -> Response:
    if visit.party is None:
        return go("/party")
    if visit.role in ("driver", Role.CARRIER.value):
        return _drivers(visit)
    if visit.role == Role.OPERATOR.value:
        return _board(visit)
    return _whats_next(visit)


@router.get("/board/map.svg")
def drawn(visit: Signed) -> Response:
    """Draw the roads of the region with the ways of a day."""
    visit.own_party(Role.OPERATOR)
    day = asked(visit).day("day", visit.moments.today)
    with visit.desk.store.view() as view:
        svg = board_map(view, visit, day)
    return Response(svg, media_type="image/svg+xml", headers={"Cache-Control": "private, max-age=30"})


def _board(visit: Visit) -> Response:
    form = asked(visit)
    with visit.desk.store.view() as view:
        today = visit.moments.today
        day = form.day("day", today) if form.value("day") else next_busy_day(view, today)
        tours, trips = tours_of_day(view, day), trips_of_day(view, day)
        manifests = manifests_of_day(view, day)
        stops = stops_of(view, [row.id for row in trips])
        sites = sites_by_id(
            view,
            [stop.site_id for one in stops.values() for stop in one]
            + [end for row in tours for end in (row.start_site_id, row.end_site_id)],
        )
        names = party_names(view, [*(row.carrier_id for row in tours), *(row.owner_id for row in trips)])
        aboard = crates_aboard(view, [row.id for row in tours])
    return page(
        visit,
        "board.html",
        day=day,
        before=day - timedelta(days=1),
        following=day + timedelta(days=1),
        tours=tours,
        trips=trips[:SHOWN],
        manifests={(row.ride_kind, row.ride_id): row for row in manifests},
        stops=stops,
        sites=sites,
        names=names,
        aboard=aboard,
        tour_states=TOURS,
        trip_states=TRIPS,
        colour=colour,
    )


def _drivers(visit: Visit) -> Response:
    """Show who drives its manifests, those to come first."""
    with visit.desk.store.view() as view:
        rows, _ = list_manifests(view, visit.who.parties, LOOKED_AT)
        party = visit.party if visit.role == Role.CARRIER else None
        bids, owners = _waiting_bids(view, party.id) if party is not None else ([], {})
        bid_on = shipments_by_id(view, [row.shipment_id for row in bids])
        names = party_names(
            view, [*(row.carrier_id for row in rows), *(row.payer_id for row in bids), *owners.values()]
        )
    sheets = {row.id: read_manifest(row.body) for row in rows if row.state in ("frozen", "under_way")}
    return page(
        visit,
        "driver_home.html",
        manifests=sorted(
            (row for row in rows if row.id in sheets), key=lambda row: (row.day, sheets[row.id].departs)
        ),
        sheets=sheets,
        bids=bids,
        bid_on=bid_on,
        owners=owners,
        names=names,
        states=MANIFESTS,
        colour=colour,
    )


def _whats_next(visit: Visit) -> Response:
    today = visit.moments.today
    assert visit.party is not None  # noqa: S101 - whoever acts for nobody is sent on before
    party_id = visit.party.id
    with visit.desk.store.view() as view:
        bids, owners = _waiting_bids(view, party_id)
        orders, _ = list_orders(view, [party_id], LOOKED_AT)
        shipments, _ = list_shipments(view, [party_id], LOOKED_AT)
        trips = _ahead(trips_ahead(view, party_id, today, Page(limit=4 * SHOWN))[0], today)
        shipments = _ahead(shipments, today)
        stops = stops_of(view, [row.id for row in trips])
        rooms = _rooms_to_name(view, party_id)
        bid_on = shipments_by_id(view, [row.shipment_id for row in (*bids, *rooms)])
        sites = sites_by_id(
            view,
            [stop.site_id for one in stops.values() for stop in one]
            + [end for row in (*shipments, *bid_on.values()) for end in (row.from_site_id, row.to_site_id)],
        )
        settled = has_sites(view, visit)
        asked_for = [row for row in orders if row.state == "asked"]
        names = party_names(
            view,
            [*(row.payer_id for row in bids), *owners.values()]
            + [one for row in asked_for for one in (row.buyer_id, row.producer_id)],
        )
    return page(
        visit,
        "home.html",
        settled=settled,
        bids=bids,
        rooms=rooms,
        owners=owners,
        bid_on=bid_on,
        orders=asked_for[:SHOWN],
        shipments=shipments[:SHOWN],
        trips=trips[:SHOWN],
        stops=stops,
        sites=sites,
        names=names,
        shipment_states=SHIPMENTS,
        order_states=ORDERS,
        trip_states=TRIPS,
        bid_states=BIDS,
        colour=colour,
    )


def _waiting_bids(view: View, party_id: str) -> tuple[list[Row[Any]], dict[str, str]]:
    """List the bids that this party has to answer: open ones on its trips, counter-offers to its own."""
    rows, _ = list_bids(view, [party_id], LOOKED_AT)
    owners = dict(owners_of(view, [row.trip_id for row in rows]))
    waiting = [
        row
        for row in rows
        if (row.state == "open" and owners[row.trip_id] == party_id)
        or (row.state == "countered" and row.payer_id == party_id)
    ]
    return waiting, owners


def _rooms_to_name(view: View, party_id: str) -> list[Row[Any]]:
    """List the room that this party holds for goods that it has still to name, the first hour first."""
    rows, _ = list_reservations(view, [party_id], LOOKED_AT)
    held = [row for row in rows if row.payer_id == party_id and row.state == "accepted" and is_unnamed(row)]
    return sorted(held, key=lambda row: (row.name_by_at, row.id))


def _ahead(rows: Any, today: date) -> list[Row[Any]]:  # noqa: ANN401
    """Keep what is still to come, the nearest first."""
    ended = ("cancelled", "done", "delivered", "failed")
    return sorted(
        (row for row in rows if row.day >= today and row.state not in ended),
        key=lambda row: (row.day, row.id),
    )
