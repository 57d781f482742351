"""
The desk under pressure: a race for the last crates, kill -9 at any moment, and load.

Our way and the plain way run on the same input in the same run: the race's negative control reads the
room and then writes it, and oversells; the load is set beside bare commits of the same database.

    python -m bench.desk --quick --json
"""

import json
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from threading import Thread
from typing import Annotated, Any

import typer

from bench.kill import KillSize, kill
from bench.load import LoadSize, load
from bench.nursery import warm
from bench.race import RaceSize, race
from bench.servers import DATABASES, fresh, server

Part = Callable[[str], dict[str, Any]]

QUICK = (RaceSize(trips=20, attempts=400), KillSize(kills=50), LoadSize(seconds=1.5))
FULL = (RaceSize(trips=500, attempts=100_000), KillSize(kills=200), LoadSize(seconds=20.0))


def main(
    quick: Annotated[bool, typer.Option("--quick", help="Small sizes.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="End with one JSON object.")] = False,
    only: Annotated[str, typer.Option(help="One database only: sqlite or postgresql.")] = "",
    part: Annotated[str, typer.Option(help="One part only: race, kill or load.")] = "",
) -> None:
    """Race, kill and load the desk on each database, and print what held."""
    race_size, kill_size, load_size = QUICK if quick else FULL
    parts: dict[str, Part] = {
        "race": lambda url: race(url, race_size),
        "kill": lambda url: kill(url, kill_size),
        "load": lambda url: load(url, load_size),
    }
    result: dict[str, dict[str, Any]] = {}
    Thread(target=warm).start()
    with ExitStack() as opened:
        servers = {kind: opened.enter_context(server(kind)) for kind in ((only,) if only else DATABASES)}
        for name, run in parts.items():
            if part in ("", name):
                urls = {kind: fresh(url, name) for kind, url in servers.items()}
                result[name] = _on_each(urls, run, together=name == "kill")
                for kind, found in result[name].items():
                    _say(f"{name} on {kind}: {found}")
    if as_json:
        print(json.dumps(result))


def _on_each(urls: dict[str, str], run: Part, *, together: bool) -> dict[str, Any]:
    """Run a part on each database: one after the other where speed is measured, else side by side."""
    with ThreadPoolExecutor(len(urls) if together else 1) as pool:
        return dict(zip(urls, pool.map(run, urls.values()), strict=True))


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    typer.run(main)
