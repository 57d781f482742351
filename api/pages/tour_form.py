"""The form of a tour: carrier, van, hours, card, and the price that is shown to whoever joins."""

from typing import Any

from sqlalchemy import Row

from api.pages.forms import Form
from api.pages.visit import Visit
from pooling.desk.tour_words import TourWords
from pooling.load import CRATES_LIMIT

PAYLOAD_LIMIT_KG = 40_000


def tour_words(visit: Visit, form: Form) -> TourWords:
    """Read a tour; the gap, where there is one, is taken by the operator itself."""
    at = visit.moments.seconds
    day = form.day("day", visit.moments.today)
    cutoff_day = form.day("cutoff_day", day)
    gap_cents = form.cents("gap", 0)
    words = TourWords(
        carrier_id=form.text("carrier", limit=40),
        driver=form.text("driver"),
        start_site_id=form.text("start_site", limit=40),
        end_site_id=form.text("end_site", limit=40),
        opens_at=at(day, form.hour("opens")),
        closes_at=at(day, form.hour("closes")),
        ambient_crates=form.whole("ambient", 0, CRATES_LIMIT, 0),
        chilled_crates=form.whole("chilled", 0, CRATES_LIMIT, 0),
        frozen_crates=form.whole("frozen", 0, CRATES_LIMIT, 0),
        payload_kg=form.whole("payload", 1, PAYLOAD_LIMIT_KG),
        fixed_cents=form.cents("fixed", 0),
        cents_per_km=form.cents("per_km", 0),
        cents_per_hour=form.cents("per_hour", 0),
        cents_per_stop=form.cents("per_stop", 0),
        crate_cents=form.cents("crate"),
        fee_cents=form.cents("fee", 0),
        gap_cents=gap_cents,
        gap_party_id=visit.own_party().id if gap_cents else None,
        minimum_crates=form.whole("minimum", 0, CRATES_LIMIT, 0),
        cutoff_at=at(cutoff_day, form.hour("cutoff")),
    )
    form.check()
    return words


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
        "cutoff_day": str(local(row.cutoff_at).date()),
        "cutoff": hour(row.cutoff_at),
        **{name: visit.words.number(cents / 100, 2) for name, cents in euro.items()},
    }
