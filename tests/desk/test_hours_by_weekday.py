"""
Hours by weekday: a farm's drive-through is closed over noon and on Mondays, and everything keeps to it.

The market's day is Sunday, 13 September 2026, from 06:00 in Paris.
"""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from geodata.refusal import Refusal
from pooling.desk.goods.orders import OrderWords, place_order
from pooling.desk.goods.shipments import enter_shipment
from pooling.desk.market.offers import offers_for
from pooling.desk.trips.trips import StopWords, announce_trip
from pooling.store.orders import find_order
from pooling.store.people import site
from pooling.store.rows import changed, found
from tests.desk.market import (
    HOUR,
    TOMORROW,
    announced,
    bidden,
    crates,
    newcomer,
    sent,
    the_bid,
    the_shipment,
    trip_words,
)
from tests.desk.test_hubs import by_hub, from_hill, hub_at
from tests.desk.test_other_ways import ways

NOON = "Su 06:00-08:00,10:00-18:00"


def open_at(town, name, week, **other):
    def work(tx):
        changed(tx, site, found(tx, site, town.sites[name]), {"week": week, **other})

    town.house.desk.store.change(work)


def wall(moment_at):
    return datetime.fromtimestamp(moment_at, UTC).astimezone(ZoneInfo("Europe/Paris")).strftime("%a %H:%M")


def refused(do, *words, **more):
    with pytest.raises(Refusal) as told:
        do(*words, **more)
    return told.value


def test_a_shipment_is_narrowed_to_the_hours_of_its_day_and_to_none_between(town):
    open_at(town, "restaurant", NOON)
    kept = the_shipment(town, sent(town, deliver_by_at=TOMORROW + 5 * HOUR))
    assert (wall(kept.deliver_from_at), wall(kept.deliver_by_at)) == ("Sun 06:00", "Sun 11:00")
    assert kept.shut and the_shipment(town, sent(town, deliver_by_at=TOMORROW + HOUR)).shut == ""


def test_a_refusal_names_the_hours_of_that_day(town):
    open_at(town, "restaurant", NOON)
    why = refused(sent, town, deliver_from_at=TOMORROW + 9000, deliver_by_at=TOMORROW + 3 * HOUR)
    assert why.code == "outside_site_hours"
    assert "on Sunday 13 September 2026 somebody is there 06:00-08:00, 10:00-18:00" in why.sentence


def test_a_closed_day_is_refused_with_the_next_day_that_is_open(town):
    open_at(town, "restaurant", "We 08:00-12:00; Sa 09:00-12:00")
    why = refused(sent, town)
    assert why.code == "site_closed"
    assert "closed on Sunday 13 September 2026; it is open on Wednesday 16" in why.sentence
    assert "08:00-12:00" in why.sentence


def test_a_stop_waits_until_somebody_is_there_again(town):
    """The restaurant would be reached at 06:40 by the trip; until 08:00 it is closed."""
    open_at(town, "restaurant", "Su 06:00-06:10,08:00-12:00")
    trip, shipment = announced(town), sent(town)
    asked = the_bid(town, bidden(town, trip, shipment))
    assert wall(asked.drop_from_at) >= "Sun 08:00"


def test_hours_that_change_leave_what_was_agreed_and_hold_for_what_comes(town):
    trip, shipment = announced(town, instant=True), sent(town)
    bid = bidden(town, trip, shipment)
    assert the_bid(town, bid).state == "accepted"
    open_at(town, "restaurant", "We 08:00-12:00")
    assert offers_for_stands(town, trip)
    assert refused(sent, town).code == "site_closed"


def offers_for_stands(town, trip):
    """Tell whether another shipment is still offered a ride beside the guest at the closed restaurant."""
    other = sent(town, 2, end="shop")
    with town.house.desk.store.view() as view:
        found_offers = offers_for(town.house.desk, view, the_shipment(town, other))
    return [one.ride_id for one in found_offers.rides] == [trip]


def test_a_trip_stops_at_no_closed_place_of_others_and_its_owner_has_the_key_of_its_own(town):
    open_at(town, "restaurant", "Su 10:00-12:00")
    open_at(town, "farm", "We 10:00-12:00")
    why = refused(announced, town)
    assert why.code == "outside_site_hours" and "10:00-12:00" in why.sentence
    words = trip_words(town)
    late = tuple(replace(one, closes_at=TOMORROW + 6 * HOUR) for one in words.stops)
    desk, who = town.house.desk, town.actor("farm")
    assert announce_trip(desk, who, town.ask("farm"), replace(words, stops=late))


def test_other_hours_and_other_days_are_those_in_which_somebody_is_there(town):
    """On Sunday the shop is open early and late; on Monday it is closed, on Tuesday as on Sunday."""
    open_at(town, "restaurant", "Su,Tu 06:00-07:00,09:00-12:00")
    announced(town)
    shipment = sent(town, deliver_by_at=TOMORROW + HOUR, pickup_by_at=TOMORROW + HOUR)
    monday, tuesday = (shifted(town, days) for days in (1, 2))
    found_ways = {one.offer.ride_id: one for one in ways(town, shipment).ways}
    assert tuesday in found_ways and monday not in found_ways
    later = [one for one in found_ways.values() if one.kind == "hours"]
    assert all("09:00" <= wall(one.offer.drop_until_at)[4:] <= "12:00" for one in later)


def shifted(town, days):
    words, ahead = trip_words(town), days * 24 * HOUR
    stops = [
        StopWords(one.site_id, one.opens_at + ahead, one.closes_at + ahead, one.free)
        for one in words.stops
        if one.site_id != town.sites["restaurant"]
    ]
    return announce_trip(
        town.house.desk,
        town.actor("farm"),
        town.ask("farm", f"on {days}"),
        replace(words, stops=tuple(stops)),
    )


def test_a_hub_is_offered_in_the_hours_of_that_day_only(town):
    newcomer(town, "hill", "operator")
    announced(town, detour_s=150)
    shipment, hub = from_hill(town), hub_at(town)
    name = "hub at restaurant"
    assert by_hub(town, shipment)
    open_at(town, name, "Mo-Sa 06:00-20:00")
    assert not by_hub(town, shipment)
    open_at(town, name, "Su 06:00-06:30,07:00-12:00")
    (way, *_) = by_hub(town, shipment)
    assert way.hub.hub.site.id == hub
    assert [(one.opens_s // 60, one.closes_s // 60) for one in way.hub.hub.site.hours] == [
        (360, 390),
        (420, 720),
    ]


def test_an_order_is_placed_for_hours_in_which_somebody_is_there(town):
    def placed(**hours):
        words = OrderWords(
            town.parties["restaurant"],
            town.parties["farm"],
            town.sites["restaurant"],
            *("Leeks", 4, "kg", 900),
            **({"deliver_from_at": TOMORROW, "deliver_by_at": TOMORROW + 12 * HOUR} | hours),
        )
        ask = town.ask("restaurant", str(hours))
        return place_order(town.house.desk, town.actor("restaurant"), ask, words)

    open_at(town, "restaurant", NOON)
    order_id = placed()
    with town.house.desk.store.view() as view:
        kept = find_order(view, order_id)
    assert (wall(kept.deliver_from_at), wall(kept.deliver_by_at)) == ("Sun 06:00", "Sun 18:00")
    assert (
        refused(placed, deliver_from_at=TOMORROW + 9000, deliver_by_at=TOMORROW + 3 * HOUR).code
        == "outside_site_hours"
    )
    open_at(town, "restaurant", "We 08:00-12:00")
    assert refused(placed, deliver_by_at=TOMORROW + 3 * HOUR).code == "site_closed"


def wish(town, **other):
    return {"party": town.parties["farm"], "name": "Yard", "lat": 43.7431, "lon": 7.3652} | other


def test_hours_by_weekday_are_entered_changed_and_read_on_the_wire(client, town):
    words = wish(town, week="Mo 08:00-12:00; Tu 08:00-12:00; Su 10:00-12:00; Su off", tail_lift=True)
    made = client.post("/api/v1/sites", json=words, headers=town.headers("farm")).json()
    assert (made["week"], made["opens"], made["closes"]) == ("Mo-Tu 08:00-12:00", "08:00", "12:00")
    assert made["tail_lift"]
    path = f"/api/v1/sites/{made['id']}"
    headers = town.headers("farm") | {"If-Match": '"1"'}
    again = client.put(path, json=wish(town, opens="07:00"), headers=headers).json()
    assert (again["week"], again["opens"], again["closes"]) == ("", "07:00", "24:00")
    for week, code in (("Lundi 8h", "week_unreadable"), ("Mo off", "never_open")):
        bad = client.post(
            "/api/v1/sites", json=wish(town, name=code, week=week), headers=town.headers("farm")
        )
        assert (bad.status_code, bad.json()["code"]) == (422, code)


def test_hours_that_nobody_says_are_those_of_the_sites_on_that_day(client, town):
    open_at(town, "restaurant", NOON)
    open_at(town, "neighbour", "Su 05:00-11:30")
    body = {
        "shipper": town.parties["neighbour"],
        "from_site": town.sites["neighbour"],
        "to_site": town.sites["restaurant"],
        "crates": 2,
        "ready": "2026-09-13T00:00:00+02:00",
    }
    made = client.post("/api/v1/shipments", json=body, headers=town.headers("neighbour"))
    assert made.status_code == 201, made.json()
    hours = [made.json()[name][11:16] for name in ("ready", "pickup_by", "deliver_from", "deliver_by")]
    assert hours == ["03:00", "09:30", "04:00", "16:00"]


def test_a_farm_that_closes_at_midnight_and_opens_then_again_is_open_through_the_night(town):
    open_at(town, "restaurant", "Su 20:00-24:00; Mo 00:00-02:00,09:00-12:00")
    late = crates(town, deliver_from_at=TOMORROW + 15 * HOUR, deliver_by_at=TOMORROW + 28 * HOUR)
    kept = the_shipment(
        town, enter_shipment(town.house.desk, town.actor("neighbour"), town.ask("neighbour"), late)
    )
    assert (wall(kept.deliver_from_at), wall(kept.deliver_by_at)) == ("Sun 21:00", "Mon 10:00")
    assert kept.shut
