"""Trust on the wire: reviews, scores, and pairs that do not ride together."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field
from sqlalchemy import Row

from api.shapes.goods.shipments import PARTY
from api.shapes.market.bids import BID
from api.shapes.words import Id, Shape, Text, known_moment
from pooling.people.trust import COUNTS_TOLD, MOST_STARS, Record

OTHER = "pty_01hg0000abce"
REVIEW, BLOCK = "rev_01hg0000abcd", "blk_01hg0000abcd"
Stars = Annotated[int, Field(ge=1, le=MOST_STARS)]


class ReviewWish(Shape):
    """What one side of a ride says of the other, once the crates were handed over."""

    stars: Stars = Field(description="From 1, never again, to 5, any time.", examples=[5])
    note: Text = Field("", description="A word to the other side.", examples=["On time, crates whole."])


class ReviewShown(BaseModel):
    """A review, for who wrote it and, once it is shown, for whom it is about."""

    id: Id = Field(description="The review.", examples=[REVIEW])
    bid: Id | None = Field(description="The ride, where it was on a trip.", examples=[BID])
    sign_up: Id | None = Field(
        description="The place, where it was on a tour.", examples=["signup_01hg0000abcd"]
    )
    about: Id = Field(description="Of whom.", examples=[OTHER])
    by: Id = Field(description="Who wrote it.", examples=[PARTY])
    stars: int = Field(description="1 to 5.", examples=[5])
    note: str = Field(description="In their words.", examples=["On time, crates whole."])
    created: datetime = Field(description="When it was written.", examples=["2026-09-13T08:00:00Z"])


class RecordShown(BaseModel):
    """What a score was counted from, over a year; for the party itself and operators."""

    timed: int = Field(description="Handovers that had a promised hour.", examples=[12])
    punctual: int = Field(description="Those within it.", examples=[11])
    dropped: int = Field(description="Handovers to a receiver.", examples=[6])
    whole: int = Field(description="Those in good condition and number.", examples=[6])
    asked: int = Field(description="Bids that waited for an answer.", examples=[9])
    answered: int = Field(description="Those that were answered before they expired.", examples=[9])
    reviews: int = Field(description="Reviews that are shown.", examples=[4])
    not_there_sending: int = Field(description="Pickups without its crates.", examples=[0])
    not_there_driving: int = Field(description="Pickups to which its van did not come.", examples=[0])
    late_sending: int = Field(description="Rides that it left after the cut-off.", examples=[1])
    late_driving: int = Field(description="Guests that it let down after the cut-off.", examples=[0])
    claims_unanswered: int = Field(description="Claims that it left without an answer.", examples=[0])
    claims_lost: int = Field(description="Claims that it disputed and lost.", examples=[0])


class TrustShown(BaseModel):
    """How well a party keeps its word."""

    party: Id = Field(description="Who.", examples=[PARTY])
    name: str = Field(description="How people call it.", examples=["Ferme de la Colle"])
    score: int | None = Field(
        description="0 to 100: hours kept (40), crates whole (30), reviews (20), bids answered (10); null "
        "where fewer than 5 handovers are known.",
        examples=[94],
    )
    stars: float | None = Field(
        description="The mean of what others wrote, 1 to 5; null where fewer than 3 did.", examples=[4.7]
    )
    no_shows: int = Field(
        description="How often in a year it was not there, with its crates or with its van; 3: 3 or more.",
        examples=[0],
    )
    late_cancellations: int = Field(
        description="How many rides in a year it cancelled after their cut-off; 3: 3 or more.", examples=[1]
    )
    record: RecordShown | None = Field(
        description="What it was counted from; for the party itself and operators.", examples=[None]
    )


class BlockWish(Shape):
    """With whom a party does not want to ride."""

    party: Id = Field(description="Who does not want to.", examples=[PARTY])
    other: Id = Field(description="With whom.", examples=[OTHER])


class BlockShown(BaseModel):
    """A pair that does not ride together, for who set it."""

    id: Id = Field(description="The block.", examples=[BLOCK])
    party: Id = Field(description="Who does not want to.", examples=[PARTY])
    other: Id = Field(description="With whom.", examples=[OTHER])
    created: datetime = Field(description="Since when.", examples=["2026-09-13T08:00:00Z"])


def review_shown(row: Row[Any]) -> ReviewShown:
    return ReviewShown(
        id=row.id,
        bid=row.bid_id,
        sign_up=row.sign_up_id,
        about=row.about_id,
        by=row.by_id,
        stars=row.stars,
        note=row.note,
        created=known_moment(row.created_at),
    )


def trust_shown(party_id: str, name: str, record: Record, *, inside: bool) -> TrustShown:
    tenths = record.stars_tenths
    return TrustShown(
        party=party_id,
        name=name,
        score=record.score,
        stars=None if tenths is None else tenths / 10,
        no_shows=min(record.no_shows, COUNTS_TOLD),
        late_cancellations=min(record.late_cancellations, COUNTS_TOLD),
        record=RecordShown(
            timed=record.timed,
            punctual=record.punctual,
            dropped=record.dropped,
            whole=record.whole,
            asked=record.asked,
            answered=record.answered,
            reviews=record.reviews,
            not_there_sending=record.not_there_sending,
            not_there_driving=record.not_there_driving,
            late_sending=record.late_sending,
            late_driving=record.late_driving,
            claims_unanswered=record.claims_unanswered,
            claims_lost=record.claims_lost,
        )
        if inside
        else None,
    )


def block_shown(row: Row[Any]) -> BlockShown:
    return BlockShown(id=row.id, party=row.party_id, other=row.other_id, created=known_moment(row.created_at))
