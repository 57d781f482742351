"""The terms of cancelling on the wire."""

from datetime import datetime

from pydantic import BaseModel, Field

from api.shapes.words import moment
from pooling.trips.cancelling import Terms, TourTerms

TERMS = (
    "What cancelling costs, step by step, the same for both sides: the payer owes it to the owner, the owner "
    "to the payer; on a tour the payer owes its share. Under cost sharing a payer may owe less; who leaves "
    "others in a detour that it paid for, up to its price."
)


class TermShown(BaseModel):
    """One step of the terms: until when it holds, and what it comes to."""

    until: datetime | None = Field(
        description="Until when; null: from the step before on, for whoever is not there.",
        examples=["2026-09-11T18:00:00Z"],
    )
    percent: int = Field(description="Share of the price, %.", examples=[25])
    owed_cents: int | None = Field(
        description="What that is for this price, cents; null where there is none yet.", examples=[160]
    )


def terms_shown(terms: Terms | TourTerms, price_cents: int | None) -> list[TermShown]:
    """Say the terms for a price, or the shares of it alone where it is not known yet."""
    return [
        TermShown(
            until=moment(one.until_at),
            percent=one.percent,
            owed_cents=None if price_cents is None else one.owed_cents(price_cents),
        )
        for one in terms.steps
    ]
