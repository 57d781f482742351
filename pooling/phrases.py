"""
Words as facts of a sentence: phrases that a catalogue translates, and what people wrote, cut short.
"""

from datetime import date, datetime

EXCERPT_LIMIT = 60


class Weekday(date):
    """Hold a day that is said with its weekday."""

    @classmethod
    def of(cls, day: date) -> "Weekday":
        return cls(day.year, day.month, day.day)

    @classmethod
    def read(cls, text: str) -> "Weekday":
        """Return the day that was written down; ``ValueError`` where it is none."""
        return cls.of(datetime.strptime(f"{text} +0000", "%A %d %B %Y %z").date())

    def __str__(self) -> str:
        return f"{self.strftime('%A')} {self.day} {self.strftime('%B')} {self.year}"

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)


class Phrases(tuple[str, ...]):
    """Hold English words or phrases that read as a list, ``a, b``."""

    __slots__ = ()

    def __str__(self) -> str:
        return ", ".join(self)

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)


class Notes(tuple[tuple[str, Phrases], ...]):
    """Hold names, each with phrases that are said of it: ``A (x, y); B (x)``."""

    __slots__ = ()

    def __str__(self) -> str:
        return "; ".join(f"{name} ({phrases})" for name, phrases in self)

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)


def message(english: str) -> str:
    """Mark a phrase for the catalogue and return it as it is."""
    return english


def excerpt(text: str) -> str:
    """Return what somebody wrote, short enough to stand in a sentence."""
    return text if len(text) <= EXCERPT_LIMIT else f"{text[: EXCERPT_LIMIT - 1]}…"
