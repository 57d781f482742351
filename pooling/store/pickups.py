"""Pickups asked for, in the store: what is to be pooled with others, and where a planned day put it."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Row, select, update

from pooling.store.day_plans import day_plan, day_plan_line
from pooling.store.finding import pickup_ask
from pooling.store.market import shipment
from pooling.store.rows import Page, found, paged
from pooling.store.touring import tour
from pooling.store.transaction import Tx, View


def find_pickup(view: View, pickup_id: str) -> Row[Any]:
    return found(view, pickup_ask, pickup_id, kind="pickup")


def list_pickups(
    view: View, payer_ids: Iterable[str] | None, page: Page, *, day: date | None = None, shipment_id: str = ""
) -> tuple[list[Row[Any]], str]:
    """List the pickups that these parties asked for (``None``: everybody's), of one day or shipment."""
    query = select(pickup_ask)
    if payer_ids is not None:
        query = query.where(pickup_ask.c.payer_id.in_(list(payer_ids)))
    if day is not None:
        query = query.where(pickup_ask.c.day == day)
    if shipment_id:
        query = query.where(pickup_ask.c.shipment_id == shipment_id)
    return paged(view, query, pickup_ask, page)


def pickup_asked_for(view: View, shipment_id: str) -> Row[Any] | None:
    """Return the pickup that stands asked for a shipment."""
    its = (pickup_ask.c.shipment_id == shipment_id, pickup_ask.c.state == "asked")
    return view.connection.execute(select(pickup_ask).where(*its)).first()


def pickups_follow(tx: Tx, row: Row[Any]) -> None:
    """Let a pickup that stands asked be of the day and the payer that its changed shipment now has."""
    its = (pickup_ask.c.shipment_id == row.id, pickup_ask.c.state == "asked")
    now = {"day": row.day, "payer_id": row.payer_id, "revision": pickup_ask.c.revision + 1}
    moved = (pickup_ask.c.day != row.day) | (pickup_ask.c.payer_id != row.payer_id)
    tx.connection.execute(update(pickup_ask).where(*its, moved).values(**now))


def asked_on(view: View, day: date) -> set[str]:
    """Return the open shipments of a day for which a pickup stands asked."""
    query = (
        select(pickup_ask.c.shipment_id)
        .join(shipment, shipment.c.id == pickup_ask.c.shipment_id)
        .where(pickup_ask.c.day == day, pickup_ask.c.state == "asked", shipment.c.state == "open")
    )
    return set(view.connection.execute(query).scalars())


def places_suggested(view: View, shipment_ids: Iterable[str]) -> Mapping[str, Row[Any]]:
    """Return by shipment the newest place that a planned day suggested and that can still be taken."""
    query = (
        select(day_plan_line)
        .join(day_plan, day_plan.c.id == day_plan_line.c.day_plan_id)
        .join(tour, tour.c.id == day_plan_line.c.tour_id)
        .where(
            day_plan_line.c.shipment_id.in_(list(shipment_ids)),
            day_plan.c.suggested_at.is_not(None),
            tour.c.state == "proposed",
            tour.c.cutoff_at > view.now_at,
        )
    )
    rows = view.connection.execute(query.order_by(day_plan_line.c.id))
    return {row.shipment_id: row for row in rows}
