"""The worked examples of the promises that the desk keeps: the figures on the pages are the figures here."""

import inspect
from dataclasses import replace

from pooling.award import open_book, take_bid
from pooling.bid import Bid
from pooling.desk.desk import TRIES
from pooling.workers import LOOK_EVERY_S
from pooling.working import LEASE_S
from tests.desk import test_jobs_workers, test_market_race
from tests.desk.market import accepted
from tests.desk.market_wire import crates_wish, trip_wish
from tests.promises import road
from tests.promises.test_worked_examples import says

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


def test_killed_the_page_prints_the_lease_and_how_often_workers_look():
    jobs = inspect.getsource(test_jobs_workers.test_a_redis_that_is_emptied_and_then_gone_loses_no_job)
    says(
        12, f"after {LEASE_S} s", f"every {LOOK_EVERY_S:.0f} s", f"All {3 * jobs.count('range(3)')} are done"
    )
