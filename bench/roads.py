"""
The roads beside OSRM, SciPy and networkx: preparation, opening, memory, snap, route and matrices.

One thread each, the same points, each engine and each region in a fresh process. OSRM drives by our speeds
and closures (``bench/van.lua``), so that what is compared is the engines and not the tables of speeds.

    python -m bench.roads --quick --json
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer

from bench.osrm_home import NoOsrm, Osrm, find_osrm, prepare
from bench.roads_tables import tables
from bench.timing import ONE_THREAD
from geodata.region import EMBEDDED

HOUSE = Path(__file__).parents[1]
REGIONS = ("riviera", "tarn", "toulouse", "midi_pyrenees")
AGREEING = ("riviera", "liechtenstein")
SIZES = (50, 200, 1_000)
QUICK_REGIONS = ("riviera",)
CORRIDOR, QUICK_CORRIDOR = "midi_pyrenees", "tarn"
LIMIT_S, QUICK_LIMIT_S = 150.0, 1.0
"""A matrix that SciPy or networkx would take longer for is left out."""
NETWORKX_QUICK = ("riviera",)
"""OSMnx takes half a minute for the next larger one."""
ROUTES = 200
CHILD_LIMIT_S = 3_600
PARTS = ("regions", "agreement", "corridor")


def main(
    quick: Annotated[bool, typer.Option("--quick", help="Small regions: within a minute.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="End with one JSON object.")] = False,
    only: Annotated[str, typer.Option(help="One region only.")] = "",
    part: Annotated[str, typer.Option(help="One part only: regions, agreement or corridor.")] = "",
    networkx: Annotated[bool, typer.Option(help="OSMnx and networkx, which take most of the time.")] = True,
) -> None:
    """Measure the roads, and print what came of it; what is skipped is said."""
    os.environ.update(ONE_THREAD)
    parts = (part,) if part else PARTS
    osrm = _osrm()
    result: dict[str, Any] = {"regions": {}, "matrix": {}, "snap": {}, "route": {}, "agreement": {}}
    with TemporaryDirectory(prefix="carriole-roads-") as home:
        os.environ["CARRIOLE_HOME"] = home
        folder, limit_s = Path(home), QUICK_LIMIT_S if quick else LIMIT_S
        if "regions" in parts:
            for name, source in _maps((only,) if only else QUICK_REGIONS if quick else REGIONS):
                slow = networkx and (not quick or name in NETWORKX_QUICK)
                _Bench(name, source, folder, limit_s, slow, osrm).into(result)
        if "agreement" in parts and osrm:
            regions = (only,) if only else AGREEING
            result["agreement"] = _agreement(_maps(regions), folder)
        if "corridor" in parts:
            for name, source in _maps((only or (QUICK_CORRIDOR if quick else CORRIDOR),)):
                result["corridor"] = _child("corridor", name, source, "quick" if quick else "full")
    for line in tables(result):
        _say(line)
    if as_json:
        print(json.dumps(result))


@dataclass(frozen=True)
class _Bench:
    """Measure every engine on one region."""

    name: str
    source: Path
    folder: Path
    limit_s: float
    with_networkx: bool
    osrm: Osrm | None
    sizes: str = ",".join(map(str, SIZES))

    @property
    def points(self) -> Path:
        return self.folder / f"{self.name}.json"

    def into(self, result: dict[str, Any]) -> None:
        """Write the figures of this region beside those of others."""
        built = _child("build", self.name, self.source)
        self.points.write_text(json.dumps(built.pop("points")), encoding="utf-8")
        country = built.pop("country")
        ours = _child("ours", self.name, self.points, self.sizes)
        scipy = _child("scipy", self.name, self.points, self.sizes, self.limit_s)
        networkx = self._networkx_told()
        theirs = self._osrm_told(country)
        told = {"ours": ours, "osrm": theirs, "networkx": networkx, "scipy": scipy}
        for kind in ("snap", "route"):
            result[kind][self.name] = {
                f"{engine}_ms": one.get(f"{kind}_ms") for engine, one in told.items() if engine != "scipy"
            }
        result["matrix"][self.name] = {
            size: {
                **{f"{engine}_s": (one.get("matrix") or {}).get(size) for engine, one in told.items()},
                "ours_search_s": (ours.get("search") or {}).get(size),
            }
            for size in self.sizes.split(",")
        }
        result["regions"][self.name] = (
            built | _figures(ours) | {engine: _figures(told[engine]) for engine in ("osrm", "networkx")}
        )

    def _networkx_told(self) -> dict[str, Any]:
        if not self.with_networkx:
            _say(f"skipped: networkx on {self.name}, for want of time")
            return {}
        return _child("networkx", self.source, self.points, self.sizes, self.limit_s)

    def _osrm_told(self, country: str) -> dict[str, Any]:
        if self.osrm is None:
            return {}
        prepared = prepare(self.osrm, self.source, self.folder / f"{self.name}-osrm", country)
        program = HOUSE / "bench" / "osrm_child.py"
        told = _told([self.osrm.python, program, prepared.stem, self.points, self.sizes, ROUTES])
        return {"build_s": prepared.seconds, "build_mb": prepared.rss_mb, **told}


def _figures(told: dict[str, Any]) -> dict[str, Any]:
    return {
        key: value for key, value in told.items() if key not in ("matrix", "search", "snap_ms", "route_ms")
    }


def _agreement(maps: Iterator[tuple[str, Path]], folder: Path) -> dict[str, Any]:
    """Return how each region agrees, and beside them the figures of the one that agrees least."""
    told = {
        name: _child("agreement", name, source, folder / f"{name}.json", folder / f"{name}-osrm")
        for name, source in maps
    }
    every = [region[kind] for region in told.values() for kind in ("seconds", "metres") if kind in region]
    return told | {key: max(one[key] for one in every) for key in ("median_pct", "p99_pct") if every}


def _osrm() -> Osrm | None:
    try:
        return find_osrm(install=True)
    except NoOsrm as missing:
        _say(f"without OSRM: {missing}")
        return None


def _maps(names: tuple[str, ...]) -> Iterator[tuple[str, Path]]:
    """Yield the map of each region that is at hand; what is not is said."""
    data = Path(os.environ.get("CARRIOLE_DATA", "no such folder"))
    for name in names:
        path = data / "roads" / name / f"{name}.osm.pbf"
        if name == EMBEDDED:
            path = HOUSE / "geodata" / "data" / f"{EMBEDDED}.osm.pbf"
        if path.is_file():
            yield name, path
        else:
            _say(f"without {name}: let CARRIOLE_DATA name the folder of roads/{name}/{name}.osm.pbf")


def _child(*words: object) -> dict[str, Any]:
    return _told([sys.executable, "-m", "bench.roads_child", *words])


def _told(words: list[object]) -> dict[str, Any]:
    """Run a measurement in a process of its own; one that fails is said and left out."""
    _say(" ".join(Path(str(word)).name for word in words[1:]))
    done = subprocess.run(
        [str(word) for word in words], cwd=HOUSE, capture_output=True, text=True, timeout=CHILD_LIMIT_S
    )
    if done.returncode:
        _say(f"failed: {done.stderr.strip().splitlines()[-1:]}")
        return {}
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    typer.run(main)
