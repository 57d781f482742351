"""A day of a recurring trip comes back: left out, moved or cancelled, and never twice."""

from datetime import date, timedelta

import pytest

from pooling.desk.trips.changing_series import except_day
from pooling.desk.trips.putting_back import put_back_day
from pooling.desk.trips.series import make_ahead, make_due
from pooling.desk.trips.trips import cancel_trip
from pooling.store import Ask
from pooling.store.people import site
from pooling.store.rows import changed, found
from pooling.store.series import exceptions_of
from pooling.store.trips import find_trip
from tests.desk.market import accepted, bidden, sent
from tests.desk.test_series import DAY_S, SUNDAY, announced, as_farm, read, refused, ride, trips

WEDNESDAY = SUNDAY + timedelta(days=3)


def put_back(town, series, day, **asked):
    who = town.actor("farm")
    return put_back_day(town.house.desk, who, asked.get("ask") or town.ask("farm"), series, None, day)


def out_of(town, series):
    with town.house.desk.store.view() as view:
        return {one.day: one.moved_to for one in exceptions_of(view, series)}


def test_a_day_that_was_left_out_has_a_new_trip_at_once_which_takes_guests(town):
    series = announced(town)
    old = trips(town, series)[SUNDAY]
    as_farm(town, except_day, series, None, SUNDAY, None)
    again = Ask(town.members["farm"], "put-back", "put-back")
    assert {put_back(town, series, SUNDAY, ask=again) for _ in range(2)} == {series}
    new = trips(town, series)[SUNDAY]
    assert (new.state, new.day, out_of(town, series)) == ("open", SUNDAY, {})
    assert new.id != old.id and make_ahead(town.house.desk, series) == 0
    with town.house.desk.store.view() as view:
        kept = find_trip(view, old.id)
    assert (kept.state, kept.series_id) == ("cancelled", None)
    accepted(town, bidden(town, new.id, sent(town)))


def test_a_trip_cancelled_by_itself_and_a_day_far_ahead_come_back_too(town, clock):
    series, far = announced(town), date(2026, 11, 11)
    made = trips(town, series)[WEDNESDAY]
    cancel_trip(town.house.desk, town.actor("farm"), town.ask("farm"), made.id, None)
    as_farm(town, except_day, series, None, far, None)
    for day in (WEDNESDAY, far):
        put_back(town, series, day)
    assert trips(town, series)[WEDNESDAY].state == "open" and far not in trips(town, series)
    clock.forward(14 * DAY_S)
    make_due(town.house.desk)
    assert trips(town, series)[far].state == "open"


def test_a_moved_day_comes_back_to_its_own_and_keeps_what_it_promised(town):
    series, other = announced(town), WEDNESDAY + timedelta(days=1)
    as_farm(town, except_day, series, None, WEDNESDAY, other)
    put_back(town, series, WEDNESDAY)
    made = trips(town, series)[WEDNESDAY]
    assert (made.day, made.detached, out_of(town, series)) == (WEDNESDAY, False, {})
    as_farm(town, except_day, series, None, WEDNESDAY, other)
    ride(town, made.id, days=4)
    assert refused(lambda: put_back(town, series, WEDNESDAY)).code == "change_breaks_promises"


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (SUNDAY, "hours_past"),
        (WEDNESDAY, "day_not_left_out"),
        (date(2026, 11, 11), "day_not_left_out"),
        (date(2026, 9, 18), "exception_stray"),
    ],
)
def test_what_cannot_be_put_back_is_refused_with_the_reason_and_changes_nothing(town, clock, day, code):
    series = announced(town)
    as_farm(town, except_day, series, None, SUNDAY, None)
    clock.forward(DAY_S)
    before = read(town, series).revision
    refusal = refused(lambda: put_back(town, series, day))
    assert refusal.code == code and read(town, series).revision == before
    assert out_of(town, series) == {SUNDAY: None}


def test_a_day_comes_back_until_the_last_minute_for_guests(town):
    series = announced(town)
    as_farm(town, except_day, series, None, SUNDAY, None)
    town.clock.at = int(trips(town, series)[SUNDAY].cutoff_at) - 60
    put_back(town, series, SUNDAY)
    assert trips(town, series)[SUNDAY].state == "open"


def test_a_day_that_cannot_be_made_is_refused_with_its_reason_and_stays_out(town):
    series = announced(town)
    as_farm(town, except_day, series, None, SUNDAY, None)

    def closed(tx):
        changed(tx, site, found(tx, site, town.sites["restaurant"]), {"week": "We 06:00-12:00"})

    town.house.desk.store.change(closed)
    assert refused(lambda: put_back(town, series, SUNDAY)).code == "site_closed"
    assert out_of(town, series) == {SUNDAY: None}
