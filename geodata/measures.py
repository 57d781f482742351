"""Measures as mappers write them: metres, tonnes, minutes. Nonsense is ``None``, never an error."""

import re
from math import isfinite

FOOT_M = 0.3048
INCH_M = 0.0254
TONNES = {"": 1.0, "t": 1.0, "kg": 0.001, "st": 0.90718474, "lt": 1.0160469, "lb": 0.00045359237,
          "lbs": 0.00045359237}  # fmt: skip
METRES = {"": 1.0, "m": 1.0, "cm": 0.01, "ft": FOOT_M, "in": INCH_M}

NUMBER = r"(\d{1,9}(?:[.,]\d{1,9})?)"
PLAIN = re.compile(rf"{NUMBER}\s*([a-z]*)", re.ASCII)
FEET = re.compile(rf"{NUMBER}\s*(?:'|ft)\s*(?:{NUMBER}\s*(?:\"|''|in)?)?", re.ASCII)
ISO_DURATION = re.compile(r"p(?:(\d{1,4})d)?(?:t(?:(\d{1,4})h)?(?:(\d{1,5})m)?(?:(\d{1,6})s)?)?", re.ASCII)
CLOCK = re.compile(r"(\d{1,3}):(\d{2})(?::(\d{2}))?", re.ASCII)


def metres_written(text: str) -> float | None:
    """Return the metres of ``2.5``, ``2.5 m``, ``250 cm`` or ``8'2"``; none for ``default`` and the like."""
    words = text.strip().lower()
    feet = FEET.fullmatch(words)
    if feet:
        return _positive(_number(feet[1]) * FOOT_M + _number(feet[2] or "0") * INCH_M)
    return _with_unit(words, METRES)


def tonnes_written(text: str) -> float | None:
    """Return the tonnes of ``3.5``, ``3,5 t``, ``3500 kg`` or ``7.5 st``."""
    return _with_unit(text.strip().lower(), TONNES)


def seconds_written(text: str) -> float | None:
    """Return the seconds of ``PT1H25M``, ``00:25``, ``1:05:30`` or plain minutes."""
    words = text.strip().lower()
    iso, clock = ISO_DURATION.fullmatch(words), CLOCK.fullmatch(words)
    if iso:
        days, hours, minutes, seconds = (int(part or 0) for part in iso.groups())
        return _positive(((days * 24 + hours) * 60 + minutes) * 60 + seconds)
    if clock:
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return _positive((hours * 60 + minutes) * 60 + seconds)
    return _with_unit(words, {"": 60.0, "min": 60.0, "h": 3600.0})


def _with_unit(words: str, units: dict[str, float]) -> float | None:
    found = PLAIN.fullmatch(words)
    if not found or found[2] not in units:
        return None
    return _positive(_number(found[1]) * units[found[2]])


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _positive(value: float) -> float | None:
    return value if isfinite(value) and value > 0 else None
