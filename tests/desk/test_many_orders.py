"""Orders with several producers in one call: good lines are kept beside bad ones, and nothing twice."""

import pytest

from pooling.desk.goods.orders import place_orders
from pooling.store import Ask, Page
from pooling.store.orders import list_orders
from pooling.store.tour_orders import list_tour_orders
from tests.desk.market_wire import at
from tests.desk.selling import listed
from tests.desk.touring import EVENING, proposed

SEVERAL, LISTS = "/api/v1/orders/several", "/api/v1/tour-orders/several"


def wish(town, *producers, **other):
    lines = [
        {
            "producer": town.parties[one],
            "product": "Tomatoes",
            "quantity": 30,
            "unit": "kg",
            "price_cents": 9000,
        }
        for one in producers
    ]
    ends = {"buyer": town.parties["restaurant"], "to_site": town.sites["restaurant"]}
    return ends | {"deliver_from": at(0), "deliver_by": at(6), "lines": lines} | other


def orders_of(town, listing=list_orders):
    with town.house.desk.store.view() as view:
        return [row.producer_id for row in listing(view, [town.parties["restaurant"]], Page())[0]]


def test_a_restaurant_orders_from_several_producers_and_reads_why_one_of_them_did_not_take_it(town, client):
    said = wish(town, "farm", "carrier", "neighbour")
    headers = town.headers("restaurant") | {"Accept-Language": "fr"}
    first, again = (client.post(SEVERAL, json=said, headers=headers).json() for _ in range(2))
    assert first == again and first["placed"] == 2
    assert [one["line"] for one in first["lines"]] == [1, 2, 3]
    assert [one["why"] and one["why"]["code"] for one in first["lines"]] == [None, "not_a_producer", None]
    assert "producteur" in first["lines"][1]["why"]["detail"]
    assert sorted(orders_of(town)) == sorted(town.parties[one] for one in ("farm", "neighbour"))
    other = client.post(SEVERAL, json=wish(town, "farm"), headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert len(orders_of(town)) == 2


def test_hours_that_nobody_keeps_refuse_each_line_by_itself_and_an_empty_or_endless_call_is_malformed(
    town, client
):
    late = wish(town, "farm", deliver_from=at(-40), deliver_by=at(-39))
    answer = client.post(SEVERAL, json=late, headers=town.headers("restaurant")).json()
    assert (answer["placed"], answer["lines"][0]["why"]["code"]) == (0, "hours_past")
    for producers in ((), ("farm",) * 31):
        answer = client.post(SEVERAL, json=wish(town, *producers), headers=town.headers("restaurant"))
        assert answer.status_code == 422


def test_a_call_that_broke_off_between_two_lines_goes_on_where_it_was(town, monkeypatch):
    from api.shapes.goods.shipments import OrdersWish
    from pooling.desk.goods import orders as module

    words = OrdersWish.model_validate(wish(town, "farm", "neighbour")).words(town.house.desk)
    ask, real, calls = Ask(town.members["restaurant"], "basket", "words"), module.place_order, []

    def broken(desk, who, part, line):
        calls.append(line)
        if len(calls) == 2:
            raise RuntimeError
        return real(desk, who, part, line)

    monkeypatch.setattr(module, "place_order", broken)
    with pytest.raises(RuntimeError):
        place_orders(town.house.desk, town.actor("restaurant"), ask, words)
    placed = place_orders(town.house.desk, town.actor("restaurant"), ask, words)
    assert len(set(placed)) == 2 and len(orders_of(town)) == 2


def test_nobody_orders_in_anothers_name_whichever_line_it_stands_in(town, client):
    for path, said in (
        (SEVERAL, wish(town, "farm")),
        (LISTS, lists_wish(town, ("slist_none", {"goods_none": 6}))),
    ):
        answer = client.post(path, json=said, headers=town.headers("neighbour"))
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    assert not orders_of(town)


def lists_wish(town, *lists, **other):
    said = [
        {"short_list": one, "lines": [{"goods": goods, "quantity": units} for goods, units in wanted.items()]}
        for one, wanted in lists
    ]
    return {"buyer": town.parties["restaurant"], "to_site": town.sites["restaurant"], "lists": said} | other


def test_goods_of_several_lists_join_one_tour_in_one_call(town, client):
    town.clock.at = EVENING
    tour_id = proposed(town)
    farm, (courgettes, _) = listed(town)
    near, (other, _) = listed(town, "neighbour")
    said = lists_wish(town, (farm, {courgettes: 24}), (near, {other: 5}), (near, {other: 12}), tour=tour_id)
    headers = town.headers("restaurant")
    first, again = (client.post(LISTS, json=said, headers=headers).json() for _ in range(2))
    assert first == again and first["placed"] == 2
    assert [one["why"] and one["why"]["code"] for one in first["lines"]] == [None, "below_least", None]
    assert sorted(orders_of(town, list_tour_orders)) == sorted(
        town.parties[one] for one in ("farm", "neighbour")
    )
