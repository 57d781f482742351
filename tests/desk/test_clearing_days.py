"""A day cleared over all its trips, on both databases: by a job, or proposed to each owner."""

import json

import pytest
from sqlalchemy import update

from geodata.refusal import Refusal
from pooling.desk.market.bids import withdraw_bid
from pooling.desk.market.clearing_days import ask_clear_day, clear_day_job
from pooling.desk.market.clearing_trips import clear_trip, propose_clearing, take_day_set
from pooling.desk.market.replaying import replay
from pooling.market.clearing_record import unpacked
from pooling.store.clearings import find_clearing, find_day_record, said_in
from pooling.store.jobs import find_job
from pooling.store.market import trip as trip_table
from pooling.store.people import site
from pooling.work.jobs import JobCancelled
from pooling.work.wiring import know_all_work
from pooling.work.workers import work_off
from tests.desk.bundling import states, the_day, three_bids
from tests.desk.market import (
    announced,
    bidden,
    books,
    owners_let,
    read,
    sent,
    sold,
    the_bid,
)
from tests.desk.test_market import refused


def day_cleared(town, *, take, who="operator"):
    job = ask_clear_day(town.house.desk, town.actor(who), town.ask(who), the_day(), take=take)
    work_off(town.house.desk)
    row = read(town, find_job, job)
    assert row.state == "done", row.reason
    return json.loads(row.result)


PARTS = ("clearings", "proposed")


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


def test_a_trip_that_cannot_be_decided_is_left_out_with_its_reason_and_the_others_are_cleared(market):
    """The road reaches no place of one trip's bidders; of another what is kept makes no sense."""
    know_all_work()
    owners_let(market)
    good, (off, bids), broken = three_bids(market, 6, 0, 0)[0], three_bids(market), three_bids(market)[0]
    away = update(site).where(site.c.id == market.sites[payer_of(market, bids[0])]).values(lat=0.0, lon=0.0)
    nonsense = update(trip_table).where(trip_table.c.id == broken).values(plan='{"announced": 1}')
    for rows in (away, nonsense):
        market.house.desk.store.change(lambda tx, rows=rows: tx.connection.execute(rows))
    told = day_cleared(market, take=True)
    assert (told["trips"], told["left_out"], set(told["left"])) == (3, 2, {off, broken})
    assert told["left"][broken]["code"] == "trip_not_decided" != told["left"][off]["code"]
    assert all(why["detail"] and why["cure"] for why in told["left"].values())
    assert [read(market, find_clearing, one).trip_id for one in told["clearings"]] == [good]
    assert read(market, replay, told["record"]).same
    with market.house.desk.store.view() as view:
        kept = unpacked(find_day_record(view, told["record"]).body)
    assert kept["left"] == told["left"]


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
