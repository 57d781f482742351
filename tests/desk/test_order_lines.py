"""One line of an order left out before the cut-off: the rest rides on, nobody pays more, both sides know."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from pooling.desk.selling.order_lines import withdraw_order_line
from pooling.desk.selling.tour_order_answers import accept_tour_order
from pooling.desk.tours.tour_planning import plan_tour
from pooling.store.market import shipment
from pooling.store.selling import tour_order
from pooling.store.shortlists import spoken_for
from pooling.store.tour_orders import lines_of_orders
from pooling.store.touring import sign_up, tour
from pooling.store.work import outbox
from tests.desk.carrying import did
from tests.desk.selling import CHEESE, COURGETTES, listed, ordered
from tests.desk.telling import Outside, change_member, tell_all
from tests.desk.test_shortlists import COLD, everything_holds, loads, refused, ups
from tests.desk.test_tours import told_of
from tests.desk.touring import HOUR, Watch, joined, ledger, proposed, row, sent

FIGS = replace(COURGETTES, reference="figs", product="Figs", price_cents=400, units_per_crate=10)
COURGETTES_LINE, CHEESE_LINE, FIGS_LINE = 1, 2, 3


@pytest.fixture
def order(town):
    """Have the restaurant's order of three lines ride with the neighbour's crates; returns all ids."""
    tour_id = proposed(town, **COLD)
    joined(town, tour_id, "neighbour", sent(town, "neighbour"))
    list_id, goods = listed(town, "farm", COURGETTES, CHEESE, FIGS)
    quantities = dict(zip(goods, (25, 5, 20), strict=True))
    return tour_id, list_id, goods, ordered(town, list_id, quantities, tour_id=tour_id)


def left_out(town, name, order_id, line):
    return did(town, withdraw_order_line, name, order_id, None, line)


def reopened(town):
    """Return what was told of a tour that is only proposed again."""
    with town.house.desk.store.view() as view:
        (facts,) = view.connection.execute(select(outbox.c.facts).where(outbox.c.topic == "tour.reopened"))
    return json.loads(facts.facts)


def crates_aboard(town, tour_id):
    return sum(row(town, shipment, one).crates for one in shares(town, tour_id))


def by_class(town, order_id):
    return {one.temperature: one for one in loads(town, order_id)}


def shares(town, tour_id):
    with town.house.desk.store.view() as view:
        found = view.connection.execute(sign_up.select().where(sign_up.c.tour_id == tour_id))
        return {one.shipment_id: one.share_cents for one in found if one.state in ("joined", "riding")}


def test_the_rest_rides_on_in_its_place_with_fewer_crates_and_nobody_pays_more(town, order):
    tour_id, _, goods, order_id = order
    before, places = by_class(town, order_id)["ambient"], {one.id for one in ups(town, order_id)}
    shared, hours = shares(town, tour_id), {one.id: one.pickup_from_at for one in ups(town, order_id)}
    assert before.crates == 3 + 2
    left_out(town, "restaurant", order_id, FIGS_LINE)
    after = by_class(town, order_id)["ambient"]
    assert (after.id, after.state, after.crates, after.kg) == (before.id, "riding", 3, 36)
    assert (after.goods, after.goods_value_cents) == ("Courgettes", 25 * 250)
    assert {one.id for one in ups(town, order_id)} == places
    assert all(one.pickup_from_at >= hours[one.id] for one in ups(town, order_id))
    assert all(cents <= shared[one] for one, cents in shares(town, tour_id).items())
    assert row(town, tour_order, order_id).price_cents == 25 * 250 + 5 * 400
    with town.house.desk.store.view() as view:
        assert spoken_for(view, goods) == {goods[0]: 25, goods[1]: 5}
    assert told_of(town, "tour_order.line_withdrawn") == {town.parties["farm"], town.parties["restaurant"]}
    everything_holds(town)


def test_crates_of_which_nothing_is_left_leave_the_tour(town, order):
    tour_id, _, _, order_id = order
    chilled = by_class(town, order_id)["chilled"].id
    left_out(town, "farm", order_id, CHEESE_LINE)
    assert row(town, shipment, chilled).state == "cancelled" and chilled not in shares(town, tour_id)
    assert by_class(town, order_id)["ambient"].state == "riding"
    assert row(town, tour_order, order_id).state == "accepted"
    everything_holds(town)


def test_a_line_is_left_out_once_and_the_last_not_at_all(town, order):
    order_id = order[3]
    left_out(town, "farm", order_id, CHEESE_LINE)
    assert refused(left_out, town, "farm", order_id, CHEESE_LINE).code == "line_withdrawn"
    left_out(town, "restaurant", order_id, COURGETTES_LINE)
    assert refused(left_out, town, "restaurant", order_id, FIGS_LINE).code == "last_order_line"
    assert refused(left_out, town, "restaurant", order_id, 9).code == "not_found"
    everything_holds(town)


def test_nobody_else_leaves_a_line_out_nor_anybody_after_the_cutoff(town, order):
    order_id = order[3]
    for name, code in (("neighbour", "not_found"), ("shop", "not_found"), ("operator", "not_allowed")):
        assert refused(left_out, town, name, order_id, FIGS_LINE).code == code
    town.clock.forward(11 * HOUR)
    assert refused(left_out, town, "farm", order_id, FIGS_LINE).code == "cutoff_passed"


def test_an_order_that_waits_is_accepted_without_the_line(town):
    tour_id = proposed(town, **COLD)
    list_id, goods = listed(town, "farm", COURGETTES, CHEESE, FIGS, accepts=False)
    order_id = ordered(town, list_id, dict(zip(goods, (25, 5, 20), strict=True)), tour_id=tour_id)
    left_out(town, "farm", order_id, CHEESE_LINE)
    did(town, accept_tour_order, "farm", order_id, None)
    assert [(one.temperature, one.crates) for one in loads(town, order_id)] == [("ambient", 5)]
    with town.house.desk.store.view() as view:
        lines = lines_of_orders(view, [order_id])[order_id]
    assert [one.state for one in lines] == ["open", "withdrawn", "open"]


def test_on_a_tour_that_was_confirmed_early_the_shares_are_settled_anew(town, order):
    tour_id, _, _, order_id = order
    plan_tour(town.house.desk, tour_id, Watch(), search_s=0.0)
    if row(town, tour, tour_id).state != "confirmed":
        pytest.fail("the tour of this test can be paid")
    agreed = shares(town, tour_id)
    left_out(town, "farm", order_id, FIGS_LINE)
    assert row(town, tour, tour_id).state == "proposed" and ledger(town)
    assert reopened(town) == {"until_at": row(town, tour, tour_id).cutoff_at}
    plan_tour(town.house.desk, tour_id, Watch(), search_s=0.0)
    assert all(cents <= agreed[one] for one, cents in shares(town, tour_id).items())
    everything_holds(town)


def test_a_tour_that_is_only_proposed_again_says_what_it_lacks_and_until_when(town, order):
    tour_id, _, _, order_id = order
    plan_tour(town.house.desk, tour_id, Watch(), search_s=0.0)
    least = update(tour).values(minimum_crates=crates_aboard(town, tour_id))
    town.house.desk.store.change(lambda tx: tx.connection.execute(least))
    before = crates_aboard(town, tour_id)
    left_out(town, "farm", order_id, FIGS_LINE)
    until_at = row(town, tour, tour_id).cutoff_at
    lacks = {"lacks": "crates", "missing": before - crates_aboard(town, tour_id)}
    assert reopened(town) == {"until_at": until_at, **lacks}
    change_member(town, "carrier", language="en")
    outside = Outside()
    tell_all(town, outside)
    letters = {mail.to.partition("@")[0]: mail.body for mail in outside.mails}
    told = "a tour that was confirmed is only proposed again, 2 crates are missing, others may join until"
    assert told in letters["carrier"] and "04:00" in letters["carrier"]
    assert "il manque 2 caisses, d’autres peuvent s’inscrire jusqu’au" in letters["neighbour"]


def test_over_the_api_a_line_is_left_out_and_named_so(client, town, order):
    order_id = order[3]
    path = f"/api/v1/tour-orders/{order_id}/lines/withdraw"
    answer = client.post(path, json={"line": FIGS_LINE}, headers=town.headers("restaurant"))
    assert answer.status_code == 200, answer.text
    assert [(one["line"], one["state"]) for one in answer.json()["lines"]] == [
        (1, "open"), (2, "open"), (3, "withdrawn")
    ]  # fmt: skip
    assert client.post(path, json={"line": 1}, headers=town.headers("shop")).status_code == 404
