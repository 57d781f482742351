"""What a driver types of crates that changed hands: counts, who stood there, how warm, what was wrong."""

import hashlib
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

from api.pages.forms import Form, SentFile
from api.pages.said import message
from api.pages.states import CONDITIONS
from api.pages.visit import Visit
from geodata.pins import read_pin
from pooling.desk.runs.photos import send_photo
from pooling.desk.runs.recording import AHEAD_S
from pooling.goods.warmth import COLDEST_TENTHS, WARMEST_TENTHS
from pooling.load import CRATES_LIMIT, Temperature
from pooling.runs.mishaps import NEXT_STEPS, REASONS
from pooling.runs.proof import DIGITS

PLACE_LETTERS_LIMIT = 500
BESIDE = {
    "photo_unreadable": "photo",
    "photo_too_large": "photo",
    "too_many_photos": "photo",
    "happened_later": "happened",
    "happened_before": "happened",
    "happened_too_soon": "happened",
}
"""Beside which field a refusal of a photo or an hour stands."""


def sight_of(visit: Visit, form: Form) -> dict[str, Any]:
    """Read what was seen by the names that the desk knows; what was left empty is not said."""
    next_step, condition = form.value("next_step"), form.value("condition", "good")
    return {
        "crates": form.whole("crates", 0, CRATES_LIMIT),
        "lost": form.whole("lost", 0, CRATES_LIMIT, usual=0),
        "condition": condition if condition in CONDITIONS else "good",
        "receiver": "" if code_typed(form) else form.name("receiver", needed=False),
        "note": form.text("note", limit=500, needed=False),
        "reason": form.choice("reason", REASONS) if form.value("reason") else "",
        "next_step": form.choice("next_step", NEXT_STEPS) if next_step else "",
        "next_with": form.name("next_with", needed=False),
        "temperature_tenths": _tenths(form),
        "empties": _empties(form),
        "happened_at": _happened(visit, form),
        **place_typed(form),
    }


def photo_of(visit: Visit, sent: SentFile, manifest_id: str) -> str:
    """Keep the photo that came with a form, if one did; returns by what a record names it."""
    if not sent.raw:
        return ""
    key = hashlib.sha256(f"{sent.form.ask.key} photo".encode()).hexdigest()
    return send_photo(visit.desk, visit.who, replace(sent.form.ask, key=key), manifest_id, sent.raw)


def code_typed(form: Form, field: str = "receiver") -> str:
    """Return the code, where figures stand in the field for a name or a code."""
    given = form.value(field).replace(" ", "")
    return given if re.fullmatch(rf"\d{{{DIGITS}}}", given) else ""


def _happened(visit: Visit, form: Form) -> int | None:
    """Read at what hour it happened, of the last 24; what was left empty happens now."""
    if not form.value("happened").strip():
        return None
    wall_s, moments = form.hour("happened"), visit.moments
    at = moments.seconds(moments.today, wall_s)
    return at if at <= visit.now_at + AHEAD_S else moments.seconds(moments.today - timedelta(days=1), wall_s)


def place_typed(form: Form) -> dict[str, float | None]:
    """Read where the driver stands, as degrees, a geo: address or the link of a map; empty is not said."""
    given = form.value("place")[:PLACE_LETTERS_LIMIT]
    if not given.strip():
        return {"lat": None, "lon": None}
    pin = read_pin(given)
    if pin is None:
        form.wrong("place", message("A point such as 43.7384, 7.4246, or the link of a map."))
        return {"lat": None, "lon": None}
    return {"lat": pin.lat, "lon": pin.lon}


def _tenths(form: Form) -> int | None:
    """Read a temperature such as ``3,8`` or ``-18`` as tenths of a degree."""
    given = form.value("warmth").strip().replace(",", ".").replace("−", "-")
    if not given:
        return None
    hit = re.fullmatch(r"(-?)(\d{1,2})(?:\.(\d))?(?:\s*°?C?)?", given)
    tenths = (int(hit[2]) * 10 + int(hit[3] or 0)) * (-1 if hit[1] else 1) if hit else WARMEST_TENTHS + 1
    if not COLDEST_TENTHS <= tenths <= WARMEST_TENTHS:
        form.wrong("warmth", message("Degrees with one decimal, such as 3,8."))
        return None
    return tenths


def _empties(form: Form) -> dict[str, int]:
    crates = form.whole("empties", 0, CRATES_LIMIT, usual=0)
    kind = form.value("kind", Temperature.AMBIENT.value)
    return {kind: crates} if crates and kind in tuple(Temperature) else {}
