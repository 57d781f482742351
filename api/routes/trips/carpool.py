"""
Trips out and in, in the shape of the carpool standard (see ``api.shapes.trips.carpool`` for its source).
"""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Query

from api.asking import TheHouse, Who, Wish
from api.routes.trips.trips import NONSENSE, shown
from api.shapes.trips.carpool import At, DriverJourney, DriverJourneyWish, Lat, Lng, journey_shown
from api.shapes.trips.trips import TripShown
from api.shapes.words import SIGNED_IN, WRITES, refusals
from geodata.place import Place
from pooling.desk.trips.carpool import JOURNEYS_LIMIT, Wanted, find_journeys, take_journey

router = APIRouter(prefix="/carpool", tags=["carpool"])
RADIUS_KM_LIMIT = 50
MARGIN_S_LIMIT = 24 * 3600
Radius = Annotated[float, Query(gt=0, le=RADIUS_KM_LIMIT, description="Radius, km.", examples=[1.0])]


@router.get(
    "/driver_journeys",
    summary="Search driver journeys",
    operation_id="find_journeys",
    responses=refusals(*SIGNED_IN),
)
def found(
    house: TheHouse,
    _who: Who,
    departure_lat: Annotated[Lat, Query(alias="departureLat", description="From.", examples=[43.7431])],
    departure_lng: Annotated[Lng, Query(alias="departureLng", description="From.", examples=[7.3652])],
    arrival_lat: Annotated[Lat, Query(alias="arrivalLat", description="To.", examples=[43.7384])],
    arrival_lng: Annotated[Lng, Query(alias="arrivalLng", description="To.", examples=[7.4246])],
    departure_date: Annotated[
        At, Query(alias="departureDate", description="When, s since 1970, UTC.", examples=[1789185600])
    ],
    time_delta: Annotated[
        int, Query(alias="timeDelta", ge=0, le=MARGIN_S_LIMIT, description="± seconds.", examples=[900])
    ] = 900,
    departure_radius: Annotated[Radius, Query(alias="departureRadius")] = 1.0,
    arrival_radius: Annotated[Radius, Query(alias="arrivalRadius")] = 1.0,
    count: Annotated[
        int, Query(ge=1, le=JOURNEYS_LIMIT, description="At most so many.", examples=[20])
    ] = JOURNEYS_LIMIT,
) -> list[DriverJourney]:
    """
    Search open trips that stop near two points, as the carpool standard's driver journeys.

    Only what everybody may know of a trip: guests, prices and the way as it is driven stay inside.
    """
    wanted = Wanted(
        start=Place(lat=departure_lat, lon=departure_lng),
        end=Place(lat=arrival_lat, lon=arrival_lng),
        start_m=round(departure_radius * 1000),
        end_m=round(arrival_radius * 1000),
        at=departure_date,
        margin_s=time_delta,
    )
    public_url = house.settings.public_url
    host = urlsplit(public_url).hostname or "localhost"
    return [journey_shown(one, public_url, host) for one in find_journeys(house.desk, wanted, count)]


@router.post(
    "/driver_journeys",
    status_code=201,
    summary="Take in a driver journey",
    operation_id="take_journey",
    responses=refusals(*WRITES, "not_found", "site_name_taken", *NONSENSE),
)
def taken(house: TheHouse, who: Who, ask: Wish, wish: DriverJourneyWish) -> TripShown:
    """
    Announce another system's driver journey as a trip of your party.

    Its ends are your sites within 200 m, or are entered as sites; it may leave 15 minutes later than it says.
    """
    return shown(house, who, take_journey(house.desk, who, ask, wish.words()))
