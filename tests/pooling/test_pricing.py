"""What driving costs, and what a guest pays: at least the detour, at most its bid, its saving and the law."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from geodata.refusal import Refusal
from pooling.pricing import (
    GuestRide,
    asking_price,
    full_cost,
    guest_price,
    own_van_room,
    shareable_cost,
)
from pooling.regimes import COST_SHARING, Regime
from routing.plan import PlannedVisit, Route
from routing.task import Task
from tests.pooling.worlds import shipment


def route(km: int, minutes: int, rides: tuple[int, int] = (10, 20)) -> Route:
    """So many kilometres and minutes; the guest boards and leaves at these minutes."""
    visits = tuple(
        PlannedVisit(Task(kind, "S1"), place, at * 60, at * 60, at * 60, ())
        for place, (kind, at) in enumerate(zip(("pickup", "drop"), rides, strict=True))
    )
    return Route("T1", 0, minutes * 60, (), minutes * 60, km * 1000, visits)


def ride(**changes) -> GuestRide:
    """A detour of 5 km and 6 minutes (2.00 € of van, 1.50 € of labour) on a way of 80 km."""
    plain = {
        "regime": Regime.COTRANSPORT_AGRICOLE,
        "shipment": shipment(),
        "most_cents": 5_000,
        "saved_cents": 4_000,
        "before": route(80, 80),
        "after": route(85, 86),
        "received_cents": 0,
        "guests_aboard": 0,
        "refrigerated": False,
    }
    return GuestRide(**(plain | changes))


def code(**changes) -> str:
    answer = guest_price(ride(**changes))
    assert isinstance(answer, Refusal)
    assert answer.sentence and answer.what_to_do
    return answer.code


def test_full_cost_counts_the_van_by_the_kilometre_and_the_driver_by_the_hour():
    lines = full_cost(route(100, 120))
    assert (lines.vehicle_cents, lines.tolls_cents, lines.labour_cents) == (4_000, 0, 3_000)
    assert lines.total_cents == 7_000
    assert full_cost(route(100, 120), refrigerated=True).vehicle_cents == 8_000


def test_shareable_cost_is_the_same_without_labour():
    lines = shareable_cost(route(100, 120))
    assert lines.total_cents == 4_000
    assert lines.labour_cents == 0


@given(st.integers(0, 1_000_000), st.integers(0, 100_000), st.booleans())
def test_the_lines_add_up_and_what_may_be_shared_is_never_above_the_full_cost(metres, seconds, refrigerated):
    way = Route("T1", 0, seconds, (), seconds, metres, ())
    whole, shared = (cost(way, refrigerated=refrigerated) for cost in (full_cost, shareable_cost))
    assert whole.total_cents == shared.total_cents + whole.labour_cents
    assert all(isinstance(cents, int) and cents >= 0 for cents in (whole.total_cents, shared.total_cents))


def test_an_own_van_grows_to_its_largest_shipment():
    assert own_van_room(10, 50).ambient.crates == 60
    assert own_van_room(61, 900).ambient.crates == 61
    assert own_van_room(61, 900).payload_kg == 900


def test_a_guest_pays_its_detour_and_its_part_of_the_way():
    """3.50 € of detour; of 32.00 € for 80 km it rides 10 of 86 minutes, shared with the owner: 1.86 €."""
    assert guest_price(ride()) == 350 + 186


@pytest.mark.parametrize("ceiling", ["most_cents", "saved_cents"])
def test_at_the_cost_of_the_detour_a_guest_rides_and_one_cent_below_it_does_not(ceiling):
    assert guest_price(ride(**{ceiling: 350})) == 350
    expected = {"most_cents": "bid_below_detour", "saved_cents": "dearer_than_alone"}
    assert code(**{ceiling: 349}) == expected[ceiling]


def test_what_the_cap_leaves_is_enough_or_the_guest_is_refused():
    """The shareable cost of 85 km is 34.00 €, of all guests together."""
    assert guest_price(ride(received_cents=3_400 - 350)) == 350
    assert code(received_cents=3_400 - 349) == "detour_above_cap"


def test_a_cap_that_no_bid_could_meet_is_told_before_the_bid():
    """Who was told to bid more would be refused again."""
    assert code(received_cents=3_400 - 349, most_cents=1) == "detour_above_cap"


def test_on_a_registered_carrier_s_trip_a_guest_pays_as_bid_within_what_it_saves():
    carrier = Regime.TRANSPORTEUR
    assert guest_price(ride(regime=carrier, most_cents=3_900)) == 3_900
    assert guest_price(ride(regime=carrier)) == 4_000
    assert guest_price(ride(regime=carrier, received_cents=100_000)) == 4_000
    assert code(regime=carrier, most_cents=349) == "bid_below_detour"


def test_a_guest_that_shortens_the_way_pays_no_negative_detour():
    price = guest_price(ride(after=route(70, 70)))
    assert isinstance(price, int) and price >= 0


@st.composite
def rides(draw: st.DrawFn) -> GuestRide:
    km, minutes = draw(st.integers(1, 300)), draw(st.integers(1, 400))
    more_minutes = draw(st.integers(0, 60))
    boards = draw(st.integers(0, minutes + more_minutes))
    leaves = draw(st.integers(boards, minutes + more_minutes))
    return ride(
        regime=draw(st.sampled_from(Regime)),
        shipment=shipment(crates=draw(st.integers(1, 60))),
        most_cents=draw(st.integers(0, 30_000)),
        saved_cents=draw(st.integers(0, 30_000)),
        before=route(km, minutes),
        after=route(km + draw(st.integers(0, 60)), minutes + more_minutes, (boards, leaves)),
        received_cents=draw(st.integers(0, 10_000)),
        guests_aboard=draw(st.integers(0, 8)),
        refrigerated=draw(st.booleans()),
    )


@given(rides())
def test_a_price_is_never_above_the_bid_the_saving_or_the_cap_nor_below_the_detour(asked):
    price = guest_price(asked)
    assume(not isinstance(price, Refusal))
    detour_cents = (
        full_cost(asked.after, refrigerated=asked.refrigerated).total_cents
        - full_cost(asked.before, refrigerated=asked.refrigerated).total_cents
    )
    assert isinstance(price, int)
    assert max(0, detour_cents) <= price <= min(asked.most_cents, asked.saved_cents)
    if asked.regime in COST_SHARING:
        shareable_cents = shareable_cost(asked.after, refrigerated=asked.refrigerated).total_cents
        assert asked.received_cents + price <= shareable_cents


@given(rides(), st.integers(0, 5_000))
def test_a_higher_bid_is_never_refused_where_a_lower_one_rode_nor_pays_less(asked, more_cents):
    price = guest_price(asked)
    assume(not isinstance(price, Refusal))
    higher = guest_price(GuestRide(**(vars(asked) | {"most_cents": asked.most_cents + more_cents})))
    assert isinstance(higher, int) and higher >= price


def test_a_price_that_a_quote_holds_is_a_second_ceiling():
    price_cents = guest_price(ride())
    assert guest_price(ride(held_cents=400)) == 400 < price_cents
    assert guest_price(ride(held_cents=price_cents + 1)) == price_cents
    assert guest_price(ride(regime=Regime.TRANSPORTEUR, held_cents=700)) == 700


def test_a_held_price_below_the_detour_stands_as_far_as_what_others_bring_bears_it():
    assert guest_price(ride(held_cents=300, spare_cents=50)) == 300
    assert code(held_cents=300, spare_cents=49) == "quote_not_borne"
    assert code(held_cents=None, most_cents=300, spare_cents=50) == "bid_below_detour"


@given(st.integers(0, 3_000), st.integers(0, 3_000), st.integers(0, 1_000), st.sampled_from(list(Regime)))
def test_a_held_price_is_never_exceeded_and_its_owner_never_worse_off(held, most, spare, regime):
    answer = guest_price(ride(held_cents=held, most_cents=most, spare_cents=spare, regime=regime))
    if isinstance(answer, int):
        assert answer <= min(held, most)
        assert answer + spare >= 350  # the full cost of the detour


def test_an_owner_that_gives_its_time_takes_the_detour_without_its_hours():
    """Of 3.50 € of detour 1.50 € are labour; at 10 €/h they are 1.00 €."""
    assert guest_price(ride(hour_cents=0, most_cents=200)) == 200
    assert code(hour_cents=0, most_cents=199) == "bid_below_detour"
    assert guest_price(ride(hour_cents=1_000, most_cents=300)) == 300


def test_a_short_way_that_the_cap_refused_rides_where_the_time_is_given():
    """Two kilometres of way, twenty minutes of detour: 5.20 € with its hours, 0.20 € without."""
    short = {"before": route(2, 10), "after": route(2, 30)} | {"most_cents": 600, "saved_cents": 600}
    assert code(**short) == "detour_above_cap"
    assert isinstance(guest_price(ride(**short, hour_cents=0)), int)


@given(rides())
def test_the_law_never_refuses_a_detour_whose_owner_gives_its_time(asked):
    before_cents = shareable_cost(asked.before, refrigerated=asked.refrigerated).total_cents
    assume(asked.received_cents <= before_cents)
    answer = guest_price(GuestRide(**(vars(asked) | {"hour_cents": 0})))
    assert isinstance(answer, int) or answer.code != "detour_above_cap"


def test_a_carrier_that_asks_so_much_per_crate_takes_no_less_and_a_quote_holds_all_the_same():
    carrier = {"regime": Regime.TRANSPORTEUR, "asked_cents": 200, "shipment": shipment(crates=5)}
    assert guest_price(ride(**carrier, most_cents=1_000)) == 1_000
    assert code(**carrier, most_cents=999) == "bid_below_asked"
    assert code(**carrier, saved_cents=999) == "dearer_than_alone"
    assert guest_price(ride(**carrier, held_cents=900)) == 900
    assert asking_price(ride(**carrier)) == 1_000


def test_who_says_that_it_bids_above_alone_pays_the_detour_and_never_more_than_its_bid():
    dear = {"saved_cents": 100, "most_cents": 400}
    assert code(**dear) == "dearer_than_alone"
    assert guest_price(ride(**dear, above_alone=True)) == 350
    assert code(saved_cents=100, most_cents=349, above_alone=True) == "bid_below_detour"
    assert code(**dear, above_alone=True, received_cents=3_400 - 349) == "detour_above_cap"
    assert guest_price(ride(regime=Regime.TRANSPORTEUR, **dear, above_alone=True)) == 350
    assert guest_price(ride(saved_cents=-50, most_cents=400, above_alone=True)) == 350


@given(rides())
def test_where_riding_is_worth_its_price_saying_so_changes_nothing(asked):
    plain = guest_price(asked)
    meant = guest_price(GuestRide(**(vars(asked) | {"above_alone": True})))
    assert (
        meant == plain if isinstance(plain, int) else not isinstance(meant, int) or meant > asked.saved_cents
    )
