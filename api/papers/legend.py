"""
The legend of a map: what its lines and marks mean, and how long a kilometre is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import log10

from api.papers.frame import Frame
from api.papers.marks import text_width
from api.papers.words import Words

ROW = 30.0
SIDE = 10.0
SAMPLE = 54.0
"""Width of the drawn sample before the words of an entry."""


@dataclass(frozen=True)
class Entry:
    """Hold one thing to explain: what is drawn (``line``, ``announced`` or ``stop``) and its words."""

    kind: str
    text: str
    colour: str = ""
    tag: str = ""


@dataclass(frozen=True)
class Key:
    """Hold an entry and where it begins under the map."""

    entry: Entry
    x: float
    y: float


def lay_out(entries: Iterable[Entry], width: float) -> tuple[tuple[Key, ...], float]:
    """Lay entries out in rows; return them and the height needed, with a last row for scale and source."""
    keys: list[Key] = []
    x, y = SIDE, ROW / 2 + 4
    for entry in entries:
        wide = SAMPLE + 8 + text_width(entry.text)
        if x > SIDE and x + wide > width - SIDE:
            x, y = SIDE, y + ROW
        keys.append(Key(entry, round(x, 1), y))
        x += wide + 14
    return tuple(keys), y + 1.5 * ROW


def scale(frame: Frame, words: Words) -> tuple[float, str]:
    """Choose a round length of at most a sixth of the sheet; return metres and words."""
    most_m = frame.width / 6 / frame.units_per_m
    power = 10 ** int(log10(most_m))
    length_m = next(power * step for step in (5, 2, 1) if power * step <= most_m)
    if length_m >= 1000:
        return length_m, f"{words.number(length_m / 1000)}\N{NO-BREAK SPACE}km"
    return length_m, f"{words.number(length_m)}\N{NO-BREAK SPACE}m"
