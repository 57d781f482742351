"""What delivering oneself costs, on the wire."""

from dataclasses import replace
from typing import Annotated

from pydantic import BaseModel, Field

from api.costing import HOME, MOST_CRATES, Asked
from api.shapes.words import Cents, Shape
from pooling.figures import CRATE_WEIGHT, OWN_VAN_CRATES
from pooling.own_cost import OwnCost, Rates, default_rates

MOST_DELIVERIES = 20
Address = Annotated[
    str,
    Field(
        min_length=2,
        max_length=200,
        description="An address, degrees, or a link of a map.",
        examples=["Peille"],
    ),
]


class DeliveryWish(Shape):
    """One delivery."""

    address: Address
    crates: int = Field(ge=1, le=MOST_CRATES, description="How many crates.", examples=[6])
    goods_value_cents: Cents = Field(
        default=0, description="What the goods are worth; 0 where unknown.", examples=[25000]
    )


class RatesWish(Shape):
    """Figures that are otherwise than the defaults."""

    vehicle_cents_per_km: int | None = Field(
        default=None, ge=0, le=1000, description="Vehicle without energy, cents per km.", examples=[28]
    )
    energy_ml_per_km: int | None = Field(
        default=None, ge=0, le=1000, description="Energy, millilitres per km.", examples=[70]
    )
    energy_cents_per_litre: int | None = Field(
        default=None, ge=0, le=2000, description="Energy, cents per litre.", examples=[170]
    )
    tolls_cents_per_km: int | None = Field(
        default=None, ge=0, le=1000, description="Tolls, cents per km.", examples=[0]
    )
    labour_cents_per_hour: int | None = Field(
        default=None, ge=0, le=20000, description="Labour, cents per hour.", examples=[1500]
    )


class CostWish(Shape):
    """What is delivered from where; all else has a default."""

    home: Address
    deliveries: list[DeliveryWish] = Field(
        min_length=1, max_length=MOST_DELIVERIES, description="The deliveries of one day."
    )
    refrigerated: bool = Field(
        default=False, description="Whether the van is refrigerated.", examples=[False]
    )
    van_crates: int = Field(
        default=OWN_VAN_CRATES.value,
        ge=1,
        le=10_000,
        description="How many crates the van holds.",
        examples=[60],
    )
    rates: RatesWish = Field(default_factory=RatesWish, description="What is otherwise than the defaults.")
    runs_per_year: int = Field(default=1, ge=1, le=3660, description="How often a year.", examples=[30])

    def asked(self) -> list[Asked]:
        return [Asked(one.address, one.crates, one.goods_value_cents) for one in self.deliveries]

    def all_rates(self) -> Rates:
        """Return the defaults with what was said otherwise."""
        said = self.rates.model_dump(exclude_none=True)
        return replace(default_rates(refrigerated=self.refrigerated), **said)


class CostShown(BaseModel):
    """What it costs; the five lines add up to the full cost, in whole cents."""

    vehicle_cents: int = Field(description="Vehicle without energy.", examples=[1073])
    energy_cents: int = Field(description="Energy.", examples=[460])
    tolls_cents: int = Field(description="Tolls.", examples=[0])
    driving_cents: int = Field(description="Labour while driving.", examples=[2524])
    loading_cents: int = Field(description="Labour while loading and handing over.", examples=[417])
    full_cost_cents: int = Field(description="All of it, labour included.", examples=[4474])
    shareable_cost_cents: int = Field(
        description="Without labour: what cost sharing may repay.", examples=[1533]
    )
    cents_per_crate: int = Field(description="Full cost per crate.", examples=[447])
    cents_per_kg: int = Field(
        description=f"Full cost per kilo, at {CRATE_WEIGHT.value} kg a crate.", examples=[56]
    )
    cents_per_delivery: int = Field(description="Full cost per delivery.", examples=[2237])
    full_cost_per_year_cents: int = Field(description="Full cost of all runs of a year.", examples=[134220])
    goods_share_pct: int | None = Field(
        description="Full cost as a share of the goods; null where their value is unknown.", examples=[13]
    )
    above_target: bool = Field(description="Whether that is above the target share.", examples=[False])
    home: str = Field(description="The farm, as it was found.", examples=["06440 Peille"])
    order: list[str] = Field(
        description="The deliveries in the best order found.", examples=[["06500 Menton"]]
    )
    runs: int = Field(description="How many times the van sets out.", examples=[1])
    distance_m: int = Field(description="Metres driven, way home included.", examples=[38300])
    empty_m: int = Field(description="Of which empty, after the last crate.", examples=[19400])
    duration_s: int = Field(description="Seconds from leaving to coming home.", examples=[7080])
    as_said_cents: int | None = Field(
        description="Full cost in the order named; null where one van does not hold all.", examples=[4476]
    )
    one_by_one_cents: int = Field(description="Full cost with a way home after each.", examples=[6210])


def cost_shown(found: OwnCost, labels: dict[str, str], runs_per_year: int) -> CostShown:
    lines = found.lines
    return CostShown(
        vehicle_cents=lines.vehicle_cents,
        energy_cents=lines.energy_cents,
        tolls_cents=lines.tolls_cents,
        driving_cents=lines.driving_cents,
        loading_cents=lines.loading_cents,
        full_cost_cents=found.cents,
        shareable_cost_cents=lines.shareable_cost_cents,
        cents_per_crate=found.cents_per_crate,
        cents_per_kg=found.cents_per_kg,
        cents_per_delivery=found.cents_per_delivery,
        full_cost_per_year_cents=found.cents_per_year(runs_per_year),
        goods_share_pct=found.goods_share_pct,
        above_target=found.above_target,
        home=labels[HOME],
        order=[labels[site] for site in found.order],
        runs=found.runs,
        distance_m=found.distance_m,
        empty_m=found.empty_m,
        duration_s=found.duration_s,
        as_said_cents=found.as_said_cents,
        one_by_one_cents=found.one_by_one_cents,
    )
