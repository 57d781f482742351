"""The graded terms: free until the cut-off, rising with time, never above the price nor beyond the law."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pooling.pricing import shareable_cost
from pooling.regimes import Regime
from pooling.trips.cancelling import Step, Terms, uncovered_cents
from pooling.trips.leaver import Owing, settle_leaver
from tests.pooling.test_award import DEAR_CENTS
from tests.pooling.worlds import bidding, opened, shipment, trip
from tests.thorough import examples

HOUR, SETS_OUT_AT = 3600, 1_789_272_000
HOURS = st.integers(SETS_OUT_AT - 100 * HOUR, SETS_OUT_AT + 10 * HOUR)
PRICES = st.integers(0, 100_000)


def terms(cutoff_before_h: float = 36) -> Terms:
    return Terms(SETS_OUT_AT - int(cutoff_before_h * HOUR), SETS_OUT_AT)


@pytest.mark.parametrize(
    ("before_h", "cents"),
    [
        (37, 0),
        (36.01, 0),
        (36, 200),
        (13, 200),
        (12, 400),
        (3, 400),
        (2, 600),
        (0.1, 600),
        (0, 800),
        (-5, 800),
    ],
)
def test_a_ride_of_eight_euros_by_the_hours_before_it_sets_out(before_h, cents):
    assert terms().owed_cents(800, SETS_OUT_AT - int(before_h * HOUR)) == cents


def test_with_a_late_cutoff_the_first_steps_fall_away():
    assert terms(1).steps == (Step(SETS_OUT_AT - HOUR, 0), Step(SETS_OUT_AT, 75), Step(None, 100))
    assert terms(0).steps == (Step(SETS_OUT_AT, 0), Step(None, 100))


@given(cutoff_at=HOURS, price_cents=PRICES, first_at=HOURS, later_s=st.integers(0, 100 * HOUR))
def test_it_costs_nothing_before_the_cutoff_and_never_less_later_nor_more_than_the_price(
    cutoff_at, price_cents, first_at, later_s
):
    agreed = Terms(cutoff_at, SETS_OUT_AT)
    now_cents = agreed.owed_cents(price_cents, first_at)
    assert now_cents <= agreed.owed_cents(price_cents, first_at + later_s) <= price_cents
    assert agreed.is_late(first_at) == (first_at >= min(cutoff_at, SETS_OUT_AT))
    if not agreed.is_late(first_at):
        assert now_cents == 0


@given(one=st.tuples(HOURS, HOURS), other=st.tuples(HOURS, HOURS), now_at=HOURS, price_cents=PRICES)
def test_what_was_agreed_never_gets_worse(one, other, now_at, price_cents):
    both = Terms(*one).at_most(Terms(*other))
    owed = [each.owed_cents(price_cents, now_at) for each in (Terms(*one), Terms(*other))]
    assert both.owed_cents(price_cents, now_at) <= min(owed)


BOOKS: dict[int, object] = {}


def book_of(guests: int):
    """Return a trip with so many guests of one detour, each let in at its price."""
    if guests not in BOOKS:
        book = opened(trip())
        for number in range(guests):
            book, refusal = bidding(book, shipment(f"S{number}", crates=1), DEAR_CENTS, DEAR_CENTS)
            assert refusal is None
        BOOKS[guests] = book
    return BOOKS[guests]


def cap_of(book):
    return shareable_cost(book.route, refrigerated=book.trip.refrigerated).total_cents


@examples(60)
@given(percents=st.lists(st.sampled_from([0, 25, 50, 75]), min_size=1, max_size=3), data=st.data())
def test_an_owner_never_receives_more_than_its_cap_and_nobody_owes_more_than_its_price(percents, data):
    """Guests leave one after another, each at the terms of its hour; the rest stay."""
    book, owed, prices = book_of(3), {}, {}
    for percent in percents:
        at = data.draw(st.integers(0, len(book.guests) - 1))
        gone = book.guests[at]
        prices[gone.shipment.id] = gone.price_cents
        fewer = without(book, at)
        book, owed = settle_leaver(fewer, owed, gone.shipment.id, gone.price_cents * percent // 100)
        assert book.received_cents <= cap_of(book)
        assert book.owner_cents <= book.announced_cents
        assert book.left_cents == sum(one.cents for one in owed.values())
        assert all(0 <= one.cents <= prices[who] for who, one in owed.items())


def without(book, at):
    """Return a book without one guest, on the way that is left for the others."""
    stay = tuple(guest for number, guest in enumerate(book.guests) if number != at)
    base = book_of(len(stay))
    return replace(book, plan=base.plan, problem=base.problem, guests=stay)


def test_under_cost_sharing_a_fee_goes_no_further_than_the_cost_that_nobody_pays():
    book = book_of(1)
    alone = replace(opened(trip()), left_cents=0)
    most_cents = uncovered_cents(alone)
    assert most_cents == cap_of(alone)
    _, owed = settle_leaver(alone, {}, "gone", most_cents + 1_000)
    assert owed == {"gone": Owing(late_cents=most_cents)}
    carrier = replace(alone, trip=replace(alone.trip, regime=Regime.TRANSPORTEUR))
    assert uncovered_cents(carrier) is None
    assert settle_leaver(carrier, {}, "gone", most_cents + 1_000)[1]["gone"].cents == most_cents + 1_000
    assert book.received_cents <= cap_of(book)


def test_a_fee_counts_towards_the_loss_and_is_not_owed_twice():
    """Two guests of one detour: one paid 20 cents for it, the other, which leaves late, nearly all."""
    full = book_of(2)
    detour_cents = full.driven_cents - full.announced_cents
    kept = replace(full.guests[0], price_cents=20)
    fewer = replace(book_of(1), guests=(kept,))
    lost_cents = fewer.driven_cents - fewer.announced_cents - 20
    assert lost_cents > 10 and detour_cents > 30
    for fee_cents in (10, lost_cents + 10):
        settled, owed = settle_leaver(fewer, {}, "gone", fee_cents)
        assert owed["gone"].cents == max(fee_cents, lost_cents)
        assert settled.owner_cents <= settled.announced_cents
