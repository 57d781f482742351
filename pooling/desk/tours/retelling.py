"""
Proposed tours told anew where what their payers do beside them has changed.

What a payer sends and pays on its other rides that day bounds what it may pay here. When that moves, or
the operator moved the tour by hand, shares are told again: one truth for every page, and not a second figure
that a page would reckon for itself.
"""

from typing import Any

from sqlalchemy import Row

from pooling.desk.desk import Desk, Moved
from pooling.desk.market.rides import standing_of
from pooling.desk.tours.share_keeping import days_print, keep_terms
from pooling.desk.tours.tour_terms import Terms, begins_in, retell, terms_on
from pooling.desk.tours.tour_world import TourWorld, days_counted, stand_on, tour_world
from pooling.store import Tx, View
from pooling.store.bids import paid_that_day
from pooling.store.plans import find_plan
from pooling.store.rows import held
from pooling.store.share_books import days_followed, last_share_book, tours_to_follow
from pooling.store.shipments import payers_day, shipments_by_id
from pooling.store.touring import tour
from pooling.store.tours import find_tour, sign_ups_aboard

TOURS_AT_ONCE = 200
"""So many tours are looked after at a time, those whose cut-off comes first."""


def retell_due(desk: Desk) -> int:
    """Tell anew each proposed tour whose shares no longer rest on what stands; returns how many."""
    with desk.store.view() as view:
        stale = [row.id for row in tours_to_follow(view, TOURS_AT_ONCE) if not shares_stand(view, row)]
    return sum(_retold(desk, tour_id) for tour_id in stale)


def shares_stand(view: View, row: Row[Any]) -> bool:
    """Tell whether what a tour's shares rest on is kept, and still is as it was."""
    aboard = sign_ups_aboard(view, row.id)
    kept = last_share_book(view, row.id)
    if not aboard:
        return True
    if kept is None or kept.plan_id != row.plan_id:
        return False
    rows = shipments_by_id(view, [one.shipment_id for one in aboard])
    days = {
        payer: tuple(
            (day, standing_of(payers_day(view, payer, day), paid_that_day(view, payer, day)))
            for day in days_counted(row, rows.values(), payer)
        )
        for payer in {one.payer_id for one in aboard}
    }
    return bool(kept.days == days_print(days, set(rows)))


def retell_stale(tx: Tx, world: TourWorld) -> str:
    """
    Tell a proposed tour anew on the plan that it stands on; returns the book that holds then.

    The tour keeps its plan, and its revision, unless its hours or its cost are no longer those of that plan.
    Where no share moves, only what it rests on is noted. ``Moved`` where the tour does not stand as it was
    read.
    """
    held(tx, tour, world.row.id)
    if find_tour(tx, world.row.id).revision != world.row.revision:
        raise Moved
    problem, plan = world.committed
    terms, kept = terms_on(world, problem, plan), last_share_book(tx, world.row.id)
    if kept is not None and kept.plan_id == world.row.plan_id and _as_told(world, terms):
        payers = {one.payer_id: world.payers_days[one.payer_id] for one in world.sign_ups}
        days_followed(tx, kept.id, days_print(payers, set(world.aboard)))
        return str(kept.id)
    plan_id = world.row.plan_id
    if not _as_planned(tx, world, terms):
        plan_id = stand_on(tx, world, terms.route, terms.cost_cents, "insertion", {})
    retell(tx, world, terms, "others_day", world.sign_ups)
    keep_terms(tx, world, plan_id, terms)
    now = last_share_book(tx, world.row.id)
    return str(now.id) if now else ""


def _retold(desk: Desk, tour_id: str) -> bool:
    with desk.store.view() as view:
        row = find_tour(view, tour_id)
        if row.state != "proposed":
            return False
        world = tour_world(desk, view, row)
    if not world.sign_ups:
        return False
    try:
        desk.store.change(lambda tx: retell_stale(tx, world))
    except Moved:  # somebody was quicker: looked at again in the next round
        return False
    return True


def _as_planned(view: View, world: TourWorld, terms: Terms) -> bool:
    """Tell whether the plan that is kept costs what it comes to now, with the same hours."""
    route = terms.route
    if route is None or find_plan(view, world.row.plan_id).cost_cents != terms.cost_cents:
        return False
    begins = {one.id: begins_in(route, one.shipment_id) for one in world.sign_ups}
    return all((one.pickup_at, one.drop_at) == tuple(map(world.at, begins[one.id])) for one in world.sign_ups)


def _as_told(world: TourWorld, terms: Terms) -> bool:
    """Tell whether everybody would be told what it was told."""
    parts = ((one, terms.parts[one.shipment_id]) for one in world.sign_ups)
    return all(
        (one.share_cents, one.alone_cents) == (part.share_cents, part.alone_cents) for one, part in parts
    )
