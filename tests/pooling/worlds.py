"""
Small worlds for the tests of pooling: one straight road with names, and a good day as tables.

On the road a van makes a kilometre a minute. Farm 0, Dairy 10, Mill 11, Orchard 12, Depot 20, Town 30,
Shop 40, Café 41 minutes along it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from geodata.matrix import Matrix
from geodata.place import Place
from pooling.bid import Bid
from pooling.day import Day
from pooling.files.rawline import RawLine
from pooling.files.tables import Tables
from pooling.ground import Ground
from pooling.hours import DayClock
from pooling.intake import Intake, read_day
from pooling.load import Load, Room, Space, Temperature
from pooling.market.award import TripBook, open_book, take_bid
from pooling.party import Party, Role
from pooling.regimes import Regime
from pooling.shipment import Shipment
from pooling.site import Site
from pooling.tour import RateCard, Tour
from pooling.trip import Trip, TripStop
from routing.problem import Window

MINUTES = {"farm": 0, "dairy": 10, "mill": 11, "orchard": 12, "town": 30, "shop": 40, "cafe": 41, "depot": 20}
CLOCK = DayClock(date(2026, 9, 12))
ALL_DAY = Window(0, 24 * 3600)
PARTIES = {
    **{name: Party(name, name.title(), Role.PRODUCER) for name in ("farm", "dairy", "mill", "orchard")},
    **{name: Party(name, name.title(), Role.BUYER) for name in ("town", "shop", "cafe")},
    "depot": Party("depot", "Depot", Role.CARRIER, "", True, "LTI-1", date(2026, 9, 12)),
}


def ground(minutes: Mapping[str, int] = MINUTES) -> Ground:
    at = np.array(list(minutes.values()), dtype=np.int64)
    away = np.abs(at[:, None] - at[None, :])
    return Ground(Matrix(away * 60, away * 1000), {site: row for row, site in enumerate(minutes)})


def hours(opens: str, closes: str) -> Window:
    return Window(CLOCK.seconds(opens), CLOCK.seconds(closes))


def sites(minutes: Mapping[str, int] = MINUTES, hours: Window = ALL_DAY) -> dict[str, Site]:
    places = {name: Place(lat=43.7 + at / 1000, lon=7.4, name=name.title()) for name, at in minutes.items()}
    return {name: Site(name, name.title(), name, place, (hours,)) for name, place in places.items()}


def shipment(
    name: str = "S1",
    start: str = "dairy",
    end: str = "shop",
    crates: int = 3,
    *,
    pickup: Window = ALL_DAY,
    drop: Window = ALL_DAY,
    payer: str = "",
    temperature: Temperature = Temperature.AMBIENT,
    goods_cents: int = 10_000,
) -> Shipment:
    load = Load(temperature, crates, crates * 8)
    return Shipment(name, start, payer or start, start, end, load, pickup, drop, goods_cents)


def trip(
    *free_ambient: int,
    detour_min: int = 15,
    regime: Regime = Regime.COTRANSPORT_AGRICOLE,
    owner: str = "farm",
) -> Trip:
    """Farm to Town to Shop and home; the free crates of each of the three legs."""
    stops = (
        ("farm", hours("06:00", "06:15")),
        ("town", hours("06:30", "08:00")),
        ("shop", hours("06:40", "09:00")),
        ("farm", hours("07:00", "10:30")),
    )
    rooms = [*(Room(ambient=Space(crates)) for crates in free_ambient or (20, 20, 20)), Room()]
    announced = tuple(TripStop(site, window, room) for (site, window), room in zip(stops, rooms, strict=True))
    return Trip("T1", owner, owner, regime, announced, detour_min * 60)


def tour(name: str = "H1", **changes) -> Tour:
    """Depot and back, room for forty crates, a card of 8 €, 0.50 €/km and 16 €/h; a fee of 2 €."""
    plain = Tour(
        id=name,
        carrier="depot",
        driver="Ange",
        start_site="depot",
        end_site="depot",
        shift=hours("05:00", "13:00"),
        room=Room(ambient=Space(40)),
        card=RateCard(fixed_cents=800, cents_per_km=50, cents_per_hour=1600, cents_per_stop=40),
        crate_cents=2_000,
        fee_cents=200,
    )
    return replace(plain, **changes)


def day(
    *shipments: Shipment,
    trips: Sequence[Trip] = (),
    bids: Sequence[Bid] = (),
    tours: Sequence[Tour] = (),
    parties: Mapping[str, Party] = PARTIES,
    minutes: Mapping[str, int] = MINUTES,
) -> Day:
    return Day(CLOCK, "road", parties, sites(minutes), tuple(trips), shipments, tuple(bids), tuple(tours))


def opened(announced: Trip) -> TripBook:
    book = open_book(ground(), announced)
    assert isinstance(book, TripBook)
    return book


def bidding(book: TripBook, one: Shipment, most_cents: int = 5_000, saved_cents: int = 5_000):
    """Let a shipment bid on the trip of a book; return the book afterwards and the refusal."""
    asked = day(one, trips=[book.trip])
    return take_bid(asked, ground(), book, Bid(one.id, book.trip.id, most_cents), saved_cents)


# A day as tables: everything good. Tests spoil one field at a time.

GOOD: dict[str, list[dict[str, str]]] = {
    "sites": [
        {"site": "F1", "party": "Farm", "role": "producer", "lat": "43.74", "lon": "7.42"},
        {"site": "F2", "party": "Dairy", "role": "producer", "lat": "43.75", "lon": "7.43"},
        {
            "site": "B1",
            "party": "Shop",
            "role": "buyer",
            "lat": "43,76",
            "lon": "7,44",
            "opens": "06:00",
            "closes": "14:00",
        },
        {
            "site": "C1",
            "party": "Depot",
            "role": "carrier",
            "lat": "43.77",
            "lon": "7.45",
            "vetted": "yes",
            "licence": "LTI",
            "licence_until": "2030-12-31",
        },
    ],
    "trips": [
        {
            "trip": "T1",
            "owner": "Farm",
            "regime": "entraide",
            "site": "F1",
            "from": "06:00",
            "until": "06:15",
            "free_ambient": "10",
        },
        {"trip": "T1", "site": "B1", "from": "07:00", "until": "08:00"},
    ],
    "shipments": [
        {
            "shipment": "S1",
            "shipper": "Dairy",
            "from_site": "F2",
            "to_site": "B1",
            "crates": "3",
            "ready": "05:00",
            "deliver_by": "10:00",
            "bid_trip": "T1",
            "bid_eur": "9,50 €",
        },
        {"shipment": "S2", "shipper": "Farm", "from_site": "F1", "to_site": "B1", "crates": "2"},
    ],
    "vehicles": [
        {
            "tour": "H1",
            "carrier": "Depot",
            "start_site": "C1",
            "opens": "05:00",
            "closes": "13:00",
            "ambient": "40",
            "crate_eur": "4.50",
        },
    ],
}


def tables(rows: Mapping[str, Sequence[Mapping[str, str]]] = GOOD) -> Tables:
    """Number the lines as a spreadsheet does: the header is line 1."""
    return Tables(
        {table: tuple(RawLine(at, row) for at, row in enumerate(r, 2)) for table, r in rows.items()}
    )


def spoilt(table: str, at: int, **fields: str) -> Tables:
    """Take the good day, and change fields of one line."""
    rows = {name: [dict(row) for row in lines] for name, lines in GOOD.items()}
    rows[table][at] |= fields
    return tables(rows)


def everywhere(places: Sequence[Place]) -> dict[int, Exception]:
    """Find a road wherever a place may lie."""
    return {}


def taken_in(given: Tables, locate=everywhere) -> Intake:
    return read_day(given, CLOCK, "road", locate)


def found(intake: Intake) -> list[tuple[str, int, str, str]]:
    """List what was wrong: table, line, column, code."""
    return [(bad.table, bad.line, bad.column, bad.refusal.code) for bad in intake.bad_lines]
