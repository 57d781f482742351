"""One straight road, a kilometre a minute: Farm 0, Neighbour 10, Town 30, Shop 40 minutes along it."""

from datetime import date

import numpy as np

from geodata.matrix import Matrix
from geodata.place import Place
from pooling.bid import Bid
from pooling.day import Day
from pooling.ground import Ground
from pooling.hours import DayClock
from pooling.load import Load, Room, Space, Temperature
from pooling.party import Party, Role
from pooling.regimes import Regime
from pooling.shipment import Shipment
from pooling.site import Site
from pooling.trip import Trip, TripStop
from routing.problem import Window

MINUTES = {"farm": 0, "neighbour": 10, "town": 30, "shop": 40}
CLOCK = DayClock(date(2026, 9, 12))
ALL_DAY = Window(0, 24 * 3600)


def ground() -> Ground:
    at = np.array(list(MINUTES.values()), dtype=np.int64)
    minutes = np.abs(at[:, None] - at[None, :])
    return Ground(Matrix(minutes * 60, minutes * 1000), {site: row for row, site in enumerate(MINUTES)})


def hours(opens: str, closes: str) -> Window:
    return Window(CLOCK.seconds(opens), CLOCK.seconds(closes))


def trip(*free_ambient: int, detour_min: int = 15) -> Trip:
    """Farm to Town to Shop and home; the free crates of each of the three legs."""
    stops = (
        ("farm", hours("06:00", "06:15")),
        ("town", hours("06:30", "08:00")),
        ("shop", hours("06:40", "09:00")),
        ("farm", hours("07:00", "10:30")),
    )
    rooms = [*(Room(ambient=Space(crates)) for crates in free_ambient), Room()]
    return Trip(
        "T1",
        "farm",
        "farm",
        Regime.COTRANSPORT_AGRICOLE,
        tuple(TripStop(site, window, room) for (site, window), room in zip(stops, rooms, strict=True)),
        detour_min * 60,
    )


def shipment(crates: int, *, pickup: Window = ALL_DAY, drop: Window = ALL_DAY, name: str = "S1") -> Shipment:
    """Crates from Neighbour to Shop, paid by Neighbour."""
    load = Load(Temperature.AMBIENT, crates, crates * 8)
    return Shipment(name, "neighbour", "neighbour", "neighbour", "shop", load, pickup, drop, 10_000)


def day(announced: Trip, *shipments: Shipment, bids: tuple[Bid, ...] = ()) -> Day:
    roles = {"farm": Role.PRODUCER, "neighbour": Role.PRODUCER, "town": Role.BUYER, "shop": Role.BUYER}
    sites = {
        name: Site(name, name.title(), name, Place(lat=43.7 + minutes / 1000, lon=7.4), (ALL_DAY,))
        for name, minutes in MINUTES.items()
    }
    parties = {name: Party(name, name.title(), role) for name, role in roles.items()}
    return Day(CLOCK, "road", parties, sites, (announced,), shipments, bids, ())
