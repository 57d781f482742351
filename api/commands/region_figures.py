"""Regions as objects of plain values, for machines; their names are kept when they grow."""

from collections.abc import Sequence
from dataclasses import asdict

from api.commands.figures import Figures, refused
from api.papers import Words
from geodata.region_check import FarPlace, RegionCheck
from geodata.region_counts import Listed, RegionCounts


def list_figures(listed: Sequence[Listed], words: Words) -> Figures:
    """Return each region with what its pointer tells."""
    return {"schema": "carriole.regions/1", "regions": [_listed(one, words) for one in listed]}


def count_figures(counts: RegionCounts) -> Figures:
    """Return the figures of a region: km rounded to a tenth, shares as parts of one."""
    return {"schema": "carriole.region/1", **asdict(counts)}


def check_figures(found: RegionCheck, words: Words) -> Figures:
    """Return what was found; every place that lies far is in it."""
    return {
        "schema": "carriole.region_check/1",
        "region": found.counts.name,
        "suspicious": found.suspicious,
        "findings": [
            {**refused(one.refusal, words), "suspicious": one.suspicious, "facts": one.refusal.plain_facts}
            for one in found.findings
        ],
        "counts": asdict(found.counts),
        "unsigned_km": found.unsigned_km,
        "lost_parts": [
            {
                "km": part.km,
                "streets": part.streets,
                "lat": part.place.lat,
                "lon": part.place.lon,
                "near": part.near,
                "street": part.street,
            }
            for part in found.lost_parts
        ],
        "places_far": [_far(one, words) for one in found.places_far],
    }


def _listed(one: Listed, words: Words) -> Figures:
    return {
        "name": one.name,
        "in_use": one.in_use,
        "built": one.meta is not None,
        "bytes_on_disk": one.bytes_on_disk,
        "vehicles": list(one.vehicles),
        "meta": asdict(one.meta) if one.meta else None,
        "refusal": refused(one.refusal, words) if one.refusal else None,
    }


def _far(one: FarPlace, words: Words) -> Figures:
    place = one.named.place
    return {
        "name": one.named.name,
        "kind": one.named.kind,
        "lat": place.lat,
        "lon": place.lon,
        "off_road_m": one.off_road_m,
        "warning": refused(one.warning, words) if one.warning else None,
    }
