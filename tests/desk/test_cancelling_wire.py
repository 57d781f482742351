"""Cancelling over HTTP: terms before, what was owed after, and where the crates went, for who may know."""

import pytest

from pooling.desk.market.rematching import rematch_freed
from tests.desk.market import HOUR, TOMORROW, newcomer
from tests.desk.market_wire import at, crates_wish, trip_wish
from tests.desk.touring import proposed

API = "/api/v1"


@pytest.fixture
def asked(client, town):
    """A trip with an early cut-off, a shipment of the neighbour's, and its bid; returns a way to call."""

    def call(who, path, **body):
        headers = town.headers(who)
        if body or path.endswith(("/accept", "/withdraw", "/cancel", "/no-show")):
            return client.post(f"{API}{path}", json=body, headers=headers)
        return client.get(f"{API}{path}", headers=headers)

    return call


def placed(asked, town, **terms):
    trip = asked("farm", "/trips", **trip_wish(town, cutoff=at(-18))).json()["id"]
    shipment = asked("neighbour", "/shipments", **crates_wish(town)).json()["id"]
    bid = asked("neighbour", f"/trips/{trip}/bids", shipment=shipment, most_cents=5_000, **terms).json()
    return trip, shipment, bid


def percents(shown):
    return [(one["percent"], one["owed_cents"]) for one in shown["terms"]]


def graded(price_cents):
    return [(each, price_cents * each // 100) for each in (0, 25, 50, 75, 100)]


def test_offers_quotes_and_bids_show_the_terms_before_anything_is_agreed(asked, town):
    trip, shipment, bid = placed(asked, town)
    (offer,) = asked("neighbour", "/offers", shipment=shipment).json()["offers"]
    quote = asked("neighbour", f"/trips/{trip}/quotes", shipment=shipment).json()
    read = asked("neighbour", f"/quotes/{quote['id']}").json()
    for shown in (offer, quote, read, bid, asked("farm", f"/bids/{bid['id']}").json()):
        assert percents(shown) == graded(shown["price_cents"])
        assert [one["until"] is None for one in shown["terms"]] == [False] * 4 + [True]
    assert offer["terms"][0]["until"] == bid["terms"][0]["until"]


def test_trips_tours_alternatives_proposals_and_counters_show_the_terms_too(asked, town):
    trip, _, bid = placed(asked, town)
    shares = [(one, None) for one in (0, 25, 50, 75, 100)]
    assert percents(asked("neighbour", f"/trips/{trip}").json()) == shares
    (chosen,) = asked("farm", f"/trips/{trip}/best-set").json()["chosen"]
    assert percents(chosen) == graded(chosen["price_cents"]) and chosen["terms"] == bid["terms"]
    day = {"opens_at": TOMORROW, "closes_at": TOMORROW + 6 * HOUR, "cutoff_at": TOMORROW - HOUR}
    tour = proposed(town, **day)
    shown = asked("neighbour", f"/tours/{tour}").json()
    assert percents(shown) == [(0, None), (100, None)] and shown["terms"][0]["until"] == shown["cutoff"]
    free = asked("neighbour", "/shipments", **crates_wish(town, 2)).json()["id"]
    ways = [
        one["offer"] for one in asked("neighbour", f"/shipments/{free}/alternatives").json()["alternatives"]
    ]
    assert {one["kind"] for one in ways} == {"trip", "tour"}
    for one in ways:
        steps = graded(one["price_cents"])
        assert percents(one) == (steps if one["kind"] == "trip" else [steps[0], steps[-1]])
    countered = asked("farm", f"/bids/{bid['id']}/counter", cents=6_000).json()
    assert percents(countered) == graded(6_000)


def test_who_withdraws_late_is_told_what_it_owes_and_no_more_than_its_terms(asked, town, clock):
    _, _, bid = placed(asked, town)
    assert asked("farm", f"/bids/{bid['id']}/accept").json()["terms"] == bid["terms"]
    clock.at = TOMORROW - HOUR
    left = asked("neighbour", f"/bids/{bid['id']}/withdraw").json()
    assert left["owed_cents"] == left["late_cents"] == bid["terms"][3]["owed_cents"] > 0
    again = asked("neighbour", f"/bids/{bid['id']}/withdraw")
    assert (again.status_code, again.json()["code"]) == (409, "bid_closed")


def test_after_it_set_out_a_withdrawal_is_refused(asked, town, clock):
    _, _, bid = placed(asked, town)
    asked("farm", f"/bids/{bid['id']}/accept")
    clock.at = TOMORROW + HOUR
    refused = asked("neighbour", f"/bids/{bid['id']}/withdraw")
    assert (refused.status_code, refused.json()["code"]) == (409, "trip_set_out")


def test_an_owner_that_cancels_late_is_told_what_it_owes_and_its_guests_what_they_are_owed(
    asked, town, clock
):
    trip, _, bid = placed(asked, town)
    asked("farm", f"/bids/{bid['id']}/accept")
    clock.at = TOMORROW - HOUR
    cancelled = asked("farm", f"/trips/{trip}/cancel").json()
    owed_cents = bid["terms"][3]["owed_cents"]
    assert cancelled["inside"]["compensation_cents"] == owed_cents > 0
    assert asked("neighbour", f"/trips/{trip}").json()["inside"] is None
    seen = asked("neighbour", f"/bids/{bid['id']}").json()
    assert (seen["state"], seen["compensation_cents"]) == ("refused", owed_cents)
    owes = asked("neighbour", "/transfers").json()["items"]
    assert [one["cents"] for one in owes if one["state"] == "posted"] == [owed_cents]


def test_where_freed_crates_went_is_read_by_their_payer_and_operators_only(asked, town, client):
    """A rival learns nothing of it; nor does the owner of the cancelled trip, nor whoever gets the crates."""
    trip, shipment, bid = placed(asked, town)
    newcomer(town, "rival", "farm")
    asked("farm", f"/bids/{bid['id']}/accept")
    asked("farm", f"/trips/{trip}/cancel")
    path = f"/shipments/{shipment}/rematches"
    (waiting,) = asked("neighbour", path).json()["items"]
    assert (waiting["state"], waiting["most_cents"], waiting["offers"]) == ("waiting", 5_000, [])
    other = asked("farm", "/trips", **trip_wish(town, instant=True)).json()["id"]
    rematch_freed(town.house.desk)
    for who in ("neighbour", "operator"):
        (shown,) = asked(who, path).json()["items"]
        assert (shown["state"], shown["rides"], len(shown["bids"])) == ("riding", other, 1)
    for who in ("farm", "restaurant", "shop", "carrier"):
        assert asked(who, path).status_code == 404
    assert client.get(f"{API}{path}").status_code == 401
    news = {who: asked(who, "/events/page?limit=100").text for who in ("farm", "restaurant", "neighbour")}
    assert [who for who, told in news.items() if "shipment.rematched" in told] == ["neighbour"]


def test_what_could_not_be_matched_is_listed_with_its_reasons(asked, town):
    trip, shipment, bid = placed(asked, town, rematch=False)
    assert bid["rematch"] is False
    asked("farm", f"/bids/{bid['id']}/accept")
    asked("farm", f"/trips/{trip}/cancel")
    other = asked("farm", "/trips", **trip_wish(town)).json()["id"]
    wish = trip_wish(town)
    narrow = asked("farm", "/trips", **wish | {"stops": [one | {"ambient": 2} for one in wish["stops"]]})
    rematch_freed(town.house.desk)
    (shown,) = asked("neighbour", f"/shipments/{shipment}/rematches").json()["items"]
    assert (shown["state"], shown["why"]["code"]) == ("stranded", "rematch_not_wanted")
    assert [one["ride"] for one in shown["offers"]] == [other]
    (reason,) = shown["others"]
    assert (reason["ride"], reason["why"]["code"]) == (narrow.json()["id"], "no_room")
    assert reason["why"]["cure"].startswith("2 of them would fit")
