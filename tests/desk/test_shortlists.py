"""Short lists at the desk: who sees them, what fits on a tour, orders that stand at once or wait."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from geodata.refusal import Refusal
from pooling.desk.selling.deliverable import deliverable
from pooling.desk.selling.goods import add_goods, change_goods, send_goods_file, withdraw_goods
from pooling.desk.selling.shortlists import open_short_list, seen_list, withdraw_short_list
from pooling.desk.selling.tour_order_answers import (
    accept_tour_order,
    cancel_tour_order,
    lapse_orders,
    refuse_tour_order,
)
from pooling.desk.selling.tour_orders import place_tour_order
from pooling.desk.tours.sign_ups import join_tour
from pooling.desk.tours.tour_planning import plan_tour
from pooling.desk.tours.tours import change_tour
from pooling.store import Page
from pooling.store.market import shipment
from pooling.store.rows import NotFound
from pooling.store.selling import goods, goods_file, tour_order
from pooling.store.shortlists import all_goods, goods_named
from pooling.store.tour_orders import lines_of_orders, loads_of_orders
from pooling.store.touring import sign_up, tour
from tests.desk.carrying import did
from tests.desk.desk_world import Looked
from tests.desk.market import newcomer
from tests.desk.selling import CHEESE, COURGETTES, list_words, listed, order_words, ordered
from tests.desk.servers import at_once
from tests.desk.test_market_wire import get, made
from tests.desk.test_rounds import proposed as round_proposed
from tests.desk.touring import HOUR, Watch, ledger, proposed, revision_of, row, sent, words

COLD = {"chilled_crates": 10}


def refused(do, *said, **more):
    with pytest.raises(Refusal) as caught:
        do(*said, **more)
    return caught.value


def loads(town, order_id):
    with town.house.desk.store.view() as view:
        return loads_of_orders(view, [order_id]).get(order_id, [])


def ups(town, order_id):
    ids = [one.id for one in loads(town, order_id)]
    with town.house.desk.store.view() as view:
        return view.connection.execute(select(sign_up).where(sign_up.c.shipment_id.in_(ids))).all()


def everything_holds(town):
    with town.house.desk.store.view() as view:
        Looked(town.house.desk, view, {}).all()


def kept(town):
    """Count everything that an order may write."""
    with town.house.desk.store.view() as view:
        tables = (tour_order, shipment, sign_up)
        return [len(view.connection.execute(select(one.c.id)).all()) for one in tables]


def found(town, tour_id, name="restaurant", *, explained=False, **page):
    who, site_id = town.actor(name), town.sites[name]
    return deliverable(town.house.desk, who, tour_id, site_id, Page(**page), explained=explained)


def test_a_list_is_seen_by_its_producer_and_by_who_buys_and_by_no_competitor(town):
    list_id, _ = listed(town)
    with town.house.desk.store.view() as view:
        for name in ("farm", "restaurant", "shop", "operator"):
            assert seen_list(view, town.actor(name), list_id).id == list_id
        for name in ("neighbour", "carrier"):
            with pytest.raises(NotFound):
                seen_list(view, town.actor(name), list_id)
    did(town, withdraw_short_list, "farm", list_id, None)
    with town.house.desk.store.view() as view, pytest.raises(NotFound):
        seen_list(view, town.actor("restaurant"), list_id)
    assert refused(did, town, add_goods, "farm", list_id, COURGETTES).code == "list_withdrawn"


def test_only_a_producer_opens_a_list_at_its_own_site(town):
    assert refused(did, town, open_short_list, "shop", list_words(town, "shop")).code == "not_a_producer"
    assert refused(did, town, open_short_list, "shop", list_words(town)).code == "not_allowed"
    strange = list_words(town, site_id=town.sites["neighbour"])
    assert refused(did, town, open_short_list, "farm", strange).code == "not_found"
    ended = list_words(town, collect_by_s=6 * HOUR)
    assert refused(did, town, open_short_list, "farm", ended).code == "hours_backwards"


def test_goods_are_changed_and_withdrawn_by_their_producer_alone(town):
    list_id, (courgettes, _) = listed(town)
    assert refused(did, town, add_goods, "farm", list_id, COURGETTES).code == "reference_taken"
    dearer = replace(COURGETTES, price_cents=300)
    for name in ("neighbour", "restaurant", "operator"):
        assert refused(did, town, change_goods, name, courgettes, None, dearer).code == "not_found"
        assert refused(did, town, withdraw_goods, name, courgettes, None).code == "not_found"
    did(town, change_goods, "farm", courgettes, None, dearer)
    did(town, withdraw_goods, "farm", courgettes, None)
    with town.house.desk.store.view() as view:
        assert [one.reference for one in all_goods(view, list_id, 9)] == ["cheese"]
    assert did(town, add_goods, "farm", list_id, COURGETTES) == courgettes, "the same goods again"


def test_a_file_keeps_good_lines_tells_bad_ones_and_changes_nothing_twice(town):
    list_id, _ = listed(town, "farm", COURGETTES)
    raw = (
        b"reference;product;unit;price_eur;least;available;units_per_crate;kg_per_crate\n"
        b"courgettes;Courgettes;kg;2.50;6;90;12;12\n"
        b"figs;Figs;kg;4,50;;;10;\n"
        b"eggs;Eggs;dozen;cheap;1;;10;8\n"
    )
    outcomes = []
    for _ in range(2):
        file_id = did(town, send_goods_file, "farm", list_id, raw)
        outcomes.append(json.loads(row(town, goods_file, file_id).outcome))
    counts = [[one[name] for name in ("kept", "changed", "unchanged")] for one in outcomes]
    assert counts == [[1, 0, 1], [0, 0, 2]]
    assert [(one["line"], one["column"], one["code"]) for one in outcomes[0]["refused"]] == [
        (4, "price_eur", "not_a_number")
    ]
    with town.house.desk.store.view() as view:
        assert goods_named(view, list_id)["figs"].kg_per_crate == 8


def test_an_order_is_shipments_and_sign_ups_at_once_where_the_producer_accepts_by_itself(town):
    tour_id = proposed(town, **COLD)
    list_id, (courgettes, cheese) = listed(town)
    order_id = ordered(town, list_id, {courgettes: 25, cheese: 5}, tour_id=tour_id)
    stands = row(town, tour_order, order_id)
    assert (stands.state, stands.price_cents) == ("accepted", 25 * 250 + 5 * 400)
    with town.house.desk.store.view() as view:
        lines = lines_of_orders(view, [order_id])[order_id]
    assert [(one.crates, one.kg) for one in lines] == [(3, 36), (1, 6)]
    farm, restaurant = town.parties["farm"], town.parties["restaurant"]
    ambient, chilled = sorted(loads(town, order_id), key=lambda one: one.temperature)
    assert (ambient.crates, ambient.goods, chilled.food) == (3, "Courgettes", "very_perishable")
    for one in (ambient, chilled):
        assert (one.shipper_id, one.payer_id, one.ordered_by_id) == (farm, farm, restaurant)
        assert (one.state, one.rides_id) == ("riding", tour_id)
    assert len(ups(town, order_id)) == 2 and all(one.share_cents is not None for one in ups(town, order_id))
    everything_holds(town)


def test_the_buyer_pays_the_carriage_where_the_list_says_so(town):
    tour_id = proposed(town)
    list_id, (courgettes,) = listed(town, "farm", COURGETTES, carriage="buyer")
    order_id = ordered(town, list_id, {courgettes: 24}, tour_id=tour_id)
    (up,) = ups(town, order_id)
    assert up.payer_id == town.parties["restaurant"]
    plan_tour(town.house.desk, tour_id, Watch(), search_s=0.0)
    (up,) = ups(town, order_id)
    assert up.state in ("riding", "turned", "joined") and ledger(town).sum_cents == 0
    everything_holds(town)


@pytest.mark.parametrize(
    ("quantities", "other", "code"),
    [
        ({0: 5}, {}, "below_least"),
        ({0: 91}, {}, "not_enough_left"),
        ({0: 24, 1: 10}, {}, "no_compartment"),
        ({1: 9_000}, {}, "too_many_crates"),
        ({0: 24}, {"deliver_by_at": 1}, "hours_backwards"),
        ({0: 24}, {"tour_id": None}, "tour_not_named"),
    ],
)
def test_what_cannot_be_ordered_is_refused_with_its_reason_and_nothing_is_kept(town, quantities, other, code):
    tour_id = proposed(town)
    list_id, both = listed(town)
    before = kept(town)
    wanted = {both[at]: units for at, units in quantities.items()}
    assert refused(ordered, town, list_id, wanted, **({"tour_id": tour_id} | other)).code == code
    assert kept(town) == before


def test_nobody_orders_for_somebody_else_and_no_producer_orders(town):
    tour_id = proposed(town)
    list_id, (courgettes, _) = listed(town)
    said = order_words(town, list_id, {courgettes: 12}, tour_id=tour_id)
    assert refused(did, town, place_tour_order, "shop", said).code == "not_allowed"
    elsewhere = replace(said, to_site_id=town.sites["shop"])
    assert refused(did, town, place_tour_order, "restaurant", elsewhere).code == "not_allowed"
    farm = order_words(town, list_id, {courgettes: 12}, "neighbour", tour_id=tour_id)
    assert refused(did, town, place_tour_order, "neighbour", farm).code == "not_a_buyer"


def test_goods_are_sold_once_and_are_back_when_an_order_is_cancelled(town):
    tour_id = proposed(town)
    list_id, (courgettes,) = listed(town, "farm", replace(COURGETTES, available=30))
    first = ordered(town, list_id, {courgettes: 24}, tour_id=tour_id)
    assert refused(ordered, town, list_id, {courgettes: 12}, "shop", tour_id=tour_id).facts["left"] == 6
    did(town, cancel_tour_order, "restaurant", first, None)
    assert row(town, tour_order, ordered(town, list_id, {courgettes: 30}, "shop", tour_id=tour_id)).state


def test_a_producer_that_answers_itself_accepts_or_refuses_and_its_goods_wait(town):
    tour_id = proposed(town)
    list_id, (courgettes,) = listed(town, "farm", replace(COURGETTES, available=48), accepts=False)
    first, second = (ordered(town, list_id, {courgettes: 24}, tour_id=tour_id) for _ in range(2))
    assert row(town, tour_order, first).state == "asked" and not loads(town, first)
    assert refused(ordered, town, list_id, {courgettes: 6}, tour_id=tour_id).code == "not_enough_left"
    assert refused(did, town, accept_tour_order, "restaurant", first, None).code == "not_allowed"
    assert refused(did, town, accept_tour_order, "neighbour", first, None).code == "not_found"
    did(town, accept_tour_order, "farm", first, None)
    did(town, refuse_tour_order, "farm", second, None)
    assert [row(town, tour_order, one).state for one in (first, second)] == ["accepted", "refused"]
    assert loads(town, first)[0].state == "riding" and not loads(town, second)
    assert refused(did, town, accept_tour_order, "farm", second, None).code == "order_closed"
    everything_holds(town)


def test_an_order_without_an_answer_lapses_at_the_cutoff(town):
    tour_id = proposed(town)
    list_id, (courgettes, _) = listed(town, accepts=False)
    order_id = ordered(town, list_id, {courgettes: 24}, tour_id=tour_id)
    assert lapse_orders(town.house.desk) == 0
    town.clock.at = row(town, tour, tour_id).cutoff_at
    assert refused(did, town, accept_tour_order, "farm", order_id, None).code == "cutoff_passed"
    assert lapse_orders(town.house.desk) == 1 and row(town, tour_order, order_id).state == "lapsed"


def test_a_crate_that_has_become_dearer_is_asked_about_anew(town):
    tour_id = proposed(town)
    list_id, (courgettes, _) = listed(town, accepts=False)
    order_id = ordered(town, list_id, {courgettes: 24}, tour_id=tour_id)
    did(town, change_tour, "operator", tour_id, revision_of(town, tour_id), words(town, crate_cents=500))
    assert refused(did, town, accept_tour_order, "farm", order_id, None).code == "crate_dearer"


def test_a_cancelled_order_leaves_nothing_on_its_tour_and_the_others_keep_theirs(town):
    tour_id = proposed(town, **COLD)
    list_id, (courgettes, cheese) = listed(town)
    other = did(town, join_tour, "neighbour", tour_id, sent(town, "neighbour"))
    order_id = ordered(town, list_id, {courgettes: 24, cheese: 5}, tour_id=tour_id)
    assert refused(did, town, cancel_tour_order, "shop", order_id, None).code == "not_found"
    assert refused(did, town, cancel_tour_order, "operator", order_id, None).code == "not_allowed"
    did(town, cancel_tour_order, "restaurant", order_id, None)
    assert {one.state for one in ups(town, order_id)} == {"left"}
    assert {one.state for one in loads(town, order_id)} == {"cancelled"}
    assert row(town, sign_up, other).state == "joined"
    assert refused(did, town, cancel_tour_order, "restaurant", order_id, None).code == "cancelled_already"
    everything_holds(town)


def test_after_the_cutoff_an_order_is_not_cancelled_any_more(town):
    tour_id = proposed(town)
    list_id, (courgettes, _) = listed(town)
    order_id = ordered(town, list_id, {courgettes: 24}, tour_id=tour_id)
    town.clock.at = row(town, tour, tour_id).cutoff_at
    assert refused(did, town, cancel_tour_order, "restaurant", order_id, None).code == "cutoff_passed"
    assert loads(town, order_id)[0].state == "riding"


def test_what_is_deliverable_is_what_an_order_gets_and_the_rest_has_its_reason(town):
    tour_id = proposed(town)
    farms, (courgettes,) = listed(town, "farm", COURGETTES, carriage="buyer")
    cold, _ = listed(town, "neighbour", CHEESE)
    late, _ = listed(town, "neighbour", COURGETTES, ready_s=20 * HOUR, collect_by_s=22 * HOUR)
    before = kept(town)
    assert [one.of_list.id for one in found(town, tour_id)[0]] == [farms], "the others on request only"
    lists, after = found(town, tour_id, explained=True)
    by_list = {one.of_list.id: one for one in lists}
    assert after == "" and set(by_list) == {farms, cold, late} and kept(town) == before
    fits = by_list[farms]
    assert fits.refusal is None and fits.crates == 1 and fits.pickup_from_at < fits.drop_from_at
    assert fits.taken == {} and fits.goods[0].id == courgettes
    assert by_list[cold].refusal.code == "no_compartment"
    assert by_list[late].refusal.code == "pickup_hours_missed"
    (up,) = ups(town, ordered(town, farms, {courgettes: 6}, tour_id=tour_id))
    assert (up.pickup_from_at, up.drop_until_at) == (fits.pickup_from_at, fits.drop_until_at)
    assert up.share_cents == fits.share_cents


def test_who_pays_for_the_carriage_is_told_what_it_costs_and_nobody_else(town):
    tour_id = proposed(town)
    listed(town, "farm", COURGETTES)
    ((one,), _) = found(town, tour_id)
    assert one.refusal is None and one.share_cents is None
    shop = town.actor("shop")
    strange = refused(deliverable, town.house.desk, shop, tour_id, town.sites["farm"], Page())
    assert strange.code == "not_allowed"
    assert refused(found, town, tour_id, "farm").code == "not_a_buyer"


def test_lists_come_by_pages_and_what_is_sold_out_is_left_out(town):
    tour_id = proposed(town)
    lists = [listed(town, name, replace(COURGETTES, available=11))[0] for name in ("farm", "neighbour")]
    _, (courgettes,) = listed(town, "farm", replace(COURGETTES, available=6))
    list_id = row(town, goods, courgettes).list_id
    ordered(town, list_id, {courgettes: 6}, tour_id=tour_id)
    seen, after = [], ""
    while True:
        part, after = found(town, tour_id, after=after, limit=1)
        seen += [one.of_list.id for one in part]
        if not after:
            break
    assert sorted(seen) == sorted(lists)


def test_an_order_before_the_cutoff_becomes_a_pickup_of_the_days_round_by_itself(town):
    round_id = round_proposed(town)
    list_id, (courgettes,) = listed(town, "farm", COURGETTES, accepts=False, round_id=round_id)
    sunday = date(2026, 9, 13)
    order_id = ordered(town, list_id, {courgettes: 24}, day=sunday)
    stands = row(town, tour_order, order_id)
    assert stands.state == "accepted" and row(town, tour, stands.tour_id).round_day == sunday
    assert {one.tour_id for one in ups(town, order_id)} == {stands.tour_id}
    monday = sunday + timedelta(days=1)
    assert refused(ordered, town, list_id, {courgettes: 12}, day=monday).code == "no_round_that_day"
    town.clock.at = row(town, tour, stands.tour_id).cutoff_at
    late = refused(ordered, town, list_id, {courgettes: 12}, day=sunday)
    assert (late.code, late.facts["next_day"]) == ("order_too_late", date(2026, 9, 16))
    following = row(town, tour_order, ordered(town, list_id, {courgettes: 12}))
    assert (following.day, following.state) == (date(2026, 9, 16), "accepted")
    everything_holds(town)


def test_over_the_wire_an_order_is_a_pickup_that_everybody_concerned_reads_at_once(client, town):
    list_id, (courgettes,) = listed(town, "farm", COURGETTES, accepts=False, round_id=round_proposed(town))
    wish = {
        "buyer": town.parties["restaurant"],
        "short_list": list_id,
        "to_site": town.sites["restaurant"],
        "lines": [{"goods": courgettes, "quantity": 24}],
        "day": "2026-09-13",
    }
    order = made(client, town, "restaurant", "/tour-orders", **wish)
    (load,) = order["loads"]
    assert order["state"] == "accepted"
    shipment = get(client, town, "farm", f"/shipments/{load['shipment']}").json()
    assert (shipment["day"], shipment["from_site"]) == ("2026-09-13", town.sites["farm"])
    ups = get(client, town, "operator", f"/tours/{order['tour']}/sign-ups").json()["items"]
    assert [one["shipment"] for one in ups] == [load["shipment"]], "nobody did anything more"


def test_a_file_sent_twice_by_the_same_key_is_one_wish(town):
    list_id, _ = listed(town, "farm", COURGETTES)
    ask, farm, desk = town.ask("farm", "same"), town.actor("farm"), town.house.desk
    one, two = (send_goods_file(desk, farm, ask, list_id, b"reference\nx\n") for _ in range(2))
    assert one == two


def test_the_last_goods_are_sold_once_whoever_asks_at_once(market):
    tour_id = proposed(market, ambient_crates=40)
    list_id, (courgettes,) = listed(market, "farm", replace(COURGETTES, available=36))
    buyers = ["restaurant", "shop"] * 3
    calls = [
        lambda name=name: ordered(market, list_id, {courgettes: 12}, name, tour_id=tour_id) for name in buyers
    ]
    answers = at_once(*calls)
    lost = [one for one in answers if isinstance(one, Refusal)]
    assert {one.code for one in lost} == {"not_enough_left"} and len(lost) == 3
    everything_holds(market)


def test_orders_of_many_producers_are_one_days_round_that_is_planned_at_its_cutoff(town):
    round_id, sunday = round_proposed(town), date(2026, 9, 13)
    farms = [newcomer(town, f"farm{number}") for number in range(4)]
    orders = []
    for name in farms:
        list_id, (courgettes,) = listed(town, name, COURGETTES, accepts=False, round_id=round_id)
        orders.append(ordered(town, list_id, {courgettes: 24}, day=sunday))
    (tour_id,) = {row(town, tour_order, one).tour_id for one in orders}
    town.clock.at = row(town, tour, tour_id).cutoff_at
    assert plan_tour(town.house.desk, tour_id, Watch(), search_s=0.0)["state"] == "confirmed"
    assert {up.state for one in orders for up in ups(town, one)} == {"riding"}
    everything_holds(town)
