"""
How one kind of vehicle uses the roads: may it pass, may it stop, how fast does it go.

A pure judgement of tags by the values of a table; the tables are in ``data/profiles``.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from zlib import crc32

from geodata.access import SENSES, Verdict, access_word, directions, verdict
from geodata.maxspeed import HOME_COUNTRY, legal_kmh, limit_kmh
from geodata.measures import metres_written, tonnes_written
from geodata.survey import Tags
from geodata.traits import FERRY, FERRY_KMH, PRIVATE_DRIVE, class_of

SLOWEST_KMH = 5.0
"""Nobody drives slower on a road, whatever its tags say: at worst one pushes."""

UNMARKED = "unmarked"
"""How the tables call a track without a grade."""


@dataclass(frozen=True)
class Passage:
    """
    Tell how one kind of vehicle uses a way: mean speeds, 0.0 where a sense is closed.

    ``ends_only`` ways are driven only at the beginning or the end of a route; ``may_stop`` tells whether a
    delivery can be made there; ``speed_signed`` whether a written limit decided.
    """

    forward_kmh: float
    backward_kmh: float
    ends_only: bool
    may_stop: bool
    speed_signed: bool


NO_PASSAGE = Passage(0.0, 0.0, ends_only=False, may_stop=False, speed_signed=False)


@dataclass(frozen=True)
class Hours:
    """Hold a factor on the seconds of some classes (none means all) from one local hour until another."""

    opens: int
    closes: int
    factor: float
    classes: frozenset[str] = frozenset()

    def holds(self, road_class: str, hour: int) -> bool:
        """Tell whether the factor applies; hours may run past midnight."""
        inside = (hour - self.opens) % 24 < ((self.closes - self.opens) % 24 or 24)
        return inside and (not self.classes or road_class in self.classes)


@dataclass(frozen=True)
class Profile:
    """
    Hold the table of one kind of vehicle; ``data/profiles/small_van.toml`` explains each value.

    ``limit_share`` is the mean speed as a share of the limit, ``free_limit_share`` that on
    ``through_only`` classes, where nobody crosses and no stop is made. On main roads a
    signed limit decides; on ``minor`` ones it only slows down, because a hill lane without a sign carries the
    legal 80 that nobody drives.
    """

    name: str
    access: tuple[str, ...]
    exempt: frozenset[str]
    height_m: float
    width_m: float
    weight_t: float
    pace: float
    top_kmh: float
    limit_share: float
    free_limit_share: float
    motorroad: bool
    minor: frozenset[str]
    invited_only: frozenset[str]
    through_only: frozenset[str]
    tracks_through: frozenset[str]
    tracks_ends: frozenset[str]
    blocking_barriers: frozenset[str]
    speeds_kmh: Mapping[str, float]
    service_kmh: Mapping[str, float]
    surface_kmh: Mapping[str, float]
    smoothness_kmh: Mapping[str, float]
    tracktype_kmh: Mapping[str, float]
    hours: tuple[Hours, ...] = ()

    @property
    def fingerprint(self) -> str:
        """Return a word that changes with any of the values, the same in every process."""
        told = json.dumps(asdict(self), sort_keys=True, default=sorted)
        return f"{self.name}-{crc32(told.encode()):08x}"

    def passage(self, tags: Tags, country: str = HOME_COUNTRY) -> Passage:
        """Judge a way by its traits, under the legal speeds of a country."""
        usual = self._usual_kmh(tags)
        if usual <= 0 or not self._fits(tags) or (tags.get("motorroad") == "yes" and not self.motorroad):
            return NO_PASSAGE
        verdicts = [self._verdict(tags, sense) for sense in SENSES]
        senses = directions(tags, self.access)
        forward, backward = (senses[at] and verdicts[at] is not Verdict.CLOSED for at in (0, 1))
        if not (forward or backward):
            return NO_PASSAGE
        limits = [limit_kmh(tags, sense, country) for sense in SENSES]
        return Passage(
            forward_kmh=self._kmh(tags, usual, limits[0], country) if forward else 0.0,
            backward_kmh=self._kmh(tags, usual, limits[1], country) if backward else 0.0,
            ends_only=(forward and verdicts[0].ends_only) or (backward and verdicts[1].ends_only),
            may_stop=self._may_stop(tags),
            speed_signed=class_of(tags) != FERRY and any(limit is not None for limit in limits),
        )

    def passes(self, barrier: Tags) -> bool:
        """Tell whether the vehicle passes what stands at a junction: a gate opens, a bollard does not."""
        found = verdict(barrier, self.access)
        if found is Verdict.OWNER and barrier.get(PRIVATE_DRIVE) != "yes":
            return False
        if found is Verdict.CLOSED or not self._fits(barrier):
            return False
        invited = found is not Verdict.UNSAID
        if barrier.get("barrier") in self.blocking_barriers:
            return invited or any(key.startswith(("maxheight", "maxwidth")) for key in barrier)
        return invited or barrier.get("locked") != "yes"

    def heeds(self, exempt: frozenset[str]) -> bool:
        """Tell whether a turn restriction with these exceptions binds the vehicle."""
        return not self.exempt & exempt

    def factor(self, road_class: str, hour: int) -> float:
        """Return by what the seconds on a class of road are multiplied at a local hour."""
        return next((row.factor for row in self.hours if row.holds(road_class, hour)), 1.0)

    def _verdict(self, tags: Tags, sense: str) -> Verdict:
        """Return what the tags say, and where they say nothing, what the class does."""
        found = verdict(tags, self.access, sense)
        road_class = class_of(tags)
        if road_class == "track" and found in (Verdict.UNSAID, Verdict.OWNER):
            grade = tags.get("tracktype", UNMARKED)
            if grade in self.tracks_through:
                return found
            return Verdict.OWNER if grade in self.tracks_ends else Verdict.CLOSED
        if road_class in self.invited_only and found not in (Verdict.OPEN, Verdict.GUEST):
            return Verdict.CLOSED
        return found

    def _usual_kmh(self, tags: Tags) -> float:
        road_class = class_of(tags)
        usual = self.speeds_kmh.get(road_class, 0.0)
        return self.service_kmh.get(tags.get("service", ""), usual) if road_class == "service" else usual

    def _kmh(self, tags: Tags, usual: float, limit: float | None, country: str) -> float:
        road_class = class_of(tags)
        if road_class == FERRY:
            return float(tags.get(FERRY_KMH, usual))
        share = self.free_limit_share if road_class in self.through_only else self.limit_share
        if limit is None:
            usual = min(usual, share * legal_kmh(road_class, country))
        else:
            usual = min(usual, share * limit) if road_class in self.minor else share * limit
        caps = [cap for cap in self._caps(tags) if cap is not None]
        if access_word(tags, self.access) == "dismount":
            caps.append(SLOWEST_KMH)
        return max(SLOWEST_KMH, min(usual * self.pace, self.top_kmh, *caps))

    def _caps(self, tags: Tags) -> tuple[float | None, ...]:
        return (
            self.surface_kmh.get(tags.get("surface", "")),
            self.smoothness_kmh.get(tags.get("smoothness", "")),
            self.tracktype_kmh.get(tags.get("tracktype", "")) if class_of(tags) == "track" else None,
        )

    def _may_stop(self, tags: Tags) -> bool:
        road_class = class_of(tags)
        kept = road_class in self.through_only or road_class == FERRY or tags.get("motorroad") == "yes"
        return not kept and tags.get("tunnel", "no") != "yes"

    def _fits(self, tags: Tags) -> bool:
        """Tell whether the vehicle fits through what is written, and no cap closes the way."""
        fits = all(
            limit is None or own <= limit
            for own, read, keys in (
                (self.height_m, metres_written, ("maxheight", "maxheight:physical")),
                (self.width_m, metres_written, ("maxwidth", "maxwidth:physical")),
                (self.weight_t, tonnes_written, ("maxweight", "maxweightrating")),
            )
            for limit in (read(tags[key]) for key in keys if key in tags)
        )
        return fits and 0 not in self._caps(tags)
