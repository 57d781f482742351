"""Bundles and clearings on the wire."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy import Row

from api.papers.words import Words
from api.problem import Problem, problem_of
from api.shapes.goods.shipments import PARTY, SHIPMENT
from api.shapes.market.bids import ABOVE_ALONE, BID, COVER, TRIP, BidShown, CoverAccepted
from api.shapes.tours.tours import Reason
from api.shapes.trips.terms import TERMS, TermShown, terms_shown
from api.shapes.words import Cents, Day, Id, Moment, Shape, Text, known_moment, seconds
from pooling.claims.cover import COVER_VERSION
from pooling.desk.market.bundles import BidWords, BundleWords
from pooling.desk.market.clearing_trips import Proposal
from pooling.desk.market.placing import OPEN_BIDS_LIMIT, BidTerms
from pooling.desk.market.replaying import Replayed
from pooling.desk.trips.cancel_terms import terms_of_bid, terms_of_stored
from pooling.market.clearing import SETS_LIMIT
from pooling.market.lot import BUNDLE_LIMIT
from pooling.store.clearings import said_in

CLEARING = "clr_01hg0000abcd"


class BundledBid(Shape):
    """One bid of a bundle."""

    shipment: Id = Field(description="The shipment.", examples=[SHIPMENT])
    trip: Id = Field(description="The trip.", examples=[TRIP])
    most_cents: Cents = Field(description="The most that you would pay for it, cents.", examples=[800])


class BundleWish(Shape):
    """Bids that belong together."""

    kind: Literal["all", "any"] = Field(
        description="`all`: all ride on one trip, or none. `any`: only one of them, such as either of two "
        "days.",
        examples=["all"],
    )
    bids: list[BundledBid] = Field(
        max_length=BUNDLE_LIMIT, description="The bids, two at least, all for one payer."
    )
    message: Text = Field("", description="A word to the owner.", examples=["They stack well."])
    expires: Moment | None = Field(
        None,
        description="Until when they wait; else for 4 waking hours. At most until the trip's cut-off.",
        examples=["2026-09-11T18:00:00+02:00"],
    )
    rematch: bool = Field(
        default=True,
        description="Of a choice: look for other rides in your name, where the owner cancels.",
        examples=[True],
    )

    cover: CoverAccepted = Field("", description=COVER, examples=[COVER_VERSION])
    above_alone: bool = Field(default=False, description=ABOVE_ALONE, examples=[False])

    def words(self) -> BundleWords:
        return BundleWords(
            self.kind,
            tuple(BidWords(one.trip, one.shipment, one.most_cents) for one in self.bids),
            BidTerms(
                self.message,
                None if self.expires is None else seconds(self.expires),
                rematch=self.rematch,
                cover=self.cover,
                above_alone=self.above_alone,
            ),
        )


class BundleShown(BaseModel):
    """A bundle as it stands."""

    id: Id = Field(description="The bundle.", examples=["bnd_01hg0000abcd"])
    kind: Literal["all", "any"] = Field(description="All ride or none, or any one.", examples=["all"])
    bids: list[BidShown] = Field(description="Its bids.")


class RideProposed(BaseModel):
    """A bid that would ride."""

    bid: Id = Field(description="The bid.", examples=[BID])
    shipment: Id = Field(description="Its shipment.", examples=[SHIPMENT])
    payer: Id = Field(description="Who pays.", examples=[PARTY])
    crates: int = Field(description="How many crates.", examples=[6])
    most_cents: int = Field(description="What is bid, cents.", examples=[800])
    price_cents: int = Field(description="What it would pay, cents.", examples=[640])
    pickup: datetime = Field(description="When it would be collected.", examples=["2026-09-12T04:12:00Z"])
    drop: datetime = Field(description="When it would be handed over.", examples=["2026-09-12T05:02:00Z"])
    terms: list[TermShown] = Field(description=TERMS)


class BidLeft(BaseModel):
    """A bid that would not ride."""

    bid: Id = Field(description="The bid.", examples=[BID])
    why: Problem = Field(description="The true reason, and the smallest change that would do.")


class ProposalShown(BaseModel):
    """The best set of bids on a trip as things stand. Looking changes nothing and holds nothing."""

    trip: Id = Field(description="The trip.", examples=[TRIP])
    revision: int = Field(description="The trip's: send it as `If-Match` to take the set.", examples=[3])
    chosen: list[RideProposed] = Field(description="Who would ride.")
    left: list[BidLeft] = Field(description="Who would not, and why.")
    value_cents: int = Field(
        description="What the parties gain: what the bids are worth less what carrying them adds, cents.",
        examples=[1840],
    )
    bound_cents: int = Field(
        description="No set is worth more, cents: the value itself where it is exact.", examples=[1840]
    )
    exact: bool = Field(description="Whether every set was looked at.", examples=[True])
    weighed: int = Field(
        description="How many sets were weighed. Above "
        f"{SETS_LIMIT} a search goes on with further bids only, and exchanges none.",
        examples=[12],
    )


class ClearWish(Shape):
    """The set that is taken: the bids of the proposal that was shown."""

    chosen: list[Id] = Field(max_length=OPEN_BIDS_LIMIT, description="The bids that ride.", examples=[[BID]])


class ClearDayWish(Shape):
    """Which day is cleared, and whether the sets are only told, proposed to the owners, or taken."""

    day: Day = Field(description="The local day of the trips.", examples=["2026-09-12"])
    take: bool = Field(
        default=False,
        description="Accept the sets where owners let it, and propose the others; else only tell the worth.",
        examples=[False],
    )
    propose: bool = Field(
        default=False,
        description="Keep the set of each trip for its owner to take, and tell the owners.",
        examples=[False],
    )


class ClearingShown(BaseModel):
    """
    A clearing as it was recorded: from the bids at their revisions it gives the same answer again.

    One that is `proposed` was decided with its whole day, and waits for the trip's owner to take it.
    """

    id: Id = Field(description="The record.", examples=[CLEARING])
    trip: Id = Field(description="The trip.", examples=[TRIP])
    trip_revision: int = Field(description="The trip's, when it was decided.", examples=[3])
    bids: dict[str, int] = Field(description="Each bid that waited, with its revision.", examples=[{BID: 1}])
    prices: dict[str, int] = Field(
        description="The bids that ride, with what each pays, cents.", examples=[{BID: 640}]
    )
    reasons: dict[str, Reason] = Field(description="The others, and why not.", examples=[{}])
    value_cents: int = Field(description="What the parties gain, cents.", examples=[1840])
    bound_cents: int = Field(description="No set was worth more, cents.", examples=[1840])
    exact: bool = Field(description="Whether every set was looked at.", examples=[True])
    state: Literal["taken", "proposed"] = Field(description="Whether it was taken.", examples=["taken"])
    created: datetime = Field(
        description="When it was taken, or proposed.", examples=["2026-09-10T08:00:00Z"]
    )


class ReplayShown(BaseModel):
    """What came of deciding a clearing again from its record alone."""

    same: bool = Field(description="Whether the record is whole and the same answer came.", examples=[True])
    intact: bool = Field(description="Whether the record is the one of the digest.", examples=[True])
    differs: list[str] = Field(
        description="What came out otherwise: `bids`, `prices`, `reasons`, `value`, `bound`, `exact`, "
        "`chosen`, `questions` (it asked what it had not asked), `record` (it cannot be read).",
        examples=[["prices"]],
    )
    changed: list[str] = Field(
        description="With what it was decided that is otherwise today: `figures`, `limits`, `schema`.",
        examples=[[]],
    )
    digest: str = Field(
        description="SHA-256 of the record, as the event `trip.cleared` told it.", examples=["9f2c…"]
    )


def replay_shown(found: Replayed) -> ReplayShown:
    return ReplayShown(
        same=found.same,
        intact=found.intact,
        differs=list(found.differs),
        changed=list(found.changed),
        digest=found.digest,
    )


def proposal_shown(found: Proposal, say: Words) -> ProposalShown:
    return ProposalShown(
        trip=found.trip.id,
        revision=found.trip.revision,
        chosen=[_ride_proposed(found, bid_id) for bid_id in found.chosen],
        left=[BidLeft(bid=bid_id, why=problem_of(why, say)) for bid_id, why in found.refused.items()],
        value_cents=found.value_cents,
        bound_cents=found.bound_cents,
        exact=found.exact,
        weighed=found.weighed,
    )


def clearing_shown(row: Row[Any]) -> ClearingShown:
    said = said_in(row)
    return ClearingShown(
        id=row.id,
        trip=row.trip_id,
        trip_revision=row.trip_revision,
        bids=dict(said["bids"]),
        prices=dict(said["chosen"]),
        reasons={bid_id: Reason(**why) for bid_id, why in said["reasons"].items()},
        value_cents=row.value_cents,
        bound_cents=row.bound_cents,
        exact=row.exact,
        state=row.state,
        created=known_moment(row.created_at),
    )


def _ride_proposed(found: Proposal, bid_id: str) -> RideProposed:
    ride, bid = found.chosen[bid_id], found.bids[bid_id]
    promised = ride.promised()
    return RideProposed(
        bid=bid_id,
        shipment=bid.shipment_id,
        payer=bid.payer_id,
        crates=ride.shipment.crates,
        most_cents=bid.most_cents,
        price_cents=ride.guest.price_cents,
        pickup=known_moment(promised["pickup_at"]),
        drop=known_moment(promised["drop_at"]),
        terms=terms_shown(terms_of_bid(bid, terms_of_stored(ride.stored)), ride.guest.price_cents),
    )
