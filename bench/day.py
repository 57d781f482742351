"""
A region's day planned whole: harvest tours for hundreds of producers, beside everyone alone.

Prints where we stand at several densities of demand, and draws the day as two maps: alone and pooled.

    python -m bench.day --quick --json
"""

import json
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from bench.day_child import DayRun, figures
from bench.day_market import DaySize
from bench.day_tables import by_command
from geodata.region import build_region, list_regions

FULL = (
    DayRun("tarn", DaySize("tarn", 150, 100, 180, 14, 5), deadline_s=15),
    DayRun("tarn_sparse", DaySize("tarn", 50, 40, 60, 6, 3), deadline_s=5),
    DayRun("midi_pyrenees", DaySize("midi_pyrenees", 500, 400, 600, 40, 12), deadline_s=20),
    DayRun(
        "midi_pyrenees_near", DaySize("midi_pyrenees", 500, 400, 600, 40, 12, within_km=50), deadline_s=20
    ),
    DayRun("midi_pyrenees_sparse", DaySize("midi_pyrenees", 150, 120, 150, 12, 6), deadline_s=10),
    DayRun("midi_pyrenees_2000", DaySize("midi_pyrenees", 1_600, 1_000, 2_000, 140, 12), deadline_s=45),
)
QUICK = (DayRun("tarn", DaySize("tarn", 50, 40, 60, 6, 3), deadline_s=2),)
HOME = "out/day"


def main(
    quick: Annotated[bool, typer.Option("--quick", help="A small day on the Tarn: within a minute.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="End with one JSON object.")] = False,
    only: Annotated[str, typer.Option(help="One of the days only, such as midi_pyrenees.")] = "",
    home: Annotated[str, typer.Option(help="The folder of the regions, built once, and of the maps.")] = HOME,
    seconds: Annotated[float, typer.Option(help="The longest that each search may take.")] = 0,
    command: Annotated[
        bool, typer.Option("--command", help="Write each day as tables, and let carriole plan do it whole.")
    ] = False,
) -> None:
    """Plan the days, and print what came of each."""
    folder, found = Path(home).resolve(), dict[str, Any]()
    for run in QUICK if quick else FULL:
        if only not in ("", run.name):
            continue
        _build(run.size.region, folder)
        found[run.name] = told = (by_command if command else figures)(run.within(seconds), folder)
        print(f"{run.name}: {told}", file=sys.stderr, flush=True)
    if as_json:
        print(json.dumps(found))


def _build(region: str, home: Path) -> None:
    """Build a region of the maps that ``CARRIOLE_DATA`` holds, unless it stands."""
    os.environ["CARRIOLE_HOME"] = str(home)
    if region in list_regions(home=home):
        return
    data = os.environ.get("CARRIOLE_DATA")
    if not data:
        raise typer.BadParameter("CARRIOLE_DATA must name the folder that holds the maps (roads/…).")
    build_region(region, next((Path(data) / "roads" / region).glob("*.osm.pbf")), home=home)


if __name__ == "__main__":
    typer.run(main)
