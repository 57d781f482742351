"""Shipments in the store."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, bindparam, func, or_, select

from pooling.hours import DayClock
from pooling.load import Load, Temperature
from pooling.shipment import Shipment
from pooling.store.market import shipment
from pooling.store.reading import read_rows
from pooling.store.rows import NotFound, Page, found, paged, writing
from pooling.store.sight import rides_visible
from pooling.store.transaction import Tx, View
from pooling.week import between
from routing.problem import Window

ROOM_ONLY = ("reserved", "released")
"""States of what is no crates yet, or never became any: room that was reserved."""

_THESE = select(shipment).where(shipment.c.id.in_(bindparam("ids", expanding=True)))
_OPEN = (
    select(shipment)
    .where(shipment.c.day == bindparam("its_day"), shipment.c.state == "open")
    .order_by(shipment.c.id.desc())
    .limit(bindparam("most"))
)
_PAYERS_DAY = (
    select(shipment)
    .where(
        shipment.c.payer_id == bindparam("payer"),
        shipment.c.day == bindparam("its_day"),
        shipment.c.state.not_in(("cancelled", "released")),
    )
    .order_by(shipment.c.id)
)


def find_shipment(view: View, shipment_id: str) -> Row[Any]:
    return found(view, shipment, shipment_id)


def seen_shipment(view: View, shipment_id: str) -> Row[Any]:
    """Return a shipment, unless it rides on what does not exist for who looks."""
    seen = (shipment.c.id == shipment_id, rides_visible(view, shipment))
    row = view.connection.execute(select(shipment).where(*seen)).one_or_none()
    if row is None:
        raise NotFound(kind="shipment", id=shipment_id)
    return row


def list_shipments(view: View, party_ids: Iterable[str] | None, page: Page) -> tuple[list[Row[Any]], str]:
    """
    List shipments that these parties send, pay or receive orders by (``None``: everybody's).

    Room without goods is none of them.
    """
    query = select(shipment).where(shipment.c.state.not_in(ROOM_ONLY), rides_visible(view, shipment))
    if party_ids is not None:
        known = list(party_ids)
        parts = (shipment.c.shipper_id, shipment.c.payer_id, shipment.c.ordered_by_id)
        query = query.where(or_(*(part.in_(known) for part in parts)))
    return paged(view, query, shipment, page)


def shipments_by_id(view: View, shipment_ids: Iterable[str]) -> dict[str, Row[Any]]:
    ids = list(set(shipment_ids))
    return {row.id: row for row in read_rows(view, _THESE, {"ids": ids})} if ids else {}


def payers_day(view: View, payer_id: str, day: date) -> list[Row[Any]]:
    """List all that one party pays for on a day and that was not cancelled: its day alone."""
    return read_rows(view, _PAYERS_DAY, {"payer": payer_id, "its_day": day})


def write_shipment(tx: Tx, shipment_id: str, values: Mapping[str, object]) -> None:
    """Write a shipment whose id was used already in what was decided of it."""
    row = {"id": shipment_id, "created_at": tx.now_at, **values}
    tx.connection.execute(writing(shipment), row)


def open_shipments(view: View, day: date, limit: int) -> list[Row[Any]]:
    """List the shipments of a day that look for a ride, everybody's, the newest first."""
    return read_rows(view, _OPEN, {"its_day": day, "most": limit})


def open_counted(view: View, day: date) -> int:
    """Count the shipments of a day that look for a ride."""
    query = select(func.count()).where(shipment.c.day == day, shipment.c.state == "open")
    return int(view.connection.execute(query).scalar_one())


def as_shipment(row: Row[Any], clock: DayClock) -> Shipment:
    """Return a shipment as the pure code knows it, its hours counted from the day's midnight."""
    return Shipment(
        id=row.id,
        shipper=row.shipper_id,
        payer=row.payer_id,
        from_site=row.from_site_id,
        to_site=row.to_site_id,
        load=Load(Temperature(row.temperature), row.crates, row.kg, row.litres),
        pickup=hours(clock, row.ready_at, row.pickup_by_at),
        drop=hours(clock, row.deliver_from_at, row.deliver_by_at),
        goods_value_cents=row.goods_value_cents,
        ordered_by=row.ordered_by_id or "",
        goods=row.goods,
        food=row.food,
        tail_lift=row.tail_lift,
        **(_shut(row, clock) if row.shut else {}),
    )


def opened(clock: DayClock, pickup: Sequence[Window], drop: Sequence[Window]) -> dict[str, object]:
    """Return how the hours of both ends are kept: from the first to the last, and when nobody is there."""
    midnight_at = int(clock.midnight.timestamp())
    shut = {
        end: [[midnight_at + one.opens_s, midnight_at + one.closes_s] for one in between(there)]
        for end, there in (("pickup", pickup), ("drop", drop))
    }
    return {
        "ready_at": midnight_at + pickup[0].opens_s,
        "pickup_by_at": midnight_at + pickup[-1].closes_s,
        "deliver_from_at": midnight_at + drop[0].opens_s,
        "deliver_by_at": midnight_at + drop[-1].closes_s,
        "shut": json.dumps(shut) if any(shut.values()) else "",
    }


def _shut(row: Row[Any], clock: DayClock) -> dict[str, Any]:
    kept = json.loads(row.shut)
    return {f"{end}_shut": tuple(hours(clock, *one) for one in kept[end]) for end in ("pickup", "drop")}


def hours(clock: DayClock, opens_at: int, closes_at: int) -> Window:
    """Count two stored moments from the day's midnight."""
    midnight_at = int(clock.midnight.timestamp())
    return Window(max(0, opens_at - midnight_at), closes_at - midnight_at)
