"""
The best set of bids for a trip: equal to trying every set, bounded above it, and with true reasons.

The trip: Farm 06:00 to 06:15, Town 06:30 to 08:00, Shop 06:40 to 09:00, home by 10:30.
"""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pooling.bid import Bid
from pooling.market import clearing
from pooling.market.clearing import Case, Cleared, Limits, clear, joining_of
from pooling.market.clearing_days import clear_day
from pooling.market.lot import Lot, together
from pooling.market.outbid import AnotherChosen, Outbid, raised, reasons, with_crates
from pooling.pricing import shareable_cost
from pooling.regimes import COST_SHARING
from routing.check import check
from tests.pooling.clearing_cases import (
    PAYERS,
    alone,
    best_by_every_order,
    by_brute_force,
    case_of,
    lists_of_bids,
    rank_of,
    regimes,
    rooms,
)
from tests.pooling.worlds import bidding, day, ground, opened, shipment, trip
from tests.thorough import examples


@given(lists_of_bids(8), rooms, st.integers(5, 60), regimes, st.integers(0, 5_000))
@examples(20)
def test_the_best_set_is_the_best_of_all_sets(bids, room, detour_min, regime, spares):
    case = case_of(*bids, room=room, detour_min=detour_min, regime=regime, spares=spares)
    cleared = clear(case)
    assert cleared.exact and cleared.gap_cents == 0
    assert rank_of(cleared) <= by_brute_force(case)


@given(lists_of_bids(2), rooms, st.integers(5, 60), st.booleans())
@examples(12)
def test_of_two_bids_no_order_of_stops_gives_more(bids, room, detour_min, by_leg):
    case = case_of(*bids, room=room, detour_min=detour_min, by_leg=by_leg)
    assert clear(case).value_cents == best_by_every_order(case)


@pytest.mark.slow
@given(lists_of_bids(3), rooms, st.integers(5, 60), st.booleans())
@examples(60)
def test_of_three_bids_no_order_of_stops_gives_more(bids, room, detour_min, by_leg):
    case = case_of(*bids, room=room, detour_min=detour_min, by_leg=by_leg)
    assert clear(case).value_cents == best_by_every_order(case)


def test_three_bids_that_no_insertion_puts_together_ride_together():
    """Put in one after another they miss an order of stops that is 10.45 € better."""
    case = case_of(
        alone("dairy", "shop", 2, 1_566),
        alone("town", "cafe", 2, 1_333),
        alone("town", "shop", 5, 1_998),
        room=(12, 12, 12),
    )
    assert clear(case).value_cents == best_by_every_order(case)


def test_where_there_are_too_many_orders_the_answer_is_not_called_exact():
    case = case_of(alone("dairy", "shop", 2, 1_566), alone("town", "cafe", 2, 1_333))
    assert clear(case).exact
    given_up = clear(replace(case, limits=Limits(beginnings=3)))
    assert not given_up.exact
    assert given_up.value_cents <= clear(case).bound_cents


def check_promises(cleared: Cleared, case: Case) -> None:
    book, bids = cleared.book, case.bids
    assert not check(book.problem, book.plan)
    aboard = {guest.shipment.id for guest in book.guests}
    assert aboard == {one for lot in cleared.chosen for one in lot.shipments}
    assert together(cleared.chosen)
    assert all(0 <= guest.price_cents <= bids[guest.shipment.id].most_cents for guest in book.guests)
    assert book.owner_cents <= book.announced_cents
    if book.trip.regime in COST_SHARING:
        assert book.received_cents <= shareable_cost(book.route).total_cents
    for payer in PAYERS:
        paid = [guest for guest in book.guests if guest.shipment.payer == payer]
        if paid:
            spared = case.spared(payer, frozenset(guest.shipment.id for guest in paid))
            assert sum(guest.price_cents for guest in paid) <= spared


@given(lists_of_bids(6), rooms, st.integers(5, 60), regimes, st.integers(0, 5_000))
@examples(30)
def test_every_promise_holds_for_what_is_chosen(bids, room, detour_min, regime, spares):
    case = case_of(*bids, room=room, detour_min=detour_min, regime=regime, spares=spares)
    check_promises(clear(case), case)


@given(lists_of_bids(5), rooms, st.integers(5, 60))
@examples(25)
def test_whoever_makes_the_change_that_its_reason_names_is_chosen(bids, room, detour_min):
    case = case_of(*bids, room=room, detour_min=detour_min)
    cleared = clear(case)
    told = reasons(cleared)
    assert told.keys() == {lot.id for lot in cleared.lost}
    for lot in cleared.lost:
        reason = told[lot.id]
        assert reason.sentence and reason.what_to_do
        if "more" in reason.facts:
            more = int(reason.facts["more"])
            assert lot in chosen_with(case, lot, raised(lot, more))
            assert more == 0 or lot not in chosen_with(case, lot, raised(lot, more - 1))
        if "fewer" in reason.facts:
            one = reason.facts.get("of", lot.bids[0].shipment)
            assert one in lot.shipments
            crates = case.day.shipment_by_id[one].load.crates - reason.facts["fewer"]
            small = with_crates(case.day.shipment_by_id[one], crates)
            shipments = tuple(small if one.id == small.id else one for one in case.day.shipments)
            again = clear(replace(case, day=replace(case.day, shipments=shipments)))
            assert lot in again.chosen


def chosen_with(case: Case, lot: Lot, other: Lot) -> tuple[Lot, ...]:
    """Clear with another bid in a lot's place; return those chosen, the lot itself where its other is."""
    lots = tuple(other if one.id == lot.id else one for one in case.lots)
    chosen = {one.id for one in clear(replace(case, lots=lots)).chosen}
    return tuple(one for one in case.lots if one.id in chosen)


@given(lists_of_bids(6), rooms, st.integers(5, 60), st.integers(0, 5_000))
@examples(20)
def test_no_set_is_worth_more_than_the_bound(bids, room, detour_min, spares):
    case = case_of(*bids, room=room, detour_min=detour_min, spares=spares)
    best = clear(case)
    sets = clearing._Sets(case, joining_of(case), clearing.never_hurried)
    assert sets.bound_cents() >= best.value_cents
    assert sets.searched().terms.value_cents <= best.value_cents


def test_above_eight_bids_the_best_is_searched_for_and_its_gap_stated():
    many = [alone(("dairy", "mill", "orchard")[at % 3], "shop", 2, 900 + 50 * at) for at in range(11)]
    cleared = clear(case_of(*many))
    assert not cleared.exact
    assert 0 < cleared.value_cents <= cleared.bound_cents
    assert len(cleared.chosen) == 6
    check_promises(cleared, cleared.case)
    assert {type(one).code for one in reasons(cleared).values()} <= {"outbid", "no_room"}


def test_above_eight_bids_those_of_one_payer_that_are_worth_it_only_together_are_found():
    """A payer's van stays at home only where all that it sends rides; one by itself is worth no detour."""
    one = [alone(payer, "shop", 1, 900) for payer in PAYERS for _ in range(3)]
    case = case_of(*one, room=(20, 20, 20), detour_min=90)
    case = replace(case, spared=lambda _payer, aboard: 2_700 if len(aboard) == 3 else 0)
    cleared = clear(case)
    assert cleared.value_cents > 0 and len(cleared.chosen) % 3 == 0
    check_promises(cleared, case)


def test_two_small_bids_win_over_a_larger_one_that_takes_their_room():
    case = case_of(
        alone("dairy", "shop", 6, 2_400),
        alone("dairy", "shop", 3, 1_500),
        alone("dairy", "shop", 3, 1_500),
        room=(6, 6, 6),
    )
    cleared = clear(case)
    assert [lot.id for lot in cleared.chosen] == ["S2", "S3"]
    reason = reasons(cleared)["S1"]
    assert isinstance(reason, Outbid) and int(reason.facts["more"]) > 0


def test_of_equal_sets_the_earliest_bid_rides():
    case = case_of(alone("dairy", "shop", 6, 1_500), alone("dairy", "shop", 6, 1_500), room=(6, 6, 6))
    cleared = clear(case)
    assert [lot.id for lot in cleared.chosen] == ["S1"]
    assert int(reasons(cleared)["S2"].facts["more"]) == 1


def test_the_loser_is_told_how_many_crates_fewer_would_ride():
    case = case_of(alone("dairy", "shop", 6, 3_000), alone("dairy", "shop", 5, 1_000), room=(8, 8, 8))
    cleared = clear(case)
    assert [lot.id for lot in cleared.chosen] == ["S1"]
    assert reasons(cleared)["S2"].facts["fewer"] == 3


def test_a_bundle_that_lost_is_told_what_more_or_how_many_crates_fewer_would_do():
    both = [("dairy", "shop", 3, 1_800, "A", ""), ("dairy", "shop", 3, 1_800, "A", "")]
    case = case_of(alone("dairy", "shop", 4, 4_000), *both, room=(8, 8, 8))
    cleared = clear(case)
    assert [lot.id for lot in cleared.chosen] == ["S1"]
    facts = reasons(cleared)["A"].facts
    assert facts["fewer"] == 2 and facts["of"] in ("S2", "S3")
    assert int(facts["more"]) > 0


def test_of_either_of_two_days_the_one_that_lost_to_others_is_told_what_more_would_do():
    other = alone("mill", "shop", 6, 1_800)
    case = case_of(alone("dairy", "shop", 6, 1_500, "X"), other, room=(6, 6, 6))
    cleared = clear(case)
    assert [lot.id for lot in cleared.chosen] == ["S2"]
    more = int(reasons(cleared)["S1"].facts["more"])
    assert case.lots[0] in chosen_with(case, case.lots[0], raised(case.lots[0], more))


def test_a_bundle_rides_whole_or_not_at_all():
    both = [("dairy", "shop", 3, 2_000, "A", ""), ("orchard", "shop", 3, 2_000, "A", "")]
    assert [lot.id for lot in clear(case_of(*both)).chosen] == ["A"]
    assert not clear(case_of(*both, room=(4, 4, 4))).chosen
    assert clear(case_of(*both, room=(4, 4, 4))).book.guests == ()


def test_of_a_choice_one_rides_and_the_other_is_told_so():
    case = case_of(alone("dairy", "shop", 3, 2_000, "X"), alone("dairy", "shop", 3, 2_500, "X"))
    cleared = clear(case)
    assert [lot.id for lot in cleared.chosen] == ["S2"]
    assert isinstance(reasons(cleared)["S1"], AnotherChosen)


def test_one_bid_by_itself_pays_what_it_would_pay_without_a_clearing():
    case = case_of(alone("dairy", "shop", 3, 5_000))
    book, refusal = bidding(opened(trip(12, 12, 12, detour_min=40)), case.day.shipments[0], 5_000, 9_000)
    assert refusal is None
    assert clear(case).book.guests[0].price_cents == book.guests[0].price_cents


def test_the_same_inputs_give_the_same_answer():
    bids = [alone("dairy", "shop", 2, 900 + 50 * at) for at in range(6)]
    first, second = clear(case_of(*bids, room=(7, 7, 7))), clear(case_of(*bids, room=(7, 7, 7)))
    assert (first.chosen, first.book.route) == (second.chosen, second.book.route)


def days_of(trips_with_bids):
    """Make one case for each trip of a day; bids are (shipment number, most_cents)."""
    shipments = [shipment(f"S{at}", PAYERS[at % 3], "shop", 3, payer=PAYERS[at % 3]) for at in range(4)]
    cases = []
    for number, bids in enumerate(trips_with_bids):
        announced = replace(trip(6, 6, 6, detour_min=40), id=f"T{number}")
        lots = tuple(Lot(f"T{number}S{at}", (Bid(f"S{at}", announced.id, cents),)) for at, cents in bids)
        market = day(*shipments, trips=[announced])
        cases.append(
            Case(market, ground(), opened(announced), lots, lambda _payer, aboard: 4_000 * len(aboard))
        )
    return cases


bids_of_a_trip = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 3_000)), max_size=3, unique_by=lambda bid: bid[0]
)


@given(st.lists(bids_of_a_trip, min_size=1, max_size=2))
@examples(12)
def test_a_day_takes_each_shipment_once_and_its_bound_holds(trips_with_bids):
    cases = days_of(trips_with_bids)
    cleared = clear_day(cases)
    riding = [one for each in cleared.trips for lot in each.chosen for one in lot.shipments]
    assert len(riding) == len(set(riding))
    assert cleared.value_cents <= best_of_days(cases) <= cleared.bound_cents


def best_of_days(cases):
    """Try every way to give each shipment to one of the trips that it asks for, or to none."""
    wanted = sorted({one for case in cases for lot in case.lots for one in lot.shipments})
    best = 0
    for given_to in product(range(-1, len(cases)), repeat=len(wanted)):
        where = dict(zip(wanted, given_to, strict=True))
        best = max(best, sum(_value_of(case, where, number) for number, case in enumerate(cases)))
    return best


def _value_of(case, where, number):
    lots = tuple(lot for lot in case.lots if all(where[one] == number for one in lot.shipments))
    return clear(replace(case, lots=lots)).value_cents


def test_a_clearing_that_is_stopped_stops():
    def stop():
        raise InterruptedError

    case = case_of(alone("dairy", "shop", 3, 5_000))
    try:
        clear(case, stop)
    except InterruptedError:
        return
    raise AssertionError("It went on.")


def test_what_each_of_one_payers_bids_spares_adds_up_to_the_cent_and_covers_its_price():
    """83 cents spared by two bids of the same amount: 42 and 41, never 41 twice."""
    case = case_of(alone("dairy", "shop", 2, 5_000), alone("dairy", "shop", 2, 5_000))
    joining = joining_of(replace(case, spared=lambda _payer, _aboard: 83))
    aboard = frozenset(bid.shipment for lot in case.lots for bid in lot.bids)
    assert sorted(joining.spared_by(one, aboard) for one in aboard) == [41, 42]
    joined = joining.joined(aboard, joining.way(aboard))
    assert all(g.price_cents <= joining.spared_by(g.shipment.id, aboard) for g in joined.guests)
