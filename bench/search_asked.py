"""What a call of the benchmark asks for, turned into runs; where nothing is said, those of the aims."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench.search_pdptw import Ask, figures, run_case, runs_of
from bench.search_pooled import REGIONS, SIZES, Day, NoMap, day_of, run_day
from bench.search_pooled import figures as pooled_figures
from bench.search_pooled import runs_of as pooled_runs
from bench.search_runs import HOUSE, Results, Row, version_of
from bench.search_sets import NAMED, NoInstances, Sets, of_folder, published

AIMS = ((("ll100", "sb100"), 10.0, (1,)), (("named",), 60.0, (1, 2, 3)))
"""All of the small sets at 10 s, and the sixteen at 60 s, of three seeds the middle one."""

POOLED_SECONDS = (1.0, 10.0, 60.0)
QUICK_SIZE, QUICK_S = 150, 1.0
MANY, MANY_S = 5_000, 300
CHILD_LIMIT_S = 1_800


@dataclass(frozen=True)
class Asked:
    """Hold the options of a call; what is empty was not said."""

    solvers: tuple[str, ...]
    seconds: tuple[float, ...] = ()
    seeds: tuple[int, ...] = ()
    sets: tuple[str, ...] = ()
    instances: Path | None = None
    sizes: tuple[int, ...] = ()
    regions: tuple[str, ...] = REGIONS
    jobs: int = 1
    fresh: bool = False


class Bench:
    """Run what is asked, part by part; what is skipped is said."""

    def __init__(self, asked: Asked, results: Results, cache: Path) -> None:
        self.asked, self.results, self.cache = asked, results, cache
        self.solvers = {name: version for name in asked.solvers if (version := version_of(name))}
        for name in asked.solvers:
            if name not in self.solvers:
                say(f"without {name}: it is not installed here (make bench)")

    def full(self, part: str) -> dict[str, Any]:
        """Run a part as it was asked for."""
        if part == "pdptw":
            return self._pdptw()
        if part == "pooled":
            days = [(region, size) for size in self.asked.sizes or SIZES for region in self.asked.regions]
            return self._pooled(days, self._ask(POOLED_SECONDS, (1,)))
        if part == "insertion":
            return self._child("search_insertion", "tarn")
        if part == "many":
            return self._child("search_many", "midi_pyrenees", MANY, MANY_S)
        raise ValueError(f"There is no part {part}.")

    def quick(self, part: str) -> dict[str, Any]:
        """Run a small piece of a part; five thousand shipments have none."""
        ask = replace(self._ask((QUICK_S,), (1,)), seconds=(QUICK_S,))
        if part == "pdptw":
            sets = {"quick": self._sets()["quick"]} if self.asked.instances is None else self._sets()
            return self._cases(sets, ask)
        if part == "pooled":
            return self._pooled([("tarn", QUICK_SIZE)], ask)
        return {} if part == "many" else self.full(part)

    def _ask(self, seconds: tuple[float, ...], seeds: tuple[int, ...]) -> Ask:
        asked = self.asked
        return Ask(self.solvers, asked.seconds or seconds, asked.seeds or seeds, asked.fresh)

    def _sets(self) -> Sets:
        try:
            if self.asked.instances is not None:
                return of_folder(self.asked.instances)
            return published(Path(os.environ.get("CARRIOLE_DATA", "no such folder")) / "pdptw")
        except NoInstances as missing:
            say(f"without published problems: {missing}")
            return {"quick": ()}

    def _pdptw(self) -> dict[str, Any]:
        sets, asked = self._sets(), self.asked
        if asked.instances is not None:
            chosen = {name: sets[name] for name in asked.sets or sets}
            return self._cases(chosen, self._ask((10.0,), (1,)))
        found: dict[str, Any] = {}
        for names, seconds, seeds in ((asked.sets, 10.0, (1,)),) if asked.sets else AIMS:
            chosen = {name: sets[name] for name in names if name in sets}
            for name, by_seconds in self._cases(chosen, self._ask((seconds,), seeds)).items():
                found.setdefault(name, {}).update(by_seconds)
        return found

    def _cases(self, sets: Sets, ask: Ask) -> dict[str, Any]:
        rows: list[Row] = []
        cases = {case.name: case for cases in sets.values() for case in cases}
        with ThreadPoolExecutor(self.asked.jobs) as pool:
            runs = list(runs_of(cases.values(), ask))
            told = pool.map(lambda one: run_case(*one, self.results, fresh=ask.fresh), runs)
            for (_, case), row in zip(runs, told, strict=True):
                rows.append(row)
                best = f"best {case.vehicles}, {case.cost}"
                _say_run(row, f"{row['vehicles']} vehicles, {row['cost']}; {best}")
        return figures(_with_families(sets), rows)

    def _pooled(self, wanted: Iterable[tuple[str, int]], ask: Ask) -> dict[str, Any]:
        days: list[Day] = []
        for region, size in wanted:
            try:
                days.append(day_of(region, size, self.cache))
            except NoMap as missing:
                say(f"without {region}: {missing}")
        rows: list[Row] = []
        with ThreadPoolExecutor(self.asked.jobs) as pool:
            told = pool.map(lambda one: run_day(*one, self.results, fresh=ask.fresh), pooled_runs(days, ask))
            for row in told:
                rows.append(row)
                _say_run(row, f"{row['cost']} cents, {row['served']} served; mended {row['mended_cost']}")
        return pooled_figures(rows)

    def _child(self, module: str, region: str, *words: object) -> dict[str, Any]:
        try:
            places = day_of(region, QUICK_SIZE, self.cache).places
        except NoMap as missing:
            say(f"without {region}: {missing}")
            return {}
        line = [sys.executable, "-m", f"bench.{module}", str(places.resolve()), *map(str, words)]
        done = subprocess.run(line, cwd=HOUSE, capture_output=True, text=True, timeout=CHILD_LIMIT_S)
        if done.returncode:
            say(f"failed: {done.stderr.strip().splitlines()[-1:]}")
            return {}
        told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        say(f"{module}: {told}")
        return told


def _with_families(sets: Sets) -> Sets:
    """Add the four of each set to the sixteen that have a name."""
    if "named" not in sets:
        return sets
    families = {
        f"named_{family}": tuple(case for case in sets["named"] if case.name in names)
        for family, names in NAMED.items()
    }
    return sets | families


def _say_run(row: Row, result: str) -> None:
    run = f"{row['problem']} {row['seconds']:g} s, seed {row['seed']}, {row['solver']}"
    say(f"{run}: {result}{' – ' + str(row['said']) if row.get('said') else ''}")


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
