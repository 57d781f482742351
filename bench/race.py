"""
The race: 32 clients in 4 processes bid for the last crates of trips that accept at once.

``oversold`` counts legs on which more is sold than there is room. ``undersold`` counts shipments that
were refused for room although the trip still has room for them when all is over: room only shrinks
in the race, so it was free when it was refused. The negative control sells the same room by reading
it and then writing it.
"""

import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.queues import Queue
from random import Random
from typing import Any

from sqlalchemy import Column, Integer, MetaData, Table, create_engine, func, select, text

from api.house import House
from bench.nursery import born, channel
from bench.town import BIDDERS, Market, build_market, house_at
from geodata.refusal import Refusal
from pooling.desk import Actor
from pooling.desk.market.bids import place_bid
from pooling.party import Role
from pooling.store import Ask
from pooling.store.ledger import check_ledger
from pooling.store.market import shipment, trip_leg

PROCESSES = 4
THREADS = BIDDERS // PROCESSES


@dataclass
class Told:
    """Hold what one process of the race tells: its answers, and from when until when it raced."""

    counts: Counter[str] = field(default_factory=Counter)
    refused_for_room: set[tuple[str, str]] = field(default_factory=set)
    began: float = 0.0
    ended: float = 0.0


@dataclass(frozen=True)
class RaceSize:
    """Hold how many trips are raced for, and how many bids are made in all."""

    trips: int
    attempts: int

    def of_client(self, number: int) -> int:
        """Return how many of the attempts one client makes."""
        return self.attempts // BIDDERS + (number < self.attempts % BIDDERS)


def race(url: str, size: RaceSize) -> dict[str, Any]:
    """Run the race on a database and count."""
    house = house_at(url)
    market = build_market(house, size.trips, shipments=size.trips * 10)
    answers: Queue[Told] = channel()
    racers = [born(_race, url, market, number, size, answers) for number in range(PROCESSES)]
    told = [answers.get() for _ in racers]
    for racer in racers:
        racer.join()
    counts = sum((one.counts for one in told), Counter[str]())
    spent_s = max(one.ended for one in told) - min(one.began for one in told)
    result = {
        "attempts": sum(counts.values()),
        "accepted": counts["accepted"],
        "oversold": _oversold(house),
        "undersold": _undersold(house, set().union(*(one.refused_for_room for one in told))),
        "refusals": {code: n for code, n in counts.most_common() if code != "accepted"},
        "seconds": round(spent_s, 1),
        "attempts_per_s": round(sum(counts.values()) / spent_s),
        "control_oversold": _control(url),
    }
    with house.desk.store.view() as view:
        ledger = check_ledger(view)
    house.close()
    return result | {"ledger_sum_cents": ledger.sum_cents, "transfers": ledger.transfers}


def _race(url: str, market: Market, process: int, size: RaceSize, answers: "Queue[Told]") -> None:
    house = house_at(url)
    told, lock = Told(began=time.monotonic()), threading.Lock()

    def client(number: int) -> None:
        random = Random(number)
        member_id = market.bidders[number]
        mine = market.shipments[member_id]
        who = Actor(member_id, {payer: Role.PRODUCER for payer, _ in mine})
        for at in range(size.of_client(number)):
            trip, ship = random.choice(market.trips), random.choice(mine)[1]
            try:
                place_bid(house.desk, who, Ask(member_id, f"race-{number}-{at}", ""), trip, ship, 100_000)
                code = "accepted"
            except Refusal as refusal:
                code = refusal.code
            with lock:
                told.counts[code] += 1
                if code == "no_room":
                    told.refused_for_room.add((trip, ship))

    clients = [
        threading.Thread(target=client, args=(process * THREADS + number,)) for number in range(THREADS)
    ]
    for one in clients:
        one.start()
    for one in clients:
        one.join()
    told.ended = time.monotonic()
    house.close()
    answers.put(told)


def _oversold(house: House) -> int:
    with house.desk.store.view() as view:
        query = select(func.count()).where(trip_leg.c.ambient_sold > trip_leg.c.ambient_cap)
        return int(view.connection.execute(query).scalar_one())


def _undersold(house: House, refused: set[tuple[str, str]]) -> int:
    """Count the refusals for room that the room left at the end contradicts."""
    with house.desk.store.view() as view:
        legs = view.connection.execute(
            select(trip_leg.c.trip_id, func.min(trip_leg.c.ambient_cap - trip_leg.c.ambient_sold)).group_by(
                trip_leg.c.trip_id
            )
        )
        free = {trip: int(crates) for trip, crates in legs}
        sizes = {
            row.id: row.crates for row in view.connection.execute(select(shipment.c.id, shipment.c.crates))
        }
    return sum(free[trip] >= sizes[ship] for trip, ship in refused)


def _control(url: str, trips: int = 50, clients: int = 8, attempts: int = 400) -> int:
    """Sell the same room by reading and then writing, and count what was sold twice."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"), pool_size=clients)
    leg = Table("control_leg", MetaData(), Column("id", Integer, primary_key=True), Column("sold", Integer))
    with engine.begin() as connection:
        leg.create(connection, checkfirst=True)
        connection.execute(leg.insert(), [{"id": number, "sold": 0} for number in range(trips)])
    took = Counter[int]()
    lock = threading.Lock()

    def client(seed: int) -> None:
        random = Random(seed)
        for _ in range(attempts // clients):
            number = random.randrange(trips)
            with engine.connect() as connection:
                sold = connection.execute(select(leg.c.sold).where(leg.c.id == number)).scalar_one()
            if sold + 1 > 4:
                continue
            try:
                with engine.begin() as connection:
                    connection.execute(
                        text("UPDATE control_leg SET sold = :n WHERE id = :i"), {"n": sold + 1, "i": number}
                    )
            except Exception:  # noqa: BLE001, S112 - a database that is busy sells nothing
                continue
            with lock:
                took[number] += 1

    threads = [threading.Thread(target=client, args=(seed,)) for seed in range(clients)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    engine.dispose()
    return sum(max(0, crates - 4) for crates in took.values())
