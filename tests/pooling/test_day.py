"""A whole day: who owes whom, what it was worth, and a reason and alternatives for everyone left behind."""

from collections import Counter
from dataclasses import replace
from functools import cache

import pytest

from pooling.bid import Bid
from pooling.costs.baseline import Baseline
from pooling.days.alternatives import ALTERNATIVES_LIMIT, Alternative
from pooling.days.dayplan import DayPlan, plan_day
from pooling.days.worth import worth
from pooling.ledger.settlement import FEES, balances, of_party, of_tour, transfers
from pooling.load import Temperature
from pooling.market.allowing import permitted
from pooling.market.award import best_slot, take_bid
from pooling.market.saving import saved_cents
from pooling.party import Party, Role
from pooling.tour import GapWithoutAccount, RateCard
from routing.problem import Window
from tests.pooling.worlds import PARTIES, day, ground, hours, shipment, tour, trip

pytestmark = pytest.mark.xdist_group("day")
"""The days are planned by one process, once."""

FROZEN = Temperature.FROZEN
SHIPMENTS = (
    shipment("rides", "mill", "shop", 3),
    shipment("too many", "mill", "shop", 10, payer="dairy"),
    shipment("unlawful", "orchard", "shop", 2, payer="shop"),
    shipment("too early", "mill", "shop", 2, payer="dairy", drop=hours("06:00", "06:40")),
    shipment("cheap", "mill", "shop", 2, payer="orchard"),
    shipment("frozen", "dairy", "town", 2, temperature=FROZEN),
    shipment("pushed", "orchard", "town", 5),
    shipment("spare", "mill", "shop", 2, payer="dairy"),
    shipment("pulled", "dairy", "cafe", 6),
    shipment("impossible", "farm", "cafe", 1, pickup=hours("10:00", "11:00"), drop=hours("06:00", "10:30")),
)
BIDS = tuple(
    Bid(one, "T1", cents)
    for one, cents in (
        *(("rides", 2_000), ("too many", 9_000), ("unlawful", 2_000), ("too early", 2_000), ("cheap", 1)),
        ("impossible", 5_000),
    )
)
PARTIES_OF_THE_DAY = {**PARTIES, "town": replace(PARTIES["town"], vetted=False)}
TOURS = (
    tour(gap_cents=500, gap_account="Fund"),
    tour("H2", carrier="town", start_site="town", end_site="town"),
)


@cache
def planned(fixed_cents: int = 800) -> DayPlan:
    card = replace(TOURS[0].card, fixed_cents=fixed_cents)
    tours = (replace(TOURS[0], card=card), TOURS[1])
    asked = day(*SHIPMENTS, trips=[trip(12, 9, 12)], bids=BIDS, tours=tours, parties=PARTIES_OF_THE_DAY)
    return plan_day(asked, ground(), deadline_s=0.2)


CARDS = pytest.mark.parametrize("fixed_cents", [800, 1_200, 100_000])


@CARDS
def test_every_plan_of_the_day_is_legal(fixed_cents):
    plan = planned(fixed_cents)
    assert plan.violations == ()
    assert (len(plan.tours) == 0) == (fixed_cents == 100_000)


# Settlement


@CARDS
def test_every_transfer_has_two_sides_and_all_balances_add_up_to_nothing(fixed_cents):
    plan = planned(fixed_cents)
    owed = transfers(plan.trips, plan.tours)
    assert all(one.payer and one.payee and one.payer != one.payee and one.cents > 0 for one in owed)
    assert sum(balances(owed).values()) == 0


@CARDS
def test_a_tour_s_account_ends_at_nothing_and_its_carrier_gets_exactly_the_card(fixed_cents):
    plan = planned(fixed_cents)
    owed = transfers(plan.trips, plan.tours)
    for book in plan.tours:
        account, carrier = of_tour(book.tour.id), of_party(book.tour.carrier)
        assert balances(owed)[account] == 0
        to_carrier = [one.cents for one in owed if (one.payer, one.payee) == (account, carrier)]
        assert to_carrier == [book.card.total_cents]
        to_operator = [one.cents for one in owed if (one.payer, one.payee) == (account, FEES)]
        assert to_operator == [book.tour.fee_cents]
        from_fund = [one.cents for one in owed if one.payer == of_party("Fund")]
        assert sum(from_fund) == book.split.gap_cents <= 500


def test_accounts_of_the_same_name_but_of_two_kinds_never_mix():
    """A party and a tour may be called operator, and still the fees and the gap are apart."""
    steward = Party("operator", "operator", Role.OPERATOR)
    near = {"start_site": "dairy", "end_site": "shop", "crate_cents": 500}
    asked = day(
        shipment("S1", "dairy", "shop", 4),
        tours=[tour("operator", gap_cents=9_000, gap_account="operator", **near)],
        parties={**PARTIES, "operator": steward},
    )
    plan = plan_day(asked, ground(), deadline_s=0.2)
    (book,) = plan.tours
    owed = balances(transfers(plan.trips, plan.tours))
    assert book.split.gap_cents > 0
    assert owed == {
        of_party("dairy"): -book.split.shares_cents["dairy"],
        of_party("operator"): -book.split.gap_cents,
        of_tour("operator"): 0,
        of_party("depot"): book.card.total_cents,
        FEES: book.tour.fee_cents,
    }


def test_a_gap_that_nobody_takes_is_no_tour():
    with pytest.raises(GapWithoutAccount):
        tour(gap_cents=1)
    assert tour(gap_cents=1, gap_account="Fund").gap_cents == 1


@CARDS
def test_the_owner_of_a_trip_receives_what_its_guests_pay(fixed_cents):
    plan = planned(fixed_cents)
    received = [one.cents for one in transfers(plan.trips, plan.tours) if one.payee == of_party("farm")]
    assert sum(received) == plan.trips[0].received_cents > 0


# Worth


@CARDS
def test_shares_and_gaps_add_up_to_the_pooled_cost_and_alone_counts_once_per_party(fixed_cents):
    plan = planned(fixed_cents)
    found = worth(plan)
    gaps = sum(book.split.gap_cents for book in plan.tours)
    assert sum(one.share_cents for one in found.participants) + gaps == found.pooled.cents
    assert sum(one.alone_cents for one in found.participants) == found.alone.cents
    assert Counter(one.party for one in found.participants).most_common(1)[0][1] == 1


@CARDS
def test_nobody_pays_more_than_alone(fixed_cents):
    for one in worth(planned(fixed_cents)).participants:
        assert one.share_cents <= one.alone_cents, one.party


def test_above_fifteen_per_cent_of_the_goods_is_flagged_and_exactly_that_is_not():
    dairy = next(one for one in worth(planned()).participants if one.party == "dairy")
    assert replace(dairy, share_cents=250_00, goods_value_cents=900_00).above_target
    assert not replace(dairy, share_cents=135_00, goods_value_cents=900_00).above_target
    assert not replace(dairy, share_cents=135_00, goods_value_cents=0).above_target, "nobody said their worth"


# Reasons and alternatives


def test_everybody_rides_or_has_a_reason():
    """Nothing is dropped in silence: bids, shipments and tours."""
    plan = planned()
    riding = {guest.shipment.id for guest in plan.trips[0].guests}
    on_tours = {one.id for book in plan.tours for one in book.shipments}
    turned = {(one.about, one.subject): one for one in plan.turned}
    for one in plan.day.shipments:
        assert one.id in riding | on_tours or ("shipment", one.id) in turned
    assert not riding & on_tours
    reasons = {subject: one.refusal.code for (about, subject), one in turned.items() if about == "bid"}
    assert reasons == {
        "too many": "no_room",
        "unlawful": "payer_not_a_farm",
        "too early": "drop_hours_missed",
        "cheap": "bid_below_detour",
        "impossible": "hours_impossible",
    }
    assert turned["tour", "H2"].refusal.code == "carrier_not_vetted"
    assert turned["shipment", "impossible"].refusal.code == "hours_impossible"
    assert turned["shipment", "frozen"].refusal.code == "no_compartment"
    for one in plan.turned:
        assert one.refusal.sentence and one.refusal.what_to_do


@CARDS
def test_a_refused_bid_names_what_carries_its_shipment_after_all(fixed_cents):
    plan = planned(fixed_cents)
    carried = {one.id: book.tour.id for book in plan.tours for one in book.shipments}
    for one in plan.turned:
        if one.about == "bid":
            assert one.rides_on == carried.get(one.subject, "")
            assert not (one.rides_on and one.alternatives)


@CARDS
def test_a_bid_of_the_price_of_an_alternative_is_accepted_the_cheapest_first(fixed_cents):
    """By law, on the road, within cap and saving: the code that takes bids takes this one, at this price."""
    plan = planned(fixed_cents)
    seen = 0
    for turned in plan.turned:
        assert len(turned.alternatives) <= ALTERNATIVES_LIMIT
        prices = [one.price_cents for one in turned.alternatives]
        assert prices == sorted(prices)
        for alternative in turned.alternatives:
            seen += 1
            assert accepted_cents(plan, turned.subject, alternative) == alternative.price_cents
    assert seen or fixed_cents != 100_000


def accepted_cents(plan: DayPlan, subject: str, other: Alternative) -> int:
    """Bid the named price on an alternative as it is committed; return what the bid pays."""
    book = next(book for book in plan.trips if book.trip.id == other.ride)
    one = plan.day.shipment_by_id[subject]
    assert permitted(plan.day, book.trip, one)
    slot = best_slot(plan.ground, book, one)
    assert (slot.pickup_s, slot.drop_s) == (other.pickup_s, other.drop_s)
    possible = [s for s in plan.day.shipments if s.id not in plan.impossible]
    baseline = Baseline(plan.ground, {s.payer: plan.day.home(s.payer).id for s in possible})
    saved = saved_cents(baseline, plan.trips, possible, one)
    bid = Bid(subject, other.ride, other.price_cents)
    after, refusal = take_bid(plan.day, plan.ground, book, bid, saved)
    assert refusal is None, refusal
    return after.guests[-1].price_cents


def test_a_trip_at_no_price_that_suits_both_sides_is_no_alternative():
    """A minute's drive from Shop to Café; but the van would wait for the goods until 08:50."""
    late = shipment("late", "shop", "cafe", 1, payer="shop", pickup=hours("08:50", "10:00"))
    asked = day(late, trips=[trip(12, 9, 12, detour_min=600)])
    farms = {**PARTIES, "shop": replace(PARTIES["shop"], role=PARTIES["farm"].role)}
    plan = plan_day(replace(asked, parties=farms), ground(), deadline_s=0.1)
    turned = next(one for one in plan.turned if one.subject == "late")
    book = plan.trips[0]
    slot = best_slot(plan.ground, book, late)
    assert slot is not None and permitted(plan.day, book.trip, late)
    assert slot.added_cents > plan.alone["shop"].cents
    assert turned.alternatives == ()


def test_goods_that_nobody_could_deliver_are_unserved_and_their_bid_is_refused():
    plan = planned()
    assert plan.impossible == ("impossible",) and "impossible" in plan.unserved
    reasons = {one.about: one for one in plan.turned if one.subject == "impossible"}
    assert set(reasons) == {"bid", "shipment"}
    assert all(one.refusal.code == "hours_impossible" and not one.alternatives for one in reasons.values())


def test_the_crate_price_that_is_said_to_do_would_do():
    """At 1.00 € a crate Dairy may put in 3.00 €, and three crates to Shop cost more; alone they cost 40 €."""
    one = shipment("S1")

    def plan_at(crate_cents: int) -> DayPlan:
        cheap = tour(crate_cents=crate_cents, card=RateCard(0, 25, 0, 0), fee_cents=0)
        return plan_day(day(one, tours=[cheap]), ground(), deadline_s=0.1)

    refusal = next(turned.refusal for turned in plan_at(100).turned)
    assert refusal.code == "price_too_low" and "crate_eur" in refusal.cure
    named = int(refusal.facts["would_do"])
    assert plan_at(named).unserved == ()
    assert plan_at(named - 2).unserved == ("S1",)


def test_where_no_crate_price_would_do_none_is_named():
    """The carrier's way costs more than Dairy's own: a dearer crate would not help."""
    dear = tour(crate_cents=100, card=RateCard(0, 500, 0, 0))
    refusal = next(
        one.refusal for one in plan_day(day(shipment(), tours=[dear]), ground(), deadline_s=0.1).turned
    )
    assert refusal.code == "price_too_low" and "crate_eur" not in refusal.cure


def test_a_farm_s_second_round_is_driven_in_the_same_van():
    """A trip in the morning and one in the afternoon: one van; both in the morning: two."""
    later = replace(
        trip(),
        id="T2",
        stops=tuple(
            replace(stop, hours=Window(stop.hours.opens_s + 6 * 3600, stop.hours.closes_s + 6 * 3600))
            for stop in trip().stops
        ),
    )
    for second, vans in ((later, 1), (replace(trip(), id="T2"), 2)):
        plan = plan_day(day(shipment(payer="mill"), trips=[trip(), second]), ground(), deadline_s=0.1)
        found = worth(plan)
        assert (found.alone.vehicles, found.pooled.vehicles) == (vans + 1, vans + 1)


def test_without_a_tour_the_reason_says_so():
    plan = plan_day(day(shipment("S1")), ground(), deadline_s=0.1)
    assert [(one.subject, one.refusal.code) for one in plan.turned] == [("S1", "no_tour")]
    assert worth(plan).pooled == worth(plan).alone


def test_a_bid_on_a_trip_that_cannot_run_is_told_so_and_may_ride_on_a_tour():
    stops = list(trip().stops)
    stops[1] = replace(stops[1], hours=hours("06:00", "06:05"))
    late = replace(trip(), stops=tuple(stops))
    asked = day(shipment("S1"), shipment("S2", "orchard", "cafe"), trips=[late], bids=[Bid("S1", "T1", 900)])
    plan = plan_day(replace(asked, tours=(tour(),)), ground(), deadline_s=0.2)
    turned = {(one.about, one.subject): one for one in plan.turned}
    assert turned["trip", "T1"].refusal.code == turned["bid", "S1"].refusal.code == "trip_impossible"
    assert plan.trips == ()


def test_a_party_on_a_trip_and_a_tour_never_pays_more_than_alone_in_all():
    wishes = [
        shipment(f"{farm} {end}", start, end, 3, payer=farm)
        for farm in ("dairy", "orchard")
        for start, end in (("mill", "shop"), (farm, "farm"))
    ]
    bids = [Bid("dairy shop", "T1", 4_000), Bid("orchard shop", "T1", 4_000)]
    asked = day(*wishes, trips=[trip(12, 9, 12)], bids=bids)
    cheap = tour(card=RateCard(0, 25, 800, 0), fee_cents=0, crate_cents=9_000)
    plan = plan_day(replace(asked, tours=(cheap,)), ground(), deadline_s=0.2)
    assert {guest.shipment.payer for guest in plan.trips[0].guests} == {"dairy", "orchard"}
    assert plan.tours[0].split.shares_cents.keys() == {"dairy", "orchard"}
    for one in worth(plan).participants:
        assert one.share_cents <= one.alone_cents, one.party
