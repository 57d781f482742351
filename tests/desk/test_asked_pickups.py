"""Pickups asked for: the pooled offer is taken in one call, planned with the day, followed and withdrawn."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pooling.desk.goods.shipments import change_shipment
from pooling.desk.market.asked_pickups import ask_for_pickup, seen_pickups, withdraw_pickup
from pooling.desk.market.offers import find_offers
from pooling.desk.tours.day_plans import suggest_tours
from pooling.desk.tours.tours import cancel_tour
from pooling.store import Page
from tests.desk.market import crates, newcomer, sent
from tests.desk.market_wire import crates_wish
from tests.desk.test_day_plans import planned
from tests.desk.test_demand import seen as unmet_seen
from tests.desk.test_market import refused
from tests.desk.touring import joined, proposed
from tests.desk.touring import sent as touring_sent


def asked_for(town, wanted, who="neighbour"):
    return ask_for_pickup(town.house.desk, town.actor(who), town.ask(who), wanted)


def pickups(town, who="neighbour"):
    with town.house.desk.store.view() as view:
        return seen_pickups(view, town.actor(who), Page())[0]


def states(town, who="neighbour"):
    return [one.state for one in pickups(town, who)]


def test_the_pooled_offer_is_taken_in_one_call_at_the_price_that_it_told(town):
    for name in ("dairy", "mill"):
        sent(town, 5, newcomer(town, name))
    expected = find_offers(town.house.desk, town.actor("neighbour"), crates(town)).pooled.expected_cents
    assert asked_for(town, crates(town))
    (one,) = pickups(town)
    assert (one.state, one.row.expected_cents, one.shipment.state) == ("asked", expected, "open")
    assert unmet_seen(town), "of what is looked for in vain tours are drafted"
    assert refused(lambda: asked_for(town, one.shipment.id)).code == "pickup_asked"


def test_where_too_few_go_that_way_no_price_is_told(town):
    asked_for(town, sent(town))
    assert [one.row.expected_cents for one in pickups(town)] == [None]


def test_a_planned_day_has_a_place_for_it_and_joining_stays_its_askers(town):
    tour = proposed(town)
    shipment = touring_sent(town, "neighbour")
    asked_for(town, shipment)
    told = planned(town)
    assert (told["asked"], told["asked_riding"]) == (1, 1) and states(town) == ["asked"]
    suggest_tours(town.house.desk, town.actor("operator"), town.ask("operator"), told["day_plan"])
    (one,) = pickups(town)
    assert (one.state, one.place.tour_id) == ("suggested", tour) and one.shipment.state == "open"
    joined(town, tour, "neighbour", shipment)
    assert states(town) == ["riding"]
    cancel_tour(town.house.desk, town.actor("operator"), town.ask("operator"), tour, None)
    assert states(town) == ["asked"]


def test_it_is_withdrawn_once_and_asked_for_anew(town):
    pickup = asked_for(town, sent(town))
    withdraw = lambda who="neighbour": withdraw_pickup(  # noqa: E731
        town.house.desk, town.actor(who), town.ask(who), pickup, None
    )
    assert refused(lambda: withdraw("shop")).code == "not_found"
    withdraw()
    assert states(town) == ["withdrawn"] and refused(withdraw).code == "pickup_closed"
    asked_for(town, pickups(town)[0].shipment.id)
    assert sorted(states(town)) == ["asked", "withdrawn"]


def test_it_goes_on_to_the_day_and_the_payer_of_its_changed_crates(town):
    asked_for(town, crates(town))
    (one,) = pickups(town)
    words = crates(town)
    later = {
        name: getattr(words, name) + 86_400
        for name in ("ready_at", "pickup_by_at", "deliver_from_at", "deliver_by_at")
    }
    change_shipment(
        town.house.desk,
        town.actor("neighbour"),
        town.ask("neighbour"),
        one.shipment.id,
        None,
        replace(words, **later),
    )
    (now,) = pickups(town)
    assert now.row.day == now.shipment.day == one.row.day + timedelta(days=1)


def test_it_lapses_once_it_is_too_late_to_collect(town):
    asked_for(town, sent(town))
    town.clock.at = pickups(town)[0].shipment.pickup_by_at
    assert states(town) == ["lapsed"]


@pytest.mark.parametrize(("who", "sees"), [("neighbour", 1), ("operator", 1), ("farm", 0), ("shop", 0)])
def test_who_asks_and_operators_see_it_and_nobody_else(town, who, sees):
    asked_for(town, sent(town))
    assert len(pickups(town, who)) == sees


def test_nobody_asks_for_somebody_elses_crates(town):
    shipment = sent(town)
    for who, code in (("farm", "not_found"), ("carrier", "not_found"), ("operator", "not_allowed")):
        assert refused(lambda who=who: asked_for(town, shipment, who)).code == code
    assert refused(lambda: asked_for(town, crates(town), "farm")).code == "not_allowed"


def test_over_the_wire_crates_that_were_not_entered_are_entered_and_asked_for_once(client, town):
    wish = {"crates": crates_wish(town)}
    headers = town.headers("neighbour") | {"Idempotency-Key": "one wish"}
    first, again = (client.post("/api/v1/pickups", json=wish, headers=headers) for _ in range(2))
    assert first.status_code == 201 and first.json() == again.json()
    listed = client.get("/api/v1/pickups?day=2026-09-13", headers=town.headers("neighbour")).json()["items"]
    assert [one["id"] for one in listed] == [first.json()["id"]]
    path = f"/api/v1/pickups/{first.json()['id']}/withdraw"
    done = client.post(path, headers=town.headers("neighbour"))
    assert done.json()["state"] == "withdrawn"
