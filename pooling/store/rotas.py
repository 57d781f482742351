"""Shops that their producers keep, in the store: turns, days agreed otherwise, swaps, and trips of a day."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Row, delete, func, insert, or_, select, update

from pooling.people.rota import Changes, Turn
from pooling.recurrence import read_rule
from pooling.store.belonging import duty_trip, rota_day, rota_swap, rota_turn, shop
from pooling.store.market import shipment
from pooling.store.people import site
from pooling.store.rows import Page, found, paged
from pooling.store.transaction import Tx, View

Rows = list[Row[Any]]


def find_shop(view: View, shop_id: str) -> Row[Any]:
    return found(view, shop, shop_id)


def find_turn(view: View, turn_id: str) -> Row[Any]:
    return found(view, rota_turn, turn_id, kind="turn")


def find_swap(view: View, swap_id: str) -> Row[Any]:
    return found(view, rota_swap, swap_id, kind="swap")


def list_shops(view: View, community_id: str, page: Page) -> tuple[Rows, str]:
    query = select(shop).where(shop.c.community_id == community_id, shop.c.state == "open")
    return paged(view, query, shop, page)


def open_shops(view: View) -> Rows:
    """Return every shop that is open, by age."""
    return list(view.connection.execute(select(shop).where(shop.c.state == "open").order_by(shop.c.id)))


def count_shops(view: View, community_id: str) -> int:
    mine = (shop.c.community_id == community_id, shop.c.state == "open")
    return int(view.connection.execute(select(func.count()).where(*mine)).scalar_one())


def list_turns(view: View, shop_id: str, page: Page) -> tuple[Rows, str]:
    query = select(rota_turn).where(rota_turn.c.shop_id == shop_id, rota_turn.c.state == "open")
    return paged(view, query, rota_turn, page)


def turns_of(view: View, shop_id: str) -> Rows:
    """Return the turns of a shop that go on, by age."""
    query = select(rota_turn).where(rota_turn.c.shop_id == shop_id, rota_turn.c.state == "open")
    return list(view.connection.execute(query.order_by(rota_turn.c.id)))


def as_turns(rows: Iterable[Row[Any]]) -> list[Turn]:
    """Return stored turns as the pure code knows them."""
    return [Turn(row.id, row.party_id, read_rule(row.rule), row.first_day) for row in rows]


def changes_of(view: View, turn_ids: Iterable[str]) -> Changes:
    """Return what was agreed of the days of some turns."""
    query = select(rota_day).where(rota_day.c.turn_id.in_(list(turn_ids)))
    return {(row.turn_id, row.day): row.turned_to_id for row in view.connection.execute(query)}


def write_day(tx: Tx, turn_id: str, day: date, turned_to_id: str | None) -> None:
    """Write what was agreed of a turn's day, in place of what was agreed before."""
    of_it = (rota_day.c.turn_id == turn_id, rota_day.c.day == day)
    tx.connection.execute(delete(rota_day).where(*of_it))
    tx.connection.execute(insert(rota_day).values(turn_id=turn_id, day=day, turned_to_id=turned_to_id))


def count_days_left_out(view: View, turn_id: str) -> int:
    return int(
        view.connection.execute(select(func.count()).where(rota_day.c.turn_id == turn_id)).scalar_one()
    )


def end_turns_of(tx: Tx, community_id: str, party_id: str) -> None:
    """End a party's turns in all shops of a community, and the swaps that wait for them."""
    theirs = select(rota_turn.c.id).where(
        rota_turn.c.party_id == party_id,
        rota_turn.c.shop_id.in_(select(shop.c.id).where(shop.c.community_id == community_id)),
    )
    asked = (rota_swap.c.state == "asked", _with_any(theirs))
    tx.connection.execute(
        update(rota_swap).where(*asked).values(state="withdrawn", revision=rota_swap.c.revision + 1)
    )
    ended = update(rota_turn).where(rota_turn.c.id.in_(theirs), rota_turn.c.state == "open")
    tx.connection.execute(ended.values(state="ended", revision=rota_turn.c.revision + 1))


def list_swaps(view: View, shop_id: str, party_ids: Iterable[str], page: Page) -> tuple[Rows, str]:
    """List the swaps in a shop that these parties asked for or were asked for."""
    theirs = select(rota_turn.c.id).where(rota_turn.c.party_id.in_(list(party_ids)))
    query = select(rota_swap).where(rota_swap.c.shop_id == shop_id, _with_any(theirs))
    return paged(view, query, rota_swap, page)


def count_swaps_asked(view: View, turn_id: str) -> int:
    """Count the swaps that a turn's party asks for and that wait for an answer."""
    waiting = (rota_swap.c.turn_id == turn_id, rota_swap.c.state == "asked")
    return int(view.connection.execute(select(func.count()).where(*waiting)).scalar_one())


def duty_trip_of(view: View, shop_id: str, day: date, party_id: str) -> Row[Any] | None:
    """Return what is noted of a party's duty on a day: told, and the trip that it posted."""
    return view.connection.execute(select(duty_trip).where(*_on_duty(shop_id, day, party_id))).one_or_none()


def note_duty_told(tx: Tx, shop_id: str, day: date, party_id: str) -> bool:
    """Note that a party was told of its duty; false where it was told before."""
    if duty_trip_of(tx, shop_id, day, party_id) is not None:
        return False
    values = {"shop_id": shop_id, "day": day, "party_id": party_id, "told_at": tx.now_at, "trip_id": None}
    tx.connection.execute(insert(duty_trip).values(**values))
    return True


def note_duty_trip(tx: Tx, shop_id: str, day: date, party_id: str, trip_id: str) -> None:
    """Note the trip that the party on duty posted."""
    of_it = _on_duty(shop_id, day, party_id)
    if tx.connection.execute(update(duty_trip).where(*of_it).values(trip_id=trip_id)).rowcount == 0:
        values = {"shop_id": shop_id, "day": day, "party_id": party_id, "told_at": None, "trip_id": trip_id}
        tx.connection.execute(insert(duty_trip).values(**values))


def waiting_for_shop(view: View, site_id: str, day: date, payers: Iterable[str], limit: int) -> Rows:
    """Return the open shipments of these payers to a shop's site on a day, by age."""
    wanted = (
        shipment.c.to_site_id == site_id,
        shipment.c.day == day,
        shipment.c.state == "open",
        shipment.c.payer_id.in_(list(payers)),
    )
    return list(view.connection.execute(select(shipment).where(*wanted).order_by(shipment.c.id).limit(limit)))


def crates_sent(view: View, site_id: str, days: Iterable[date], payers: Iterable[str]) -> dict[str, int]:
    """Return the crates that each of these payers sent to a site on a usual one of these days, rounded up."""
    query = (
        select(shipment.c.payer_id, func.sum(shipment.c.crates), func.count(shipment.c.day.distinct()))
        .where(
            shipment.c.to_site_id == site_id,
            shipment.c.day.in_(list(days)),
            shipment.c.state.not_in(("cancelled", "released")),
            shipment.c.payer_id.in_(list(payers)),
        )
        .group_by(shipment.c.payer_id)
    )
    return {payer: -(-int(crates) // count) for payer, crates, count in view.connection.execute(query)}


def duty_trips_from(view: View, shop_id: str, from_day: date) -> Rows:
    """Return what was posted for a shop's duties from a day on, the soonest first."""
    posted = (duty_trip.c.shop_id == shop_id, duty_trip.c.day >= from_day, duty_trip.c.trip_id != "")
    return list(view.connection.execute(select(duty_trip).where(*posted).order_by(duty_trip.c.day)))


def sites_of_parties(view: View, party_ids: Iterable[str], limit: int) -> Rows:
    """Return the sites of these parties, by age."""
    query = select(site).where(site.c.party_id.in_(list(party_ids))).order_by(site.c.id).limit(limit)
    return list(view.connection.execute(query))


def _on_duty(shop_id: str, day: date, party_id: str) -> tuple[Any, ...]:
    return duty_trip.c.shop_id == shop_id, duty_trip.c.day == day, duty_trip.c.party_id == party_id


def _with_any(turns: Any) -> Any:  # noqa: ANN401 - a select, and a condition of SQLAlchemy's
    return or_(rota_swap.c.turn_id.in_(turns), rota_swap.c.with_turn_id.in_(turns))
