"""
Kill -9 in the middle of the market: the web process dies again and again while people deal with each other.

Each client plays both sides of its own farms' bids over HTTP: it places, bundles, counters, takes, accepts,
withdraws, clears, edits trips and cancels them, each wish under a key of its own, and repeats a key until it
is answered. Each process acknowledges some wishes and dies at a random moment, wishes under way. In the end
nothing acknowledged may be lost, no wish done twice, and nothing done by half (``bench.market_audit``).

    python -m bench.market_kill --quick
"""

import http.client
import json
import threading
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from random import Random
from typing import Annotated, Any

import typer
from sqlalchemy import func, select

from api.house import House
from bench.kill import CLIENTS, Tally, call, live
from bench.market_audit import ASKING, audit
from bench.market_stage import Farm, Stage, build_stage
from bench.nursery import born, free_port, killed, serve, wait_for
from bench.servers import DATABASES, fresh, server
from bench.town import house_at
from pooling.store.market import bid, trip

OK, MADE = 200, 201
STATE = "/tmp/carriole-bench"
EDITED, CANCELLED = 0.1, 0.02
"""How often a deal is followed by an edit of its trip, or by the end of another."""

ENDED = ("accepted", "refused", "withdrawn", "expired")
Answer = tuple[int, dict[str, Any]]


@dataclass(frozen=True)
class MarketKillSize:
    """Hold how often the web process is killed, and how many trips and farms there are for each time."""

    kills: int
    trips: int = 3
    farms: int = 30


QUICK, FULL = MarketKillSize(kills=10, trips=2, farms=14), MarketKillSize(kills=200)


@dataclass
class Told(Tally):
    """Hold besides what each bid was last acknowledged to be, by its id, and of each trip its revision."""

    states: dict[str, str] = field(default_factory=dict)
    revisions: dict[str, int] = field(default_factory=dict)
    cancelled: set[str] = field(default_factory=set)
    done: Counter[str] = field(default_factory=Counter)


def kill(url: str, quick: bool, kills: int = 0) -> dict[str, Any]:
    """Kill the web process on an empty database, and count what was lost or done twice."""
    size = QUICK if quick else FULL
    size = replace(size, kills=kills or size.kills)
    house = house_at(url)
    stage = build_stage(house, trips=size.kills * size.trips, farms=size.kills * size.farms)
    told, stop, port = Told(), threading.Event(), free_port()
    clients = [
        threading.Thread(target=Client(number, port, stage, told, stop).play, daemon=True)
        for number in range(CLIENTS)
    ]
    environment = {"DATABASE_URL": url, "CARRIOLE_STATE": STATE, "CARRIOLE_LOG_LEVEL": "ERROR"}
    random, began = Random(size.kills), time.monotonic()
    for number in range(size.kills + 1):
        process = born(serve, environment, port)
        wait_for(port)
        told.serving.set()
        if number == 0:
            for one in clients:
                one.start()
        if number == size.kills:  # the last one lives: what is repeated by its key is answered
            time.sleep(0.5)
            stop.set()
            for one in clients:
                one.join()
        else:
            live(told, random)
            told.serving.clear()
        killed(process)
    spent_s = time.monotonic() - began
    return {"kills": size.kills, **_counted(house, told), "seconds": round(spent_s, 1)}


class Client:
    """Deal for some of the farms and, over their bids, for the trips' owners; one wish after another."""

    def __init__(self, number: int, port: int, stage: Stage, told: Told, stop: threading.Event) -> None:
        self.number, self.port, self.stage, self.told, self.stop = number, port, stage, told, stop
        self.random, self.wishes = Random(number), 0

    def play(self) -> None:
        mine = list(self.stage.farms[self.number :: CLIENTS])
        while mine and not self.stop.is_set():
            self.deal(mine.pop())

    def deal(self, farm: Farm) -> None:
        """Let a farm bid, alone or in a bundle, and bring its bids to some end."""
        one, other = self.stage.pair(self.random)
        if len(farm.crates) > 1 or self.random.random() < 0.3:
            at = one if len(farm.crates) > 1 else other
            kind = "all" if at == one else "any"
            pairs = [(one, farm.crates[0]), (at, farm.crates[-1])]
            bids = [{"trip": trip, "shipment": ship, "most_cents": 100_000} for trip, ship in pairs]
            answer = self.wish("bundle", farm.member, "/bundles", {"kind": kind, "bids": bids})
            placed = answer.get("bids", [])
        else:
            words = {"shipment": farm.crates[0], "most_cents": 100_000}
            placed = [self.wish("bid", farm.member, f"/trips/{one}/bids", words)]
        for shown in [found for found in placed if found.get("id")][:1]:
            self.answer(farm, shown)
        if self.random.random() < EDITED:
            self.edit(one)
        if self.random.random() < CANCELLED:
            owner = self.stage.owner(other).member_id
            self.wish("cancel", owner, f"/trips/{other}/cancel")

    def edit(self, trip_id: str) -> None:
        """Give a trip other room or another detour; what its guests were promised stays, or it is refused."""
        words = self.stage.words(trip_id, self.random)
        self.wish("edit", self.stage.owner(trip_id).member_id, f"/trips/{trip_id}", words, method="PUT")

    def answer(self, farm: Farm, shown: dict[str, Any]) -> None:
        path, trip = f"/bids/{shown['id']}", shown["trip"]
        owner = self.stage.owner(trip).member_id
        chance = self.random.random()
        if shown["state"] == "accepted":
            if chance < 0.4:
                self.wish("withdraw", farm.member, f"{path}/withdraw")
        elif chance < 0.35:
            if self.wish("counter", owner, f"{path}/counter", {"cents": 5_000}).get("state") == "countered":
                self.wish("take", farm.member, f"{path}/take-counter")
        elif chance < 0.65:
            self.wish("accept", owner, f"{path}/accept")
        elif chance < 0.75:
            self.wish("refuse", owner, f"{path}/refuse")
        elif chance < 0.9:
            best = self.until_answered("GET", f"/trips/{trip}/best-set", owner)[1]
            chosen = [one["bid"] for one in best.get("chosen", [])]
            self.wish("clear", owner, f"/trips/{trip}/clear", {"chosen": chosen})

    def wish(
        self, what: str, member: str, path: str, words: object = None, method: str = "POST"
    ) -> dict[str, Any]:
        """Ask until it is answered, sometimes once more; note what was granted. Nothing where it was not."""
        self.wishes += 1
        key = f"market-{self.number}-{self.wishes}"
        status, body = self.until_answered(method, path, member, key, words)
        self.told.answers += 1
        if status not in (OK, MADE):
            if not self.stop.is_set():
                self.told.refused[str(body.get("code", status))] += 1
            return {}
        if self.random.random() < 0.2:  # ask again at once: it is about the same thing
            again, known = self.until_answered(method, path, member, key, words)
            self.told.mismatches += int(again in (OK, MADE) and known["id"] != body["id"])
        self.told.acknowledged[key] = body["id"]
        self.told.done[what] += 1
        for one in body.get("bids") or []:
            if isinstance(one, dict):
                self.told.states[one["id"]] = one["state"]
        if what == "clear":
            self.told.states |= dict.fromkeys(body["prices"], "accepted")
        elif what == "cancel":
            self.told.cancelled.add(body["id"])
        elif what == "edit":
            self.told.revisions[body["id"]] = max(body["revision"], self.told.revisions.get(body["id"], 0))
        elif "state" in body:
            self.told.states[body["id"]] = body["state"]
        return body

    def until_answered(
        self, method: str, path: str, member: str, key: str = "", words: object = None
    ) -> Answer:
        while True:
            try:
                return call(self.port, method, f"/api/v1{path}", member, key, words)
            except (OSError, http.client.HTTPException, ValueError):
                if self.stop.is_set() and not self.told.serving.is_set():
                    return 0, {}
                self.told.serving.wait(0.5)


def _counted(house: House, told: Told) -> dict[str, Any]:
    """Hold what was acknowledged against what is there; what others did to it since is no loss."""
    found = audit(house)
    with house.desk.store.view() as view:
        rows = list(view.connection.execute(select(bid.c.id, bid.c.trip_id, bid.c.state)))
        there, rides = ({row.id: row[at] for row in rows} for at in (2, 1))
        trips = {row.id: row for row in view.connection.execute(select(trip))}
        pairs = select(bid.c.trip_id).group_by(bid.c.trip_id, bid.c.shipment_id)
        twice = select(func.count()).select_from(pairs.having(func.count() > 1).subquery())
        wished_twice = view.connection.execute(twice).scalar_one()
    house.close()
    gone = {bid_id for bid_id, on in rides.items() if trips[on].state == "cancelled"}
    lost = sum(
        _is_lost(state, there.get(bid_id, "")) for bid_id, state in told.states.items() if bid_id not in gone
    )
    lost += sum(trips[one].state != "cancelled" for one in told.cancelled)
    lost += sum(trips[one].revision < revision for one, revision in told.revisions.items())
    return {
        "acknowledged": len(told.acknowledged),
        "lost": lost,
        "doubled": int(wished_twice) + told.mismatches,
        **found.figures(),
        "done": dict(told.done),
        "refused": dict(told.refused),
    }


def _is_lost(acknowledged: str, stands: str) -> bool:
    """Tell whether a bid has fallen back behind what was acknowledged of it."""
    if acknowledged == "open":
        return not stands
    if acknowledged == "countered":
        return stands not in ("countered", *ENDED)
    if acknowledged == "accepted":  # its payer may have withdrawn it since, in a wish that was not answered
        return stands not in ("accepted", "withdrawn")
    return stands in (*ASKING, "")


def main(
    quick: Annotated[bool, typer.Option("--quick", help="Few kills.")] = False,
    only: Annotated[str, typer.Option(help="One database only: sqlite or postgresql.")] = "",
    kills: Annotated[int, typer.Option(help="So many kills on each database.")] = 0,
) -> None:
    """Kill on each database, and print what was lost."""
    found = {}
    for kind in (only,) if only else DATABASES:
        with server(kind) as url:
            found[kind] = kill(fresh(url, "market_kill"), quick, kills)
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    typer.run(main)
