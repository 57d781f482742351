"""Published problems: what counts is the score in doubles, from the published file."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import mean
from typing import Any

from bench.pdptw_check import Published, score
from bench.search_runs import Answer, Results, Row, Run, answers, digest_of, seeds_of
from bench.search_sets import Case, Sets
from routing.instance_files import read_instance
from routing.instances import Instance, node_routes

TOLD_VIOLATIONS = 3
SAME_COST = 1e-5
"""A cost that differs by a smaller share is the same: best known ones are rounded."""


@dataclass(frozen=True)
class Ask:
    """Hold what is asked for: solvers that are installed, with their versions; seconds; seeds."""

    solvers: dict[str, str]
    seconds: tuple[float, ...]
    seeds: tuple[int, ...]
    fresh: bool = False


def runs_of(cases: Iterable[Case], ask: Ask) -> Iterator[tuple[Run, Case]]:
    """Yield every run, short ones first, all solvers of a problem one after another."""
    for seconds in ask.seconds:
        for case in cases:
            digest = digest_of(case.path.read_bytes())
            for solver, version in ask.solvers.items():
                for seed in seeds_of(solver, ask.seeds):
                    yield Run("pdptw", case.name, digest, solver, version, seconds, seed), case


def run_case(run: Run, case: Case, results: Results, *, fresh: bool = False) -> Row:
    """Return the result of a run, from the file where it is there."""
    kept = None if fresh else results.of(run)
    if kept is not None:
        return kept
    found, told = answers(run, {"instance": str(case.path.resolve())})
    return results.keep(run, judged(case, read_instance(case.path), found) | told)


def judged(case: Case, instance: Instance, found: Sequence[Answer]) -> Row:
    """Score every answer and keep the best good one; where none is, tell what the last one breaks."""
    published = Published(case.path.read_text(encoding="utf-8"))
    row: Row = {"vehicles": None, "cost": None}
    for answer in found:
        routes = node_routes(instance, answer.orders)
        scored = score(published, routes)
        if scored.violations:
            if row["vehicles"] is None:
                row["violations"] = scored.violations[:TOLD_VIOLATIONS]
        elif row["vehicles"] is None or (scored.vehicles, scored.cost) < (row["vehicles"], row["cost"]):
            row = {
                "vehicles": scored.vehicles,
                "cost": round(scored.cost, 4),
                "cpu_s": answer.cpu_s,
                "routes": routes,
            }
    return row


def figures(sets: Sets, rows: Iterable[Row]) -> dict[str, Any]:
    """Return the figures by set, seconds and solver; of several seeds the middle result counts."""
    by_run: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        by_run.setdefault((row["problem"], f"{row['seconds']:g}", row["solver"]), []).append(row)
    found: dict[str, Any] = {}
    for name, cases in sets.items():
        for seconds, solver in dict.fromkeys((one[1], one[2]) for one in by_run):
            middles = [
                (case, middle(by_run[case.name, seconds, solver]))
                for case in cases
                if (case.name, seconds, solver) in by_run
            ]
            if middles:
                found.setdefault(name, {}).setdefault(seconds, {})[solver] = _figures(middles)
    return found


def middle(rows: Sequence[Row]) -> Row:
    """Return the median by vehicles, then cost; no answer is worse than any, and of two the worse counts."""
    ordered = sorted(rows, key=lambda row: (row["vehicles"] is None, row["vehicles"] or 0, row["cost"] or 0))
    return ordered[len(ordered) // 2]


def _figures(middles: Sequence[tuple[Case, Row]]) -> dict[str, Any]:
    answered = [(case, row) for case, row in middles if row["vehicles"] is not None]
    over = [row["vehicles"] - case.vehicles for case, row in answered]
    gaps = [100 * (row["cost"] / case.cost - 1) for case, row in answered if row["vehicles"] == case.vehicles]
    return {
        "vehicles_met_share": round(sum(one <= 0 for one in over) / len(middles), 4),
        "vehicles_over_mean": round(mean(over), 4) if over else None,
        "cost_gap_mean_pct": round(mean(gaps), 4) if gaps else None,
        "instances": len(middles),
        "answered": len(answered),
        "within_one": sum(one <= 1 for one in over),
        "best_met": sum(gap <= 100 * SAME_COST for gap in gaps),
    }
