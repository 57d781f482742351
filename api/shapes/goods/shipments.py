"""Shipments and orders on the wire."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy import Row

from api.papers.words import Words
from api.problem import Problem, problem_of
from api.shapes.words import Cents, Id, Moment, Name, Shape, Text, known_moment, seconds
from geodata.refusal import Refusal
from pooling.claims.cover import DECLARED_LIMIT_CENTS
from pooling.desk.desk import Desk
from pooling.desk.goods.orders import Filling, OrderWords
from pooling.desk.goods.shipments import ShipmentWords, day_at, day_ends_at
from pooling.desk.line_by_line import LINES_LIMIT
from pooling.intake.shipments import SHIPMENT_KG_LIMIT, SHIPMENT_LITRES_LIMIT
from pooling.load import CRATES_LIMIT, Temperature
from pooling.names import PLAIN

PARTY, SITE = "pty_01hg0000abcd", "site_01hg0000abcd"
SHIPMENT, ORDER = "shp_01hg0000abcd", "ord_01hg0000abcd"
READY, PICKUP_BY = "2026-09-12T06:00:00+02:00", "2026-09-12T08:00:00+02:00"
FROM, BY = "2026-09-12T07:00:00+02:00", "2026-09-12T11:00:00+02:00"

CratesSent = Annotated[int, Field(ge=1, le=CRATES_LIMIT)]
DeclaredCents = Annotated[int, Field(ge=0, le=DECLARED_LIMIT_CENTS)]
Kg = Annotated[int, Field(ge=0, le=SHIPMENT_KG_LIMIT)]
Litres = Annotated[int, Field(ge=0, le=SHIPMENT_LITRES_LIMIT)]
Goods = Annotated[str, Field(max_length=120, pattern=PLAIN)]
FoodKind = Literal["", "minced", "poultry", "meat", "very_perishable", "perishable"]
ShipmentState = Literal[
    "open", "riding", "aboard", "delivered", "failed", "cancelled", "reserved", "released"
]
OrderState = Literal["asked", "accepted", "refused", "cancelled"]


class LoadWish(Shape):
    """What crates hold, said before their ride sets out."""

    goods: Annotated[str, Field(min_length=1, max_length=120, pattern=PLAIN)] = Field(
        description="What it is, as papers name it.", examples=["Fresh goat cheese"]
    )


class LoadNamed(BaseModel):
    """The goods of a shipment, as papers will name them."""

    shipment: Id = Field(description="The shipment.", examples=["shp_01hg0000abcd"])
    goods: str = Field(description="What it is.", examples=["Fresh goat cheese"])


class ShipmentWish(Shape):
    """Crates to be carried from one site to another, on the day on which they are ready or the next."""

    shipper: Id = Field(description="Who sends them, one of your parties.", examples=[PARTY])
    payer: Id | None = Field(
        None,
        description="Who pays for the carriage, one of your parties; else the shipper.",
        examples=[PARTY],
    )
    from_site: Id = Field(
        description="Where they wait: a site of the shipper's; where a farm pays, any site.", examples=[SITE]
    )
    to_site: Id = Field(description="Where they go: any site.", examples=[SITE])
    temperature: Temperature = Field(
        Temperature.AMBIENT, description="The compartment that they need.", examples=["ambient"]
    )
    crates: CratesSent = Field(description="How many, of 600 × 400 mm.", examples=[6])
    kg: Kg | None = Field(None, description="Weight in all, kg; else 8 per crate.", examples=[48])
    litres: Litres = Field(0, description="Volume in all, litres; 0 where nobody measured.", examples=[0])
    tail_lift: bool = Field(
        default=False, description="Whether they need a tail lift: pallets do.", examples=[False]
    )
    ready: Moment = Field(description="From when they may be collected.", examples=[READY])
    pickup_by: Moment | None = Field(
        None,
        description="Until when they may be collected; else as long as somebody is there that day.",
        examples=[PICKUP_BY],
    )
    deliver_from: Moment | None = Field(
        None,
        description="From when they may be handed over; else as soon as somebody is there.",
        examples=[FROM],
    )
    deliver_by: Moment | None = Field(
        None,
        description="Until when: the freshness deadline; else as long as somebody is there that day.",
        examples=[BY],
    )
    goods_value_cents: Cents = Field(0, description="What the goods are worth, cents.", examples=[9000])
    declared_value_cents: DeclaredCents = Field(
        0,
        description="The value to be covered on the way, for all crates, cents; 0: nothing is covered. A bid "
        "or a sign-up then accepts the cover terms.",
        examples=[12_000],
    )
    goods: Goods = Field("", description="What it is, as papers name it.", examples=["Fresh goat cheese"])
    food: FoodKind = Field(
        "", description="Its class by law, which bounds its temperature.", examples=["very_perishable"]
    )

    def words(self, desk: Desk) -> ShipmentWords:
        """Return the words of the desk; hours that are not said reach to the end of their day."""
        ready_at = seconds(self.ready)
        from_at = ready_at if self.deliver_from is None else seconds(self.deliver_from)
        return ShipmentWords(
            shipper_id=self.shipper,
            payer_id=self.payer or self.shipper,
            from_site_id=self.from_site,
            to_site_id=self.to_site,
            temperature=self.temperature.value,
            crates=self.crates,
            kg=self.kg,
            litres=self.litres,
            tail_lift=self.tail_lift,
            ready_at=ready_at,
            pickup_by_at=_until(desk, self.pickup_by, ready_at),
            deliver_from_at=from_at,
            deliver_by_at=_until(desk, self.deliver_by, from_at),
            goods_value_cents=self.goods_value_cents,
            declared_value_cents=self.declared_value_cents,
            goods=self.goods,
            food=self.food,
        )


class ShipmentShown(BaseModel):
    """A shipment as it stands; its hours are narrowed to those in which somebody is at both sites."""

    id: Id = Field(description="The shipment.", examples=[SHIPMENT])
    shipper: Id = Field(description="Who sends it.", examples=[PARTY])
    payer: Id = Field(description="Who pays for the carriage.", examples=[PARTY])
    ordered_by: Id | None = Field(description="The buyer whose order it fills.", examples=[PARTY])
    from_site: Id = Field(description="Where it waits.", examples=[SITE])
    to_site: Id = Field(description="Where it goes.", examples=[SITE])
    day: date = Field(description="The local day on which it is ready.", examples=["2026-09-12"])
    temperature: str = Field(description="The compartment that it needs.", examples=["ambient"])
    crates: int = Field(description="How many crates.", examples=[6])
    kg: int = Field(description="Weight in all, kg.", examples=[48])
    litres: int = Field(description="Volume in all, litres.", examples=[0])
    ready: datetime = Field(description="From when it may be collected.", examples=["2026-09-12T04:00:00Z"])
    pickup_by: datetime = Field(description="Until when.", examples=["2026-09-12T06:00:00Z"])
    deliver_from: datetime = Field(
        description="From when it may be handed over.", examples=["2026-09-12T05:00:00Z"]
    )
    deliver_by: datetime = Field(description="Until when.", examples=["2026-09-12T09:00:00Z"])
    tail_lift: bool = Field(
        description="Whether they need a tail lift: pallets, or a site that asks for one.", examples=[False]
    )
    goods_value_cents: int = Field(description="What the goods are worth, cents.", examples=[9000])
    declared_value_cents: int = Field(
        description="The value that is declared for all crates, cents; 0 where none is.", examples=[12_000]
    )
    declared_crate_cents: int = Field(
        description="The same for each crate, cents, rounded down.", examples=[2_000]
    )
    goods: str = Field(description="What it is, as papers name it.", examples=["Fresh goat cheese"])
    food: FoodKind = Field(description="Its class by law.", examples=["very_perishable"])
    state: ShipmentState = Field(
        description="How far it is. `reserved` and `released`: room on a trip, no crates.", examples=["open"]
    )
    rides_kind: str = Field(description="`trip`, `tour`, or empty.", examples=["trip"])
    rides: str = Field(description="The trip or tour that carries it, or empty.", examples=["trip_01hg0000"])
    created: datetime = Field(description="When it was entered.", examples=["2026-09-10T08:00:00Z"])
    revision: int = Field(description="Raised by each change.", examples=[1])


class OrderWish(Shape):
    """What a buyer wants from a producer, delivered to a site of its own."""

    buyer: Id = Field(description="Who orders, one of your parties.", examples=[PARTY])
    producer: Id = Field(description="From whom.", examples=[PARTY])
    to_site: Id = Field(description="Where it goes, a site of the buyer's.", examples=[SITE])
    product: Name = Field(description="What is wanted.", examples=["Tomatoes, mixed"])
    quantity: int = Field(ge=1, le=100_000, description="How much, in units.", examples=[30])
    unit: Annotated[str, Field(min_length=1, max_length=20, pattern=PLAIN)] = Field(
        description="The unit of the quantity.", examples=["kg"]
    )
    price_cents: Cents = Field(description="For the whole quantity, cents.", examples=[9000])
    deliver_from: Moment = Field(description="From when it may be handed over.", examples=[FROM])
    deliver_by: Moment | None = Field(
        None, description="Until when; else as long as somebody is there that day.", examples=[BY]
    )
    note: Text = Field("", description="What the producer must know.", examples=["Ripe, please"])

    def words(self, desk: Desk) -> OrderWords:
        from_at = seconds(self.deliver_from)
        return OrderWords(
            buyer_id=self.buyer,
            producer_id=self.producer,
            to_site_id=self.to_site,
            product=self.product,
            quantity=self.quantity,
            unit=self.unit,
            price_cents=self.price_cents,
            deliver_from_at=from_at,
            deliver_by_at=_until(desk, self.deliver_by, from_at),
            note=self.note,
        )


class OrderOfOneWish(Shape):
    """What a buyer wants from one of several producers."""

    producer: Id = Field(description="From whom.", examples=[PARTY])
    product: Name = Field(description="What is wanted.", examples=["Tomatoes, mixed"])
    quantity: int = Field(ge=1, le=100_000, description="How much, in units.", examples=[30])
    unit: Annotated[str, Field(min_length=1, max_length=20, pattern=PLAIN)] = Field(
        description="The unit of the quantity.", examples=["kg"]
    )
    price_cents: Cents = Field(description="For the whole quantity, cents.", examples=[9000])
    note: Text = Field("", description="What the producer must know.", examples=["Ripe, please"])


class OrdersWish(Shape):
    """What a buyer wants from several producers, delivered to one site of its own in the same hours."""

    buyer: Id = Field(description="Who orders, one of your parties.", examples=[PARTY])
    to_site: Id = Field(description="Where it goes, a site of the buyer's.", examples=[SITE])
    deliver_from: Moment = Field(description="From when it may be handed over.", examples=[FROM])
    deliver_by: Moment | None = Field(
        None, description="Until when; else as long as somebody is there that day.", examples=[BY]
    )
    lines: Annotated[list[OrderOfOneWish], Field(min_length=1, max_length=LINES_LIMIT)] = Field(
        description="One order each."
    )

    def words(self, desk: Desk) -> list[OrderWords]:
        shared = {name: one for name, one in self if name != "lines"}
        return [OrderWish(**shared, **dict(line)).words(desk) for line in self.lines]


class FillingWish(Shape):
    """With what a producer fills an order: how much there is to carry, where it waits and when."""

    from_site: Id = Field(description="Where it waits.", examples=[SITE])
    temperature: Temperature = Field(
        Temperature.AMBIENT, description="The compartment that it needs.", examples=["ambient"]
    )
    crates: CratesSent = Field(description="How many, of 600 × 400 mm.", examples=[4])
    kg: Kg | None = Field(None, description="Weight in all, kg; else 8 per crate.", examples=[32])
    litres: Litres = Field(0, description="Volume in all, litres; 0 where nobody measured.", examples=[0])
    ready: Moment = Field(description="From when it may be collected.", examples=[READY])
    pickup_by: Moment | None = Field(
        None,
        description="Until when it may be collected; else as long as somebody is there that day.",
        examples=[PICKUP_BY],
    )

    def words(self, desk: Desk) -> Filling:
        return Filling(
            from_site_id=self.from_site,
            temperature=self.temperature.value,
            crates=self.crates,
            ready_at=seconds(self.ready),
            pickup_by_at=_until(desk, self.pickup_by, seconds(self.ready)),
            kg=self.kg,
            litres=self.litres,
        )


class OrderLineAnswer(BaseModel):
    """What became of one line: an order, or why there is none."""

    line: int = Field(description="Its number, from 1.", examples=[1])
    order: Id | None = Field(description="The order, if it was placed.", examples=[ORDER])
    why: Problem | None = Field(description="Else what is in the way, and what would do.", examples=[None])


class OrdersPlaced(BaseModel):
    """What became of each line, in their order."""

    placed: int = Field(description="How many were placed.", examples=[1])
    lines: list[OrderLineAnswer] = Field(description="Each line.")


def orders_placed(found: Sequence[str | Refusal], say: Words) -> OrdersPlaced:
    lines = [
        OrderLineAnswer(line=number, order=None, why=problem_of(one, say))
        if isinstance(one, Refusal)
        else OrderLineAnswer(line=number, order=one, why=None)
        for number, one in enumerate(found, start=1)
    ]
    return OrdersPlaced(placed=sum(one.order is not None for one in lines), lines=lines)


class OrderShown(BaseModel):
    """An order as it stands."""

    id: Id = Field(description="The order.", examples=[ORDER])
    buyer: Id = Field(description="Who orders.", examples=[PARTY])
    producer: Id = Field(description="From whom.", examples=[PARTY])
    to_site: Id = Field(description="Where it goes.", examples=[SITE])
    product: str = Field(description="What is wanted.", examples=["Tomatoes, mixed"])
    quantity: int = Field(description="How much, in units.", examples=[30])
    unit: str = Field(description="The unit of the quantity.", examples=["kg"])
    price_cents: int = Field(description="For the whole quantity, cents.", examples=[9000])
    deliver_from: datetime = Field(description="From when.", examples=["2026-09-12T05:00:00Z"])
    deliver_by: datetime = Field(description="Until when.", examples=["2026-09-12T09:00:00Z"])
    note: str = Field(description="What the producer must know.", examples=["Ripe, please"])
    state: OrderState = Field(description="How far it is.", examples=["asked"])
    shipment: Id | None = Field(description="The shipment that fills it.", examples=[SHIPMENT])
    created: datetime = Field(description="When it was placed.", examples=["2026-09-10T08:00:00Z"])
    revision: int = Field(description="Raised by each change.", examples=[1])


def _until(desk: Desk, moment: datetime | None, from_at: int) -> int:
    return day_ends_at(desk, day_at(desk, from_at)) if moment is None else seconds(moment)


def shipment_shown(row: Row[Any]) -> ShipmentShown:
    return ShipmentShown(
        id=row.id,
        shipper=row.shipper_id,
        payer=row.payer_id,
        ordered_by=row.ordered_by_id,
        from_site=row.from_site_id,
        to_site=row.to_site_id,
        day=row.day,
        temperature=row.temperature,
        crates=row.crates,
        kg=row.kg,
        litres=row.litres,
        tail_lift=row.tail_lift,
        ready=known_moment(row.ready_at),
        pickup_by=known_moment(row.pickup_by_at),
        deliver_from=known_moment(row.deliver_from_at),
        deliver_by=known_moment(row.deliver_by_at),
        goods_value_cents=row.goods_value_cents,
        declared_value_cents=row.declared_value_cents,
        declared_crate_cents=row.declared_value_cents // row.crates,
        goods=row.goods,
        food=row.food,
        state=row.state,
        rides_kind=row.rides_kind,
        rides=row.rides_id,
        created=known_moment(row.created_at),
        revision=row.revision,
    )


def order_shown(row: Row[Any]) -> OrderShown:
    return OrderShown(
        id=row.id,
        buyer=row.buyer_id,
        producer=row.producer_id,
        to_site=row.to_site_id,
        product=row.product,
        quantity=row.quantity,
        unit=row.unit,
        price_cents=row.price_cents,
        deliver_from=known_moment(row.deliver_from_at),
        deliver_by=known_moment(row.deliver_by_at),
        note=row.note,
        state=row.state,
        shipment=row.shipment_id,
        created=known_moment(row.created_at),
        revision=row.revision,
    )
