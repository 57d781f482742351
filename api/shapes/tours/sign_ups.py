"""What is said to join a tour."""

from typing import Annotated

from pydantic import Field

from api.shapes.market.bids import COVER, CoverAccepted
from api.shapes.words import Id, Shape
from pooling.claims.cover import COVER_VERSION
from pooling.desk.tours.company import COMPANY_LIMIT


class JoinWish(Shape):
    """A shipment that would ride."""

    shipment: Id = Field(
        description="An open shipment that one of your parties pays for.", examples=["shp_01hg0000abcd"]
    )
    cover: CoverAccepted = Field("", description=COVER, examples=[COVER_VERSION])
    wait: bool = Field(
        default=False,
        description="Where it adds more than it may pay: join it as soon as it fits, alone or with others "
        "who wait. Else it is refused.",
        examples=[False],
    )


class GroupWish(Shape):
    """Shipments that would ride together: all or none."""

    shipments: Annotated[list[Id], Field(min_length=1, max_length=COMPANY_LIMIT)] = Field(
        description="Open shipments that your parties pay for.",
        examples=[["shp_01hg0000abcd", "shp_01hg0000abce"]],
    )
    cover: CoverAccepted = Field("", description=COVER, examples=[COVER_VERSION])
