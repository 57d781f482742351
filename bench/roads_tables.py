"""The figures of the roads as tables in Markdown, as they stand in docs/benchmarks.md."""

from collections.abc import Iterable, Iterator
from typing import Any

Row = Iterable[object]
ENGINES = ("ours", "ours_search", "osrm", "scipy", "networkx")


def tables(result: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of every table for which there are figures."""
    if result["regions"]:
        yield from table(_preparation(result["regions"]))
        yield from table(_matrices(result["matrix"]))
        yield from table(_queries(result))
    agreement = {name: told for name, told in result["agreement"].items() if isinstance(told, dict) and told}
    if agreement:
        yield from table(_agreement(agreement))
        for name, told in agreement.items():
            yield from (f"- {name}, {one.pop('kind')}: {one}" for one in map(dict, told["examples"]))
    if result.get("corridor"):
        yield from table([["corridor", *result["corridor"]], ["", *result["corridor"].values()]])


def _preparation(regions: dict[str, Any]) -> Iterator[Row]:
    yield (
        "region",
        "engine",
        "junctions",
        "arcs",
        "prepare s",
        "peak MB",
        "open ms",
        "first answer ms",
        "memory MB",
    )
    for name, ours in regions.items():
        for engine, told in (("ours", ours), ("OSRM", ours["osrm"]), ("networkx", ours["networkx"])):
            keys = ("junctions", "arcs", "build_s", "build_mb", "open_ms", "first_ms", "rss_mb")
            yield name, engine, *(told.get(key) for key in keys)


def _matrices(matrix: dict[str, Any]) -> Iterator[Row]:
    yield "region", "places", "ours s", "of it search s", "OSRM s", "SciPy s", "networkx s"
    for name, sizes in matrix.items():
        for size, told in sizes.items():
            yield name, size, *(told[f"{engine}_s"] for engine in ENGINES)


def _queries(result: dict[str, Any]) -> Iterator[Row]:
    yield "region", "snap ours ms", "snap OSRM ms", "route ours ms", "route OSRM ms"
    for name in result["snap"]:
        told = (
            result[kind][name][f"{engine}_ms"] for kind in ("snap", "route") for engine in ("ours", "osrm")
        )
        yield name, *told


def _agreement(agreement: dict[str, Any]) -> Iterator[Row]:
    yield "region", "pairs", "seconds median %", "p99 %", "metres median %", "p99 %", "above 5 %", "kinds"
    for name, told in agreement.items():
        figures = (told[kind][key] for kind in ("seconds", "metres") for key in ("median_pct", "p99_pct"))
        kinds = "; ".join(f"{kind}: {count}" for kind, count in told["kinds"].items())
        yield name, told["pairs"], *figures, told["above_5_pct"], kinds


def table(rows: Iterable[Row]) -> Iterator[str]:
    """Yield the lines of a table; the first row is its head."""
    for at, row in enumerate(rows):
        cells = [_cell(one) for one in row]
        yield f"| {' | '.join(cells)} |"
        if at == 0:
            yield "|---" * len(cells) + "|"
    yield ""


def _cell(value: object) -> str:
    if value is None:
        return "–"
    return f"{value:,.3g}" if isinstance(value, float) and value < 100 else _whole(value)


def _whole(value: object) -> str:
    return f"{value:,.0f}" if isinstance(value, float | int) else str(value)
