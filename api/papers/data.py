"""
The manifest for machines: without signs that no file can hold, and its way as GeoJSON.
"""

import json
import re
from dataclasses import asdict, replace
from typing import Any, cast

from pooling.manifest import Manifest, ManifestStop
from pooling.runs.manifest_json import manifest_of

UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""Control signs, halves of characters: neither XML nor UTF-8 holds them (XML 1.0, production 2)."""


def legible(manifest: Manifest) -> Manifest:
    """Return a manifest without the characters that no paper can hold, such as a lone surrogate."""
    words = asdict(
        replace(manifest, line=(), announced_line=())
    )  # the ways hold thousands of points, no sign
    named = manifest_of(cast("dict[str, Any]", _without_unprintable(words)))
    return replace(named, line=manifest.line, announced_line=manifest.announced_line)


def legible_text(text: str) -> str:
    """Return a name without the characters that no paper can hold."""
    return UNPRINTABLE.sub("", text)


def _without_unprintable(value: object) -> object:
    if isinstance(value, str):
        return legible_text(value)
    if isinstance(value, dict):
        return {name: _without_unprintable(each) for name, each in value.items()}
    if isinstance(value, tuple):
        return tuple(_without_unprintable(each) for each in value)
    return value


def manifest_geojson(manifest: Manifest) -> str:
    """Write the way, the announced way if any, and a point per stop (RFC 7946: ``[lon, lat]``)."""
    features = [_way("route", manifest.line, manifest)]
    if manifest.announced_line:
        features.append(_way("announced", manifest.announced_line, manifest))
    features += [_point(stop) for stop in manifest.stops]
    collection = {"type": "FeatureCollection", "attribution": manifest.attribution, "features": features}
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":")) + "\n"


def _way(role: str, line: tuple[tuple[float, float], ...], manifest: Manifest) -> dict[str, Any]:
    properties: dict[str, Any] = {"role": role, "manifest": manifest.number, "date": manifest.date}
    if role == "route":
        properties |= {
            "kind": manifest.kind,
            "title": manifest.title,
            "distance_m": manifest.distance_m,
            "drive_s": manifest.drive_s,
            "detour_m": manifest.detour_m,
            "detour_s": manifest.detour_s,
        }
    points = [[round(lon, 6), round(lat, 6)] for lat, lon in line]
    geometry = {"type": "LineString", "coordinates": points} if len(points) > 1 else None
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _point(stop: ManifestStop) -> dict[str, Any]:
    fields = asdict(stop)
    lat, lon = fields.pop("lat"), fields.pop("lon")
    return {
        "type": "Feature",
        "properties": {"role": "stop", **fields},
        "geometry": {"type": "Point", "coordinates": [round(lon, 6), round(lat, 6)]},
    }
