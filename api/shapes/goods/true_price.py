"""A shipment's true price and what carrying it emits, on the wire."""

from typing import Literal

from pydantic import BaseModel, Field

from api.settings import Settings
from api.shapes.words import Shape
from pooling.desk.goods.ride_carbon import RideCarbon
from pooling.desk.goods.true_prices import GreenTerms, SeenPrice
from pooling.goods.true_price import NOT_PAID

LineName = Literal["goods", "carriage", "fee", "loading", "carbon"]


class CarbonShown(BaseModel):
    """What carrying a shipment emits, as Code des transports L1431-3 has it: transport only."""

    co2_g: int = Field(description="Grams of CO2e, empty ways and upstream in.", examples=[2140])
    upstream_g: int = Field(description="Of which upstream: making and bringing the energy.", examples=[445])
    empty_g: int = Field(description="Of which on ways without a crate aboard.", examples=[610])
    grams_per_kg: int = Field(description="Grams of CO2e per kilo carried.", examples=[67])
    added_g: int | None = Field(
        description="On a trip: what it drives more because of these crates. Its owner drives anyway, and "
        "`co2_g` is counted as if it carried nothing of its own: the most it could be.",
        examples=[410],
    )
    alone_g: int | None = Field(
        description="Its part of what its payer's own van would emit; null to its buyer.", examples=[7200]
    )
    reference_g: int = Field(
        description="The same kilos in an articulated lorry to a wholesale market.", examples=[416]
    )
    worse_than_alone: bool | None = Field(
        description="Whether driving alone emits less; null to whoever is not told what that emits.",
        examples=[False],
    )
    worse_than_reference: bool = Field(description="Whether that lorry emits less.", examples=[True])
    transport_only: Literal[True] = Field(
        description="Nothing of how the goods were grown, packed or kept is in it.", examples=[True]
    )


class PriceLineShown(BaseModel):
    """One line of a true price."""

    name: LineName = Field(
        description="What it is for: the goods, their part of the card or of the owner's costs, the "
        "platform's fee, the sender's own labour of loading, the carbon.",
        examples=["carriage"],
    )
    cents: int = Field(description="Whole cents.", examples=[590])
    paid: bool = Field(description="Whether it is paid to somebody.", examples=[True])


class TruePriceShown(BaseModel):
    """What a shipment truly costs; the lines add up to the total. What is not known has no line."""

    lines: list[PriceLineShown] = Field(description="The lines, in their order.")
    total_cents: int = Field(description="All lines.", examples=[10_264])
    paid_cents: int = Field(description="Those that are paid to somebody.", examples=[10_190])
    deposit_cents: int = Field(
        description="What its receiver gives for the crates until they are back: in no line.",
        examples=[2100],
    )
    shared: bool = Field(description="Whether its buyer may see this.", examples=[False])
    carbon: CarbonShown | None = Field(description="What carrying it emits; null while nothing carries it.")


class SharingWish(Shape):
    """Whether the buyer whose order it fills may see a shipment's true price."""

    shared: bool = Field(description="Off until its producer wants it.", examples=[True])


class CarbonAnswer(BaseModel):
    """What carrying a shipment emits, once something carries it."""

    carbon: CarbonShown | None = Field(description="The statement; null while nothing carries it.")


def green_terms(settings: Settings) -> GreenTerms:
    """Return by what this house reckons."""
    return GreenTerms(settings.reference_km * 1000, settings.carbon_cents_per_tonne)


def carbon_shown(one: RideCarbon) -> CarbonShown:
    told = one.statement
    return CarbonShown(
        co2_g=told.own.co2_g,
        upstream_g=told.own.upstream_g,
        empty_g=told.own.empty_g,
        grams_per_kg=told.grams_per_kg,
        added_g=one.added_g,
        alone_g=told.alone_g,
        reference_g=told.reference_g,
        worse_than_alone=told.worse_than_alone,
        worse_than_reference=told.worse_than_reference,
        transport_only=True,
    )


def true_price_shown(seen: SeenPrice) -> TruePriceShown:
    return TruePriceShown(
        lines=[
            PriceLineShown(name=name, cents=cents, paid=name not in NOT_PAID)  # type: ignore[arg-type]
            for name, cents in seen.price.lines.items()
        ],
        total_cents=seen.price.total_cents,
        paid_cents=seen.price.paid_cents,
        deposit_cents=seen.price.deposit_cents,
        shared=seen.row.price_shared,
        carbon=carbon_shown(seen.carbon) if seen.carbon else None,
    )
