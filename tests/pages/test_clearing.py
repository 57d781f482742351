"""The best set of bids on pages: shown with its reasons, taken by one button, taken once."""

import re
from dataclasses import replace

from sqlalchemy import update

from pooling.desk.market.bids import place_bid
from pooling.desk.market.bundles import BidWords, BundleWords, place_bundle
from pooling.store import Page
from pooling.store.bids import bundle_of, find_bid, list_bids
from pooling.store.market import trip as trip_table
from pooling.work.wiring import know_all_work
from pooling.work.workers import work_off
from tests.desk import market
from tests.desk.market import announced, newcomer
from tests.desk.test_above_alone import countered
from tests.pages.scenes import EVENING, announce, send


def bid(town, trip, crates, cents, who="neighbour"):
    shipment = send(town, who, crates=crates)
    return place_bid(town.house.desk, town.actor(who), town.ask(who), trip, shipment, cents)


def seen(town, read, *args):
    with town.house.desk.store.view() as view:
        return read(view, *args)


def test_the_owner_sees_who_would_ride_and_who_not_and_takes_the_set_once(town, visitor):
    town.clock.at = EVENING
    trip = announce(town, "farm")
    rides, left = bid(town, trip, 8, 3_000, newcomer(town, "other")), bid(town, trip, 4, 700)
    farm = visitor("farm")
    path = f"/trips/{trip}/best"
    assert f'href="{path}"' in farm.get(f"/trips/{trip}").text
    shown = farm.get(path)
    assert shown.status_code == 200
    assert "Partiraient" in shown.text and "Ne partiraient pas" in shown.text
    form = farm.form(path)
    assert form.fields["chosen"] == rides
    first, again = (farm.send(form) for _ in range(2))
    assert first.status_code == 303 and again.headers["location"] == first.headers["location"]
    assert [seen(town, find_bid, one).state for one in (rides, left)] == ["accepted", "open"]
    reason = visitor("neighbour").get(f"/bids/{left}").text
    assert 'class="refused"' in reason


def test_a_set_that_is_no_longer_the_best_is_shown_anew(town, visitor):
    town.clock.at = EVENING
    trip = announce(town, "farm")
    bid(town, trip, 4, 1_500)
    farm = visitor("farm")
    form = farm.form(f"/trips/{trip}/best")
    later = bid(town, trip, 3, 2_500, newcomer(town, "other"))
    refused = farm.send(form)
    assert refused.status_code == 409 and later in refused.text
    assert seen(town, find_bid, later).state == "open"


def test_a_bid_tells_that_it_belongs_to_a_bundle(town, visitor):
    town.clock.at = EVENING
    trip = announce(town, "farm")
    bids = tuple(BidWords(trip, send(town, "neighbour", crates=number), 900) for number in (2, 3))
    words = BundleWords("all", bids)
    bundle = place_bundle(town.house.desk, town.actor("neighbour"), town.ask("neighbour"), words)
    one = seen(town, bundle_of, bundle)[0].id
    assert "Il part avec le reste de son lot" in visitor("farm").get(f"/bids/{one}").text


def test_a_counter_above_alone_is_taken_by_whoever_ticks_that_it_means_it(town, visitor):
    (bid,) = countered(town, 2_000)
    neighbour, path = visitor("neighbour"), f"/bids/{bid}"
    warned = neighbour.press(path, f"{path}/take")
    assert warned.status_code == 409 and 'name="sure"' in warned.text
    assert neighbour.press(path, f"{path}/take", sure="yes").status_code == 303
    row = seen(town, find_bid, bid)
    assert (row.state, row.above_alone) == ("accepted", True)


def test_a_bundle_above_alone_is_asked_before_it_is_placed(town, visitor):
    announced(town)
    picked = [market.sent(town, crates) for crates in (4, 3)]
    path = "/bundles/new?kind=all&" + "&".join(f"pick_{one}=yes" for one in picked)
    neighbour = visitor("neighbour")
    form = neighbour.form(path)
    form.fields["trip"] = next(name for name in form.fields if name.startswith("alone_")).removeprefix(
        "alone_"
    )
    asked = neighbour.send(form, most_1=50, most_2=50)
    assert asked.status_code == 409 and 'name="sure"' in asked.text
    assert neighbour.send(form, most_1=50, most_2=50, sure="yes").status_code == 303
    rows = seen(town, list_bids, [town.parties["neighbour"]], Page())[0]
    assert [one.above_alone for one in rows] == [True, True]


def test_an_operator_proposes_each_owner_its_set_and_the_owner_takes_it_in_one_click(town, visitor):
    know_all_work()
    town.clock.at = EVENING
    trip = announce(town, "farm")
    rides = bid(town, trip, 8, 3_000, newcomer(town, "other"))
    broken = announce(town, "farm")
    bid(town, broken, 2, 1_000)
    nonsense = update(trip_table).where(trip_table.c.id == broken).values(plan='{"announced": 1}')
    town.house.desk.store.change(lambda tx: tx.connection.execute(nonsense))
    operator, farm = visitor("operator"), visitor("farm")
    address = "/clear-day?day=2026-09-12"
    assert operator.press(address, "/clear-day", propose="yes", take="").status_code == 303
    work_off(town.house.desk)
    shown = operator.get(address).text
    assert "Propriétaires à qui un ensemble est proposé" in shown
    assert "Laissés de côté, et pourquoi" in shown and f'href="/trips/{broken}"' in shown
    assert "Ce trajet ne peut pas être lu tel qu’il est" in shown
    path = f"/trips/{trip}/best"
    assert f'href="{path}"' in shown
    (take,) = set(re.findall(r'action="(/clearings/\w+/take)"', farm.get(path).text))
    looked = operator.get(path).text
    assert "/take" not in looked, "an operator looks, and accepts none"
    assert "Son propriétaire reçoit" in looked and "Vous recevez" not in looked
    neighbour = visitor("neighbour")
    assert neighbour.send(replace(neighbour.form("/shipments/new"), action=take)).status_code == 404
    assert farm.press(path, take).status_code == 303
    assert seen(town, find_bid, rides).state == "accepted"
    assert take not in farm.get(path).text
    assert f'href="/trips/{trip}"' in operator.get(address).text, "what was accepted is one step away"
