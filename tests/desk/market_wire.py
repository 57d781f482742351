"""What is sent over the wire on the small market: tomorrow's trips, crates and orders."""

from datetime import UTC, datetime

from tests.desk.market import HOUR, TOMORROW


def at(hours: float) -> str:
    """Return so many hours after tomorrow's six o'clock as it is written on the wire."""
    return datetime.fromtimestamp(TOMORROW + hours * HOUR, UTC).isoformat()


def trip_wish(town, **other):
    stops = [("farm", 0, 1), ("restaurant", 1, 3), ("farm", 2, 6)]
    return {
        "owner": town.parties["farm"],
        "driver": "Ange",
        "regime": "cotransport_agricole",
        "detour_min": 30,
        "stops": [
            {"site": town.sites[site], "opens": at(opens), "closes": at(closes), "ambient": 20}
            for site, opens, closes in stops
        ],
    } | other


def series_wish(town, **other):
    """Every Sunday and Wednesday from tomorrow on, by the clock on the wall."""
    stops = [("farm", "06:00", "07:00"), ("restaurant", "07:00", "09:00"), ("farm", "08:00", "12:00")]
    return {
        "owner": town.parties["farm"],
        "driver": "Ange",
        "regime": "cotransport_agricole",
        "rule": "FREQ=WEEKLY;BYDAY=SU,WE",
        "first_day": "2026-09-13",
        "detour_min": 30,
        "stops": [
            {"site": town.sites[site], "opens": opens, "closes": closes, "ambient": 20}
            for site, opens, closes in stops
        ],
    } | other


def crates_wish(town, number=4, **other):
    return {
        "shipper": town.parties["neighbour"],
        "from_site": town.sites["neighbour"],
        "to_site": town.sites["restaurant"],
        "crates": number,
        "ready": at(0),
        "pickup_by": at(5),
        "deliver_from": at(0),
        "deliver_by": at(6),
    } | other


def order_wish(town, **other):
    return {
        "buyer": town.parties["restaurant"],
        "producer": town.parties["neighbour"],
        "to_site": town.sites["restaurant"],
        "product": "Tomatoes",
        "quantity": 30,
        "unit": "kg",
        "price_cents": 9000,
        "deliver_from": at(0),
        "deliver_by": at(6),
    } | other
