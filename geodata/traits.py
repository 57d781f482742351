"""Which ways a survey holds, and which of their tags: what any vehicle might ask for, and nothing else."""

import re

from geodata.access import ACCESS_KEYS, CYCLEWAYS, OPEN_WORDS, SENSES, Verdict, verdict
from geodata.maxspeed import IMPLIED_KEYS
from geodata.survey import Tags

FERRY = "ferry"

ROAD_CLASSES = frozenset(
    {"motorway", "motorway_link", "trunk", "trunk_link", "primary", "primary_link", "secondary"}
    | {"secondary_link", "tertiary", "tertiary_link", "unclassified", "residential", "living_street"}
    | {"service", "road", "track", "pedestrian", "cycleway"}
)
PATH_CLASSES = frozenset({"path", "footway", "bridleway"})
"""Held only where a bicycle is invited."""

KNOWN_CLASSES = ROAD_CLASSES | PATH_CLASSES | {FERRY}

TRAIT_KEYS = frozenset(
    {"highway", "route", "junction", "service", "tracktype", "surface", "smoothness", "tunnel", "motorroad"}
    | {"maxspeed", "maxheight", "maxheight:physical", "maxwidth", "maxwidth:physical", "maxweight"}
    | {"maxweightrating", "oneway"}
    | {*CYCLEWAYS, *(f"{key}:oneway" for key in CYCLEWAYS), *ACCESS_KEYS, *IMPLIED_KEYS}
    | {f"oneway:{key}" for key in ACCESS_KEYS}
    | {f"{key}:{sense}" for key in (*ACCESS_KEYS, "maxspeed") for sense in SENSES}
)
FERRY_KMH = "ferry_kmh"
"""A trait that no mapper writes: the speed that a ferry's ``duration`` tells."""

PRIVATE_DRIVE = "private_drive"
"""A trait that no mapper writes: the barrier stands before a way for the ends of routes only."""

BARRIER_KEYS = frozenset(
    {"barrier", "locked", "maxheight", "maxheight:physical", "maxwidth", "maxwidth:physical", "maxweight"}
    | {"maxweightrating", *ACCESS_KEYS}
)
NO_BARRIERS = frozenset({"entrance", "kerb", "toll_booth", "border_control", "cattle_grid", "no"})
"""Written as barriers, yet everybody passes, unless an access tag says no."""

ZONE = re.compile(r"[A-Z]{2}(-[A-Z]{2,3})?:\w+")
PAVED = frozenset({"asphalt", "paved", "concrete"})


def class_of(tags: Tags) -> str:
    """Return the class of a way: its ``highway``, or ``ferry``."""
    return tags.get("highway", FERRY)


def is_known(tags: Tags) -> bool:
    """Tell whether a way is a road, a ferry, or a path that invites bicycles, whoever may drive there."""
    road_class = tags.get("highway", "")
    if tags.get("area") == "yes":
        return False
    if road_class in PATH_CLASSES:
        return tags.get("bicycle") in OPEN_WORDS
    if road_class in ROAD_CLASSES:
        return True
    aboard = (verdict(tags, [key]) for key in ACCESS_KEYS)
    return (
        tags.get("route") == FERRY
        and not road_class
        and any(word not in (Verdict.UNSAID, Verdict.CLOSED) for word in aboard)
    )


def traits_of(tags: Tags, *, ferry_kmh: float | None = None) -> dict[str, str]:
    """Return the tags of a known way that matter, in order, so that equal roads have equal traits."""
    traits = {key: tags[key] for key in sorted(TRAIT_KEYS & tags.keys()) if _says_something(key, tags)}
    if traits.get("highway") not in KNOWN_CLASSES:
        traits.pop("highway", None)
    if "highway" in traits:
        traits.pop("route", None)
    elif ferry_kmh is not None:
        traits[FERRY_KMH] = f"{ferry_kmh:.0f}"
    return traits


def barrier_of(tags: Tags) -> dict[str, str] | None:
    """Return the tags of a barrier that matter, or ``None`` where nobody is kept from passing."""
    if "barrier" not in tags:
        return None
    told = {key: tags[key] for key in sorted(BARRIER_KEYS & tags.keys())}
    if told["barrier"] in NO_BARRIERS:
        words = any(verdict(told, [key]) is not Verdict.OPEN for key in ACCESS_KEYS if key in told)
        return told if words else None
    return told


def _says_something(key: str, tags: Tags) -> bool:
    if key in IMPLIED_KEYS:
        return "maxspeed" not in tags and ZONE.fullmatch(tags[key]) is not None
    if key == "surface":
        return tags[key] not in PAVED
    if key == "junction":
        return tags[key] in ("roundabout", "circular")
    return bool(tags[key])
