"""The manifest as it is kept and sent: JSON that reads back to the same value."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from geodata.refusal import Refusal
from pooling.manifest import (
    Change,
    Empties,
    FreeRoom,
    Handling,
    LoadPlace,
    Manifest,
    ManifestStop,
    OnBoard,
)
from pooling.phrases import Phrases, message

SCHEMA = "carriole.manifest/4"
OLDER = ("carriole.manifest/2", "carriole.manifest/3")
"""Read as well: what they lack is empty."""

NO_JSON = message("it is no JSON")
OTHER_SCHEMA = message("its schema is another, or none")
OTHER_FIELDS = message("fields are missing, unknown or of another kind")


class ManifestUnreadable(Refusal):
    code = "manifest_unreadable"
    reason = "This is no manifest of the form {schema}: {problem}."
    cure = "Send a file that was written in this form, unchanged."


def manifest_json(manifest: Manifest) -> str:
    """Write a manifest; keys stand in the order of its fields, the schema first."""
    fields = asdict(manifest)
    for one in (fields, *fields["stops"]):
        if not one["next_day"]:  # written where it says something: a day's manifest reads as it always did
            del one["next_day"]
    for each in (each for stop in (*fields["stops"], *fields["left_out"]) for each in stop["handlings"]):
        if not each["tail_lift"]:
            del each["tail_lift"]
    return json.dumps({"schema": SCHEMA, **fields}, ensure_ascii=False, indent=2) + "\n"


def read_manifest(text: str) -> Manifest:
    """Read what ``manifest_json`` wrote; refuse another schema and missing or unknown fields."""
    try:
        fields = json.loads(text)
    except json.JSONDecodeError as error:
        raise ManifestUnreadable(schema=SCHEMA, problem=Phrases((NO_JSON,))) from error
    if not isinstance(fields, dict) or fields.pop("schema", None) not in (SCHEMA, *OLDER):
        raise ManifestUnreadable(schema=SCHEMA, problem=Phrases((OTHER_SCHEMA,)))
    try:
        return manifest_of(fields)
    except (KeyError, TypeError, ValueError) as error:
        named = re.findall(r"'(\w+)'", str(error))
        raise ManifestUnreadable(schema=SCHEMA, problem=Phrases((OTHER_FIELDS, *named))) from error


def manifest_of(fields: Mapping[str, Any]) -> Manifest:
    """Read a manifest from its fields, as ``asdict`` gives them."""
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
            "changes": tuple(Change(**change) for change in fields.get("changes", ())),
            "left_out": tuple(_stop(stop) for stop in fields.get("left_out", ())),
            "next_day": tuple(fields.get("next_day", ())),
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
            "empties": tuple(Empties(**one) for one in fields.get("empties", ())),
            "next_day": tuple(fields.get("next_day", ())),
        }
    )


def _line(points: Sequence[Sequence[float]]) -> tuple[tuple[float, float], ...]:
    return tuple((lat, lon) for lat, lon in points)
