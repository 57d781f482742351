"""Searches that are kept: who looks for a ride is told once of each trip that fits."""

from datetime import date

import pytest

from pooling.desk.market.searches import SEARCHES_LIMIT, match_searches, remove_search
from pooling.desk.trips.changing_trips import change_trip
from pooling.store import Page
from pooling.store.searches import list_searches
from tests.desk.looking import HOUR, kept
from tests.desk.market import announced, trip_words
from tests.desk.telling import Outside, tell_all
from tests.desk.test_market import refused


def told(town):
    return match_searches(town.house.desk)


def test_a_search_is_told_once_of_a_trip_that_fits_however_often_it_changes(town):
    kept(town)
    trip = announced(town)
    assert (told(town), told(town)) == (1, 0)
    words = trip_words(town, driver="Lou")
    change_trip(town.house.desk, town.actor("farm"), town.ask("farm"), trip, None, words)
    assert told(town) == 0


def test_who_keeps_a_search_is_mailed_and_nobody_else(town):
    outside = Outside()
    kept(town)
    announced(town)
    told(town)
    tell_all(town, outside)
    assert outside.readers == ["neighbour"]


def test_a_trip_that_fits_only_once_it_is_changed_is_told_then(town):
    kept(town, crates=25)
    trip = announced(town)
    assert told(town) == 0
    words = trip_words(town, 30, 30, 30)
    change_trip(town.house.desk, town.actor("farm"), town.ask("farm"), trip, None, words)
    assert told(town) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"most_cents": 1},
        {"weekdays": 1},  # Mondays; the trip runs on a Sunday
        {"first_day": date(2026, 9, 14)},
        {"temperature": "frozen"},
        {"deliver_by_s": 6 * HOUR + 60},
    ],
)
def test_what_does_not_fit_is_not_told(town, other):
    kept(town, **other)
    announced(town)
    assert told(town) == 0


def test_nobody_is_told_of_its_own_trip(town):
    kept(town, "farm")
    announced(town)
    assert told(town) == 0


def test_a_search_that_was_removed_is_told_no_more(town):
    search = kept(town)
    remove_search(town.house.desk, town.actor("neighbour"), town.ask("neighbour"), search)
    announced(town)
    assert told(town) == 0


def test_searches_are_limited_and_belong_to_one_party(town):
    searches = [kept(town) for _ in range(SEARCHES_LIMIT)]
    assert refused(lambda: kept(town)).code == "too_many_searches"
    remove = lambda who: remove_search(town.house.desk, town.actor(who), town.ask(who), searches[0])  # noqa: E731
    assert refused(lambda: remove("shop")).code == "not_found"
    with town.house.desk.store.view() as view:
        assert list_searches(view, [town.parties["shop"]], Page())[0] == []


PAST = {"first_day": date(2020, 1, 1), "last_day": date(2020, 2, 1)}


def test_a_search_for_no_day_is_refused(town):
    for other in ({"last_day": date(2026, 9, 11)}, {"weekdays": 0}, {"last_day": date(2028, 9, 11)}, PAST):
        assert refused(lambda other=other: kept(town, **other)).code == "search_days_bad"
    assert refused(lambda: kept(town, ready_s=12 * HOUR)).code == "hours_backwards"
    nowhere = {"to_site_id": town.sites["neighbour"]}
    assert refused(lambda: kept(town, **nowhere)).code == "pickup_is_drop"
