"""
Marks on a map: numbered stops that do not hide each other, and names where there is room for them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
import shapely

from api.papers.frame import Frame, Points

RADIUS = 14.0
GAP = 2.0
TEXT_SIZE = 16.0
LETTER_WIDTH = 0.53
"""Mean width of a letter over the text size, in the sans serif of a phone; print runs narrower."""
HALF = TEXT_SIZE * 0.62
RISE = TEXT_SIZE * 0.34
"""From the middle of a line of text to its edge, and to its base line."""
NAME_LIMIT = 30
ROUNDS = 120
TAG_WIDE, DIGIT_WIDE, TAG_HIGH = 24, 9, 22
TAG_GAP = 2
TAG_TRIES = 100
GOLDEN = 0.618
"""Steps of this part of a whole, taken round and round, never come near an earlier one."""
NOWHERE = (-99.0, -99.0)
"""Off every sheet: where the tag of a way stands that goes nowhere."""


@dataclass(frozen=True)
class Box:
    """Hold a rectangle of the sheet that is taken."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def within(self, frame: Frame) -> bool:
        return (
            self.left >= 2
            and self.right <= frame.width - 2
            and self.top >= 2
            and self.bottom <= frame.height - 2
        )


@dataclass(frozen=True)
class Name:
    """Hold a name, the point at which its text begins, ends or is centred, and which of the three."""

    text: str
    x: float
    y: float
    anchor: str


def spread(points: Points, frame: Frame) -> Points:
    """
    Push discs of ``RADIUS`` apart until none covers another, and keep them on the sheet.

    A crowd that finds no room after ``ROUNDS`` rounds stays a little tight. O(n²) a round.
    """
    discs = points + np.column_stack((np.arange(len(points)), np.arange(len(points))[::-1])) * 1e-3
    room = 2 * RADIUS + GAP
    for _ in range(ROUNDS):
        apart = discs[:, None, :] - discs[None, :, :]
        far = np.linalg.norm(apart, axis=2)
        np.fill_diagonal(far, np.inf)
        push = np.clip(room - far, 0, None)
        if not push.any():
            break
        discs = discs + (apart / np.maximum(far, 1e-6)[:, :, None] * push[:, :, None] * 0.5).sum(axis=1)
        low, high = RADIUS + GAP, np.array([frame.width, frame.height]) - RADIUS - GAP
        discs = np.clip(discs, low, high)
    return discs


def tag_places(ways: Sequence[Points]) -> tuple[tuple[float, float], ...]:
    """
    Put a tag on each way where it covers no other; each begins to look at another part of its way.

    A way on which ``TAG_TRIES`` places are all taken has its tag over another.
    """
    taken: list[Box] = []
    places: list[tuple[float, float]] = []
    for number, rows in enumerate(ways, start=1):
        tries = _along(rows, number / (len(ways) + 1))
        wide = tag_width(str(number))
        free = (spot for spot in tries if not any(_tag_box(*spot, wide).meets(other) for other in taken))
        places.append(next(free, tries[0]))
        taken.append(_tag_box(*places[-1], wide))
    return tuple(places)


def tag_width(tag: str) -> int:
    """Return how wide the frame of a tag is: the same for one digit and for two."""
    return TAG_WIDE + DIGIT_WIDE * max(0, len(tag) - 2)


def _along(rows: Points, part: float) -> list[tuple[float, float]]:
    """Return places along a way, the first at a part of it, the others spread over the whole."""
    if not len(rows):
        return [NOWHERE]
    parts = (part + np.arange(TAG_TRIES) * GOLDEN) % 1
    spots = np.round(rows[(parts * (len(rows) - 1)).astype(int)], 1).tolist()
    return [(x, y) for x, y in spots]


def _tag_box(x: float, y: float, wide: int) -> Box:
    half, high = (wide + TAG_GAP) / 2, (TAG_HIGH + TAG_GAP) / 2
    return Box(x - half, y - high, x + half, y + high)


def shortened(text: str, limit: int = NAME_LIMIT) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip(" ,–-") + "…"


def text_width(text: str, size: float = TEXT_SIZE) -> float:
    return len(text) * size * LETTER_WIDTH


def place_names(
    wanted: Sequence[tuple[str, float, float, float]],
    taken: Iterable[Box],
    frame: Frame,
    ways: shapely.Geometry,
    bearable: float = inf,
) -> tuple[Name, ...]:
    """
    Write each name beside its point where it covers no mark and the least of the ways; else leave it out.

    ``wanted`` holds the text, the point and the distance to keep from it, the most important first.
    A name that would cover more than ``bearable`` units of the ways is left out too.
    """
    full = list(taken)
    names: list[Name] = []
    for text, x, y, away in wanted:
        tries = [
            (shapely.clip_by_rect(ways, box.left, box.top, box.right, box.bottom).length, at, name, box)
            for at, (name, box) in enumerate(_tries(shortened(text), x, y, away))
            if box.within(frame) and not any(box.meets(other) for other in full)
        ]
        covered, _, name, box = min(tries, default=(inf, 0, None, None))
        if text and name and box and covered <= bearable:
            names.append(name)
            full.append(box)
    return tuple(names)


def name_box(name: Name) -> Box:
    """Return what a placed name covers."""
    width = text_width(name.text)
    left = name.x - {"start": 0.0, "middle": width / 2, "end": width}[name.anchor]
    middle = name.y - RISE
    return Box(left, middle - HALF, left + width, middle + HALF)


def _tries(text: str, x: float, y: float, away: float) -> Iterable[tuple[Name, Box]]:
    """Try right, left, below, above, then the four corners."""
    slant = away * 0.75
    for dx, dy, anchor in (
        (away, 0.0, "start"),
        (-away, 0.0, "end"),
        (0.0, away + HALF, "middle"),
        (0.0, -away - HALF, "middle"),
        (slant, slant + HALF / 2, "start"),
        (slant, -slant - HALF / 2, "start"),
        (-slant, slant + HALF / 2, "end"),
        (-slant, -slant - HALF / 2, "end"),
    ):
        name = Name(text, round(x + dx, 1), round(y + dy + RISE, 1), anchor)
        yield name, name_box(name)
