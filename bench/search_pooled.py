"""
Pooled days: the whole cost of each solver's plan, routes and the prices of what is left behind.

Every answer is scheduled alike, and what breaks a rule is put out; nothing is put in. Beside it stands
the cost after our own mending, which puts out what does not pay and offers the rest every slot: so much
of the distance to a solver is that it does not weigh prices, or could not be told a rule.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

from bench.search_days import Size, read_day
from bench.search_legal import legal_plan
from bench.search_pdptw import Ask
from bench.search_places import make_places
from bench.search_runs import Answer, Results, Row, Run, answers, digest_of, seeds_of
from routing.check import check
from routing.cost import plan_cents
from routing.mending import mended
from routing.plan import Plan
from routing.problem import Problem

REGIONS = ("tarn", "midi_pyrenees")
SIZES = (150, 500, 2_000)
MENDING_S = 20.0
JUDGED_ANSWERS = 6
"""Of the last so many answers of a run the cheapest counts: what a solver holds for better may not be."""


@dataclass(frozen=True)
class Day:
    """Hold which day is planned: its region's file of places, its size, its seed."""

    region: str
    places: Path
    shipments: int
    seed: int = 1

    @property
    def name(self) -> str:
        return f"{self.region}-{self.shipments}-{self.seed}"

    @property
    def words(self) -> dict[str, Any]:
        return {"places": str(self.places.resolve()), "shipments": self.shipments, "day": self.seed}

    def problem(self) -> Problem:
        return read_day(self.places, Size(self.shipments), self.seed)

    def content(self) -> bytes:
        """Return what makes this day another than before; a new field that the day does not use does not."""
        day = self.problem()
        visits = [visit for one in day.requests for visit in (one.pickup, one.drop)]
        visits += [stop.visit for van in day.vehicles for stop in van.announced]
        told = [
            [(one.load, one.prize_cents) for one in day.requests],
            [(v.start, v.end, v.capacity, v.initial_load, v.longest_m, v.fixed_cents) for v in day.vehicles],
            [(v.cents_per_km, v.cents_per_hour, vars(v.shift)) for v in day.vehicles],
            [(v.place, v.service_s, v.setup_s, [vars(one) for one in v.windows]) for v in visits],
        ]
        return repr(told).encode() + day.matrix.durations_s.tobytes() + day.matrix.distances_m.tobytes()


class NoMap(Exception):  # noqa: N818 - a fact about this machine
    """Tell which map is not at hand."""


def day_of(region: str, shipments: int, cache: Path) -> Day:
    """Return a day; the places of its region are made where the cache does not hold them yet."""
    file = cache / f"{region}.npz"
    if not file.exists():
        source = Path(os.environ.get("CARRIOLE_DATA", "")) / "roads" / region / f"{region}.osm.pbf"
        if not source.is_file():
            raise NoMap(f"let CARRIOLE_DATA name the folder of roads/{region}/{region}.osm.pbf")
        make_places(region, source, file)
    return Day(region, file, shipments)


def runs_of(days: Iterable[Day], ask: Ask) -> Iterator[tuple[Run, Day]]:
    """Yield every run, short ones first; one seed, since days differ more than seeds."""
    for seconds in ask.seconds:
        for day in days:
            digest = digest_of(day.content())
            for solver, version in ask.solvers.items():
                for seed in seeds_of(solver, ask.seeds):
                    yield Run("pooled", day.name, digest, solver, version, seconds, seed), day


def run_day(run: Run, day: Day, results: Results, *, fresh: bool = False) -> Row:
    """Return the result of a run, from the file where it is there."""
    kept = None if fresh else results.of(run)
    if kept is not None:
        return kept
    found, told = answers(run, day.words)
    return results.keep(run, judged(day.problem(), found) | told)


def judged(problem: Problem, found: Sequence[Answer]) -> Row:
    """Judge the last answers and keep the cheapest legal plan, and the cheapest after our mending."""
    row: Row = {"cost": None, "served": None, "mended_cost": None, "mended_served": None}
    for answer in found[-JUDGED_ANSWERS:]:
        plan = legal_plan(problem, answer.orders)
        ordered = sum(task.kind == "drop" for tasks in answer.orders.values() for task in tasks)
        _keep(row, "", problem, plan, {"cpu_s": answer.cpu_s, "put_out": ordered - len(plan.served)})
        until_s = monotonic() + MENDING_S
        _keep(
            row, "mended_", problem, mended(problem, plan, lambda until_s=until_s: monotonic() > until_s), {}
        )
    return row


def _keep(row: Row, prefix: str, problem: Problem, plan: Plan, more: Row) -> None:
    violations = check(problem, plan)
    if violations:
        row["violations"] = [f"{one.code} {one.subject}" for one in violations[:3]]
        return
    cents = plan_cents(problem, plan)
    if row[f"{prefix}cost"] is None or cents < row[f"{prefix}cost"]:
        row |= {f"{prefix}cost": cents, f"{prefix}served": len(plan.served), **more}


def figures(rows: Iterable[Row]) -> dict[str, Any]:
    """
    Return the figures by size, seconds and solver: added up over the regions that were run.

    ``cost`` is in cents, ``None`` where one of the days has no answer. Of seeds the middle one counts.
    """
    by_run: dict[tuple[str, str, str], dict[str, list[Row]]] = {}
    for row in rows:
        size = row["problem"].split("-")[1]
        key = (size, f"{row['seconds']:g}", row["solver"])
        by_run.setdefault(key, {}).setdefault(row["problem"], []).append(row)
    found: dict[str, Any] = {}
    for (size, seconds, solver), days in by_run.items():
        middles = [_middle(rows) for rows in days.values()]
        found.setdefault(size, {}).setdefault(seconds, {})[solver] = {
            name: _sum([row[name] for row in middles])
            for name in ("cost", "served", "mended_cost", "mended_served")
        } | {"days": {row["problem"]: row["cost"] for row in middles}}
    return found


def _middle(rows: Sequence[Row]) -> Row:
    return sorted(rows, key=lambda row: (row["cost"] is None, row["cost"] or 0))[len(rows) // 2]


def _sum(amounts: Sequence[int | None]) -> int | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if len(known) == len(amounts) else None
