"""The rules of a proposed tour, pure: shares only fall, told hours only narrow; minima, areas, outlook."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.place import Place
from geodata.refusal import Refusal
from pooling.fair.outlook import Outlook, TourNow, outlook
from pooling.fair.sharing import Claimant, split
from pooling.tours.hour_windows import kept_to, told_windows
from pooling.tours.minimum import Minimum
from pooling.tours.newcomer import Newcomer, must_pay_its_way
from pooling.tours.tour_area import Around, kept_tour_area, tour_area_text
from routing.insertion import best_in_route, insert
from routing.plan import Plan
from routing.problem import Visit, Window
from tests.routing.worlds import along_the_road, parcel, van
from tests.thorough import examples

CENTS = st.integers(0, 4_000)
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[7.0, 43.0], [8.0, 43.0], [8.0, 44.0], [7.0, 44.0], [7.0, 43.0]]],
}


class Pledges:
    """A tour as money: a cost that moves with who is aboard, and what each was told last."""

    def __init__(self, standing, *, always=False, account=0):
        self.standing, self.adds, self.alone, self.told, self.first = standing, {}, {}, {}, {}
        self.always, self.account = always, account

    @property
    def cost(self):
        return self.standing + sum(self.adds.values()) if self.adds else 0

    def settle(self):
        caps = {one: Claimant(self.alone[one], cap) for one, cap in self.told.items()}
        found = split(self.cost, caps)
        assert sum(found.shares_cents.values()) + found.gap_cents == self.cost
        for one, cents in found.shares_cents.items():
            assert cents <= self.told[one] <= self.first.get(one, self.told[one])
        self.told = dict(found.shares_cents)
        return found.gap_cents

    def gap(self):
        return max(0, self.cost - sum(self.told.values())) if self.adds else self.account + 1

    def join(self, one, adds, alone, price):
        return self.join_together({one: (adds, alone, price)})

    def join_together(self, those):
        before, others = self.gap(), bool(self.told)
        kept = (dict(self.adds), dict(self.alone), dict(self.told))
        for one, (adds, alone, price) in those.items():
            self.adds[one], self.alone[one], self.told[one] = adds, alone, min(alone, price)
        most = sum(self.told[one] for one in those)
        adds = sum(self.adds[one] for one in those)
        after = self.settle()
        newcomer = Newcomer((before, after), self.account, adds, most, others=others)
        try:
            must_pay_its_way("t", "s", newcomer, always=self.always)
        except Refusal as refusal:
            assert refusal.code == "adds_more_than_it_pays"
            assert not self.always or adds > most + max(0, self.account - before), "refused for nothing else"
            self.adds, self.alone, self.told = kept
            return False
        self.first |= {one: self.told[one] for one in those}
        if before == 0 and not self.account:
            assert sum(self.told[one] for one in those) >= adds, "who joins a paid tour pays what it adds"
        if self.always and others:
            assert adds <= most + max(0, self.account - before), "a newcomer pays at least what it adds"
        return True

    def leave(self, one):
        for each in (self.adds, self.alone, self.told, self.first):
            each.pop(one, None)
        if self.adds:
            self.settle()


@examples(40)
@given(
    standing=CENTS,
    always=st.booleans(),
    steps=st.lists(st.tuples(st.booleans(), st.integers(0, 7), CENTS, CENTS, CENTS), max_size=14),
)
def test_whoever_joins_and_leaves_no_share_rises_and_shares_and_gap_are_the_cost(standing, always, steps):
    tour = Pledges(standing, always=always)
    for number, (joins, pick, adds, alone, price) in enumerate(steps):
        before = dict(tour.told)
        if joins or not tour.told:
            tour.join(f"p{number}", adds, alone, price)
        else:
            tour.leave(sorted(tour.told)[pick % len(tour.told)])
        assert all(tour.told[one] <= cents for one, cents in before.items() if one in tour.told)


@examples(40)
@given(
    standing=CENTS,
    joining=st.lists(st.tuples(CENTS, CENTS, CENTS), min_size=1, max_size=10),
    leaves=st.integers(0, 9),
)
def test_while_anything_is_missing_everybody_pays_its_ceiling_and_nobody_is_asked_for_it(
    standing, joining, leaves
):
    tour = Pledges(standing)
    for number, (adds, alone, price) in enumerate(joining):
        before, lacked = dict(tour.told), tour.gap()
        taken = tour.join(f"p{number}", adds, alone, price)
        assert taken or not lacked, "before the tour is paid nobody is refused for what it adds"
        if tour.gap():
            expected = before | ({f"p{number}": min(alone, price)} if taken else {})
            assert tour.told == expected, "each pays the most that it may be asked, nobody more or less"
        assert not (lacked == 0 and tour.gap()) or not before, "once it is paid it stays paid"
        if number == leaves and len(tour.told) > 1:
            tour.leave(min(tour.told))


@examples(40)
@given(
    standing=CENTS,
    account=st.sampled_from([0, 0, 500, 2_000]),
    joining=st.lists(
        st.lists(st.tuples(CENTS, CENTS, CENTS), min_size=1, max_size=3), min_size=2, max_size=8
    ),
)
def test_where_each_pays_its_way_nobody_who_joins_others_leaves_more_missing(standing, account, joining):
    tour = Pledges(standing, always=True, account=account)
    for number, several in enumerate(joining):
        others, before = bool(tour.told), tour.gap()
        taken = tour.join_together({f"p{number}.{at}": one for at, one in enumerate(several)})
        assert taken or others, "the first who opens the tour is no newcomer"
        if others:
            assert tour.gap() <= max(before, account)


def test_two_farms_beyond_the_hill_that_are_refused_singly_ride_together_where_each_pays_its_way():
    """The figures of decision 32, by the letter."""
    for order in (("hill", "beyond"), ("beyond", "hill")):
        tour = Pledges(500, always=True)
        tour.join("first", 0, 0, 0)
        assert not tour.join(order[0], 1_000, 600, 600) and tour.told == {"first": 0}
        assert tour.join_together({order[0]: (1_000, 600, 600), order[1]: (100, 600, 600)})
        assert tour.gap() == 400 < 500


def test_who_is_refused_is_told_the_price_and_the_account_that_would_do():
    """500 are missing; it adds 1,000 and may pay 600 for 4 crates at 150; riding spares it 500 more."""
    newcomer = Newcomer((500, 900), 0, 1_000, 600, crates=4, crate_cents=150, spares_cents=500)
    with pytest.raises(Refusal) as refused:
        must_pay_its_way("t", "s", newcomer, always=True)
    found = refused.value
    assert plain(found.sentence) == "s would add 10.00 € to tour t and may pay at most 6.00 € of it."
    assert "at 2.50 € a crate, where the tour's account took 9.00 €, or in company" in plain(found.what_to_do)
    must_pay_its_way("t", "s", replace(newcomer, gaps_cents=(500, 500), most_cents=1_000), always=True)
    must_pay_its_way("t", "s", replace(newcomer, account_cents=900), always=True)
    with pytest.raises(Refusal) as poor:
        must_pay_its_way("t", "s", replace(newcomer, spares_cents=399), always=True)
    assert "a crate" not in poor.value.what_to_do and "9.00 €" in plain(poor.value.what_to_do)
    must_pay_its_way("t", "s", replace(newcomer, others=False), always=True)


def test_where_it_holds_once_paid_two_who_join_one_by_one_pay_their_way_together():
    """The figures of decision 32: 5 € are missing, each may pay 6 €; the first adds 10 €, the second 1 €."""
    for order in (("hill", "beyond"), ("beyond", "hill")):
        tour = Pledges(500)
        tour.join("first", 0, 0, 0)
        assert tour.gap() == 500
        assert tour.join(order[0], 1_000, 600, 600) and tour.gap() == 900 > 500
        assert tour.join(order[1], 100, 600, 600) and tour.gap() == 400 < 500
        assert tour.told == {"first": 0, "hill": 600, "beyond": 600}


def test_before_a_tour_is_paid_nothing_is_held_against_a_newcomer_and_after_that_what_it_adds():
    with pytest.raises(Refusal) as refused:
        must_pay_its_way("t", "s", Newcomer((0, 1), 0, 300, 299), always=False)
    assert refused.value.code == "adds_more_than_it_pays"
    must_pay_its_way("t", "s", Newcomer((1, 900), 0, 900, 1), always=False)
    must_pay_its_way("t", "s", Newcomer((100, 200), 200, 200, 100), always=False)
    with pytest.raises(Refusal):
        must_pay_its_way("t", "s", Newcomer((100, 201), 200, 201, 100), always=False)


def test_two_more_stops_and_it_is_less_by_the_rule_that_is_written_down():
    """Cost 40 €, 10 € of it fixed: a stop adds 5 €; those aboard joined at 48 €: a stop brings 8 €."""
    aboard = {one: Claimant(2_000, 1_333) for one in "abc"}
    now = TourNow(cost_cents=4_000, standing_cents=1_000, stops=6, claimants=aboard, joined_cents=4_800)
    assert outlook(now, ["a"]) == Outlook(stops=1, share_cents=1_290)
    lacking = replace(now, claimants={one: Claimant(2_000, 1_250) for one in "abc"})
    assert outlook(lacking, ["a"]) == Outlook(stops=3, share_cents=1_230)
    assert outlook(replace(now, joined_cents=600), ["a"]) is None, "a stop that brings nothing lets none fall"
    assert outlook(replace(now, stops=0), ["a"]) is None and outlook(now, ["stranger"]) is None
    assert outlook(now, ["a", "b"]) == Outlook(stops=1, share_cents=2_580), "two shipments of one payer"


def test_a_minimum_in_shipments_crates_or_euro_names_what_is_missing():
    least = Minimum(crates=10, shipments=3, share_cents=2_000)
    said = {
        least.lacking("t", crates=crates, shipments=shipments, share_cents=cents).__class__.__name__
        for crates, shipments, cents in ((9, 3, 2_000), (10, 2, 2_000), (10, 3, 1_999))
    }
    assert said == {"MinimumNotMet", "TooFewShipments", "SharesTooLow"}
    assert least.lacking("t", crates=10, shipments=3, share_cents=2_000) is None


def test_an_area_is_a_polygon_or_places_with_a_radius():
    near, far = Place(lat=43.74, lon=7.42, name="Near"), Place(lat=45.0, lon=7.42, name="Far")
    around = kept_tour_area(tour_area_text(None, [Around(43.7, 7.4, 10_000)]))
    square = kept_tour_area(tour_area_text(SQUARE, []))
    for area in (around, square):
        assert area.covers(near) and not area.covers(far)
        with pytest.raises(Refusal) as refused:
            area.must_cover([near, far], "t")
        assert "Far" in refused.value.sentence
    assert kept_tour_area(tour_area_text(None, [])) is None
    for polygon, places in ((SQUARE, [Around(1, 1, 1)]), (None, [Around(1, 1, 0)])):
        with pytest.raises(Refusal):
            tour_area_text(polygon, places)


WINDOW = st.tuples(st.integers(0, 20), st.integers(1, 40))


@examples(25)
@given(
    ends=st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4), WINDOW), min_size=2, max_size=6),
)
def test_whatever_the_order_of_stops_each_begins_within_what_was_told_at_joining(ends):
    shift = Window(0, 12 * 3600)
    asked = [
        parcel(
            f"p{number}",
            Visit(pickup, windows=(Window(600 * opens, 600 * (opens + 4 * lasts)),)),
            Visit(drop, windows=(Window(600 * opens, 600 * (opens + 4 * lasts)),)),
        )
        for number, (pickup, drop, (opens, lasts)) in enumerate(ends)
    ]
    told, aboard, free, kept = {}, (), Plan((), ()), Plan((), ())
    for request in asked:
        slot = placed(free, aboard, request, shift)
        if slot is None:
            continue
        bound = tuple(kept_to(one, told[one.id]) for one in aboard)
        within = placed(kept, bound, request, shift)
        assert within is not None and within.added_cents == slot.added_cents, "it is in nobody's way"
        aboard, free = (*aboard, request), insert(Plan(free.routes, ()), slot)
        kept = insert(Plan(kept.routes, ()), within)
        now = told_windows(along_the_road(*bound, request, vehicles=(van(shift=shift),)), within.route)
        assert told.items() <= now.items(), "as others join it stands"
        for visit in slot.route.visits:
            window = getattr(now[visit.task.id], visit.task.kind)
            assert window.opens_s <= visit.begins_s <= window.closes_s
        told = now


def placed(plan, aboard, request, shift):
    problem = along_the_road(*aboard, request, vehicles=(van(shift=shift),))
    return best_in_route(problem, problem.vehicle("van"), plan.route("van"), request)


def plain(sentence):
    return sentence.replace("\N{NO-BREAK SPACE}", " ")
