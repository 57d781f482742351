"""Offers: trips, tours and pooled pickups, in order, each with what it is decided by."""

from dataclasses import replace

import pytest

from pooling.costs.carbon import van_co2_g
from pooling.desk.market.kept_trips import keep_ahead
from pooling.desk.market.near_trips import lay_out_ahead
from pooling.desk.market.offers import find_offers, get_ready
from pooling.desk.trips.changing_trips import change_trip
from pooling.desk.trips.trips import cancel_trip
from pooling.regimes import Regime
from pooling.store.touring import sign_up
from tests.desk import touring
from tests.desk.market import (
    accepted,
    announced,
    bidden,
    crates,
    newcomer,
    sent,
    the_bid,
    the_trip,
    trip_words,
)


def offers(town, wanted, who="neighbour", **more):
    return find_offers(town.house.desk, town.actor(who), wanted, **more)


def test_an_offer_tells_its_hours_band_regime_papers_way_and_carbon(town):
    announced(town)
    (one,) = offers(town, sent(town)).rides
    assert one.pickup_from_at <= one.pickup_at <= one.pickup_until_at
    assert one.drop_from_at <= one.drop_at <= one.drop_until_at
    assert one.floor_cents <= one.price_cents == one.most_cents
    assert (one.regime, one.papers[0]) == (Regime.COTRANSPORT_AGRICOLE, "Delivery note (justificatif)")
    assert (one.way_from, one.way_to) == ("Farm", "Restaurant")
    assert one.co2_g == van_co2_g(one.detour_m) < one.alone_co2_g


def test_an_offer_that_is_bid_at_its_price_is_accepted_when_nothing_changed(town):
    trip, shipment = announced(town), sent(town)
    (one,) = offers(town, shipment).rides
    bid = bidden(town, trip, shipment, one.price_cents)
    accepted(town, bid)
    assert the_bid(town, bid).price_cents == one.price_cents
    assert the_bid(town, bid).drop_at == one.drop_at


def test_a_proposed_tour_is_offered_at_the_hours_and_the_share_of_joining(town):
    tour = touring.proposed(town)
    touring.joined(town, tour, "farm", touring.sent(town, "farm"))
    shipment = touring.sent(town, "neighbour")
    (one,) = offers(town, shipment).rides
    assert (one.kind, one.ride_id, one.owner_name) == ("tour", tour, "Carrier")
    row = touring.row(town, sign_up, touring.joined(town, tour, "neighbour", shipment))
    assert (one.price_cents, one.pickup_at, one.drop_at) == (row.share_cents, None, None)
    assert (one.pickup_from_at, one.drop_until_at) == (row.pickup_from_at, row.drop_until_at)
    assert one.price_cents <= one.most_cents <= 4 * 400


def test_a_tour_without_room_tells_its_true_reason(town):
    tour = touring.proposed(town, ambient_crates=3)
    found = offers(town, touring.sent(town, "neighbour", crates=4))
    assert (found.rides, [one.ride_id for one in found.others]) == ((), [tour])
    assert found.others[0].refusal.code == "no_room"


def test_the_change_that_a_reason_names_makes_it_fit(town):
    announced(town, 3, 3, 3)
    found = offers(town, crates(town, 5))
    (other,) = found.others
    enough = other.refusal.plain_facts["free"]
    assert offers(town, crates(town, enough)).rides and not offers(town, crates(town, enough + 1)).rides


def test_a_trip_that_leaves_a_day_as_another_comes_hides_it_from_no_search(town):
    """As many trips, at revisions that add up to the same: yet they are others."""
    wanted, first = crates(town), announced(town)
    assert [one.ride_id for one in offers(town, wanted).rides] == [first]
    later, words = 86_400, trip_words(town)
    stops = tuple(
        replace(one, opens_at=one.opens_at + later, closes_at=one.closes_at + later) for one in words.stops
    )
    change_trip(
        town.house.desk, town.actor("farm"), town.ask("farm"), first, None, replace(words, stops=stops)
    )
    town.clock.forward(1)
    second = announced(town)
    assert [one.ride_id for one in offers(town, wanted).rides] == [second]


@pytest.mark.parametrize("sort", ["price", "hour", "detour"])
def test_offers_are_ranked_by_what_is_asked_for(town, sort):
    announced(town)
    announced(town, detour_s=2400)
    first = newcomer(town, "dairy")
    trip = announced(town)
    accepted(town, bidden(town, trip, sent(town, 3, first), who=first))
    rides = offers(town, sent(town), sort=sort).rides
    key = {"price": "price_cents", "hour": "drop_at", "detour": "detour_s"}[sort]
    values = [getattr(one, key) for one in rides]
    assert len(values) == 3 and values == sorted(values)


def test_a_pickup_is_pooled_only_where_three_parties_go_that_way(town):
    shipment = sent(town)
    first, other = newcomer(town, "dairy"), newcomer(town, "mill")
    sent(town, 5, first)
    assert offers(town, shipment).pooled is None
    sent(town, 6, other)
    pooled = offers(town, shipment).pooled
    assert pooled is not None and pooled.expected_cents % 50 == 0
    assert pooled.expected_cents < pooled.alone_cents and pooled.co2_g < pooled.alone_co2_g


def test_a_pooled_pickup_tells_nothing_of_who_would_share_it(town):
    for name in ("dairy", "mill", "orchard"):
        sent(town, 5, newcomer(town, name))
    told = str(offers(town, sent(town)).pooled).lower()
    assert not [name for name in ("dairy", "mill", "orchard", "pty_", "shp_") if name in told]


def test_a_search_tells_that_the_day_has_more_trips_or_tours_than_it_looks_at(town, monkeypatch):
    announced(town)
    touring.proposed(town)
    assert not offers(town, crates(town)).beyond
    with monkeypatch.context() as few:
        few.setattr("pooling.desk.tours.tour_offers.TOURS_TRIED_LIMIT", 1)
        assert not offers(town, crates(town)).beyond
        touring.proposed(town)
        assert offers(town, crates(town)).beyond
    monkeypatch.setattr("pooling.desk.market.offers.TRIPS_SEEN_LIMIT", 1)
    assert offers(town, crates(town)).beyond


def test_a_day_that_was_laid_out_is_read_anew_once_a_trip_of_it_has_changed(town, monkeypatch):
    monkeypatch.setattr("pooling.desk.market.offers.TRIPS_TRIED_LIMIT", 1)
    first, other = announced(town), announced(town)
    (one,) = offers(town, crates(town)).rides
    gone = town.ask("farm")
    cancel_trip(town.house.desk, town.actor("farm"), gone, one.ride_id, None)
    (left,) = offers(town, crates(town)).rides
    assert {one.ride_id, left.ride_id} == {first, other}
    latest = announced(town, 30, 30, 30)
    assert offers(town, crates(town)).seen == 2
    town.clock.at = the_trip(town, latest).cutoff_at
    assert offers(town, crates(town)).seen == 0


def test_trips_announced_after_a_day_was_laid_out_are_found_beside_it(town, monkeypatch):
    monkeypatch.setattr("pooling.desk.market.offers.TRIPS_TRIED_LIMIT", 1)
    monkeypatch.setattr("pooling.desk.market.near_trips.PARTS_LIMIT", 3)
    standing = [announced(town, 3, 3, 3), announced(town, 3, 3, 3)]
    for number in range(5):
        (one,) = offers(town, crates(town, 2)).rides
        assert one.ride_id in standing
        cancel_trip(town.house.desk, town.actor("farm"), town.ask("farm"), one.ride_id, None)
        standing.remove(one.ride_id)
        standing.append(announced(town, 3, 3, 3))
        assert offers(town, crates(town, 2)).seen == 2, number


def test_the_next_days_are_laid_out_before_anybody_searches_them(town, monkeypatch):
    announced(town)
    here = announced(town)
    lay_out_ahead(town.house.desk, 1, 10)
    monkeypatch.setattr("pooling.desk.market.near_trips.corridor_of", None)  # nothing is left to lay out
    monkeypatch.setattr("pooling.desk.market.offers.TRIPS_TRIED_LIMIT", 1)
    assert len(offers(town, crates(town)).rides) == 1
    cancel_trip(town.house.desk, town.actor("farm"), town.ask("farm"), here, None)
    assert len(offers(town, crates(town)).rides) == 1


def test_the_books_of_the_next_days_are_made_before_anybody_searches_them(town, monkeypatch):
    announced(town)
    announced(town)
    monkeypatch.setattr("pooling.desk.market.offers.TRIPS_TRIED_LIMIT", 1)
    keep_ahead(town.house.desk, get_ready(town.house.desk))
    monkeypatch.setattr("pooling.desk.market.kept_trips.stored_one", None)  # no book is left to make
    assert len(offers(town, crates(town)).rides) == 1


def test_of_many_trips_only_the_nearest_that_do_not_fit_are_explained(town, monkeypatch):
    for _ in range(5):
        announced(town, 1, 1, 1)
    assert len(offers(town, crates(town, 3)).others) == 5
    monkeypatch.setattr("pooling.desk.market.offers.EXPLAINED", 4)
    found = offers(town, crates(town, 3))
    assert (found.rides, len(found.others), found.seen) == ((), 4, 5)


def test_room_that_is_there_is_not_called_gone(town):
    """Crates that are ready when the last stop is over would ride after it: that is the reason, not room."""
    announced(town, 12, 12, 12)
    base = crates(town, 4)
    for late_s in range(0, 8 * 3600, 1800):
        wanted = replace(base, ready_at=base.ready_at + late_s, pickup_by_at=base.pickup_by_at + late_s)
        wanted = replace(wanted, deliver_by_at=wanted.deliver_by_at + late_s)
        for one in offers(town, wanted).others:
            while one is not None:
                refusal = getattr(one, "refusal", one)
                assert refusal.code != "no_room", (late_s, refusal.sentence)
                one = refusal.besides
