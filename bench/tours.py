"""
Tours that grow: sign-ups on a proposed tour of a real region, up to forty stops, each timed and judged.

After every joining and leaving all who are aboard are read again: whose share rose, whose told hours no
longer hold, whether the plan stands before the checker, whether shares and gap are the cost.

    python -m bench.tours --quick --json
"""

import json
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Annotated, Any

import typer
from sqlalchemy import Row

from api.house import House
from bench.tours_town import (
    SEED,
    Circuit,
    Farm,
    build_circuit,
    enter_crates,
    on_day,
    propose,
    take_back,
)
from bench.town import house_in
from geodata.refusal import Refusal
from pooling.desk.tours.sign_ups import join_tour, leave_tour
from pooling.desk.tours.tour_planning import plan_tour
from pooling.desk.tours.tour_standing import place_standing, standing_of
from pooling.desk.tours.tour_world import tour_world
from pooling.store import Ask, Page, Tx
from pooling.store.proposals import stops_planned
from pooling.store.tours import find_sign_up, find_tour, sign_ups_aboard
from pooling.tours.newcomer import EACH_PAYS_ITS_WAY
from routing.check import check

SEEDING = "bench.tours_seeding"
"""Measures the seeding where it is there: ``measure(quick)`` returns its figures."""

LEAVES_EVERY = 6
"""After so many sign-ups somebody leaves."""

LATE = 5
FULL_SHARE = 0.9
"""A tour counts as full grown from this share of its stops on."""


@dataclass(frozen=True)
class Size:
    """Hold how far a tour grows, and how many do."""

    tours: int
    stops: int
    farms: int
    shops: int
    tries: int
    search_s: float


FULL = Size(tours=3, stops=40, farms=60, shops=30, tries=120, search_s=4.0)
QUICK = Size(tours=1, stops=40, farms=45, shops=25, tries=60, search_s=1.0)


@dataclass
class Judge:
    """Remember what everybody aboard was told, and count what was not kept."""

    house: House
    told: dict[str, Row[Any]] = field(default_factory=dict)
    price_rises: int = 0
    promises_broken: int = 0
    windows_s: list[int] = field(default_factory=list)

    def look(self, tour_id: str) -> int:
        """Read a tour again; returns how many stops it makes."""
        with self.house.desk.store.view() as view:
            row = find_tour(view, tour_id)
            aboard = {one.id: one for one in sign_ups_aboard(view, tour_id)}
            problem, plan = tour_world(self.house.desk, view, row).committed
            stands = standing_of(view, row)
            stops = stops_planned(view, row.plan_id)
        self.promises_broken += len(check(problem, plan)) + len(plan.unserved)
        paid_cents = stands.shares_cents + stands.gap_cents + stands.lacking_cents
        self.promises_broken += paid_cents != stands.cost_cents
        for one in aboard.values():
            self._judge(one)
        self.told |= aboard
        return stops

    def _judge(self, one: Row[Any]) -> None:
        before = self.told.get(one.id, one)
        if one.id not in self.told:
            self.windows_s.append(one.drop_until_at - one.drop_from_at)
        self.price_rises += one.share_cents > min(before.share_cents, one.joined_cents)
        hours = (
            (before.pickup_from_at, one.pickup_from_at, one.pickup_at),
            (one.pickup_at, one.pickup_until_at, before.pickup_until_at),
            (before.drop_from_at, one.drop_from_at, one.drop_at),
            (one.drop_at, one.drop_until_at, before.drop_until_at),
        )
        self.promises_broken += sum(list(three) != sorted(three) for three in hours)


@dataclass
class Worth:
    """Count what the tours came to at their cut-off: who rides, at what cost, and what that spares them."""

    confirmed: int = 0
    riding: int = 0
    cost_cents: int = 0
    saved_cents: int = 0

    def add(self, house: House, tour_id: str, result: dict[str, Any]) -> None:
        if result["state"] != "confirmed":
            return
        with house.desk.store.view() as view:
            aboard = sign_ups_aboard(view, tour_id)
        self.confirmed += 1
        self.riding += len(aboard)
        self.cost_cents += result["cost_cents"]
        self.saved_cents += sum(one.alone_cents - one.share_cents for one in aboard)


@dataclass
class Clock:
    """Hold seconds on the wall and of the processor by what was asked, and refusals by their code."""

    asked: list[tuple[str, float, int]] = field(default_factory=list)
    processor: list[tuple[str, float, int]] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)

    def timed(self, kind: str, stops: int, do: Callable[[], str]) -> str:
        """Do one change; returns its id, empty where it was refused."""
        begun_s, spent_s = perf_counter(), process_time()
        try:
            return do()
        except Refusal as refusal:
            self.refused[refusal.code] += 1
            return ""
        finally:
            self.asked.append((kind, perf_counter() - begun_s, stops))
            self.processor.append((kind, process_time() - spent_s, stops))

    def seconds(self, *, kinds: tuple[str, ...] = (), stops_from: int = 0) -> list[float]:
        of_these = (one for one in self.asked if (not kinds or one[0] in kinds) and one[2] >= stops_from)
        return sorted(spent_s for _, spent_s, _ in of_these)


def main(
    quick: Annotated[bool, typer.Option("--quick", help="One tour: within a minute.")] = False,
    tours: Annotated[int, typer.Option("--tours", help="So many tours instead.")] = 0,
    seed: Annotated[int, typer.Option("--seed", help="Another circuit.")] = SEED,
    each_pays: Annotated[
        bool, typer.Option("--each-pays/--once-paid", help="Each newcomer pays its way.")
    ] = EACH_PAYS_ITS_WAY,
    as_json: Annotated[bool, typer.Option("--json", help="End with one JSON object.")] = False,
) -> None:
    """Let tours grow, and print what held."""
    size = QUICK if quick else FULL
    size = replace(size, tours=tours or size.tours)
    with TemporaryDirectory(prefix="carriole-tours-") as folder:
        told = {"DATABASE_URL": f"sqlite:///{folder}/tours.db", "CARRIOLE_WORKERS": "0"}
        house = house_in(Path(folder), **told)
        try:
            found = grown(house, size, seed, each_pays=each_pays)
        finally:
            house.close()
    found["seeding"] = _seeding(quick)
    for name, figure in found.items():
        print(f"{name}: {figure}", file=sys.stderr, flush=True)
    if as_json:
        print(json.dumps(found))


def grown(house: House, size: Size, seed: int, *, each_pays: bool) -> dict[str, Any]:
    """
    Let so many tours grow, plan each, and let a few late shipments ride.

    One sign-up before loads what is compiled; it is not counted.
    """
    circuit, random = build_circuit(house, size.farms, size.shops, seed), Random(seed)
    judge, clock = Judge(house), Clock()
    first = propose(house, circuit)
    _sign_up(house, circuit, circuit.farms[0], first, 0, random, Clock(), "first")
    most, worth = 0, Worth()
    for number in range(size.tours):
        of_day = on_day(house, circuit, number + 1)
        tour_id = propose(house, of_day, each_pays_its_way=each_pays)
        most = max(most, _grow(house, of_day, tour_id, size, random, judge, clock))
        result = plan_tour(house.desk, tour_id, Waiting(), search_s=size.search_s)
        stops = judge.look(tour_id)
        worth.add(house, tour_id, result)
        for _ in range(LATE):
            _sign_up(house, of_day, random.choice(circuit.farms), tour_id, stops, random, clock, "late")
            stops = judge.look(tour_id)
    return _figures(clock, judge, size) | {"stops": most, "tours": size.tours} | vars(worth)


class Waiting:
    """Wait for a planning as a worker does that nobody stops."""

    def __call__(self, step: str, share: float) -> None:
        pass

    def fence(self, tx: Tx) -> None:
        pass


def _grow(
    house: House, circuit: Circuit, tour_id: str, size: Size, random: Random, judge: Judge, clock: Clock
) -> int:
    aboard: list[tuple[str, Farm]] = []
    stops = most = 0
    for number in range(size.tries):
        if stops >= size.stops:
            break
        farm = circuit.farms[number % len(circuit.farms)]
        sign_up_id = _sign_up(house, circuit, farm, tour_id, stops, random, clock, "join")
        if sign_up_id:
            aboard.append((sign_up_id, farm))
        if aboard and number % LEAVES_EVERY == LEAVES_EVERY - 1:
            _leave(house, clock, stops, *aboard.pop(random.randrange(len(aboard))))
        stops = judge.look(tour_id)
        most = max(most, stops)
    return most


def _leave(house: House, clock: Clock, stops: int, sign_up_id: str, farm: Farm) -> None:
    ask = Ask(farm.member_id, f"leave-{sign_up_id}", "")
    clock.timed("leave", stops, lambda: leave_tour(house.desk, farm.actor, ask, sign_up_id))
    with house.desk.store.view() as view:
        shipment_id = find_sign_up(view, sign_up_id).shipment_id
    take_back(house, shipment_id)


def _sign_up(
    house: House,
    circuit: Circuit,
    farm: Farm,
    tour_id: str,
    stops: int,
    random: Random,
    clock: Clock,
    kind: str,
) -> str:
    """Join with fresh crates, and read the hours and the share as the answer shows them."""
    shipment_id = enter_crates(house, circuit, farm, random)
    ask = Ask(farm.member_id, f"join-{shipment_id}", "")

    def do() -> str:
        sign_up_id = join_tour(house.desk, farm.actor, ask, tour_id, shipment_id)
        with house.desk.store.view() as view:
            place_standing(view, farm.actor, sign_up_id, Page())
        return sign_up_id

    sign_up_id = clock.timed(kind, stops, do)
    if not sign_up_id:
        take_back(house, shipment_id)
    return sign_up_id


def _figures(clock: Clock, judge: Judge, size: Size) -> dict[str, Any]:
    replans = clock.seconds()
    grown_from = round(FULL_SHARE * size.stops)
    grown_up = clock.seconds(kinds=("join", "late"), stops_from=grown_from)
    return {
        "signups": len(clock.seconds(kinds=("join", "late"))) - sum(clock.refused.values()),
        "leavings": len(clock.seconds(kinds=("leave",))),
        "refused": dict(clock.refused),
        "replan_p50_s": _at(replans, 0.5),
        "replan_p99_s": _at(replans, 0.99),
        "grown_p50_s": _at(grown_up, 0.5),
        "grown_most_s": _at(grown_up, 1.0),
        "grown_processor_most_s": _at(sorted(one[1] for one in clock.processor if one[2] >= grown_from), 1.0),
        "price_rises": judge.price_rises,
        "promises_broken": judge.promises_broken,
        "told_hours_mean": round(sum(judge.windows_s) / 3600 / max(1, len(judge.windows_s)), 1),
    }


def _at(seconds: list[float], share: float) -> float | None:
    """Return the seconds that such a share of answers did not pass."""
    return round(seconds[min(len(seconds) - 1, int(share * len(seconds)))], 3) if seconds else None


def _seeding(quick: bool) -> Mapping[str, Any] | None:
    """Measure the seeding of tours from flows, where that part is there."""
    if find_spec(SEEDING) is None:
        return None
    found: Mapping[str, Any] = import_module(SEEDING).measure(quick)
    return found


if __name__ == "__main__":
    typer.run(main)
