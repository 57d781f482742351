"""
Runs and their results: each run in a process of its own, each result a line of a file.

A result is found again by what was run, not by the commit: solver and its version, problem, seconds, seed.
"""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryFile
from threading import Lock
from typing import Any

from bench.search_clock import Orders
from bench.timing import ONE_THREAD
from routing.task import Kind, Task

HOUSE = Path(__file__).parents[1]
SOLVERS = ("ours", "vroom", "pyvrp", "ortools")
PACKAGES = {"vroom": "pyvroom", "pyvrp": "pyvrp", "ortools": "ortools"}
SEEDLESS = ("ortools",)
"""The same seconds give it the same answer whatever the seed: it is run once."""

WALL_FACTOR, PREPARING_S = 20, 300
"""A process that computes nothing, or not in its share of the machine, is ended by the wall clock."""

KINDS: dict[str, Kind] = {"a": "announced", "p": "pickup", "d": "drop"}
Row = dict[str, Any]


@dataclass(frozen=True)
class Run:
    """Hold what is run; ``digest`` tells problems of one name apart."""

    part: str
    problem: str
    digest: str
    solver: str
    version: str
    seconds: float
    seed: int

    @property
    def key(self) -> tuple[object, ...]:
        return tuple(asdict(self).values())


@dataclass(frozen=True)
class Answer:
    """Hold an answer, and the CPU seconds after which it was handed over."""

    cpu_s: float
    orders: Orders


class Results:
    """Hold the results that a file keeps; of two for the same run the later one holds."""

    def __init__(self, path: Path | None) -> None:
        self._path, self._lock = path, Lock()
        self._rows: dict[tuple[object, ...], Row] = {}
        if path is not None and path.exists():
            for line in path.read_text(encoding="utf-8").splitlines():
                row = json.loads(line)
                self._rows[tuple(row[name] for name in Run.__dataclass_fields__)] = row

    def of(self, run: Run) -> Row | None:
        return self._rows.get(run.key)

    def keep(self, run: Run, found: Row) -> Row:
        row = asdict(run) | found
        with self._lock:
            self._rows[run.key] = row
            if self._path is not None:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                with self._path.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(row) + "\n")
        return row


def version_of(solver: str) -> str | None:
    """Return what of a solver is installed here, ``None`` where nothing is."""
    if solver == "ours":
        return "carriole" if find_spec("routing.search") else "carriole, insertion only"
    try:
        return f"{PACKAGES[solver]} {version(PACKAGES[solver])}"
    except PackageNotFoundError:
        return None


def seeds_of(solver: str, seeds: Iterable[int]) -> tuple[int, ...]:
    given = tuple(seeds)
    return given[:1] if solver in SEEDLESS else given


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]


def answers(run: Run, problem: dict[str, Any]) -> tuple[list[Answer], Row]:
    """Have a problem solved in a process of its own; returns its answers in time, and what else is known."""
    spec = {**problem, "solver": run.solver, "seconds": run.seconds, "seed": run.seed}
    words = [sys.executable, "-W", "ignore", "-m", "bench.search_child", json.dumps(spec)]
    with TemporaryFile() as told, TemporaryFile() as said:
        process = subprocess.Popen(
            words, cwd=HOUSE, stdout=told, stderr=said, env={**os.environ, **ONE_THREAD}
        )
        try:
            process.wait(WALL_FACTOR * run.seconds + PREPARING_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        told.seek(0)
        said.seek(0)
        lines = told.read().decode().split("\n")[:-1]
        last = said.read().decode(errors="replace").strip().splitlines()[-1:]
    found = [_answer(line) for line in lines]
    return found, {"ended": process.returncode, "answers": len(found), **({"said": last[0]} if last else {})}


def _answer(line: str) -> Answer:
    row = json.loads(line)
    orders = {
        vehicle: tuple(Task(KINDS[word[0]], word[1:]) for word in words)
        for vehicle, words in row["orders"].items()
    }
    return Answer(row["cpu_s"], orders)
