"""Real offers beside a cost: the search's own to a member, what is public to a stranger."""

from datetime import date
from types import SimpleNamespace

import pytest

from api.rates import RECKONINGS_PER_MINUTE
from pooling.desk.market.asked_offers import (
    LOOKS_LIMIT,
    CratesAsked,
    DayFound,
    Looked,
    look_beside,
    public_offers,
)
from pooling.desk.market.offers import find_offers
from pooling.store.demand import list_unmet
from pooling.store.sites import sites_by_id
from tests.desk.circle import come_in, founded, posted
from tests.desk.market import TOMORROW, announced, crates, the_trip
from tests.houses import PLACES

PUBLIC = {"delivery", "day", "kind", "regime", "begins", "ends", "crate_from_cents", "crate_until_cents"}
SUNDAY = date(2026, 9, 13)
HOUR = 3600


def at(name):
    lat, lon, _ = PLACES[name]
    return f"{lat}, {lon}"


def wish(*drops, **other):
    drops = drops or ("restaurant",)
    return {
        "home": at("neighbour"),
        "deliveries": [{"address": at(one), "crates": 4} for one in drops],
    } | other


def told(client, headers=None, **other):
    answer = client.post("/api/v1/costs", json=wish(**other), headers=headers or {})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_stranger_sees_of_a_real_ride_what_is_public_and_nothing_else(town, client):
    trip = announced(town)
    beside = told(client)["beside"]
    (offer,) = beside["offers"]
    assert set(offer) == PUBLIC and beside["rides"] == []
    assert (offer["day"], offer["kind"], offer["regime"]) == ("2026-09-13", "trip", "cotransport_agricole")
    assert {offer["begins"][-6:], offer["ends"][-6:]} <= {"00:00Z", "30:00Z"}
    assert offer["crate_until_cents"] - offer["crate_from_cents"] == 50
    told_text = client.post("/api/v1/costs", json=wish()).text
    hidden = [trip, the_trip(town, trip).driver, *town.parties.values(), *town.sites.values(), '"Farm"']
    assert not [one for one in hidden if one in told_text]


def test_the_price_that_a_stranger_sees_holds_the_one_that_a_member_is_offered(town, client):
    announced(town)
    (offer,) = told(client)["beside"]["offers"]
    (ride,) = told(client, town.headers("neighbour"))["beside"]["rides"]
    each_cents = ride["offer"]["price_cents"] // 4
    assert offer["crate_from_cents"] <= each_cents < offer["crate_until_cents"]


@pytest.mark.parametrize(
    ("price_cents", "alone_cents", "most_cents", "until_cents"),
    [
        (1_030, None, 5_000, 300),
        (1_030, None, 1_041, 261),
        (1_030, 1_041, 5_000, 261),
        (1_030, 900, 5_000, 258),
    ],
)
def test_the_upper_end_that_a_stranger_sees_is_no_more_than_riding_spares_and_no_less_than_the_price(
    price_cents, alone_cents, most_cents, until_cents
):
    ride = SimpleNamespace(
        kind="trip",
        regime="transporteur",
        pickup_from_at=TOMORROW,
        drop_until_at=TOMORROW,
        price_cents=price_cents,
        alone_cents=alone_cents,
        most_cents=most_cents,
    )
    found = DayFound(0, SUNDAY, SimpleNamespace(rides=[ride]))
    (shown,) = public_offers(found, 4)
    assert (shown.crate_from_cents, shown.crate_until_cents) == (250, until_cents)
    assert Looked(SUNDAY, SUNDAY, (found,)).public_cents({0: 4}) == 4 * until_cents


def test_a_strangers_break_even_is_reckoned_by_the_upper_end_of_what_it_is_shown(town, client):
    announced(town)
    found = told(client)
    (offer,) = found["beside"]["offers"]
    assert found["break_even"]["pooled_cents"] == 4 * offer["crate_until_cents"]


def test_a_member_is_offered_what_its_own_search_finds(town, client):
    trip = announced(town)
    (found,) = told(client, town.headers("neighbour"))["beside"]["rides"]
    asked = crates(
        town,
        ready_at=TOMORROW - 2 * HOUR,
        pickup_by_at=TOMORROW + 15 * HOUR,
        deliver_from_at=TOMORROW - 2 * HOUR,
        deliver_by_at=TOMORROW + 15 * HOUR,
    )
    (searched,) = find_offers(town.house.desk, town.actor("neighbour"), asked).rides
    assert (found["offer"]["ride"], found["offer"]["owner_name"]) == (trip, "Farm")
    assert found["offer"]["price_cents"] == searched.price_cents
    assert found["offer"]["detour_s"] == searched.detour_s


def test_what_is_posted_for_a_closed_group_is_shown_to_its_members_only(town, client):
    closed = founded(town)
    come_in(town, closed, "neighbour")
    trip = posted(town, closed)
    assert told(client)["beside"]["offers"] == []
    assert told(client, town.headers("shop"))["beside"]["rides"] == []
    (ride,) = told(client, town.headers("neighbour"))["beside"]["rides"]
    assert ride["offer"]["ride"] == trip


def test_what_is_not_asked_for_is_not_looked_for(town, client):
    announced(town)
    assert told(client, days=0)["beside"] is None
    assert told(client, days=1)["beside"]["offers"] == []
    late = client.post("/api/v1/costs", json=wish(first="2029-01-01"))
    assert late.json()["code"] == "too_far_ahead"


def test_a_delivery_with_hours_is_offered_a_ride_within_them(town, client):
    announced(town)

    def asked(opens, closes):
        drop = {"address": at("restaurant"), "crates": 4, "opens": opens, "closes": closes}
        answer = client.post("/api/v1/costs", json=wish() | {"deliveries": [drop]}).json()
        return answer["beside"]["offers"]

    assert asked("07:00", "09:00") and asked("15:00", "16:00") == []
    backwards = wish() | {
        "deliveries": [{"address": "Menton", "crates": 1, "opens": "09:00", "closes": "08:00"}]
    }
    assert client.post("/api/v1/costs", json=backwards).json()["code"] == "delivery_backwards"


def test_none_is_found_with_its_reason_to_a_member_and_counted_as_unmet_demand(town, client):
    announced(town, 3, 3, 3)
    beside = told(client, town.headers("neighbour"))["beside"]
    (none,) = beside["none_found"]
    assert none["delivery"] == 0 and none["others"][0]["why"]["code"] == "no_room"
    with town.house.desk.store.view() as view:
        (unmet,) = list_unmet(view, date(2026, 9, 12), date(2026, 9, 20), 10, 0)
    assert (unmet.searches, unmet.crates) == (1, 4)


def test_a_stranger_that_finds_none_leaves_nothing_behind(town, client):
    assert told(client)["beside"]["none_found"] == [{"delivery": 0, "others": []}]
    with town.house.desk.store.view() as view:
        assert list_unmet(view, date(2026, 9, 12), date(2026, 9, 20), 10, 0) == []


def test_a_party_is_named_by_its_own_members_only(town, client):
    mine = wish(party=town.parties["neighbour"])
    assert client.post("/api/v1/costs", json=mine, headers=town.headers("neighbour")).status_code == 200
    assert client.post("/api/v1/costs", json=mine, headers=town.headers("farm")).status_code == 403


def test_many_deliveries_are_looked_for_on_fewer_days_and_the_answer_says_until_when(town):
    announced(town)
    with town.house.desk.store.view() as view:
        sites = sites_by_id(view, town.sites.values())
    home, drop = (sites[town.sites[one]].place for one in ("neighbour", "restaurant"))
    many = [CratesAsked(drop, 1)] * (LOOKS_LIMIT + 1)
    found = look_beside(town.house.desk, town.parties["neighbour"], home, many)
    assert {one.day for one in found.found} == {SUNDAY} and found.last == date(2026, 9, 19)
    assert found.without(len(many)) == [] and found.cheapest_cents(len(many)) > 0


def test_the_offers_found_are_the_price_of_the_break_even_unless_one_is_said(town, client):
    announced(town)
    found = told(client, town.headers("neighbour"))
    price_cents = found["beside"]["rides"][0]["offer"]["price_cents"]
    even = found["break_even"]
    assert even["pooled_cents"] == price_cents
    assert even["pooled_run_cents"] == even["pooled_cents"] + even["own_loading_cents"]
    lines = ("wear_cents", "energy_cents", "tolls_cents", "driving_cents", "loading_cents")
    assert sum(even[line] for line in lines) == even["run_cents"]
    assert even["van_year_cents"] == 330_000
    said = told(client, crate_price_cents=900, days=0)["break_even"]
    assert said["pooled_cents"] == 3_600
    assert said["even_runs"] == 330_000 // (said["pooled_run_cents"] - said["run_cents"]) + 1
    assert told(client, days=0)["break_even"] is None


@pytest.mark.parametrize("path", ["/api/v1/costs", "/cost?home=Peille"])
def test_whoever_reckons_too_often_waits(client, path):
    def asked():
        answer = client.post(path, json={}) if "api" in path else client.get(path)
        return answer.status_code

    assert 429 not in {asked() for _ in range(RECKONINGS_PER_MINUTE)}
    assert asked() == 429
    assert client.get("/cost").status_code == 200
