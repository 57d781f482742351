"""Shipments, orders, trips, offers and bids over the wire: one round of the market, and who sees what."""

from pooling.regimes import Regime, papers_to_carry
from tests.desk.market_wire import at, crates_wish, order_wish, trip_wish

API = "/api/v1"


def post(client, town, who, path, **body):
    return client.post(API + path, json=body or None, headers=town.headers(who))


def made(client, town, who, path, **body):
    answer = post(client, town, who, path, **body)
    assert answer.status_code in (200, 201), answer.text
    return answer.json()


def get(client, town, who, path):
    return client.get(API + path, headers=town.headers(who))


def test_an_order_becomes_crates_that_ride_on_a_neighbours_trip(client, town):
    trip = made(client, town, "farm", "/trips", **trip_wish(town))
    order = made(client, town, "restaurant", "/orders", **order_wish(town))
    filling = {"from_site": town.sites["neighbour"], "crates": 4, "ready": at(0), "pickup_by": at(5)}
    order = made(client, town, "neighbour", f"/orders/{order['id']}/accept", **filling)
    shipment = get(client, town, "neighbour", f"/shipments/{order['shipment']}").json()
    assert (shipment["ordered_by"], shipment["goods_value_cents"]) == (town.parties["restaurant"], 9000)
    (offer,) = made(client, town, "neighbour", "/offers", shipment=shipment["id"])["offers"]
    wish = {"shipment": shipment["id"], "most_cents": offer["price_cents"]}
    bid = made(client, town, "neighbour", f"/trips/{trip['id']}/bids", **wish)
    bid = made(client, town, "farm", f"/bids/{bid['id']}/accept")
    assert (bid["state"], bid["price_cents"]) == ("accepted", offer["price_cents"])
    assert bid["drop_from"] <= bid["drop"] <= bid["drop_until"]
    trip = get(client, town, "farm", f"/trips/{trip['id']}").json()
    assert [stop["ambient_free"] for stop in trip["stops"]] == [16, 20, 0]
    assert [visit["shipment"] for visit in trip["inside"]["visits"] if visit["shipment"]] == [
        shipment["id"]
    ] * 2
    told = get(client, town, "restaurant", "/events/page").json()
    assert "price_cents" not in str(told) and "hours.changed" in str(told)


def test_what_does_not_fit_is_told_with_its_reason_and_the_smallest_change(client, town):
    made(client, town, "farm", "/trips", **trip_wish(town))
    found = made(client, town, "neighbour", "/offers", crates=crates_wish(town, 25))
    assert found["offers"] == []
    why = found["others"][0]["why"]
    assert (why["code"], why["facts"]["free"], why["facts"]["leg_from"]) == ("no_room", 20, "Farm")


def test_of_a_trip_others_see_public_facts_and_of_a_bid_nothing(client, town):
    trip = made(client, town, "farm", "/trips", **trip_wish(town))
    shipment = made(client, town, "neighbour", "/shipments", **crates_wish(town))
    wish = {"shipment": shipment["id"], "most_cents": 5000}
    bid = made(client, town, "neighbour", f"/trips/{trip['id']}/bids", **wish)
    assert bid["saved_cents"] is not None
    assert get(client, town, "farm", f"/bids/{bid['id']}").json()["saved_cents"] is None
    assert get(client, town, "shop", f"/bids/{bid['id']}").status_code == 404
    assert get(client, town, "shop", f"/trips/{trip['id']}").json()["inside"] is None
    (listed,) = get(client, town, "shop", "/trips?day=2026-09-13").json()["items"]
    assert (listed["id"], listed["inside"]) == (trip["id"], None)
    assert get(client, town, "shop", "/trips").json()["items"] == []
    made(client, town, "farm", f"/trips/{trip['id']}/cancel")
    assert get(client, town, "shop", f"/trips/{trip['id']}").status_code == 404
    assert get(client, town, "neighbour", f"/trips/{trip['id']}").status_code == 200


def test_a_buyer_reads_what_fills_its_order_and_nobody_elses(client, town):
    order = made(client, town, "restaurant", "/orders", **order_wish(town))
    assert get(client, town, "shop", f"/orders/{order['id']}").status_code == 404
    filling = {"from_site": town.sites["neighbour"], "crates": 4, "ready": at(0), "pickup_by": at(5)}
    accepted = made(client, town, "neighbour", f"/orders/{order['id']}/accept", **filling)
    path = f"/shipments/{accepted['shipment']}"
    assert get(client, town, "restaurant", path).status_code == 200
    assert get(client, town, "shop", path).status_code == 404
    made(client, town, "restaurant", f"/orders/{order['id']}/cancel")
    assert get(client, town, "neighbour", path).json()["state"] == "cancelled"
    assert post(client, town, "neighbour", f"/orders/{order['id']}/refuse").json()["code"] == "order_closed"


def test_a_trip_tells_everybody_which_papers_are_on_board(client, town):
    trip = made(client, town, "farm", "/trips", **trip_wish(town))
    assert get(client, town, "shop", f"/trips/{trip['id']}").json()["papers"] == list(
        papers_to_carry(Regime.COTRANSPORT_AGRICOLE)
    )


def test_an_accepted_change_on_an_older_revision_is_refused(client, town):
    shipment = made(client, town, "neighbour", "/shipments", **crates_wish(town))
    path = f"{API}/shipments/{shipment['id']}"
    first = town.headers("neighbour") | {"If-Match": '"1"'}
    second = town.headers("neighbour") | {"If-Match": '"1"'}
    assert client.put(path, json=crates_wish(town, 5), headers=first).json()["crates"] == 5
    assert client.put(path, json=crates_wish(town, 6), headers=second).json()["code"] == "changed_meanwhile"


def test_hours_that_run_backwards_or_lie_far_off_are_refused(client, town):
    backwards = crates_wish(town, ready=at(5), pickup_by=at(1))
    assert post(client, town, "neighbour", "/shipments", **backwards).json()["code"] == "hours_backwards"
    answers = {"0001": "malformed", "2001": "hours_past", "2098": "too_far_ahead", "9999": "malformed"}
    for year, code in answers.items():
        hours = dict.fromkeys(("ready", "pickup_by", "deliver_from", "deliver_by"), f"{year}-06-12T06:00:00Z")
        answer = post(client, town, "neighbour", "/shipments", **crates_wish(town, **hours))
        assert answer.json()["code"] == code


def test_offers_want_a_shipment_or_crates(client, town):
    answer = client.post(f"{API}/offers", json={}, headers=town.headers("farm"))
    assert answer.json()["code"] == "nothing_asked"


def test_an_acceptance_that_is_asked_twice_by_one_key_is_done_once(client, town):
    trip = made(client, town, "farm", "/trips", **trip_wish(town))
    shipment = made(client, town, "neighbour", "/shipments", **crates_wish(town))
    wish = {"shipment": shipment["id"], "most_cents": 5000}
    bid = made(client, town, "neighbour", f"/trips/{trip['id']}/bids", **wish)
    headers = town.headers("farm")
    answers = [client.post(f"{API}/bids/{bid['id']}/accept", headers=headers).json() for _ in range(2)]
    assert answers[0] == answers[1]
