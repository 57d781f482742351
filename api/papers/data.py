"""
The manifest for machines: JSON that reads back to the same value, and the way as GeoJSON.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, cast

from api.papers.words import message
from geodata.refusal import Refusal
from pooling.manifest import FreeRoom, Handling, LoadPlace, Manifest, ManifestStop, OnBoard
from pooling.phrases import Phrases

SCHEMA = "carriole.manifest/2"

UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""Control signs, halves of characters: neither XML nor UTF-8 holds them (XML 1.0, production 2)."""


NO_JSON = message("it is no JSON")
OTHER_SCHEMA = message("its schema is another, or none")
OTHER_FIELDS = message("fields are missing, unknown or of another kind")


class ManifestUnreadable(Refusal):
    code = "manifest_unreadable"
    reason = "This is no manifest of the form {schema}: {problem}."
    cure = "Send a file that was written in this form, unchanged."


def manifest_json(manifest: Manifest) -> str:
    """Write a manifest; keys stand in the order of its fields, the schema first."""
    return json.dumps({"schema": SCHEMA, **asdict(manifest)}, ensure_ascii=False, indent=2) + "\n"


def read_manifest(text: str) -> Manifest:
    """Read what ``manifest_json`` wrote; refuse another schema and missing or unknown fields."""
    try:
        fields = json.loads(text)
    except json.JSONDecodeError as error:
        raise ManifestUnreadable(schema=SCHEMA, problem=Phrases((NO_JSON,))) from error
    if not isinstance(fields, dict) or fields.pop("schema", None) != SCHEMA:
        raise ManifestUnreadable(schema=SCHEMA, problem=Phrases((OTHER_SCHEMA,)))
    try:
        return _manifest(fields)
    except (KeyError, TypeError, ValueError) as error:
        named = re.findall(r"'(\w+)'", str(error))
        raise ManifestUnreadable(schema=SCHEMA, problem=Phrases((OTHER_FIELDS, *named))) from error


def legible(manifest: Manifest) -> Manifest:
    """Return a manifest without the characters that no paper can hold, such as a lone surrogate."""
    return _manifest(cast("dict[str, Any]", _without_unprintable(asdict(manifest))))


def _without_unprintable(value: object) -> object:
    if isinstance(value, str):
        return UNPRINTABLE.sub("", value)
    if isinstance(value, dict):
        return {name: _without_unprintable(each) for name, each in value.items()}
    if isinstance(value, tuple):
        return tuple(_without_unprintable(each) for each in value)
    return value


def _manifest(fields: dict[str, Any]) -> Manifest:
    return Manifest(
        **{
            **fields,
            "papers": tuple(fields["papers"]),
            "room": OnBoard(**fields["room"]),
            "on_board_at_start": OnBoard(**fields["on_board_at_start"]),
            "stops": tuple(_stop(stop) for stop in fields["stops"]),
            "load_order": tuple(LoadPlace(**place) for place in fields["load_order"]),
            "line": _line(fields["line"]),
            "announced_line": _line(fields["announced_line"]),
        }
    )


def _stop(fields: dict[str, Any]) -> ManifestStop:
    return ManifestStop(
        **{
            **fields,
            "handlings": tuple(Handling(**handling) for handling in fields["handlings"]),
            "on_board": OnBoard(**fields["on_board"]),
            "free": FreeRoom(**fields["free"]),
            "streets": tuple(fields["streets"]),
        }
    )


def _line(points: Sequence[Sequence[float]]) -> tuple[tuple[float, float], ...]:
    return tuple((lat, lon) for lat, lon in points)


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
