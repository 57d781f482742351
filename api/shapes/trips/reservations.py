"""Room reserved before its goods are named, on the wire; a reservation is shown as the bid that it is."""

from pydantic import Field

from api.shapes.goods.shipments import (
    BY,
    FROM,
    PARTY,
    PICKUP_BY,
    READY,
    SHIPMENT,
    SITE,
    CratesSent,
    Kg,
    Litres,
)
from api.shapes.market.bids import BidWish
from api.shapes.words import Cents, Id, Moment, Shape, Text, seconds
from pooling.desk.market.placing import BidTerms
from pooling.desk.trips.naming_goods import GoodsWords
from pooling.desk.trips.reserving import RoomWords
from pooling.load import Temperature

MOST = BidWish.model_fields["most_cents"].description


class RoomWish(Shape):
    """Room that is wanted on a trip, for goods that are named later."""

    party: Id = Field(description="Who reserves and pays, one of your parties.", examples=[PARTY])
    from_site: Id = Field(description="Where the goods will wait.", examples=[SITE])
    to_site: Id = Field(description="Where they will go.", examples=[SITE])
    temperature: Temperature = Field(
        Temperature.AMBIENT, description="The compartment that they need.", examples=["ambient"]
    )
    crates: CratesSent = Field(description="Room for how many crates, of 600 × 400 mm.", examples=[6])
    kg: Kg | None = Field(None, description="And for how many kg; else 8 per crate.", examples=[48])
    most_cents: Cents = Field(description=MOST, examples=[800])
    ready: Moment | None = Field(
        None, description="From when the goods may be collected; else all the trip long.", examples=[READY]
    )
    pickup_by: Moment | None = Field(None, description="Until when.", examples=[PICKUP_BY])
    deliver_from: Moment | None = Field(
        None, description="From when they may be handed over; else all the trip long.", examples=[FROM]
    )
    deliver_by: Moment | None = Field(None, description="Until when.", examples=[BY])
    message: Text = Field("", description="A word to the owner.", examples=["Courgettes, I think."])
    expires: Moment | None = Field(
        None,
        description="Until when it waits for an answer; else for 4 waking hours.",
        examples=["2026-09-11T16:00:00+02:00"],
    )

    def words(self) -> RoomWords:
        return RoomWords(
            party_id=self.party,
            from_site_id=self.from_site,
            to_site_id=self.to_site,
            temperature=self.temperature.value,
            crates=self.crates,
            kg=self.kg,
            ready_at=_seconds(self.ready),
            pickup_by_at=_seconds(self.pickup_by),
            deliver_from_at=_seconds(self.deliver_from),
            deliver_by_at=_seconds(self.deliver_by),
        )

    def terms(self) -> BidTerms:
        return BidTerms(self.message, _seconds(self.expires))


class NamingWish(Shape):
    """The goods that ride in the room: either a shipment that is entered, or crates."""

    shipment: Id | None = Field(
        None, description="An open shipment of yours for the same way and class.", examples=[SHIPMENT]
    )
    crates: CratesSent | None = Field(
        None, description="Or how many crates: a shipment is entered for them.", examples=[4]
    )
    kg: Kg | None = Field(None, description="Their weight in all, kg; else 8 per crate.", examples=[32])
    litres: Litres = Field(0, description="Volume in all, litres; 0 where nobody measured.", examples=[0])
    goods_value_cents: Cents = Field(0, description="What the goods are worth, cents.", examples=[9000])

    def words(self) -> GoodsWords:
        return GoodsWords(self.shipment or "", self.crates or 0, self.kg, self.litres, self.goods_value_cents)


def _seconds(given: Moment | None) -> int | None:
    return None if given is None else seconds(given)
