"""
A stage for the market's races: the market of ``bench.town``, and what bundles and answers need besides.

Every second trip waits for its owner's answer; every third payer has two shipments and can bid for both.
"""

from dataclasses import dataclass
from random import Random

from sqlalchemy import insert, select, update

from api.house import House
from bench.town import Market, build_market
from pooling.desk import Actor
from pooling.party import Role
from pooling.store import Tx
from pooling.store.market import shipment, trip
from pooling.store.people import membership


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
    """Hold who races for what: the farms, and the owner of each trip as who acts for it and its party."""

    market: Market
    farms: tuple[Farm, ...]
    owners: dict[str, tuple[str, str]]

    @property
    def trips(self) -> tuple[str, ...]:
        return self.market.trips

    def owner(self, trip_id: str) -> Actor:
        member_id, party_id = self.owners[trip_id]
        return Actor(member_id, {party_id: Role.PRODUCER})

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
        return Stage(market, tuple(settled), owners)

    return house.desk.store.change(work)


def _twins(tx: Tx) -> dict[str, tuple[str]]:
    """Give every third payer a second shipment like its first; returns them by the first."""
    found = tx.connection.execute(select(shipment).order_by(shipment.c.id))
    rows = list(found.mappings())[::3]
    twins = {row["id"]: tx.fresh_id("shp") for row in rows}
    copies = [{**row, "id": twins[row["id"]], "crates": 1} for row in rows]
    tx.connection.execute(insert(shipment), copies)
    return {first: (second,) for first, second in twins.items()}
