"""A drafted tour drawn small: its stops in order on a plain ground, without streets."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians

from pooling.seeding.draft import Stop

WIDE, HIGH, RIM = 320, 240, 14


@dataclass(frozen=True)
class Dot:
    """Hold a stop on the picture; ``loads`` tells that crates come aboard there."""

    x: int
    y: int
    name: str
    loads: bool


@dataclass(frozen=True)
class DraftMap:
    """Hold the picture of a draft: a line through its dots."""

    dots: tuple[Dot, ...]

    @property
    def line(self) -> str:
        return " ".join(f"{dot.x},{dot.y}" for dot in self.dots)


def draft_map(stops: Sequence[Stop]) -> DraftMap:
    """Fit the stops into the picture, north up, both directions at one scale."""
    middle = cos(radians(sum(stop.place.lat for stop in stops) / max(1, len(stops))))
    east = [stop.place.lon * middle for stop in stops]
    north = [stop.place.lat for stop in stops]
    if not stops:
        return DraftMap(())
    span = max((max(east) - min(east)) / (WIDE - 2 * RIM), (max(north) - min(north)) / (HIGH - 2 * RIM))
    scale = 1 / span if span else 0.0
    x0 = (WIDE - (max(east) - min(east)) * scale) / 2
    y0 = (HIGH - (max(north) - min(north)) * scale) / 2
    return DraftMap(
        tuple(
            Dot(
                round(x0 + (lon - min(east)) * scale),
                round(HIGH - y0 - (lat - min(north)) * scale),
                stop.name,
                stop.loaded > 0,
            )
            for stop, lon, lat in zip(stops, east, north, strict=True)
        )
    )
