"""
The tables of vehicles: four that ship in ``data/profiles``, and one's own in a TOML file.

Everything wrong in a file is told at once, each with what to write instead.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import fields
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from math import isfinite
from pathlib import Path
from typing import Any

from geodata.access import ACCESS_KEYS
from geodata.refusal import Refusal
from geodata.survey import Tags
from geodata.traits import KNOWN_CLASSES
from geodata.vehicle import UNMARKED, Hours, Passage, Profile

__all__ = [
    "PROFILES",
    "SMALL_VAN",
    "Passage",
    "Profile",
    "ProfileBad",
    "ProfileUnknown",
    "Tags",
    "profile_named",
    "read_profile",
]

PROFILES = ("small_van", "refrigerated_van", "car", "cargo_bike")
"""The names of the tables that ship with Carriole."""

NAME_PATTERN = re.compile(r"[a-z0-9_]{1,40}")
FILE_LIMIT_BYTES = 100_000
HIGHEST_KMH = 150

Table = dict[str, Any]
Check = Callable[[Any], str]
"""Tell what to write instead of a value; nothing where it is good."""


class ProfileUnknown(Refusal):
    code = "profile_unknown"
    reason = "There is no vehicle {name}; there are: {known}."
    cure = "Choose one of these, or give a file of your own: NAME.toml."


class ProfileBad(Refusal):
    code = "profile_bad"
    reason = "The vehicle table {file} cannot be used: {problems}"
    cure = "Mend each line; geodata/data/profiles/small_van.toml explains every value."


def profile_named(name: str) -> Profile:
    """Return a shipped table. Refused with ``profile_unknown``."""
    if name not in PROFILES:
        raise ProfileUnknown(name=name, known=", ".join(PROFILES))
    return _shipped(name)


def read_profile(path: Path) -> Profile:
    """
    Read a table of one's own: whole, or ``like`` a shipped one with what differs.

    Tables are merged key by key, lists are replaced. Refused with ``profile_bad``.
    """
    try:
        if path.stat().st_size > FILE_LIMIT_BYTES:
            raise ProfileBad(file=str(path), problems=f"it is larger than {FILE_LIMIT_BYTES:,} bytes.")
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ProfileBad(file=str(path), problems=f"{error}.") from error
    return profile_of(told, str(path))


def profile_of(told: Mapping[str, Any], file: str = "") -> Profile:
    """Make a profile of a table. Refused with ``profile_bad``, which tells every problem at once."""
    like = told.get("like")
    if like is not None and like not in PROFILES:
        raise ProfileBad(file=file, problems=f"like = {like!r}: write one of {', '.join(PROFILES)}.")
    whole = _merged(_table(like), told) if like else dict(told)
    whole.pop("like", None)
    problems = [f"{line}." for line in _problems(whole)]
    if problems:
        raise ProfileBad(file=file, problems=" ".join(problems))
    return _made(whole)


@cache
def _shipped(name: str) -> Profile:
    return profile_of(_table(name), name)


def _table(name: str) -> Table:
    text = (files("geodata") / "data" / "profiles" / f"{name}.toml").read_text(encoding="utf-8")
    told = tomllib.loads(text)
    like = told.pop("like", None)
    return _merged(_table(like), told) if like else told


def _merged(under: Mapping[str, Any], over: Mapping[str, Any]) -> Table:
    merged = {**under, **over}
    for key, value in over.items():
        if isinstance(value, dict) and isinstance(under.get(key), dict):
            merged[key] = {**under[key], **value}
    return merged


def _made(whole: Table) -> Profile:
    values = dict(whole)
    for key, value in whole.items():
        if isinstance(value, list) and key not in ("access", "hours"):
            values[key] = frozenset(value)
    values["access"] = tuple(whole["access"])
    values["hours"] = tuple(
        Hours(row["from"], row["until"], float(row["factor"]), frozenset(row.get("classes", ())))
        for row in whole.get("hours", ())
    )
    return Profile(**values)


def _problems(whole: Table) -> list[str]:
    problems = []
    for key in whole:
        if key not in CHECKS:
            near = get_close_matches(key, CHECKS, n=1)
            problems.append(f"{key}: unknown" + (f", did you mean {near[0]}?" if near else ", take it out"))
    for key, check in CHECKS.items():
        if key not in whole:
            problems += [f"{key}: missing, write it or begin with like"] if key != "hours" else []
        elif cure := check(whole[key]):
            problems.append(f"{key} = {str(whole[key])[:40]}: {cure}")
    return problems


def _number(low: float, high: float) -> Check:
    def check(value: Any) -> str:  # noqa: ANN401 - whatever a TOML file holds
        good = isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value)
        return "" if good and low <= value <= high else f"write a number from {low:g} to {high:g}"

    return check


def _words(known: frozenset[str] = frozenset(), *, some: bool = False) -> Check:
    def check(value: Any) -> str:  # noqa: ANN401
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            return "write a list of words"
        odd = sorted(set(value) - known) if known else []
        if odd:
            return f"unknown {', '.join(odd)}; known are {', '.join(sorted(known))}"
        return "write at least one word" if some and not value else ""

    return check


def _speeds(low: float, known: frozenset[str] = frozenset()) -> Check:
    number = _number(low, HIGHEST_KMH)

    def check(value: Any) -> str:  # noqa: ANN401
        if not isinstance(value, dict):
            return "write a table of km/h"
        odd = sorted(set(value) - known) if known else []
        lines = [f"unknown {', '.join(odd)}; known are {', '.join(sorted(known))}"] if odd else []
        lines += [f"{key}: {number(kmh)}" for key, kmh in value.items() if number(kmh)]
        return "; ".join(lines)

    return check


def _hours(value: Any) -> str:  # noqa: ANN401
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        return "write it as [[hours]]"
    lines = [f"row {at}: {cure}" for at, row in enumerate(value, 1) for cure in _hours_problems(row)]
    return "; ".join(lines) or _overlap(value)


def _hours_problems(row: Table) -> list[str]:
    hour, factor = _number(0, 24), _number(0.2, 5)
    lines = [
        f"{key}: unknown, take it out" for key in row if key not in ("from", "until", "factor", "classes")
    ]
    for key in ("from", "until"):
        cure = "" if isinstance(row.get(key), int) else "write a whole hour"
        cure = cure or hour(row.get(key))
        lines += [f"{key}: {cure}"] if cure else []
    cure = factor(row.get("factor"))
    lines += [f"factor: {cure}"] if cure else []
    cure = _words(KNOWN_CLASSES)(row.get("classes", []))
    return lines + ([f"classes: {cure}"] if cure else [])


def _overlap(rows: list[Table]) -> str:
    held = [Hours(row["from"], row["until"], 1.0, frozenset(row.get("classes", ()))) for row in rows]
    for hour in range(24):
        for road_class in sorted(KNOWN_CLASSES):
            if sum(row.holds(road_class, hour) for row in held) > 1:
                return f"two rows speak of {road_class} at {hour}; let one do so"
    return ""


def _name(value: Any) -> str:  # noqa: ANN401
    good = isinstance(value, str) and NAME_PATTERN.fullmatch(value)
    return "" if good else "write 1 to 40 of: small letters without accents, digits and _"


def _flag(value: Any) -> str:  # noqa: ANN401
    return "" if isinstance(value, bool) else "write true or false"


GRADES = frozenset({"grade1", "grade2", "grade3", "grade4", "grade5"})
CHECKS: dict[str, Check] = {
    "name": _name,
    "access": _words(frozenset(ACCESS_KEYS), some=True),
    "exempt": _words(),
    "height_m": _number(0.5, 4.5),
    "width_m": _number(0.3, 2.6),
    "weight_t": _number(0.02, 44),
    "pace": _number(0.2, 2),
    "top_kmh": _number(5, HIGHEST_KMH),
    "limit_share": _number(0.2, 1),
    "free_limit_share": _number(0.2, 1),
    "motorroad": _flag,
    **dict.fromkeys(("minor", "invited_only", "through_only"), _words(KNOWN_CLASSES)),
    **dict.fromkeys(("tracks_through", "tracks_ends"), _words(GRADES | {UNMARKED})),
    "blocking_barriers": _words(),
    "speeds_kmh": _speeds(0, KNOWN_CLASSES),
    **dict.fromkeys(("service_kmh", "surface_kmh", "smoothness_kmh"), _speeds(0)),
    "tracktype_kmh": _speeds(0, GRADES),
    "hours": _hours,
}
assert CHECKS.keys() == {field.name for field in fields(Profile)}  # noqa: S101 - a value without a check is ours to mend

SMALL_VAN = profile_named("small_van")
