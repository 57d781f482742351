"""One line of a table, read field by field; what is wrong is noted with its column, and reading goes on."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeVar

from geodata.refusal import Refusal
from pooling.files.rawline import RawLine
from pooling.hours import DayClock, HourUnreadable
from pooling.names import must_be_name, must_be_printable
from pooling.phrases import Phrases, excerpt, message
from routing.problem import Window

EURO_LIMIT = 1_000_000
EURO = re.compile(
    r"€?\s*(?P<sign>[-+]?)(?P<euro>[0-9]{1,12}|[0-9]{1,3}(\s[0-9]{3})+)([.,](?P<fraction>[0-9]{1,2}))?\s*€?"
)
"""At most two decimals: ``1,500`` may be meant as one euro and a half or as fifteen hundred."""
WHOLE = re.compile(r"[-+]?[0-9]{1,15}([.,]0{1,2})?")
PARTS = re.compile(r"(?P<whole>[-+]?[0-9]{1,15})([.,](?P<fraction>[0-9]{1,2}))?")

WHOLE_NUMBER = message("whole number")
WHOLE_UNITS = message("number with two decimals at most, of which whole units are kept")
DEGREES = message("degree")
EURO_AMOUNT = message("amount in euro")
KINDS = (WHOLE_NUMBER, WHOLE_UNITS, DEGREES, EURO_AMOUNT)
"""What a field is said to be no such thing as."""

Word = TypeVar("Word", bound=StrEnum)


class FieldMissing(Refusal):
    code = "field_missing"
    reason = "{column} is empty."
    cure = "Fill it in."


class NotANumber(Refusal):
    code = "not_a_number"
    reason = "{column}: “{text}” is no {kind}."
    cure = "Write it such as {example}."


class OutOfRange(Refusal):
    code = "amount_out_of_range"
    reason = "{column} is {value}; it lies between {low} and {high}."
    cure = "Correct it, or split it into several lines."


class NotOneOf(Refusal):
    code = "not_one_of"
    reason = "{column}: “{text}” is not known."
    cure = "Write one of: {choices}."


class NotADate(Refusal):
    code = "not_a_date"
    reason = "{column}: “{text}” is no date."
    cure = "Write year, month and day, such as 2026-11-21."


class HoursReversed(Refusal):
    code = "hours_reversed"
    reason = "The hours end before they begin: {opens} to {closes}."
    cure = "Write the earlier hour first ({opens_column}), the later one second ({closes_column})."


@dataclass(frozen=True)
class BadLine:
    """Hold what is wrong in a line: the table, the line as an editor numbers it, the column, the refusal."""

    table: str
    line: int
    column: str
    refusal: Refusal


@dataclass
class Line:
    """
    Read the fields of one line.

    Each reader returns a value of its type and notes what is wrong; a line with anything noted is
    ``bad`` and must not be used.
    """

    table: str
    raw: RawLine
    found: list[BadLine] = field(default_factory=list)

    @property
    def bad(self) -> bool:
        return bool(self.found) or self.raw.wrong is not None

    def refuse(self, column: str, refusal: Refusal) -> None:
        self.found.append(BadLine(self.table, self.raw.number, column, refusal))

    def take(self, column: str, make: Callable[[], object]) -> None:
        """Note the refusal that making a value raises, if it does."""
        try:
            make()
        except Refusal as refusal:
            self.refuse(column, refusal)

    def has(self, column: str) -> bool:
        return bool(self.raw.cells.get(column))

    def text(self, column: str, default: str | None = None) -> str:
        text = self.raw.cells.get(column, "")
        if not text and default is not None:
            return default
        if not text:
            self.refuse(column, FieldMissing(column=column))
        else:
            self.take(column, lambda: must_be_printable(column, text))
        return text

    def name(self, column: str, default: str | None = None) -> str:
        """Read a text that is shown as somebody's name for something."""
        before = len(self.found)
        text = self.text(column, default)
        if text and len(self.found) == before:
            self.take(column, lambda: must_be_name(column, text))
        return text

    def whole(self, column: str, low: int, high: int, default: int | None = None) -> int:
        text = self.raw.cells.get(column, "")
        if not text and default is not None:
            return default
        if not text:
            self.refuse(column, FieldMissing(column=column))
            return low
        if not WHOLE.fullmatch(text):
            self._no_number(column, WHOLE_NUMBER, "12")
            return low
        return self._in_range(column, int(re.split("[.,]", text)[0]), low, high)

    def units(self, column: str, low: int, high: int, default: int, *, up: bool) -> int:
        """Read a measure in whole units: ``12,5`` kilos of goods are 13 of load, of free room 12."""
        text = self.raw.cells.get(column, "")
        if not text:
            return default
        found = PARTS.fullmatch(text)
        if found is None:
            self._no_number(column, WHOLE_UNITS, "12 or 12.5")
            return low
        hundredths = int(found["whole"] + (found["fraction"] or "").ljust(2, "0"))
        value = -(-hundredths // 100) if up and hundredths > 0 else hundredths // 100
        return self._in_range(column, value, low, high)

    def degrees(self, column: str) -> float:
        text = self.raw.cells.get(column, "").replace(",", ".")
        if not text:
            self.refuse(column, FieldMissing(column=column))
        elif not re.fullmatch(r"[-+]?\d{1,4}(\.\d*)?", text, re.ASCII):
            self._no_number(column, DEGREES, "43.74")
        else:
            return float(text)
        return 0.0

    def cents(self, column: str, default: int | None = None) -> int:
        """Read euro (``4.50``, ``4,50`` or ``4,50 €``) as whole cents."""
        text = self.raw.cells.get(column, "")
        if not text and default is not None:
            return default
        if not text:
            self.refuse(column, FieldMissing(column=column))
            return 0
        found = EURO.fullmatch(text)
        if found is None:
            self._no_number(column, EURO_AMOUNT, "4.50")
            return 0
        sign, euro, fraction = found["sign"], re.sub(r"\s", "", found["euro"]), found["fraction"] or ""
        value = int(euro) * 100 + int(fraction.ljust(2, "0"))
        if (value and sign == "-") or value > 100 * EURO_LIMIT:
            self.refuse(column, OutOfRange(column=column, value=text, low=0, high=EURO_LIMIT))
            return 0
        return value

    def window(self, clock: DayClock, opens: str, closes: str, default: tuple[str, str]) -> Window:
        """Read two hours as a window in seconds of the day."""
        opens_s = self._hour(clock, opens, default[0])
        closes_s = self._hour(clock, closes, default[1])
        if opens_s is None or closes_s is None:
            return Window()
        if closes_s >= opens_s:
            return Window(opens_s, closes_s)
        reversed_hours = HoursReversed(
            opens=self.raw.cells.get(opens) or default[0],
            closes=self.raw.cells.get(closes) or default[1],
            opens_column=opens,
            closes_column=closes,
        )
        self.refuse(closes, reversed_hours)
        return Window(opens_s, opens_s)

    def one_of(self, column: str, words: type[Word], default: Word | None = None) -> Word:
        text = self.raw.cells.get(column, "").lower()
        if not text and default is not None:
            return default
        for word in words:
            if word.value == text:
                return word
        choices = ", ".join(word.value for word in words)
        self.refuse(column, NotOneOf(column=column, text=excerpt(text), choices=choices))
        return next(iter(words))

    def flag(self, column: str) -> bool:
        text = self.raw.cells.get(column, "").lower()
        if text not in ("", "yes", "no", "oui", "non"):
            self.refuse(column, NotOneOf(column=column, text=excerpt(text), choices="yes, no"))
        return text in ("yes", "oui")

    def day(self, column: str) -> date | None:
        text = self.raw.cells.get(column, "")
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.refuse(column, NotADate(column=column, text=excerpt(text)))
            return None

    def _no_number(self, column: str, kind: str, example: str) -> None:
        text = excerpt(self.raw.cells[column])
        self.refuse(column, NotANumber(column=column, text=text, kind=Phrases((kind,)), example=example))

    def _in_range(self, column: str, value: int, low: int, high: int) -> int:
        if not low <= value <= high:
            self.refuse(column, OutOfRange(column=column, value=value, low=low, high=high))
        return value

    def _hour(self, clock: DayClock, column: str, default: str) -> int | None:
        text = self.raw.cells.get(column, "") or default
        if not text:
            self.refuse(column, FieldMissing(column=column))
            return None
        try:
            return clock.seconds(text)
        except HourUnreadable as refusal:
            self.refuse(column, refusal)
            return None
