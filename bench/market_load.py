"""
The market over HTTP: one process, SQLite, a region full of trips; searches, then bids, then acceptances.

A wish that is refused is counted apart: ``per_s`` counts what was granted, and the hundredth slowest
answer is that of all, granted or not.
"""

import http.client
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from typing import Any

from sqlalchemy import bindparam, func, select

from api.house import House
from bench.load import Call, drained, measured
from bench.market_town import Market, MarketSize, build_market, crates_wish, shipments_for
from bench.nursery import born, free_port, killed, serve, wait_for, wait_until_ready
from bench.town import a_party, house_in
from geodata.refusal import Refusal
from pooling.desk import Actor
from pooling.desk.market.bids import place_bid
from pooling.desk.market.clearing_days import ask_clear_day
from pooling.desk.market.offers import find_offers
from pooling.market.lot import BUNDLE_LIMIT
from pooling.party import Role
from pooling.store import Ask
from pooling.store.market import bid, trip
from pooling.work.working import work_once

SEED = 7
OFFERS_TAKEN = 5
"""A shipment bids on so many of the offers that it found."""

MOST_CENTS = 100_000
Wish = tuple[str, str, str]
"""Who bids for which shipment on which trip."""

_ACCEPTED = (
    select(func.count())
    .select_from(bid.join(trip, trip.c.id == bid.c.trip_id))
    .where(bid.c.state == "accepted", trip.c.day == bindparam("its_day"))
)


@dataclass(frozen=True)
class LoadSize:
    """
    Hold how much is asked for: the seconds of each part, the shipments that bid, the bids cleared.

    A process that is ready is left alone for ``books_s``: it makes the books of the next days meanwhile.
    """

    market: MarketSize
    seconds: float
    shipments: int
    cleared_bids: int
    searching: int = 2
    bidding: int = 8
    accepting: int = 8
    choosing: int = 400
    books_s: float = 8


def market_load(region_home: str, size: LoadSize) -> dict[str, Any]:
    """Fill a market, and measure it."""
    with TemporaryDirectory(prefix="carriole-market-") as folder:
        environment = {
            "CARRIOLE_STATE": folder,
            "CARRIOLE_HOME": region_home,
            "CARRIOLE_REGION": size.market.region,
            "CARRIOLE_LOG_LEVEL": "ERROR",
            "DATABASE_URL": f"sqlite:///{folder}/market.db",
        }
        house = house_in(Path(folder), **environment)
        try:
            return _loaded(house, environment, size)
        finally:
            house.close()


def _loaded(house: House, environment: Mapping[str, str], size: LoadSize) -> dict[str, Any]:
    market = build_market(house, size.market)
    first, other, *_, far = market.days
    wishes = _bids(house, market, first, size.shipments)
    port = free_port()
    began = perf_counter()
    server = born(serve, dict(environment), port)
    wait_for(port)
    listens_s = perf_counter() - began
    wait_until_ready(port)
    start = {"listens_s": round(listens_s, 2), "ready_s": round(perf_counter() - began, 2)}
    start["first_bid_ms"] = _first_ms(port, _bid(wishes[:1], 1))
    first_ms, far_ms = (_first_ms(port, _search(market, day)) for day in (other, far))
    sleep(size.books_s)
    searches = measured(port, size.searching, size.seconds, _search(market, other))
    single, choices = _parted(wishes[1:], size.choosing)
    bids = measured(port, size.bidding, size.seconds, _bid(single, size.bidding))
    chosen = measured(port, size.bidding, size.seconds, _choose(choices, size.bidding))
    accepted = measured(port, size.accepting, size.seconds, _accept(house, market, first, size.accepting))
    killed(server)
    return {
        "start": start,
        "search": _shown(searches, 200)
        | {"first_ms": first_ms, "first_far_ms": far_ms, "trips": sum(map(len, market.trips.values()))},
        "bid": _shown(bids, 201) | {"choice": _choices_shown(chosen)},
        "accept": _shown(accepted, 200),
        "clear": clear_a_day(house, market, other, size.cleared_bids),
    }


def _first_ms(port: int, call: Call) -> float:
    """Ask once; the first search of a day lays it out on the roads, where that was not done ahead."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    began = perf_counter()
    call(connection, 0, 0)
    connection.close()
    return round(1_000 * (perf_counter() - began), 1)


def _shown(found: Mapping[str, Any], granted: int) -> dict[str, Any]:
    statuses, seconds = found["statuses"], found["seconds"]
    return {
        "per_s": round(statuses.get(granted, 0) / seconds, 1),
        "p50_ms": found["median_ms"],
        "p99_ms": found["p99_ms"],
        "statuses": {str(status): count for status, count in sorted(statuses.items())},
    }


def _search(market: Market, day: date) -> Call:
    """Look for rides of crates that were not entered, each time from another farm."""
    order = Random(SEED).sample(range(len(market.producers)), len(market.producers))

    def call(connection: http.client.HTTPConnection, client: int, at: int) -> int:
        number = order[(client * 997 + at) % len(order)]
        wish = {"crates": crates_wish(market, number, day, 1 + at % 4)}
        return _posted(connection, "/api/v1/offers", market.producers[number].member_id, wish, "")

    return call


def _bids(house: House, market: Market, day: date, shipments: int) -> list[Wish]:
    """Return who bids for which shipment on which trip: each has looked for offers, and takes the first."""
    wishes = []
    for at, shipment_id in shipments_for(house, market, day, shipments):
        one = market.producers[at]
        offers = find_offers(house.desk, Actor(one.member_id, {one.party_id: Role.PRODUCER}), shipment_id)
        wishes += [(one.member_id, shipment_id, ride.ride_id) for ride in offers.rides[:OFFERS_TAKEN]]
    Random(SEED).shuffle(wishes)
    return wishes


def _bid(wishes: list[Wish], clients: int) -> Call:
    def call(connection: http.client.HTTPConnection, client: int, at: int) -> int:
        number = client + at * clients
        if number >= len(wishes):
            return 0
        member_id, shipment_id, trip_id = wishes[number]
        wish = {"shipment": shipment_id, "most_cents": MOST_CENTS}
        return _posted(
            connection, f"/api/v1/trips/{trip_id}/bids", member_id, wish, f"bid-{shipment_id}-{trip_id}"
        )

    return call


def _parted(wishes: Sequence[Wish], choosing: int) -> tuple[list[Wish], list[list[Wish]]]:
    """Part wishes: bids by themselves, and of so many shipments a choice of rides, of which one is wanted."""
    of_each: dict[str, list[Wish]] = {}
    for one in wishes:
        of_each.setdefault(one[1], []).append(one)
    choices = [each[:BUNDLE_LIMIT] for each in of_each.values() if len(each) >= BUNDLE_LIMIT][:choosing]
    taken = {each[0][1] for each in choices}
    return [one for one in wishes if one[1] not in taken], choices


def _choose(choices: list[list[Wish]], clients: int) -> Call:
    """Bid for a shipment on several trips in one call, of which only one may carry it."""

    def call(connection: http.client.HTTPConnection, client: int, at: int) -> int:
        number = client + at * clients
        if number >= len(choices):
            return 0
        bids = [{"trip": ride, "shipment": one, "most_cents": MOST_CENTS} for _, one, ride in choices[number]]
        wish = {"kind": "any", "bids": bids}
        return _posted(connection, "/api/v1/bundles", choices[number][0][0], wish, f"choice-{number}")

    return call


def _choices_shown(found: Mapping[str, Any]) -> dict[str, Any]:
    """Tell choices in bids: each that was placed holds as many as a choice may."""
    shown = _shown(found, 201)
    return shown | {"per_s": round(BUNDLE_LIMIT * shown["per_s"], 1)}


def _accept(house: House, market: Market, day: date, clients: int) -> Call:
    """
    Accept one waiting bid of each shipment, by the owner of its trip; its others end with it.

    An owner sees which bids still wait: to accept those that have ended would count refusals.
    """
    members = {one.party_id: one.member_id for one in market.producers}
    query = (
        select(bid.c.id, bid.c.shipment_id, trip.c.owner_id)
        .join(trip, trip.c.id == bid.c.trip_id)
        .where(bid.c.state == "open", trip.c.day == day)
    )
    with house.desk.store.view() as view:
        rows = list(view.connection.execute(query))
    Random(SEED).shuffle(rows)
    of_each = {row.shipment_id: (row.id, members[row.owner_id]) for row in rows}
    waiting = list(of_each.values())

    def call(connection: http.client.HTTPConnection, client: int, at: int) -> int:
        number = client + at * clients
        if number >= len(waiting):
            return 0
        bid_id, member_id = waiting[number]
        return _posted(connection, f"/api/v1/bids/{bid_id}/accept", member_id, {}, f"accept-{number}")

    return call


def _posted(
    connection: http.client.HTTPConnection, path: str, member_id: str, wish: Mapping[str, Any], key: str
) -> int:
    headers = {"Authorization": f"Bearer {member_id}", "Content-Type": "application/json"}
    connection.request("POST", path, json.dumps(wish), headers | ({"Idempotency-Key": key} if key else {}))
    return drained(connection)


def clear_a_day(house: House, market: Market, day: date, count: int) -> dict[str, Any]:
    """Clear a day with so many bids, as the job of an operator: what is chosen is taken."""
    placed = 0
    for member_id, shipment_id, trip_id in _bids(house, market, day, -(-count // 2)):
        if placed == count:
            break
        placed += _placed(house, market, member_id, shipment_id, trip_id)
    members: list[tuple[str, str]] = []
    house.desk.store.change(lambda tx: members.append(a_party(tx, "Operator", Role.OPERATOR)))
    member_id, party_id = members[0]
    operator = Actor(member_id, {party_id: Role.OPERATOR})
    ask_clear_day(house.desk, operator, Ask(member_id, "clear", ""), day, take=True)
    desk = replace(house.desk, takes_for_owners=True)
    began = perf_counter()
    while work_once(desk):
        pass
    seconds = perf_counter() - began
    with house.desk.store.view() as view:
        taken = view.connection.execute(_ACCEPTED, {"its_day": day}).scalar_one()
    return {"bids": placed, "seconds": round(seconds, 2), "taken": taken}


def _placed(house: House, market: Market, member_id: str, shipment_id: str, trip_id: str) -> bool:
    party_id = next(one.party_id for one in market.producers if one.member_id == member_id)
    who = Actor(member_id, {party_id: Role.PRODUCER})
    try:
        ask = Ask(member_id, f"{shipment_id}-{trip_id}", "")
        place_bid(house.desk, who, ask, trip_id, shipment_id, MOST_CENTS)
    except Refusal:
        return False
    return True
