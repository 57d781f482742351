"""Money and jobs on both databases, with many at once: one settles, one is paid, one takes the job."""

from functools import partial

import pytest

from geodata.refusal import Refusal
from pooling.desk.payments import PaymentWords, record_payment
from pooling.store import Page
from pooling.store.events import newest_event, parties_told_since
from pooling.store.jobs import cancel
from pooling.store.ledger import Purpose, check_ledger, expire, party_account, pend, post, void
from pooling.store.statements import Balance, balance_of, balances_with, list_transfers, statement_of
from pooling.work.jobs import JOBS, enqueue
from pooling.work.workers import work_off
from pooling.work.working import take_one, work_once
from tests.desk.servers import at_once


@pytest.fixture
def town(market):
    """Return the town on each database."""
    return market


@pytest.fixture
def kinds():
    before = dict(JOBS)
    JOBS["count"] = lambda *_: {"sum": 1}
    yield
    JOBS.clear()
    JOBS.update(before)


def agreed(town, cents):
    sides = [party_account(town.parties[name]) for name in ("neighbour", "farm")]
    return town.house.desk.store.change(lambda tx: pend(tx, *sides, cents, Purpose("bid", "bid_1", "ride")))


def settled(store, how, transfer_id):
    return store.change(lambda tx: how(tx, transfer_id))


def test_of_many_who_settle_at_once_one_does(town):
    store = town.house.desk.store
    for _ in range(5):
        transfer_id = agreed(town, 100)
        ways = [post, void, expire] * 3
        answers = at_once(*(partial(settled, store, how, transfer_id) for how in ways))
        refused = [one for one in answers if isinstance(one, Refusal)]
        assert {one.code for one in refused} == {"transfer_settled"} and len(refused) == len(ways) - 1
    with store.view() as view:
        found = check_ledger(view)
    assert (found.transfers, found.sum_cents, found.unbalanced) == (10, 0, 0)


def test_payments_recorded_at_once_never_exceed_the_debt(town):
    store = town.house.desk.store
    transfer_id = agreed(town, 1000)
    store.change(lambda tx: post(tx, transfer_id))
    words = PaymentWords(town.parties["neighbour"], town.parties["farm"], 300)
    farm = town.actor("farm")
    asks = [town.ask("farm") for _ in range(8)]
    answers = at_once(*(lambda ask=ask: record_payment(town.house.desk, farm, ask, words) for ask in asks))
    assert sum(isinstance(one, str) for one in answers) == 3
    with store.view() as view:
        assert balance_of(view, town.parties["farm"]) == Balance(0, 100)
        assert balances_with(view, town.parties["farm"]) == {town.parties["neighbour"]: Balance(0, 100)}
        assert len(list_transfers(view, [town.parties["farm"]], Page())[0]) == 4
        statement = statement_of(view, town.parties["farm"], 0, 2**40)
        assert sum(row.line_cents for row in statement.lines) == statement.closing_cents == 100
        both = {town.parties["farm"], town.parties["neighbour"]}
        assert parties_told_since(view, 0, {*both, town.parties["restaurant"]}) == (newest_event(view), both)
        assert parties_told_since(view, newest_event(view), both) == (newest_event(view), frozenset())


def test_of_many_workers_each_job_is_taken_by_one(town, kinds):
    desk = town.house.desk
    for _ in range(4):
        desk.store.change(lambda tx: enqueue(tx, "count", {}, "tour", "t", None))
    taken = [one.job_id for one in at_once(*[lambda: take_one(desk)] * 8) if one is not None]
    assert len(taken) == len(set(taken))
    while (more := take_one(desk)) is not None:
        taken.append(more.job_id)
    assert len(taken) == len(set(taken)) == 4


def test_jobs_run_and_stop_and_the_round_of_duties_goes(town, kinds):
    desk = town.house.desk
    first, second = (
        desk.store.change(lambda tx: enqueue(tx, "count", {}, "tour", "t", None)) for _ in range(2)
    )
    assert desk.store.change(lambda tx: cancel(tx, first))
    assert work_off(desk) == 1 and not work_once(desk) and second
