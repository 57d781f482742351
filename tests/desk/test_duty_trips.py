"""The producers' shop: who is on duty, swaps, and the trip that is posted by its own consent only."""

from datetime import date, timedelta

import pytest

from pooling.desk.communities.duty_trips import (
    DutyTooLate,
    duty_suggestion,
    post_duty_trip,
    suggest_duty_trips,
)
from pooling.desk.communities.shops import (
    DutyDriven,
    NotOnDuty,
    end_turn,
    leave_turn_out,
    rota_between,
)
from pooling.desk.communities.swaps import SwapClosed, SwapWords, agree_swap, ask_swap, refuse_swap
from pooling.desk.market.offers import find_offers
from pooling.desk.trips.trips import cancel_trip
from pooling.recurrence import moment_on
from pooling.store import market as market_tables
from pooling.store.market import trip
from pooling.store.notices import events_about
from pooling.store.rotas import find_shop
from pooling.store.rows import NotFound
from pooling.store.trips import find_trip
from tests.desk import market
from tests.desk.circle import SATURDAY, closed_circle, come_in
from tests.desk.competitor import settled

PARIS = "Europe/Paris"
EVE = moment_on(date(2026, 9, 24), 12 * 3600, PARIS)
SUNDAY = date(2026, 9, 27)


@pytest.fixture
def circle(town):
    return closed_circle(town).ids


def on_duty(town, shop_id, day=SATURDAY):
    with town.house.desk.store.view() as view:
        return [one.party for one in rota_between(view, find_shop(view, shop_id), day, day)]


def suggested(town, shop_id, name="farm", day=SATURDAY):
    desk = town.house.desk.seen_by(town.actor(name).parties)
    with desk.store.view() as view:
        return duty_suggestion(desk, view, town.actor(name), shop_id, day)


def posts(town, shop_id, name="farm", day=SATURDAY, key=""):
    desk = town.house.desk.seen_by(town.actor(name).parties)
    return post_duty_trip(desk, town.actor(name), town.ask(name, key), shop_id, day)


def waiting(town, name="neighbour", crates=4, day=SATURDAY):
    """Enter crates of a party for the shop, to be there by noon of a day."""
    at = moment_on(day, 4 * 3600, PARIS)
    hours = {
        "ready_at": at,
        "pickup_by_at": at + 6 * 3600,
        "deliver_from_at": at,
        "deliver_by_at": at + 8 * 3600,
    }
    return market.sent(town, crates, start=name, end="shop", **hours)


def told(town, topic):
    with town.house.desk.store.view() as view:
        return [event.about_id for event in events_about(view, [topic], 0, 100)]


def trips(town):
    with town.house.desk.store.view() as view:
        return list(view.connection.execute(trip.select()))


def test_a_way_to_the_shop_is_suggested_with_the_members_near_it_and_nothing_is_posted(town, circle):
    town.clock.at = EVE
    waiting(town)
    settled(town, "late", "producer", "neighbour", 0.0007)
    found = suggested(town, circle["shop_id"])
    first, last = found.words.stops
    assert (first.site_id, last.site_id) == (town.sites["farm"], town.sites["shop"])
    assert last.closes_at == moment_on(SATURDAY, 8 * 3600 + 1800, PARIS)
    assert first.closes_at + found.drive_s <= last.closes_at
    assert [one.party_id for one in found.guests if one.shipments] == [town.parties["neighbour"]]
    assert town.parties["late"] not in {one.party_id for one in found.guests}
    assert 0 <= found.guests[0].detour_s <= found.words.detour_s
    assert trips(town) == []


def test_one_call_posts_it_for_members_and_the_neighbours_with_crates_are_told(town, circle):
    town.clock.at = EVE
    settled(town, "near", "producer", "farm")
    come_in(town, circle["community_id"], "near")
    shipment = waiting(town, "near", 1)
    trip_id = posts(town, circle["shop_id"], key="once")
    assert posts(town, circle["shop_id"], key="once") == trip_id
    with town.house.desk.store.view() as view:
        row = find_trip(view, trip_id)
    assert (row.owner_id, row.community_id) == (town.parties["farm"], circle["community_id"])
    assert told(town, "duty.trip_posted") == [shipment]
    offers = find_offers(town.house.desk, town.actor("near"), shipment)
    assert [one.ride_id for one in offers.rides] == [trip_id]
    assert suggested(town, circle["shop_id"]).trip_id == trip_id
    with pytest.raises(DutyDriven):
        posts(town, circle["shop_id"])


def test_a_trip_that_was_cancelled_may_be_posted_anew(town, circle):
    town.clock.at = EVE
    trip_id = posts(town, circle["shop_id"])
    cancel_trip(town.house.desk, town.actor("farm"), town.ask("farm"), trip_id, None)
    assert posts(town, circle["shop_id"]) != trip_id


@pytest.mark.parametrize(
    ("name", "refusal"), [("neighbour", NotOnDuty), ("restaurant", NotFound), ("operator", NotFound)]
)
def test_only_who_is_on_duty_is_shown_it_and_posts_it(town, circle, name, refusal):
    town.clock.at = EVE
    for do in (suggested, posts):
        with pytest.raises(refusal):
            do(town, circle["shop_id"], name)


def test_whoever_is_on_duty_is_told_once_two_days_ahead(town, circle):
    suggest_duty_trips(town.house.desk)
    before = len(told(town, "duty.coming"))
    town.clock.at = EVE
    assert suggest_duty_trips(town.house.desk) == 1
    assert suggest_duty_trips(town.house.desk) == 0
    assert len(told(town, "duty.coming")) == before + 1
    assert trips(town) == []


def test_after_the_last_hour_for_guests_nothing_is_suggested(town, circle):
    town.clock.at = moment_on(SATURDAY, 8 * 3600, PARIS)
    with pytest.raises(DutyTooLate):
        suggested(town, circle["shop_id"])
    town.clock.at = moment_on(SUNDAY, 12 * 3600, PARIS)
    with pytest.raises(NotOnDuty):
        suggested(town, circle["shop_id"])


def test_what_usually_comes_along_is_told_of_several_neighbours_together_only(town, circle):
    town.clock.at = EVE
    names = ("near", "nearer", "nearest")
    for at, name in enumerate(names):
        settled(town, name, "producer", "farm", 0.0005 * (at + 1))
        come_in(town, circle["community_id"], name)
    for name in names[:2]:
        before = waiting(town, name, 4)
        _a_week_earlier(town, before)
    assert suggested(town, circle["shop_id"]).usual_crates is None, "of two each would know the other's"
    _a_week_earlier(town, waiting(town, names[2], 3))
    assert suggested(town, circle["shop_id"]).usual_crates == 15, "4 + 4 + 3 crates, rounded up to five"


def _a_week_earlier(town, shipment_id):
    its = market_tables.shipment.update().where(market_tables.shipment.c.id == shipment_id)
    last_week = its.values(day=SATURDAY - timedelta(days=7), state="delivered")
    town.house.desk.store.change(lambda tx: tx.connection.execute(last_week))


def test_a_swap_changes_nothing_before_both_agree(town, circle):
    def swap(do, name):
        return do(town.house.desk, town.actor(name), town.ask(name), circle["swap_id"], None)

    farm, neighbour = town.parties["farm"], town.parties["neighbour"]
    assert on_duty(town, circle["shop_id"]) == [farm]
    swap(agree_swap, "neighbour")
    assert on_duty(town, circle["shop_id"]) == [neighbour]
    with pytest.raises(SwapClosed):
        swap(refuse_swap, "farm")
    town.clock.at = EVE
    found = suggested(town, circle["shop_id"], "neighbour")
    assert found.words.stops[0].site_id == town.sites["neighbour"]


def test_a_day_is_given_for_a_day_and_no_day_twice(town, circle):
    def swap(do, name, swap_id):
        return do(town.house.desk, town.actor(name), town.ask(name), swap_id, None)

    words = SwapWords(SATURDAY, circle["with_turn"], SUNDAY)
    other = ask_swap(town.house.desk, town.actor("farm"), town.ask("farm"), circle["turn_id"], words)
    swap(agree_swap, "neighbour", other)
    assert on_duty(town, circle["shop_id"], SUNDAY) == [town.parties["farm"]]
    with pytest.raises(NotOnDuty):
        swap(agree_swap, "neighbour", circle["swap_id"])
    assert on_duty(town, circle["shop_id"]) == [town.parties["neighbour"]]


def test_a_day_is_left_out_and_a_turn_ends(town, circle):
    def farm(do, *more):
        return do(town.house.desk, town.actor("farm"), town.ask("farm"), circle["turn_id"], *more)

    with pytest.raises(NotOnDuty):
        farm(leave_turn_out, SUNDAY)
    farm(leave_turn_out, SATURDAY)
    assert on_duty(town, circle["shop_id"]) == []
    assert on_duty(town, circle["shop_id"], date(2026, 10, 3)) == [town.parties["farm"]]
    farm(end_turn, None)
    assert on_duty(town, circle["shop_id"], date(2026, 10, 3)) == []
