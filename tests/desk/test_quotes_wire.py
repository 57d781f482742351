"""Quotes over HTTP: asked for, read, bid by, and nobody else's to see."""

from tests.desk.market_wire import crates_wish, trip_wish

API = "/api/v1"


def asked(client, town):
    """Return a trip, a shipment and the answer to who asks for its quote."""
    trip = client.post(f"{API}/trips", json=trip_wish(town), headers=town.headers("farm")).json()["id"]
    headers = town.headers("neighbour")
    shipment = client.post(f"{API}/shipments", json=crates_wish(town), headers=headers).json()["id"]
    wish, headers = {"shipment": shipment}, town.headers("neighbour")
    return trip, shipment, client.post(f"{API}/trips/{trip}/quotes", json=wish, headers=headers)


def test_a_bid_by_a_quote_shows_the_price_that_is_held(client, town):
    trip, shipment, answer = asked(client, town)
    assert answer.status_code == 201
    quote = answer.json()
    wish = {"shipment": shipment, "most_cents": 50_000, "quote": quote["id"]}
    bid = client.post(f"{API}/trips/{trip}/bids", json=wish, headers=town.headers("neighbour")).json()
    assert bid["held_cents"] == quote["price_cents"] >= bid["price_cents"]


def test_a_quote_is_seen_by_its_payer_and_by_nobody_else(client, town):
    _, _, answer = asked(client, town)
    quote = answer.json()["id"]
    mine = client.get(f"{API}/quotes", headers=town.headers("neighbour")).json()["items"]
    assert [one["id"] for one in mine] == [quote]
    for stranger in ("farm", "restaurant", "shop", "carrier"):
        assert client.get(f"{API}/quotes/{quote}", headers=town.headers(stranger)).status_code == 404
        assert client.get(f"{API}/quotes", headers=town.headers(stranger)).json()["items"] == []


def test_the_same_wish_for_a_quote_is_answered_with_the_same_quote(client, town):
    trip, shipment, _ = asked(client, town)
    headers = town.headers("neighbour")
    wish = {"shipment": shipment}
    first, again = (
        client.post(f"{API}/trips/{trip}/quotes", json=wish, headers=headers).json() for _ in range(2)
    )
    assert first == again
