"""
A market for benchmarks: farms that drive to one shop, and their neighbours' shipments on the same way.

Rows are written as the desk writes them, so that hundreds of trips stand within seconds; each trip is
announced by the desk itself.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from threading import Lock

from api.house import House, open_house
from api.settings import settings
from pooling.desk import Actor
from pooling.desk.people.sessions import token_hash
from pooling.desk.trips.trips import StopWords, TripWords, announce_trip
from pooling.hours import DayClock
from pooling.party import Role
from pooling.regimes import Regime
from pooling.store import Ask, Tx
from pooling.store.market import shipment
from pooling.store.people import member, membership, party, site
from pooling.store.rows import added
from pooling.store.sessions import open_session

FARM = (43.7431, 7.3652)
MIDDLE = (43.7383, 7.3922)
SHOP = (43.7384, 7.4246)
FREE_CRATES = 4
OWNERS = 20
BIDDERS = 32

_opening = Lock()


@dataclass(frozen=True)
class Market:
    """Hold the ids of what is raced for, and who races."""

    trips: tuple[str, ...]
    bidders: tuple[str, ...]  # members
    shipments: dict[str, tuple[tuple[str, str], ...]]  # payer and shipment, by member
    day: date


def house_at(url: str) -> House:
    """Open the house over a database, in a folder of its own; one at a time, as migrations want it."""
    return house_in(Path("/tmp") / "carriole-bench", DATABASE_URL=url)


def house_in(folder: Path, **told: str) -> House:
    """Open a house that keeps what is its own in a folder; one at a time, as migrations want it."""
    with _opening:
        return open_house(settings({"CARRIOLE_STATE": str(folder), **told}))


def build_market(house: House, trips: int, shipments: int, seed: int = 1) -> Market:
    """Announce nearly full trips, and give each bidder shipments that would ride on any of them."""
    random = Random(seed)
    day = datetime.fromtimestamp(house.desk.clock.now(), UTC).date() + timedelta(days=2)
    clock = DayClock(day, house.desk.timezone)
    midnight_at = int(clock.midnight.timestamp())
    owners: list[tuple[str, str, list[str]]] = []
    bidders: list[str] = []
    crates: dict[str, tuple[tuple[str, str], ...]] = {}

    def people(tx: Tx) -> None:
        shop = a_party(tx, "Shop", Role.BUYER)
        shop_site = a_site(tx, shop[1], "Shop", SHOP)
        middle_site = a_site(tx, shop[1], "Market hall", MIDDLE)
        for number in range(OWNERS):
            owner = a_party(tx, f"Farm {number}", Role.PRODUCER)
            owners.append((*owner, [a_site(tx, owner[1], "Yard", FARM), middle_site, shop_site]))
        for number in range(BIDDERS):
            member_id = a_member(tx, f"Neighbour {number}")
            bidders.append(member_id)
            crates[member_id] = tuple(
                _neighbour(tx, member_id, number, at, shop_site, day, midnight_at, random.randint(1, 3))
                for at in range(max(1, shipments // BIDDERS))
            )

    house.desk.store.change(people)
    announced = []
    for number in range(trips):
        member_id, party_id, sites = owners[number % OWNERS]
        who = Actor(member_id, {party_id: Role.PRODUCER})
        announced.append(
            announce_trip(
                house.desk,
                who,
                Ask(member_id, f"trip-{number}", ""),
                _words(party_id, sites, midnight_at),
            )
        )
    return Market(tuple(announced), tuple(bidders), crates, day)


def _words(party_id: str, sites: list[str], midnight_at: int) -> TripWords:
    """Announce a drive by the market hall to the shop, with a few crates of room on each leg."""
    six_at = midnight_at + 6 * 3600
    hours = ((six_at, six_at + 1800), (six_at, six_at + 3 * 3600), (six_at, six_at + 4 * 3600))
    room = ((FREE_CRATES, 0, 0, 400), (FREE_CRATES, 0, 0, 400), (0, 0, 0, 0))
    return TripWords(
        owner_id=party_id,
        driver="Driver",
        regime=Regime.ENTRAIDE,
        stops=tuple(
            StopWords(site_id, opens_at, closes_at, free)
            for site_id, (opens_at, closes_at), free in zip(sites, hours, room, strict=True)
        ),
        detour_s=1800,
        instant=True,
    )


def _neighbour(
    tx: Tx, member_id: str, number: int, at: int, shop_site: str, day: date, midnight_at: int, crates: int
) -> tuple[str, str]:
    """Write a farm with one shipment for the shop; the member acts for it."""
    party_id = added(tx, party, "pty", name=f"Neighbour {number}/{at}", role=Role.PRODUCER.value)
    tx.connection.execute(
        membership.insert().values(member_id=member_id, party_id=party_id, created_at=tx.now_at)
    )
    shipment_id = added(
        tx,
        shipment,
        "shp",
        shipper_id=party_id,
        payer_id=party_id,
        from_site_id=a_site(tx, party_id, "Yard", FARM if at % 8 else MIDDLE),
        to_site_id=shop_site,
        day=day,
        temperature="ambient",
        crates=crates,
        kg=10,
        ready_at=midnight_at + 4 * 3600,
        pickup_by_at=midnight_at + 12 * 3600,
        deliver_from_at=midnight_at + 4 * 3600,
        deliver_by_at=midnight_at + 14 * 3600,
    )
    return party_id, shipment_id


def a_party(tx: Tx, name: str, role: Role) -> tuple[str, str]:
    """Write a party with one member; returns the member and the party."""
    party_id = added(tx, party, "pty", name=name, role=role.value)
    member_id = a_member(tx, name)
    tx.connection.execute(
        membership.insert().values(member_id=member_id, party_id=party_id, created_at=tx.now_at)
    )
    return member_id, party_id


def a_member(tx: Tx, name: str) -> str:
    """Write a member who is signed in by a token that is its id."""
    member_id = added(tx, member, "mem", email=f"{name.replace(' ', '.')}@example.org".lower(), name=name)
    open_session(tx, member_id, token_hash(member_id), "bench")
    return member_id


def a_site(tx: Tx, party_id: str, name: str, place: tuple[float, float]) -> str:
    lat, lon = place
    return added(tx, site, "site", party_id=party_id, name=name, lat=lat, lon=lon)
