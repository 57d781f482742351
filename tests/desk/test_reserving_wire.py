"""Room reserved over the wire: one round, and who may see and do it."""

from tests.desk.market_wire import crates_wish, series_wish, trip_wish
from tests.desk.test_market_wire import API, get, made, post


def room_wish(town, number=6, **other):
    return {
        "party": town.parties["neighbour"],
        "from_site": town.sites["neighbour"],
        "to_site": town.sites["restaurant"],
        "crates": number,
        "most_cents": 5000,
    } | other


def held(client, town):
    trip = made(client, town, "farm", "/trips", **trip_wish(town))["id"]
    bid = made(client, town, "neighbour", f"/trips/{trip}/reservations", **room_wish(town))["id"]
    made(client, town, "farm", f"/bids/{bid}/accept")
    return trip, bid


def test_room_is_reserved_accepted_and_its_goods_are_named_over_the_wire(client, town):
    trip, bid = held(client, town)
    shown = get(client, town, "neighbour", f"/reservations/{bid}").json()
    assert (shown["state"], shown["crates"], shown["named"]) == ("accepted", 6, None)
    assert shown["name_by"] == "2026-09-13T02:00:00Z"
    assert get(client, town, "neighbour", "/shipments").json()["items"] == []
    shipment = made(client, town, "neighbour", "/shipments", **crates_wish(town, 4))["id"]
    headers = town.headers("neighbour") | {"If-Match": f'"{shown["revision"]}"'}
    body = {"shipment": shipment}
    taken = client.post(f"{API}/reservations/{bid}/name", json=body, headers=headers)
    again = client.post(f"{API}/reservations/{bid}/name", json=body, headers=headers)
    assert taken.status_code == 200 and again.json() == taken.json()
    assert (taken.json()["shipment"], taken.json()["price_cents"]) == (shipment, shown["price_cents"])
    trip = get(client, town, "farm", f"/trips/{trip}").json()
    assert [stop["ambient_free"] for stop in trip["stops"]][:1] == [16]


def test_a_reservation_is_its_holders_and_the_owners(client, town):
    trip, bid = held(client, town)
    paths = (f"/reservations/{bid}", f"/reservations?trip={trip}")
    for who, status, count in (
        ("farm", 200, 1),
        ("neighbour", 200, 1),
        ("operator", 200, 1),
        ("shop", 404, 0),
    ):
        assert get(client, town, who, paths[0]).status_code == status
        assert len(get(client, town, who, paths[1]).json()["items"]) == count
    for who, status in (("shop", 404), ("farm", 403), ("operator", 403)):
        assert post(client, town, who, f"/reservations/{bid}/name", crates=2).status_code == status
        assert post(client, town, who, f"/reservations/{bid}/release").status_code == status


def test_an_ordinary_bid_is_no_reservation(client, town):
    trip = made(client, town, "farm", "/trips", **trip_wish(town))["id"]
    shipment = made(client, town, "neighbour", "/shipments", **crates_wish(town))["id"]
    bid = made(client, town, "neighbour", f"/trips/{trip}/bids", shipment=shipment, most_cents=5000)["id"]
    assert get(client, town, "neighbour", f"/reservations/{bid}").status_code == 404


def test_goods_are_named_by_a_shipment_or_by_crates_and_room_is_given_back(client, town):
    _, bid = held(client, town)
    both = {"shipment": "shp_01hg0000never", "crates": 2}
    for wish in ({}, both):
        refused = post(client, town, "neighbour", f"/reservations/{bid}/name", **wish)
        assert refused.status_code == 422 or refused.json()["code"] == "goods_unclear"
    assert made(client, town, "neighbour", f"/reservations/{bid}/release")["state"] == "withdrawn"
    closed = post(client, town, "neighbour", f"/reservations/{bid}/name", crates=2)
    assert (closed.status_code, closed.json()["code"]) == (409, "reservation_closed")


def test_a_trip_and_a_series_say_how_much_may_be_held(client, town):
    closed = made(client, town, "farm", "/trips", **trip_wish(town, reserve_percent=0))
    assert closed["reserve_percent"] == 0
    refused = post(client, town, "neighbour", f"/trips/{closed['id']}/reservations", **room_wish(town))
    assert (refused.status_code, refused.json()["code"]) == (409, "no_room_held")
    series = made(client, town, "farm", "/trip-series", **series_wish(town, reserve_percent=25))
    occurrence = series["occurrences"][0]["trip"]
    assert get(client, town, "shop", f"/trips/{occurrence}").json()["reserve_percent"] == 25
