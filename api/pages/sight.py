"""What a driver types of crates that changed hands: counts, who stood there, how warm, what was wrong."""

import re
from typing import Any

from api.pages.forms import Form
from api.pages.said import message
from api.pages.states import CONDITIONS
from pooling.load import CRATES_LIMIT, Temperature
from pooling.mishaps import NEXT_STEPS, REASONS
from pooling.proof import DIGITS
from pooling.warmth import COLDEST_TENTHS, WARMEST_TENTHS


def sight_of(form: Form) -> dict[str, Any]:
    """Read what was seen by the names that the desk knows; what was left empty is not said."""
    next_step, condition = form.value("next_step"), form.value("condition", "good")
    return {
        "crates": form.whole("crates", 0, CRATES_LIMIT),
        "lost": form.whole("lost", 0, CRATES_LIMIT, usual=0),
        "condition": condition if condition in CONDITIONS else "good",
        "receiver": "" if code_typed(form) else form.text("receiver", needed=False),
        "note": form.text("note", limit=500, needed=False),
        "reason": form.choice("reason", REASONS) if form.value("reason") else "",
        "next_step": form.choice("next_step", NEXT_STEPS) if next_step else "",
        "next_with": form.text("next_with", needed=False),
        "temperature_tenths": _tenths(form),
        "empties": _empties(form),
    }


def code_typed(form: Form) -> str:
    """Return the code, where figures stand in the field for a name or a code."""
    given = form.value("receiver").replace(" ", "")
    return given if re.fullmatch(rf"\d{{{DIGITS}}}", given) else ""


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
