"""
The market under load: searches, bids and acceptances over HTTP, a day cleared; races and kills beside them.

One process and SQLite for the load, on a region full of trips; both databases for the races.

    python -m bench.market --quick --json
"""

import json
import os
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import Annotated, Any

import typer

from bench.market_kill import kill
from bench.market_load import LoadSize, market_load
from bench.market_race import race
from bench.market_town import MarketSize
from bench.nursery import warm
from bench.servers import DATABASES, fresh, server
from geodata.region import build_region, list_regions

FULL = LoadSize(MarketSize("midi_pyrenees", 2_000, 100_000), seconds=20, shipments=1_000, cleared_bids=200)
QUICK = LoadSize(
    MarketSize("tarn", 200, 2_000), seconds=2, shipments=80, cleared_bids=60, choosing=20, books_s=1
)
PARTS = ("load", "race", "kill")
HOME = "out/market"
KILLED = ("kills", "acknowledged", "lost", "doubled")


def main(
    quick: Annotated[bool, typer.Option("--quick", help="A small market: within a minute.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="End with one JSON object.")] = False,
    part: Annotated[str, typer.Option(help="One part only: load, race or kill.")] = "",
    home: Annotated[str, typer.Option(help="The folder in which the region is built once.")] = HOME,
    seconds: Annotated[float, typer.Option(help="Seconds of each part of the load.")] = 0,
) -> None:
    """Load, race and kill the market, and print what held."""
    size = QUICK if quick else FULL
    found: dict[str, Any] = {}
    Thread(target=warm).start()
    if part in ("", "load"):
        if seconds:
            size = replace(size, seconds=seconds)
        found |= market_load(_built(size.market.region, Path(home)), size)
    wanted = {name: run for name, run in (("race", race), ("kill", kill)) if part in ("", name)}
    with ExitStack() as opened:
        urls = {one: opened.enter_context(server(one)) for one in DATABASES} if wanted else {}
        for name, run in wanted.items():
            found[name] = _on_each(name, run, quick, urls)
    if "kill" in found:
        found["kill"] |= _both(found["kill"])
    for name, figures in found.items():
        print(f"{name}: {figures}", file=sys.stderr, flush=True)
    if as_json:
        print(json.dumps(found))


def _on_each(
    name: str, run: Callable[[str, bool], dict[str, Any]], quick: bool, urls: Mapping[str, str]
) -> dict[str, Any]:
    """Run a part on an empty database of each server: races one after the other, kills side by side."""
    empty = [fresh(url, f"market_{name}") for url in urls.values()]
    with ThreadPoolExecutor(len(urls) if name == "kill" else 1) as pool:
        told = pool.map(lambda url: run(url, quick), empty)
        return dict(zip(urls, told, strict=True))


def _both(found: dict[str, dict[str, Any]]) -> dict[str, int]:
    """Add up what was killed, acknowledged, lost and doubled on both databases."""
    return {name: sum(one[name] for one in found.values()) for name in KILLED}


def _built(region: str, home: Path) -> str:
    """Build a region of the maps that ``CARRIOLE_DATA`` holds, unless it stands; returns the folder."""
    data = os.environ.get("CARRIOLE_DATA")
    if not data:
        raise typer.BadParameter("CARRIOLE_DATA must name the folder that holds the maps (roads/…).")
    os.environ["CARRIOLE_HOME"] = str(home.resolve())
    if region not in list_regions(home=home):
        source = next((Path(data) / "roads" / region).glob("*.osm.pbf"))
        build_region(region, source, home=home)
    return str(home.resolve())


if __name__ == "__main__":
    typer.run(main)
