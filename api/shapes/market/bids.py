"""Bids on the wire."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy import Row

from api.shapes.goods.goods_share import GoodsShareShown, goods_share_shown
from api.shapes.goods.shipments import PARTY, SHIPMENT, SITE
from api.shapes.tours.tours import Reason, reason_shown
from api.shapes.trips.terms import TERMS, TermShown, terms_shown
from api.shapes.words import Cents, Id, Moment, Shape, Text, known_moment, moment, seconds
from pooling.claims.cover import COVER_VERSION
from pooling.desk.market.placing import BidTerms, price_in_sight
from pooling.goods.goods_share import goods_share
from pooling.trips.cancelling import Terms

BID, TRIP = "bid_01hg0000abcd", "trip_01hg0000abcd"
COVER = (
    "The version of the cover terms that you accept (`read_cover`): needed for crates whose value is "
    "declared; without it nothing is covered."
)
CoverAccepted = Annotated[str, Field(max_length=20, pattern=r"^[0-9-]*$")]
BidState = Literal["open", "countered", "accepted", "refused", "withdrawn", "expired"]


ABOVE_ALONE = (
    "You know that driving alone would cost less (`dearer_than_alone` told both amounts) and want the ride "
    "all the same: then you pay what its detour costs, or a carrier asks, never above your bid."
)


class BidWish(Shape):
    """The most that a payer would give for a shipment's room on a trip."""

    shipment: Id = Field(description="The shipment, which its payer bids for.", examples=[SHIPMENT])
    most_cents: Cents = Field(
        description="The most that you would pay, cents. It is never raised.", examples=[800]
    )
    quote: Id | None = Field(
        None, description="A quote of yours for this ride: you pay at most its price.", examples=[None]
    )
    message: Text = Field("", description="A word to the owner.", examples=["They stack well."])
    expires: Moment | None = Field(
        None,
        description="Until when it waits; else for 4 waking hours. At most until the trip's cut-off: "
        "the answer's `expires` tells what it was set to.",
        examples=["2026-09-11T18:00:00+02:00"],
    )

    rematch: bool = Field(
        default=True,
        description="Look for other rides in your name, for at most this bid, where the owner cancels.",
        examples=[True],
    )

    cover: CoverAccepted = Field("", description=COVER, examples=[COVER_VERSION])
    above_alone: bool = Field(default=False, description=ABOVE_ALONE, examples=[False])

    in_kind: bool = Field(
        default=False,
        description="Under mutual aid: you would rather carry something in return than pay.",
        examples=[False],
    )

    def terms(self) -> BidTerms:
        expires_at = None if self.expires is None else seconds(self.expires)
        quote = self.quote or ""
        said = self.message, expires_at, quote, self.rematch, self.cover, self.above_alone
        return BidTerms(*said, self.in_kind)


class AcceptWish(Shape):
    """How a bid is accepted."""

    in_kind: bool = Field(
        default=False,
        description="Under mutual aid: you ask nothing, it is counted in the balance instead.",
        examples=[True],
    )


class CounterWish(Shape):
    """What a trip's owner asks instead; of a bundle of all or none, for all of it."""

    cents: Cents = Field(
        description="The most that the payer should offer, cents. Where cost is shared it moves only this "
        "ceiling: the payer goes on paying its share of the cost, never above it.",
        examples=[950],
    )


class TakeCounterWish(Shape):
    """What is said as a counter-offer is taken."""

    above_alone: bool = Field(default=False, description=ABOVE_ALONE, examples=[False])


class BidShown(BaseModel):
    """
    A bid as it stands, for its payer and the trip's owner.

    Until it is accepted, price, hours and detour are what they would have been when it was placed; once it
    is countered, the price is what its payer would pay if it took the counter-offer, as things then stood.
    """

    id: Id = Field(description="The bid.", examples=[BID])
    trip: Id = Field(description="The trip.", examples=[TRIP])
    shipment: Id = Field(description="The shipment.", examples=[SHIPMENT])
    payer: Id = Field(description="Who bids.", examples=[PARTY])
    from_site: Id = Field(description="Where the crates wait.", examples=[SITE])
    to_site: Id = Field(description="Where they go.", examples=[SITE])
    temperature: str = Field(description="The compartment that they need.", examples=["ambient"])
    crates: int = Field(description="How many.", examples=[6])
    kg: int = Field(description="Weight in all, kg.", examples=[48])
    most_cents: int = Field(description="The most that is offered, cents.", examples=[800])
    counter_cents: int | None = Field(
        description="What the owner asks instead, cents: the most that would be paid. Where cost is shared, "
        "the payer still pays its share of it, `price_cents` as things stand, never above this.",
        examples=[950],
    )
    price_cents: int | None = Field(
        description="What is paid, cents: never above the bid, nor above a counter-offer that was taken. "
        "For the owner null where a counter-offer not taken yet would make its payer pay more than it bid.",
        examples=[640],
    )
    goods_share: GoodsShareShown | None = Field(
        description="That price against the value of the goods, where it is known; for the payer only."
    )
    held_cents: int | None = Field(
        description="The price that a quote holds for it, cents: no more is paid.", examples=[None]
    )
    owed_cents: int = Field(
        description="What its payer owes for leaving, once the trip has run: by the terms, and for a detour "
        "that others had come for and do not pay. In cents, 0 where nothing.",
        examples=[0],
    )
    late_cents: int = Field(
        description="How much of that for leaving after the cut-off, by the terms, cents.", examples=[0]
    )
    compensation_cents: int = Field(
        description="What the owner owes its payer for cancelling after the cut-off, cents.", examples=[0]
    )
    saved_cents: int | None = Field(
        description="What riding spares the payer, cents; for the payer only.", examples=[1180]
    )
    detour_s: int | None = Field(description="How much longer the owner drives, seconds.", examples=[420])
    pickup: datetime | None = Field(description="When it is collected.", examples=["2026-09-12T04:12:00Z"])
    pickup_from: datetime | None = Field(
        description="Promised: not before this.", examples=["2026-09-12T03:57:00Z"]
    )
    pickup_until: datetime | None = Field(
        description="Promised: not after this.", examples=["2026-09-12T04:17:00Z"]
    )
    drop: datetime | None = Field(description="When it is handed over.", examples=["2026-09-12T05:02:00Z"])
    drop_from: datetime | None = Field(
        description="Promised: not before this.", examples=["2026-09-12T04:47:00Z"]
    )
    drop_until: datetime | None = Field(
        description="Promised: not after this.", examples=["2026-09-12T05:07:00Z"]
    )
    expires: datetime = Field(
        description="Until when it is answered: what was asked for, at most the trip's cut-off.",
        examples=["2026-09-10T12:00:00Z"],
    )
    state: BidState = Field(description="How far it is.", examples=["open"])
    reason: Reason | None = Field(
        description="Why it was refused, not chosen when its trip was cleared, or does not fit any more.",
        examples=[None],
    )
    bundle: str = Field(
        description="Bids with the same one belong together; empty for a bid alone.",
        examples=["bnd_01hg0000abcd"],
    )
    bundle_kind: Literal["", "all", "any"] = Field(
        description="all: all of the bundle ride or none. any: only one of them.", examples=["all"]
    )
    message: str = Field(description="What its bidder says.", examples=["They stack well."])
    rematch: bool = Field(
        description="Whether other rides are looked for in its payer's name where the owner cancels.",
        examples=[True],
    )
    above_alone: bool | None = Field(
        description="Whether it is meant though driving alone would cost less; for the payer only.",
        examples=[False],
    )
    in_kind: Literal["", "asked", "agreed"] = Field(
        description="asked: its payer would rather carry in return. agreed: its owner asks nothing, "
        "and its price becomes 0 once the trip is frozen. Empty: in money.",
        examples=[""],
    )
    cover: str = Field(
        description="The version of the cover terms that were accepted with it; empty: nothing is covered.",
        examples=[COVER_VERSION],
    )
    declared_value_cents: int = Field(
        description="The declared value of the crates, cents: what the owner covers, as far as the terms go.",
        examples=[12_000],
    )
    terms: list[TermShown] = Field(description=TERMS)
    name_by: datetime | None = Field(
        description="Of room reserved before its goods: until when they are named.", examples=[None]
    )
    named: datetime | None = Field(description="When they were named.", examples=[None])
    created: datetime = Field(description="When it was placed.", examples=["2026-09-10T08:00:00Z"])
    revision: int = Field(description="Raised by each change.", examples=[1])


def _at_stake_cents(row: Row[Any], price_cents: int | None) -> int:
    """Return the price for which terms are told: what a counter asks, once there is one to be taken."""
    if row.state == "countered":
        return int(row.counter_cents)
    return int(row.most_cents) if price_cents is None else price_cents


def bid_shown(
    row: Row[Any], shipment: Row[Any], terms: Terms, target_percent: int | None, *, to_payer: bool
) -> BidShown:
    """Show a bid; ``target_percent`` is what its trip's community wants carriage to be of the goods."""
    price_cents = price_in_sight(row, to_payer=to_payer)
    share = goods_share(price_cents, shipment.goods_value_cents, target_percent) if to_payer else None
    return BidShown(
        id=row.id,
        trip=row.trip_id,
        shipment=row.shipment_id,
        payer=row.payer_id,
        from_site=shipment.from_site_id,
        to_site=shipment.to_site_id,
        temperature=shipment.temperature,
        crates=shipment.crates,
        kg=shipment.kg,
        most_cents=row.most_cents,
        counter_cents=row.counter_cents,
        price_cents=price_cents,
        goods_share=goods_share_shown(share),
        held_cents=row.held_cents,
        owed_cents=row.owed_cents,
        late_cents=row.late_cents,
        compensation_cents=row.compensation_cents,
        saved_cents=row.saved_cents if to_payer else None,
        detour_s=row.detour_s,
        pickup=moment(row.pickup_at),
        pickup_from=moment(row.pickup_from_at),
        pickup_until=moment(row.pickup_until_at),
        drop=moment(row.drop_at),
        drop_from=moment(row.drop_from_at),
        drop_until=moment(row.drop_until_at),
        expires=known_moment(row.expires_at),
        state=row.state,
        reason=reason_shown(row.reason),
        bundle=row.bundle_id,
        bundle_kind=row.bundle_kind,
        message=row.message,
        rematch=row.rematch,
        above_alone=row.above_alone if to_payer else None,
        in_kind=row.in_kind,
        cover=row.cover_version,
        declared_value_cents=shipment.declared_value_cents,
        terms=terms_shown(terms, _at_stake_cents(row, price_cents)),
        name_by=moment(row.name_by_at),
        named=moment(row.named_at),
        created=known_moment(row.created_at),
        revision=row.revision,
    )
