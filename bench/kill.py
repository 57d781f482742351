"""
Kill -9: the API and a worker die in the middle of their work, again and again.

Clients bid by HTTP, each wish with its own key, and repeat a key whenever no answer came. In the end
every acknowledged bid must be there (``lost``), no wish may have been done twice (``doubled``), every
job must have ended and been done once at most, and the ledger must add up to nothing.
"""

import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from sqlalchemy import func, select

from api.house import House
from bench.nursery import born, free_port, killed, serve, wait_for
from bench.town import Market, build_market, house_at
from pooling.desk import Desk
from pooling.store import Ask, Tx
from pooling.store.ledger import check_ledger
from pooling.store.market import bid
from pooling.store.people import party
from pooling.store.rows import added
from pooling.store.work import job
from pooling.work.jobs import Progress, enqueue, register

CLIENTS = 4
JOBS_PER_KILL = 2
WISHES_PER_LIFE = 8
"""How many wishes a process acknowledges, at most, before it is killed; one at least."""

LAST_MOMENT_S = 0.05

NEVER_ANSWERS_S = 20
"""A process that does not acknowledge so many within this is killed all the same."""


@dataclass(frozen=True)
class KillSize:
    """Hold how often the API and a worker are killed, each."""

    kills: int


@dataclass
class Tally:
    """Hold what was acknowledged, by key, and what is still to be repeated."""

    acknowledged: dict[str, str] = field(default_factory=dict)
    mismatches: int = 0
    answers: int = 0
    serving: threading.Event = field(default_factory=threading.Event)
    refused: Counter[str] = field(default_factory=Counter)


def kill(url: str, size: KillSize) -> dict[str, Any]:
    """Kill and count."""
    house = house_at(url)
    market = build_market(house, trips=size.kills * 2, shipments=size.kills * 40)
    jobs: list[str] = []
    tally, stop, port = Tally(), threading.Event(), free_port()
    clients = [
        threading.Thread(target=_client, args=(number, port, market, tally, stop))
        for number in range(CLIENTS)
    ]
    environment = {
        "DATABASE_URL": url,
        "CARRIOLE_STATE": "/tmp/carriole-bench",
        "CARRIOLE_LOG_LEVEL": "ERROR",
    }
    random, began = Random(size.kills), time.monotonic()
    for number in range(size.kills):
        server = born(serve, environment, port)
        worker = born(work_jobs, environment)
        wait_for(port)
        tally.serving.set()
        if number == 0:
            for one in clients:
                one.start()
        jobs += _enqueued(house, number)
        live(tally, random)
        tally.serving.clear()
        killed(server, worker)
    spent_s = time.monotonic() - began
    server, worker = born(serve, environment, port), born(work_jobs, environment)
    wait_for(port)
    tally.serving.set()
    time.sleep(0.5)
    stop.set()
    for one in clients:
        one.join()
    ended = _ended(house, jobs)
    killed(server, worker)
    return _counted(house, tally, len(jobs), ended) | {"kills": size.kills, "seconds": round(spent_s, 1)}


def live(tally: Tally, random: Random) -> None:
    """Let a process acknowledge some wishes, and end at any moment after, in the middle of others."""
    until = time.monotonic() + NEVER_ANSWERS_S
    enough = len(tally.acknowledged) + random.randint(1, WISHES_PER_LIFE)
    while len(tally.acknowledged) < enough and time.monotonic() < until:
        time.sleep(0.002)
    time.sleep(random.uniform(0, LAST_MOMENT_S))


def work_jobs(environment: dict[str, str]) -> None:
    """Work off jobs until killed, with a short lease, so that what a dead worker held is taken up soon."""
    import os

    os.environ.update(environment)
    from pooling.work.working import work_once

    register("bench_note", _note)
    house = house_at(environment["DATABASE_URL"])
    while True:
        if not work_once(house.desk, lease_s=1):
            time.sleep(0.02)


def _note(desk: Desk, arguments: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """Write one party, once: the effect of a job that may be begun several times."""
    progress("writing", 0.5)
    time.sleep(0.01)
    name = str(arguments["name"])

    def save(tx: Tx) -> str:
        return added(tx, party, "pty", name=name, role="buyer")

    return {"party": desk.once(Ask("", name, "note"), save)}


def _enqueued(house: House, life: int) -> list[str]:
    def work(tx: Tx) -> list[str]:
        names = [f"job-{life}-{number}" for number in range(JOBS_PER_KILL)]
        return [
            enqueue(tx, "bench_note", {"name": name}, about_kind="", about_id="", asked_by=None)
            for name in names
        ]

    return house.desk.store.change(work)


def _client(number: int, port: int, market: Market, tally: Tally, stop: threading.Event) -> None:
    """Bid for one shipment after another; repeat each wish by its key until it is answered."""
    random = Random(number)
    mine = [one for at, one in enumerate(market.bidders) if at % CLIENTS == number]
    wishes = [(member, ship) for member in mine for _, ship in market.shipments[member]]
    for at, (member, ship) in enumerate(wishes):
        key, trip = f"kill-{number}-{at}", random.choice(market.trips)
        while not stop.is_set():
            try:
                status, body = _bid(port, member, key, trip, ship)
            except (OSError, http.client.HTTPException):
                tally.serving.wait(0.5)
                continue
            tally.answers += 1
            if status == 201:
                if random.random() < 0.2:  # ask again at once: the answer must be the same
                    tally.mismatches += _asked_again(port, member, key, trip, ship, body["id"])
                tally.acknowledged[key] = body["id"]
            else:
                tally.refused[body.get("code", str(status))] += 1
            break
        if stop.is_set():
            return


def _asked_again(port: int, member: str, key: str, trip: str, ship: str, known: str) -> int:
    try:
        status, body = _bid(port, member, key, trip, ship)
    except (OSError, http.client.HTTPException):
        return 0
    return int(status != 201 or body["id"] != known)


def _bid(port: int, member: str, key: str, trip: str, ship: str) -> tuple[int, dict[str, Any]]:
    wish = {"shipment": ship, "most_cents": 100_000}
    return call(port, "POST", f"/api/v1/trips/{trip}/bids", member, key, wish)


def call(
    port: int, method: str, path: str, member: str, key: str = "", wish: object = None
) -> tuple[int, dict[str, Any]]:
    """Ask the API once, as a member, under a key; returns the status and the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    headers = {"Authorization": f"Bearer {member}", "Content-Type": "application/json"}
    headers |= {"Idempotency-Key": key} if key else {}
    try:
        connection.request(method, path, None if wish is None else json.dumps(wish), headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def _ended(house: House, jobs: list[str], within_s: float = 30) -> Counter[str]:
    """
    Wait until every job has ended, and count how.

    A job whose worker died three times is given up and told as failed: that is no loss in silence.
    """
    until = time.monotonic() + within_s
    while True:
        with house.desk.store.view() as view:
            query = select(job.c.state).where(job.c.id.in_(jobs))
            states = Counter(view.connection.execute(query).scalars())
        if states["done"] + states["failed"] == len(jobs) or time.monotonic() > until:
            return states
        time.sleep(0.05)


def _counted(house: House, tally: Tally, jobs: int, ended: Counter[str]) -> dict[str, Any]:
    with house.desk.store.view() as view:
        there = {row.id for row in view.connection.execute(select(bid.c.id))}
        twice = view.connection.execute(
            select(func.count()).select_from(
                select(bid.c.shipment_id).group_by(bid.c.shipment_id).having(func.count() > 1).subquery()
            )
        ).scalar_one()
        notes = [
            row.name
            for row in view.connection.execute(select(party.c.name).where(party.c.name.like("job-%")))
        ]
        ledger = check_ledger(view)
    house.close()
    return {
        "acknowledged": len(tally.acknowledged),
        "lost": sum(one not in there for one in tally.acknowledged.values()),
        "doubled": int(twice) + tally.mismatches + len(notes) - len(set(notes)),
        "jobs": jobs,
        "jobs_given_up": ended["failed"],
        "jobs_lost": jobs - ended["failed"] - min(ended["done"], len(set(notes))),
        "refused": dict(tally.refused),
        "ledger_sum_cents": ledger.sum_cents,
    }
