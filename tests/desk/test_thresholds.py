"""Pre-ordering: a tour is confirmed as soon as what is booked on it reaches its minimum, and not before."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import select

from geodata.refusal import Refusal
from pooling.desk.tours.sign_ups import leave_tour
from pooling.desk.tours.tours import change_tour
from pooling.store.touring import sign_up, tour
from pooling.store.work import job, outbox, outbox_party
from pooling.work.wiring import know_all_work
from pooling.work.workers import work_off
from tests.desk.servers import at_once
from tests.desk.touring import joined, ledger, proposed, revision_of, row, sent, words


@pytest.fixture(autouse=True)
def insertions(monkeypatch):
    """Plan without the search: what is tried here is when, and by whom it is asked for."""
    monkeypatch.setattr("pooling.desk.tours.tour_jobs.SEARCH_S", 0.0)
    know_all_work()


def plannings(town):
    with town.house.desk.store.view() as view:
        asked = select(job.c.result).where(job.c.kind == "plan_tour").order_by(job.c.id)
        return [json.loads(one) if one else None for one in view.connection.execute(asked).scalars()]


def told(town, topic):
    of_it = select(outbox_party.c.party_id).join(outbox, outbox.c.id == outbox_party.c.outbox_id)
    with town.house.desk.store.view() as view:
        return set(view.connection.execute(of_it.where(outbox.c.topic == topic)).scalars())


def pre_ordered(town, **other):
    return proposed(town, **({"minimum_crates": 8, "at_threshold": True} | other))


def came(town, tour_id, name, **other):
    """Let somebody join and the house work; returns the sign-up."""
    sign_up_id = joined(town, tour_id, name, sent(town, name, **other))
    work_off(town.house.desk)
    return sign_up_id


def state(town, tour_id):
    return row(town, tour, tour_id).state


def test_a_tour_is_confirmed_at_its_threshold_paid_and_told_to_everybody_and_still_joined(town):
    tour_id = pre_ordered(town)
    first = came(town, tour_id, "farm")
    assert (state(town, tour_id), plannings(town)) == ("proposed", [])
    second = came(town, tour_id, "neighbour")
    assert state(town, tour_id) == "confirmed" and town.clock.now() < row(town, tour, tour_id).cutoff_at
    places = [row(town, sign_up, one) for one in (first, second)]
    assert all(one.state == "riding" and one.share_cents <= one.joined_cents for one in places)
    (planning,) = plannings(town)
    assert planning["cost_cents"] == sum(one.share_cents for one in places) + planning["gap_cents"]
    assert told(town, "tour.confirmed") == {
        town.parties[one] for one in ("farm", "neighbour", "operator", "carrier")
    }
    third = came(town, tour_id, "farm", to="shop", crates=2)
    assert (state(town, tour_id), row(town, sign_up, third).state) == ("confirmed", "riding")
    shares = [row(town, sign_up, one) for one in (first, second)]
    assert all(now.share_cents <= was.share_cents for now, was in zip(shares, places, strict=True))
    assert len(plannings(town)) == 1 and ledger(town).sum_cents == 0


def test_who_leaves_before_the_cut_off_opens_it_again_unless_the_rest_still_reach_the_threshold(town):
    tour_id = pre_ordered(town, gap_cents=2_000, gap_party_id=town.parties["operator"])
    ups = [came(town, tour_id, name, crates=4) for name in ("farm", "neighbour", "farm")]
    leave_tour(town.house.desk, town.actor("farm"), town.ask("farm"), ups[2])
    assert state(town, tour_id) == "proposed"
    work_off(town.house.desk)
    assert state(town, tour_id) == "confirmed"
    leave_tour(town.house.desk, town.actor("farm"), town.ask("farm"), ups[0])
    work_off(town.house.desk)
    assert state(town, tour_id) == "proposed"


def test_a_threshold_that_is_not_paid_yet_leaves_everybody_aboard_and_is_tried_again(town):
    tour_id = pre_ordered(town, minimum_crates=4, crate_cents=60)
    ups = [came(town, tour_id, "farm")]
    assert (state(town, tour_id), plannings(town)[0]["not_yet"]["code"]) == ("proposed", "tour_not_payable")
    for name in ("neighbour", "farm", "neighbour", "farm"):
        ups.append(came(town, tour_id, name))
        if state(town, tour_id) == "confirmed":
            break
    assert state(town, tour_id) == "confirmed" and len(ups) > 1
    assert {row(town, sign_up, one).state for one in ups} == {"riding"}
    assert len(plannings(town)) == len(ups)


def test_without_the_option_a_threshold_waits_for_the_cut_off_and_without_a_minimum_there_is_none(town):
    tour_id = proposed(town, minimum_crates=4)
    came(town, tour_id, "farm")
    assert (state(town, tour_id), plannings(town)) == ("proposed", [])
    desk, who = town.house.desk, town.actor("operator")
    option = words(town, minimum_crates=4, at_threshold=True)
    change_tour(desk, who, town.ask("operator"), tour_id, revision_of(town, tour_id), option)
    assert len(plannings(town)) == 1  # reached already
    with pytest.raises(Refusal) as refused:
        change_tour(
            desk,
            who,
            town.ask("operator"),
            tour_id,
            revision_of(town, tour_id),
            replace(option, minimum_crates=0),
        )
    assert refused.value.code == "threshold_missing"


def test_two_who_reach_the_threshold_at_once_are_confirmed_together_and_once(market):
    """On both databases: each write of the tour's row waits for the other."""
    town = market
    tour_id = pre_ordered(town)
    wishes = [(name, sent(town, name), f"race-{name}") for name in ("farm", "neighbour")]
    answers = at_once(*(lambda w=wish: joined(town, tour_id, w[0], w[1], key=w[2]) for wish in wishes))
    assert not [one for one in answers if isinstance(one, Refusal)]
    assert len(plannings(town)) == 1
    work_off(town.house.desk)
    assert {row(town, sign_up, one).state for one in answers} == {"riding"}
    assert state(town, tour_id) == "confirmed" and len(plannings(town)) == 1
