"""Searches that are kept: who looks for a ride is told once of each trip that fits."""

from datetime import date

import pytest

from pooling.desk.market import search_matching, search_standing
from pooling.desk.market.bids import withdraw_bid
from pooling.desk.market.search_matching import match_searches
from pooling.desk.market.search_standing import try_standing
from pooling.desk.market.searches import SEARCHES_LIMIT, remove_search
from pooling.desk.people.parties import PartyWords, Vetting, change_party, vet_party
from pooling.desk.tours.sign_ups import leave_tour
from pooling.desk.trips.changing_trips import change_trip
from pooling.desk.trips.releasing import release_due
from pooling.desk.trips.trips import announce_trip
from pooling.regimes import Regime
from pooling.store import Page
from pooling.store.searches import list_searches, next_queued, queue_ride, was_told, went_on
from tests.desk import touring
from tests.desk.carrying import FAR, active, carrier, did
from tests.desk.looking import HOUR, kept
from tests.desk.market import accepted, announced, bidden, newcomer, sent, trip_words
from tests.desk.telling import Outside, tell_all
from tests.desk.test_market import refused
from tests.desk.test_reserving import NAMED_BY, held


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


def test_no_search_is_dropped_however_many_there_are(town, monkeypatch):
    monkeypatch.setattr(search_matching, "SEARCHES_AT_ONCE", 2)
    monkeypatch.setattr(search_matching, "PAGES_AT_ONCE", 2)
    for _ in range(5):
        kept(town)
    trip = announced(town)
    assert told(town) == 4  # the fifth waits for the next call
    change_trip(
        town.house.desk, town.actor("farm"), town.ask("farm"), trip, None, trip_words(town, driver="Lou")
    )
    assert [told(town) for _ in range(3)] == [1, 0, 0]
    with town.house.desk.store.view() as view:
        assert next_queued(view) is None


def test_a_search_that_goes_wrong_keeps_no_other_from_being_told(town, monkeypatch):
    broken, sound = kept(town, crates=3), kept(town)
    asking_of = search_matching.asking_of
    monkeypatch.setattr(
        search_matching, "asking_of", lambda view, row: 1 / 0 if row.crates == 3 else asking_of(view, row)
    )
    trip = announced(town)
    assert told(town) == 1
    with town.house.desk.store.view() as view:
        assert [was_told(view, one, trip) for one in (broken, sound)] == [False, True]


def test_who_looks_hears_that_a_guest_has_left(town):
    other = newcomer(town, "dairy")
    bid = accepted(town, bidden(town, announced(town, 6, 6, 6), sent(town, 6)))
    kept(town, other)
    assert told(town) == 0
    withdraw_bid(town.house.desk, town.actor("neighbour"), town.ask("neighbour"), bid, None)
    assert (told(town), told(town)) == (1, 0)


def test_who_looks_hears_that_reserved_room_was_given_back(town):
    other = newcomer(town, "dairy")
    held(town, 4, 4, 4, 4, reserve_percent=100)
    kept(town, other)
    assert told(town) == 0
    town.clock.at = NAMED_BY
    release_due(town.house.desk)
    assert (told(town), told(town)) == (1, 0)


def test_who_looks_hears_of_a_tour_once_and_of_a_full_one_when_somebody_has_left_it(town):
    tour = touring.proposed(
        town, ambient_crates=4, closes_at=touring.MORNING + 2_400
    )  # no time to drive twice
    place = touring.joined(town, tour, "farm", touring.sent(town, "farm"))
    kept(town)
    assert told(town) == 0
    leave_tour(town.house.desk, town.actor("farm"), town.ask("farm"), place)
    assert (told(town), told(town)) == (1, 0)
    touring.proposed(town, closes_at=touring.MORNING + 2_400)
    assert (told(town), told(town)) == (1, 0)


def test_who_looks_hears_of_a_trip_for_hire_once_its_carrier_is_vetted_again(town):
    active(town)
    announce_trip(
        town.house.desk,
        town.actor("carrier"),
        town.ask("carrier"),
        trip_words(town, owner="carrier", regime=Regime.TRANSPORTEUR),
    )
    did(town, change_party, "carrier", carrier(town), None, PartyWords("Carrier", "", "LTI-8", "fr"))
    kept(town)
    assert told(town) == 0
    did(town, vet_party, "operator", carrier(town), None, Vetting(True, "LTI-8", FAR))
    assert (told(town), told(town)) == (1, 0)


PAST = {"first_day": date(2020, 1, 1), "last_day": date(2020, 2, 1)}


def test_a_search_for_no_day_is_refused(town):
    for other in ({"last_day": date(2026, 9, 11)}, {"weekdays": 0}, {"last_day": date(2028, 9, 11)}, PAST):
        assert refused(lambda other=other: kept(town, **other)).code == "search_days_bad"
    assert refused(lambda: kept(town, ready_s=12 * HOUR)).code == "hours_backwards"
    nowhere = {"to_site_id": town.sites["neighbour"]}
    assert refused(lambda: kept(town, **nowhere)).code == "pickup_is_drop"


def test_a_worker_that_tried_a_ride_as_it_was_does_not_end_its_second_round(town):
    store, trip = town.house.desk.store, announced(town)
    store.change(lambda tx: queue_ride(tx, "trip", trip))
    with store.view() as view:
        slow = next_queued(view)
    store.change(lambda tx: queue_ride(tx, "trip", trip))
    assert store.change(lambda tx: went_on(tx, slow, "")), "another worker: it is tried anew"
    assert not store.change(lambda tx: went_on(tx, slow, ""))
    with store.view() as view:
        assert next_queued(view).ride_id == trip


def stands(town):
    return try_standing(town.house.desk)


def test_a_new_search_hears_once_of_what_stands_already(town):
    trip, tour = announced(town), touring.proposed(town)
    told(town)
    kept(town)
    assert (stands(town), stands(town), told(town)) == (2, 0, 0)
    words = trip_words(town, driver="Lou")
    change_trip(town.house.desk, town.actor("farm"), town.ask("farm"), trip, None, words)
    assert told(town) == 0
    assert tour


@pytest.mark.parametrize("other", [{"most_cents": 1}, {"weekdays": 1}, {"crates": 25}])
def test_a_new_search_hears_of_nothing_that_does_not_fit(town, other):
    announced(town)
    kept(town, **other)
    assert stands(town) == 0


def test_nobody_is_told_of_its_own_trip_that_stands(town):
    announced(town)
    kept(town, "farm")
    assert stands(town) == 0


def test_a_new_search_is_tried_day_by_day_and_goes_on_where_it_was(town, monkeypatch):
    monkeypatch.setattr(search_standing, "DAYS_AT_ONCE", 1)
    announced(town)
    kept(town)
    kept(town)
    assert [stands(town) for _ in range(6)].count(1) == 2
