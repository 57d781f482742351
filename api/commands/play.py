"""
Play a day from its files to its papers: read, put on the roads, plan, freeze, write.

The demo and anybody's own day go the same way.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from api.papers import swapped_in, write_together
from api.papers.single import towns_of
from api.settings import settings
from geodata.refusal import Refusal
from geodata.region import Region, open_region
from geodata.served_roads import served
from pooling.day import Day
from pooling.days.dayplan import DayPlan, plan_day
from pooling.days.worth import Worth, worth
from pooling.files.line import BadLine
from pooling.files.tables import Tables
from pooling.ground import off_road, survey
from pooling.hours import DayClock
from pooling.intake import read_day
from pooling.ledger.settlement import Transfer, transfers
from pooling.manifest import Manifest
from pooling.runs.freezing import freeze_day
from routing.abreast import abreast

Progress = Callable[[str, float], None]

MATRIX_FROM, PLAN_FROM, PAPERS_FROM = 0.05, 0.1, 0.8
"""Which share of the work lies behind it when a step begins."""

ABREAST_FROM = 8
"""Fewer manifests are written by one process sooner than a second has begun."""


class NothingToPlan(Refusal):
    code = "nothing_to_plan"
    reason = "No shipment is left to plan: {bad_lines} bad {bad_lines:line was/lines were} found."
    cure = "Mend the lines that are listed, then plan again."


class NoShipments(NothingToPlan):
    reason = "The day has no shipments: its table shipments is missing or empty."
    cure = "Write one line for each shipment, in shipments.csv or under “shipments” in the JSON file."


class FileDenied(Refusal):
    code = "file_denied"
    reason = "{path} cannot be read or written: {detail}."
    cure = (
        "Choose a folder that you may write to, with room on its disk: --out for papers, CARRIOLE_HOME for "
        "regions."
    )


@dataclass(frozen=True)
class Played:
    """Hold a played day with everything that was made of it."""

    day: Day
    plan: DayPlan
    worth: Worth
    transfers: tuple[Transfer, ...]
    manifests: tuple[Manifest, ...]
    papers: tuple[Path, ...]
    bad_lines: tuple[BadLine, ...]
    warnings: tuple[tuple[str, Refusal], ...]


class BadDay(Exception):  # noqa: N818 - like a refusal, a fact about the input
    """Carry the refusal of a whole day together with the bad lines that led to it."""

    def __init__(self, refusal: Refusal, bad_lines: tuple[BadLine, ...]) -> None:
        self.refusal, self.bad_lines = refusal, bad_lines
        super().__init__(refusal.sentence)


@dataclass(frozen=True)
class Wish:
    """Hold where a day is written, in which language, and how long each search may take."""

    out: Path
    language: str
    seconds: float


def ground_of(name: str) -> Region:
    """Open a region to plan on it, with the engine that ``ROADS_URL`` names."""
    return served(open_region(name), settings().roads_url)


def play(tables: Tables, clock: DayClock, region: Region, wish: Wish, tell: Progress) -> Played:
    """
    Play the day and write its papers into ``wish.out``.

    Raises ``BadDay`` where no good line is left to plan; bad lines beside good ones are reported in
    the answer.
    """
    tell("reading", 0.0)
    intake = read_day(tables, clock, region.name, off_road(region.roads))
    if not intake.day.shipments:
        asked = bool(tables.lines.get("shipments"))
        refusal = NothingToPlan(bad_lines=len(intake.bad_lines)) if asked else NoShipments()
        raise BadDay(refusal, intake.bad_lines)
    tell("matrix", MATRIX_FROM)
    surveyed = survey(list(intake.day.sites.values()), region.roads)
    plan = plan_day(
        intake.day,
        surveyed.ground,
        deadline_s=wish.seconds,
        progress=lambda step, share: tell(step, PLAN_FROM + (PAPERS_FROM - PLAN_FROM) * share),
    )
    tell("papers", PAPERS_FROM)
    manifests = freeze_day(plan, surveyed.way, region.meta.attribution)
    papers = write_papers(manifests, region, wish, tell)
    tell("done", 1.0)
    return Played(
        day=intake.day,
        plan=plan,
        worth=worth(plan),
        transfers=transfers(plan.trips, plan.tours),
        manifests=manifests,
        papers=papers,
        bad_lines=intake.bad_lines,
        warnings=tuple(surveyed.warnings.items()),
    )


def write_papers(
    manifests: tuple[Manifest, ...], region: Region, wish: Wish, tell: Progress
) -> tuple[Path, ...]:
    """
    Write the papers of every manifest, and the overview, in place of those of an earlier day.

    They take their place all at once: where one cannot be written, or the command is interrupted,
    the earlier ones stay whole. All cores write; a manifest takes one of them about half a second.
    """
    folder = wish.out / "manifests"
    streets, towns = region.roads.streets, tuple(towns_of(region))

    def share(done: float) -> None:
        tell("papers", PAPERS_FROM + (1 - PAPERS_FROM) * done)

    share(0.0)
    with swapped_in(folder) as new:
        written = abreast(
            write_together,
            (new, streets, wish.language, towns),
            [manifests, *manifests],
            tell=share,
            processes=1 if len(manifests) < ABREAST_FROM else None,
        )
    return tuple(folder / path.name for paths in written[1:] for path in paths)


def write_result(result: dict[str, object], out: Path) -> Path:
    """Write the figures of a day beside its papers."""
    out.mkdir(parents=True, exist_ok=True)
    path = out / "result.json"
    path.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path
