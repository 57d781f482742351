"""Tours: confirmed only if they can be paid; the carrier gets its card, nobody pays above its cap."""

from dataclasses import replace

import pytest

from pooling.costs.baseline import Baseline
from pooling.load import Room, Space
from pooling.party import Party
from pooling.shipment import Shipment
from pooling.tour import RateCard, Tour
from pooling.tours.confirming import confirm, not_payable, runnable, tour_problem
from pooling.tours.payers import Payers
from pooling.tours.searching_tours import plan_tours
from routing.check import check
from tests.pooling.worlds import PARTIES, day, ground, hours, shipment, tour

DEADLINE_S = 0.2


def confirmed(tours: list[Tour], *shipments: Shipment):
    """Confirm the tours for these shipments, each party alone as its only other choice."""
    asked = day(*shipments, tours=tours)
    payers = payers_of(*shipments)
    problem = tour_problem(ground(), tours, payers)
    plan, books = confirm(
        asked, problem, plan_tours(problem, deadline_s=DEADLINE_S), payers, deadline_s=DEADLINE_S
    )
    assert check(problem, plan) == ()
    return plan, books, payers, problem, asked


def payers_of(*shipments: Shipment) -> Payers:
    baseline = Baseline(ground(), {name: name for name in PARTIES})
    wanting: dict[str, tuple[Shipment, ...]] = {}
    for one in shipments:
        wanting[one.payer] = (*wanting.get(one.payer, ()), one)
    return Payers(
        baseline, wanting, {party: baseline.cents(party, group) for party, group in wanting.items()}
    )


BOTH = (shipment("S1", "dairy", "shop", 4), shipment("S2", "orchard", "cafe", 4))
ONE = BOTH[:1]


def test_a_tour_that_can_be_paid_runs_and_its_card_and_fee_are_shared_to_the_cent():
    plan, (book,), payers, _, _ = confirmed([tour()], *BOTH)
    assert plan.unserved == ()
    assert sum(book.split.shares_cents.values()) + book.split.gap_cents == book.card.total_cents + 200
    assert book.split.gap_cents == 0
    for party, share_cents in book.split.shares_cents.items():
        assert share_cents <= book.caps_cents[party] <= payers.whole_cents[party]


def test_the_card_is_that_of_the_way_driven_and_the_fee_is_no_part_of_it():
    _, (book,), *_ = confirmed([tour()], *BOTH)
    assert book.card.fixed_cents == 800
    assert book.card.distance_cents == (book.route.distance_m * 50 + 500) // 1000
    assert book.card.time_cents == (book.route.duration_s * 1_600 + 1_800) // 3_600
    assert book.card.stops_cents == 4 * 40


def test_the_price_shown_at_joining_binds_each_party():
    """9.00 € a crate covers the tour, 4 crates each; no share is above 36.00 €."""
    _, (book,), *_ = confirmed([tour(crate_cents=900)], *BOTH)
    assert all(cap <= 900 * 4 for cap in book.caps_cents.values())
    assert all(share <= 900 * 4 for share in book.split.shares_cents.values())


NEAR = {"start_site": "dairy", "end_site": "shop", "crate_cents": 500}
"""A tour that costs less than driving alone, and a price shown that does not cover it."""


def gap_of(*shipments: Shipment, **changes) -> int:
    """Ask for the cents that a named account must take."""
    _, books, *_ = confirmed([tour(gap_cents=1_000_000, gap_account="Fund", **changes)], *shipments)
    return books[0].split.gap_cents


def test_a_named_account_takes_the_gap_up_to_its_limit_and_not_one_cent_more():
    gap_cents = gap_of(*ONE, **NEAR)
    assert gap_cents > 0
    _, (book,), *_ = confirmed([tour(gap_cents=gap_cents, gap_account="Fund", **NEAR)], *ONE)
    assert book.split.gap_cents == gap_cents
    assert book.split.shares_cents == book.caps_cents == {"dairy": 2_000}
    plan, books, *_ = confirmed([tour(gap_cents=gap_cents - 1, gap_account="Fund", **NEAR)], *ONE)
    assert books == () and plan.routes == ()


def test_where_the_caps_do_not_cover_the_card_nobody_rides():
    plan, books, *_ = confirmed([tour(crate_cents=800)], *ONE)
    assert books == ()
    assert plan.unserved == ("S1",)


def test_the_gap_that_is_named_would_do_and_one_cent_less_would_not():
    """
    Room for one of two shipments to neighbours: the other still has to be driven alone.

    So riding saves little, less than the card; by itself each would be worth its way.
    """
    two = (shipment("S1", "dairy", "shop", 4), shipment("S2", "dairy", "cafe", 4))
    short = {"room": Room(Space(4)), "shift": hours("06:00", "07:45"), "card": RateCard(0, 10, 300, 0)}
    plan, books, payers, problem, asked = confirmed([tour(**short)], *two)
    assert books == () and set(plan.unserved) == {"S1", "S2"}
    refusal = not_payable(asked, problem, plan, payers, two[0])
    assert refusal.code == "tour_not_payable"
    gap_cents = int(refusal.facts["gap"])
    assert gap_cents > 0
    _, (book,), *_ = confirmed([tour(gap_cents=gap_cents, gap_account="Fund", **short)], *two)
    assert 0 < book.split.gap_cents <= gap_cents
    for one in two:
        named = int(not_payable(asked, problem, plan, payers, one).facts["gap"])
        gap_cents = min(gap_cents, named)
    assert confirmed([tour(gap_cents=gap_cents - 1, gap_account="Fund", **short)], *two)[1] == ()


def test_company_makes_payable_what_one_alone_cannot_pay():
    card = RateCard(1_800, 50, 1_600, 40)
    assert confirmed([tour(card=card, crate_cents=10_000)], *ONE)[1] == ()
    assert len(confirmed([tour(card=card, crate_cents=10_000)], *BOTH)[1]) == 1


@pytest.mark.parametrize("fixed_cents", [0, 800, 1_600, 2_400, 3_200, 4_000])
@pytest.mark.parametrize("crate_cents", [300, 900, 2_000])
def test_whatever_the_card_nobody_pays_more_than_alone_or_than_shown(fixed_cents, crate_cents):
    """Promise 4, with two shipments of one party of which one may stay behind."""
    three = (*BOTH, shipment("S3", "dairy", "farm", 2))
    small = tour(card=RateCard(fixed_cents, 50, 1_600, 40), crate_cents=crate_cents, room=Room(Space(8)))
    plan, books, payers, _, asked = confirmed([small], *three)
    for book in books:
        assert sum(book.split.shares_cents.values()) == book.card.total_cents + small.fee_cents
        for party, share_cents in book.split.shares_cents.items():
            own = [one for one in book.shipments if one.payer == party]
            left = [asked.shipment_by_id[s] for s in plan.unserved if asked.shipment_by_id[s].payer == party]
            assert share_cents <= crate_cents * sum(one.load.crates for one in own)
            assert share_cents + payers.baseline.cents(party, left) <= payers.whole_cents[party]


def test_a_party_on_two_tours_never_pays_more_than_alone_in_all():
    four = (*BOTH, shipment("S3", "dairy", "cafe", 4), shipment("S4", "orchard", "shop", 4))
    narrow = {"room": Room(Space(8)), "crate_cents": 5_000, "shift": hours("06:00", "07:45")}
    narrow |= {"card": RateCard(0, 25, 800, 0), "fee_cents": 0}
    _, books, payers, *_ = confirmed([tour("H1", **narrow), tour("H2", **narrow)], *four)
    assert len(books) == 2
    for party, whole_cents in payers.whole_cents.items():
        assert sum(book.split.shares_cents.get(party, 0) for book in books) <= whole_cents


def test_what_was_paid_on_a_trip_lowers_what_may_be_paid_on_a_tour():
    """A party that rides on both never pays more than alone in all."""
    payers = payers_of(*BOTH)
    paid = replace(payers, whole_cents={**payers.whole_cents, "dairy": 1_000})
    tours = [tour()]
    problem = tour_problem(ground(), tours, paid)
    _, books = confirm(
        day(*BOTH, tours=tours), problem, plan_tours(problem, deadline_s=0.2), paid, deadline_s=0.2
    )
    assert all(book.split.shares_cents.get("dairy", 0) <= 1_000 for book in books)


def carrier(**changes) -> Party:
    return replace(PARTIES["depot"], **changes)


def test_a_vetted_carrier_with_a_licence_runs_on_its_last_day_and_no_other_does():
    """The licence of the depot ends on the very day."""
    for party, code in (
        (carrier(), None),
        (carrier(vetted=False), "carrier_not_vetted"),
        (carrier(licence_until=None), "licence_missing"),
        (carrier(licence_until=PARTIES["depot"].licence_until.replace(day=11)), "licence_missing"),
        (carrier(licence=""), "licence_missing"),
    ):
        asked = day(tours=[tour()], parties={**PARTIES, "depot": party})
        fit, refused = runnable(asked, asked.tours)
        assert [one.id for one in fit] == ([] if code else ["H1"])
        assert [(subject, refusal.code) for subject, refusal in refused] == ([("H1", code)] if code else [])
