"""Jobs: one row is the truth; taken under a lease, fenced, tried again with a limit, stopped when asked."""

import json
from itertools import pairwise

import pytest

from geodata.refusal import Refusal
from pooling.store.jobs import cancel, end, find_job, renew
from pooling.work.jobs import JOBS, JobCancelled, enqueue, register
from pooling.work.working import Held, run, take_one, work_once


class NoSuchTour(Refusal):
    code = "no_such_tour"
    reason = "There is no tour {tour}."
    cure = "Name another."


@pytest.fixture
def kinds():
    """Forget the kinds that a test registers."""
    before = dict(JOBS)
    yield register
    JOBS.clear()
    JOBS.update(before)


def asked(town, kind="count", **arguments):
    return town.house.desk.store.change(
        lambda tx: enqueue(tx, kind, arguments, "tour", "tour_1", town.members["operator"])
    )


def row_of(town, job_id):
    with town.house.desk.store.view() as view:
        return find_job(view, job_id)


def test_a_job_is_done_outside_any_transaction_and_its_result_kept(town, kinds):
    def count(desk, arguments, progress):
        desk.store.change(lambda _tx: None)  # would wait for ever inside a transaction of SQLite
        progress("counting", 0.5)
        return {"sum": arguments["a"] + 1}

    kinds("count", count)
    job_id = asked(town, a=2)
    assert row_of(town, job_id).state == "queued"
    assert work_once(town.house.desk) and not work_once(town.house.desk)
    row = row_of(town, job_id)
    assert (row.state, row.step, row.progress, json.loads(row.result)) == (
        "done",
        "counting",
        1.0,
        {"sum": 3},
    )


def test_a_kind_that_this_process_does_not_know_waits_for_one_that_does(town):
    job_id = asked(town, "from-tomorrow")
    assert not work_once(town.house.desk)
    assert row_of(town, job_id).state == "queued"


def test_a_job_waits_until_its_hour(town, clock, kinds):
    kinds("count", lambda *_: {})
    desk = town.house.desk
    desk.store.change(lambda tx: enqueue(tx, "count", {}, "tour", "t", None, tx.now_at + 60))
    assert not work_once(desk)
    clock.forward(60)
    assert work_once(desk)


def test_a_worker_that_lost_its_lease_can_write_nothing_more(town, clock, kinds):
    kinds("count", lambda *_: {"by": "second"})
    job_id = asked(town)
    desk = town.house.desk
    first = take_one(desk)
    assert take_one(desk) is None
    clock.forward(31)
    second = take_one(desk)
    assert (second.job_id, second.attempt) == (job_id, 2)
    assert not desk.store.change(lambda tx: renew(tx, first, 30))
    assert not desk.store.change(lambda tx: end(tx, first, "done", result="{}"))
    with pytest.raises(JobCancelled):
        Held(desk, first)("on I go", 0.5)
    with pytest.raises(JobCancelled):
        desk.store.change(Held(desk, first).fence)
    run(Held(desk, second))
    assert json.loads(row_of(town, job_id).result) == {"by": "second"}


def test_what_a_fenced_transaction_wrote_is_undone_where_the_lease_was_lost(town, clock, kinds):
    kinds("count", lambda *_: {})
    asked(town)
    desk = town.house.desk
    lost = Held(desk, take_one(desk))
    clock.forward(31)
    take_one(desk)

    def work(tx):
        enqueue(tx, "count", {}, "tour", "late", None)
        lost.fence(tx)

    with pytest.raises(JobCancelled):
        desk.store.change(work)
    clock.forward(-31)
    assert take_one(desk) is None


def test_a_job_that_goes_wrong_is_tried_three_times_ever_later_then_fails(town, clock, kinds):
    tries = []

    def fail(desk, arguments, progress):
        tries.append(desk.clock.now())
        raise ValueError("secret words")

    kinds("count", fail)
    job_id = asked(town)
    desk = town.house.desk
    waits = []
    for _ in range(100):
        if not work_once(desk):
            clock.forward(1)
    waits = [later - earlier for earlier, later in pairwise(tries)]
    row = row_of(town, job_id)
    assert (row.state, row.attempt, waits) == ("failed", 3, [5, 10])
    assert json.loads(row.reason)["code"] == "job_went_wrong" and "secret" not in row.reason


def test_a_refusal_ends_a_job_at_once_with_its_code(town, kinds):
    def refuse(desk, arguments, progress):
        raise NoSuchTour(tour="T9")

    kinds("count", refuse)
    job_id = asked(town)
    work_once(town.house.desk)
    row = row_of(town, job_id)
    reason = json.loads(row.reason)
    assert (row.state, row.attempt) == ("failed", 1)
    assert (reason["code"], reason["detail"]) == ("no_such_tour", "There is no tour T9.")


def test_a_job_whose_workers_all_die_fails_after_the_last(town, clock, kinds):
    kinds("count", lambda *_: {})
    job_id = asked(town)
    desk = town.house.desk
    for _ in range(3):
        assert take_one(desk)
        clock.forward(31)
    assert take_one(desk) is None
    row = row_of(town, job_id)
    assert (row.state, json.loads(row.reason)["code"]) == ("failed", "worker_lost")


def test_a_job_that_waits_is_cancelled_at_once(town, kinds):
    kinds("count", lambda *_: {})
    job_id = asked(town)
    desk = town.house.desk
    assert desk.store.change(lambda tx: cancel(tx, job_id))
    assert row_of(town, job_id).state == "cancelled" and not work_once(desk)
    assert not desk.store.change(lambda tx: cancel(tx, job_id))


def test_a_job_that_runs_is_asked_to_stop_and_stops_at_its_next_step(town, kinds):
    reached = []

    def count(desk, arguments, progress):
        progress("first", 0.1)
        desk.store.change(lambda tx: cancel(tx, job_id))
        reached.append("asked")
        progress("second", 0.2)
        reached.append("second")
        return {}

    kinds("count", count)
    job_id = asked(town)
    work_once(town.house.desk)
    assert (row_of(town, job_id).state, reached) == ("cancelled", ["asked"])


def test_a_cancelled_job_whose_worker_died_is_not_taken_up_again(town, clock, kinds):
    kinds("count", lambda *_: {})
    job_id = asked(town)
    desk = town.house.desk
    take_one(desk)
    desk.store.change(lambda tx: cancel(tx, job_id))
    clock.forward(31)
    assert take_one(desk) is None
    assert row_of(town, job_id).state == "cancelled"


def test_a_job_given_back_by_a_worker_that_stops_is_taken_up_at_once_and_nothing_is_counted(town, kinds):
    kinds("count", lambda *_: {})
    job_id = asked(town)
    desk = town.house.desk
    held = Held(desk, take_one(desk))
    held.release()
    with pytest.raises(JobCancelled):
        held("on I go", 0.5)
    again = take_one(desk)
    assert (again.job_id, again.attempt) == (job_id, 1)
    assert again.holder != held.lease.holder
