"""A circuit for benchmarks of tours: farms and shops at drawn places by the roads, and a carrier."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from api.house import House
from bench.town import a_party, a_site
from geodata.place import Place
from pooling.desk import Actor
from pooling.desk.tours.tour_words import TourWords
from pooling.desk.tours.tours import propose_tour
from pooling.hours import DayClock
from pooling.party import Role
from pooling.store import Ask, Tx
from pooling.store.market import shipment
from pooling.store.parties import find_party
from pooling.store.people import party
from pooling.store.rows import added, changed
from pooling.store.shipments import find_shipment

SEED = 2026
OFF_ROAD_M = 200
DAYS_AHEAD = 3
HOUR = 3600


@dataclass(frozen=True)
class Farm:
    """Hold who signs up: the member that acts for a farm, and its yard."""

    member_id: str
    party_id: str
    site_id: str

    @property
    def actor(self) -> Actor:
        return Actor(self.member_id, {self.party_id: Role.PRODUCER})


@dataclass(frozen=True)
class Circuit:
    """Hold the farms, the shops' doors, the operator and the carrier."""

    farms: tuple[Farm, ...]
    shops: tuple[str, ...]
    operator: Farm
    carrier_id: str
    hub_id: str
    day: date
    midnight_at: int


def build_circuit(house: House, farms: int, shops: int, seed: int = SEED) -> Circuit:
    """Settle a circuit; the same for the same size and seed, but for its ids."""
    random = Random(seed)
    spots = _by_the_road(house, random)
    day = datetime.fromtimestamp(house.desk.clock.now(), UTC).date() + timedelta(days=DAYS_AHEAD)

    def work(tx: Tx) -> Circuit:
        settled = [_settled(tx, f"Farm {number}", Role.PRODUCER, next(spots)) for number in range(farms)]
        buyer = a_party(tx, "Shops", Role.BUYER)[1]
        doors = [a_site(tx, buyer, f"Shop {number}", next(spots)) for number in range(shops)]
        operator = _settled(tx, "Operator", Role.OPERATOR, next(spots))
        carrier = _settled(tx, "Carrier", Role.CARRIER, next(spots))
        licence = {"vetted": True, "licence": "LTI-1", "licence_until": date(2099, 12, 31)}
        changed(tx, party, find_party(tx, carrier.party_id), licence)
        midnight_at = int(DayClock(day, house.desk.timezone).midnight.timestamp())
        hub_id = carrier.site_id
        return Circuit(tuple(settled), tuple(doors), operator, carrier.party_id, hub_id, day, midnight_at)

    return house.desk.store.change(work)


def on_day(house: House, circuit: Circuit, number: int) -> Circuit:
    """Return the circuit so many weeks later: a carrier drives on three days a week."""
    day = circuit.day + timedelta(weeks=number)
    midnight_at = int(DayClock(day, house.desk.timezone).midnight.timestamp())
    return replace(circuit, day=day, midnight_at=midnight_at)


def propose(house: House, circuit: Circuit, *, each_pays_its_way: bool = False) -> str:
    """Propose a tour of a long day with room enough; its card is that of a small van with its driver."""
    at = circuit.midnight_at
    words = TourWords(
        carrier_id=circuit.carrier_id,
        driver="Lou",
        start_site_id=circuit.hub_id,
        end_site_id=circuit.hub_id,
        opens_at=at + 4 * HOUR,
        closes_at=at + 18 * HOUR,
        ambient_crates=200,
        chilled_crates=0,
        frozen_crates=0,
        payload_kg=2_000,
        fixed_cents=1_000,
        cents_per_km=45,
        cents_per_hour=1_200,
        cents_per_stop=20,
        crate_cents=600,
        fee_cents=200,
        gap_cents=0,
        gap_party_id=None,
        minimum_crates=0,
        cutoff_at=at - 6 * HOUR,
        each_pays_its_way=each_pays_its_way,
    )
    ask = Ask(circuit.operator.member_id, f"tour-{circuit.day}", "")
    who = Actor(circuit.operator.member_id, {circuit.operator.party_id: Role.OPERATOR})
    return propose_tour(house.desk, who, ask, circuit.operator.party_id, words)


def enter_crates(house: House, circuit: Circuit, farm: Farm, random: Random) -> str:
    """Enter a shipment of a farm to one of the shops; some must be there by noon."""
    at, crates = circuit.midnight_at, random.randint(2, 6)
    due_at = at + random.choice((12, 15, 17)) * HOUR
    values = {
        "shipper_id": farm.party_id,
        "payer_id": farm.party_id,
        "from_site_id": farm.site_id,
        "to_site_id": random.choice(circuit.shops),
        "day": circuit.day,
        "temperature": "ambient",
        "crates": crates,
        "kg": 8 * crates,
        "ready_at": at + 5 * HOUR,
        "pickup_by_at": due_at - HOUR,
        "deliver_from_at": at + 6 * HOUR,
        "deliver_by_at": due_at,
    }
    return house.desk.store.change(lambda tx: added(tx, shipment, "shp", **values))


def take_back(house: House, shipment_id: str) -> None:
    """Take back crates that found no place, so that their farm would not drive them alone either."""
    values = {"state": "cancelled"}
    house.desk.store.change(lambda tx: changed(tx, shipment, find_shipment(tx, shipment_id), values))


def _settled(tx: Tx, name: str, role: Role, place: tuple[float, float]) -> Farm:
    member_id, party_id = a_party(tx, name, role)
    return Farm(member_id, party_id, a_site(tx, party_id, "Yard", place))


def _by_the_road(house: House, random: Random) -> Iterator[tuple[float, float]]:
    """Draw places of the region that lie by a road, without end."""
    south, west, north, east = house.region.bounds
    while True:
        drawn = [Place(lat=random.uniform(south, north), lon=random.uniform(west, east)) for _ in range(100)]
        for snap in house.region.roads.snap_all(drawn).snaps:
            if snap is not None and snap.off_road_m <= OFF_ROAD_M:
                yield snap.place.lat, snap.place.lon
