"""Transport papers on the wire: waybills and delivery notes, and the vehicle that they name."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from api.shapes.runs.custody import SHIPMENT
from api.shapes.words import Shape
from pooling.carriers.plates import PLATE
from pooling.runs.transport_paper import TransportPaper


class PlateWish(Shape):
    """Which vehicle drives a ride."""

    plate: Annotated[str, Field(max_length=20, pattern=PLATE)] = Field(
        description="Its plate.", examples=["AB-123-CD"]
    )


class MentionShown(BaseModel):
    """One field of a transport paper."""

    name: str = Field(description="Which field.", examples=["pickup_address"])
    value: str = Field(
        description="What stands there, empty while it is missing.", examples=["1 place du Village, Peille"]
    )
    due: Literal["before_departure", "as_it_happens"] = Field(
        description="When it has to be there.", examples=["before_departure"]
    )


class TransportPaperShown(BaseModel):
    """The paper of one shipment: a waybill for hire, else a delivery note."""

    kind: Literal["waybill", "delivery_note"] = Field(description="Which.", examples=["waybill"])
    number: str = Field(description="Its number.", examples=["20260912-tour_01hg0000abcd/01"])
    shipment: str = Field(description="The shipment.", examples=[SHIPMENT])
    regime: str = Field(description="The law that it rides under.", examples=["transporteur"])
    mentions: list[MentionShown] = Field(description="Its fields, in their order.", examples=[[]])
    missing: list[str] = Field(
        description="Fields due before departure that are empty: for hire the run cannot begin.",
        examples=[["plate"]],
    )


def transport_paper_shown(paper: TransportPaper) -> TransportPaperShown:
    return TransportPaperShown(
        kind=paper.kind,
        number=paper.number,
        shipment=paper.shipment,
        regime=paper.regime,
        mentions=[MentionShown.model_validate(one, from_attributes=True) for one in paper.mentions],
        missing=list(paper.missing),
    )
