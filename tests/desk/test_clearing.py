"""Bundles and clearings on the desk, on both databases: whole or not at all, and told why."""

import json
from datetime import date

import pytest
from sqlalchemy import update

from geodata.refusal import Refusal
from pooling.desk.market.bids import counter_bid, expire_due, refuse_bid, take_counter, withdraw_bid
from pooling.desk.market.bundles import BidWords, BundleWords, place_bundle
from pooling.desk.market.clearing_days import ask_clear_day, clear_day_job
from pooling.desk.market.clearing_trips import clear_trip, propose_clearing, take_day_set
from pooling.desk.market.placing import BidTerms
from pooling.figures import CUTOFF_EXTENSIONS, LATE_BID
from pooling.jobs import JobCancelled
from pooling.pricing import shareable_cost
from pooling.store.bids import bundle_of
from pooling.store.clearings import find_clearing, said_in
from pooling.store.jobs import find_job
from pooling.store.market import trip as trip_table
from pooling.wiring import know_all_work
from pooling.workers import work_off
from tests.desk.market import (
    HOUR,
    TOMORROW,
    accepted,
    announced,
    bidden,
    books,
    newcomer,
    owners_let,
    read,
    sent,
    sold,
    the_bid,
    the_shipment,
    the_trip,
)
from tests.desk.servers import at_once
from tests.desk.test_market import done, refused


def bundled(town, kind, *bids, who="neighbour", **terms):
    """Place a bundle of (trip, shipment, most_cents); return the ids of its bids."""
    words = BundleWords(kind, tuple(BidWords(*one) for one in bids), BidTerms(**terms))
    bundle = place_bundle(town.house.desk, town.actor(who), town.ask(who), words)
    placed = {(one.trip_id, one.shipment_id): one.id for one in read(town, bundle_of, bundle)}
    return [placed[trip, shipment] for trip, shipment, _ in bids]


def states(town, bids):
    return [the_bid(town, one).state for one in bids]


def two_together(town, *room, most=4_000):
    trip = announced(town, *room)
    return trip, bundled(town, "all", *((trip, sent(town, crates), most) for crates in (4, 3)))


def cleared(town, trip, who="farm"):
    proposal = propose_clearing(town.house.desk, town.actor(who), trip)
    return proposal, clear_trip(
        town.house.desk, town.actor(who), town.ask(who), trip, proposal.trip.revision, list(proposal.chosen)
    )


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


def three_bids(town, *room):
    trip, bids = announced(town, *room), {}
    for crates, cents in ((6, 2_500), (3, 2_000), (3, 2_000)):
        farm = newcomer(town, f"farm{len(town.parties)}")
        bids[farm] = bidden(town, trip, sent(town, crates, farm), cents, who=farm)
    return trip, list(bids.values())


def test_the_best_set_is_shown_first_and_then_taken_whole(market):
    trip, bids = three_bids(market, 6, 0, 0)
    before = the_trip(market, trip).revision
    proposal = propose_clearing(market.house.desk, market.actor("farm"), trip)
    assert set(proposal.chosen) == set(bids[1:]) and set(proposal.refused) == {bids[0]}
    assert (the_trip(market, trip).revision, set(states(market, bids))) == (before, {"open"})
    proposal, record = cleared(market, trip)
    assert states(market, bids) == ["open", "accepted", "accepted"]
    assert "outbid" in the_bid(market, bids[0]).reason
    paid = {one: the_bid(market, one).price_cents for one in bids[1:]}
    assert paid == proposal.prices
    row = read(market, find_clearing, record)
    kept = said_in(row)
    assert (row.exact, row.value_cents, row.bound_cents) == (True, proposal.value_cents, proposal.value_cents)
    assert (kept["chosen"], kept["bids"], row.trip_revision) == (paid, dict.fromkeys(bids, 1), before)
    assert kept["reasons"][bids[0]]["code"] == "outbid"
    assert (books(market).sum_cents, books(market).unbalanced) == (0, 0)


def test_all_received_together_stays_under_the_shareable_cost(market):
    trip, _ = three_bids(market)
    proposal, _ = cleared(market, trip)
    book = next(iter(proposal.chosen.values())).book
    assert book.received_cents <= shareable_cost(book.route).total_cents
    assert len(proposal.chosen) == 3


def test_another_set_than_the_one_shown_is_not_taken(market):
    trip, bids = three_bids(market, 6, 0, 0)
    proposal = propose_clearing(market.house.desk, market.actor("farm"), trip)
    rival = newcomer(market, "rival")
    accepted(market, bidden(market, trip, sent(market, 3, rival), who=rival))
    call = clear_trip, market.house.desk, market.actor("farm"), market.ask("farm"), trip
    assert refused(lambda: call[0](*call[1:], None, list(proposal.chosen))).code == "clearing_moved"
    revision = proposal.trip.revision
    assert refused(lambda: call[0](*call[1:], revision, list(proposal.chosen))).code == "changed_meanwhile"
    assert set(states(market, bids)) == {"open"} and sold(market, trip)[0] == 3


def test_a_clearing_beside_a_rival_takes_all_of_its_set_or_nothing(market):
    trip, bids = three_bids(market, 6, 0, 0)
    proposal = propose_clearing(market.house.desk, market.actor("farm"), trip)
    chosen, ask = list(proposal.chosen), market.ask("farm")
    answers = at_once(
        lambda: clear_trip(market.house.desk, market.actor("farm"), ask, trip, None, chosen),
        lambda: accepted(market, bids[0]),
    )
    assert sum(isinstance(one, Refusal) for one in answers) == 1
    assert states(market, bids) in (["open", "accepted", "accepted"], ["accepted", "open", "open"])
    assert sold(market, trip)[0] == 6
    assert books(market).sum_cents == 0


def test_only_the_owner_or_an_operator_clears(market):
    trip, _ = three_bids(market)
    for who in ("neighbour", "shop", "carrier"):
        refusal = refused(lambda who=who: propose_clearing(market.house.desk, market.actor(who), trip))
        assert refusal.code == "not_allowed"
    assert propose_clearing(market.house.desk, market.actor("operator"), trip).chosen


def test_where_nothing_waits_nothing_is_taken(market):
    trip = announced(market)
    proposal = propose_clearing(market.house.desk, market.actor("farm"), trip)
    assert (proposal.chosen, proposal.refused, proposal.value_cents) == ({}, {}, 0)
    assert refused(lambda: cleared(market, trip)).code == "nothing_to_clear"


def test_a_bundle_and_a_choice_are_cleared_as_what_they_are(market):
    trip, both = two_together(market, 20, 20, 20)
    other = newcomer(market, "other")
    one, elsewhere = sent(market, 2, other), announced(market)
    choice = bundled(market, "any", (trip, one, 3_000), (elsewhere, one, 3_000), who=other)
    proposal, _ = cleared(market, trip)
    assert set(proposal.chosen) == {*both, choice[0]}
    assert states(market, choice) == ["accepted", "withdrawn"]


def day_cleared(town, *, take, who="operator"):
    job = ask_clear_day(town.house.desk, town.actor(who), town.ask(who), the_day(), take=take)
    work_off(town.house.desk)
    row = read(town, find_job, job)
    assert row.state == "done", row.reason
    return json.loads(row.result)


PARTS = ("clearings", "proposed")


def the_day():
    return date(2026, 9, 13)


def test_a_day_is_cleared_over_all_its_trips_by_a_job(market):
    know_all_work()
    owners_let(market)
    trips, bids = zip(*(three_bids(market, 6, 0, 0) for _ in range(2)), strict=True)
    shown = day_cleared(market, take=False)
    assert (shown["trips"], shown["chosen"], shown["clearings"]) == (2, 4, [])
    assert {state for each in bids for state in states(market, each)} == {"open"}
    taken = day_cleared(market, take=True)
    assert len(taken["clearings"]) == 2 and 0 < taken["value_cents"] <= taken["bound_cents"]
    assert [sold(market, trip)[0] for trip in trips] == [6, 6]
    assert (books(market).sum_cents, books(market).unbalanced) == (0, 0)
    assert day_cleared(market, take=True)["clearings"] == []


def test_a_shipment_that_asks_for_two_trips_rides_on_one(market):
    know_all_work()
    owners_let(market)
    trips, one = [announced(market), announced(market)], sent(market)
    bids = [bidden(market, trip, one) for trip in trips]
    assert len(day_cleared(market, take=True)["clearings"]) == 1
    assert sorted(states(market, bids)) == ["accepted", "withdrawn"]


def test_an_owner_that_answers_bids_itself_is_only_proposed_what_an_operator_takes(market):
    know_all_work()
    trip, bids = three_bids(market, 6, 0, 0)
    lets = three_bids(market, 6, 0, 0)[0]
    sign = update(trip_table).where(trip_table.c.id == lets).values(instant=True)
    market.house.desk.store.change(lambda tx: tx.connection.execute(sign))
    told = day_cleared(market, take=True)
    taken, proposed = ([read(market, find_clearing, one).trip_id for one in told[name]] for name in PARTS)
    assert (taken, proposed) == ([lets], [trip])
    assert (sold(market, lets)[0], sold(market, trip)[0], set(states(market, bids))) == (6, 0, {"open"})
    operator, record = market.actor("operator"), told["proposed"][0]
    shown = list(propose_clearing(market.house.desk, operator, trip).chosen)
    for take, *what in ((take_day_set, record), (clear_trip, trip, None, shown)):
        why = refused(
            lambda take=take, what=what: take(market.house.desk, operator, market.ask("operator"), *what)
        )
        assert why.code == "not_allowed"
    taken_as_proposed(market, record)
    assert sold(market, trip)[0] == 6 and books(market).sum_cents == 0


def test_a_day_that_nobody_waits_for_any_more_is_not_cleared(market):
    know_all_work()
    _, bids = three_bids(market, 6, 0, 0)

    class Stopped:
        def __call__(self, step, _share):
            if step == "taking":
                raise JobCancelled

        def fence(self, tx): ...

    with pytest.raises(JobCancelled):
        clear_day_job(market.house.desk, {"day": the_day().isoformat(), "take": True}, Stopped())
    assert set(states(market, bids)) == {"open"}


def test_only_an_operator_clears_a_day(market):
    assert refused(lambda: day_cleared(market, take=False, who="farm")).code == "not_allowed"


def test_a_day_that_is_over_is_not_cleared(market):
    past = the_day().replace(year=2020)
    with pytest.raises(Refusal) as caught:
        ask_clear_day(market.house.desk, market.actor("operator"), market.ask("operator"), past, take=True)
    assert caught.value.code == "hours_past"


def day_proposed(town):
    """Let the operator look at the day and propose each owner its set; return the proposals, by trip."""
    who, ask = town.actor("operator"), town.ask("operator")
    job = ask_clear_day(town.house.desk, who, ask, the_day(), take=False, propose=True)
    work_off(town.house.desk)
    result = json.loads(read(town, find_job, job).result)
    assert result["clearings"] == []
    return {read(town, find_clearing, one).trip_id: one for one in result["proposed"]}


def payer_of(town, bid):
    return next(name for name, party in town.parties.items() if party == the_bid(town, bid).payer_id)


def taken_as_proposed(town, record, who="farm"):
    return take_day_set(town.house.desk, town.actor(who), town.ask(who), record)


def test_each_owner_is_proposed_its_part_of_the_day_and_takes_it_once(market):
    know_all_work()
    trip, bids = three_bids(market, 6, 0, 0)
    other, shared = announced(market, 6, 6, 6), the_bid(market, bids[0]).shipment_id
    elsewhere = bidden(market, other, shared, who=payer_of(market, bids[0]))
    proposals = day_proposed(market)
    assert set(proposals) == {trip, other}
    kept = said_in(read(market, find_clearing, proposals[trip]))
    assert set(kept["chosen"]) | set(kept["reasons"]) == set(bids), "each that would not ride has its reason"
    assert set(states(market, [*bids, elsewhere])) == {"open"} and sold(market, trip)[0] == 0
    record = taken_as_proposed(market, proposals[trip])
    assert said_in(read(market, find_clearing, record))["chosen"] == kept["chosen"]
    assert {states(market, [one])[0] for one in kept["chosen"]} == {"accepted"}
    assert refused(lambda: taken_as_proposed(market, proposals[trip])).code == "set_taken"
    taken_as_proposed(market, proposals[other])
    assert the_bid(market, elsewhere).state == "accepted" and books(market).sum_cents == 0


def test_a_proposal_that_no_longer_is_the_best_set_changes_nothing(market):
    know_all_work()
    trip, bids = three_bids(market, 6, 0, 0)
    record = day_proposed(market)[trip]
    chosen = list(said_in(read(market, find_clearing, record))["chosen"])
    payer = payer_of(market, chosen[0])
    withdraw_bid(market.house.desk, market.actor(payer), market.ask(payer), chosen[0], None)
    assert refused(lambda: taken_as_proposed(market, record)).code == "clearing_moved"
    assert "accepted" not in states(market, bids)
    assert refused(lambda: taken_as_proposed(market, record, "neighbour")).code == "not_found"


def test_a_counter_that_is_not_taken_loses_at_what_was_bid_and_is_told_what_would_do(market):
    trip, bids = three_bids(market, 8, 0, 0)
    counter_bid(market.house.desk, market.actor("farm"), market.ask("farm"), bids[0], None, 2_600)
    proposal, _ = cleared(market, trip)
    assert set(proposal.chosen) == set(bids[1:])
    row, told = the_bid(market, bids[0]), proposal.refused[bids[0]]
    assert (row.state, row.most_cents) == ("countered", 2_500)
    assert (told.code, int(told.facts["fewer"])) == ("outbid", 4) and "4" in told.sentence


def test_what_expires_while_a_set_is_looked_at_is_neither_taken_nor_told_a_reason(market):
    trip, bids = three_bids(market, 6, 0, 0)
    proposal = propose_clearing(market.house.desk, market.actor("farm"), trip)
    ends_at = min(the_bid(market, one).expires_at for one in bids)
    market.clock.at = ends_at
    expire_due(market.house.desk)
    assert refused(lambda: done_as_shown(market, trip, proposal)).code == "clearing_moved"
    assert {(one.state, one.reason) for one in (the_bid(market, each) for each in bids)} == {("expired", "")}


def done_as_shown(town, trip, proposal):
    return clear_trip(
        town.house.desk, town.actor("farm"), town.ask("farm"), trip, None, list(proposal.chosen)
    )
