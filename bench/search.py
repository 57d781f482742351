"""
The search beside VROOM, PyVRP and OR-Tools: published problems, and pooled days on real roads.

One thread each, in CPU seconds; each run in a process of its own, which ends with its time. Results are
kept in a file, and what stands there is not run again.

    python -m bench.search --quick --json
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from bench.search_asked import Asked, Bench, say
from bench.search_pooled import REGIONS
from bench.search_runs import SOLVERS, Results
from bench.search_tables import tables
from bench.timing import ONE_THREAD

PARTS = ("pdptw", "pooled", "insertion", "many")
QUICK_JOBS = 2
T = TypeVar("T")


def main(
    quick: Annotated[bool, typer.Option("--quick", help="A few small runs: within a minute.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="End with one JSON object.")] = False,
    part: Annotated[str, typer.Option(help="Some of pdptw,pooled,insertion,many, or all.")] = "all",
    solver: Annotated[str, typer.Option(help="Some of ours,vroom,pyvrp,ortools.")] = ",".join(SOLVERS),
    seconds: Annotated[str, typer.Option(help="CPU seconds of each run, such as 10,60.")] = "",
    seeds: Annotated[str, typer.Option(help="Seeds, such as 1,2,3.")] = "",
    sets: Annotated[str, typer.Option("--set", help="Some of ll100,ll200,sb100,sb400,named.")] = "",
    instances: Annotated[str, typer.Option(help="A folder of problems with a best_known.csv.")] = "",
    sizes: Annotated[str, typer.Option(help="Shipments of the pooled days, such as 150,500,2000.")] = "",
    region: Annotated[str, typer.Option(help="Regions of the pooled days.")] = ",".join(REGIONS),
    results: Annotated[str, typer.Option(help="The file that keeps the results.")] = "out/search.jsonl",
    cache: Annotated[str, typer.Option(help="The folder of the days' places.")] = "out/days",
    jobs: Annotated[int, typer.Option(help="So many runs side by side; CPU seconds stay theirs.")] = 1,
    fresh: Annotated[bool, typer.Option("--fresh", help="Run again what the file holds.")] = False,
) -> None:
    """Run what is asked and not known yet, and print the figures."""
    os.environ.update(ONE_THREAD)
    unknown = set(_words(solver)) - set(SOLVERS)
    if unknown:
        raise typer.BadParameter(f"There is no solver {', '.join(sorted(unknown))}.")
    asked = Asked(
        solvers=_words(solver),
        seconds=_numbers(seconds, float),
        seeds=_numbers(seeds, int),
        sets=_words(sets),
        instances=Path(instances) if instances else None,
        sizes=tuple(map(int, _words(sizes))),
        regions=_words(region),
        jobs=max(jobs, QUICK_JOBS) if quick else jobs,
        fresh=fresh,
    )
    bench = Bench(asked, Results(None if quick else Path(results)), Path(cache))
    found: dict[str, Any] = {"pdptw": {}, "pooled": {}}
    for name in _parts(part, instances):
        found[name] = bench.quick(name) if quick else bench.full(name)
    for line in tables(found):
        say(line)
    _tell_of_all(found, asked.solvers)
    if as_json:
        print(json.dumps(found))


def _numbers(listed: str, kind: Callable[[str], T]) -> tuple[T, ...]:
    try:
        return tuple(map(kind, _words(listed)))
    except ValueError as error:
        raise typer.BadParameter(f"{listed} holds what is no number.") from error


def _parts(part: str, instances: str) -> tuple[str, ...]:
    """Return the parts to run: of a folder of problems, only these problems."""
    if part == "all":
        return ("pdptw",) if instances else PARTS
    unknown = set(_words(part)) - set(PARTS)
    if unknown:
        raise typer.BadParameter(f"There is no part {', '.join(sorted(unknown))}.")
    return _words(part)


def _tell_of_all(found: dict[str, Any], solvers: tuple[str, ...]) -> None:
    """Say ``None`` of a solver that was asked for and is not installed."""
    for name in ("pdptw", "pooled"):
        for by_seconds in found[name].values():
            for by_solver in by_seconds.values():
                for solver in solvers:
                    by_solver.setdefault(solver, None)


def _words(listed: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in listed.split(",") if word.strip())


if __name__ == "__main__":
    typer.run(main)
