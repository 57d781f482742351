"""The worked examples of the promises that the desk keeps: the figures on the pages are the figures here."""

import inspect
import re
from dataclasses import replace
from pathlib import Path

import pytest

from geodata.refusal import Refusal
from pooling.bid import Bid
from pooling.desk.desk import TRIES
from pooling.desk.runs.checking import check_house
from pooling.market.award import open_book, take_bid
from pooling.store import View
from pooling.work.workers import LOOK_EVERY_S
from pooling.work.working import LEASE_S
from tests.desk import test_custody_chain, test_jobs_workers, test_market_race, test_rematching
from tests.desk.market import accepted, ridden
from tests.desk.market_wire import crates_wish, trip_wish
from tests.pooling.test_custody import carried, change, held
from tests.promises import road
from tests.promises.test_worked_examples import page, says

HOUSE = Path(__file__).parents[2]

DUE = road.hours("06:00", "07:10")


def with_company(crates):
    """Let Neighbour ride, then ask for more from Town to Shop; returns the book before and after, and why."""
    announced, ground = road.trip(20, 20, 20, detour_min=30), road.ground()
    first = road.shipment(3, drop=road.hours("06:00", "07:30"))
    more = replace(road.shipment(crates, drop=DUE, name="S2"), shipper="town", from_site="town")
    asked = road.day(announced, first, more)
    book, refusal = take_bid(asked, ground, open_book(ground, announced), Bid("S1", "T1", 2_000), 4_000)
    assert refusal is None
    alone, refused_alone = take_bid(
        asked, ground, open_book(ground, announced), Bid("S2", "T1", 5_000), 9_000
    )
    assert refused_alone is None and alone.guests
    return book, *take_bid(asked, ground, book, Bid("S2", "T1", 5_000), 9_000)


def handed_over(book):
    begins = {visit.task: visit.begins_s for visit in book.route.visits}
    return next(road.CLOCK.wall(at) for task, at in begins.items() if (task.kind, task.id) == ("drop", "S1"))


def test_hours_a_promised_hour_moves_within_its_window_and_no_further():
    before, after, refusal = with_company(15)
    window = before.guests[0].request.drop.windows[0]
    assert (road.CLOCK.wall(window.opens_s), road.CLOCK.wall(window.closes_s)) == ("06:31", "06:51")
    assert (handed_over(before), handed_over(after), refusal) == ("06:46", "06:51", None)
    before, after, refusal = with_company(16)
    assert refusal.code == "drop_hours_missed" and after == before
    says(2, "06:46", "06:31 and 06:51", "15 crates", "becomes 06:51", "16 crates are refused", "07:10")


def test_once_the_page_prints_the_figures_of_the_race():
    farms, room = test_market_race.FARMS, test_market_race.ROOM
    says(7, f"{farms} farms", f"room for {room}", f"{room} ride", f"{farms - room} are refused")
    says(7, f"at most {TRIES} times")


def test_who_sees_what_of_a_bid_and_a_trip(client, town):
    def asked(who, path, **body):
        path, headers = f"/api/v1{path}", town.headers(who)
        return client.post(path, json=body, headers=headers) if body else client.get(path, headers=headers)

    trip = asked("farm", "/trips", **trip_wish(town)).json()["id"]
    shipment = asked("neighbour", "/shipments", **crates_wish(town)).json()["id"]
    bid = asked("neighbour", f"/trips/{trip}/bids", shipment=shipment, most_cents=5_000).json()
    assert bid["saved_cents"] > 0 and bid["most_cents"] == 5_000
    assert asked("farm", f"/bids/{bid['id']}").json()["saved_cents"] is None
    assert asked("shop", f"/bids/{bid['id']}").status_code == 404
    assert asked("shop", f"/shipments/{shipment}").status_code == 404
    accepted(town, bid["id"])
    seen = asked("shop", f"/trips/{trip}")
    assert seen.json()["stops"][0]["ambient_free"] == 16 and seen.json()["inside"] is None
    assert shipment not in seen.text and town.parties["neighbour"] not in seen.text
    says(8, "room for 20 crates", "50.00 €", "4 of its own", "404", "16 free crates")


def test_holders_the_page_prints_who_holds_what(town):
    steps = [
        carried(),
        change(2, "off", "van", "shop", 4),
        change(3, "back", "van", "farm", 2),
    ]
    told = [held(*steps[:count]) for count in range(4)]
    assert told == [{"farm": 6}, {"van": 6}, {"van": 2, "shop": 4}, {"farm": 2, "shop": 4}]
    with pytest.raises(Refusal) as refused:
        held(*steps, change(4, "off", "van", "shop", 1))
    says(10, "sends 6 crates", "| 6 | | |", "| | 6 | |", "| | 2 | 4 |", "| 2 | | 4 |")
    says(10, f"refused: `{refused.value.code}`")
    ridden(town)
    first, second = test_custody_chain.records(town)
    with town.house.desk.store.writer.connect() as connection:  # never committed
        test_custody_chain.tamper(connection, second.id, "crates", 5)
        assert check_house(View(connection, town.clock.at)).broken == (second.id,)
    assert (first.crates, second.crates) == (4, 4)
    says(10, "the second 4 is written over to be 5", "the second record, and no other")


def test_cancelled_the_page_prints_the_figures_of_the_five_farms():
    """The page tells what ``test_rematching`` plays, and asserts, on both databases."""
    played = inspect.getsource(
        test_rematching.test_five_guests_of_a_cancelled_trip_are_all_rematched_or_listed
    )
    assert "range(5)" in played and "sent(market, 4, farm)" in played
    assert "another(market, 8, 8, 8, instant=True)" in played and "matched(market) == 0" in played
    says(11, "4 crates of each of 5 farms", "room for 8", "2 ride", "3 are listed", "A second round")


PROMISES = 12


@pytest.mark.parametrize("number", range(1, PROMISES + 1))
def test_every_promise_has_its_page_with_an_example_and_tests_that_there_are(number):
    told = page(number)
    assert told.startswith(f"# Promise {number}: ") and "**Worked example" in told
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", told.partition("\nTests: ")[2])
    assert named
    for path, test in named:
        assert f"def {test}" in (HOUSE / path).read_text(encoding="utf-8"), (path, test)


def test_killed_the_page_prints_the_lease_and_how_often_workers_look():
    jobs = inspect.getsource(test_jobs_workers.test_a_redis_that_is_emptied_and_then_gone_loses_no_job)
    says(
        12, f"after {LEASE_S} s", f"every {LOOK_EVERY_S:.0f} s", f"All {3 * jobs.count('range(3)')} are done"
    )
