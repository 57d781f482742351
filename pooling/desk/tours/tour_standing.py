"""
How a proposed tour stands: what it costs, what those aboard pay, what is lacking, what more stops would do.

Read from what is kept; nothing is planned by looking.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from pooling.desk.actor import Actor
from pooling.desk.tours.thresholds import minimum_of
from pooling.desk.tours.tours import own_tour
from pooling.fair.outlook import Outlook, TourNow, outlook
from pooling.fair.sharing import Claimant
from pooling.goods.goods_share import GoodsShare, goods_share
from pooling.store import Page, View
from pooling.store.communities import targets_of
from pooling.store.plans import find_plan
from pooling.store.proposals import prices_told, stops_planned, total_before
from pooling.store.shipments import find_shipment
from pooling.store.tours import ABOARD, crates_aboard, find_sign_up, find_tour, sign_ups_aboard
from pooling.tours.minimum import Minimum


@dataclass(frozen=True)
class TourStanding:
    """
    Hold how a tour stands: its cost, what those aboard pay together, and what nobody takes upon itself yet.

    ``gap_cents`` is what a named account takes as things stand.
    """

    cost_cents: int
    shares_cents: int
    gap_cents: int
    lacking_cents: int
    shipments: int
    crates: int
    minimum: Minimum

    @property
    def minimum_met(self) -> bool:
        enough = self.shipments >= self.minimum.shipments and self.crates >= self.minimum.crates
        return enough and self.shares_cents >= self.minimum.share_cents


@dataclass(frozen=True)
class PayersTotal:
    """
    Hold what the payer of a place is told for all its places on the tour together: that is the promise.

    ``alone_cents`` is what they would cost it without the tour. ``before_cents`` is what it was told for the
    others before this place joined, ``None`` where it is the first.
    """

    places: int
    share_cents: int
    told_cents: int
    alone_cents: int
    before_cents: int | None


@dataclass(frozen=True)
class PlaceStanding:
    """
    Hold how one place on a tour stands: its row, its prices so far, and what more stops would do.

    ``goods_share`` is its share of the tour against the value of its goods; ``mine`` all places of its payer.
    """

    row: Row[Any]
    tour: Row[Any]
    prices: list[Row[Any]]
    after: str
    outlook: Outlook | None
    lacking_cents: int
    goods_share: GoodsShare | None
    mine: PayersTotal | None


def tour_standing(view: View, who: Actor, tour_id: str) -> TourStanding:
    """Tell how a tour stands, to its operator."""
    return standing_of(view, own_tour(view, who, tour_id))


def standing_of(view: View, row: Row[Any]) -> TourStanding:
    aboard = sign_ups_aboard(view, row.id)
    shares_cents = sum(one.share_cents or 0 for one in aboard)
    cost_cents = find_plan(view, row.plan_id).cost_cents if row.plan_id and aboard else 0
    gap_cents = max(0, cost_cents - shares_cents)
    return TourStanding(
        cost_cents=cost_cents,
        shares_cents=shares_cents,
        gap_cents=min(gap_cents, row.gap_cents),
        lacking_cents=max(0, gap_cents - row.gap_cents),
        shipments=len(aboard),
        crates=crates_aboard(view, [row.id]).get(row.id, 0),
        minimum=minimum_of(row),
    )


def place_standing(view: View, who: Actor, sign_up_id: str, page: Page) -> PlaceStanding:
    """Tell how a place stands, to whoever pays for it."""
    row = find_sign_up(view, sign_up_id)
    who.must_see("sign-up", sign_up_id, row.payer_id)
    tour = find_tour(view, row.tour_id)
    prices, after = prices_told(view, sign_up_id, page)
    proposed = row.state == "joined" and tour.state == "proposed"
    return PlaceStanding(
        row=row,
        tour=tour,
        prices=prices,
        after=after,
        outlook=outlooks(view, tour).get(row.id) if proposed else None,
        lacking_cents=standing_of(view, tour).lacking_cents if proposed else 0,
        goods_share=goods_share(
            row.share_cents,
            find_shipment(view, row.shipment_id).goods_value_cents,
            targets_of(view, "tour", [tour.id]).get(tour.id),
        ),
        mine=_total_of(view, row) if row.state in ABOARD else None,
    )


def _total_of(view: View, row: Row[Any]) -> PayersTotal:
    """Return what the payer of a place is told for all its places on the tour."""
    own = [one for one in sign_ups_aboard(view, row.tour_id) if one.payer_id == row.payer_id]
    told = [one.share_cents if one.told_cents is None else one.told_cents for one in own]
    others = [one.id for one in own if one.id != row.id]
    return PayersTotal(
        places=len(own),
        share_cents=sum(one.share_cents or 0 for one in own),
        told_cents=sum(cents or 0 for cents in told),
        alone_cents=sum(one.alone_cents or 0 for one in own),
        before_cents=total_before(view, others, row.created_at) if others else None,
    )


def outlooks(view: View, row: Row[Any]) -> dict[str, Outlook]:
    """Tell for each sign-up aboard a proposed tour what more stops would do to its share."""
    now = tour_now(view, row)
    if now is None:
        return {}
    found = {one: outlook(now, [one]) for one in now.claimants}
    return {one: seen for one, seen in found.items() if seen is not None}


def tour_now(view: View, row: Row[Any]) -> TourNow | None:
    """Return what an outlook is reckoned from; ``None`` where a tour is empty or proposed no more."""
    aboard = [one for one in sign_ups_aboard(view, row.id) if one.share_cents is not None]
    if row.state != "proposed" or not aboard:
        return None
    return TourNow(
        cost_cents=find_plan(view, row.plan_id).cost_cents,
        standing_cents=row.fixed_cents + row.fee_cents,
        stops=stops_planned(view, row.plan_id),
        claimants={
            one.id: Claimant(max(one.alone_cents or 0, one.share_cents), one.share_cents) for one in aboard
        },
        joined_cents=sum(one.joined_cents or one.share_cents for one in aboard),
    )
