"""The form of a tour: carrier, van, hours, card, and the price that is shown to whoever joins."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row

from api.pages.forms import Form, typed_euro
from api.pages.tours.newcomers import newcomers_of, newcomers_typed
from api.pages.tours.sharing_rules import rule_of
from api.pages.tours.tour_area import area_of, typed_area
from api.pages.visit import Visit
from pooling.desk.tours.tour_words import TourWords
from pooling.load import CRATES_LIMIT

PAYLOAD_LIMIT_KG = 40_000
OF_CARRIER = ("carrier", "driver", "vehicle", "fixed", "per_km", "per_hour", "per_stop")
"""What is left empty where any vetted carrier may drive."""


def tour_words(visit: Visit, form: Form) -> TourWords:
    """Read a tour; the gap, where there is one, is taken by the operator itself."""
    at = visit.moments.seconds
    day = form.day("day", visit.moments.today)
    cutoff_day = form.day("cutoff_day", day)
    gap_cents = form.cents("gap", 0)
    words = TourWords(
        carrier_id=form.text("carrier", limit=40, needed=False),
        driver=form.name("driver", needed=bool(form.value("carrier"))),
        start_site_id=form.text("start_site", limit=40),
        end_site_id=form.text("end_site", limit=40),
        opens_at=at(day, form.hour("opens")),
        closes_at=at(day, form.hour("closes")),
        ambient_crates=_room(form, "ambient"),
        chilled_crates=_room(form, "chilled"),
        frozen_crates=_room(form, "frozen"),
        payload_kg=form.whole("payload", 1, PAYLOAD_LIMIT_KG) if form.value("payload").strip() else None,
        fixed_cents=_price(form, "fixed"),
        cents_per_km=_price(form, "per_km"),
        cents_per_hour=_price(form, "per_hour"),
        cents_per_stop=_price(form, "per_stop"),
        crate_cents=form.cents("crate"),
        fee_cents=form.cents("fee", 0),
        gap_cents=gap_cents,
        gap_party_id=visit.own_party().id if gap_cents else None,
        minimum_crates=form.whole("minimum", 0, CRATES_LIMIT, 0),
        cutoff_at=at(cutoff_day, form.hour("cutoff")),
        vehicle_id=form.text("vehicle", limit=40, needed=False),
        ready_from_at=_hour_of(form, "ready_from", day, at),
        fresh_by_at=_hour_of(form, "fresh_by", day + timedelta(days=form.ticked("fresh_next")), at),
        area=area_of(visit, form),
        minimum_shipments=form.whole("minimum_shipments", 0, CRATES_LIMIT, 0),
        minimum_share_cents=form.cents("minimum_share", 0),
        at_threshold=form.ticked("at_threshold"),
        sharing_rule=rule_of(form),
        each_pays_its_way=newcomers_of(form),
    )
    form.check()
    return words


def _room(form: Form, name: str) -> int | None:
    """Read how many crates; nothing where it is left to the vehicle."""
    return form.whole(name, 0, CRATES_LIMIT) if form.value(name).strip() else None


def _price(form: Form, name: str) -> int | None:
    """Read a price of the card; nothing where it is left to the carrier's card of the day."""
    return form.cents(name) if form.value(name).strip() else None


def _hour_of(form: Form, name: str, day: date, at: Callable[[date, int], int]) -> int | None:
    return at(day, form.hour(name)) if form.value(name).strip() else None


def typed_tour(visit: Visit, row: Row[Any]) -> dict[str, str]:
    """Return a stored tour as the fields of its form."""
    hour, local = visit.moments.hour, visit.moments.local
    euro = {
        "fixed": row.fixed_cents,
        "per_km": row.cents_per_km,
        "per_hour": row.cents_per_hour,
        "per_stop": row.cents_per_stop,
        "crate": row.crate_cents,
        "fee": row.fee_cents,
        "gap": row.gap_cents,
        "minimum_share": row.minimum_share_cents,
    }
    return {
        "carrier": row.carrier_id,
        "driver": row.driver,
        "start_site": row.start_site_id,
        "end_site": row.end_site_id,
        "day": str(row.day),
        "opens": hour(row.opens_at),
        "closes": hour(row.closes_at),
        "ambient": str(row.ambient_crates),
        "chilled": str(row.chilled_crates),
        "frozen": str(row.frozen_crates),
        "payload": str(row.payload_kg),
        "minimum": str(row.minimum_crates),
        "vehicle": row.vehicle_id,
        "ready_from": "" if row.ready_from_at is None else hour(row.ready_from_at),
        "fresh_by": "" if row.fresh_by_at is None else hour(row.fresh_by_at),
        "fresh_next": "yes" if row.fresh_by_at and local(row.fresh_by_at).date() > row.day else "",
        "cutoff_day": str(local(row.cutoff_at).date()),
        "cutoff": hour(row.cutoff_at),
        "area": typed_area(row.area),
        "minimum_shipments": str(row.minimum_shipments),
        "at_threshold": "yes" if row.at_threshold else "",
        "sharing_rule": row.sharing_rule,
        "newcomers": newcomers_typed(row.each_pays_its_way),
        **{name: typed_euro(visit, cents) for name, cents in euro.items()},
        **(dict.fromkeys(OF_CARRIER, "") if row.carrier_open else {}),
    }
