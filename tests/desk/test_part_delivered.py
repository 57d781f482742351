"""Crates of which only some were signed for: every document tells one count and one price."""

from pooling.desk.goods.true_prices import GreenTerms, seen_true_price
from pooling.desk.runs.freezing_rides import freeze_trip
from pooling.desk.runs.handovers import HandoverWords, begin_run, end_run, hand_over
from pooling.store.bills import bill_of
from tests.desk.market import TOMORROW, accepted, announced, bidden, owes, sent, the_bid

YEAR = 366 * 86_400


def test_the_ledger_the_true_price_and_the_bill_agree_on_crates_that_were_delivered_in_part(town):
    desk, driver = town.house.desk, town.actor("farm")
    shipment = sent(town, 6)
    bid = accepted(town, bidden(town, announced(town), shipment))
    manifest = freeze_trip(desk, driver, town.ask("farm"), the_bid(town, bid).trip_id)
    begin_run(desk, driver, town.ask("farm"), manifest)
    hand_over(
        desk, driver, town.ask("farm"), manifest, HandoverWords(shipment_id=shipment, way="on", crates=6)
    )
    part = HandoverWords(
        shipment_id=shipment, way="off", crates=4, outcome="partial", note="Two were crushed"
    )
    hand_over(desk, driver, town.ask("farm"), manifest, part)
    end_run(desk, driver, town.ask("farm"), manifest)
    owed_cents = -owes(town, "neighbour")["posted"]
    assert owed_cents == the_bid(town, bid).price_cents * 4 // 6
    price = seen_true_price(desk, town.actor("neighbour"), shipment, GreenTerms()).price
    assert price.lines["carriage"] + price.lines["fee"] == owed_cents
    with desk.store.view() as view:
        bill = bill_of(view, town.parties["neighbour"], 0, TOMORROW + YEAR)
    assert bill.total_cents == owed_cents and sum(line.crates for line in bill.lines) == 4
