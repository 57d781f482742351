"""One region's day, planned in a process of its own: its figures, and its two maps."""

import json
import resource
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Any

from bench.day_market import DaySize, make_day
from bench.day_picture import picture
from geodata.communes import communes_within
from geodata.region import Region, open_region
from pooling.days.dayplan import DayPlan, plan_day
from pooling.days.driven import TOWN_PEOPLE, Driven, Town, driven, journeys, town_of
from pooling.days.worth import Worth, worth
from pooling.ground import survey

MEGABYTE = 1_024
"""Kilobytes: what a process's memory is told in."""

LIMIT_S = 3_600


@dataclass(frozen=True)
class DayRun:
    """Hold a day by name, its size, and the longest that each search of it may take."""

    name: str
    size: DaySize
    deadline_s: float

    def within(self, seconds: float) -> "DayRun":
        return replace(self, deadline_s=seconds) if seconds else self


def figures(run: DayRun, home: Path) -> dict[str, Any]:
    """Plan a day in a fresh process, so that its memory is its own; returns what it tells."""
    child = subprocess.run(
        [sys.executable, "-m", "bench.day_child", json.dumps(asdict(run)), str(home)],
        stdout=subprocess.PIPE,
        timeout=LIMIT_S,
        check=True,
    )
    told: dict[str, Any] = json.loads(child.stdout)
    return told


def _measured(run: DayRun, home: Path) -> dict[str, Any]:
    region = open_region(run.size.region, home=home)
    day = make_day(region, run.size)
    began = perf_counter()
    ground = survey(list(day.sites.values()), region.roads)
    plan = plan_day(day, ground.ground, deadline_s=run.deadline_s)
    plan_s = perf_counter() - began
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    rss_mb = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + children) // MEGABYTE
    before, after = journeys(plan)
    (home / f"{run.name}.svg").write_text(picture(run.name, before, after, ground.way), "utf-8")
    towns = _towns(region)
    return _told(plan, worth(plan), plan_s, rss_mb) | _shares(
        driven(before, plan.ground, ground.way, towns), driven(after, plan.ground, ground.way, towns)
    )


def _told(plan: DayPlan, compared: Worth, plan_s: float, rss_mb: int) -> dict[str, Any]:
    served = {task.id for route in plan.tour_plan.routes for task in route.tasks}
    reasoned = {one.subject for one in plan.turned if one.about == "shipment" and one.refusal.sentence}
    left = [one.id for one in plan.day.shipments if one.id not in served]
    alone, pooled = compared.alone, compared.pooled
    return {
        "shipments": len(plan.day.shipments),
        "vehicles": len(plan.day.tours),
        "tours": len(plan.tours),
        "plan_s": round(plan_s, 1),
        "rss_mb": rss_mb,
        "served": len(served),
        "unserved_without_reason": sum(one not in reasoned for one in left),
        "violations": len(plan.violations),
        "above_alone": sum(one.share_cents > one.alone_cents for one in compared.participants),
        "km_alone": round(alone.distance_m / 1_000),
        "km_pooled": round(pooled.distance_m / 1_000),
        "km_saved_pct": _saved(alone.distance_m, pooled.distance_m),
        "co2_saved_pct": _saved(alone.co2_g, pooled.co2_g),
        "euro_saved_pct": _saved(alone.cents, pooled.cents),
        "vans_alone": alone.vehicles,
        "vans_pooled": pooled.vehicles,
    }


def _shares(before: Driven, after: Driven) -> dict[str, Any]:
    return {
        "fill_mean": round(after.fill_mean, 3),
        "fill_mean_alone": round(before.fill_mean, 3),
        "empty_km_share": round(after.empty_share, 3),
        "empty_km_share_alone": round(before.empty_share, 3),
        "town_km_alone": round(before.town_m / 1_000),
        "town_km_pooled": round(after.town_m / 1_000),
        "town_entries_alone": before.entries,
        "town_entries_pooled": after.entries,
    }


def _saved(before: int, after: int) -> float:
    return round(100 * (before - after) / before, 1) if before else 0.0


def _towns(region: Region) -> Sequence[Town]:
    return [
        town_of(one.name, one.place, one.population)
        for one in communes_within(*region.bounds)
        if one.place and one.population >= TOWN_PEOPLE
    ]


if __name__ == "__main__":
    words = json.loads(sys.argv[1])
    asked = DayRun(words["name"], DaySize(**words["size"]), words["deadline_s"])
    print(json.dumps(_measured(asked, Path(sys.argv[2]))))
