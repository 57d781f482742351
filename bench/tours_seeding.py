"""
Seeding measured: the real flows around Nantes drafted as a week of tours, and how long that takes.

Run it alone: ``python -m bench.tours_seeding --json``. The flows are no part of Carriole: ``CARRIOLE_DATA``
names the folder that holds ``flows/amap_nantes.csv``. They tell no volume and no region covers them, so
every figure rests on the default volume and on crow × 1.3.
"""

import json
import os
import sys
from pathlib import Path
from time import monotonic
from typing import Annotated, Any

import typer

from pooling.desk.seeds.flows import known_area
from pooling.files.spreadsheet import read_spreadsheet
from pooling.seeding.draft import DraftAsk, Drafts, Terms
from pooling.seeding.drafting import draft_tours
from pooling.seeding.flow import Flow, read_flows

FLOWS = Path("flows") / "amap_nantes.csv"
QUICK_FLOWS, QUICK_SEARCH_S = 80, 0.3


def measure(quick: bool) -> dict[str, Any]:
    """Draft a week of tours from the flows, or from the first of them; returns the figures by name."""
    flows = known_flows()
    asked = DraftAsk(Terms(), known_area)
    if quick:
        flows = flows[:QUICK_FLOWS]
        asked = DraftAsk(Terms(), known_area, search_s=QUICK_SEARCH_S)
    begun_s = monotonic()
    found = draft_tours(flows, asked)
    return _figures(found, monotonic() - begun_s)


def known_flows() -> tuple[Flow, ...]:
    """Read the flows; refuses a folder that does not hold them."""
    path = Path(os.environ.get("CARRIOLE_DATA", "")) / FLOWS
    if not path.is_file():
        raise FileNotFoundError(f"Set CARRIOLE_DATA to the folder that holds {FLOWS}.")
    return read_flows(read_spreadsheet(path.read_text(encoding="utf-8"))).good


def _figures(found: Drafts, seconds: float) -> dict[str, Any]:
    dearer = [
        one
        for draft in found.drafts
        for one in draft.wanted
        if one.role == "producer" and one.share_cents > one.alone_cents
    ]
    return {
        "flows": found.flows,
        "tours": len(found.drafts),
        "seconds": round(seconds, 1),
        "expected_km_saved_pct": found.saved_pct,
        "riding": found.riding,
        "far": found.far,
        "impossible": found.impossible,
        "assumed_volumes": found.assumed,
        "km_alone": round(found.alone_m / 1000),
        "km_pooled": round(found.pooled_m / 1000),
        "approximate": all(draft.approximate for draft in found.drafts),
        "dearer_than_alone": len(dearer),
    }


def main(
    quick: Annotated[bool, typer.Option("--quick", help="The first links only.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="End with one JSON object.")] = False,
) -> None:
    """Draft the tours and print what they come to."""
    figures = measure(quick)
    for name, value in figures.items():
        sys.stderr.write(f"{name}: {value}\n")
    if as_json:
        print(json.dumps(figures))


if __name__ == "__main__":
    typer.run(main)
