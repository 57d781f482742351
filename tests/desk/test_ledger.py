"""The ledger: whatever happens in whatever order, it adds up to nothing and nothing settles twice."""

import json
from datetime import date
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import delete, insert, update
from typer.testing import CliRunner

from api.commands.cli import app
from geodata.refusal import Refusal
from pooling.desk.corrections import CorrectionWords, correct_transfer
from pooling.desk.payments import PENDING_KEPT_S, PaymentAboveDebt, PaymentWords, record_payment
from pooling.ledger.ledger_proof import Entry, Row, Walk
from pooling.store.ledger import (
    Purpose,
    account_balances,
    fee_account,
    party_account,
    pay,
    pend,
    post,
    tour_account,
    transfer_state,
)
from pooling.store.rows import added
from pooling.store.statements import Balance, balance_of, balances_with, statement_of
from pooling.store.touring import tour
from pooling.store.work import entry, transfer
from pooling.work.workers import work_off
from tests.desk.ledger_machine import RIDE, LedgerMachine, opened
from tests.houses import MORNING
from tests.thorough import examples


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


def played(store, **how):
    machine = type("Machine", (LedgerMachine,), {"store": store})
    usual = {"deadline": None, "suppress_health_check": list(HealthCheck), "database": None}
    try:
        run_state_machine_as_test(machine, settings=settings(**usual, **how))
    finally:
        store.close()


def test_whatever_happens_in_whatever_order_it_adds_up_though_any_write_crashes():
    played(opened("sqlite://"), max_examples=examples(12, 3).max_examples, stateful_step_count=20)


def test_the_same_holds_on_postgresql(postgresql):
    played(opened(postgresql), max_examples=3, stateful_step_count=12, derandomize=True)


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


def checked(tmp_path, *options):
    environment = {"CARRIOLE_STATE": str(tmp_path), "DATABASE_URL": "", "DATABASE_URL_FILE": ""}
    return CliRunner().invoke(app, ["ledger", "check", *options], env=environment)


def test_the_command_tells_that_a_ledger_is_right(town, tmp_path):
    ridden(town, "neighbour", "farm", 1200)
    right = checked(tmp_path, "--json")
    found = json.loads(right.stdout)
    assert right.exit_code == 0 and (found["transfers"], found["sum_cents"]) == (2, 0)


STRAY = {"layer": "posted", "account": "party:x", "cents": 1}


def entries_of(row):
    return entry.c.transfer_id == row.id


def said(**values):
    """Say a transfer anew behind the ledger's back."""
    return lambda row: update(transfer).where(transfer.c.id == row.id).values(**values)


TAMPERED = {
    "an entry more": (0, lambda row: insert(entry).values(transfer_id=row.id, **STRAY)),
    "an entry less": (0, lambda row: delete(entry).where(entries_of(row), entry.c.cents < 0)),
    "a cent moved": (1, lambda row: update(entry).where(entries_of(row)).values(cents=entry.c.cents * 2)),
    "another account": (1, lambda row: update(entry).where(entries_of(row)).values(account="party:x")),
    "words without entries": (1, said(cents=7)),
    "more than was pending": (1, said(cents=9999)),
    "settles what is not there": (1, said(pending_id="tr_0")),
    "other sides": (1, said(payee="party:x")),
    "a payment of nothing": (2, said(cents=1)),
    "gives back too much": (3, said(cents=1201)),
    "corrects what is not there": (3, said(about_id="tr_0")),
}
"""What is done to which row: pending, posted of it, a payment, a correction of what was posted."""


@pytest.mark.parametrize("what", TAMPERED)
def test_the_command_names_the_first_row_that_was_tampered_with(town, tmp_path, what):
    pending = change(town, lambda tx: pend(tx, *accounts(town, "neighbour", "farm"), 1200, RIDE))
    posted = change(town, lambda tx: post(tx, pending))
    paid_id = paid(town, "neighbour", "farm", 1000)
    asks = town.house.desk, town.actor("operator"), town.ask("operator")
    given = correct_transfer(*asks, pending, CorrectionWords("counted twice", 200))
    at, spoil = TAMPERED[what]
    row = SimpleNamespace(id=(pending, posted, paid_id, given)[at])
    change(town, lambda tx: tx.connection.execute(spoil(row)))
    wrong, told = checked(tmp_path, "--json"), checked(tmp_path)
    assert wrong.exit_code == told.exit_code == 1
    found = json.loads(wrong.stdout)
    assert found["breaks_at"] == row.id and found["why"] and row.id in told.stdout


def test_no_operator_gives_back_what_its_own_party_paid_and_what_it_was_paid_it_may(town):
    ask, both = (town.house.desk, town.actor("operator")), accounts(town, "operator", "farm")
    owed = change(town, lambda tx: pay(tx, *both, 500, RIDE))
    due = change(town, lambda tx: pay(tx, *reversed(both), 500, RIDE))
    with pytest.raises(Refusal) as caught:
        correct_transfer(*ask, town.ask("operator"), owed, CorrectionWords("mine"))
    assert caught.value.code == "correction_in_own_favour"
    assert correct_transfer(*ask, town.ask("operator"), due, CorrectionWords("counted twice"))


def test_a_payment_settled_twice_behind_the_ledgers_back_is_found(town):
    """The database keeps one settlement per transfer; the proof does not lean on it."""
    rows = [Row("a", "pending", "", "party:x", "party:y", 5, "bid", "b", _entries("pending", 5))]
    twice = _entries("pending", -5) + _entries("posted", 5)
    rows += [Row(one, "posted", "a", "party:x", "party:y", 5, "bid", "b", twice) for one in ("b", "c")]
    assert Walk().over(rows).faults[0] == ("c", "it settles a, which was settled before")


def _entries(layer, cents):
    return (Entry(layer, "party:x", -cents), Entry(layer, "party:y", cents))
