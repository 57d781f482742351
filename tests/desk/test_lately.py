"""What was reckoned lately is found again by all that it was reckoned from, and by nothing less."""

from dataclasses import replace

import pytest

from pooling.desk.lately import Lately
from pooling.desk.market.rides import decide_ride
from tests.desk.market import announced, bidden, newcomer, sent, the_bid, the_shipment, the_trip


def test_the_same_question_is_reckoned_once_and_another_anew():
    lately, reckoned = Lately(), []
    for question in ("a", "b", "a", "a", "b"):
        lately.answer(question, lambda question=question: reckoned.append(question))
    assert reckoned == ["a", "b"]


def test_at_most_so_many_answers_are_kept_and_the_longest_unasked_go_first():
    lately = Lately(limit=2)
    for question in (1, 2, 1, 3):
        lately.answer(question, lambda question=question: -question)
    assert len(lately) == 2
    assert lately.answer(1, lambda: "anew") == -1, "asked since"
    assert lately.answer(2, lambda: "anew") == "anew"


def test_what_raises_is_not_kept():
    lately = Lately()
    with pytest.raises(KeyError):
        lately.answer("q", lambda: {}["q"])
    assert lately.answer("q", lambda: 7) == 7


def test_what_a_ride_spares_is_reckoned_once_for_two_trips_and_anew_as_its_payers_day_changes(town):
    desk = town.house.desk
    trips = [announced(town, 6, 6, 6) for _ in range(3)]
    shipment, known = sent(town, 2), len(desk.spared)
    first, second = (bidden(town, trip, shipment) for trip in trips[:2])
    assert len(desk.spared) == known + 1
    assert the_bid(town, first).saved_cents == the_bid(town, second).saved_cents > 0
    sent(town, 2)
    third = bidden(town, trips[2], shipment)
    assert len(desk.spared) == known + 2, "its payer sends more that day"
    with desk.store.view() as view:
        rows = the_trip(town, trips[2]), the_shipment(town, shipment)
        forgetful = replace(desk, spared=Lately())
        assert decide_ride(forgetful, view, *rows, 5_000).saved_cents == the_bid(town, third).saved_cents


def test_the_same_crates_of_another_payer_are_another_question(town):
    desk, trip = town.house.desk, announced(town, 6, 6, 6)
    newcomer(town, "dairy")
    bidden(town, trip, sent(town, 2))
    known = len(desk.spared)
    bidden(town, trip, sent(town, 2, "dairy"), who="dairy")
    assert len(desk.spared) == known + 1
