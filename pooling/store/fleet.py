"""Vehicles and rate cards of carriers in the store."""

from datetime import date
from typing import Any

from sqlalchemy import Row, or_, select

from pooling.carriers.plates import plate_key
from pooling.store.carrying import rate_card, vehicle
from pooling.store.rows import Page, found, paged
from pooling.store.transaction import View


def find_vehicle(view: View, vehicle_id: str) -> Row[Any]:
    return found(view, vehicle, vehicle_id)


def list_vehicles(view: View, party_id: str, page: Page) -> tuple[list[Row[Any]], str]:
    return paged(view, select(vehicle).where(vehicle.c.party_id == party_id), vehicle, page)


def active_vehicles(view: View, party_id: str) -> list[Row[Any]]:
    """List the vehicles of a carrier that still drive, those with the least payload and room first."""
    query = select(vehicle).where(vehicle.c.party_id == party_id, vehicle.c.state == "active")
    by = (vehicle.c.payload_kg, vehicle.c.ambient_crates, vehicle.c.chilled_crates, vehicle.c.id)
    return list(view.connection.execute(query.order_by(*by)))


def vehicle_of_plate(view: View, party_id: str, plate: str) -> Row[Any] | None:
    """Return the vehicle of a carrier with this plate, however either was typed."""
    rows = view.connection.execute(select(vehicle).where(vehicle.c.party_id == party_id))
    return next((row for row in rows if plate_key(row.plate) == plate_key(plate)), None)


def find_card(view: View, card_id: str) -> Row[Any]:
    return found(view, rate_card, card_id, kind="rate card")


def list_cards(view: View, party_id: str, page: Page) -> tuple[list[Row[Any]], str]:
    return paged(view, select(rate_card).where(rate_card.c.party_id == party_id), rate_card, page)


def has_cards(view: View, party_id: str) -> bool:
    query = select(rate_card.c.id).where(rate_card.c.party_id == party_id).limit(1)
    return view.connection.execute(query).one_or_none() is not None


def cards_between(view: View, party_id: str, from_day: date, until_day: date | None) -> list[Row[Any]]:
    """List the cards of a carrier that hold on any day of a stretch of time, the earliest first."""
    query = select(rate_card).where(
        rate_card.c.party_id == party_id,
        or_(rate_card.c.until_day.is_(None), rate_card.c.until_day >= from_day),
    )
    if until_day is not None:
        query = query.where(rate_card.c.from_day <= until_day)
    return list(view.connection.execute(query.order_by(rate_card.c.from_day)))
