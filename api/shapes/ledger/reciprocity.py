"""Mutual aid on the wire: km·crates and euro of shareable cost, between two parties."""

from pydantic import BaseModel, Field

from api.shapes.ledger.ledger import PartyField
from pooling.ledger.reciprocity import Between
from pooling.regimes import PrivateYear


class BetweenShown(BaseModel):
    """What your party and another carried for one another."""

    party: PartyField = Field(description="The other party.")
    given_km_crates: float = Field(description="What you carried for it, km times crates.", examples=[48.2])
    taken_km_crates: float = Field(description="What it carried for you.", examples=[30.0])
    given_cents: int = Field(description="The shareable cost of what you carried for it.", examples=[640])
    taken_cents: int = Field(description="And of what it carried for you.", examples=[400])
    paid_cents: int = Field(
        description="Prices agreed for yours, less prices agreed for its own; 0 where all was in kind.",
        examples=[0],
    )
    balance_km_crates: float = Field(description="Given less taken: above 0 it is its turn.", examples=[18.2])
    balance_cents: int = Field(description="The same in shareable cost.", examples=[240])


class PrivateYearShown(BaseModel):
    """What a private person receives for carrying others' crates in this calendar year (L3232-1)."""

    received_cents: int = Field(description="Agreed on trips of this year, cents.", examples=[12500])
    cap_cents: int = Field(description="The most that it may receive, cents.", examples=[200000])


class ReciprocityShown(BaseModel):
    """The mutual aid of a party, from what was handed over."""

    party: PartyField = Field(description="Whose.")
    others: list[BetweenShown] = Field(description="With each other party.")
    whole: bool = Field(description="False where only the newest handovers were counted.", examples=[True])
    private_year: PrivateYearShown | None = Field(
        default=None, description="A private person's year; null for others."
    )


def year_shown(year: PrivateYear | None) -> PrivateYearShown | None:
    if year is None:
        return None
    return PrivateYearShown(received_cents=year.received_cents, cap_cents=year.cap_cents)


def between_shown(other: str, one: Between) -> BetweenShown:
    return BetweenShown(
        party=other,
        given_km_crates=one.given_crate_m / 1000,
        taken_km_crates=one.taken_crate_m / 1000,
        given_cents=one.given_cents,
        taken_cents=one.taken_cents,
        paid_cents=one.paid_cents,
        balance_km_crates=one.crate_m / 1000,
        balance_cents=one.cents,
    )
