"""
A large market for a benchmark: producers at the villages of a region, who drive to the shops of its towns.

One trip of each producer is announced by the desk. The same trip on the other days is written as the
desk wrote the first, so that a hundred thousand stand within a minute; so are the shipments.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from heapq import nsmallest
from random import Random
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Row, Table, insert

from api.house import House
from bench.town import a_party, a_site
from geodata.communes import communes_within
from geodata.place import Place, crow_distance_m
from geodata.refusal import Refusal
from geodata.region import Region
from pooling.desk import Actor
from pooling.desk.trips.trips import StopWords, TripWords, announce_trip
from pooling.hours import DayClock
from pooling.party import Role
from pooling.regimes import Regime
from pooling.store import Ask, Tx
from pooling.store.market import shipment, trip, trip_leg, trip_stop
from pooling.store.rows import added
from pooling.store.trips import legs_of, stops_of, trips_by_id

Floats = npt.NDArray[np.float64]
SEED = 2026
VILLAGE_PEOPLE = 2_500
AROUND_TOWN_HALL = 0.02
"""Degrees: two kilometres."""

OFF_ROAD_M = 300
SHOPS_SHARE = 10
"""Producers for each shop."""

NEAREST_SHOPS = 12
"""A producer delivers to one of so many shops that lie nearest."""

FIRST_DAY_IN = 3
NEIGHBOURS = 6
"""Shipments go where one of so many nearest neighbours drives."""

WRITTEN_AT_ONCE = 500


@dataclass(frozen=True)
class MarketSize:
    """Hold how large a market is: ``trips`` are spread evenly over the days of all producers."""

    region: str
    producers: int
    trips: int


@dataclass(frozen=True)
class Producer:
    """Hold a producer: who signs in for it, where it is, where it drives, and who drives near it."""

    member_id: str
    party_id: str
    site_id: str
    shop_site_id: str
    place: Place


@dataclass(frozen=True)
class Market:
    """Hold a market: its producers, and the trip of each on each day, by the place of its producer."""

    producers: tuple[Producer, ...]
    trips: Mapping[date, Mapping[int, str]]
    timezone: str

    @property
    def days(self) -> list[date]:
        return sorted(self.trips)

    def neighbours(self, at: int, count: int) -> list[int]:
        """Return the producers with a trip that live nearest to one; a client asks while it is timed."""
        driving = next(iter(self.trips.values()))
        apart = ((self._in_space - self._in_space[at]) ** 2).sum(axis=1)
        return [one for one in np.argsort(apart, kind="stable").tolist() if one in driving and one != at][
            :count
        ]

    @cached_property
    def _in_space(self) -> Floats:
        """Return where each producer lives on a ball of radius one."""
        lat, lon = np.radians([(one.place.lat, one.place.lon) for one in self.producers]).T
        return np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)


def build_market(house: House, size: MarketSize) -> Market:
    """Fill the store with a market; the same for the same size, but for its ids."""
    random = Random(SEED)
    today = datetime.fromtimestamp(house.desk.clock.now(), UTC).date()
    days = [today + timedelta(days=FIRST_DAY_IN + number) for number in range(size.trips // size.producers)]
    producers = _people(house, size, random)
    first = _announced(house, producers, DayClock(days[0], house.desk.timezone), random)
    trips = {days[0]: first} | {day: _again(house, first, days[0], day) for day in days[1:]}
    return Market(tuple(producers), trips, house.desk.timezone)


def shipments_for(house: House, market: Market, day: date, count: int) -> list[tuple[int, str]]:
    """Write shipments to where neighbours drive, each with the place of the producer that pays."""
    random = Random(SEED + 1)
    midnight_at = int(DayClock(day, market.timezone).midnight.timestamp())
    written: list[tuple[int, str]] = []

    def work(tx: Tx) -> None:
        for number in range(count):
            at = number % len(market.producers)
            other = random.choice(market.neighbours(at, NEIGHBOURS))
            shop_site_id = market.producers[other].shop_site_id
            values = _crates(market.producers[at], shop_site_id, day, midnight_at, random.randint(1, 3))
            written.append((at, added(tx, shipment, "shp", **values)))

    house.desk.store.change(work)
    return written


def crates_wish(market: Market, at: int, day: date, crates: int) -> dict[str, object]:
    """Return crates of a producer that were not entered yet, as they are asked for on the wire."""
    one = market.producers[at]
    midnight = DayClock(day, market.timezone).midnight
    shop_site_id = market.producers[market.neighbours(at, 1)[0]].shop_site_id

    def hour(number: int) -> str:
        return (midnight + timedelta(hours=number)).isoformat()

    return {
        "shipper": one.party_id,
        "from_site": one.site_id,
        "to_site": shop_site_id,
        "temperature": "ambient",
        "crates": crates,
        "kg": 8 * crates,
        "ready": hour(4),
        "pickup_by": hour(12),
        "deliver_from": hour(5),
        "deliver_by": hour(14),
    }


def _crates(one: Producer, shop_site_id: str, day: date, midnight_at: int, crates: int) -> dict[str, object]:
    return {
        "shipper_id": one.party_id,
        "payer_id": one.party_id,
        "from_site_id": one.site_id,
        "to_site_id": shop_site_id,
        "day": day,
        "temperature": "ambient",
        "crates": crates,
        "kg": 8 * crates,
        "ready_at": midnight_at + 4 * 3600,
        "pickup_by_at": midnight_at + 12 * 3600,
        "deliver_from_at": midnight_at + 5 * 3600,
        "deliver_by_at": midnight_at + 14 * 3600,
    }


def _people(house: House, size: MarketSize, random: Random) -> list[Producer]:
    farms = _places(house.region, random, size.producers, lambda people: people < VILLAGE_PEOPLE)
    shops = _places(house.region, random, max(5, size.producers // SHOPS_SHARE), lambda people: people > 0)
    producers: list[Producer] = []

    def work(tx: Tx) -> None:
        owner = a_party(tx, "Shops", Role.BUYER)[1]
        sites = [a_site(tx, owner, f"Shop {at}", (one.lat, one.lon)) for at, one in enumerate(shops)]
        for number, place in enumerate(farms):
            near = nsmallest(
                NEAREST_SHOPS, range(len(shops)), key=lambda at: crow_distance_m(shops[at], place)
            )
            shop = random.choice(near)
            member_id, party_id = a_party(tx, f"Producer {number}", Role.PRODUCER)
            site_id = a_site(tx, party_id, "Yard", (place.lat, place.lon))
            producers.append(Producer(member_id, party_id, site_id, sites[shop], place))

    house.desk.store.change(work)
    return producers


def _places(region: Region, random: Random, count: int, lived_in: Callable[[int], bool]) -> list[Place]:
    """Choose places near town halls, none of them far from a road."""
    known = [one for one in communes_within(*region.bounds) if one.place and lived_in(one.population)]
    chosen: list[Place] = []
    while len(chosen) < count:
        around = [one.place for one in random.choices(known, k=count) if one.place is not None]
        drawn = [Place(lat=one.lat + _off(random), lon=one.lon + _off(random)) for one in around]
        snaps = region.roads.snap_all(drawn).snaps
        chosen += [snap.place for snap in snaps if snap is not None and snap.off_road_m <= OFF_ROAD_M]
    return chosen[:count]


def _off(random: Random) -> float:
    return random.uniform(-AROUND_TOWN_HALL, AROUND_TOWN_HALL)


def _announced(house: House, producers: list[Producer], clock: DayClock, random: Random) -> dict[int, str]:
    """Announce the trip of each producer on the first day; who cannot drive it in its hours has none."""
    trips: dict[int, str] = {}
    midnight_at = int(clock.midnight.timestamp())
    for at, one in enumerate(producers):
        who = Actor(one.member_id, {one.party_id: Role.PRODUCER})
        leaves_at = midnight_at + random.randint(5, 9) * 3600
        words = _words(one, leaves_at, random.choice((6, 10, 16)), random.choice((20, 30, 45)))
        try:
            trips[at] = announce_trip(house.desk, who, Ask(one.member_id, f"market-{at}", ""), words)
        except Refusal:
            continue
    return trips


def _words(one: Producer, leaves_at: int, crates: int, detour_min: int) -> TripWords:
    """Announce a drive to the shop and home again, with room on both legs."""
    stops = (
        (one.site_id, leaves_at, leaves_at + 1800),
        (one.shop_site_id, leaves_at, leaves_at + 4 * 3600),
        (one.site_id, leaves_at, leaves_at + 8 * 3600),
    )
    return TripWords(
        owner_id=one.party_id,
        driver="Driver",
        regime=Regime.ENTRAIDE,
        stops=tuple(
            StopWords(site_id, opens_at, closes_at, (crates, 0, 0, 20 * crates))
            for site_id, opens_at, closes_at in stops
        ),
        detour_s=detour_min * 60,
    )


def _again(house: House, first: Mapping[int, str], day: date, other: date) -> dict[int, str]:
    """Write the trips of a day once more for another day, at the same hours on the wall."""
    zone = house.desk.timezone
    moved_s = round((DayClock(other, zone).midnight - DayClock(day, zone).midnight).total_seconds())
    names: dict[str, str] = {}

    def work(tx: Tx) -> None:
        known = list(first.values())
        names.update({one: tx.fresh_id("trip") for one in known})
        for begin in range(0, len(known), WRITTEN_AT_ONCE):
            part = known[begin : begin + WRITTEN_AT_ONCE]
            rows, stops, legs = trips_by_id(tx, part), stops_of(tx, part), legs_of(tx, part)
            _write(tx, trip, (_moved_trip(rows[one], names[one], other, moved_s) for one in part))
            moved = (_moved_stop(row, names[row.trip_id], moved_s) for one in part for row in stops[one])
            _write(tx, trip_stop, moved)
            _write(
                tx,
                trip_leg,
                (_of(trip_leg, row, trip_id=names[row.trip_id]) for one in part for row in legs[one]),
            )

    house.desk.store.change(work)
    return {at: names[trip_id] for at, trip_id in first.items()}


def _write(tx: Tx, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    tx.connection.execute(insert(table), list(rows))


def _of(table: Table, row: Row[Any], **other: object) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in table.columns} | other


def _moved_trip(row: Row[Any], trip_id: str, day: date, moved_s: int) -> dict[str, Any]:
    plan = row.plan.replace(row.id, trip_id)
    ends_at = row.ends_at + moved_s
    cutoff_at = row.cutoff_at + moved_s
    return _of(trip, row, id=trip_id, day=day, cutoff_at=cutoff_at, ends_at=ends_at, plan=plan)


def _moved_stop(row: Row[Any], trip_id: str, moved_s: int) -> dict[str, Any]:
    return _of(
        trip_stop, row, trip_id=trip_id, opens_at=row.opens_at + moved_s, closes_at=row.closes_at + moved_s
    )
