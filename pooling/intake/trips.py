"""Trips: a line for each announced stop; a trip is taken whole or not at all."""

from collections.abc import Sequence

from geodata.refusal import Refusal
from pooling.figures import TRIP_DETOUR
from pooling.files.line import BadLine, Line
from pooling.files.rawline import RawLine
from pooling.intake.reading import Reading
from pooling.intake.rooms import read_room
from pooling.intake.vans import Van
from pooling.regimes import Regime
from pooling.trip import Trip, TripStop

DETOUR_MIN_LIMIT = 240


class TripIncomplete(Refusal):
    code = "trip_incomplete"
    reason = "Trip {trip} was left out: one of its lines was refused."
    cure = "Mend that line; a trip is planned whole or not at all."


class TripDiffers(Refusal):
    code = "trip_differs"
    reason = "{column}: the first line of trip {trip} says otherwise."
    cure = "Say the same on all lines of a trip, or leave the column empty after the first."


SAID_ONCE = ("owner", "driver", "regime", "vehicle", "detour_min")
"""What the first line of a trip says for all of it."""


def read_trips(reading: Reading, lines: Sequence[RawLine]) -> None:
    """
    Read a line for each announced stop; the lines of one trip stand together in their order.

    A bad line that names no trip may belong to the one before it or after it: both are left out.
    """
    whole: dict[str, list[tuple[Line, TripStop]]] = {}
    broken: set[str] = set()
    heads: dict[str, RawLine] = {}
    names = [raw.cells.get("trip", "") for raw in lines]
    for at, raw in enumerate(lines):
        line = Line("trips", raw)
        trip = line.text("trip")
        stop = _trip_stop(reading, line)
        _say_the_same(line, trip, heads.setdefault(trip, raw))
        if reading.close(line):
            whole.setdefault(trip, []).append((line, stop))
        else:
            broken |= {trip} if trip else _named_beside(names, at)
    for trip, stops in whole.items():
        first = stops[0][0]
        if trip in broken:
            reading.bad.append(BadLine("trips", first.raw.number, "trip", TripIncomplete(trip=trip)))
            continue
        line = Line("trips", first.raw)
        made = _trip(reading, line, trip, [stop for _, stop in stops])
        if reading.close(line) and made is not None:
            reading.trips[trip] = made


def _named_beside(names: Sequence[str], at: int) -> set[str]:
    before = next((name for name in reversed(names[:at]) if name), "")
    return {before, next((name for name in names[at:] if name), "")}


def _say_the_same(line: Line, trip: str, head: RawLine) -> None:
    for column in SAID_ONCE:
        said = line.raw.cells.get(column, "")
        if said and said.lower() != head.cells.get(column, "").lower():
            line.refuse(column, TripDiffers(column=column, trip=trip))


def _trip_stop(reading: Reading, line: Line) -> TripStop:
    site = reading.known(line, "site", "site", reading.sites, line.text("site"))
    hours = line.window(reading.clock, "from", "until", ("", ""))
    return TripStop(site, hours, read_room(line, "free_", "free_kg"))


def _trip(reading: Reading, line: Line, trip: str, stops: list[TripStop]) -> Trip | None:
    owner = reading.known(line, "owner", "party", reading.parties, line.text("owner"))
    van = line.one_of("vehicle", Van, Van.SMALL)
    regime = line.one_of("regime", Regime)
    detour_s = line.whole("detour_min", 0, DETOUR_MIN_LIMIT, TRIP_DETOUR.value // 60) * 60
    driver = line.text("driver", default=owner)
    if line.bad:
        return None
    try:
        return Trip(trip, owner, driver, regime, tuple(stops), detour_s, van is Van.REFRIGERATED)
    except Refusal as refusal:
        line.refuse("from", refusal)
        return None
