"""
A ledger that people use in any order, and that breaks down between any two of its writes.

Each step is tried twice: once it crashes inside its transaction, after so many writes, and nothing of it may
be left; then it is done. What every account holds is counted beside it, without the ledger.
"""

from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, rule
from sqlalchemy import delete, event

from pooling.clock import TurnedClock
from pooling.desk.actor import Actor
from pooling.desk.corrections import (
    CorrectionAboveTransfer,
    CorrectionOfClaim,
    CorrectionWords,
    TransferNotPosted,
    correct_transfer,
)
from pooling.desk.desk import Desk
from pooling.party import Role
from pooling.store import Ask, migrate, open_store
from pooling.store.ledger import (
    Purpose,
    TransferSettled,
    account_balances,
    check_ledger,
    expire,
    left_cents,
    pay,
    pend,
    post,
    transfer_state,
    void,
)
from pooling.store.work import entry, idempotency, outbox, outbox_party, transfer
from tests.houses import MORNING

ACCOUNTS = ("party:a", "party:b", "tour:t", "fees:o", "deposit:a", "community:c", "claim:k")
RIDE = Purpose("bid", "bid_1", "6 crates")
UNDO = {"voided": void, "expired": expire}
CRASHES = st.integers(1, 4)
OPERATOR = Actor("", {"o": Role.OPERATOR})


class Crashed(Exception):  # noqa: N818 - a fact
    """The process is gone."""


class Crashes:
    """Raise at the nth write of a change; where it writes less, before its commit."""

    def __init__(self, store):
        self.store, self.left = store, None
        event.listen(store.writer, "before_cursor_execute", self._write)

    def _write(self, _connection, _cursor, statement, *_):
        if self.left is not None and statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            self.left -= 1
            if not self.left:
                raise Crashed

    @contextmanager
    def at(self, write):
        """Crash within; whatever is done there must leave nothing."""
        self.left = write
        event.listen(self.store.writer, "commit", self._commit)
        try:
            with pytest.raises(Crashed):
                yield
        finally:
            event.remove(self.store.writer, "commit", self._commit)
            self.left = None

    def _commit(self, _connection):
        raise Crashed


def opened(url):
    """Open a store whose views see what its changes wrote, in memory too."""
    store = open_store(url, lambda: MORNING)
    if url == "sqlite://":
        store = type(store)(store.writer, store.writer, store.now)
    migrate(store)
    return store


class LedgerMachine(RuleBasedStateMachine):
    """Agree, settle whole or in part, undo, pay, correct: in any order, with crashes, on a real store."""

    store = None
    agreed = Bundle("agreed")
    owed_once = Bundle("owed_once")

    def __init__(self):
        super().__init__()
        self.desk = Desk(self.store, TurnedClock(MORNING), None, "Europe/Paris")
        self.crashes, self.asked = Crashes(self.store), 0
        self.settled, self.left, self.owed, self.coming = {}, {}, {}, {}
        self.transfers = 0
        self.store.change(self._emptied)

    def teardown(self):
        event.remove(self.store.writer, "before_cursor_execute", self.crashes._write)

    @staticmethod
    def _emptied(tx):
        for table in (entry, transfer, outbox_party, outbox, idempotency):
            tx.connection.execute(delete(table))

    def done(self, work, crash):
        """Do a change after it has crashed once at its nth write."""
        with self.store.view() as view:
            before = check_ledger(view)
        with self.crashes.at(crash):
            self.store.change(work)
        with self.store.view() as view:
            assert check_ledger(view) == before
        self.transfers += 1
        return self.store.change(work)

    @rule(target=agreed, sides=st.permutations(ACCOUNTS), cents=st.integers(1, 999), crash=CRASHES)
    def agree(self, sides, cents, crash):
        payer, payee = sides[:2]
        transfer_id = self.done(lambda tx: pend(tx, payer, payee, cents, RIDE), crash)
        self._move(self.coming, payer, payee, cents)
        return SimpleNamespace(id=transfer_id, payer=payer, payee=payee, cents=cents)

    @rule(one=agreed, part=st.integers(1, 999), crash=CRASHES)
    def sign(self, one, part, crash):
        """Post all of it, or less where only a part was done."""
        cents = min(part, one.cents)
        if self._is_settled(one, lambda tx: post(tx, one.id, cents)):
            return
        self.done(lambda tx: post(tx, one.id, cents), crash)
        self._settle(one, "posted")
        self.left[one.id] = cents
        self._move(self.owed, one.payer, one.payee, cents)

    @rule(one=agreed, how=st.sampled_from(sorted(UNDO)), crash=CRASHES)
    def undo(self, one, how, crash):
        if self._is_settled(one, lambda tx: UNDO[how](tx, one.id)):
            return
        self.done(lambda tx: UNDO[how](tx, one.id), crash)
        self._settle(one, how)

    @rule(one=agreed)
    def post_too_much(self, one):
        if one.id not in self.settled:
            with pytest.raises(ValueError, match="part"):
                self.store.change(lambda tx: post(tx, one.id, one.cents + 1))

    @rule(target=owed_once, sides=st.permutations(ACCOUNTS), cents=st.integers(1, 999), crash=CRASHES)
    def pay(self, sides, cents, crash):
        payer, payee = sides[:2]
        transfer_id = self.done(lambda tx: pay(tx, payer, payee, cents, RIDE), crash)
        self.left[transfer_id] = cents
        self._move(self.owed, payer, payee, cents)
        return SimpleNamespace(id=transfer_id, payer=payer, payee=payee, cents=cents)

    @rule(
        target=owed_once,
        one=st.one_of(agreed, owed_once),
        cents=st.one_of(st.none(), st.integers(1, 999)),
        crash=CRASHES,
    )
    def correct(self, one, cents, crash):
        """Give back a part of what is owed, or all that is left, twice by the same wish; no more is ever."""
        left, words = self.left.get(one.id), CorrectionWords("counted twice", cents)
        self.asked += 1
        ask = Ask("", f"wish-{self.asked}", "words")
        if "claim:k" in (one.payer, one.payee):
            with pytest.raises(CorrectionOfClaim):
                correct_transfer(self.desk, OPERATOR, ask, one.id, words)
            return one
        if left is None or not 0 < (cents or left) <= left:
            with pytest.raises(TransferNotPosted if left is None else CorrectionAboveTransfer):
                correct_transfer(self.desk, OPERATOR, ask, one.id, words)
            return one
        with self.crashes.at(crash):
            correct_transfer(self.desk, OPERATOR, ask, one.id, words)
        done = [correct_transfer(self.desk, OPERATOR, ask, one.id, words) for _ in range(2)]
        assert done[0] == done[1]
        self.transfers += 1
        given = SimpleNamespace(id=done[0], payer=one.payee, payee=one.payer, cents=cents or left, of=one)
        self.left[given.id] = given.cents
        self._move(self.owed, given.payer, given.payee, given.cents)
        sign, below = -1, one
        while below is not None:
            self.left[below.id] += sign * given.cents
            sign, below = -sign, getattr(below, "of", None)
        return given

    @invariant()
    def adds_up(self):
        with self.store.view() as view:
            found = check_ledger(view)
            assert (found.sum_cents, found.unbalanced, found.why) == (0, 0, "")
            assert found.transfers == self.transfers
            for account in ACCOUNTS:
                assert account_balances(view, account) == {
                    "pending": self.coming.get(account, 0),
                    "posted": self.owed.get(account, 0),
                }
            for transfer_id, how in self.settled.items():
                assert transfer_state(view, transfer_id) == how
            for transfer_id, cents in self.left.items():
                assert left_cents(view, transfer_id) == cents

    def _is_settled(self, one, work):
        if one.id in self.settled:
            with pytest.raises(TransferSettled):
                self.store.change(work)
        return one.id in self.settled

    def _settle(self, one, how):
        self.settled[one.id] = how
        self._move(self.coming, one.payee, one.payer, one.cents)

    @staticmethod
    def _move(layer, payer, payee, cents):
        layer[payer] = layer.get(payer, 0) - cents
        layer[payee] = layer.get(payee, 0) + cents
