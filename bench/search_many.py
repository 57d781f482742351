"""
Five thousand shipments planned from nothing by our own solver, on two processes: seconds and memory.

    python -m bench.search_many out/days/midi_pyrenees.npz 5000 300
"""

import inspect
import json
import os
import resource
import sys
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import Any

from bench.search_days import Size, read_day
from routing.check import check
from routing.cost import plan_cents
from routing.insertion import empty_plan
from routing.plan import Plan
from routing.problem import Problem
from routing.solve import solve

PROCESSES = 2
WATCH_S = 0.5


def measure(file: Path, shipments: int, seconds: float) -> dict[str, Any]:
    """Plan the day within the time; memory is that of this process and all below it, at its most."""
    problem = read_day(file, Size(shipments))
    begun_s = monotonic()
    done, peak = Event(), [0.0]
    watch = Thread(target=_watch, args=(done, peak), daemon=True)
    watch.start()
    plan = planned(problem, seconds)
    spent_s = monotonic() - begun_s
    done.set()
    watch.join()
    return {
        "shipments": shipments,
        "asked_s": seconds,
        "wall_s": round(spent_s, 1),
        "peak_mb": round(max(peak[0], resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)),
        "cost": plan_cents(problem, plan),
        "served": len(plan.served),
        "violations": len(check(problem, plan)),
    }


def planned(problem: Problem, seconds: float) -> Plan:
    """Plan from nothing: where the solver takes no empty start, from the announced trips alone."""
    words: dict[str, Any] = {"deadline_s": seconds}
    known = inspect.signature(solve).parameters
    if "processes" in known:
        words["processes"] = PROCESSES
    if known["start"].default is inspect.Parameter.empty:
        words["start"] = empty_plan(problem)
    return solve(problem, **words).plan


def _watch(done: Event, peak: list[float]) -> None:
    while not done.wait(WATCH_S):
        peak[0] = max(peak[0], sum(_resident_mb(pid) for pid in _family(os.getpid())))


def _family(pid: int) -> list[int]:
    """Return this process and all below it."""
    family = [pid]
    for one in family:
        for children in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                family += [int(word) for word in children.read_text(encoding="ascii").split()]
            except OSError:
                continue  # It ended while we looked.
    return family


def _resident_mb(pid: int) -> float:
    """Return what a process holds, its share of what it has in common with others counted once."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0.0
    line = next((line for line in text.splitlines() if line.startswith("Pss:")), "Pss: 0 kB")
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))))
