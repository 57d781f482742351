"""Bundles on the desk, on both databases: whole or not at all, and until when a bid may come or stands."""

from geodata.refusal import Refusal
from pooling.desk.market.bids import counter_bid, expire_due, refuse_bid, take_counter, withdraw_bid
from pooling.figures import CUTOFF_EXTENSIONS, LATE_BID
from tests.desk.bundling import bundled, states, two_together
from tests.desk.market import (
    HOUR,
    TOMORROW,
    accepted,
    announced,
    bidden,
    books,
    newcomer,
    sent,
    sold,
    the_bid,
    the_shipment,
    the_trip,
)
from tests.desk.servers import at_once
from tests.desk.test_market import done, refused


def test_a_bundle_is_accepted_whole(market):
    trip, bids = two_together(market)
    accepted(market, bids[1])
    assert states(market, bids) == ["accepted", "accepted"]
    assert max(sold(market, trip)) == 7
    assert all(0 <= the_bid(market, one).price_cents <= 4_000 for one in bids)
    assert (books(market).sum_cents, books(market).unbalanced) == (0, 0)


def test_a_bundle_that_does_not_fit_whole_is_refused_when_it_is_placed(market):
    trip = announced(market, 6, 0, 0)
    shipments = [sent(market, crates) for crates in (4, 3)]
    refusal = refused(lambda: bundled(market, "all", *((trip, one, 4_000) for one in shipments)))
    assert refusal.code == "bundle_does_not_fit"
    assert [bidden(market, trip, one) for one in shipments]


def test_a_bundle_whose_room_was_taken_meanwhile_is_not_half_accepted(market):
    trip, bids = two_together(market, 8, 0, 0)
    rival = newcomer(market, "rival")
    accepted(market, bidden(market, trip, sent(market, 3, rival), who=rival))
    assert refused(lambda: accepted(market, bids[0])).code in ("bundle_does_not_fit", "no_room")
    assert states(market, bids) == ["open", "open"]
    assert sold(market, trip)[0] == 3


def test_a_bundle_is_refused_withdrawn_and_ends_as_one(market):
    _, bids = two_together(market)
    done(market, refuse_bid, bids[0], "farm")
    assert states(market, bids) == ["refused", "refused"]
    _, bids = two_together(market)
    done(market, withdraw_bid, bids[1], "neighbour")
    assert states(market, bids) == ["withdrawn", "withdrawn"]
    _, bids = two_together(market)
    market.clock.forward(5 * HOUR)
    assert expire_due(market.house.desk) == 2
    assert states(market, bids) == ["expired", "expired"]


def test_a_bundle_that_rides_leaves_whole(market):
    trip, bids = two_together(market)
    accepted(market, bids[0])
    done(market, withdraw_bid, bids[0], "neighbour")
    assert states(market, bids) == ["withdrawn", "withdrawn"]
    assert sold(market, trip) == [0, 0, 0]
    assert books(market).sum_cents == 0


def test_a_counter_is_for_a_whole_bundle(market):
    _, bids = two_together(market)
    done(market, counter_bid, bids[0], "farm", 5_001)
    assert sum(the_bid(market, one).counter_cents for one in bids) == 5_001
    done(market, take_counter, bids[1], "neighbour")
    assert states(market, bids) == ["accepted", "accepted"]
    assert sum(the_bid(market, one).price_cents for one in bids) <= 5_001


def test_of_a_choice_the_others_end_with_the_reason(market):
    trips = [announced(market), announced(market)]
    shipments = [sent(market, 4), sent(market, 3)]
    bids = bundled(market, "any", *((trip, one, 4_000) for trip, one in zip(trips, shipments, strict=True)))
    accepted(market, bids[0])
    assert states(market, bids) == ["accepted", "withdrawn"]
    assert "another_chosen" in the_bid(market, bids[1]).reason
    assert the_shipment(market, shipments[1]).state == "open"


def test_a_choice_is_decided_together_as_each_of_its_bids_is_alone(market):
    trips = [announced(market), announced(market, 9, 9, 9), announced(market)]
    accepted(market, bidden(market, trips[2], sent(market, 2, start := newcomer(market, "other")), who=start))
    one = sent(market, 3)
    alone = []
    for trip in trips:
        alone.append(promised(market, bid := bidden(market, trip, one, 4_000)))
        done(market, withdraw_bid, bid, "neighbour")
    together = bundled(market, "any", *((trip, one, 4_000) for trip in trips))
    assert [promised(market, bid) for bid in together] == alone


def promised(market, bid):
    """Return what a bid was told: its price, what it spares, its way and its hours."""
    words = ("price_cents", "saved_cents", "detour_s", "first_leg", "last_leg", "pickup_at", "drop_until_at")
    return [getattr(the_bid(market, bid), word) for word in words]


def test_a_choice_accepted_twice_at_once_on_two_trips_rides_once(market):
    for _ in range(2):
        trips = [announced(market), announced(market)]
        shipments = [sent(market, 4), sent(market, 3)]
        pairs = zip(trips, shipments, strict=True)
        bids = bundled(market, "any", *((trip, one, 4_000) for trip, one in pairs))
        answers = at_once(*(lambda one=one: accepted(market, one) for one in bids))
        assert [one.code for one in answers if isinstance(one, Refusal)] == ["bid_closed"]
        assert sorted(states(market, bids)) == ["accepted", "withdrawn"]
        assert books(market).sum_cents == 0


def test_what_is_no_bundle_is_refused(market):
    trip, one = announced(market), sent(market)
    assert refused(lambda: bundled(market, "all", (trip, one, 1))).code == "bundle_nonsense"
    assert refused(lambda: bundled(market, "any", (trip, one, 1), (trip, one, 2))).code == "bundle_nonsense"


def test_nobody_bids_on_its_own_trip(market):
    trip, other = announced(market), announced(market, owner="farm")
    mine = sent(market, 2, "farm")
    assert refused(lambda: bidden(market, trip, mine, who="farm")).code == "own_trip"
    choice = ((trip, mine, 900), (other, mine, 900))
    assert refused(lambda: bundled(market, "any", *choice, who="farm")).facts["why_code"] == "own_trip"


def test_a_bid_ends_when_its_bidder_said_and_never_after_the_cut_off(market):
    trip, one, other = announced(market), sent(market), sent(market, 2)
    third = announced(market)
    soon = market.clock.now() + HOUR
    bids = bundled(market, "any", (trip, one, 900), (third, other, 900), expires_at=soon, message="Merci !")
    assert {the_bid(market, bid).expires_at for bid in bids} == {soon}
    assert {the_bid(market, bid).message for bid in bids} == {"Merci !"}
    done(market, withdraw_bid, bids[0], "neighbour")
    late = bundled(market, "any", (trip, one, 900), (announced(market), one, 900), expires_at=TOMORROW * 2)
    assert the_bid(market, late[0]).expires_at == the_trip(market, trip).cutoff_at
    past = market.clock.now() - 1
    again = ((announced(market), one, 900), (announced(market), one, 900))
    assert refused(lambda: bundled(market, "any", *again, expires_at=past)).code == "expiry_past"


def test_a_late_bid_moves_the_cut_off_a_few_times_and_never_beyond_the_start(market):
    cutoff_at = TOMORROW - 2 * HOUR
    trip = announced(market, cutoff_at=cutoff_at)
    early = bidden(market, trip, sent(market, 1))
    market.clock.at = cutoff_at - 60
    early = bidden(market, trip, sent(market, 2))
    moved_at = cutoff_at - 60 + LATE_BID.value
    assert the_trip(market, trip).cutoff_at == moved_at
    assert the_bid(market, early).expires_at in (cutoff_at, moved_at)
    for number in range(5):
        market.clock.at = the_trip(market, trip).cutoff_at - 1
        bidden(market, trip, sent(market, 3 + number))
    assert the_trip(market, trip).extensions == CUTOFF_EXTENSIONS.value
