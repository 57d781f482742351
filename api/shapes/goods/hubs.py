"""Hubs on the wire."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy import Row

from api.shapes.goods.sites import ADDRESS, hour
from api.shapes.words import Id, Shape, known_moment
from pooling.desk.goods.hubs import AtHub
from pooling.goods.hub import HUB_CRATES_LIMIT, HubRoom, HubUse
from pooling.week import EXAMPLE

Kept = Annotated[int, Field(ge=0, le=HUB_CRATES_LIMIT)]
SITE = "site_01hg0000abcd"


class HubWish(Shape):
    """What a site keeps of others' crates in a day; 0 of each: it is no hub."""

    ambient: Kept = Field(0, description="Crates that need no cold.", examples=[60])
    chilled: Kept = Field(0, description="Chilled crates.", examples=[20])
    frozen: Kept = Field(0, description="Frozen crates.", examples=[0])

    def room(self) -> HubRoom:
        return HubRoom(self.ambient, self.chilled, self.frozen)


class HubShown(BaseModel):
    """A hub: crates may be brought there, or fetched there."""

    site: Id = Field(description="Its site.", examples=[SITE])
    name: str = Field(description="How people call it.", examples=["Plateforme de Beausoleil"])
    keeper: str = Field(description="Who keeps it.", examples=["Paniers du Mentonnais"])
    lat: float = Field(description="Latitude, WGS 84 degrees.", examples=[43.7431])
    lon: float = Field(description="Longitude, WGS 84 degrees.", examples=[7.4231])
    address: str = Field(description="Its postal address.", examples=[ADDRESS])
    opens: str = Field(description="From when somebody is there, local.", examples=["06:00"])
    closes: str = Field(description="Until when, local.", examples=["20:00"])
    week: str = Field(
        description="Hours by weekday, empty where they are the same every day.", examples=[EXAMPLE]
    )
    ambient: int = Field(description="Crates that need no cold, in a day.", examples=[60])
    chilled: int = Field(description="Chilled crates, in a day.", examples=[20])
    frozen: int = Field(description="Frozen crates, in a day.", examples=[0])
    revision: int = Field(description="The revision of its site: send it as If-Match.", examples=[2])


class AtHubShown(BaseModel):
    """Crates that wait at a hub: for whoever keeps it."""

    shipment: Id = Field(description="The shipment.", examples=["shp_01hg0000abcd"])
    shipper: str = Field(description="Whose crates they are.", examples=["Ferme du Vallon"])
    use: HubUse = Field(
        description="`bring`: its sender brings them, a vehicle collects them; `fetch`: a vehicle delivers "
        "them, their receiver fetches them.",
        examples=["bring"],
    )
    day: date = Field(description="The day, local.", examples=["2026-09-12"])
    starts: datetime = Field(
        description="From then on they are there: collected, or delivered.", examples=["2026-09-12T05:00:00Z"]
    )
    ends: datetime = Field(
        description="Until then they are collected, or delivered.", examples=["2026-09-12T08:00:00Z"]
    )
    temperature: Literal["ambient", "chilled", "frozen"] = Field(
        description="The class in which they are kept.", examples=["ambient"]
    )
    crates: int = Field(description="How many.", examples=[6])
    room_left: int = Field(
        description="How many more of this class the hub could take that day.", examples=[54]
    )


def at_hub_shown(one: AtHub) -> AtHubShown:
    row, brought = one.row, one.use == "bring"
    return AtHubShown(
        shipment=row.id,
        shipper=row.shipper_name,
        use=one.use,
        day=row.day,
        starts=known_moment(row.ready_at if brought else row.deliver_from_at),
        ends=known_moment(row.pickup_by_at if brought else row.deliver_by_at),
        temperature=row.temperature,
        crates=row.crates,
        room_left=one.room_left,
    )


def hub_shown(row: Row[Any], keeper: str) -> HubShown:
    return HubShown(
        site=row.id,
        name=row.name,
        keeper=keeper,
        lat=row.lat,
        lon=row.lon,
        address=row.address,
        opens=hour(row.opens_s),
        closes=hour(row.closes_s),
        week=row.week,
        ambient=row.hub_ambient,
        chilled=row.hub_chilled,
        frozen=row.hub_frozen,
        revision=row.revision,
    )
