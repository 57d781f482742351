"""A frozen manifest repaired: what goes, what moves, what stays, and the list of what changed."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from api.papers import words
from api.papers.diary import manifest_ics
from geodata.roads import RoadLine
from pooling.manifest import Change, OnBoard
from pooling.runs.manifest_json import manifest_json, read_manifest
from pooling.runs.repairing import Repair, differences, redated, repaired, stops_done, too_late
from tests.papers.sample import friday_trip, harvest_tour
from tests.thorough import examples

BEHIND = frozenset({("T7-001", "on")})


def way(start, end):
    """Twelve minutes and ten kilometres between any two points."""
    return RoadLine((start, end), 12 * 60, 10_000, ("New road",))


def hours(manifest):
    return [stop.begins for stop in manifest.stops]


def test_the_next_edition_bears_a_higher_number_and_names_the_one_before():
    once = repaired(friday_trip(), Repair("late", late_min=5), way)
    twice = repaired(once, Repair("late", late_min=5), way)
    assert [once.number, once.supersedes] == ["T7-2026-10-16-R2", "T7-2026-10-16"]
    assert [twice.number, twice.supersedes] == ["T7-2026-10-16-R3", "T7-2026-10-16-R2"]
    assert [stop.code for stop in once.stops] == [stop.code for stop in friday_trip().stops], "it is printed"


def test_hours_are_said_anew_on_the_manifest_of_the_day_that_follows():
    stop = replace(
        friday_trip().stops[0], begins="06:40", until_hour="23:00", next_day=("begins",), from_hour=""
    )
    later = redated(stop, 1)
    assert (later.begins, later.until_hour, later.from_hour, later.next_day) == ("06:40", "00:00", "", ())
    back = redated(later, -1)
    assert (back.begins, back.until_hour) == ("06:40", "24:00") and "begins" in back.next_day


def test_lateness_moves_what_lies_ahead_and_waiting_takes_it_up():
    """It waits 5 min at the farm, and 6 before the market opens: of 30 min late 19 are left there."""
    late = repaired(friday_trip(), Repair("late", late_min=30), way)
    assert (late.departs, hours(late)) == ("05:40", ["05:40", "06:27", "06:59"])
    assert late.stops[0].arrives == "05:40" and late.ends == "08:09"
    assert late.changes[0] == Change(
        "later", "Ferme des Oliviers, L'Escarène", "T7-001", "on", "05:15", "05:40", 25
    )
    assert [one.minutes for one in late.changes] == [25, 25, 19, 19]


def test_what_is_behind_never_changes():
    trip = friday_trip()
    done = stops_done(trip, BEHIND)
    late = repaired(trip, Repair("late", late_min=30, done=done, away=True), way)
    assert done == {1} and late.departs == trip.departs
    assert hours(late) == ["05:15", "06:32", "07:04"]


def test_a_few_minutes_that_waiting_takes_up_change_nobodys_hour():
    late = repaired(friday_trip(), Repair("late", late_min=5), way)
    assert (late.changes, late.departs, hours(late)) == ((), "05:15", hours(friday_trip()))


def test_what_is_called_off_goes_from_stops_load_order_and_load_and_nobody_is_called_earlier():
    trip = friday_trip()
    new = repaired(trip, Repair("off", gone=frozenset({"T7-002"})), way)
    assert [stop.site for stop in new.stops] == [trip.stops[0].site, trip.stops[2].site]
    assert [(place.shipment, place.on_at, place.off_at) for place in new.load_order] == [("T7-001", 1, 3)]
    assert new.stops[0].on_board == OnBoard(8, 0, 0, 64) and new.stops[1].on_board == OnBoard(0, 0, 0, 0)
    assert new.stops[1].begins == "06:40" and new.stops[1].leg_m == 10_000
    assert [(one.kind, one.way, one.was, one.now) for one in new.changes] == [
        ("dropped", "on", "06:02", ""),
        ("dropped", "off", "06:40", ""),
    ]
    assert new.distance_m == trip.distance_m - 18_420 - 9_870 + 10_000


def test_a_stop_keeps_its_number_over_editions_and_what_goes_is_cancelled_in_the_calendar():
    trip = friday_trip()
    fewer = repaired(trip, Repair("off", gone=frozenset({"T7-002"})), way)
    later = repaired(fewer, Repair("late", late_min=30), way)
    for new in (fewer, later):
        assert [(stop.number, stop.code) for stop in new.stops] == [
            (stop.number, stop.code) for stop in trip.stops if stop.number != 2
        ]
        assert [stop.number for stop in new.left_out] == [2]
        events = {str(one["uid"]): one for one in Calendar.from_ical(manifest_ics(new, words("fr"))).events}
        uids = [str(one["uid"]) for one in Calendar.from_ical(manifest_ics(trip, words("fr"))).events]
        assert set(events) == set(uids) and {one["sequence"] for one in events.values()} == {new.edition - 1}
        assert [str(events[uid].get("status", "")) for uid in uids] == ["", "CANCELLED", ""]
    assert later.stops[1].leg_m == fewer.stops[1].leg_m and later.distance_m == fewer.distance_m
    assert read_manifest(manifest_json(later)) == later


def test_an_announced_stop_stays_though_nothing_is_handled_there():
    new = repaired(friday_trip(), Repair("off", gone=frozenset({"T7-001"})), way)
    assert [stop.number for stop in new.stops] == [1, 2, 3] and new.stops[0].handlings == ()


def test_what_begins_after_its_hour_is_listed_with_its_stop():
    late = repaired(friday_trip(), Repair("late", late_min=70), way)
    assert [(one.handling.shipment, one.stop.until_hour) for one in too_late(late, BEHIND)] == [
        ("T7-002", "07:00")
    ]
    assert too_late(friday_trip(), frozenset()) == ()


def test_differences_name_what_is_new_earlier_and_in_another_order():
    trip = friday_trip()
    first, second, third = trip.stops
    fewer = replace(trip, stops=(first, replace(third, handlings=third.handlings[:1])))
    assert [one.kind for one in differences(fewer, trip)] == ["added", "added"]
    sooner = replace(trip, stops=(first, replace(second, begins="05:52"), third))
    assert differences(trip, sooner)[0].minutes == 10 and differences(trip, sooner)[0].kind == "earlier"
    swapped = replace(trip, stops=(first, second, replace(third, handlings=third.handlings[::-1])))
    assert [one.kind for one in differences(trip, swapped)] == ["order", "order"]


@examples(30)
@given(
    gone=st.sets(st.integers(1041, 1052), max_size=11),
    late_min=st.integers(0, 120),
    done=st.integers(0, 12),
)
def test_whatever_happens_loads_add_up_and_hours_run_forward(gone, late_min, done):
    tour = harvest_tour()
    behind = {one.shipment for stop in tour.stops[:done] for one in stop.handlings}
    called_off = frozenset(f"S-{one}" for one in gone) - behind
    numbers = frozenset(stop.number for stop in tour.stops[:done])
    new = repaired(tour, Repair("both", called_off, late_min, numbers, away=bool(done)), way)
    stayed = {stop.site: stop.number for stop in tour.stops}
    assert [stop.number for stop in new.stops] == [stayed[stop.site] for stop in new.stops]
    assert {stop.number for stop in (*new.stops, *new.left_out)} == {stop.number for stop in tour.stops}
    assert new.stops[-1].on_board == OnBoard(0, 0, 0, 0)
    assert not called_off & {one.shipment for stop in new.stops for one in stop.handlings}
    walls = [hour for stop in new.stops for hour in (stop.arrives, stop.begins, stop.leaves)]
    assert walls == sorted(walls)
    assert new.stops[:done] == tour.stops[:done]
    old = {(one.shipment, one.way): stop.begins for stop in tour.stops for one in stop.handlings}
    assert all(stop.begins >= old[one.shipment, one.way] for stop in new.stops for one in stop.handlings)


@pytest.mark.parametrize(("noted", "done"), [(set(), 0), ({("T7-001", "on")}, 1), ({("T7-001", "off")}, 0)])
def test_a_stop_is_behind_when_everything_there_is_noted(noted, done):
    assert len(stops_done(friday_trip(), frozenset(noted))) == done
