"""The form of a trip: its stops row by row, with the room that is free when each is left."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row

from api.pages.forms import Form, typed_euro
from api.pages.said import message
from api.pages.trips.regimes import REGIME_WORDS
from api.pages.visit import Visit
from pooling.desk.trips.standing import standing
from pooling.desk.trips.trips import ReturnWords, StopWords, TripWords
from pooling.figures import LABOUR_PER_HOUR, PALLET_CRATES, RESERVED_SHARE
from pooling.hours import next_morning
from pooling.intake.rooms import ROOM_LIMIT
from pooling.kinds import GoodsKind, Kinds, read_kinds
from pooling.legs import Amounts
from pooling.market.stands import blocks_of
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
PALLETS_LIMIT = ROOM_LIMIT // PALLET_CRATES.value


def rows_of(form: Form) -> int:
    """Count the rows of stops to show; one more where that was asked for."""
    given = form.value("rows")
    rows = int(given) if given.isdigit() and len(given) < 3 else ROWS_USUAL
    return min(max(rows + bool(form.value("more_stops")), 2), ROWS_LIMIT)


def trip_words(visit: Visit, form: Form) -> TripWords:
    """Read a trip of the party that one acts for; rows without a site are left out."""
    party = visit.own_party()
    day = form.day("day", visit.moments.today)
    stops = tuple(
        one for number, last in filled_rows(form) for one in _stop(visit, form, day, number, last=last)
    )
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
        carries=carries(form),
        free_order=form.ticked("free_order"),
        tail_lift=form.ticked("tail_lift"),
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


def carries(form: Form) -> Kinds:
    """Return the kinds of goods that are ticked; none of them: any."""
    return frozenset(kind for kind in GoodsKind if form.ticked(f"carries_{kind}"))


def _at_most(form: Form, name: str, limit_cents: int) -> int:
    cents = form.cents(name)
    if cents > limit_cents:
        form.wrong(name, message("At most {limit} €."), limit=limit_cents // 100)
    return cents


def room_of_row(form: Form, number: int | str) -> Amounts:
    """
    Return the room that is typed beside a stop; pallets are counted as crates.

    Where the stops are in free order the room at the first is that of the whole way.
    """
    if form.ticked("free_order") and isinstance(number, int):
        number = filled_rows(form)[0][0]
    ambient, chilled, frozen = (
        form.whole(f"{name}_{number}", 0, ROOM_LIMIT, 0) for name in ("ambient", "chilled", "frozen")
    )
    pallets = form.whole(f"pallets_{number}", 0, PALLETS_LIMIT, 0)
    kg = form.whole(f"kg_{number}", 0, KG_LIMIT, KG_LIMIT)
    return ambient + pallets * PALLET_CRATES.value, chilled, frozen, kg


def _returns(visit: Visit, form: Form, day: date) -> ReturnWords | None:
    if not form.value("returns_by").strip():
        return None
    by_s = form.hour("returns_by")
    by_s = _over_night(form, by_s, by_s)[1]
    return ReturnWords(visit.moments.seconds(day, by_s), room_of_row(form, "back"))


def _stop(visit: Visit, form: Form, day: date, number: int, *, last: bool) -> tuple[StopWords, ...]:
    at = visit.moments.seconds
    opens_s, closes_s = hours_of_row(form, number)
    room, until_s = room_of_row(form, number), stands_until(form, number)
    comes = StopWords(
        site_id=form.text(f"site_{number}", limit=40),
        opens_at=at(day, opens_s),
        closes_at=at(day, closes_s),
        free=(0, 0, 0, 0) if last and until_s is None else room,
    )
    return (comes,) if until_s is None else standing(comes, at(day, until_s))


def hours_of_row(form: Form, number: int) -> tuple[int, int]:
    """Return the hours of a stop on the wall; where the trip ends next morning, some are of that one."""
    opens_s = form.hour(f"opens_{number}")
    return _over_night(form, opens_s, form.hour(f"closes_{number}", opens_s))


def stands_until(form: Form, number: int) -> int | None:
    """Return until when the van stands at a stop, where that was typed."""
    if not form.value(f"stands_{number}").strip():
        return None
    until_s = form.hour(f"stands_{number}")
    return _over_night(form, until_s, until_s)[1]


def _over_night(form: Form, opens_s: int, closes_s: int) -> tuple[int, int]:
    filled = filled_rows(form)
    if not form.ticked("overnight") or not filled:
        return opens_s, closes_s
    return next_morning(form.hour(f"opens_{filled[0][0]}"), opens_s, closes_s)


def typed_stops(
    visit: Visit, row: Row[Any], stops: Sequence[Row[Any]], legs: Sequence[Row[Any]]
) -> dict[str, str]:
    """Return a stored trip as the fields of its form."""
    hour, local = visit.moments.hour, visit.moments.local
    overnight = local(stops[-1].closes_at - 1).date() > row.day
    fields = {
        "overnight": "yes" if overnight else "",
        "day": str(row.day),
        "driver": row.driver,
        "regime": row.regime,
        "detour": str(row.detour_s // 60),
        "detour_km": "" if row.detour_m is None else str(row.detour_m // 1000),
        "refrigerated": "yes" if row.refrigerated else "",
        "instant": "yes" if row.instant else "",
        "free_order": "yes" if row.free_order else "",
        "tail_lift": "yes" if row.tail_lift else "",
        "reserve": str(row.reserve_percent),
        "time_given": "" if row.hour_cents else "yes",
        "hour": typed_euro(visit, row.hour_cents) if row.hour_cents else "",
        "asked": typed_euro(visit, row.asked_cents) if row.asked_cents else "",
        "cutoff": hour(row.cutoff_at),
        "cutoff_day": str(local(row.cutoff_at).date()),
        "rows": str(len(blocks_of(stops))),
    }
    fields |= {f"carries_{kind}": "yes" for kind in read_kinds(row.carries)}
    for number, block in enumerate(blocks_of(stops), start=1):
        stop = stops[block.first]
        fields |= {
            f"site_{number}": stop.site_id,
            f"opens_{number}": hour(stop.opens_at),
            f"closes_{number}": hour(stop.closes_at),
            f"stands_{number}": hour(stops[block.last].opens_at) if stop.stands else "",
        }
        for leg in legs[block.first : block.first + 1]:
            fields |= _typed_room(number, leg)
    return fields


def _typed_room(number: int, leg: Row[Any]) -> dict[str, str]:
    return {
        f"ambient_{number}": str(leg.ambient_cap),
        f"chilled_{number}": str(leg.chilled_cap),
        f"frozen_{number}": str(leg.frozen_cap),
        f"kg_{number}": str(leg.kg_cap) if leg.kg_cap < KG_LIMIT else "",
    }
