"""Sites on the wire."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field
from sqlalchemy import Row

from api.shapes.words import Id, Name, Shape, Text, known_moment
from pooling.names import PLAIN
from pooling.site import ADDRESS_LIMIT, CONTACT_LIMIT, PHONE, PHONE_LIMIT
from pooling.week import EXAMPLE, WEEK_LENGTH

ADDRESS = "12 chemin de la Colle, 06320 La Turbie"
PostalAddress = Annotated[str, Field(max_length=ADDRESS_LIMIT, pattern=PLAIN)]
Contact = Annotated[str, Field(max_length=CONTACT_LIMIT, pattern=PLAIN)]
Phone = Annotated[str, Field(max_length=PHONE_LIMIT, pattern=PHONE)]
HOUR = r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$"


class SiteWish(Shape):
    """A pickup and drop point."""

    party: Id = Field(description="Whose site it is.", examples=["pty_01hg0000abcd"])
    name: Name = Field(description="How people call it.", examples=["Ferme de la Colle, cour"])
    lat: float = Field(ge=-90, le=90, description="Latitude, WGS 84 degrees.", examples=[43.7431])
    lon: float = Field(ge=-180, le=180, description="Longitude, WGS 84 degrees.", examples=[7.3652])
    opens: str = Field("00:00", pattern=HOUR, description="From when somebody is there.", examples=["06:00"])
    closes: str = Field("24:00", pattern=HOUR, description="Until when.", examples=["20:00"])
    week: str = Field(
        "",
        max_length=WEEK_LENGTH,
        pattern=PLAIN,
        description="Hours by weekday as the map writes them, in the place of those of every day. "
        "A weekday that is not named is closed.",
        examples=[EXAMPLE],
    )
    note: Text = Field("", description="What a driver must know.", examples=["Second gate, ring twice"])
    address: PostalAddress = Field("", description="Its postal address in full.", examples=[ADDRESS])
    contact: Contact = Field("", description="Whom a driver asks for.", examples=["Jeanne Morel"])
    phone: Phone = Field("", description="Under which number.", examples=["+33 6 12 34 56 78"])
    tail_lift: bool = Field(
        default=False,
        description="Whether a van needs a tail lift there: for crates entered from now on.",
        examples=[False],
    )


class SiteShown(BaseModel):
    """A site as it stands."""

    id: Id = Field(description="The site.", examples=["site_01hg0000abcd"])
    party: Id = Field(description="Whose site it is.", examples=["pty_01hg0000abcd"])
    name: str = Field(description="How people call it.", examples=["Ferme de la Colle, cour"])
    lat: float = Field(description="Latitude, WGS 84 degrees.", examples=[43.7431])
    lon: float = Field(description="Longitude, WGS 84 degrees.", examples=[7.3652])
    opens: str = Field(description="From when somebody is there, local.", examples=["06:00"])
    closes: str = Field(description="Until when, local.", examples=["20:00"])
    week: str = Field(
        description="Hours by weekday, empty where they are the same every day; opens and closes are then "
        "the earliest and the latest of them.",
        examples=[EXAMPLE],
    )
    note: str = Field(description="What a driver must know.", examples=["Second gate, ring twice"])
    address: str = Field(description="Its postal address in full.", examples=[ADDRESS])
    contact: str = Field(description="Whom a driver asks for.", examples=["Jeanne Morel"])
    phone: str = Field(description="Under which number.", examples=["+33 6 12 34 56 78"])
    tail_lift: bool = Field(description="Whether a van needs a tail lift there.", examples=[False])
    created: datetime = Field(description="When it was entered.", examples=["2026-09-10T08:00:00Z"])
    revision: int = Field(description="Raised by each change.", examples=[1])


def shown(row: Row[Any]) -> SiteShown:
    return SiteShown(
        id=row.id,
        party=row.party_id,
        name=row.name,
        lat=row.lat,
        lon=row.lon,
        opens=hour(row.opens_s),
        closes=hour(row.closes_s),
        week=row.week,
        note=row.note,
        address=row.address,
        contact=row.contact,
        phone=row.phone,
        tail_lift=row.tail_lift,
        created=known_moment(row.created_at),
        revision=row.revision,
    )


def hour(wall_s: int) -> str:
    return f"{wall_s // 3600:02d}:{wall_s % 3600 // 60:02d}"


def wall_seconds(hour: str) -> int:
    hours, minutes = hour.split(":")
    return int(hours) * 3600 + int(minutes) * 60
