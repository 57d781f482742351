"""Trips that repeat: made ahead once, changed one by one or from a day on, every promise kept."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from geodata.refusal import Refusal
from pooling.desk.trips.changing_series import cancel_following, change_following, except_day
from pooling.desk.trips.changing_trips import change_trip
from pooling.desk.trips.series import ExceptionTwice, announce_series, make_ahead, make_due
from pooling.desk.trips.series_words import SeriesWords, WallStop
from pooling.desk.trips.trips import cancel_trip
from pooling.load import UNLIMITED
from pooling.regimes import Regime
from pooling.store.series import exceptions_of, find_series, occurrences_of
from tests.desk.market import HOUR, TOMORROW, accepted, bidden, sent, sold, the_bid, the_shipment
from tests.desk.servers import at_once
from tests.houses import MORNING

DAY_S = 24 * HOUR
SUNDAY = date(2026, 9, 13)
PARIS = ZoneInfo("Europe/Paris")


def words(town, **other) -> SeriesWords:
    places = [("farm", 6, 7, 20), ("restaurant", 7, 9, 20), ("shop", 7, 10, 20), ("farm", 8, 12, 0)]
    stops = tuple(
        WallStop(town.sites[site], opens * HOUR, closes * HOUR, (room, 0, 0, UNLIMITED))
        for site, opens, closes, room in places
    )
    usual = {
        "owner_id": town.parties["farm"],
        "driver": "Ange",
        "regime": Regime.COTRANSPORT_AGRICOLE,
        "stops": stops,
        "rule": "FREQ=WEEKLY;BYDAY=SU,WE",
        "first_day": SUNDAY,
        "timezone": "Europe/Paris",
        "detour_s": 1800,
    }
    return SeriesWords(**usual | other)


def announced(town, **other) -> str:
    return announce_series(town.house.desk, town.actor("farm"), town.ask("farm"), words(town, **other))


def trips(town, series, from_day=date(2000, 1, 1)):
    with town.house.desk.store.view() as view:
        return {row.series_day: row for row in occurrences_of(view, series, from_day, 500)}


def read(town, series):
    with town.house.desk.store.view() as view:
        return find_series(view, series)


def refused(call) -> Refusal:
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value


def as_farm(town, act, *more):
    return act(town.house.desk, town.actor("farm"), town.ask("farm"), *more)


def ride(town, trip, days=0, crates=4) -> str:
    late = days * DAY_S
    hours = {
        "ready_at": TOMORROW + late,
        "pickup_by_at": TOMORROW + late + 5 * HOUR,
        "deliver_from_at": TOMORROW + late,
        "deliver_by_at": TOMORROW + late + 6 * HOUR,
    }
    return accepted(town, bidden(town, trip, sent(town, crates, **hours)))


def test_occurrences_are_made_to_the_horizon_each_with_an_identity_of_its_own(town):
    series = announced(town)
    made = trips(town, series)
    assert len(made) == 16 and min(made) == SUNDAY and max(made) == date(2026, 11, 4)
    assert {day.weekday() for day in made} == {2, 6}
    assert len({row.id for row in made.values()}) == 16
    for day, row in made.items():
        local = datetime.fromtimestamp(row.cutoff_at, UTC).astimezone(PARIS)
        assert (local.date(), local.hour, row.day) == (day, 6, day)
    summer, winter = made[date(2026, 10, 21)], made[date(2026, 10, 28)]
    assert winter.cutoff_at - summer.cutoff_at == 7 * DAY_S + HOUR


def test_making_again_makes_nothing_and_time_makes_the_next(town, clock):
    series = announced(town)
    assert make_ahead(town.house.desk, series) == 0 and make_due(town.house.desk) == 0
    clock.forward(7 * DAY_S)
    assert make_due(town.house.desk) == 2
    assert len(trips(town, series)) == 18


@pytest.fixture
def either(market):
    """Return the town on each database."""
    return market


def test_several_workers_at_once_make_each_day_once(either, clock):
    series = announced(either)
    clock.forward(28 * DAY_S)
    counted = at_once(*(lambda: make_ahead(either.house.desk, series) for _ in range(4)))
    assert sum(counted) == 8 and len(trips(either, series)) == 24
    assert all(row.series_day == row.day for row in trips(either, series).values())


def test_an_edit_of_all_that_follow_and_the_making_at_once_leave_no_day_twice(either, clock):
    series = announced(either)
    clock.forward(28 * DAY_S)
    from_day = date(2026, 10, 18)
    later = words(either, first_day=from_day, driver="Luc")
    answers = at_once(
        lambda: as_farm(either, change_following, series, None, later),
        lambda: make_ahead(either.house.desk, series),
        lambda: make_due(either.house.desk),
    )
    following = answers[0]
    assert isinstance(following, str)
    make_due(either.house.desk)
    before, after = trips(either, series), trips(either, following)
    assert max(before) < from_day <= min(after)
    days = [row.day for row in (*before.values(), *after.values()) if row.state == "open"]
    assert len(days) == len(set(days)) == 24


def test_a_guest_is_kept_through_a_change_of_all_that_follow(either):
    series = announced(either)
    made = trips(either, series)
    bid = ride(either, made[SUNDAY].id)
    promised = the_bid(either, bid)
    following = as_farm(either, change_following, series, None, words(either, driver="Luc"))
    kept = the_bid(either, bid)
    assert trips(either, following)[SUNDAY].id == made[SUNDAY].id and max(sold(either, made[SUNDAY].id)) == 4
    assert (kept.pickup_from_at, kept.drop_until_at) == (promised.pickup_from_at, promised.drop_until_at)


def test_exceptions_are_left_out_or_moved(town):
    moved, out = date(2026, 9, 16), date(2026, 9, 20)
    series = announced(town, exceptions=((moved, date(2026, 9, 17)), (out, None)))
    made = trips(town, series)
    assert out not in made and made[moved].day == date(2026, 9, 17)
    stray = ((date(2026, 9, 18), None),)
    assert refused(lambda: announced(town, exceptions=stray)).code == "exception_stray"
    onto = ((moved, out),)
    assert refused(lambda: announced(town, exceptions=onto)).code == "exception_stray"


def test_no_two_days_of_a_series_run_on_one_and_none_is_named_twice(town):
    wednesday, sunday, free = date(2026, 9, 16), date(2026, 9, 20), date(2026, 9, 17)
    for twice in (((wednesday, free), (sunday, free)), ((wednesday, free), (wednesday, None))):
        refusal = refused(lambda twice=twice: announced(town, exceptions=twice))
        assert type(refusal) is ExceptionTwice
    series = announced(town, exceptions=((wednesday, free),))
    onto = lambda: as_farm(town, except_day, series, None, sunday, free)  # noqa: E731
    assert type(refused(onto)) is ExceptionTwice
    as_farm(town, cancel_trip, trips(town, series)[sunday].id, None)
    late = lambda: as_farm(town, except_day, series, None, sunday, free + timedelta(days=1))  # noqa: E731
    assert refused(late).code == "trip_not_open", "it would run on no day, without a word"
    over = lambda: as_farm(town, except_day, series, None, date(2026, 11, 11), date(2026, 9, 11))  # noqa: E731
    assert refused(over).code == "hours_past"


def test_a_rule_without_a_day_soon_or_that_no_drive_can_keep_is_refused(town):
    over = refused(lambda: announced(town, rule="FREQ=DAILY;UNTIL=20260901"))
    assert over.code == "series_empty" and over.facts["until"] == date(2026, 9, 1)
    assert str(over.facts["day"]) in over.what_to_do
    far = refused(lambda: announced(town, rule="FREQ=MONTHLY;INTERVAL=7;BYDAY=1MO"))
    assert (far.code, far.facts["day"]) == ("series_empty", date(2027, 4, 5))
    hasty = words(town).stops
    hasty = (hasty[0], replace(hasty[1], opens_s=6 * HOUR, closes_s=6 * HOUR + 60), *hasty[2:])
    assert refused(lambda: announced(town, stops=hasty)).code == "trip_impossible"
    assert refused(lambda: announced(town, timezone="Europe/Farm")).code == "timezone_unknown"


def test_a_changed_occurrence_is_detached_and_the_others_stay(town):
    series = announced(town)
    made = trips(town, series)
    single = replace(words(town).on(SUNDAY), driver="Rosa")
    as_farm(town, change_trip, made[SUNDAY].id, None, single)
    later = replace(words(town), first_day=SUNDAY, driver="Luc")
    following = as_farm(town, change_following, series, None, later)
    assert trips(town, series)[SUNDAY].driver == "Rosa"
    after = trips(town, following)
    assert SUNDAY not in after and {row.driver for row in after.values()} == {"Luc"}
    assert len(after) == 15 and {row.id for row in after.values()} <= {row.id for row in made.values()}


def test_a_cancelled_occurrence_is_not_made_again(town):
    series = announced(town)
    as_farm(town, cancel_trip, trips(town, series)[SUNDAY].id, None)
    make_ahead(town.house.desk, series)
    assert trips(town, series)[SUNDAY].state == "cancelled"


def test_all_that_follow_change_and_the_guest_keeps_its_promise(town):
    series = announced(town)
    made = trips(town, series)
    bid = ride(town, made[SUNDAY].id)
    before = the_bid(town, bid)
    later = replace(words(town), rule="FREQ=WEEKLY;BYDAY=SU", driver="Luc")
    following = as_farm(town, change_following, series, None, later)
    after = the_bid(town, bid)
    assert (after.state, after.price_cents) == ("accepted", before.price_cents)
    assert after.pickup_from_at <= after.pickup_at <= after.pickup_until_at
    kept = trips(town, following)
    assert kept[SUNDAY].id == made[SUNDAY].id and len(kept) == 8
    assert max(sold(town, kept[SUNDAY].id)) == 4
    gone = trips(town, series)
    assert {row.state for row in gone.values()} == {"cancelled"} and len(gone) == 8
    assert read(town, series).state == "ended" and read(town, following).follows_id == series
    assert make_ahead(town.house.desk, series) == 0 and make_ahead(town.house.desk, following) == 0


def test_a_change_from_a_later_day_leaves_the_days_before_alone(town):
    series = announced(town)
    from_day = date(2026, 10, 4)
    following = as_farm(town, change_following, series, None, words(town, first_day=from_day, driver="Luc"))
    assert {row.driver for row in trips(town, series).values()} == {"Ange"}
    assert max(trips(town, series)) < from_day <= min(trips(town, following))
    assert read(town, series).state == "open"


def test_all_promises_that_a_change_would_break_are_listed_and_nothing_changes(town):
    series = announced(town)
    made = trips(town, series)
    bids = [ride(town, made[SUNDAY].id), ride(town, made[SUNDAY + timedelta(days=3)].id, 3)]
    stops = tuple(
        replace(stop, opens_s=stop.opens_s + 3 * HOUR, closes_s=stop.closes_s + 3 * HOUR)
        for stop in words(town).stops
    )
    later = words(town, stops=stops)
    refusal = refused(lambda: as_farm(town, change_following, series, None, later))
    assert refusal.code == "change_breaks_promises"
    assert set(refusal.facts["broken"]) == {the_bid(town, bid).shipment_id for bid in bids}
    without_sundays = words(town, rule="FREQ=WEEKLY;BYDAY=WE")
    refusal = refused(lambda: as_farm(town, change_following, series, None, without_sundays))
    assert set(refusal.facts["broken"]) == {the_bid(town, bids[0]).shipment_id}
    assert {row.id: row.revision for row in trips(town, series).values()} | {} == {
        row.id: 2 if row.series_day in (SUNDAY, SUNDAY + timedelta(days=3)) else 1 for row in made.values()
    }


def test_cancelling_all_that_follow_frees_their_guests_and_ends_the_series(town):
    series = announced(town)
    made = trips(town, series)
    first, later = ride(town, made[SUNDAY].id), ride(town, made[SUNDAY + timedelta(days=3)].id, 3)
    as_farm(town, cancel_following, series, None, SUNDAY + timedelta(days=1))
    assert (the_bid(town, first).state, the_bid(town, later).state) == ("accepted", "refused")
    assert the_shipment(town, the_bid(town, later).shipment_id).state == "open"
    states = Counter(row.state for row in trips(town, series).values())
    assert states == {"open": 1, "cancelled": 15} and make_ahead(town.house.desk, series) == 0
    as_farm(town, cancel_following, series, None, SUNDAY)
    assert read(town, series).state == "ended"
    assert refused(lambda: as_farm(town, cancel_following, series, None, SUNDAY)).code == "series_ended"


def test_one_day_is_left_out_or_moved_made_or_not(town, clock):
    series = announced(town)
    wednesday, far = date(2026, 9, 16), date(2026, 11, 11)
    as_farm(town, except_day, series, None, SUNDAY, None)
    as_farm(town, except_day, series, None, wednesday, date(2026, 9, 17))
    as_farm(town, except_day, series, None, far, None)
    made = trips(town, series)
    assert made[SUNDAY].state == "cancelled"
    assert (made[wednesday].day, made[wednesday].detached) == (date(2026, 9, 17), True)
    clock.forward(14 * DAY_S)
    make_due(town.house.desk)
    assert far not in trips(town, series) and date(2026, 11, 15) in trips(town, series)
    stray = lambda: as_farm(town, except_day, series, None, date(2026, 9, 18), None)  # noqa: E731
    assert refused(stray).code == "exception_stray"


def test_a_day_that_cannot_be_made_is_noted_with_its_reason(town, clock, monkeypatch):
    from pooling.desk.trips import series as module
    from pooling.market.award import TripImpossible

    series = announced(town)
    clock.forward(7 * DAY_S)

    def impossible(*_):
        raise TripImpossible(trip="trip_x")

    monkeypatch.setattr(module, "prove_trip", impossible)
    assert make_due(town.house.desk) == 0
    with town.house.desk.store.view() as view:
        noted = exceptions_of(view, series)
    assert len(noted) == 2 and all("trip_impossible" in one.reason for one in noted)


def test_nobody_else_sees_or_changes_a_series(town):
    series = announced(town)
    for who in ("neighbour", "shop"):
        act = lambda who=who: cancel_following(  # noqa: E731
            town.house.desk, town.actor(who), town.ask(who), series, None, SUNDAY
        )
        assert refused(act).code == "not_found"
    assert MORNING < TOMORROW
