"""A region's day planned as a job: advice; watched, stopped, told once, for operators only."""

from datetime import date

import pytest

from geodata.refusal import Refusal
from pooling.desk import NotAllowed
from pooling.desk.jobs import cancel_job
from pooling.desk.tours.day_plans import ask_plan_day, plan_day_job, seen_day_plan, suggest_tours
from pooling.store import Page
from pooling.store.day_plans import list_day_plans, list_lines
from pooling.store.market import shipment
from pooling.store.rows import NotFound
from pooling.store.touring import tour
from pooling.work.jobs import JobCancelled
from pooling.work.working import work_once
from tests.desk.test_market_wire import API, get, made
from tests.desk.test_rounds import proposed as round_proposed
from tests.desk.test_tours import told_of
from tests.desk.touring import Watch, joined, proposed, row, sent

ON = date(2026, 9, 12)


def planned(town, watch=None):
    words = {"day": ON.isoformat(), "member": town.actor("operator").member_id}
    return plan_day_job(town.house.desk, words, watch or Watch())


def lines(town, plan_id):
    with town.house.desk.store.view() as view:
        found, _ = list_lines(view, plan_id, Page("", 50))
    return {one.shipment_id: one for one in found}


def test_open_shipments_find_a_place_and_who_joined_stays_on_its_tour(town):
    tour_id = proposed(town)
    aboard, free = sent(town, "farm"), sent(town, "neighbour")
    joined(town, tour_id, "farm", aboard)
    told = planned(town)
    found = lines(town, told["day_plan"])
    assert (told["shipments"], told["riding"], told["tours"]) == (2, 2, 1)
    assert {one.tour_id for one in found.values()} == {tour_id}
    assert (found[aboard].joined, found[free].joined) == ("yes", "")
    assert all(0 <= one.share_cents <= one.alone_cents for one in found.values())
    assert row(town, shipment, free).state == "open", "nobody is put on a tour"
    assert told["pooled"]["distance_m"] <= told["alone"]["distance_m"]


def test_whoever_joined_is_put_on_no_cheaper_tour(town):
    dear = proposed(town, crate_cents=1)
    aboard = [sent(town, name) for name in ("farm", "neighbour")]
    for name, one in zip(("farm", "neighbour"), aboard, strict=True):
        joined(town, dear, name, one)
    cheap = {"cents_per_km": 1, "cents_per_hour": 10, "fixed_cents": 0, "crate_cents": 900}
    proposed(town, **cheap)
    sent(town, "neighbour")
    found = lines(town, planned(town)["day_plan"])
    assert {found[one].tour_id for one in aboard} <= {dear, ""}


def test_who_is_left_behind_is_told_why_and_how_many_crates_would_ride(client, town):
    tour_id = proposed(town, ambient_crates=1, chilled_crates=0, frozen_crates=0, crate_cents=9_000)
    left = sent(town, "farm")
    told = planned(town)
    assert told["left"] == 1 and '"code"' in lines(town, told["day_plan"])[left].reason
    path = f"/day-plans/{told['day_plan']}/shipments?riding=false"
    (line,) = get(client, town, "operator", path).json()["items"]
    changes = {one["change"]: one for one in line["alternatives"]}
    assert changes["size"]["crates"] == 1 and changes["size"]["tour"] == tour_id
    assert changes["size"]["most_cents"] > 0 == changes["size"]["missing_cents"]


def test_a_plan_is_stopped_at_its_next_step_and_leaves_nothing(town):
    proposed(town)
    sent(town, "farm")

    def stop():
        raise JobCancelled

    with pytest.raises(JobCancelled):
        planned(town, Watch(tours=stop))
    assert get_plans(town) == []


def test_what_is_beyond_the_limits_of_one_planning_is_counted_in_its_answer(town, monkeypatch):
    monkeypatch.setattr("pooling.desk.tours.day_plans.SHIPMENTS_PLANNED_LIMIT", 1)
    monkeypatch.setattr("pooling.desk.tours.day_plans.TOURS_PLANNED_LIMIT", 1)
    for _ in range(2):
        proposed(town)
    for _ in range(3):
        sent(town, "farm")
    told = planned(town)
    assert (told["shipments"], told["shipments_unseen"], told["tours_unseen"]) == (1, 2, 1)


def get_plans(town):

    with town.house.desk.store.view() as view:
        return list_day_plans(view, ON, Page("", 50))[0]


def test_a_day_without_tours_or_shipments_is_refused_and_so_is_whoever_does_not_operate(town):
    desk, operator = town.house.desk, town.actor("operator")
    for enter, what in ((lambda: None, "tour"), (lambda: proposed(town), "shipment")):
        enter()
        with pytest.raises(Refusal) as refused:
            ask_plan_day(desk, operator, town.ask("operator"), ON)
        assert refused.value.code == "nothing_to_plan" and what in refused.value.sentence
    sent(town, "farm")
    with pytest.raises(NotAllowed):
        ask_plan_day(desk, town.actor("farm"), town.ask("farm"), ON)
    plan_id = planned(town)["day_plan"]
    with desk.store.view() as view, pytest.raises(NotFound):
        seen_day_plan(view, town.actor("carrier"), plan_id)


def test_payers_are_told_once_where_their_crates_would_ride(town):
    tour_id = proposed(town)
    joined(town, tour_id, "farm", sent(town, "farm"))
    sent(town, "neighbour")
    desk, plan_id = town.house.desk, planned(town)["day_plan"]
    suggest_tours(desk, town.actor("operator"), town.ask("operator"), plan_id)
    assert told_of(town, "tour.suggested") == {town.parties["neighbour"]}
    with pytest.raises(Refusal, match="already"):
        suggest_tours(desk, town.actor("operator"), town.ask("operator"), plan_id)


def test_a_day_is_planned_by_one_call_over_the_wire(client, town):
    proposed(town)
    sent(town, "farm")
    asked = client.post(f"{API}/day-plans", json={"day": ON.isoformat()}, headers=town.headers("operator"))
    assert asked.status_code == 202, asked.text
    while work_once(town.house.desk):
        pass
    job = get(client, town, "operator", f"/jobs/{asked.json()['job']}").json()
    assert job["state"] == "done", job
    plan_id = job["result"]["day_plan"]
    plan = get(client, town, "operator", f"/day-plans/{plan_id}").json()
    assert (plan["riding"], plan["suggested"]) == (1, None)
    assert get(client, town, "operator", "/day-plans").json()["items"] == [plan]
    (line,) = get(client, town, "operator", f"/day-plans/{plan_id}/shipments?riding=true").json()["items"]
    assert line["tour"].startswith("tour_") and line["why"] is None
    assert get(client, town, "farm", f"/day-plans/{plan_id}").status_code == 404
    assert get(client, town, "farm", "/day-plans").status_code == 403
    told = made(client, town, "operator", f"/day-plans/{plan_id}/suggest")
    assert told["suggested"] is not None


def test_the_same_driver_is_preferred_by_the_price_of_its_round_and_the_rate_is_told(town):
    """Ana's tour is half a euro cheaper; that Lou comes, who drives the round, is worth ten."""
    round_id = round_proposed(town, first_day=date(2026, 9, 13))
    own, other = proposed(town), proposed(town, driver="Ana", fixed_cents=50)
    for name in ("farm", "neighbour"):
        sent(town, name)
    told = planned(town)
    assert {one.tour_id for one in lines(town, told["day_plan"]).values()} == {other}
    assert told["round_tours"] == 0

    def of_the_round(tx):
        for at, one in enumerate((own, other)):
            values = {"round_id": round_id, "round_day": date(2026, 9, 11 + at)}
            tx.connection.execute(tour.update().where(tour.c.id == one).values(**values))

    town.house.desk.store.change(of_the_round)
    told = planned(town)
    assert {one.tour_id for one in lines(town, told["day_plan"]).values()} == {own}
    assert (told["round_tours"], told["same_driver"]) == (1, 1)
    assert told["pooled"]["cents"] > 0


def test_who_asks_for_a_day_that_is_being_planned_joins_the_job_until_it_is_stopped(town):
    proposed(town)
    sent(town, "farm")
    desk, operator = town.house.desk, town.actor("operator")
    first, again = (ask_plan_day(desk, operator, town.ask("operator"), ON) for _ in range(2))
    assert first == again
    cancel_job(desk, operator, town.ask("operator"), first)
    assert ask_plan_day(desk, operator, town.ask("operator"), ON) != first
