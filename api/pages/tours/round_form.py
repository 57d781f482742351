"""The form of a round: a carrier, weekdays, hours on the wall, the hard hours of a harvest, prices."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Row

from api.pages.forms import Form, typed_euro
from api.pages.tours.newcomers import newcomers_of, newcomers_typed
from api.pages.tours.sharing_rules import rule_of
from api.pages.trips.series_form import DAY_NAMES
from api.pages.visit import Visit
from pooling.desk.tours.round_words import RoundTemplate, RoundWords, template_of
from pooling.load import CRATES_LIMIT
from pooling.recurrence import Recurrence, read_rule

PAYLOAD_LIMIT_KG = 40_000
DAY_S = 24 * 3600
WEEKDAYS = DAY_NAMES
ROOM = ("ambient", "chilled", "frozen")
PRICES = {
    "fixed": "fixed_cents",
    "per_km": "cents_per_km",
    "per_hour": "cents_per_hour",
    "per_stop": "cents_per_stop",
    "waiting": "waiting_cents_per_hour",
}


def round_words(visit: Visit, form: Form) -> RoundWords:
    """Read a round; prices and room that are left empty are those of the card and the vehicle."""
    today = visit.moments.today
    until = form.day("until", today) if form.value("until").strip() else None
    weekdays = tuple((0, one) for one in DAY_NAMES if form.ticked(f"on_{one}"))
    rule = Recurrence("WEEKLY", form.whole("every", 1, 8, 1), weekdays, until=until)
    gap_cents = form.cents("gap", 0)
    template = RoundTemplate(
        carrier_id=form.text("carrier", limit=40),
        driver=form.name("driver"),
        start_site_id=form.text("start_site", limit=40),
        end_site_id=form.text("end_site", limit=40),
        opens_s=form.hour("opens"),
        closes_s=form.hour("closes") + DAY_S * form.ticked("closes_next"),
        cutoff_days=form.whole("cutoff_days", 0, 7, 1),
        cutoff_s=form.hour("cutoff"),
        crate_cents=form.cents("crate"),
        payload_kg=_whole(form, "payload", 1, PAYLOAD_LIMIT_KG),
        fee_cents=form.cents("fee", 0),
        gap_cents=gap_cents,
        gap_party_id=visit.own_party().id if gap_cents else None,
        minimum_crates=form.whole("minimum", 0, CRATES_LIMIT, 0),
        at_threshold=form.ticked("at_threshold"),
        vehicle_id=form.text("vehicle", limit=40, needed=False),
        ready_from_s=form.hour("ready_from") if form.value("ready_from").strip() else None,
        fresh_by_s=_fresh_by(form),
        same_driver_cents=form.cents("same_driver", 1_000),
        sharing_rule=rule_of(form),
        each_pays_its_way=newcomers_of(form),
    )
    template = replace(template, **_left_open(form))
    words = RoundWords(form.name("name"), rule.text, form.day("first_day", today), template)
    form.check()
    return words


def _left_open(form: Form) -> dict[str, Any]:
    """Read the room and prices that may be left to the vehicle and the card."""
    room = {f"{name}_crates": _whole(form, name, 0, CRATES_LIMIT) for name in ROOM}
    return room | {known: _cents(form, name) for name, known in PRICES.items()}


def typed_round(visit: Visit, row: Row[Any], terms: Row[Any]) -> dict[str, str]:
    """Return a stored round as the fields of its form, to be changed from today on."""
    kept, rule, wall = template_of(terms.template), read_rule(terms.rule), visit.moments.wall
    euro: dict[str, int | None] = {name: getattr(kept, known) for name, known in PRICES.items()}
    euro |= {"crate": kept.crate_cents, "fee": kept.fee_cents, "gap": kept.gap_cents}
    euro["same_driver"] = kept.same_driver_cents
    plain: dict[str, object] = {f"on_{day}": "yes" for _, day in rule.weekdays}
    plain |= {name: getattr(kept, f"{name}_crates") for name in ROOM}
    plain |= {
        "name": row.name,
        "every": rule.interval,
        "until": rule.until,
        "first_day": max(visit.moments.today, terms.from_day),
        "carrier": kept.carrier_id,
        "driver": kept.driver,
        "vehicle": kept.vehicle_id,
        "start_site": kept.start_site_id,
        "end_site": kept.end_site_id,
        "opens": wall(kept.opens_s),
        "closes": wall(kept.closes_s % DAY_S),
        "closes_next": "yes" if kept.closes_s >= DAY_S else "",
        "cutoff_days": kept.cutoff_days,
        "cutoff": wall(kept.cutoff_s),
        "payload": kept.payload_kg,
        "minimum": kept.minimum_crates,
        "at_threshold": "yes" if kept.at_threshold else "",
        "sharing_rule": kept.sharing_rule,
        "newcomers": newcomers_typed(kept.each_pays_its_way),
        "ready_from": None if kept.ready_from_s is None else wall(kept.ready_from_s),
        "fresh_by": None if kept.fresh_by_s is None else wall(kept.fresh_by_s % DAY_S),
        "fresh_next": "yes" if (kept.fresh_by_s or 0) >= DAY_S else "",
    }
    fields = {name: "" if value is None else str(value) for name, value in plain.items()}
    return fields | {name: "" if cents is None else typed_euro(visit, cents) for name, cents in euro.items()}


def _fresh_by(form: Form) -> int | None:
    if not form.value("fresh_by").strip():
        return None
    return form.hour("fresh_by") + DAY_S * form.ticked("fresh_next")


def _whole(form: Form, name: str, low: int, high: int) -> int | None:
    return form.whole(name, low, high) if form.value(name).strip() else None


def _cents(form: Form, name: str) -> int | None:
    return form.cents(name) if form.value(name).strip() else None
