"""
A stage for the market's races: the market of ``bench.town``, and what bundles and answers need besides.

Every second trip waits for its owner's answer; every third payer has two shipments and can bid for both.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any

from sqlalchemy import insert, select, update

from api.house import House
from bench.town import Market, build_market
from pooling.desk import Actor
from pooling.party import Role
from pooling.store import Tx
from pooling.store.market import shipment, trip
from pooling.store.people import membership
from pooling.store.trips import stops_of


@dataclass(frozen=True)
class Farm:
    """Hold one payer: who acts for it, and its shipments, one or two."""

    member: str
    party: str
    crates: tuple[str, ...]

    @property
    def actor(self) -> Actor:
        return Actor(self.member, {self.party: Role.PRODUCER})


@dataclass(frozen=True)
class Stage:
    """
    Hold who races for what: the farms, and the owner of each trip as who acts for it and its party.

    ``announced`` has what an owner repeats when it edits its trip, and the stops with their hours.
    """

    market: Market
    farms: tuple[Farm, ...]
    owners: dict[str, tuple[str, str]]
    announced: dict[str, tuple[dict[str, Any], list[tuple[str, int, int]]]] = field(default_factory=dict)

    @property
    def trips(self) -> tuple[str, ...]:
        return self.market.trips

    def owner(self, trip_id: str) -> Actor:
        member_id, party_id = self.owners[trip_id]
        return Actor(member_id, {party_id: Role.PRODUCER})

    def words(self, trip_id: str, random: Random) -> dict[str, Any]:
        """Return a trip as it was announced, with other room and another detour, as it is sent."""
        row, sites = self.announced[trip_id]
        free = {"ambient": random.randint(3, 6), "kg": 400}
        stops = [
            {"site": site_id, "opens": _moment(opens_at), "closes": _moment(closes_at)}
            for site_id, opens_at, closes_at in sites
        ]
        return {
            **row,
            "stops": [{**stop, **free} for stop in stops[:-1]] + stops[-1:],
            "detour_min": random.choice((20, 30)),
        }

    def pair(self, random: Random) -> tuple[str, str]:
        """Return two different trips."""
        first, second = random.sample(self.trips, 2)
        return first, second


def build_stage(house: House, trips: int, farms: int) -> Stage:
    """Announce the trips and settle so many farms, spread over the bidders."""
    market = build_market(house, trips, farms)

    def work(tx: Tx) -> Stage:
        slow = [one for at, one in enumerate(market.trips) if at % 2]
        tx.connection.execute(update(trip).where(trip.c.id.in_(slow)).values(instant=False))
        twins = _twins(tx)
        owned = select(trip.c.id, trip.c.owner_id, membership.c.member_id).join(
            membership, membership.c.party_id == trip.c.owner_id
        )
        owners = {row.id: (row.member_id, row.owner_id) for row in tx.connection.execute(owned)}
        settled = [
            Farm(member_id, party_id, (one, *twins.get(one, ())))
            for member_id, shipments in market.shipments.items()
            for party_id, one in shipments
        ]
        return Stage(market, tuple(settled), owners, _announced(tx, market.trips))

    return house.desk.store.change(work)


def _announced(tx: Tx, trips: Sequence[str]) -> dict[str, tuple[dict[str, Any], list[tuple[str, int, int]]]]:
    stops = stops_of(tx, trips)
    return {
        row.id: (
            {"owner": row.owner_id, "driver": row.driver, "regime": row.regime, "instant": row.instant},
            [(stop.site_id, stop.opens_at, stop.closes_at) for stop in stops[row.id]],
        )
        for row in tx.connection.execute(select(trip).where(trip.c.id.in_(trips)))
    }


def _moment(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()


def _twins(tx: Tx) -> dict[str, tuple[str]]:
    """Give every third payer a second shipment like its first; returns them by the first."""
    found = tx.connection.execute(select(shipment).order_by(shipment.c.id))
    rows = list(found.mappings())[::3]
    twins = {row["id"]: tx.fresh_id("shp") for row in rows}
    copies = [{**row, "id": twins[row["id"]], "crates": 1} for row in rows]
    tx.connection.execute(insert(shipment), copies)
    return {first: (second,) for first, second in twins.items()}
