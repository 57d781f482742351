"""What is said to join a tour."""

from pydantic import Field

from api.shapes.bids import COVER, CoverAccepted
from api.shapes.words import Id, Shape
from pooling.claims.cover import COVER_VERSION


class JoinWish(Shape):
    """A shipment that would ride."""

    shipment: Id = Field(
        description="An open shipment that one of your parties pays for.", examples=["shp_01hg0000abcd"]
    )
    cover: CoverAccepted = Field("", description=COVER, examples=[COVER_VERSION])
