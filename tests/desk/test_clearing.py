"""Clearings on the desk, on both databases: the best set whole or not at all, and told why."""

from geodata.refusal import Refusal
from pooling.desk.market.bids import counter_bid, expire_due
from pooling.desk.market.clearing_trips import clear_trip, propose_clearing
from pooling.pricing import shareable_cost
from pooling.store.clearings import find_clearing, said_in
from tests.desk.bundling import bundled, cleared, states, three_bids, two_together
from tests.desk.market import (
    accepted,
    announced,
    bidden,
    books,
    newcomer,
    read,
    sent,
    sold,
    the_bid,
    the_trip,
)
from tests.desk.servers import at_once
from tests.desk.test_market import refused


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
