"""The figures of the search as tables in Markdown, as they stand in docs/benchmarks.md."""

from collections.abc import Iterator
from typing import Any

from bench.roads_tables import Row, table

PDPTW = (
    "vehicles_met_share",
    "vehicles_over_mean",
    "cost_gap_mean_pct",
    "within_one",
    "best_met",
    "answered",
)


def tables(result: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of every table for which there are figures."""
    if result.get("pdptw"):
        yield from table(_pdptw(result["pdptw"]))
    if result.get("pooled"):
        yield from table(_pooled(result["pooled"]))
    for part in ("insertion", "many"):
        if result.get(part):
            yield from table([[part, *result[part]], ["", *result[part].values()]])


def _pdptw(sets: dict[str, Any]) -> Iterator[Row]:
    yield (
        "set",
        "CPU s",
        "solver",
        "problems",
        "best known vehicles, share",
        "vehicles above, mean",
        "cost gap %",
        "within one vehicle",
        "best known cost",
        "answered",
    )
    for name, by_seconds in sets.items():
        for seconds in sorted(by_seconds, key=float):
            for solver, told in by_seconds[seconds].items():
                yield name, seconds, solver, told["instances"], *(told[key] for key in PDPTW)


def _pooled(sizes: dict[str, Any]) -> Iterator[Row]:
    yield "shipments", "CPU s", "solver", "cost €", "served", "cost € after our mending", "served"
    for size in sorted(sizes, key=int):
        for seconds in sorted(sizes[size], key=float):
            for solver, told in sizes[size][seconds].items():
                euros, mended = (_euros(told[key]) for key in ("cost", "mended_cost"))
                yield size, seconds, solver, euros, told["served"], mended, told["mended_served"]


def _euros(cents: int | None) -> int | None:
    return None if cents is None else round(cents / 100)
