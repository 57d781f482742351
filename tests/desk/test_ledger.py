"""The ledger: whatever happens in whatever order, it adds up to nothing and nothing settles twice."""

from datetime import date
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule
from sqlalchemy import insert
from typer.testing import CliRunner

from api.cli import app
from pooling.desk.payments import PENDING_KEPT_S, PaymentAboveDebt, PaymentWords, record_payment
from pooling.store import migrate, open_store
from pooling.store.ledger import (
    Purpose,
    TransferSettled,
    account_balances,
    check_ledger,
    expire,
    fee_account,
    party_account,
    pay,
    pend,
    post,
    tour_account,
    transfer_state,
    void,
)
from pooling.store.rows import added
from pooling.store.statements import Balance, balance_of, balances_with, statement_of
from pooling.store.touring import tour
from pooling.store.work import entry
from pooling.workers import work_off
from tests.houses import MORNING

RIDE = Purpose("bid", "bid_1", "6 crates")
SETTLE = {"posted": post, "voided": void, "expired": expire}


def change(town, work):
    return town.house.desk.store.change(work)


def look(town, read, *arguments):
    with town.house.desk.store.view() as view:
        return read(view, *arguments)


def accounts(town, *names):
    return [party_account(town.parties[name]) for name in names]


def ridden(town, payer, payee, cents):
    transfer_id = change(town, lambda tx: pend(tx, *accounts(town, payer, payee), cents, RIDE))
    change(town, lambda tx: post(tx, transfer_id))


def paid(town, payer, payee, cents):
    words = PaymentWords(town.parties[payer], town.parties[payee], cents, "bank")
    return record_payment(town.house.desk, town.actor(payee), town.ask(payee), words)


def toured(town, shares, card_cents, fee_cents):
    """Post a tour of the operator by the carrier."""

    def work(tx):
        tour_id = added(
            tx,
            tour,
            "tour",
            operator_id=town.parties["operator"],
            carrier_id=town.parties["carrier"],
            day=date(2026, 9, 12),
            start_site_id=town.sites["carrier"],
            end_site_id=town.sites["carrier"],
            opens_at=0,
            closes_at=1,
            payload_kg=1,
            fixed_cents=0,
            cents_per_km=0,
            cents_per_hour=0,
            cents_per_stop=0,
            crate_cents=0,
            cutoff_at=0,
        )
        purpose = Purpose("tour", tour_id, "share")
        for name, cents in shares.items():
            pay(tx, party_account(town.parties[name]), tour_account(tour_id), cents, purpose)
        pay(tx, tour_account(tour_id), party_account(town.parties["carrier"]), card_cents, purpose)
        pay(tx, tour_account(tour_id), fee_account(town.parties["operator"]), fee_cents, purpose)

    change(town, work)


class AnyOrder(RuleBasedStateMachine):
    """Agree, settle in every way, pay: in any order, on a real store."""

    agreed = Bundle("agreed")

    def __init__(self):
        super().__init__()
        self.store = open_store("sqlite://", lambda: MORNING)
        self.store = type(self.store)(self.store.writer, self.store.writer, self.store.now)
        migrate(self.store)
        self.settled = {}
        self.owed = {}
        self.coming = {}

    def teardown(self):
        self.store.close()

    @rule(
        target=agreed,
        sides=st.permutations(["party:a", "party:b", "tour:t", "fees:o"]),
        cents=st.integers(1, 999),
    )
    def agree(self, sides, cents):
        payer, payee = sides[:2]
        transfer_id = self.store.change(lambda tx: pend(tx, payer, payee, cents, RIDE))
        self._move(self.coming, payer, payee, cents)
        return SimpleNamespace(id=transfer_id, payer=payer, payee=payee, cents=cents)

    @rule(one=agreed, how=st.sampled_from(sorted(SETTLE)))
    def settle(self, one, how):
        if one.id in self.settled:
            with pytest.raises(TransferSettled):
                self.store.change(lambda tx: SETTLE[how](tx, one.id))
            return
        self.store.change(lambda tx: SETTLE[how](tx, one.id))
        self.settled[one.id] = how
        self._move(self.coming, one.payee, one.payer, one.cents)
        if how == "posted":
            self._move(self.owed, one.payer, one.payee, one.cents)

    @rule(sides=st.permutations(["party:a", "party:b"]), cents=st.integers(1, 999))
    def pay(self, sides, cents):
        self.store.change(lambda tx: pay(tx, *sides, cents, RIDE))
        self._move(self.owed, *sides, cents)

    @rule(one=agreed)
    def fail(self, one):
        """A change that fails in its middle leaves nothing behind."""

        def work(tx):
            pend(tx, one.payer, one.payee, 5, RIDE)
            raise RuntimeError

        with pytest.raises(RuntimeError):
            self.store.change(work)

    @invariant()
    def adds_up(self):
        with self.store.view() as view:
            found = check_ledger(view)
            assert (found.sum_cents, found.unbalanced) == (0, 0)
            for account in ("party:a", "party:b", "tour:t", "fees:o"):
                assert account_balances(view, account) == {
                    "pending": self.coming.get(account, 0),
                    "posted": self.owed.get(account, 0),
                }
            for transfer_id, how in self.settled.items():
                assert transfer_state(view, transfer_id) == how

    @staticmethod
    def _move(layer, payer, payee, cents):
        layer[payer] = layer.get(payer, 0) - cents
        layer[payee] = layer.get(payee, 0) + cents


AnyOrder.TestCase.settings = settings(
    max_examples=12, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
TestAnyOrder = AnyOrder.TestCase


def test_the_worked_example_of_a_ride(town):
    ridden(town, "neighbour", "farm", 1200)
    paid(town, "neighbour", "farm", 1000)
    farm, neighbour = town.parties["farm"], town.parties["neighbour"]
    assert look(town, balance_of, farm) == Balance(0, 200)
    assert look(town, balances_with, neighbour) == {farm: Balance(0, -200)}


def test_the_worked_example_of_a_tour(town):
    toured(town, {"farm": 6000, "neighbour": 4500}, 10000, 500)
    operator = town.parties["operator"]
    assert look(town, balances_with, operator) == {
        town.parties["farm"]: Balance(0, 6000),
        town.parties["neighbour"]: Balance(0, 4500),
        town.parties["carrier"]: Balance(0, -10000),
    }
    paid(town, "farm", "operator", 6000)
    paid(town, "neighbour", "operator", 4500)
    paid(town, "operator", "carrier", 10000)
    for name in ("farm", "neighbour", "carrier", "operator"):
        assert look(town, balance_of, town.parties[name]) == Balance(0, 0)
    assert look(town, account_balances, party_account(operator))["posted"] == -500
    assert look(town, account_balances, fee_account(operator))["posted"] == 500


def test_a_participant_of_a_tour_learns_nothing_of_the_others(town):
    toured(town, {"farm": 6000, "neighbour": 4500}, 10000, 500)
    assert set(look(town, balances_with, town.parties["farm"])) == {town.parties["operator"]}
    assert set(look(town, balances_with, town.parties["carrier"])) == {town.parties["operator"]}


def test_what_is_owed_may_be_paid_in_full_and_not_a_cent_above(town):
    ridden(town, "neighbour", "farm", 1200)
    paid(town, "neighbour", "farm", 1200)
    with pytest.raises(PaymentAboveDebt) as refused:
        paid(town, "neighbour", "farm", 1)
    assert refused.value.facts["owes_cents"] == 0


def test_what_was_agreed_may_be_paid_before_it_is_done(town):
    transfer_id = change(town, lambda tx: pend(tx, *accounts(town, "neighbour", "farm"), 1200, RIDE))
    paid(town, "neighbour", "farm", 1200)
    change(town, lambda tx: post(tx, transfer_id))
    assert look(town, balance_of, town.parties["farm"]) == Balance(0, 0)


def test_a_debt_that_runs_both_ways_is_netted(town):
    ridden(town, "neighbour", "farm", 1200)
    ridden(town, "farm", "neighbour", 500)
    with pytest.raises(PaymentAboveDebt):
        paid(town, "neighbour", "farm", 701)
    paid(town, "neighbour", "farm", 700)
    assert look(town, balance_of, town.parties["neighbour"]) == Balance(0, 0)


def test_opening_and_lines_make_the_closing_of_every_period(town, clock):
    days = []
    for cents in (100, 250, 75):
        ridden(town, "neighbour", "farm", cents)
        days.append(clock.now())
        clock.forward(24 * 3600)
    for first in range(4):
        for last in range(first, 4):
            bounds = [MORNING - 1 + number * 24 * 3600 for number in (first, last)]
            found = look(town, statement_of, town.parties["neighbour"], *bounds)
            assert found.opening_cents == -sum((100, 250, 75)[:first])
            assert found.opening_cents + sum(row.line_cents for row in found.lines) == found.closing_cents


def test_what_was_agreed_and_forgotten_is_owed_no_more(town, clock):
    transfer_id = change(town, lambda tx: pend(tx, *accounts(town, "neighbour", "farm"), 1200, RIDE))
    clock.forward(PENDING_KEPT_S)
    work_off(town.house.desk)
    assert look(town, transfer_state, transfer_id) == "pending"
    clock.forward(1)
    work_off(town.house.desk)
    assert look(town, transfer_state, transfer_id) == "expired"
    assert look(town, balance_of, town.parties["farm"]) == Balance(0, 0)


def test_the_command_tells_a_right_ledger_from_a_wrong_one(town, tmp_path):
    ridden(town, "neighbour", "farm", 1200)
    environment = {"CARRIOLE_STATE": str(tmp_path), "DATABASE_URL": "", "DATABASE_URL_FILE": ""}
    right = CliRunner().invoke(app, ["ledger", "check", "--json"], env=environment)
    assert right.exit_code == 0 and '"transfers": 2' in right.stdout and '"sum_cents": 0' in right.stdout
    wrong = {"transfer_id": None, "layer": "posted", "account": "party:x", "cents": 1}

    def spoil(tx):
        one = tx.connection.execute(entry.select()).first()
        tx.connection.execute(insert(entry).values(**wrong | {"transfer_id": one.transfer_id}))

    change(town, spoil)
    assert CliRunner().invoke(app, ["ledger", "check"], env=environment).exit_code == 1
