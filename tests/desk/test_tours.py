"""Tours at the desk: proposed, joined at once where there is room, left, planned, paid to the cent."""

import json
import os
import time

import pytest
from sqlalchemy import select

from geodata.refusal import Refusal
from pooling.desk import NotAllowed
from pooling.desk.tours.sign_ups import leave_tour
from pooling.desk.tours.tour_planning import plan_tour
from pooling.desk.tours.tour_world import tour_world
from pooling.desk.tours.tours import cancel_tour, change_tour, propose_tour
from pooling.store import market
from pooling.store.ledger import account_balances, fee_account, party_account, tour_account
from pooling.store.plans import find_plan
from pooling.store.rows import NotFound
from pooling.store.touring import sign_up, tour
from pooling.store.tours import find_tour
from pooling.store.work import outbox, outbox_party
from pooling.work.jobs import JobCancelled
from routing.check import check
from tests.desk.market import TOMORROW, accepted, announced, bidden, the_bid
from tests.desk.market import sent as sent_tomorrow
from tests.desk.touring import EVENING, HOUR, Watch, joined, ledger, proposed, revision_of, row, sent, words


def crash(asked):
    """Be an engine that dies at once."""
    os._exit(1)
    yield None


def hang(asked):
    """Be an engine that never answers."""
    time.sleep(60)
    yield None


class Impatient(Watch):
    """Wait until a search runs, and then no more."""

    def __call__(self, step, share):
        super().__call__(step, share)
        if self.steps.count("alone") > 2:
            raise JobCancelled


def planned(town, tour_id, **how):
    return plan_tour(town.house.desk, tour_id, Watch(), **({"search_s": 0.0} | how))


def past_cutoff(town):
    town.clock.forward(11 * HOUR)


def pending(town, account):
    with town.house.desk.store.view() as view:
        return account_balances(view, account)["pending"]


def told_of(town, topic):
    with town.house.desk.store.view() as view:
        told = select(outbox_party.c.party_id).join(outbox, outbox.c.id == outbox_party.c.outbox_id)
        return set(view.connection.execute(told.where(outbox.c.topic == topic)).scalars())


def two_aboard(town, **other):
    tour_id = proposed(town, **other)
    ups = [joined(town, tour_id, name, sent(town, name)) for name in ("farm", "neighbour")]
    return tour_id, ups


def test_only_an_operator_proposes_and_only_with_a_vetted_and_licensed_carrier(town):
    desk = town.house.desk
    with pytest.raises(NotAllowed):
        propose_tour(desk, town.actor("farm"), town.ask("farm"), town.parties["operator"], words(town))
    with pytest.raises(Refusal) as refused:
        proposed(town, carrier_id=town.parties["farm"])
    assert refused.value.code == "carrier_not_vetted"
    late = {"opens_at": 1_924_992_000, "closes_at": 1_924_995_600, "cutoff_at": 1_924_990_000}
    with pytest.raises(Refusal) as refused:
        proposed(town, **late)
    assert refused.value.code == "licence_missing"


def test_a_place_is_given_at_once_with_hours_and_a_share_within_alone_and_the_price(town):
    tour_id = proposed(town)
    one = row(town, sign_up, joined(town, tour_id, "farm", sent(town, "farm")))
    assert one.state == "joined" and one.pickup_at < one.drop_at
    assert 0 < one.share_cents <= min(one.alone_cents, 4 * one.crate_cents)
    shipment = row(town, market.shipment, one.shipment_id)
    assert (shipment.state, shipment.rides_kind, shipment.rides_id) == ("riding", "tour", tour_id)
    stands = row(town, tour, tour_id)
    with town.house.desk.store.view() as view:
        plan = find_plan(view, stands.plan_id)
    assert (plan.source, plan.ride_revision) == ("insertion", stands.revision)
    assert [visit["way"] for visit in json.loads(plan.body)["visits"]] == ["on", "off"]


@pytest.mark.parametrize(
    ("shipment", "code"),
    [({"crates": 21}, "no_room"), ({"temperature": "frozen"}, "no_compartment")],
)
def test_who_does_not_fit_is_told_the_true_reason(town, shipment, code):
    with pytest.raises(Refusal) as refused:
        joined(town, proposed(town), "farm", sent(town, "farm", **shipment))
    assert refused.value.code == code


def test_nobody_joins_with_somebody_elses_shipment_nor_twice_nor_after_the_cutoff(town):
    tour_id, shipment_id = proposed(town), sent(town, "farm")
    with pytest.raises(NotFound):
        joined(town, tour_id, "neighbour", shipment_id)
    joined(town, tour_id, "farm", shipment_id)
    with pytest.raises(Refusal) as twice:
        joined(town, tour_id, "farm", shipment_id)
    assert twice.value.code == "shipment_not_open"
    past_cutoff(town)
    with pytest.raises(Refusal) as late:
        joined(town, tour_id, "neighbour", sent(town, "neighbour"))
    assert late.value.code == "cutoff_passed"


def test_who_joins_takes_back_its_bids_elsewhere_and_never_pays_above_its_day_alone(town):
    trip_id = announced(town)
    elsewhere = sent_tomorrow(town)
    bid_id = bidden(town, trip_id, elsewhere)
    hours = {"opens_at": TOMORROW, "closes_at": TOMORROW + 6 * HOUR, "cutoff_at": TOMORROW - HOUR}
    joined(town, proposed(town, **hours), "neighbour", elsewhere)
    assert the_bid(town, bid_id).state == "withdrawn"
    past_cutoff(town)
    with pytest.raises(Refusal):
        accepted(town, bid_id)


def test_who_leaves_before_the_cutoff_is_free_and_the_others_keep_a_plan(town):
    tour_id, (first, second) = two_aboard(town)
    leave_tour(town.house.desk, town.actor("farm"), town.ask("farm"), first)
    assert row(town, market.shipment, row(town, sign_up, first).shipment_id).state == "open"
    with town.house.desk.store.view() as view:
        world = tour_world(town.house.desk, view, find_tour(view, tour_id))
        assert world.aboard == (row(town, sign_up, second).shipment_id,)
        assert check(*world.committed) == () and world.committed[1].served == set(world.aboard)
    past_cutoff(town)
    with pytest.raises(Refusal):
        leave_tour(town.house.desk, town.actor("neighbour"), town.ask("neighbour"), second)


@pytest.mark.parametrize("search_s", [0.0, 0.3])
def test_a_confirmed_tour_is_shared_to_the_cent_and_nobody_pays_above_alone_or_the_price(town, search_s):
    tour_id, ups = two_aboard(town)
    past_cutoff(town)
    result = planned(town, tour_id, search_s=search_s)
    assert result["state"] == "confirmed" == row(town, tour, tour_id).state
    rows = [row(town, sign_up, one) for one in ups]
    assert {one.state for one in rows} == {"riding"}
    for one in rows:
        assert 0 < one.share_cents <= min(one.alone_cents, 4 * one.crate_cents)
        assert pending(town, party_account(one.payer_id)) == -one.share_cents
    assert sum(one.share_cents for one in rows) + result["gap_cents"] == result["cost_cents"]
    assert pending(town, tour_account(tour_id)) == 0
    assert pending(town, fee_account(town.parties["operator"])) == 50
    assert pending(town, party_account(town.parties["carrier"])) == result["cost_cents"] - 50
    assert (ledger(town).sum_cents, ledger(town).unbalanced) == (0, 0)


def test_a_tour_whose_optimiser_is_killed_stands_on_its_plan_of_insertions(town):
    tour_id, _ = two_aboard(town)
    past_cutoff(town)
    result = planned(town, tour_id, search_s=0.5, engine=crash)
    assert (result["state"], result["riding"]) == ("confirmed", 2)


def test_a_search_that_nobody_waits_for_any_more_ends_at_once(town):
    tour_id, _ = two_aboard(town)
    past_cutoff(town)
    began = time.monotonic()
    with pytest.raises(JobCancelled):
        plan_tour(town.house.desk, tour_id, Impatient(), search_s=2.0, engine=hang)
    assert time.monotonic() - began < 4, "all searches would take longer"
    assert row(town, tour, tour_id).state == "proposed"


def test_a_tour_below_its_minimum_is_refused_and_everybody_is_free_again(town):
    tour_id, ups = two_aboard(town, minimum_crates=9)
    assert planned(town, tour_id)["state"] == "proposed"
    past_cutoff(town)
    assert planned(town, tour_id)["reason"]["code"] == "minimum_not_met"
    for one in (row(town, sign_up, up) for up in ups):
        assert (one.state, row(town, market.shipment, one.shipment_id).state) == ("turned", "open")
    assert row(town, tour, tour_id).state == "refused"


def test_a_tour_that_cannot_be_paid_is_refused_with_what_is_missing(town):
    tour_id, _ = two_aboard(town, fixed_cents=20_000)
    past_cutoff(town)
    reason = planned(town, tour_id)["reason"]
    assert reason["code"] == "tour_not_payable" and "missing" in reason["detail"]
    assert ledger(town).transfers == 0


def test_a_named_account_takes_the_gap_and_owes_it(town):
    tour_id, _ = two_aboard(
        town, fixed_cents=20_000, gap_cents=100_000, gap_party_id=town.parties["operator"]
    )
    past_cutoff(town)
    result = planned(town, tour_id)
    assert result["gap_cents"] > 0
    assert pending(town, party_account(town.parties["operator"])) == -result["gap_cents"]
    assert pending(town, tour_account(tour_id)) == 0


def test_planning_again_settles_anew_and_leaves_no_second_debt(town):
    tour_id, ups = two_aboard(town)
    past_cutoff(town)
    first = planned(town, tour_id)
    before = [row(town, sign_up, one).share_cents for one in ups]
    second = planned(town, tour_id)
    after = [row(town, sign_up, one).share_cents for one in ups]
    assert second["cost_cents"] <= first["cost_cents"] and after == before
    assert pending(town, party_account(town.parties["farm"])) == -after[0]


@pytest.mark.parametrize("name", ["farm", "neighbour"])
def test_planning_a_confirmed_tour_again_raises_nobodys_share(town, name):
    """What a party would pay alone may change with its day; what it agreed to pay here does not rise."""
    tour_id, ups = two_aboard(town)
    planned(town, tour_id)
    before = [row(town, sign_up, one).share_cents for one in ups]
    sent(town, name, to="shop", crates=9)
    planned(town, tour_id)
    after = [row(town, sign_up, one).share_cents for one in ups]
    assert all(now <= then for now, then in zip(after, before, strict=True))


def test_leaving_a_tour_confirmed_early_settles_it_anew_for_the_others(town):
    tour_id, (first, second) = two_aboard(town)
    assert planned(town, tour_id)["state"] == "confirmed"
    leave_tour(town.house.desk, town.actor("farm"), town.ask("farm"), first)
    assert row(town, tour, tour_id).state == "proposed"
    assert pending(town, party_account(town.parties["neighbour"])) == 0
    assert row(town, sign_up, second).state == "joined"
    told = told_of(town, "tour.reopened")
    assert told == {town.parties[one] for one in ("neighbour", "carrier", "operator")}


def test_who_joins_while_the_tour_is_planned_is_planned_too(town):
    tour_id, _ = two_aboard(town)
    late = sent(town, "farm", to="shop", crates=2)
    watch = Watch(saving=lambda: joined(town, tour_id, "farm", late))
    assert plan_tour(town.house.desk, tour_id, watch, search_s=0.0)["riding"] == 3
    assert watch.steps.count("saving") == 2


def test_a_change_after_somebody_joined_is_only_in_their_favour(town):
    tour_id, _ = two_aboard(town)
    desk, who = town.house.desk, town.actor("operator")
    seen, ask = revision_of(town, tour_id), town.ask("operator")
    change_tour(desk, who, ask, tour_id, seen, words(town, crate_cents=300))
    with pytest.raises(Refusal) as refused:
        change_tour(desk, who, town.ask("operator"), tour_id, seen + 1, words(town, crate_cents=301))
    assert refused.value.code == "joiners_harmed"


def test_a_cancelled_tour_frees_everybody_and_nothing_is_owed(town):
    tour_id, ups = two_aboard(town)
    planned(town, tour_id)
    cancel_tour(town.house.desk, town.actor("operator"), town.ask("operator"), tour_id, None)
    assert {row(town, market.shipment, row(town, sign_up, one).shipment_id).state for one in ups} == {"open"}
    for name in ("farm", "neighbour", "carrier"):
        assert pending(town, party_account(town.parties[name])) == 0


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"opens_at": EVENING - 60, "cutoff_at": EVENING - 120}, "hours_past"),
        ({"cutoff_at": EVENING - 60}, "cutoff_over"),
        ({"crate_cents": 0}, "crate_price_missing"),
    ],
)
def test_a_tour_that_is_over_or_that_nobody_pays_for_is_not_proposed(town, other, code):
    with pytest.raises(Refusal) as refused:
        proposed(town, **other)
    assert refused.value.code == code


def test_a_crate_may_cost_nothing_where_an_account_takes_the_gap(town):
    gap = {"gap_cents": 5_000, "gap_party_id": town.parties["operator"]}
    assert proposed(town, crate_cents=0, **gap)
