"""Short lists and their goods in the store."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, and_, func, or_, select

from pooling.store.people import party, site
from pooling.store.rows import Page, found, paged
from pooling.store.selling import goods, goods_file, short_list, tour_order, tour_order_line
from pooling.store.touring import tour
from pooling.store.transaction import View

Rows = list[Row[Any]]

STANDING = ("asked", "accepted")
"""States of an order whose goods are spoken for."""


def find_short_list(view: View, list_id: str) -> Row[Any]:
    return found(view, short_list, list_id, kind="short list")


def find_goods(view: View, goods_id: str) -> Row[Any]:
    return found(view, goods, goods_id)


def find_goods_file(view: View, file_id: str) -> Row[Any]:
    return found(view, goods_file, file_id, kind="file of goods")


def list_short_lists(
    view: View, producer_ids: Iterable[str] | None, page: Page, *, buys: bool
) -> tuple[Rows, str]:
    """List the short lists of these producers (``None``: everybody's), and all that are open to who buys."""
    query = select(short_list)
    if producer_ids is not None:
        mine = short_list.c.producer_id.in_(list(producer_ids))
        query = query.where(or_(mine, short_list.c.state == "open") if buys else mine)
    return paged(view, query, short_list, page)


def open_short_lists(view: View, day: date, page: Page, *, not_of: str) -> tuple[Rows, str]:
    """List the lists that are open with anything on them on a day, but for those of one party itself."""
    has_goods = select(goods.c.list_id).where(goods.c.state == "open", *_on(day))
    query = select(short_list).where(
        short_list.c.state == "open", short_list.c.producer_id != not_of, short_list.c.id.in_(has_goods)
    )
    return paged(view, query, short_list, page)


def goods_of(view: View, list_id: str, page: Page) -> tuple[Rows, str]:
    """List the goods of a short list, those that were withdrawn too."""
    return paged(view, select(goods).where(goods.c.list_id == list_id), goods, page)


def all_goods(view: View, list_id: str, limit: int) -> Rows:
    """List the goods of a short list that are to be had, by their references."""
    query = select(goods).where(goods.c.list_id == list_id, goods.c.state == "open")
    return list(view.connection.execute(query.order_by(goods.c.reference).limit(limit)))


def goods_named(view: View, list_id: str) -> Mapping[str, Row[Any]]:
    """Return every line of a short list, withdrawn ones too, by its reference."""
    rows = view.connection.execute(select(goods).where(goods.c.list_id == list_id))
    return {row.reference: row for row in rows}


def goods_by_id(view: View, goods_ids: Iterable[str]) -> dict[str, Row[Any]]:
    query = select(goods).where(goods.c.id.in_(list(goods_ids)))
    return {row.id: row for row in view.connection.execute(query)}


def goods_on(view: View, list_ids: Iterable[str], day: date) -> dict[str, Rows]:
    """Return what is to be had from these lists on a day, by list."""
    query = select(goods).where(goods.c.list_id.in_(list(list_ids)), goods.c.state == "open", *_on(day))
    found_goods: dict[str, Rows] = {}
    for row in view.connection.execute(query.order_by(goods.c.reference)):
        found_goods.setdefault(row.list_id, []).append(row)
    return found_goods


def stocks_on(view: View, day: date, limit: int) -> Rows:
    """List what is to be had from a day on: product, name of its producer, and where it is collected."""
    query = (
        select(goods.c.product, party.c.name, site.c.lat, site.c.lon)
        .join(short_list, short_list.c.id == goods.c.list_id)
        .join(party, party.c.id == short_list.c.producer_id)
        .join(site, site.c.id == short_list.c.site_id)
        .where(short_list.c.state == "open", goods.c.state == "open")
        .where(or_(goods.c.until_day.is_(None), goods.c.until_day >= day))
        .order_by(goods.c.id.desc())
    )
    return list(view.connection.execute(query.limit(limit)))


def spoken_for(view: View, goods_ids: Iterable[str]) -> dict[str, int]:
    """Count the units of goods that standing orders took since their quantity was said."""
    rows = view.connection.execute(
        select(tour_order_line.c.goods_id, func.sum(tour_order_line.c.quantity))
        .join(tour_order, tour_order.c.id == tour_order_line.c.order_id)
        .join(goods, goods.c.id == tour_order_line.c.goods_id)
        .where(
            tour_order_line.c.goods_id.in_(list(goods_ids)),
            tour_order.c.state.in_(STANDING),
            tour_order_line.c.state == "open",
            tour_order.c.created_at >= goods.c.said_at,
        )
        .group_by(tour_order_line.c.goods_id)
    )
    return {goods_id: int(units) for goods_id, units in rows}


def rounds_to_join(view: View, limit: int) -> Sequence[Row[Any]]:
    """List the next tour of each round that can still be joined, the soonest first."""
    can_join = (tour.c.state == "proposed", tour.c.cutoff_at > view.now_at, tour.c.round_id.is_not(None))
    soonest = select(tour.c.round_id, func.min(tour.c.opens_at).label("opens_at")).where(*can_join)
    first = soonest.group_by(tour.c.round_id).subquery()
    same = and_(tour.c.round_id == first.c.round_id, tour.c.opens_at == first.c.opens_at)
    query: Select[Any] = select(tour).join(first, same).order_by(tour.c.opens_at, tour.c.id).limit(limit)
    return view.connection.execute(query).all()


def _on(day: date) -> tuple[Any, ...]:
    return (
        or_(goods.c.from_day.is_(None), goods.c.from_day <= day),
        or_(goods.c.until_day.is_(None), goods.c.until_day >= day),
    )
