"""Which roads a vehicle may take, and how fast it really goes there: pure values, calibrated in the open."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from zlib import crc32

Tags = Mapping[str, str]

MPH_KMH = 1.609344
SLOWEST_KMH = 5.0
"""Nobody drives slower on a road, whatever its tags say."""

ZONE_LIMITS_KMH = {"urban": 50, "rural": 80, "trunk": 110, "motorway": 130, "living_street": 20, "walk": 6}
"""Legal limits written as a zone (``FR:urban``), French values."""

MOTOR_KEYS = ("motorcar", "motor_vehicle", "vehicle", "access")
"""Access tags from the most special to the most general; the first one present decides."""

CLOSED = frozenset(
    {"no", "private", "agricultural", "forestry", "military", "emergency", "permit", "psv", "bus"}
)
INVITED = frozenset({"yes", "permissive", "designated", "destination", "delivery", "customers"})
BLOCKING_BARRIERS = frozenset(
    {
        "block",
        "bollard",
        "bus_trap",
        "debris",
        "fence",
        "jersey_barrier",
        "log",
        "planter",
        "tank_trap",
        "wall",
    }
    | {"cycle_barrier", "full-height_turnstile", "horse_stile", "kissing_gate", "motorcycle_barrier", "stile"}
    | {"turnstile", "wicket_gate"}
)


@dataclass(frozen=True)
class Profile:
    """
    Hold where one kind of vehicle may go, and its mean speeds in km/h by highway class.

    ``limit_share`` is the mean speed as a share of the signed limit, ``free_limit_share`` that on
    ``through_only`` classes, which have no crossings and where no stop is made (nor in a tunnel). On main
    roads the signed limit decides; on ``minor`` ones it can only slow down, because a hill lane
    without a sign carries the legal 80 that nobody drives. ``unsigned_closed`` classes are open only where
    a tag invites.
    """

    name: str
    speeds_kmh: Mapping[str, float]
    top_kmh: float
    limit_share: float
    free_limit_share: float
    minor: frozenset[str]
    unsigned_closed: frozenset[str]
    through_only: frozenset[str]

    @property
    def fingerprint(self) -> str:
        """Return a word that changes with any of the values, the same in every process."""
        values = {
            key: sorted(value) if isinstance(value, frozenset) else value for key, value in vars(self).items()
        }
        return f"{self.name}-{crc32(json.dumps(values, sort_keys=True).encode()):08x}"

    def knows(self, tags: Tags) -> bool:
        """Tell whether a way is a road at all, whoever may drive on it."""
        return tags.get("highway", "") in self.speeds_kmh

    def may_enter(self, tags: Tags) -> bool:
        """Tell whether the vehicle may drive on a way, to deliver at least."""
        if not self.knows(tags) or tags.get("area") == "yes":
            return False
        word = access_word(tags)
        if tags["highway"] in self.unsigned_closed:
            return word in INVITED or (word == "" and tags.get("tracktype") in ("grade1", "grade2"))
        return word not in CLOSED

    def may_pass(self, tags: Tags) -> bool:
        """Tell whether the vehicle passes the barrier of a node: a gate opens, a bollard does not."""
        word = access_word(tags)
        if tags.get("barrier") in BLOCKING_BARRIERS:
            return word in INVITED
        return word not in CLOSED

    def may_stop(self, tags: Tags) -> bool:
        return tags.get("highway", "") not in self.through_only and tags.get("tunnel", "no") != "yes"

    def speed_kmh(self, tags: Tags) -> float:
        """Return the mean speed on a way, from its class and its signed limit."""
        road_class = tags.get("highway", "")
        usual = self.speeds_kmh[road_class]
        limit = signed_limit_kmh(tags)
        if limit is not None:
            free = road_class in self.through_only
            signed = limit * (self.free_limit_share if free else self.limit_share)
            usual = min(usual, signed) if road_class in self.minor else signed
        return max(SLOWEST_KMH, min(usual, self.top_kmh))


SMALL_VAN = Profile(
    name="small_van",
    speeds_kmh={
        "motorway": 100, "motorway_link": 50, "trunk": 75, "trunk_link": 45,
        "primary": 52, "primary_link": 34, "secondary": 46, "secondary_link": 32,
        "tertiary": 40, "tertiary_link": 28, "unclassified": 34, "residential": 24,
        "living_street": 12, "service": 14, "road": 24, "track": 12, "pedestrian": 6,
    },
    top_kmh=110,
    limit_share=0.72,
    free_limit_share=0.85,
    minor=frozenset(
        {"unclassified", "residential", "living_street", "service", "road", "track", "pedestrian"}
    ),
    unsigned_closed=frozenset({"track", "pedestrian"}),
    through_only=frozenset({"motorway", "motorway_link"}),
)  # fmt: skip
"""
A van of up to 3.5 tonnes, laden, by day, without queues.

The speeds are ours. A way without a signed limit takes the mean of what its class carries in a
county: a primary road is half 50 in villages and half 80 between them, with bends, lights and
roundabouts, so about 52. Of a signed limit, 72 % is driven on average where roads cross, and 85 % on
motorways; free routing engines take 80 % or more for a car. Example: Albi to Castres, 41 km
under limits of 90 and 50, takes 43 minutes. There is no hour of the day, and no cost of a turn.
"""


def access_word(tags: Tags) -> str:
    """Return what the most special access tag says for a motor vehicle, or an empty word."""
    return next((tags[key] for key in MOTOR_KEYS if key in tags), "")


def signed_limit_kmh(tags: Tags) -> float | None:
    """Return the ``maxspeed`` of a way in km/h; ``None`` where there is none that we understand."""
    text = tags.get("maxspeed", "").strip()
    number = re.match(r"(\d+(?:\.\d+)?)\s*(mph|km/h|kmh|kph)?\s*(?:;.*)?$", text)
    if number:
        limit = float(number[1]) * (MPH_KMH if number[2] == "mph" else 1.0)
        return limit if limit > 0 else None
    zone = text.rpartition(":")[2]
    return float(ZONE_LIMITS_KMH[zone]) if zone in ZONE_LIMITS_KMH else None


# TEMPORARY until the other branch lands
@dataclass(frozen=True)
class Passage:
    forward_kmh: float
    backward_kmh: float
    ends_only: bool
    may_stop: bool
    speed_signed: bool


def may_be_ends_only(tags: Tags) -> bool:
    return tags.get("access") == "private"


class _Van:
    name = "small_van"
    fingerprint = "small_van-0"

    def passage(self, tags, country="FR"):
        kmh = float(tags.get("kmh", 36))
        one = tags.get("oneway") == "yes"
        return Passage(kmh, 0.0 if one else kmh, tags.get("access") == "private", True, False)

    def passes(self, barrier):
        return False

    def heeds(self, exempt):
        return not exempt

    def factor(self, road_class, hour):
        return 1.0


SMALL_VAN = _Van()
