"""What delivering oneself costs, on the wire."""

from dataclasses import dataclass, replace
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from api.costing import HOME, MOST_CRATES, Asked, Reckoned, hours_between
from api.papers.words import Words
from api.shapes.goods.cost_offers import BesideShown, beside_shown
from api.shapes.goods.shipments import PARTY
from api.shapes.goods.sites import HOUR, wall_seconds
from api.shapes.words import Cents, Day, Id, Shape
from pooling.costs.cost_sources import rates_told
from pooling.costs.own_cost import Rates, default_rates
from pooling.costs.own_van import BreakEven, VanYear, default_van_year
from pooling.desk.market.asked_offers import DAYS_LIMIT, Looked
from pooling.figures import (
    CRATE_WEIGHT,
    OWN_VAN_CRATES,
)
from routing.problem import Window

MOST_DELIVERIES = 20
MAYBE_HOUR = rf"^$|{HOUR}"
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
    opens: str = Field(
        default="", pattern=MAYBE_HOUR, description="Handed over not before; else at any.", examples=["08:00"]
    )
    closes: str = Field(
        default="", pattern=MAYBE_HOUR, description="Not after; else at any.", examples=["10:30"]
    )

    def hours(self) -> Window | None:
        """Return the hours of the day in which it may be handed over."""
        if not (self.opens or self.closes):
            return None
        return hours_between(
            self.address, wall_seconds(self.opens or "00:00"), wall_seconds(self.closes or "24:00")
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
    setup_s_per_stop: int | None = Field(
        default=None,
        ge=0,
        le=7200,
        description="Seconds at each stop before a crate is moved.",
        examples=[300],
    )
    service_s_per_crate: int | None = Field(
        default=None, ge=0, le=600, description="Loading or handing over a crate, seconds.", examples=[20]
    )


class VanYearWish(Shape):
    """What an own van costs by the year, where it is otherwise than the defaults of its kind."""

    depreciation_cents: Cents | None = Field(
        default=None, description="What it loses in worth a year, cents.", examples=[240_000]
    )
    insurance_cents: Cents | None = Field(
        default=None, description="Insurance a year, cents.", examples=[80_000]
    )
    upkeep_cents: Cents | None = Field(
        default=None, description="Inspection and parking a year.", examples=[10_000]
    )
    wear_cents_per_km: int | None = Field(
        default=None, ge=0, le=1000, description="Tyres and repairs per km.", examples=[6]
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
    crate_price_cents: int = Field(
        default=0,
        ge=0,
        le=100_000,
        description="What a crate costs elsewhere, for the break-even; 0: by the offers found.",
        examples=[400],
    )
    van_year: VanYearWish = Field(
        default_factory=VanYearWish, description="What the own van costs a year, where otherwise."
    )
    first: Day | None = Field(
        default=None, description="Offers from this day on; else today.", examples=["2026-09-12"]
    )
    days: int = Field(
        default=DAYS_LIMIT, ge=0, le=DAYS_LIMIT, description="Offers of so many days; 0: none.", examples=[8]
    )
    party: Id | None = Field(
        default=None, description="Signed in: for which of your parties; else the first.", examples=[PARTY]
    )

    def asked(self) -> list[Asked]:
        return [Asked(one.address, one.crates, one.goods_value_cents, one.hours()) for one in self.deliveries]

    def van(self) -> VanYear:
        """Return the usual year of the van with what was said otherwise."""
        usual = default_van_year(refrigerated=self.refrigerated)
        return replace(usual, **self.van_year.model_dump(exclude_none=True))

    def all_rates(self) -> Rates:
        """Return the defaults with what was said otherwise."""
        said = self.rates.model_dump(exclude_none=True)
        return replace(default_rates(refrigerated=self.refrigerated), **said)


class BreakEvenShown(BaseModel):
    """An own van against tours shared with others; the lines of each side add up, in whole cents."""

    depreciation_cents: int = Field(description="The van, a year: lost worth.", examples=[240_000])
    insurance_cents: int = Field(description="Insurance.", examples=[80_000])
    upkeep_cents: int = Field(description="Inspection and parking.", examples=[10_000])
    van_year_cents: int = Field(description="What a year costs without driving.", examples=[330_000])
    wear_cents: int = Field(description="A run: tyres and repairs.", examples=[230])
    energy_cents: int = Field(description="Energy.", examples=[460])
    tolls_cents: int = Field(description="Tolls.", examples=[0])
    driving_cents: int = Field(description="Labour while driving.", examples=[2524])
    loading_cents: int = Field(description="Labour while loading and handing over.", examples=[417])
    run_cents: int = Field(description="What a run costs beside the year.", examples=[3631])
    pooled_cents: int = Field(description="The same crates on others' tours.", examples=[4000])
    own_loading_cents: int = Field(description="And the labour of loading them.", examples=[83])
    pooled_run_cents: int = Field(description="Both together.", examples=[4083])
    even_runs: int | None = Field(
        description="From so many runs a year on the own van is cheaper; null: never.", examples=[731]
    )
    even_crates: int | None = Field(description="The crates of so many runs.", examples=[7310])
    own_year_cents: int = Field(description="The own van at the runs asked for.", examples=[438_930])
    pooled_year_cents: int = Field(description="Shared at the runs asked for.", examples=[122_490])


class RateShown(BaseModel):
    """One rate by which the cost was reckoned."""

    name: str = Field(description="Which, as in `rates`.", examples=["labour_cents_per_hour"])
    value: int = Field(description="Its value.", examples=[1500])
    unit: str = Field(description="In what.", examples=["cents per hour"])
    source: str = Field(
        description="Where the default was read.", examples=["La France agricole, article 733135"]
    )
    is_default: bool = Field(description="False where it was said otherwise.", examples=[True])


class CostShown(BaseModel):
    """What it costs; the five lines add up to the full cost, in whole cents."""

    shown: Literal["full_cost"] = Field(
        default="full_cost", description="Which cost is told.", examples=["full_cost"]
    )
    rates: list[RateShown] = Field(description="By which rates, each with its source.")

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
    begins_s: list[int] = Field(
        description="When each is served, seconds after midnight, where any has hours; below 0: before.",
        examples=[[28_800]],
    )
    vans: int = Field(description="How many vans the hours need at once.", examples=[1])
    runs: int = Field(description="How many times the van sets out.", examples=[1])
    distance_m: int = Field(description="Metres driven, way home included.", examples=[38300])
    empty_m: int = Field(description="Of which empty, after the last crate.", examples=[19400])
    duration_s: int = Field(description="Seconds from leaving to coming home.", examples=[7080])
    as_said_cents: int | None = Field(
        description="Full cost in the order named; null where one van does not hold all.", examples=[4476]
    )
    one_by_one_cents: int = Field(description="Full cost with a way home after each.", examples=[6210])
    break_even: BreakEvenShown | None = Field(
        description="From how much on an own van is cheaper; null where no price of a crate is known."
    )
    beside: BesideShown | None = Field(description="Real offers for these crates; null where not asked for.")


@dataclass(frozen=True)
class Told:
    """Hold all that is answered of a wish."""

    reckoned: Reckoned
    runs_per_year: int
    even: BreakEven | None
    looked: Looked | None
    is_member: bool
    wish: CostWish


def cost_shown(told: Told, say: Words) -> CostShown:
    found, labels, runs_per_year = told.reckoned.cost, told.reckoned.labels, told.runs_per_year
    lines = found.lines
    told_rates = rates_told(told.wish.all_rates(), refrigerated=told.wish.refrigerated)
    return CostShown(
        rates=[RateShown(**vars(one)) for one in told_rates],
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
        begins_s=list(found.begins_s),
        vans=found.vans,
        runs=found.runs,
        distance_m=found.distance_m,
        empty_m=found.empty_m,
        duration_s=found.duration_s,
        as_said_cents=found.as_said_cents,
        one_by_one_cents=found.one_by_one_cents,
        break_even=even_shown(told.even, runs_per_year) if told.even else None,
        beside=beside_shown(told.looked, found.deliveries, say, is_member=told.is_member)
        if told.looked
        else None,
    )


def even_shown(even: BreakEven, runs: int) -> BreakEvenShown:
    """Show both sides of a break-even."""
    return BreakEvenShown(
        depreciation_cents=even.van.depreciation_cents,
        insurance_cents=even.van.insurance_cents,
        upkeep_cents=even.van.upkeep_cents,
        van_year_cents=even.van.fixed_cents,
        wear_cents=even.run.wear_cents,
        energy_cents=even.run.energy_cents,
        tolls_cents=even.run.tolls_cents,
        driving_cents=even.run.driving_cents,
        loading_cents=even.run.loading_cents,
        run_cents=even.run.total_cents,
        pooled_cents=even.pooled_cents,
        own_loading_cents=even.own_loading_cents,
        pooled_run_cents=even.pooled_run_cents,
        even_runs=even.even_runs,
        even_crates=even.even_crates,
        own_year_cents=even.own_year_cents(runs),
        pooled_year_cents=even.pooled_year_cents(runs),
    )
