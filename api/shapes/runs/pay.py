"""What a tour pays its carrier, and who drives it, on the wire."""

from typing import Annotated

from pydantic import BaseModel, Field

from api.shapes.words import Id, Shape
from pooling.desk.carriers.paying import TourPay
from pooling.names import PLAIN


class PayShown(BaseModel):
    """What a tour pays its carrier as it is planned: its card, line by line."""

    tour: Id = Field(description="The tour.", examples=["tour_01hg0000abcd"])
    distance_m: int = Field(description="Metres that it drives.", examples=[23_400])
    duration_s: int = Field(description="Seconds from leaving to end.", examples=[5_400])
    stops: int = Field(description="Stops that it makes.", examples=[9])
    fixed_cents: int = Field(description="Per tour, cents.", examples=[1500])
    distance_cents: int = Field(description="For the way, cents.", examples=[1404])
    time_cents: int = Field(description="For the hours, planned waiting included, cents.", examples=[2700])
    stops_cents: int = Field(description="For the stops, cents.", examples=[450])
    waiting_cents: int = Field(
        description="For waiting that was noted on its run, owed by whoever is at fault, cents.", examples=[0]
    )
    total_cents: int = Field(description="All lines together, cents.", examples=[6054])
    waiting_cents_per_hour: int = Field(
        description="For each hour of waiting beyond the plan, owed by whoever is at fault, cents.",
        examples=[1200],
    )
    fee_cents: int | None = Field(
        description="The operator's own line, for operators, cents.", examples=[200]
    )
    shippers_cents: int | None = Field(
        description="What those who ride pay together, for operators, cents.", examples=[6254]
    )
    gap_cents: int | None = Field(
        description="What the named account adds, for operators, cents.", examples=[0]
    )


class DriverWish(Shape):
    """Another driver for a tour."""

    driver: Id = Field(description="A driver of the carrier's: a member.", examples=["mem_01hg0000abcd"])
    reason: Annotated[str, Field(max_length=300, pattern=PLAIN)] = Field(
        description="Why: everybody aboard is told.", examples=["Lou has the flu."]
    )


def pay_shown(found: TourPay, *, operates: bool) -> PayShown:
    return PayShown(
        tour=found.row.id,
        distance_m=found.work.distance_m,
        duration_s=found.work.duration_s,
        stops=found.work.stops,
        fixed_cents=found.pay.fixed_cents,
        distance_cents=found.pay.distance_cents,
        time_cents=found.pay.time_cents,
        stops_cents=found.pay.stops_cents,
        waiting_cents=found.pay.waiting_cents,
        total_cents=found.pay.total_cents,
        waiting_cents_per_hour=found.row.waiting_cents_per_hour,
        fee_cents=found.row.fee_cents if operates else None,
        shippers_cents=found.shippers_cents if operates else None,
        gap_cents=found.gap_cents if operates else None,
    )
