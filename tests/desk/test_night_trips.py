"""Crates that are ready after midnight, and the trips of the night before that are still under way then."""

from datetime import date, timedelta
from functools import partial

import pytest

from pooling.desk.market import night_trips
from pooling.desk.market.bundle_offers import offers_for_all
from pooling.desk.market.clearing_trips import clear_trip, propose_clearing
from pooling.desk.market.offers import find_offers
from pooling.desk.market.search_matching import match_searches
from pooling.desk.market.searches import SearchWords, keep_search
from pooling.desk.runs.freezing_rides import freeze_trip
from pooling.desk.trips.trips import StopWords
from pooling.load import UNLIMITED
from pooling.manifest import moment_of_hour
from pooling.runs.manifest_json import read_manifest
from pooling.store import market, touring
from tests.desk.market import accepted, bidden
from tests.desk.test_overnight import at, harvest, night_trip, refused, wall
from tests.desk.touring import DAY, HOUR, ledger, row

NIGHTS = [DAY, date(2026, 3, 28), date(2026, 10, 24)]
"""A usual night, and those in which an hour is left out or comes twice."""


def small_hours(of):
    """Say crates that are ready at 3:30 of the next morning and handed over between 5 and 7."""
    night = at(3, 1, of=of) + HOUR // 2
    return {"ready_at": night, "pickup_by_at": at(6, 1, of=of), "deliver_from_at": at(5, 1, of=of)}


@pytest.mark.parametrize("of", NIGHTS)
def test_crates_ready_after_midnight_ride_on_the_trip_of_the_night_that_passes_them(town, of):
    town.clock.at = at(6, of=of)
    trip, crates = night_trip(town, of=of), harvest(town, "neighbour", of=of, **small_hours(of))
    assert row(town, market.shipment, crates).day == of + timedelta(days=1)
    found = find_offers(town.house.desk, town.actor("neighbour"), crates)
    (offer,) = found.rides
    with town.house.desk.store.view() as view:
        together = offers_for_all(town.house.desk, view, town.actor("neighbour"), [crates])
    assert [one.trip_id for one in together] == [trip]
    assert (offer.ride_id, found.seen, wall(offer.drop_at)[:6]) == (trip, 1, "Sun 05")
    agreed = row(town, market.bid, accepted(town, bidden(town, trip, crates)))
    assert wall(agreed.pickup_from_at) >= "Sun 03:30" and wall(agreed.drop_until_at) <= "Sun 07:00"
    manifest_id = freeze_trip(town.house.desk, town.actor("farm"), town.ask("farm"), trip)
    manifest = read_manifest(row(town, touring.manifest, manifest_id).body)
    assert moment_of_hour(manifest, manifest.stops[-1], "begins").timestamp() == agreed.drop_at
    assert (ledger(town).sum_cents, ledger(town).unbalanced) == (0, 0)


def test_crates_ready_when_the_nights_trip_is_over_or_of_a_later_day_ride_on_none_of_it(town):
    town.clock.at = at(6)
    trip = night_trip(town)
    after = {"ready_at": at(7, 1), "pickup_by_at": at(9, 1), "deliver_from_at": at(8, 1)}
    later = small_hours(DAY + timedelta(days=1)) | {"deliver_by_at": at(7, 2)}
    for words in (after | {"deliver_by_at": at(12, 1)}, later):
        crates = harvest(town, "neighbour", **words)
        assert find_offers(town.house.desk, town.actor("neighbour"), crates).seen == 0
        assert refused(partial(bidden, town, trip, crates)).code == "other_day"


def test_of_more_trips_of_the_night_than_are_tried_the_nearest_are_and_the_search_says_so(town, monkeypatch):
    monkeypatch.setattr(night_trips, "NIGHTS_TRIED_LIMIT", 1)
    town.clock.at = at(6)
    free = (20, 0, 0, UNLIMITED)
    away = (
        StopWords(town.sites["shop"], at(18), at(20), free),
        StopWords(town.sites["farm"], at(5, 1), at(7, 1), (0, 0, 0, 0)),
    )
    night_trip(town, stops=away)
    near = night_trip(town)
    crates = harvest(town, "neighbour", **small_hours(DAY))
    found = find_offers(town.house.desk, town.actor("neighbour"), crates)
    assert [one.ride_id for one in found.rides] == [near] and found.beyond


def test_both_days_of_one_payer_ride_together_by_the_best_set_and_each_spares_its_own_day(town):
    town.clock.at = at(6)
    trip = night_trip(town)
    evening, morning = harvest(town, "neighbour"), harvest(town, "neighbour", **small_hours(DAY))
    bids = {bidden(town, trip, one) for one in (evening, morning)}
    proposal = propose_clearing(town.house.desk, town.actor("farm"), trip)
    assert set(proposal.chosen) == bids and not proposal.refused
    clear_trip(town.house.desk, town.actor("farm"), town.ask("farm"), trip, None, sorted(bids))
    assert {row(town, market.shipment, one).state for one in (evening, morning)} == {"riding"}
    assert (ledger(town).sum_cents, ledger(town).unbalanced) == (0, 0)


def test_a_kept_search_of_the_small_hours_hears_of_the_trip_of_the_night_before(town):
    town.clock.at = at(6)
    words = SearchWords(
        party_id=town.parties["neighbour"],
        from_site_id=town.sites["neighbour"],
        to_site_id=town.sites["restaurant"],
        temperature="ambient",
        crates=2,
        first_day=DAY + timedelta(days=1),
        last_day=DAY + timedelta(days=1),
        ready_s=3 * HOUR,
        pickup_by_s=6 * HOUR,
        deliver_from_s=5 * HOUR,
        deliver_by_s=7 * HOUR,
    )
    keep_search(town.house.desk, town.actor("neighbour"), town.ask("neighbour"), words)
    match_searches(town.house.desk)
    night_trip(town)
    assert match_searches(town.house.desk) == 1
