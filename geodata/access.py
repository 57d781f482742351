"""
Who may use a way: the words of OpenStreetMap's access tags, and one-ways with their exceptions.

A vehicle brings its keys, the most special first (``goods``, ``motorcar``, ``motor_vehicle`` …): the first
that a way has decides. What holds at certain hours only (``…:conditional``) is not read.
"""

from collections.abc import Sequence
from enum import Enum

from geodata.survey import Tags

ACCESS_KEYS = ("hgv", "goods", "motorcar", "motor_vehicle", "bicycle", "vehicle", "access")
"""All keys that a vehicle may obey."""

SENSES = ("forward", "backward")

EVERYBODYS = frozenset(
    {"primary", "primary_link", "secondary", "secondary_link", "tertiary", "tertiary_link"}
    | {"unclassified", "residential", "living_street", "road", "service"}
)
SIZE_KEYS = ("maxheight", "maxwidth", "maxweight", "maxweightrating", "motorroad")

OPEN_WORDS = frozenset({"yes", "permissive", "designated", "official", "public"})
GUEST_WORDS = frozenset({"destination", "delivery", "customers", "visitors"})
"""Open to who has business there."""

OWNER_WORDS = frozenset(
    {"private", "residents", "resident", "agricultural", "forestry", "agricultural;forestry"}
    | {"employees", "staff", "members", "tenants"}
)
"""Open to who lives or works there, and so to who is sent for by them: a van that fetches from a farm."""

CLOSED_WORDS = frozenset(
    {"no", "military", "emergency", "permit", "psv", "bus", "taxi", "hov", "restricted", "use_sidepath"}
)

ONE_WAY = {"yes": (True, False), "true": (True, False), "1": (True, False), "-1": (False, True),
           "reverse": (False, True), "reversible": (False, False)}  # fmt: skip
TWO_WAY_WORDS = frozenset({"no", "false", "0", "alternating"})
CYCLEWAYS = ("cycleway", "cycleway:left", "cycleway:right", "cycleway:both")


class Verdict(Enum):
    """Hold what the access tags say to one vehicle."""

    UNSAID = "unsaid"
    OPEN = "open"
    GUEST = "guest"
    OWNER = "owner"
    CLOSED = "closed"

    @property
    def ends_only(self) -> bool:
        return self in (Verdict.GUEST, Verdict.OWNER)


WORDS = {
    **dict.fromkeys(CLOSED_WORDS, Verdict.CLOSED),
    **dict.fromkeys(OWNER_WORDS, Verdict.OWNER),
    **dict.fromkeys(GUEST_WORDS, Verdict.GUEST),
    **dict.fromkeys(OPEN_WORDS | {"dismount"}, Verdict.OPEN),
}
KINDEST = (Verdict.OPEN, Verdict.GUEST, Verdict.OWNER, Verdict.CLOSED)


def access_word(tags: Tags, keys: Sequence[str], sense: str = "") -> str:
    """Return what the most special access tag with a known word says in one sense, or an empty word."""
    for key in keys:
        for told in (f"{key}:{sense}", key):
            if told in tags and any(word.strip() in WORDS for word in tags[told].split(";")):
                return tags[told]
    return ""


def verdict(tags: Tags, keys: Sequence[str], sense: str = "") -> Verdict:
    """Judge a way or a barrier in one sense; of several words the kindest holds; unknown ones say nothing."""
    words = access_word(tags, keys, sense).split(";")
    found = {WORDS[word.strip()] for word in words if word.strip() in WORDS}
    return next((kind for kind in KINDEST if kind in found), Verdict.UNSAID)


def is_open_to_all(tags: Tags) -> bool:
    """Tell whether every motor vehicle and every bicycle may use a way, whatever its size."""
    return tags.get("highway") in EVERYBODYS and not any(
        key.partition(":")[0] in (*ACCESS_KEYS, *SIZE_KEYS) for key in tags
    )


def has_host(tags: Tags) -> bool:
    """Tell whether a word opens the way to guests or to its owner only, for any vehicle."""
    keys = [key for key in tags if key.partition(":")[0] in ACCESS_KEYS]
    return any(
        WORDS.get(word.strip(), Verdict.UNSAID).ends_only for key in keys for word in tags[key].split(";")
    )


def directions(tags: Tags, keys: Sequence[str] = ()) -> tuple[bool, bool]:
    """
    Return whether a way is driven forward and backward by the vehicle of these keys.

    Roundabouts and motorways imply one way; their links say it themselves. ``oneway:bicycle`` and the like
    win over ``oneway``; a lane against the traffic (``cycleway=opposite_lane``) frees bicycles.
    """
    special = (tags[f"oneway:{key}"] for key in keys if f"oneway:{key}" in tags)
    word = next(special, None)
    if word is None and "bicycle" in keys and _cycled_against(tags):
        return (True, True)
    word = tags.get("oneway", "") if word is None else word
    if word in ONE_WAY:
        return ONE_WAY[word]
    implied = tags.get("junction") in ("roundabout", "circular") or tags.get("highway") == "motorway"
    return (True, not implied or word in TWO_WAY_WORDS)


def _cycled_against(tags: Tags) -> bool:
    lanes = any(tags.get(key, "").startswith("opposite") for key in CYCLEWAYS)
    return lanes or any(tags.get(f"{key}:oneway") in ("no", "-1") for key in CYCLEWAYS)
