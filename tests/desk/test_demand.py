"""Unmet demand: counted by area, day and product, and of few parties nothing is told."""

from datetime import date

from pooling.desk.goods.orders import Filling, OrderWords, accept_order, place_order
from pooling.desk.market.demand import unmet_demand
from pooling.desk.market.offers import find_offers
from pooling.desk.selling.tour_order_answers import lapse_orders, refuse_tour_order
from pooling.market.demand import ProductUnmet
from pooling.store.finding import unmet
from pooling.store.orders import find_order
from pooling.store.rows import found
from pooling.store.touring import tour
from tests.desk.carrying import did
from tests.desk.market import HOUR, TOMORROW, announced, crates, newcomer
from tests.desk.selling import COURGETTES, listed, ordered
from tests.desk.test_market import refused
from tests.desk.touring import DAY as TOUR_DAY
from tests.desk.touring import proposed

DAY = date(2026, 9, 13)


def asked(town, who, number=4, **other):
    return find_offers(town.house.desk, town.actor(who), crates(town, number, who, **other))


def seen(town, who="operator", day=DAY):
    return unmet_demand(town.house.desk, town.actor(who), day, day, limit=10, skip=0)


def buyers_in_vain(town):
    """Let three buyers order courgettes that do not come: the farm refuses one and leaves two unanswered."""
    buyers = ["restaurant", "shop", newcomer(town, "bistro", "restaurant", role="buyer")]
    tour_id = proposed(town)
    list_id, (courgettes,) = listed(town, "farm", COURGETTES, accepts=False)
    first, *_ = [ordered(town, list_id, {courgettes: 24}, one, tour_id=tour_id) for one in buyers]
    did(town, refuse_tour_order, "farm", first, None)
    with town.house.desk.store.view() as view:
        town.clock.at = found(view, tour, tour_id).cutoff_at
    assert lapse_orders(town.house.desk) == 2


def test_searches_without_an_offer_are_counted_once_three_parties_looked(town):
    others = [newcomer(town, "dairy"), newcomer(town, "mill")]
    for who in ("neighbour", others[0], "neighbour"):
        assert asked(town, who).rides == ()
    (few,) = seen(town)
    assert (few.day, few.searches, few.crates) == (DAY, None, None)
    asked(town, others[1], 6)
    (one,) = seen(town)
    assert (one.area, one.day, one.searches, one.crates) == (few.area, DAY, 4, 4 + 4 + 6)


def test_a_search_that_finds_an_offer_is_not_counted(town):
    announced(town)
    assert asked(town, "neighbour").rides and seen(town) == ()


def test_an_area_is_a_commune_and_names_nobody(town):
    asked(town, "neighbour")
    (one,) = seen(town)
    assert one.area.startswith("06") and "eighbour" not in one.area


def test_only_an_operator_sees_unmet_demand(town):
    assert refused(lambda: seen(town, "farm")).code == "not_allowed"


def test_the_product_is_counted_where_it_is_known_and_accents_and_capitals_part_nothing(town):
    others = [newcomer(town, "dairy"), newcomer(town, "mill")]
    for who, goods in (("neighbour", "Épinards"), (others[0], "épinards"), (others[1], "EPINARDS ")):
        asked(town, who, 4, goods=goods)
    asked(town, "neighbour", 6, goods="Épinards")
    (one,) = seen(town)
    assert one.products == (ProductUnmet("epinards", 3, 14),) and (one.searches, one.crates) == (4, 14)


def test_of_a_party_crates_of_two_products_are_added_and_those_of_none_may_be_the_same(town):
    others = [newcomer(town, "dairy"), newcomer(town, "mill")]
    for who, goods, number in (("neighbour", "Leeks", 4), ("neighbour", "Chard", 3), ("neighbour", "", 5)):
        asked(town, who, number, goods=goods)
    for who in others:
        asked(town, who, 1)
    (one,) = seen(town)
    assert (one.crates, one.products) == (4 + 3 + 1 + 1, ())


def test_orders_that_come_to_nothing_count_where_their_buyers_wanted_them(town):
    buyers_in_vain(town)
    (one,) = [each for each in seen(town, day=TOUR_DAY) if each.wanted and each.searches]
    assert one.searches == 3 and [each.product for each in one.products] == ["courgettes"]
    assert one.products[0].parties == 3


def test_crates_of_an_order_count_for_who_would_pay_the_way_and_for_the_buyer(town):
    words = OrderWords(
        *(town.parties["restaurant"], town.parties["neighbour"], town.sites["restaurant"]),
        *("Chard", 10, "kg", 4_000, TOMORROW, TOMORROW + 6 * HOUR),
    )
    order_id = did(town, place_order, "restaurant", words)
    filling = Filling(town.sites["neighbour"], "ambient", 4, TOMORROW, TOMORROW + 5 * HOUR)
    did(town, accept_order, "neighbour", order_id, None, filling)
    with town.house.desk.store.view() as view:
        crates_id = find_order(view, order_id).shipment_id
    assert find_offers(town.house.desk, town.actor("neighbour"), crates_id).rides == ()
    with town.house.desk.store.view() as view:
        rows = view.connection.execute(unmet.select().order_by(unmet.c.wanted)).all()
    assert {(one.product, one.crates) for one in rows} == {("chard", 4)}
    assert [one.wanted for one in rows] == [False, True]
    assert rows[0].mark != rows[1].mark and {one.searches for one in seen(town)} == {None}
