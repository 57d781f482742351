"""
The market's race: many processes bid, bundle, counter, take, refuse, clear, edit, expire and cancel at once.

What counts is found afterwards by an audit that adds everything up anew (``bench.market_audit``). An
answer that is neither a grant nor a refusal counts as a broken promise.

    python -m bench.market_race --quick
"""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.queues import Queue
from random import Random
from typing import Annotated, Any, Literal

import typer
from sqlalchemy import Row, select

from api.house import House
from bench.market_audit import ASKING, audit
from bench.market_stage import Farm, Stage, build_stage
from bench.nursery import born, channel
from bench.servers import DATABASES, fresh, server
from bench.town import house_at
from geodata.refusal import Refusal
from pooling.desk.market.bids import (
    accept_bid,
    counter_bid,
    expire_due,
    place_bid,
    refuse_bid,
    take_counter,
    withdraw_bid,
)
from pooling.desk.market.bundles import BidWords, BundleWords, place_bundle
from pooling.desk.market.clearing_trips import clear_trip, propose_clearing
from pooling.desk.market.placing import BidTerms
from pooling.desk.market.quotes import quote_offer
from pooling.desk.market.rivals import tell_rivals
from pooling.desk.trips.changing_trips import change_trip
from pooling.desk.trips.trips import StopWords, TripWords, cancel_trip
from pooling.regimes import Regime
from pooling.store import Ask
from pooling.store.market import bid
from pooling.store.trips import find_trip, leg_room, legs_of, stops_of

PROCESSES = 4
THREADS = 4
ENOUGH_CENTS = 100_000


@dataclass(frozen=True)
class MarketRaceSize:
    """Hold how many trips and farms race, and how many commands are given in all."""

    trips: int
    farms: int
    attempts: int


QUICK = MarketRaceSize(trips=16, farms=64, attempts=320)
FULL = MarketRaceSize(trips=400, farms=3_200, attempts=40_000)


def race(url: str, quick: bool) -> dict[str, Any]:
    """Run the race on an empty database, and audit what is left."""
    size = QUICK if quick else FULL
    house = house_at(url)
    stage = build_stage(house, size.trips, size.farms)
    answers: Queue[Counter[str]] = channel()
    began = time.monotonic()
    racers = [born(_race, url, stage, number, size, answers) for number in range(PROCESSES)]
    counts = sum((answers.get() for _ in racers), Counter[str]())
    for racer in racers:
        racer.join()
    spent_s = time.monotonic() - began
    found = audit(house)
    house.close()
    wrong = {name: count for name, count in counts.items() if name.startswith("wrong ")}
    found.broken += [name for name, count in wrong.items() for _ in range(count)]
    done = {name: count for name, count in sorted(counts.items()) if name.startswith("done ")}
    refused = {
        name: count for name, count in counts.most_common() if not name.startswith(("done ", "wrong "))
    }
    figures = {"attempts": sum(counts.values()), **found.figures(), "done": done, "refused": refused}
    return figures | {"seconds": round(spent_s, 1)}


def _race(url: str, stage: Stage, process: int, size: MarketRaceSize, answers: "Queue[Counter[str]]") -> None:
    house = house_at(url)
    counts, lock = Counter[str](), threading.Lock()

    def client(number: int) -> None:
        clients = PROCESSES * THREADS
        mine = Counter[str]()
        racer = Racer(house, stage, Random(number), number)
        for _ in range(size.attempts // clients + (number < size.attempts % clients)):
            mine[racer.once()] += 1
        with lock:
            counts.update(mine)

    threads = [threading.Thread(target=client, args=(process * THREADS + at,)) for at in range(THREADS)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    house.close()
    answers.put(counts)


class Racer:
    """Give one command after another, each for whoever may give it, on what there is at the moment."""

    def __init__(self, house: House, stage: Stage, random: Random, number: int) -> None:
        self.desk, self.stage, self.random, self.number = house.desk, stage, random, number
        self.given = 0
        self.commands: tuple[tuple[Callable[[], object], int], ...] = (
            (self.bid, 320),
            (self.bundle, 160),
            (self.answer, 220),
            (self.take, 70),
            (self.withdraw, 80),
            (self.clear, 50),
            (self.edit, 40),
            (self.expire, 20),
            (self.rivals, 20),
            (self.cancel, 8),
        )

    def once(self) -> str:
        """Give a command at random; return what came of it."""
        works, weights = zip(*self.commands, strict=True)
        (work,) = self.random.choices(works, weights)
        try:
            return f"done {work.__name__}" if work() else "nothing to do"
        except Refusal as refusal:
            return refusal.code
        except Exception as error:  # noqa: BLE001 - counted as a broken promise
            return f"wrong {work.__name__}: {type(error).__name__} {error}"[:200]

    def ask(self, member_id: str) -> Ask:
        self.given += 1
        return Ask(member_id, f"race-{self.number}-{self.given}", "")

    def bid(self) -> object:
        """Bid for a shipment on a trip, sometimes by a quote, sometimes with an end that is near."""
        farm, trip = self.random.choice(self.stage.farms), self.random.choice(self.stage.trips)
        ship, quote = self.random.choice(farm.crates), ""
        if self.random.random() < 0.2:
            quote = quote_offer(self.desk, farm.actor, self.ask(farm.member), trip, ship)
        expires_at = self.desk.clock.now() + 1 if self.random.random() < 0.1 else None
        terms = BidTerms("", expires_at, quote)
        return place_bid(self.desk, farm.actor, self.ask(farm.member), trip, ship, self.most(), terms)

    def bundle(self) -> object:
        """Bid for both shipments of a farm on one trip, or for one of them on either of two."""
        farm, (one, other) = self.random.choice(self.stage.farms), self.stage.pair(self.random)
        kind: Literal["all", "any"] = "all" if len(farm.crates) > 1 else "any"
        at = one if kind == "all" else other
        bids = (BidWords(one, farm.crates[0], self.most()), BidWords(at, farm.crates[-1], self.most()))
        words = BundleWords(kind, bids)
        return place_bundle(self.desk, farm.actor, self.ask(farm.member), words)

    def answer(self) -> object:
        """Accept, counter or refuse a bid that waits, as the trip's owner."""
        one = self.found(*ASKING)
        if one is None:
            return None
        owner = self.stage.owner(one.trip_id)
        ask, chance = self.ask(owner.member_id), self.random.random()
        if chance < 0.55:
            return accept_bid(self.desk, owner, ask, one.id, None)
        if chance < 0.85:
            return counter_bid(self.desk, owner, ask, one.id, None, self.random.randrange(3_000))
        return refuse_bid(self.desk, owner, ask, one.id, None)

    def take(self) -> object:
        one = self.found("countered")
        farm = one and self.farm(one)
        return one and farm and take_counter(self.desk, farm.actor, self.ask(farm.member), one.id, None)

    def withdraw(self) -> object:
        one = self.found("accepted", "open")
        farm = one and self.farm(one)
        return one and farm and withdraw_bid(self.desk, farm.actor, self.ask(farm.member), one.id, None)

    def clear(self) -> object:
        trip = self.random.choice(self.stage.trips)
        owner = self.stage.owner(trip)
        shown = list(propose_clearing(self.desk, owner, trip).chosen)
        return clear_trip(self.desk, owner, self.ask(owner.member_id), trip, None, shown)

    def edit(self) -> object:
        """Give a trip other room or another detour; what guests were promised stays, or it is refused."""
        trip = self.random.choice(self.stage.trips)
        with self.desk.store.view() as view:
            row, stops = find_trip(view, trip), stops_of(view, [trip])[trip]
            caps = [leg_room(leg).cap for leg in legs_of(view, [trip])[trip]]
        free = [(self.random.randint(3, 6), *cap[1:]) for cap in caps]
        words = TripWords(
            owner_id=row.owner_id,
            driver=row.driver,
            regime=Regime(row.regime),
            stops=tuple(
                StopWords(stop.site_id, stop.opens_at, stop.closes_at, room)
                for stop, room in zip(stops, [*free, (0, 0, 0, 0)], strict=True)
            ),
            detour_s=self.random.choice((1_200, 1_800)),
            instant=row.instant,
        )
        owner = self.stage.owner(trip)
        return change_trip(self.desk, owner, self.ask(owner.member_id), trip, None, words)

    def expire(self) -> object:
        return expire_due(self.desk)

    def rivals(self) -> object:
        return tell_rivals(self.desk)

    def cancel(self) -> object:
        trip = self.random.choice(self.stage.trips)
        owner = self.stage.owner(trip)
        return cancel_trip(self.desk, owner, self.ask(owner.member_id), trip, None)

    def most(self) -> int:
        return self.random.choice((300, 1_500, ENOUGH_CENTS))

    def found(self, *states: str) -> Row[Any] | None:
        """Return some bid in one of these states."""
        with self.desk.store.view() as view:
            query = select(bid).where(bid.c.state.in_(states)).order_by(bid.c.id)
            rows = list(view.connection.execute(query.limit(200)))
        return self.random.choice(rows) if rows else None

    def farm(self, one: Row[Any]) -> Farm | None:
        return next((farm for farm in self.stage.farms if farm.party == one.payer_id), None)


def main(
    quick: Annotated[bool, typer.Option("--quick", help="A small race.")] = False,
    only: Annotated[str, typer.Option(help="One database only: sqlite or postgresql.")] = "",
) -> None:
    """Race on each database, and print what the audit found."""
    found = {}
    for kind in (only,) if only else DATABASES:
        with server(kind) as url:
            found[kind] = race(fresh(url, "market_race"), quick)
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        typer.run(main)
