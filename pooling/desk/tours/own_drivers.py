"""Who drives a round as a rule, for the tours of a day, and what it is worth that this driver comes."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from pooling.desk.tours.round_words import RoundTemplate, template_of
from pooling.store import View
from pooling.store.members import find_member
from pooling.store.rounds import round_drivers, terms_of
from pooling.tours.same_driver import OwnDriver, steadiness


def own_drivers(view: View, tours: Sequence[Row[Any]]) -> dict[str, OwnDriver]:
    """
    Return the own driver of the round of each tour that belongs to one.

    The driver of most of the round's runs; before the first run the one whom its terms name. A round that
    names nobody and never ran prefers nobody.
    """
    found: dict[str, OwnDriver] = {}
    for one in tours:
        terms = [] if one.round_id is None else terms_of(view, one.round_id)
        holding = [each for each in terms if each.from_day <= (one.round_day or one.day)] or terms[:1]
        if not holding:
            continue
        template = template_of(holding[-1].template)
        driver = steadiness(round_drivers(view, one.round_id)).driver or _named(view, template)
        if driver:
            found[one.id] = OwnDriver(driver, template.same_driver_cents)
    return found


def _named(view: View, template: RoundTemplate) -> str:
    if template.driver or not template.driver_id:
        return template.driver
    return str(find_member(view, template.driver_id).name)
