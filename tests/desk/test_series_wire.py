"""Trips that repeat, return and carry pallets, over the wire."""

from pooling.figures import PALLET_CRATES
from tests.desk.market_wire import at, series_wish, trip_wish

SERIES, TRIPS = "/api/v1/trip-series", "/api/v1/trips"


def post(client, town, path, body, who="farm"):
    return client.post(path, json=body, headers=town.headers(who))


def test_a_series_is_announced_read_changed_and_cancelled(town, client):
    made = post(client, town, SERIES, series_wish(town)).json()
    assert [one["day"] for one in made["occurrences"][:3]] == ["2026-09-13", "2026-09-16", "2026-09-20"]
    trip = client.get(f"{TRIPS}/{made['occurrences'][0]['trip']}", headers=town.headers("shop")).json()
    assert (trip["series"], trip["series_day"]) == (made["id"], "2026-09-13")
    out = {"day": "2026-09-20"}
    excepted = post(client, town, f"{SERIES}/{made['id']}/exceptions", out).json()
    assert excepted["exceptions"] == [{"day": "2026-09-20", "moved_to": None, "reason": ""}]
    back = post(client, town, f"{SERIES}/{made['id']}/put-back", out).json()
    assert back["exceptions"] == [] and "2026-09-20" in [one["day"] for one in back["occurrences"]]
    wish = series_wish(town, rule="FREQ=WEEKLY;BYDAY=WE", first_day="2026-10-01")
    after = client.put(f"{SERIES}/{made['id']}", json=wish, headers=town.headers("farm")).json()
    assert after["follows"] == made["id"] and after["occurrences"][0]["day"] == "2026-10-07"
    ended = post(client, town, f"{SERIES}/{after['id']}/cancel", {"from_day": "2026-10-01"}).json()
    assert ended["state"] == "ended"
    assert {one["state"] for one in ended["occurrences"]} == {"cancelled"}
    listed = client.get(SERIES, headers=town.headers("farm")).json()["items"]
    assert {one["id"] for one in listed} == {made["id"], after["id"]}
    assert client.get(SERIES, headers=town.headers("shop")).json()["items"] == []


def test_the_same_wish_twice_announces_one_series(town, client):
    headers = town.headers("farm", key="once")
    ids = {client.post(SERIES, json=series_wish(town), headers=headers).json()["id"] for _ in range(2)}
    assert len(ids) == 1


def test_a_rule_that_is_not_understood_is_refused_with_what_is(town, client):
    answer = post(client, town, SERIES, series_wish(town, rule="FREQ=HOURLY"))
    assert (answer.status_code, answer.json()["code"]) == (409, "rule_unreadable")


def one_way(town, **other):
    stops = [("farm", 0, 1), ("shop", 1, 3)]
    places = [
        {"site": town.sites[site], "opens": at(opens), "closes": at(closes), "ambient": 20}
        for site, opens, closes in stops
    ]
    return trip_wish(town, stops=places, **other)


def test_the_empty_way_back_is_a_trip_of_its_own(town, client):
    there = post(client, town, TRIPS, one_way(town, returns={"by": at(8), "ambient": 40})).json()
    back = client.get(f"{TRIPS}/{there['returns']}", headers=town.headers("shop")).json()
    assert back["return_of"] == there["id"]
    assert [one["name"] for one in back["stops"]] == ["Shop", "Farm"]
    assert (back["stops"][0]["ambient_free"], back["cutoff"]) == (40, there["cutoff"])
    later = client.put(
        f"{TRIPS}/{there['id']}", json=trip_wish(town, detour_min=10), headers=town.headers("farm")
    )
    assert later.json()["code"] == "return_too_early"
    post(client, town, f"{TRIPS}/{there['id']}/cancel", None)
    gone = client.get(f"{TRIPS}/{back['id']}", headers=town.headers("farm")).json()
    assert gone["state"] == "cancelled"


def test_one_van_is_never_sold_for_hours_in_which_its_way_there_and_back_overlap(town, client):
    headers = town.headers("farm")
    there = post(client, town, TRIPS, one_way(town, returns={"by": at(8), "ambient": 40})).json()

    def changed(trip, sites, hours):
        stops = [
            {"site": town.sites[one], "opens": at(opens), "closes": at(closes), "ambient": 20}
            for one, (opens, closes) in zip(sites, hours, strict=True)
        ]
        wish = trip_wish(town, stops=stops)
        return client.put(f"{TRIPS}/{trip}", json=wish, headers=town.headers("farm"))

    longer = changed(there["id"], ("farm", "shop"), ((0, 1), (2, 4)))
    earlier = changed(there["returns"], ("shop", "farm"), ((2, 8), (3, 8)))
    assert [one.json()["code"] for one in (longer, earlier)] == ["return_too_early"] * 2
    assert changed(there["returns"], ("shop", "farm"), ((4, 8), (4, 8))).status_code == 200
    assert changed(there["id"], ("farm", "shop"), ((0, 1), (2, 4))).status_code == 200
    client.post(f"{TRIPS}/{there['id']}/cancel", headers=headers)


def test_a_trip_that_ends_where_it_begins_has_no_way_back(town, client):
    answer = post(client, town, TRIPS, trip_wish(town, returns={"by": at(9), "ambient": 5}))
    assert answer.json()["code"] == "return_nowhere"


def test_pallets_are_counted_as_crates(town, client):
    wish = trip_wish(town)
    for stop in wish["stops"]:
        stop |= {"ambient": 4, "pallets": 2}
    trip = post(client, town, TRIPS, wish).json()
    assert trip["stops"][0]["ambient_free"] == 4 + 2 * PALLET_CRATES.value == 68


def test_a_detour_in_km_is_a_limit_of_its_own(town, client):
    from tests.desk.market import bidden, sent

    far = post(client, town, TRIPS, trip_wish(town, detour_km=0)).json()
    assert far["detour_m"] == 0
    import pytest

    from geodata.refusal import Refusal

    with pytest.raises(Refusal) as caught:
        bidden(town, far["id"], sent(town))
    assert caught.value.code == "detour_too_long"
    near = post(client, town, TRIPS, trip_wish(town, detour_km=50)).json()
    assert bidden(town, near["id"], sent(town))
