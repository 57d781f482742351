"""Stops in free order: the best order in their hours, found by the search on the real roads of the region."""

from dataclasses import replace
from itertools import pairwise, permutations

from pooling.desk.market.bids import withdraw_bid
from pooling.desk.planbook import kept_plan
from pooling.desk.trips.trips import StopWords, announce_trip
from pooling.load import UNLIMITED
from pooling.store.sites import sites_by_id
from pooling.store.trips import stops_of
from tests.desk.market import (
    HOUR,
    TOMORROW,
    accepted,
    bidden,
    newcomer,
    sent,
    the_bid,
    the_trip,
    trip_words,
)
from tests.desk.market_wire import at, series_wish, trip_wish
from tests.desk.test_changing_trips import changed
from tests.desk.test_market import refused

ZIGZAG = ("operator", "neighbour", "shop", "carrier", "restaurant")
"""From the farm through the town and back: far out, half way home, and out again."""


def stop(town, site, opens=0, closes=6, room=20):
    return StopWords(
        town.sites[site], TOMORROW + opens * HOUR, TOMORROW + closes * HOUR, (room, 0, 0, UNLIMITED)
    )


def words(town, *between, first="farm", last="farm", **other):
    stops = tuple(one if isinstance(one, StopWords) else stop(town, one) for one in (first, *between))
    usual = {"free_order": True, "hour_cents": 0, "cutoff_at": TOMORROW}
    return replace(trip_words(town, **(usual | other)), stops=(*stops, stop(town, last, room=0)))


def announced(town, said):
    return announce_trip(town.house.desk, town.actor("farm"), town.ask("farm"), said)


def order(town, trip):
    names = {site_id: name for name, site_id in town.sites.items()}
    with town.house.desk.store.view() as view:
        return [names[one.site_id] for one in stops_of(view, [trip])[trip]]


def metres(town, trip):
    return kept_plan(the_trip(town, trip).plan)["announced"]["distance_m"]


def test_the_order_found_is_the_shortest_of_all_and_visibly_better_than_the_one_typed(town):
    typed = announced(town, words(town, *ZIGZAG, free_order=False))
    found = announced(town, words(town, *ZIGZAG))
    assert order(town, typed) == ["farm", *ZIGZAG, "farm"]
    assert metres(town, found) < 0.75 * metres(town, typed)
    with town.house.desk.store.view() as view:
        sites = sites_by_id(view, [town.sites[name] for name in ("farm", *ZIGZAG)])
    ground = town.house.desk.grounds.ground(list(sites.values()))
    rows = {name: ground.row[town.sites[name]] for name in ("farm", *ZIGZAG)}

    def way(names):
        ends = [rows[name] for name in ("farm", *names, "farm")]
        return sum(int(ground.matrix.distances_m[a, b]) for a, b in pairwise(ends))

    assert metres(town, found) == min(way(names) for names in permutations(ZIGZAG))


def test_hours_bind_the_order_that_is_found(town):
    late = stop(town, "neighbour", 4, 5)
    early = stop(town, "shop", 0, 1)
    trip = announced(town, words(town, late, "restaurant", early))
    assert order(town, trip)[1] == "shop" and order(town, trip)[-2] == "neighbour"
    never = [stop(town, name) for name in ("shop", "neighbour", "restaurant")]
    never = [replace(one, closes_at=one.opens_at + 60) for one in never]
    assert refused(lambda: announced(town, words(town, *never))).code == "no_order_fits"


def test_room_in_free_order_is_one(town):
    said = words(town, "shop", stop(town, "neighbour", room=5))
    assert refused(lambda: announced(town, said)).code == "room_not_one"


def test_a_change_keeps_what_was_promised_even_where_another_order_would_be_shorter(town):
    dairy, between = newcomer(town, "dairy", at="shop"), ("neighbour", "shop", "operator", "restaurant")
    said = words(town, *between, free_order=False, detour_s=120)
    trip = announced(town, said)
    assert order(town, announced(town, replace(said, free_order=True))) != order(town, trip)
    bid = accepted(town, bidden(town, trip, sent(town, 4, dairy, "operator"), who=dairy))
    until_at = the_bid(town, bid).drop_until_at
    changed(town, trip, replace(said, free_order=True))
    assert the_trip(town, trip).free_order and order(town, trip) == ["farm", *between, "farm"]
    assert the_bid(town, bid).drop_at <= the_bid(town, bid).drop_until_at == until_at
    withdraw_bid(town.house.desk, town.actor(dairy), town.ask(dairy), bid, None)
    changed(town, trip, replace(said, free_order=True))
    assert order(town, trip) != ["farm", *between, "farm"], "nobody was promised anything any more"


def test_the_order_is_found_for_trips_and_series_over_http(client, town):
    wish = trip_wish(town, free_order=True, hour_cents=0)
    ends = {"opens": at(0), "closes": at(6), "ambient": 20}
    wish["stops"] = [{"site": town.sites[name], **ends} for name in ("farm", *ZIGZAG, "farm")]
    made = client.post("/api/v1/trips", json=wish | {"cutoff": at(0)}, headers=town.headers("farm")).json()
    assert made["free_order"] and made["stops"][1]["site"] != town.sites[ZIGZAG[0]]
    repeats = series_wish(town, free_order=True, hour_cents=0)
    wall = {"opens": "06:00", "closes": "12:00", "ambient": 20}
    repeats["stops"] = [{"site": town.sites[name], **wall} for name in ("farm", *ZIGZAG, "farm")]
    series = client.post("/api/v1/trip-series", json=repeats, headers=town.headers("farm")).json()
    first = f"/api/v1/trips/{series['occurrences'][0]['trip']}"
    trip = client.get(first, headers=town.headers("farm")).json()
    assert [one["site"] for one in trip["stops"]] == [one["site"] for one in made["stops"]]
