"""A region's day as it was planned: tables and queries. A plan is kept as it was told, never made anew."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Column, Date, Row, Table, func, select, update

from pooling.store.rows import Page, added, found, paged, writing
from pooling.store.schema import key, link, metadata, moment, whole, words
from pooling.store.transaction import Tx, View

day_plan = Table(
    "day_plan",
    metadata,
    key(),
    Column("day", Date, nullable=False, index=True),
    link("asked_by", "member"),
    words("summary"),  # JSON: km, euro and CO2 beside everyone alone
    moment("suggested_at", optional=True),  # when those concerned were told
    moment("created_at"),
)

day_plan_line = Table(
    "day_plan_line",
    metadata,
    key(),
    link("day_plan_id", "day_plan"),
    link("shipment_id", "shipment"),
    link("payer_id", "party"),
    words("tour_id"),  # empty where it is left behind
    words("joined"),  # yes where it had joined that tour already
    moment("pickup_at", optional=True),
    moment("drop_at", optional=True),
    whole("share_cents", optional=True),
    whole("alone_cents"),
    words("reason"),  # JSON of the refusal, where it is left behind
    words(
        "would_do"
    ),  # JSON of the changes by which a planned tour would carry it; empty where none was found
)


def add_day_plan(
    tx: Tx, day: date, asked_by: str, summary: Mapping[str, Any], lines: Iterable[Mapping[str, object]]
) -> str:
    """Write a plan with a line for each shipment; returns its id."""
    values = {"day": day, "asked_by": asked_by, "summary": json.dumps(summary)}
    plan_id = added(tx, day_plan, "dpl", **values)
    rows = [{"id": tx.fresh_id("dpn"), "day_plan_id": plan_id, **line} for line in lines]
    if rows:
        tx.connection.execute(writing(day_plan_line), rows)
    return plan_id


def find_day_plan(view: View, plan_id: str) -> Row[Any]:
    return found(view, day_plan, plan_id, kind="day plan")


def list_day_plans(view: View, day: date | None, page: Page) -> tuple[list[Row[Any]], str]:
    """List the plans that were made, newest first; of one day where it is given."""
    query = select(day_plan)
    return paged(view, query if day is None else query.where(day_plan.c.day == day), day_plan, page)


def list_lines(
    view: View, plan_id: str, page: Page, *, riding: bool | None = None
) -> tuple[list[Row[Any]], str]:
    """List the shipments of a plan; only those that ride, or only those left behind, where it is said."""
    query = select(day_plan_line).where(day_plan_line.c.day_plan_id == plan_id)
    if riding is not None:
        query = query.where((day_plan_line.c.tour_id != "") == riding)
    return paged(view, query, day_plan_line, page)


def lines_to_suggest(view: View, plan_id: str) -> list[Row[Any]]:
    """List the shipments that would ride on a tour which they have not joined."""
    query = select(day_plan_line).where(
        day_plan_line.c.day_plan_id == plan_id, day_plan_line.c.tour_id != "", day_plan_line.c.joined == ""
    )
    return list(view.connection.execute(query.order_by(day_plan_line.c.id)))


def shipments_by_tour(view: View, plan_id: str) -> dict[str, int]:
    """Count the shipments that would ride on each tour."""
    rows = view.connection.execute(
        select(day_plan_line.c.tour_id, func.count())
        .where(day_plan_line.c.day_plan_id == plan_id, day_plan_line.c.tour_id != "")
        .group_by(day_plan_line.c.tour_id)
    )
    return {tour_id: int(count) for tour_id, count in rows}


def note_suggested(tx: Tx, plan_id: str) -> bool:
    """Note that those concerned are told; ``False`` where they were before."""
    once = update(day_plan).where(day_plan.c.id == plan_id, day_plan.c.suggested_at.is_(None))
    return tx.connection.execute(once.values(suggested_at=tx.now_at)).rowcount == 1
