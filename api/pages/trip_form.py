"""The form of a trip: its stops row by row, with the room that is free when each is left."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row

from api.pages.forms import Form, typed_euro
from api.pages.regimes import REGIME_WORDS
from api.pages.said import message
from api.pages.visit import Visit
from pooling.desk.trips.trips import ReturnWords, StopWords, TripWords
from pooling.figures import LABOUR_PER_HOUR, PALLET_CRATES, RESERVED_SHARE
from pooling.legs import Amounts
from pooling.load import CRATES_LIMIT
from pooling.regimes import Regime
from pooling.trip import ASKED_CENTS_LIMIT, HOUR_CENTS_LIMIT, STOPS_LIMIT

SHARES = {
    "0": message("none"),
    "25": message("a quarter"),
    "50": message("half"),
    "100": message("all"),
}
"""How much of a trip's room may be held for goods that are named later, percent."""

ROWS_USUAL = 3
ROWS_LIMIT = STOPS_LIMIT
KG_LIMIT = 20_000
KM_LIMIT = 500
PALLETS_LIMIT = CRATES_LIMIT // PALLET_CRATES.value


def rows_of(form: Form) -> int:
    """Count the rows of stops to show; one more where that was asked for."""
    given = form.value("rows")
    rows = int(given) if given.isdigit() and len(given) < 3 else ROWS_USUAL
    return min(max(rows + bool(form.value("more_stops")), 2), ROWS_LIMIT)


def trip_words(visit: Visit, form: Form) -> TripWords:
    """Read a trip of the party that one acts for; rows without a site are left out."""
    party = visit.own_party()
    day = form.day("day", visit.moments.today)
    stops = tuple(_stop(visit, form, day, number, last=last) for number, last in filled_rows(form))
    cutoff = form.value("cutoff").strip()
    words = TripWords(
        owner_id=party.id,
        driver=form.name("driver", limit=120),
        regime=Regime(form.choice("regime", REGIME_WORDS) or Regime.OWN_ACCOUNT),
        stops=stops,
        detour_s=form.whole("detour", 0, 240) * 60,
        refrigerated=form.ticked("refrigerated"),
        instant=form.ticked("instant"),
        cutoff_at=visit.moments.seconds(form.day("cutoff_day", day), form.hour("cutoff")) if cutoff else None,
        detour_m=kilometres(form),
        returns=_returns(visit, form, day),
        reserve_percent=reserve_percent(form),
        hour_cents=hour_cents(form),
        asked_cents=asked_cents(form),
    )
    form.check()
    return words


def filled_rows(form: Form) -> list[tuple[int, bool]]:
    """Return the rows of stops that are filled in, and whether each is the last."""
    filled = [number for number in range(1, rows_of(form) + 1) if form.value(f"site_{number}")]
    if len(filled) < 2:
        form.wrong("site_1", message("Name at least where the trip begins and where it ends."))
    return [(number, number == filled[-1]) for number in filled]


def kilometres(form: Form) -> int | None:
    """Return the limit of the way in metres, where one was typed."""
    return form.whole("detour_km", 0, KM_LIMIT) * 1000 if form.value("detour_km").strip() else None


def reserve_percent(form: Form) -> int:
    """Return how much of the room may be reserved; half where nothing is said."""
    return int(form.choice("reserve", SHARES) or 0) if form.value("reserve") else RESERVED_SHARE.value


def hour_cents(form: Form) -> int:
    """Return what the owner counts an hour of its detour at: nothing where it gives its time."""
    if form.ticked("time_given"):
        return 0
    if not form.value("hour").strip():
        return LABOUR_PER_HOUR.value
    return _at_most(form, "hour", HOUR_CENTS_LIMIT)


def asked_cents(form: Form) -> int:
    """Return what a carrier asks at least per crate, where one was typed."""
    return _at_most(form, "asked", ASKED_CENTS_LIMIT) if form.value("asked").strip() else 0


def _at_most(form: Form, name: str, limit_cents: int) -> int:
    cents = form.cents(name)
    if cents > limit_cents:
        form.wrong(name, message("At most {limit} €."), limit=limit_cents // 100)
    return cents


def room_of_row(form: Form, number: int | str) -> Amounts:
    """Return the room that is typed beside a stop; pallets are counted as crates."""
    ambient, chilled, frozen = (
        form.whole(f"{name}_{number}", 0, CRATES_LIMIT, 0) for name in ("ambient", "chilled", "frozen")
    )
    pallets = form.whole(f"pallets_{number}", 0, PALLETS_LIMIT, 0)
    kg = form.whole(f"kg_{number}", 0, KG_LIMIT, KG_LIMIT)
    return ambient + pallets * PALLET_CRATES.value, chilled, frozen, kg


def _returns(visit: Visit, form: Form, day: date) -> ReturnWords | None:
    if not form.value("returns_by").strip():
        return None
    return ReturnWords(visit.moments.seconds(day, form.hour("returns_by")), room_of_row(form, "back"))


def _stop(visit: Visit, form: Form, day: date, number: int, *, last: bool) -> StopWords:
    at = visit.moments.seconds
    opens_s = form.hour(f"opens_{number}")
    room = room_of_row(form, number)
    return StopWords(
        site_id=form.text(f"site_{number}", limit=40),
        opens_at=at(day, opens_s),
        closes_at=at(day, form.hour(f"closes_{number}", opens_s)),
        free=(0, 0, 0, 0) if last else room,
    )


def typed_stops(
    visit: Visit, row: Row[Any], stops: Sequence[Row[Any]], legs: Sequence[Row[Any]]
) -> dict[str, str]:
    """Return a stored trip as the fields of its form."""
    hour, local = visit.moments.hour, visit.moments.local
    fields = {
        "day": str(row.day),
        "driver": row.driver,
        "regime": row.regime,
        "detour": str(row.detour_s // 60),
        "detour_km": "" if row.detour_m is None else str(row.detour_m // 1000),
        "refrigerated": "yes" if row.refrigerated else "",
        "instant": "yes" if row.instant else "",
        "reserve": str(row.reserve_percent),
        "time_given": "" if row.hour_cents else "yes",
        "hour": typed_euro(visit, row.hour_cents) if row.hour_cents else "",
        "asked": typed_euro(visit, row.asked_cents) if row.asked_cents else "",
        "cutoff": hour(row.cutoff_at),
        "cutoff_day": str(local(row.cutoff_at).date()),
        "rows": str(len(stops)),
    }
    for number, stop in enumerate(stops, start=1):
        fields |= {
            f"site_{number}": stop.site_id,
            f"opens_{number}": hour(stop.opens_at),
            f"closes_{number}": hour(stop.closes_at),
        }
    for number, leg in enumerate(legs, start=1):
        fields |= {
            f"ambient_{number}": str(leg.ambient_cap),
            f"chilled_{number}": str(leg.chilled_cap),
            f"frozen_{number}": str(leg.frozen_cap),
            f"kg_{number}": str(leg.kg_cap),
        }
    return fields
