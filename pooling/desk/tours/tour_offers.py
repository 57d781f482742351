"""
Offers on proposed tours: the place that joining would give now, its hours and share, or why there is none.

Decided by the code of joining itself; nothing is held. Whoever joins never pays more than it is shown.
"""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.costs.carbon import van_co2_g
from pooling.desk.communities.belonging import must_belong
from pooling.desk.desk import Desk
from pooling.desk.market.offer import NoOffer, Offer
from pooling.desk.tours.sign_ups import must_have_a_carrier, must_ride_with_carrier
from pooling.desk.tours.tour_places import Joining, placed
from pooling.desk.tours.tour_terms import windows_told
from pooling.desk.tours.tour_world import is_of_its_day, tour_world
from pooling.market.saving import spared_m
from pooling.regimes import Regime, papers_to_carry
from pooling.store import Page, View
from pooling.store.days import parties_by_id
from pooling.store.tours import any_tour, list_tours
from pooling.trips.cancelling import TourTerms

TOURS_TRIED_LIMIT = 20
"""Proposed tours of one day that one search tries, the newest first."""


def offers_on_tours(desk: Desk, view: View, row: Row[Any]) -> tuple[list[Offer], list[NoOffer], bool]:
    """
    Try each proposed tour of a shipment's day, or still under way on it, that can still be joined.

    Tells, too, whether there are more tours of these days than were tried.
    """
    days = [_proposed_on(view, day) for day in (row.day, row.day - timedelta(days=1))]
    tours = [
        tour
        for proposed, _ in days
        for tour in proposed
        if tour.cutoff_at > view.now_at and is_of_its_day(tour, row)
    ]
    names = {one.id: one.name for one in parties_by_id(view, [whose_tour(one) for one in tours]).values()}
    found = [offer_on_tour(desk, view, tour, row, names[whose_tour(tour)]) for tour in tours]
    rides = [one for one in found if isinstance(one, Offer)]
    return rides, [one for one in found if isinstance(one, NoOffer)], any(more for _, more in days)


def _proposed_on(view: View, day: date) -> tuple[list[Row[Any]], bool]:
    if not any_tour(view, day, "proposed"):  # asked in a moment; who sees which takes longer
        return [], False
    rows, after = list_tours(view, Page(limit=TOURS_TRIED_LIMIT), day=day, state="proposed")
    return rows, bool(after)


def whose_tour(tour: Row[Any]) -> str:
    """Name who stands for a tour: its carrier, or its operator while any carrier may still drive it."""
    return str(tour.operator_id if tour.carrier_open else tour.carrier_id)


def offer_on_tour(desk: Desk, view: View, tour: Row[Any], row: Row[Any], name: str) -> Offer | NoOffer:
    """Return the place that joining a tour would give a shipment now, or why there is none."""
    try:
        must_have_a_carrier(view, tour)
        must_belong(view, tour, row.payer_id)
        must_ride_with_carrier(view, tour, row.payer_id)
        joining = placed(tour_world(desk, view, tour, asking=[row]), row)
    except Refusal as refusal:
        return NoOffer("tour", tour.id, whose_tour(tour), name, refusal)
    return _offer(joining, tour, name)


def _offer(joining: Joining, tour: Row[Any], name: str) -> Offer:
    world, row, slot, share = joining.world, joining.shipment, joining.slot, joining.share
    sites, baseline = world.day.sites, world.payers.baseline
    own = [one for one in world.day.shipments if one.payer == row.payer_id]
    windows: Any = windows_told(world, joining.terms.told[row.id])
    return Offer(
        kind="tour",
        ride_id=tour.id,
        owner_id=whose_tour(tour),
        owner_name=name,
        pickup_at=None,
        drop_at=None,
        **windows,
        detour_s=slot.added_drive_s,
        detour_m=slot.added_m,
        floor_cents=share.share_cents,
        price_cents=share.share_cents,
        most_cents=share.share_cents,
        regime=Regime.TRANSPORTEUR,
        papers=papers_to_carry(Regime.TRANSPORTEUR),
        co2_g=van_co2_g(max(0, slot.added_m)),
        alone_co2_g=van_co2_g(spared_m(baseline, own, row.id)),
        way_from=sites[world.tour.start_site].name,
        way_to=sites[world.tour.end_site].name,
        instant=True,
        alone_cents=share.alone_cents,
        terms=TourTerms(tour.cutoff_at),
    )
