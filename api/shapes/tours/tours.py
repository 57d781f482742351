"""Tours, sign-ups and plans on the wire."""

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field
from sqlalchemy import Row

from api.shapes.posting import InCommunity, InCommunityShown, posting_of
from api.shapes.tours.proposals import AreaOfTour, area_shown
from api.shapes.trips.terms import TERMS, TermShown, terms_shown
from api.shapes.words import Cents, Id, Moment, NameIfAny, Shape, known_moment, moment, seconds
from pooling.desk.communities.posting import Posting
from pooling.desk.tours.tour_words import TourWords
from pooling.sharing_rule import Rule, known_rule
from pooling.store.tours import for_any_carrier
from pooling.trips.cancelling import TourTerms

Crates = Annotated[int, Field(ge=0, le=400)]
TourState = Literal["proposed", "confirmed", "refused", "frozen", "under_way", "done", "cancelled"]

PARTY = "pty_01hg0000abcd"
TOUR = "tour_01hg0000abcd"
SITE = "site_01hg0000abcd"


class PricesWish(Shape):
    """What a tour and a round are both proposed with: carrier, vehicle, driver, room and prices."""

    operator: Id = Field(description="The operator that proposes it, one of your parties.", examples=[PARTY])
    carrier: Id = Field(description="The vetted carrier that drives it.", examples=[PARTY])
    driver: NameIfAny = Field(
        "", description="Who drives, as the carrier calls them; else the named member.", examples=["Lou"]
    )
    driver_member: Id | None = Field(
        None, description="Who drives: a member who acts for the carrier.", examples=[None]
    )
    vehicle: Id | None = Field(
        None, description="A vehicle of the carrier's: room left out is its room.", examples=[None]
    )
    ambient_crates: Crates | None = Field(None, description="Room, in ambient crates.", examples=[40])
    chilled_crates: Crates | None = Field(None, description="Room, in chilled crates.", examples=[10])
    frozen_crates: Crates | None = Field(None, description="Room, in frozen crates.", examples=[0])
    payload_kg: Annotated[int, Field(ge=1, le=40_000)] | None = Field(
        None, description="The most it carries, kg; needed without a vehicle.", examples=[800]
    )
    fixed_cents: Cents | None = Field(
        None,
        description="Per tour, cents. Of each price left out the carrier's card of the day is taken; "
        "below it none may be.",
        examples=[1500],
    )
    cents_per_km: Cents | None = Field(None, description="Per km, cents.", examples=[60])
    cents_per_hour: Cents | None = Field(None, description="Per hour, cents.", examples=[1800])
    cents_per_stop: Cents | None = Field(None, description="Per stop, cents.", examples=[50])
    waiting_cents_per_hour: Cents | None = Field(
        None, description="Per hour of waiting beyond the plan, cents.", examples=[1200]
    )
    crate_cents: Cents = Field(description="The most that a crate will cost, cents.", examples=[350])
    fee_cents: Cents = Field(0, description="The operator's own line, cents.", examples=[200])
    gap_cents: Cents = Field(
        0, description="The most that a named account adds where it is not paid, cents.", examples=[0]
    )
    gap_party: Id | None = Field(
        None, description="Who takes it: a party of yours, a community you look after.", examples=[PARTY]
    )
    minimum_crates: Crates = Field(0, description="Crates without which it does not set out.", examples=[12])
    sharing_rule: Rule | None = Field(
        None,
        description="How its cost is shared among those aboard: `shapley`, what each adds on average; "
        "`nucleolus`, the worst complaint of any group as small as can be; `equal_profit`, the same part of "
        "alone saved; or in proportion to `alone`, `crates`, `km`. Always within the caps. Left out: "
        "`shapley`, and in a change as it stands.",
        examples=["shapley"],
    )
    each_pays_its_way: bool | None = Field(
        None,
        description="Whether a newcomer pays at least what it adds, or is refused, from the second to join "
        "on: else that holds only once the tour is paid. Left out: as its community does, else as the house "
        "(false); in a change as it stands.",
        examples=[True],
    )
    community: InCommunity = None

    def posting(self) -> Posting:
        return posting_of(self.community, self.model_fields_set, {"fee_cents": "fee", "cutoff": "cutoff"})

    def given(self) -> dict[str, Any]:
        """Return what is said, by the names of the desk."""
        same = PricesWish.model_fields.keys() - {
            "operator", "carrier", "driver_member", "vehicle", "gap_party", "community", "sharing_rule"
        }  # fmt: skip
        return {name: getattr(self, name) for name in same} | {
            "vehicle_id": self.vehicle or "",
            "driver_id": self.driver_member or "",
            "gap_party_id": self.gap_party,
            "sharing_rule": self.sharing_rule or "",
        }


class TourWish(PricesWish):
    """A tour with a carrier's vehicle, for whoever joins it."""

    carrier: Id | None = Field(  # type: ignore[assignment]
        None,
        description="The vetted carrier that drives it; without one it is chosen at the cut-off among all "
        "that are vetted, and vehicle, driver and card are left out.",
        examples=[PARTY],
    )
    area: AreaOfTour | None = Field(None, description="Where it goes; anywhere without.", examples=[None])
    minimum_shipments: Annotated[int, Field(ge=0, le=400)] = Field(
        0, description="Shipments without which it does not set out.", examples=[5]
    )
    minimum_share_cents: Cents = Field(
        0, description="What must be paid together for it to set out, cents.", examples=[0]
    )
    at_threshold: bool = Field(
        default=False,
        description="Confirmed as soon as its minimum is reached and paid with everybody aboard, before the "
        "cut-off.",
        examples=[False],
    )
    start_site: Id = Field(description="Where the van sets out.", examples=[SITE])
    end_site: Id = Field(description="Where it ends.", examples=[SITE])
    opens: Moment = Field(description="When it may set out.", examples=["2026-09-12T06:00:00+02:00"])
    closes: Moment = Field(description="When it must be back.", examples=["2026-09-12T12:00:00+02:00"])
    cutoff: Moment | None = Field(
        None,
        description="Until when one may join or leave; left out, as its community does, else until it opens.",
        examples=["2026-09-11T18:00:00+02:00"],
    )
    ready_from: Moment | None = Field(
        None, description="No pickup before: when the harvest is ready.", examples=[None]
    )
    fresh_by: Moment | None = Field(
        None, description="No drop after: by then the goods are with their buyers.", examples=[None]
    )

    def words(self) -> TourWords:
        return TourWords(
            carrier_id=self.carrier or "",
            area=self.area.text() if self.area else "",
            minimum_shipments=self.minimum_shipments,
            minimum_share_cents=self.minimum_share_cents,
            at_threshold=self.at_threshold,
            start_site_id=self.start_site,
            end_site_id=self.end_site,
            opens_at=seconds(self.opens),
            closes_at=seconds(self.closes),
            cutoff_at=seconds(self.opens if self.cutoff is None else self.cutoff),
            ready_from_at=None if self.ready_from is None else seconds(self.ready_from),
            fresh_by_at=None if self.fresh_by is None else seconds(self.fresh_by),
            **self.given(),
        )


class Reason(BaseModel):
    """Why something was turned away."""

    code: str = Field(description="Stable, for programs.", examples=["minimum_not_met"])
    detail: str = Field(description="For a person.", examples=["The tour would carry 8 crates; it needs 12."])
    cure: str = Field(description="What to do about it.", examples=["Choose another trip or tour."])
    facts: dict[str, Any] = Field(
        default_factory=dict, description="The facts that the sentences name.", examples=[{"crates": 8}]
    )


class TourCard(BaseModel):
    """What only the operator and the carrier of a tour see."""

    fixed_cents: int = Field(description="Per tour, cents.", examples=[1500])
    cents_per_km: int = Field(description="Per km, cents.", examples=[60])
    cents_per_hour: int = Field(description="Per hour, cents.", examples=[1800])
    cents_per_stop: int = Field(description="Per stop, cents.", examples=[50])
    waiting_cents_per_hour: int = Field(
        description="Per hour of waiting beyond the plan, cents.", examples=[1200]
    )
    vehicle: str = Field(description="The carrier's vehicle, if one is named.", examples=[""])
    driver: str = Field(description="Who drives.", examples=["Lou"])
    substitution: str = Field(description="Why another driver drives than was said.", examples=[""])
    fee_cents: int = Field(description="The operator's own line, cents.", examples=[200])
    gap_cents: int = Field(description="The most that the gap account adds, cents.", examples=[0])
    gap_party: str | None = Field(description="Who takes the gap.", examples=[PARTY])
    plan: str = Field(
        description="The plan it stands on; empty before anybody joins.", examples=["plan_01hg0000abcd"]
    )


class TourShown(BaseModel):
    """A tour as it stands."""

    id: Id = Field(description="The tour.", examples=[TOUR])
    operator: Id = Field(description="Who proposed it.", examples=[PARTY])
    carrier: Id | None = Field(
        description="Who drives it; of a tour for any carrier only an operator sees who is pencilled in.",
        examples=[PARTY],
    )
    carrier_open: bool = Field(description="Whether any vetted carrier may drive it.", examples=[False])
    area: AreaOfTour | None = Field(description="Where it goes; anywhere without.", examples=[None])
    day: date = Field(description="The day on which it sets out, local.", examples=["2026-09-12"])
    region: str = Field(description="The region whose roads it drives.", examples=["riviera"])
    opens: datetime = Field(description="When it may set out.", examples=["2026-09-12T04:00:00Z"])
    closes: datetime = Field(description="When it must be back.", examples=["2026-09-12T10:00:00Z"])
    cutoff: datetime = Field(description="Until when one may join.", examples=["2026-09-11T16:00:00Z"])
    ready_from: datetime | None = Field(description="No pickup before.", examples=[None])
    fresh_by: datetime | None = Field(description="No drop after.", examples=[None])
    round: str | None = Field(description="The round that it is an occurrence of.", examples=[None])
    community: InCommunityShown
    terms: list[TermShown] = Field(description=TERMS)
    start_site: Id = Field(description="Where the van sets out.", examples=[SITE])
    end_site: Id = Field(description="Where it ends.", examples=[SITE])
    ambient_crates: int = Field(description="Room, in ambient crates.", examples=[40])
    chilled_crates: int = Field(description="Room, in chilled crates.", examples=[10])
    frozen_crates: int = Field(description="Room, in frozen crates.", examples=[0])
    crates_aboard: int | None = Field(
        description="Crates that joined so far, of all kinds: for its operator and carrier, and "
        "for everybody where it needs a minimum; else nobody learns another's volume.",
        examples=[16],
    )
    minimum_crates: int = Field(description="Crates without which it does not set out.", examples=[12])
    minimum_shipments: int = Field(description="Shipments without which it does not.", examples=[0])
    minimum_share_cents: int = Field(description="What must be paid together, cents.", examples=[0])
    at_threshold: bool = Field(description="Confirmed as soon as that is reached.", examples=[False])
    each_pays_its_way: bool = Field(
        description="Whether a newcomer pays at least what it adds before the tour is paid, too.",
        examples=[True],
    )
    crate_cents: int = Field(description="The most that a crate will cost, cents.", examples=[350])
    sharing_rule: Rule = Field(
        description="How its cost is shared among those aboard, within their caps.", examples=["shapley"]
    )
    state: TourState = Field(description="How far it is.", examples=["proposed"])
    reason: Reason | None = Field(description="Why it was refused or cancelled, if it was.", examples=[None])
    card: TourCard | None = Field(
        description="The carrier's card, for the operator and the carrier only.", examples=[None]
    )
    created: datetime = Field(description="When it was proposed.", examples=["2026-09-10T08:00:00Z"])
    revision: int = Field(description="Raised by each change.", examples=[1])


class SignUpShown(BaseModel):
    """A place on a tour."""

    id: Id = Field(description="The sign-up.", examples=["signup_01hg0000abcd"])
    tour: Id = Field(description="The tour.", examples=[TOUR])
    shipment: Id = Field(description="The shipment.", examples=["shp_01hg0000abcd"])
    payer: Id = Field(description="Who pays for it.", examples=[PARTY])
    state: Literal["waiting", "joined", "riding", "turned", "left"] = Field(
        description="`waiting` until it pays its way; `joined` until the tour is planned, then `riding` or "
        "`turned` away.",
        examples=["joined"],
    )
    reason: Reason | None = Field(description="Why it waits, or was turned away.", examples=[None])
    crate_cents: int = Field(description="The most a crate will cost it, as shown at joining, cents.",
                             examples=[350])  # fmt: skip
    share_cents: int | None = Field(
        description="What it pays: settled once it rides; before, as things stand. Never above "
        "`joined_cents`; of several places of one payer the part of each may move, their total is promised.",
        examples=[980],
    )
    joined_cents: int | None = Field(
        description="Its share as it was shown when it joined, cents: it never pays more.", examples=[1120]
    )
    alone_cents: int | None = Field(
        description="Its part of what its payer's places on the tour would cost it alone, cents.",
        examples=[1420],
    )
    pickup: datetime | None = Field(
        description="When it is collected, once it rides.", examples=["2026-09-12T05:10:00Z"]
    )
    pickup_from: datetime | None = Field(
        description="It is collected from then on; the hours only narrow.", examples=["2026-09-12T05:00:00Z"]
    )
    pickup_until: datetime | None = Field(
        description="And until then at the latest.", examples=["2026-09-12T05:15:00Z"]
    )
    drop: datetime | None = Field(
        description="When it is handed over, once it rides.", examples=["2026-09-12T06:00:00Z"]
    )
    drop_from: datetime | None = Field(
        description="It is handed over from then on.", examples=["2026-09-12T05:45:00Z"]
    )
    drop_until: datetime | None = Field(
        description="And until then at the latest.", examples=["2026-09-12T06:15:00Z"]
    )
    created: datetime = Field(description="When it joined.", examples=["2026-09-10T08:00:00Z"])
    revision: int = Field(description="Raised by each change.", examples=[1])


class Asked(BaseModel):
    """Long work that was asked for."""

    job: Id = Field(description="The job: read how far it is by its id.", examples=["job_01hg0000abcd"])


def tour_shown(row: Row[Any], crates: int, sees_card: Callable[[Row[Any]], bool]) -> TourShown:
    return TourShown(
        id=row.id,
        operator=row.operator_id,
        carrier=None if for_any_carrier(row) and not sees_card(row) else row.carrier_id,
        carrier_open=row.carrier_open,
        area=area_shown(row.area),
        day=row.day,
        region=row.region,
        opens=known_moment(row.opens_at),
        closes=known_moment(row.closes_at),
        cutoff=known_moment(row.cutoff_at),
        terms=terms_shown(TourTerms(row.cutoff_at), None),
        ready_from=moment(row.ready_from_at),
        fresh_by=moment(row.fresh_by_at),
        round=row.round_id,
        community=row.community_id,
        start_site=row.start_site_id,
        end_site=row.end_site_id,
        ambient_crates=row.ambient_crates,
        chilled_crates=row.chilled_crates,
        frozen_crates=row.frozen_crates,
        crates_aboard=crates if row.minimum_crates or sees_card(row) else None,
        minimum_crates=row.minimum_crates,
        minimum_shipments=row.minimum_shipments,
        minimum_share_cents=row.minimum_share_cents,
        at_threshold=row.at_threshold,
        each_pays_its_way=row.each_pays_its_way,
        crate_cents=row.crate_cents,
        sharing_rule=known_rule(row.sharing_rule),
        state=row.state,
        reason=reason_shown(row.reason),
        card=_card(row) if sees_card(row) else None,
        created=known_moment(row.created_at),
        revision=row.revision,
    )


def _card(row: Row[Any]) -> TourCard:
    return TourCard(
        fixed_cents=row.fixed_cents,
        cents_per_km=row.cents_per_km,
        cents_per_hour=row.cents_per_hour,
        cents_per_stop=row.cents_per_stop,
        waiting_cents_per_hour=row.waiting_cents_per_hour,
        vehicle=row.vehicle_id,
        driver=row.driver,
        substitution=row.substitution,
        fee_cents=row.fee_cents,
        gap_cents=row.gap_cents,
        gap_party=row.gap_party_id or row.gap_community_id,
        plan=row.plan_id,
    )


def reason_shown(words: str) -> Reason | None:
    return Reason(**json.loads(words)) if words else None


def sign_up_shown(row: Row[Any]) -> SignUpShown:
    return SignUpShown(
        id=row.id,
        tour=row.tour_id,
        shipment=row.shipment_id,
        payer=row.payer_id,
        state=row.state,
        reason=reason_shown(row.reason),
        crate_cents=row.crate_cents,
        share_cents=row.share_cents,
        joined_cents=row.joined_cents,
        alone_cents=row.alone_cents,
        pickup=moment(row.pickup_at) if row.state == "riding" else None,
        pickup_from=moment(row.pickup_from_at),
        pickup_until=moment(row.pickup_until_at),
        drop=moment(row.drop_at) if row.state == "riding" else None,
        drop_from=moment(row.drop_from_at),
        drop_until=moment(row.drop_until_at),
        created=known_moment(row.created_at),
        revision=row.revision,
    )
