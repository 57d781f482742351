"""
Load: one API process, many clients that read and bid, beside the bare commits that the disk allows.

``read_per_s`` and ``bid_per_s`` are answers per second over HTTP with their 99th percentile;
``commits_per_s`` is what the same database does with one bare row per transaction and nothing else.
"""

import http.client
import json
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Integer, MetaData, Table

from api.house import House
from bench.nursery import born, free_port, killed, serve, wait_for
from bench.town import build_market, house_at

READERS = 8
BIDDING = 8


Call = Callable[[http.client.HTTPConnection, int, int], int]
"""Ask once over a connection, as a client of a number, for its so manieth time; return the status."""


@dataclass(frozen=True)
class LoadSize:
    """Hold how long each part goes on."""

    seconds: float


def load(url: str, size: LoadSize) -> dict[str, Any]:
    """Measure reads, then bids, then bare commits."""
    house = house_at(url)
    market = build_market(house, trips=40, shipments=max(320, int(size.seconds * 160)))
    port = free_port()
    server = born(
        serve,
        {"DATABASE_URL": url, "CARRIOLE_STATE": "/tmp/carriole-bench", "CARRIOLE_LOG_LEVEL": "ERROR"},
        port,
    )
    wait_for(port)
    wishes = [
        (member, ship, market.trips[at % len(market.trips)])
        for member in market.bidders
        for at, (_, ship) in enumerate(market.shipments[member])
    ]

    def read(connection: http.client.HTTPConnection, client: int, at: int) -> int:
        member = market.bidders[client]
        trip = market.trips[(client + at) % len(market.trips)]
        connection.request("GET", f"/api/v1/trips/{trip}", headers={"Authorization": f"Bearer {member}"})
        return drained(connection)

    def bid(connection: http.client.HTTPConnection, client: int, at: int) -> int:
        number = client + at * BIDDING
        if number >= len(wishes):
            return 0
        member, ship, trip = wishes[number]
        connection.request(
            "POST",
            f"/api/v1/trips/{trip}/bids",
            json.dumps({"shipment": ship, "most_cents": 100_000}),
            {
                "Authorization": f"Bearer {member}",
                "Idempotency-Key": f"load-{number}",
                "Content-Type": "application/json",
            },
        )
        return drained(connection)

    reads = measured(port, READERS, size.seconds, read)
    bids = measured(port, BIDDING, size.seconds, bid)
    killed(server)
    commits = _commits_per_s(house, min(size.seconds / 2, 3))
    house.close()
    return {
        "read_per_s": reads["per_s"],
        "read_p99_ms": reads["p99_ms"],
        "bid_per_s": bids["per_s"],
        "bid_p99_ms": bids["p99_ms"],
        "bid_median_ms": bids["median_ms"],
        "statuses": bids["statuses"],
        "commits_per_s": commits,
        "bids_per_commit": round(bids["per_s"] / max(1, commits), 3),
    }


def drained(connection: http.client.HTTPConnection) -> int:
    answer = connection.getresponse()
    answer.read()
    return answer.status


def measured(port: int, clients: int, seconds: float, call: Call) -> dict[str, Any]:
    """Let so many clients call one after another until the time is over, or they have nothing to ask (0)."""
    spent_ms: list[float] = []
    statuses: dict[int, int] = {}
    lock, until = threading.Lock(), time.monotonic() + seconds

    def client(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        mine, seen, at = [], [], 0
        while time.monotonic() < until:
            began = time.perf_counter()
            status = call(connection, number, at)
            if not status:
                break
            mine.append((time.perf_counter() - began) * 1000)
            seen.append(status)
            at += 1
        connection.close()
        with lock:
            spent_ms.extend(mine)
            for status in seen:
                statuses[status] = statuses.get(status, 0) + 1

    began = time.monotonic()
    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    seconds, ordered = time.monotonic() - began, sorted(spent_ms) or [0.0]
    return {
        "seconds": seconds,
        "per_s": round(len(spent_ms) / seconds, 1),
        "p99_ms": round(ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))], 1),
        "median_ms": round(statistics.median(ordered), 1),
        "statuses": statuses,
    }


def _commits_per_s(house: House, seconds: float) -> int:
    """Count bare commits of one row each, by one writer."""
    bare = Table("bare_commit", MetaData(), Column("n", Integer))
    with house.desk.store.writer.begin() as connection:
        bare.create(connection, checkfirst=True)
    until, done = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        with house.desk.store.writer.begin() as connection:
            connection.execute(bare.insert().values(n=done))
        done += 1
    return round(done / seconds)
