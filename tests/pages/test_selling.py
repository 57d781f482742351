"""Short lists and orders for tours on pages, without script: kept, looked at, ordered, answered."""

from dataclasses import replace

from sqlalchemy import select

from pooling.store.selling import goods, short_list, tour_order
from tests.desk.selling import COURGETTES, listed, ordered
from tests.desk.test_rounds import proposed as round_proposed
from tests.desk.touring import proposed

TABLE = "reference;product;unit;price_eur;units_per_crate\nfigs;Figs;kg;4,50;10\neggs;Eggs;dozen;cheap;10\n"


def last(town, table):
    with town.house.desk.store.view() as view:
        return view.connection.execute(select(table).order_by(table.c.id.desc())).first()


def test_a_producer_opens_a_list_puts_goods_on_it_and_sends_a_table(town, visitor):
    farm = visitor("farm")
    sent = farm.press("/short-lists/new", site=town.sites["farm"], accepts="yes")
    path = sent.headers["location"].partition("?")[0]
    faulty = farm.press(path, f"{path}/goods", product="Figs", price="much")
    assert faulty.status_code == 422 and "Un montant en euros" in faulty.text
    filled = {"product": "Tomatoes", "reference": "t", "price": "2,40", "units_per_crate": 12}
    assert farm.press(path, f"{path}/goods", **filled).status_code == 303
    told = farm.client.post(f"{path}/table", data=farm.form(path, f"{path}/table").fields | {"lines": TABLE})
    assert "Ligne 3" in told.text and "1 nouvelles" in told.text and "Figs" in told.text
    line = last(town, goods)
    changed = farm.press(f"/goods/{line.id}", f"/goods/{line.id}/change", price="5")
    assert changed.status_code == 303 and last(town, goods).price_cents == 500
    assert farm.press(f"/goods/{line.id}", f"/goods/{line.id}/withdraw").status_code == 303
    assert farm.get(f"{path}/goods.csv").text.count("\n") == 2
    assert farm.press(f"{path}/change", name="Next week").status_code == 303
    assert farm.press(path, f"{path}/withdraw").status_code == 303
    assert (last(town, short_list).name, last(town, short_list).state) == ("Next week", "withdrawn")


def test_a_buyer_sees_who_is_deliverable_orders_and_cancels(town, visitor):
    tour_id, buyer = proposed(town), visitor("restaurant")
    list_id, (courgettes,) = listed(town, "farm", COURGETTES, carriage="buyer")
    listed(town, "neighbour", COURGETTES, ready_s=20 * 3600, collect_by_s=22 * 3600)
    path = f"/tours/{tour_id}/deliverable"
    shown = buyer.get(path).text
    assert "Farm" in shown and "se règle entre acheteur et producteur" in shown and "Neighbour" not in shown
    assert "Neighbour" in buyer.get(f"{path}?others=yes").text
    few = buyer.press(path, **{f"units_{courgettes}": 2})
    assert few.status_code == 409 and "se vend à partir de 6 kg" in few.text
    nothing = buyer.press(path)
    assert nothing.status_code == 422 and "au moins une quantité" in nothing.text
    sent = buyer.press(path, **{f"units_{courgettes}": 24})
    order = sent.headers["location"].partition("?")[0]
    assert "24 kg Courgettes" in buyer.get(order).text and "24 kg" in buyer.get("/tour-orders").text
    assert visitor("shop").get(order).status_code == 404
    assert buyer.press(order, f"{order}/cancel").status_code == 303
    assert last(town, tour_order).state == "cancelled" and list_id


def test_an_order_for_a_round_is_placed_from_the_list_and_answered_by_nobody(town, visitor):
    round_id = round_proposed(town)
    list_id, (courgettes,) = listed(town, "farm", COURGETTES, accepts=False, round_id=round_id)
    buyer, path = visitor("restaurant"), f"/short-lists/{list_id}"
    late = buyer.press(path, "/tour-orders/new", day="2026-09-14", **{f"units_{courgettes}": 12})
    assert late.status_code == 409 and "ne circule pas le" in late.text
    assert buyer.press(path, "/tour-orders/new", **{f"units_{courgettes}": 12}).status_code == 303
    assert last(town, tour_order).state == "accepted"


def test_a_producer_answers_what_waits_for_it(town, visitor):
    tour_id, buyer, farm = proposed(town), visitor("restaurant"), visitor("farm")
    _, (courgettes,) = listed(town, "farm", COURGETTES, accepts=False)
    orders = []
    for _ in range(2):
        sent = buyer.press(f"/tours/{tour_id}/deliverable", **{f"units_{courgettes}": 12})
        orders.append(sent.headers["location"].partition("?")[0])
    assert farm.press(orders[0], f"{orders[0]}/accept").status_code == 303
    assert farm.press(orders[1], f"{orders[1]}/refuse").status_code == 303
    assert "a un trajet" in farm.get(orders[0]).text and "refusée" in farm.get(orders[1]).text


def test_a_producer_that_has_run_out_leaves_one_line_out_of_an_order(town, visitor):
    tour_id, farm = proposed(town), visitor("farm")
    figs = replace(COURGETTES, reference="figs", product="Figs")
    list_id, (courgettes, other) = listed(town, "farm", COURGETTES, figs)
    path = f"/tour-orders/{ordered(town, list_id, {courgettes: 12, other: 12}, tour_id=tour_id)}"
    assert "Retirer" in visitor("restaurant").get(path).text
    assert farm.press(path, f"{path}/lines/withdraw", line=2).status_code == 303
    shown = farm.get(path).text
    assert "retirée" in shown and f'action="{path}/lines/withdraw"' not in shown, "the last line stays"
