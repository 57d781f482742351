"""Orders from short lists on the wire, and what is deliverable on a tour."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy import Row

from api.papers.words import Words
from api.problem import Problem, problem_of
from api.shapes.goods.shipments import BY, FROM, PARTY, SHIPMENT, SITE, ShipmentState
from api.shapes.goods.shortlists import GOODS, SHORT_LIST, GoodsShown, Units, goods_shown
from api.shapes.tours.proposals import OutlookShown, outlook_shown
from api.shapes.tours.tours import TOUR
from api.shapes.words import Day, Id, Moment, Shape, Text, known_moment, moment, seconds
from pooling.desk.line_by_line import LINES_LIMIT
from pooling.desk.selling.carriage import Carriage
from pooling.desk.selling.deliverable import OnTour
from pooling.desk.selling.tour_orders import TourOrderWords
from pooling.goods.goods_file import GOODS_LIMIT

TOUR_ORDER = "tord_01hg0000abcd"
TourOrderState = Literal["asked", "accepted", "refused", "cancelled", "lapsed"]


class OrderLineWish(Shape):
    """How much of one line of the list."""

    goods: Id = Field(description="Goods of the list.", examples=[GOODS])
    quantity: Units = Field(description="How many units.", examples=[24])


class TourOrderWish(Shape):
    """Goods of one list, delivered to a site of the buyer's on one tour."""

    buyer: Id = Field(description="Who orders, one of your parties.", examples=[PARTY])
    short_list: Id = Field(description="From which list.", examples=[SHORT_LIST])
    to_site: Id = Field(description="Where it goes, a site of the buyer's.", examples=[SITE])
    lines: Annotated[list[OrderLineWish], Field(min_length=1, max_length=GOODS_LIMIT)] = Field(
        description="What is ordered; goods that stand twice are added up."
    )
    tour: Id | None = Field(None, description="The tour; else one of the list's round.", examples=[TOUR])
    day: Day | None = Field(
        None, description="The day of the list's round; else its next one.", examples=["2026-09-15"]
    )
    deliver_from: Moment | None = Field(
        None, description="From when it may be handed over; else the site's hours.", examples=[FROM]
    )
    deliver_by: Moment | None = Field(None, description="Until when, likewise.", examples=[BY])
    note: Text = Field("", description="What the producer must know.", examples=["Ripe, please"])

    def words(self) -> TourOrderWords:
        quantities: dict[str, int] = {}
        for line in self.lines:
            quantities[line.goods] = quantities.get(line.goods, 0) + line.quantity
        return TourOrderWords(
            buyer_id=self.buyer,
            list_id=self.short_list,
            to_site_id=self.to_site,
            quantities=quantities,
            tour_id=self.tour,
            day=self.day,
            deliver_from_at=None if self.deliver_from is None else seconds(self.deliver_from),
            deliver_by_at=None if self.deliver_by is None else seconds(self.deliver_by),
            note=self.note,
        )


class FromListWish(Shape):
    """Goods of one of several lists."""

    short_list: Id = Field(description="From which list.", examples=[SHORT_LIST])
    lines: Annotated[list[OrderLineWish], Field(min_length=1, max_length=GOODS_LIMIT)] = Field(
        description="What is ordered; goods that stand twice are added up."
    )
    note: Text = Field("", description="What the producer must know.", examples=["Ripe, please"])


class TourOrdersWish(Shape):
    """Goods of several lists, delivered to one site of the buyer's on one tour, or on the lists' rounds."""

    buyer: Id = Field(description="Who orders, one of your parties.", examples=[PARTY])
    to_site: Id = Field(description="Where it goes, a site of the buyer's.", examples=[SITE])
    tour: Id | None = Field(None, description="The tour; else one of each list's round.", examples=[TOUR])
    day: Day | None = Field(
        None, description="The day of the lists' rounds; else the next of each.", examples=["2026-09-15"]
    )
    deliver_from: Moment | None = Field(
        None, description="From when it may be handed over; else the site's hours.", examples=[FROM]
    )
    deliver_by: Moment | None = Field(None, description="Until when, likewise.", examples=[BY])
    lists: Annotated[list[FromListWish], Field(min_length=1, max_length=LINES_LIMIT)] = Field(
        description="One order each."
    )

    def words(self) -> list[TourOrderWords]:
        shared = {name: one for name, one in self if name != "lists"}
        return [TourOrderWish(**shared, **dict(of_list)).words() for of_list in self.lists]


class LineLeftOut(Shape):
    """Which line of an order is left out."""

    line: Annotated[int, Field(ge=1, le=GOODS_LIMIT)] = Field(description="Its number.", examples=[2])


class OrderLineShown(BaseModel):
    """One line of an order, as it was when it was placed."""

    line: int = Field(description="Its number.", examples=[1])
    state: Literal["open", "withdrawn"] = Field(
        description="`withdrawn`: it was left out before the cut-off.", examples=["open"]
    )
    goods: Id = Field(description="The goods of the list.", examples=[GOODS])
    product: str = Field(description="What it is.", examples=["Courgettes"])
    unit: str = Field(description="In what it is counted.", examples=["kg"])
    quantity: int = Field(description="How many units.", examples=[24])
    price_cents: int = Field(description="For one unit, cents.", examples=[250])
    crates: int = Field(description="How many crates that fills.", examples=[2])
    kg: int = Field(description="What they weigh, kg.", examples=[24])
    temperature: str = Field(description="The compartment that it needs.", examples=["ambient"])


class OrderLoadShown(BaseModel):
    """One shipment that fills an order."""

    shipment: Id = Field(description="The shipment.", examples=[SHIPMENT])
    crates: int = Field(description="How many crates.", examples=[2])
    temperature: str = Field(description="The compartment that it needs.", examples=["ambient"])
    state: ShipmentState = Field(description="How far it is.", examples=["riding"])
    sign_up: Id | None = Field(
        description="Its place on the tour, for who pays the carriage.", examples=["signup_01hg0000abcd"]
    )
    pickup: datetime | None = Field(
        description="When it is collected, once the tour is confirmed.", examples=[None]
    )
    pickup_from: datetime | None = Field(description="Collected from, as told.", examples=[FROM])
    pickup_until: datetime | None = Field(description="Until.", examples=[BY])
    drop: datetime | None = Field(description="When it is handed over, likewise.", examples=[None])
    drop_from: datetime | None = Field(description="Handed over from, as told.", examples=[FROM])
    drop_until: datetime | None = Field(description="Until.", examples=[BY])


class TourOrderShown(BaseModel):
    """An order from a short list as it stands."""

    id: Id = Field(description="The order.", examples=[TOUR_ORDER])
    buyer: Id = Field(description="Who orders.", examples=[PARTY])
    producer: Id = Field(description="From whom.", examples=[PARTY])
    short_list: Id = Field(description="From which list.", examples=[SHORT_LIST])
    tour: Id = Field(description="On which tour.", examples=[TOUR])
    day: date = Field(description="The day of that tour.", examples=["2026-09-15"])
    to_site: Id = Field(description="Where it goes.", examples=[SITE])
    carriage: Id = Field(description="Who pays for the carriage.", examples=[PARTY])
    carriage_cents: int | None = Field(
        description="What its carriage costs as the tour stands, cents: it may only fall. Told to who pays "
        "it alone; none while the order waits.",
        examples=[620],
    )
    carriage_outlook: OutlookShown | None = Field(
        description="With how many more stops that would fall, if any; told to who pays it."
    )
    price_cents: int = Field(
        description="Of the goods, cents: paid between the two, not here.", examples=[6000]
    )
    lines: list[OrderLineShown] = Field(description="What is ordered; at most 200 lines.")
    loads: list[OrderLoadShown] = Field(description="The shipments that fill it, once it stands.")
    note: str = Field(description="What the producer must know.", examples=["Ripe, please"])
    state: TourOrderState = Field(
        description="`asked` waits for the producer; `lapsed` had no answer before the cut-off.",
        examples=["accepted"],
    )
    created: datetime = Field(description="When it was placed.", examples=["2026-09-10T08:00:00Z"])
    revision: int = Field(description="Raised by each change.", examples=[1])


class DeliverableShown(BaseModel):
    """What one list offers on a tour, delivered to your site."""

    short_list: Id = Field(description="The list.", examples=[SHORT_LIST])
    producer: Id = Field(description="Whose it is.", examples=[PARTY])
    producer_name: str = Field(description="How people call it.", examples=["Ferme de la Colle"])
    carriage: Literal["producer", "buyer"] = Field(
        description="Who pays for the carriage.", examples=["buyer"]
    )
    accepts: bool = Field(description="An order that fits stands at once.", examples=[True])
    crates: int = Field(description="The crates of the least order, for which this was found.", examples=[1])
    pickup_from: datetime | None = Field(
        description="They would be collected from.", examples=["2026-09-12T04:30:00Z"]
    )
    pickup_until: datetime | None = Field(description="Until.", examples=["2026-09-12T06:30:00Z"])
    drop_from: datetime | None = Field(
        description="They would be with you from.", examples=["2026-09-12T05:20:00Z"]
    )
    drop_until: datetime | None = Field(
        description="Until; confirmed, the tour tells its hour.", examples=["2026-09-12T07:20:00Z"]
    )
    share_cents: int | None = Field(
        description="What their carriage would cost you now; none where the producer pays.", examples=[310]
    )
    goods: list[GoodsShown] = Field(description="What is to be had that day; at most 200 lines.")


class UndeliverableShown(BaseModel):
    """A list of which nothing fits on the tour, and why."""

    short_list: Id = Field(description="The list.", examples=[SHORT_LIST])
    producer: Id = Field(description="Whose it is.", examples=[PARTY])
    producer_name: str = Field(description="How people call it.", examples=["Ferme de la Colle"])
    why: Problem = Field(description="What is in the way, and what would do.")


class DeliverablesShown(BaseModel):
    """One page of the lists that were tried on a tour."""

    items: list[DeliverableShown] = Field(description="The lists that are deliverable.")
    others: list[UndeliverableShown] = Field(description="Those that are not, where they were asked for.")
    next: str = Field(
        description="Send as `after` for the next page; empty at the end.", examples=[SHORT_LIST]
    )


def tour_order_shown(
    row: Row[Any], lines: Sequence[Row[Any]], loads: Sequence[Row[Any]], carriage: Carriage
) -> TourOrderShown:
    return TourOrderShown(
        id=row.id,
        buyer=row.buyer_id,
        producer=row.producer_id,
        short_list=row.list_id,
        tour=row.tour_id,
        day=row.day,
        to_site=row.to_site_id,
        carriage=row.payer_id,
        carriage_cents=carriage.share_cents,
        carriage_outlook=outlook_shown(carriage.outlook),
        price_cents=row.price_cents,
        lines=[_line_shown(one) for one in lines],
        loads=[_load_shown(one, carriage) for one in loads],
        note=row.note,
        state=row.state,
        created=known_moment(row.created_at),
        revision=row.revision,
    )


def _load_shown(row: Row[Any], carriage: Carriage) -> OrderLoadShown:
    place = carriage.places.get(row.id)
    riding = place is not None and place.state == "riding"
    hours = {
        name: None if place is None else moment(getattr(place, f"{name}_at"))
        for name in ("pickup_from", "pickup_until", "drop_from", "drop_until")
    }
    return OrderLoadShown(
        shipment=row.id,
        crates=row.crates,
        temperature=row.temperature,
        state=row.state,
        sign_up=place.id if place is not None and carriage.pays else None,
        pickup=moment(place.pickup_at) if place is not None and riding else None,
        drop=moment(place.drop_at) if place is not None and riding else None,
        **hours,
    )


def deliverables_shown(
    found: Sequence[OnTour], after: str, names: Mapping[str, str], say: Words, *, why: bool
) -> DeliverablesShown:
    fit = [one for one in found if one.refusal is None]
    others = [one for one in found if one.refusal is not None] if why else []
    return DeliverablesShown(
        items=[_deliverable_shown(one, names) for one in fit],
        others=[
            UndeliverableShown(**_whose(one, names), why=problem_of(one.refusal, say))
            for one in others
            if one.refusal is not None
        ],
        next=after,
    )


def _deliverable_shown(one: OnTour, names: Mapping[str, str]) -> DeliverableShown:
    return DeliverableShown(
        **_whose(one, names),
        carriage=one.of_list.carriage,
        accepts=one.of_list.accepts,
        crates=one.crates,
        pickup_from=moment(one.pickup_from_at),
        pickup_until=moment(one.pickup_until_at),
        drop_from=moment(one.drop_from_at),
        drop_until=moment(one.drop_until_at),
        share_cents=one.share_cents,
        goods=[goods_shown(row, one.taken) for row in one.goods],
    )


def _whose(one: OnTour, names: Mapping[str, str]) -> dict[str, Any]:
    row = one.of_list
    return {
        "short_list": row.id,
        "producer": row.producer_id,
        "producer_name": names.get(row.producer_id, ""),
    }


def _line_shown(row: Row[Any]) -> OrderLineShown:
    same = OrderLineShown.model_fields.keys() - {"goods", "line"}
    return OrderLineShown(goods=row.goods_id, line=row.number, **{name: getattr(row, name) for name in same})
