"""Plates of vehicles: typed in many ways, kept in one, so that the same plate is known again."""

import re

from geodata.refusal import Refusal

PLATE = r"^ *[A-Za-z0-9][A-Za-z0-9 -]{0,19}$"
"""How a plate is typed."""

FRENCH = re.compile(r"([A-Z]{2})([0-9]{3})([A-Z]{2})")
"""A French plate since 2009 (order of 9 February 2009): two letters, three figures, two letters."""


class PlateUnreadable(Refusal):
    code = "plate_unreadable"
    reason = "“{plate}” is no plate."
    cure = "Letters and figures, such as AB-123-CD."


def plate_kept(typed: str) -> str:
    """Return a plate as it is kept: capital letters; a French one with its two dashes, ``AB-123-CD``."""
    bare = plate_key(typed)
    hit = FRENCH.fullmatch(bare)
    return "-".join(hit.groups()) if hit else " ".join(typed.upper().split())


def plate_key(typed: str) -> str:
    """Return by what a plate is known again: its letters and figures alone."""
    return re.sub(r"[^A-Z0-9]", "", typed.upper())


def must_be_plate(typed: str) -> None:
    if not re.fullmatch(PLATE, typed):
        raise PlateUnreadable(plate=typed[:20])
