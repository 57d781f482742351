"""
Driver journeys on the wire, in the shape of the French carpool standard ("standard covoiturage").

Source: Fabrique des Mobilités, standard-covoiturage, ``standard-covoiturage_openapi.yaml`` (schemas
``DriverJourney``, ``User``, ``Price``; parameters of ``GET /driver_journeys``), Apache 2.0:
https://github.com/fabmob/standard-covoiturage. Names, units (seconds since 1970 in UTC, metres, euro)
and required fields are the standard's; ``availableCrates``, ``carries`` and ``tailLift`` are ours, for a van
has crates of some kinds of goods, not seats.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from api.shapes.trips.trips import CARRIES, PARTY, TAIL_LIFT, Carries, Free
from api.shapes.words import FIRST_YEAR, LAST_YEAR, Id, Name, Shape
from geodata.place import Place
from pooling.desk.trips.carpool import Journey, JourneyWords
from pooling.figures import TRIP_DETOUR
from pooling.intake.trips import DETOUR_MIN_LIMIT
from pooling.kinds import GoodsKind, in_order, read_kinds
from pooling.load import UNLIMITED
from pooling.regimes import Regime

FIRST_AT = (FIRST_YEAR - 1970) * 31_557_600
LAST_AT = (LAST_YEAR - 1970) * 31_557_600
DURATION_S_LIMIT = 24 * 3600
Lat = Annotated[float, Field(ge=-90, le=90)]
Lng = Annotated[float, Field(ge=-180, le=180)]
At = Annotated[int, Field(ge=FIRST_AT, le=LAST_AT)]
Address = Annotated[str, Field(max_length=90)]


class CarpoolUser(BaseModel):
    """Who drives: a party, by the name that everybody sees."""

    id: str = Field(description="The party.", examples=[PARTY])
    operator: str = Field(description="The host name of this house.", examples=["carriole.example"])
    alias: str = Field(description="How people call it.", examples=["Ferme de la Colle"])


class CarpoolPrice(BaseModel):
    """A price: unknown until there is a bid."""

    type: Literal["FREE", "PAYING", "UNKNOWN"] = Field(description="Whether it costs.", examples=["UNKNOWN"])
    currency: str = Field("EUR", description="ISO 4217.", examples=["EUR"])


class CratesFree(BaseModel):
    """Crates that still fit on all of that way."""

    ambient: int = Field(description="Ambient.", examples=[14])
    chilled: int = Field(description="Chilled.", examples=[0])
    frozen: int = Field(description="Frozen.", examples=[0])


class DriverJourney(BaseModel):
    """An open trip between two of its stops, as the standard's ``DriverJourney``."""

    id: str = Field(description="The trip.", examples=["trip_01hg0000abcd"])
    type: Literal["PLANNED"] = Field("PLANNED", description="Announced ahead.", examples=["PLANNED"])
    driver: CarpoolUser = Field(description="Who drives.")
    passengerPickupLat: float = Field(description="Where the crates get on.", examples=[43.7431])  # noqa: N815
    passengerPickupLng: float = Field(description="Its longitude.", examples=[7.3652])  # noqa: N815
    passengerPickupAddress: str = Field(description="Its name.", examples=["Ferme de la Colle"])  # noqa: N815
    passengerDropLat: float = Field(description="Where they get off.", examples=[43.7384])  # noqa: N815
    passengerDropLng: float = Field(description="Its longitude.", examples=[7.4246])  # noqa: N815
    passengerDropAddress: str = Field(description="Its name.", examples=["Marché"])  # noqa: N815
    driverDepartureLat: float = Field(description="Where the trip begins.", examples=[43.7431])  # noqa: N815
    driverDepartureLng: float = Field(description="Its longitude.", examples=[7.3652])  # noqa: N815
    driverArrivalLat: float = Field(description="Where it ends.", examples=[43.7384])  # noqa: N815
    driverArrivalLng: float = Field(description="Its longitude.", examples=[7.4246])  # noqa: N815
    passengerPickupDate: int = Field(description="When, s since 1970.", examples=[1789185600])  # noqa: N815
    driverDepartureDate: int = Field(description="When it begins.", examples=[1789185600])  # noqa: N815
    duration: int = Field(description="From getting on to getting off, seconds.", examples=[1800])
    distance: int | None = Field(
        None, description="From getting on to getting off, metres by road.", examples=[21000]
    )
    price: CarpoolPrice = Field(description="Its price.")
    availableCrates: CratesFree = Field(description="Ours: what still fits.")  # noqa: N815
    carries: list[GoodsKind] = Field(description=f"Ours: {CARRIES.lower()}", examples=[["dry"]])
    tailLift: bool = Field(  # noqa: N815
        description="Ours: whether the van has a tail lift.", examples=[False]
    )
    webUrl: str = Field(  # noqa: N815
        description="Its page here.", examples=["https://carriole.example/trips/trip_01hg0000abcd"]
    )


class DriverJourneyWish(Shape):
    """A driver's journey of another system, and what the standard does not know of a van."""

    owner: Id = Field(description="Whose trip it becomes, one of your parties.", examples=[PARTY])
    regime: Regime = Field(description="The legal ground to carry on.", examples=["cotransport_agricole"])
    ambient: Free = Field(0, description="Ambient crates that are free.", examples=[20])
    chilled: Free = Field(0, description="Chilled crates that are free.", examples=[0])
    frozen: Free = Field(0, description="Frozen crates that are free.", examples=[0])
    carries: Carries = Field(default_factory=list, description=CARRIES, examples=[["dry"]])
    tailLift: bool = Field(default=False, description=TAIL_LIFT, examples=[False])  # noqa: N815
    detour_min: Annotated[int, Field(ge=0, le=DETOUR_MIN_LIMIT)] = Field(
        TRIP_DETOUR.value // 60, description="How much longer you would drive, minutes.", examples=[15]
    )
    driverAlias: Name = Field(  # noqa: N815
        description="Who is at the wheel.", examples=["Ange"]
    )
    driverDepartureLat: Lat = Field(description="Where it begins.", examples=[43.7431])  # noqa: N815
    driverDepartureLng: Lng = Field(description="Its longitude.", examples=[7.3652])  # noqa: N815
    driverDepartureAddress: Address = Field("", description="Its address.", examples=["La Colle"])  # noqa: N815
    driverArrivalLat: Lat = Field(description="Where it ends.", examples=[43.7384])  # noqa: N815
    driverArrivalLng: Lng = Field(description="Its longitude.", examples=[7.4246])  # noqa: N815
    driverArrivalAddress: Address = Field("", description="Its address.", examples=["Marché"])  # noqa: N815
    driverDepartureDate: At = Field(description="When, s since 1970, UTC.", examples=[1789185600])  # noqa: N815
    duration: Annotated[int, Field(ge=60, le=DURATION_S_LIMIT)] = Field(
        description="How long it takes, seconds.", examples=[1800]
    )
    type: Annotated[str, Field(pattern="^PLANNED$")] = Field(
        "PLANNED", description="Announced ahead: no other is taken in.", examples=["PLANNED"]
    )

    def words(self) -> JourneyWords:
        start = Place(
            lat=self.driverDepartureLat, lon=self.driverDepartureLng, name=self.driverDepartureAddress
        )
        end = Place(lat=self.driverArrivalLat, lon=self.driverArrivalLng, name=self.driverArrivalAddress)
        return JourneyWords(
            owner_id=self.owner,
            driver=self.driverAlias,
            regime=self.regime,
            start=start,
            end=end,
            leaves_at=self.driverDepartureDate,
            duration_s=self.duration,
            free=(self.ambient, self.chilled, self.frozen, UNLIMITED),
            detour_s=self.detour_min * 60,
            carries=frozenset(self.carries),
            tail_lift=self.tailLift,
        )


def journey_shown(journey: Journey, public_url: str, host: str) -> DriverJourney:
    """Say a journey in the standard's words."""
    begins, on, off, ends = journey.sites
    ambient, chilled, frozen, _ = journey.free
    return DriverJourney(
        id=journey.trip.id,
        type="PLANNED",
        driver=CarpoolUser(id=journey.trip.owner_id, operator=host, alias=journey.owner_name),
        passengerPickupAddress=on.name,
        passengerDropAddress=off.name,
        passengerPickupLat=on.place.lat,
        passengerPickupLng=on.place.lon,
        passengerDropLat=off.place.lat,
        passengerDropLng=off.place.lon,
        driverDepartureLat=begins.place.lat,
        driverDepartureLng=begins.place.lon,
        driverArrivalLat=ends.place.lat,
        driverArrivalLng=ends.place.lon,
        passengerPickupDate=journey.pickup_at,
        driverDepartureDate=journey.leaves_at,
        duration=journey.drop_at - journey.pickup_at,
        distance=journey.distance_m,
        price=CarpoolPrice(type="UNKNOWN", currency="EUR"),
        availableCrates=CratesFree(ambient=ambient, chilled=chilled, frozen=frozen),
        carries=list(in_order(read_kinds(journey.trip.carries))),
        tailLift=journey.trip.tail_lift,
        webUrl=f"{public_url}/trips/{journey.trip.id}",
    )
