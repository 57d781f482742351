"""Before a tour is confirmed everybody is told between which hours, and nobody an hour to the minute."""

import json

import pytest
from sqlalchemy import select

from pooling.desk.hands.hand_moves import move_by_hand
from pooling.desk.hands.hand_words import HandWords
from pooling.desk.telling.notices import write_notices
from pooling.desk.tours.tour_planning import plan_tour
from pooling.store.touring import sign_up
from pooling.store.tours import sign_ups_aboard
from pooling.store.work import outbox, outbox_party
from tests.desk.telling import Outside, tell_all
from tests.desk.test_feeds import link
from tests.desk.test_rights import document, every_operation  # noqa: F401 - a fixture
from tests.desk.told_scene import TOLD, on_a_page, on_the_wire, planned_hours, told_tour
from tests.desk.touring import Watch, joined, proposed, revision_of, row, sent

APART = ("stream_events",)
"""A stream does not end."""


def text_of(client, town, name, path, operation, ids):
    named = {one["name"] for one in operation.get("parameters", []) if one["in"] == "path"}
    if not named <= ids.keys():
        return ""
    asked = {"to_site": town.sites[name], "day": "2026-09-12", "others": "true"}
    params = {
        one["name"]: asked[one["name"]]
        for one in operation.get("parameters", [])
        if one["in"] == "query" and one["name"] in asked
    }
    return client.get(path.format(**ids), params=params, headers=town.headers(name)).text


def test_no_answer_tells_an_hour_to_the_minute(client, town, document):  # noqa: F811 - the fixture
    ids = told_tour(town)
    hidden = {on_the_wire(at) for at in planned_hours(town, ids["tour_id"])}
    walked = 0
    for path, method, operation in every_operation(document):
        if method != "get" or operation["operationId"] in APART:
            continue
        for name in TOLD:
            text = text_of(client, town, name, path, operation, ids)
            walked += bool(text)
            assert not any(one in text for one in hidden), (operation["operationId"], name)
    assert walked > 100
    calendars = [client.get(link(town, client, name)[0]).text for name in TOLD]
    assert not any(at.replace("-", "").replace(":", "") in one for at in hidden for one in calendars)


def test_offers_and_alternatives_of_a_proposed_tour_tell_between_which_hours(client, town):
    ids = told_tour(town)
    path = f"/api/v1/shipments/{ids['looks']}/alternatives"
    found = client.get(path, headers=town.headers("neighbour")).json()["alternatives"]
    looked = client.post("/api/v1/offers", json={"shipment": ids["looks"]}, headers=town.headers("neighbour"))
    offers = [one["offer"] for one in found] + looked.json()["offers"]
    tours = [one for one in offers if one["kind"] == "tour"]
    assert len(tours) >= 2
    for one in tours:
        assert one["pickup"] is None and one["drop"] is None and one["instant"]
        assert one["pickup_from"] < one["pickup_until"] and one["drop_from"] < one["drop_until"]


def test_no_event_and_no_letter_tells_one_either_even_where_the_operator_moves_stops(town):
    ids = told_tour(town)
    who = town.actor("operator")
    last = max(aboard(town, ids["tour_id"]).values(), key=lambda one: one.pickup_at)
    words = HandWords("move", shipment_id=last.shipment_id, way="on", place=1)
    seen = revision_of(town, ids["tour_id"])
    move_by_hand(town.house.desk, who, town.ask("operator"), ids["tour_id"], seen, words)
    hidden = planned_hours(town, ids["tour_id"])
    told = {town.parties[name] for name in TOLD}
    query = select(outbox).join(outbox_party, outbox.c.id == outbox_party.c.outbox_id)
    with town.house.desk.store.view() as view:
        events = list(view.connection.execute(query.where(outbox_party.c.party_id.in_(told))))
    assert events and not any(
        str(at) in json.dumps(one._asdict(), default=str) for at in hidden for one in events
    )
    outside = Outside()
    write_notices(town.house.desk)
    tell_all(town, outside)
    mails = "".join(str(mail) for mail in outside.mails)
    assert outside.mails and not any(on_a_page(at) in mails for at in hidden)


def aboard(town, tour_id):
    with town.house.desk.store.view() as view:
        return {one.id: one for one in sign_ups_aboard(view, tour_id)}


@pytest.mark.parametrize("search_s", [0.0, 0.2])
def test_what_was_told_is_kept_by_joining_moving_and_planning_and_narrows_once_confirmed(town, search_s):
    tour_id = proposed(town)
    first = joined(town, tour_id, "farm", sent(town, "farm"))
    told = row(town, sign_up, first)
    for name in ("neighbour", "farm"):
        joined(town, tour_id, name, sent(town, name))
    now = row(town, sign_up, first)
    names = ("pickup_from_at", "pickup_until_at", "drop_from_at", "drop_until_at")
    assert [getattr(now, one) for one in names] == [getattr(told, one) for one in names], "nobody narrows it"
    assert plan_tour(town.house.desk, tour_id, Watch(), search_s=search_s)["state"] == "confirmed"
    rides = row(town, sign_up, first)
    assert told.pickup_from_at <= rides.pickup_from_at <= rides.pickup_at <= rides.pickup_until_at
    assert rides.pickup_until_at <= told.pickup_until_at and rides.drop_until_at <= told.drop_until_at
    assert (
        rides.pickup_until_at - rides.pickup_from_at <= 20 * 60 < told.pickup_until_at - told.pickup_from_at
    )


def test_who_pays_the_carriage_of_an_order_is_told_what_it_costs_and_nobody_else(client, town):
    ids = told_tour(town)
    path = f"/api/v1/tour-orders/{ids['tour_order_id']}"
    mine, theirs = (client.get(path, headers=town.headers(one)).json() for one in ("restaurant", "farm"))
    (load,) = mine["loads"]
    place = client.get(f"/api/v1/sign-ups/{load['sign_up']}", headers=town.headers("restaurant")).json()
    assert mine["carriage_cents"] == place["prices"][0]["share_cents"] > 0
    assert mine["carriage_outlook"] == place["outlook"]
    assert (theirs["carriage_cents"], theirs["carriage_outlook"]) == (None, None)
    assert theirs["loads"][0]["sign_up"] is None and load["pickup"] is None
    assert theirs["loads"][0]["drop_until"] == load["drop_until"]
    listed = client.get("/api/v1/tour-orders", headers=town.headers("restaurant")).json()["items"]
    assert listed == [mine]
