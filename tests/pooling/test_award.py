"""
Bids on a trip: accepted by a plan that the checker passes, or refused for the rule that stands in the way.

The trip: Farm 06:00 to 06:15, Town 06:30 to 08:00, Shop 06:40 to 09:00, home by 10:30; fifteen
minutes of detour.
"""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pooling.bid import Bid
from pooling.figures import ADDED_DELAY, EARLIER_ARRIVAL
from pooling.load import Room, Space
from pooling.market.allowing import permitted
from pooling.market.award import (
    Guest,
    TripBook,
    TripImpossible,
    asked_price,
    best_slot,
    bettered,
    open_book,
    take_bid,
)
from pooling.pricing import full_cost, shareable_cost
from pooling.regimes import Regime
from pooling.trip import TripStop
from routing.check import check
from tests.pooling.worlds import (
    CLOCK,
    PARTIES,
    bidding,
    day,
    ground,
    hours,
    opened,
    shipment,
    sites,
    trip,
)
from tests.thorough import examples

DEAR_CENTS = 20_000


def refused(book: TripBook, one, **money):
    after, refusal = bidding(book, one, **money)
    assert refusal is not None
    assert after is book
    assert refusal.sentence and refusal.what_to_do
    return refusal


def begins(book: TripBook) -> dict[tuple[str, str], int]:
    return {(visit.task.kind, visit.task.id): visit.begins_s for visit in book.route.visits}


def test_a_trip_without_guests_is_its_announced_stops_in_their_hours():
    book = opened(trip())
    assert [task.id for task in book.route.tasks] == ["T1/1", "T1/2", "T1/3", "T1/4"]
    assert book.route == book.announced
    assert book.received_cents == 0


def test_a_trip_that_cannot_keep_its_own_hours_is_refused():
    stops = list(trip().stops)
    stops[1] = replace(stops[1], hours=hours("06:00", "06:20"))
    assert isinstance(open_book(ground(), replace(trip(), stops=tuple(stops))), TripImpossible)


def test_a_bid_is_accepted_by_an_insertion_that_the_checker_passes():
    book, refusal = bidding(opened(trip()), shipment(crates=3))
    assert refusal is None
    assert check(book.problem, book.plan) == ()
    guest = book.guests[0]
    assert isinstance(guest, Guest)
    assert guest.detour_s == 0, "the dairy and the shop lie on the way"
    assert 0 < guest.price_cents <= 5_000


def test_a_promised_hour_is_the_planned_one_a_little_earlier_or_later_within_the_guest_s_own():
    one = shipment(drop=hours("06:50", "06:52"))
    book, _ = bidding(opened(trip()), one)
    promised, planned = book.guests[0].request, begins(book)
    pickup = promised.pickup.windows[0]
    assert pickup.opens_s == planned["pickup", "S1"] - EARLIER_ARRIVAL.value
    assert pickup.closes_s == planned["pickup", "S1"] + ADDED_DELAY.value
    assert promised.drop.windows == (hours("06:50", "06:52"),)


def test_a_farm_that_pays_rides_and_a_shop_that_pays_does_not():
    assert bidding(opened(trip()), shipment())[1] is None
    assert refused(opened(trip()), shipment(payer="shop")).code == "payer_not_a_farm"


def test_the_law_is_asked_before_the_road():
    assert refused(opened(trip(0, 0, 0)), shipment(payer="shop")).code == "payer_not_a_farm"


@pytest.mark.parametrize("closes", ["06:35", "06:40", "06:45"])
def test_the_hour_that_is_said_to_do_for_the_drop_does(closes):
    book = opened(trip())
    early = shipment(drop=hours("06:00", closes))
    refusal = refused(book, early)
    assert refusal.code == "drop_hours_missed"
    assert closes in refusal.sentence
    later = replace(early, drop=hours("06:00", str(refusal.facts["would_do"])))
    assert bidding(book, later)[1] is None


@given(st.integers(1, 20), st.integers(0, 60))
@examples(25)
def test_the_hour_that_is_said_to_do_does_to_the_minute(crates, minute):
    """Also where the van would arrive at so many seconds past it."""
    book = opened(trip())
    early = shipment(crates=crates, drop=hours("06:00", f"06:{minute // 2:02d}"))
    refusal = refused(book, early)
    assert refusal.code == "drop_hours_missed"
    named = CLOCK.seconds(str(refusal.facts["would_do"]))
    assert bidding(book, replace(early, drop=replace(early.drop, closes_s=named)))[1] is None
    assert bidding(book, replace(early, drop=replace(early.drop, closes_s=named - 60)))[1] is not None


def test_the_hour_that_is_said_to_do_for_the_pickup_does():
    book = opened(trip())
    late = shipment(pickup=hours("09:30", "12:00"))
    refusal = refused(book, late)
    assert refusal.code == "pickup_hours_missed"
    earlier = replace(late, pickup=hours(str(refusal.facts["would_do"]), "12:00"))
    assert bidding(book, earlier)[1] is None


def test_an_hour_at_which_nobody_is_at_the_site_is_not_named():
    """The shop shuts at 06:30; the van comes at 06:40 at the earliest."""
    one = shipment(drop=hours("06:00", "06:30"))
    asked = day(one, trips=[trip()])
    shut = replace(asked, sites=sites(hours=hours("00:00", "06:30")))
    _, refusal = take_bid(shut, ground(), opened(trip()), Bid("S1", "T1", 5_000), 5_000)
    assert refusal.code == "drop_hours_missed"
    assert "would_do" not in refusal.facts
    assert "No single hour would do" in refusal.what_to_do


def test_the_detour_that_the_owner_allows_is_allowed_and_a_minute_less_is_not():
    """Café lies a minute beyond Shop: two minutes more to drive."""
    one = shipment(end="cafe")
    assert bidding(opened(trip(detour_min=2)), one)[1] is None
    refusal = refused(opened(trip(detour_min=1)), one)
    assert refusal.code == "detour_too_long"
    assert refusal.facts["detour_min"] == 1
    assert bidding(opened(trip(detour_min=1 + refusal.facts["detour_min"])), one)[1] is None


def test_a_bid_below_the_detour_or_a_dearer_ride_than_alone_is_refused():
    one = shipment(end="cafe")
    assert refused(opened(trip()), one, most_cents=1).code == "bid_below_detour"
    assert refused(opened(trip()), one, saved_cents=1).code == "dearer_than_alone"


def test_all_guests_together_stay_within_the_shareable_cost():
    book = opened(trip())
    for number in range(12):
        book, _ = bidding(book, shipment(f"S{number}", crates=1), DEAR_CENTS, DEAR_CENTS)
    assert len(book.guests) > 2
    assert book.received_cents <= shareable_cost(book.route).total_cents


def test_a_slot_has_a_price_as_long_as_the_cap_leaves_what_it_costs():
    book, one = opened(trip()), shipment(end="cafe")
    slot = best_slot(ground(), book, one)
    assert isinstance(asked_price(book, one, slot, DEAR_CENTS), int)
    dear = Guest(shipment("S0"), DEAR_CENTS, DEAR_CENTS, 0, ground().request(one))
    refusal = asked_price(replace(book, guests=(dear,)), one, slot, DEAR_CENTS)
    assert refusal.code == "detour_above_cap"


@pytest.mark.parametrize("regime", [Regime.COTRANSPORT_AGRICOLE, Regime.ENTRAIDE, Regime.TRANSPORTEUR])
def test_a_bid_of_the_price_that_is_asked_is_accepted_and_pays_it(regime):
    owner = "depot" if regime is Regime.TRANSPORTEUR else "farm"
    book, one = opened(trip(regime=regime, owner=owner)), shipment(end="cafe")
    price_cents = asked_price(book, one, best_slot(ground(), book, one), 3_000)
    after, refusal = bidding(book, one, most_cents=price_cents, saved_cents=3_000)
    assert refusal is None and after.guests[0].price_cents == price_cents
    if regime is Regime.TRANSPORTEUR:
        assert refused(book, one, most_cents=price_cents - 1, saved_cents=3_000).code == "bid_below_detour"


def mended(refusal, one, most_cents: int):
    """Do what each cure of a refused bid says; return the shipment and the bid as they would be then."""
    while refusal is not None:
        if refusal.code == "no_room":
            load = replace(one.load, crates=refusal.facts["would_do"], kg=refusal.facts["would_do"] * 8)
            one = replace(one, load=load)
        elif refusal.code == "drop_hours_missed":
            closes_s = CLOCK.seconds(str(refusal.facts["would_do"]))
            one = replace(one, drop=replace(one.drop, closes_s=closes_s))
        else:
            assert refusal.code == "bid_below_detour"
            most_cents = int(refusal.facts["floor"])
        refusal = refusal.besides
    return one, most_cents


EARLY, CROWDED, CHEAP = hours("06:00", "06:35"), 12, 1


TOGETHER = [
    ({"drop": EARLY}, CHEAP, ["drop_hours_missed", "bid_below_detour"]),
    ({"crates": CROWDED}, CHEAP, ["no_room", "bid_below_detour"]),
    ({"drop": EARLY, "crates": CROWDED}, 5_000, ["no_room", "drop_hours_missed"]),
    ({"drop": EARLY, "crates": CROWDED}, CHEAP, ["no_room", "drop_hours_missed", "bid_below_detour"]),
]


@pytest.mark.parametrize(("asked", "most_cents", "codes"), TOGETHER)
def test_whoever_does_all_that_the_cures_of_a_refused_bid_say_rides(asked, most_cents, codes):
    book, one = opened(trip(9, 4, 20)), shipment(end="cafe", **asked)
    refusal = refused(book, one, most_cents=most_cents)
    named, at = [], refusal
    while at is not None:
        named.append(at.code)
        at = at.besides
    assert named == codes
    after, still = bidding(book, *mended(refusal, one, most_cents))
    assert still is None and len(after.guests) == 1


def test_no_reason_is_named_that_could_stay_as_it_is():
    """Each one of several reasons is in the way: with all the others mended the bid is still refused."""
    book, one = opened(trip(9, 4, 20)), shipment(end="cafe", drop=EARLY, crates=CROWDED)
    refusal = refused(book, one, most_cents=CHEAP)
    fine, enough_cents = mended(refusal, one, CHEAP)
    for spoilt in (replace(fine, load=one.load), replace(fine, drop=one.drop)):
        assert bidding(book, spoilt, enough_cents)[1] is not None
    assert bidding(book, fine, CHEAP)[1] is not None


def test_where_the_law_and_the_road_forbid_both_are_told():
    refusal = refused(opened(trip()), shipment(payer="shop", drop=hours("06:00", "06:40")))
    assert (refusal.code, refusal.besides.code) == ("payer_not_a_farm", "drop_hours_missed")


RIDES = [
    ("dairy", "shop"),
    ("dairy", "town"),
    ("orchard", "cafe"),
    ("orchard", "shop"),
    ("farm", "shop"),
    ("dairy", "cafe"),
    ("town", "shop"),
    ("shop", "orchard"),
]


@st.composite
def crowds(draw: st.DrawFn):
    found = []
    for number, (start, end) in enumerate(draw(st.permutations(RIDES))):
        opens = draw(st.sampled_from(["00:00", "06:10", "06:30"]))
        closes = draw(st.sampled_from(["06:55", "07:20", "12:00"]))
        payer = start if start in ("dairy", "orchard") else "dairy"
        crates = draw(st.integers(1, 8))
        window = {"pickup": hours(opens, "12:00"), "drop": hours("00:00", closes)}
        found.append(shipment(f"S{number}", start, end, crates, payer=payer, **window))
    return found


@given(crowds(), st.sampled_from([Regime.COTRANSPORT_AGRICOLE, Regime.ENTRAIDE]))
@examples(40)
def test_whoever_comes_later_every_earlier_promise_stands(crowd, regime):
    """
    Promises 1, 2, 4 and 6, after each acceptance in any order.

    The checker passes, each guest begins in its promised window, nobody rides before the first or
    after the last announced stop, nobody pays above its bid, and the owner is not worse off.
    """
    book = opened(trip(12, 9, 12, regime=regime))
    for one in crowd:
        book, refusal = bidding(book, one, most_cents=2_000)
        assert refusal is None or refusal.sentence
        assert check(book.problem, book.plan) == ()
        tasks = [task.id for task in book.route.tasks]
        assert tasks[0] == "T1/1" and tasks[-1] == "T1/4"
        when = begins(book)
        for guest in book.guests:
            for kind in ("pickup", "drop"):
                promised = getattr(guest.request, kind).windows[0]
                asked = getattr(guest.shipment, kind)
                assert promised.opens_s <= when[kind, guest.shipment.id] <= promised.closes_s
                assert asked.opens_s <= promised.opens_s <= promised.closes_s <= asked.closes_s
            assert 0 <= guest.price_cents <= guest.most_cents
        owner_cents = full_cost(book.route).total_cents - book.received_cents
        assert owner_cents <= full_cost(book.announced).total_cents
        assert book.received_cents <= shareable_cost(book.route).total_cents
        assert book.route.drive_s <= book.announced.drive_s + book.trip.detour_s


def test_nobody_boards_before_the_first_stop_or_leaves_after_the_last():
    """A trip from Dairy to Town only: Farm lies before it and Shop behind it, within the detour."""
    room = Room(ambient=Space(10))
    stops = (
        TripStop("dairy", hours("06:00", "07:00"), room),
        TripStop("town", hours("06:20", "09:00"), Room()),
    )
    book = opened(replace(trip(detour_min=120), owner="dairy", stops=stops))
    for start, end in (("farm", "town"), ("dairy", "shop"), ("farm", "shop")):
        after, refusal = bidding(book, shipment(start=start, end=end, payer="farm"), DEAR_CENTS, DEAR_CENTS)
        if refusal is None:
            tasks = [task.id for task in after.route.tasks]
            assert (tasks[0], tasks[-1]) == ("T1/1", "T1/2")
            assert after.route.drive_s > after.announced.drive_s
        assert check(after.problem, after.plan) == ()


def test_a_better_plan_is_taken_and_amounts_above_its_lower_cap_come_down():
    """The rule that is shown beforehand: in proportion, to the cent, never below the owner's own cost."""
    book = opened(trip())
    for number in range(4):
        book, _ = bidding(book, shipment(f"S{number}", crates=1), DEAR_CENTS, DEAR_CENTS)
    assert bettered(book, book.plan) == book
    guests = tuple(replace(guest, price_cents=DEAR_CENTS) for guest in book.guests)
    lowered = bettered(replace(book, guests=guests), book.plan)
    assert lowered.received_cents == shareable_cost(book.route).total_cents
    assert max(g.price_cents for g in lowered.guests) - min(g.price_cents for g in lowered.guests) <= 1


def test_a_party_s_licence_counts_on_the_day_of_the_trip():
    carrier = trip(regime=Regime.TRANSPORTEUR, owner="depot")
    assert bidding(opened(carrier), shipment(payer="shop"))[1] is None
    lapsed = replace(PARTIES["depot"], licence_until=CLOCK.day.replace(day=11))
    asked = day(shipment(payer="shop"), trips=[carrier], parties={**PARTIES, "depot": lapsed})
    assert not permitted(asked, carrier, asked.shipments[0])
