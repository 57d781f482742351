"""
What who leaves a trip owes: the loss that it leaves to the owner, once, and never beyond the law.

A dairy asks for a detour and pays for it; others who ask for the same way then come cheaply.
"""

from dataclasses import replace

import pytest

from pooling.pricing import shareable_cost
from pooling.trips.leaver import Owing, settle_leaver
from tests.pooling.test_award import DEAR_CENTS
from tests.pooling.worlds import bidding, opened, shipment, trip


def full_trip(*prices):
    """Return a trip whose guests all ride the same detour, and what that detour costs its owner."""
    book = opened(trip())
    for number in range(len(prices)):
        book, refusal = bidding(book, shipment(f"S{number}", crates=1), DEAR_CENTS, DEAR_CENTS)
        assert refusal is None
    guests = tuple(replace(g, price_cents=price) for g, price in zip(book.guests, prices, strict=True))
    detour_cents = book.driven_cents - book.announced_cents
    assert detour_cents > 60
    return replace(book, guests=guests), detour_cents


def cap(book):
    return shareable_cost(book.route, refrigerated=book.trip.refrigerated).total_cents


def owing(**cents):
    return {one: Owing(loss_cents=each) for one, each in cents.items()}


def losses(owed):
    return {one: each.loss_cents for one, each in owed.items()}


def test_who_leaves_no_loss_owes_nothing():
    book, detour_cents = full_trip(100, 200)
    assert detour_cents <= 300
    assert settle_leaver(book, {}, "bid") == (book, {"bid": Owing()})


def test_a_second_leaver_does_not_pay_again_for_what_the_first_owes():
    book, detour_cents = full_trip(20, 20)
    first, owed = settle_leaver(book, {}, "first")
    assert (
        owed == {"first": Owing(loss_cents=detour_cents - 40)} and first.owner_cents == first.announced_cents
    )
    fewer = replace(first, guests=first.guests[:1])
    second, owed = settle_leaver(fewer, owed, "second")
    assert losses(owed) == {"first": detour_cents - 40, "second": 20}
    assert second.owner_cents == second.announced_cents


def test_where_the_loss_shrinks_those_who_left_before_owe_less():
    book, detour_cents = full_trip(20, detour_cents_paid := 50)
    alone = replace(book, guests=(), plan=opened(trip()).plan, left_cents=60)
    after, owed = settle_leaver(alone, owing(one=40, two=20), "last")
    assert losses(owed) == {"one": 0, "two": 0, "last": 0} and after.left_cents == 0
    some = detour_cents - 20 - detour_cents_paid
    after, owed = settle_leaver(book, owing(one=2 * some, two=2 * some), "last")
    assert sum(losses(owed).values()) == after.left_cents == some
    assert abs(owed["one"].cents - owed["two"].cents) <= 1


@pytest.mark.parametrize("before", [{}, {"one": 500}])
def test_a_shorter_way_lowers_what_the_guests_who_stay_pay_together(before):
    book, _ = full_trip(DEAR_CENTS, DEAR_CENTS)
    after, owed = settle_leaver(replace(book, left_cents=sum(before.values())), owing(**before), "last")
    assert after.received_cents == cap(book) < 2 * DEAR_CENTS
    assert sum(losses(owed).values()) == 0 and after.owner_cents <= after.announced_cents
    prices = [guest.price_cents for guest in after.guests]
    assert max(prices) - min(prices) <= 1
