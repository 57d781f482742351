"""
The proof that a ledger adds up: every transfer walked from the first row, each held against those before.

It shares no code with what writes the ledger. Money is only ever moved between two accounts, in one of two
layers; a settlement names one pending transfer that nothing settled before; a correction gives back no more
than was left.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

CORRECTION = "correction"
"""What a transfer is about that gives back another, or a part of it."""

SETTLES = ("posted", "voided", "expired")


@dataclass(frozen=True)
class Entry:
    layer: str
    account: str
    cents: int


@dataclass(frozen=True)
class Row:
    """Hold one transfer as it was written, with its entries in their order."""

    id: str
    kind: str
    pending_id: str
    payer: str
    payee: str
    cents: int
    about_kind: str
    about_id: str
    entries: tuple[Entry, ...]


@dataclass
class Walk:
    """
    Walk a ledger row by row; ``faults`` names each transfer that breaks a rule, with the rule, in order.

    Costs a few words of memory for each transfer: what may still be settled or given back.
    """

    pending: dict[str, Row] = field(default_factory=dict)
    settled: set[str] = field(default_factory=set)
    posted: dict[str, tuple[str, str]] = field(default_factory=dict)
    left_cents: dict[str, int] = field(default_factory=dict)
    corrects: dict[str, str] = field(default_factory=dict)
    sums_cents: dict[str, int] = field(default_factory=dict)
    faults: list[tuple[str, str]] = field(default_factory=list)

    def over(self, rows: Iterable[Row]) -> "Walk":
        """Walk all of these; returns the walk itself."""
        for row in rows:
            why = self._fault_of(row)
            for one in row.entries:
                self.sums_cents[one.layer] = self.sums_cents.get(one.layer, 0) + one.cents
            if not why and any(self.sums_cents.values()):
                why = "the sum over all accounts is not 0 after it"
            if why:
                self.faults.append((row.id, why))
            self._remember(row)
        return self

    def _fault_of(self, row: Row) -> str:
        """Return the first rule that a transfer breaks; empty where it breaks none."""
        if row.kind not in (SETTLES if row.pending_id else ("pending", "posted")):
            return f"it is {row.kind} and settles {row.pending_id or 'nothing'}"
        if row.cents <= 0 or row.payer == row.payee:
            return "it moves nothing from one account to another"
        if row.pending_id and (why := self._settling_fault(row)):
            return why
        if row.about_kind == CORRECTION and (why := self._correcting_fault(row)):
            return why
        if sorted(map(_as_words, row.entries)) != sorted(map(_as_words, self._entries_of(row))):
            return "its entries are not those of its words"
        return ""

    def _settling_fault(self, row: Row) -> str:
        pending = self.pending.get(row.pending_id)
        if row.kind == "pending" or pending is None:
            return f"it settles {row.pending_id}, which is not pending before it"
        if row.pending_id in self.settled:
            return f"it settles {row.pending_id}, which was settled before"
        if (row.payer, row.payee) != (pending.payer, pending.payee):
            return f"it settles {row.pending_id} between other accounts"
        if row.cents > pending.cents or (row.kind != "posted" and row.cents != pending.cents):
            return f"it settles {row.cents} cents of {pending.cents} pending"
        return ""

    def _correcting_fault(self, row: Row) -> str:
        if row.kind != "posted" or row.about_id not in self.posted:
            return f"it corrects {row.about_id}, which is not posted before it"
        if self.posted[row.about_id] != (row.payee, row.payer):
            return f"it corrects {row.about_id} between other accounts"
        if row.cents > self.left_cents[row.about_id]:
            left = self.left_cents[row.about_id]
            return f"it gives back {row.cents} cents of {row.about_id}, of which {left} are left"
        return ""

    def _entries_of(self, row: Row) -> list[Entry]:
        """Return the entries that a transfer must have by its words."""
        if row.kind == "pending":
            return _moved("pending", row.payer, row.payee, row.cents)
        undone = []
        if row.pending_id:
            undone = _moved("pending", row.payee, row.payer, self.pending[row.pending_id].cents)
        return undone + (_moved("posted", row.payer, row.payee, row.cents) if row.kind == "posted" else [])

    def _remember(self, row: Row) -> None:
        if row.kind == "pending":
            self.pending[row.id] = row
            return
        self.settled.add(row.pending_id)
        if row.kind != "posted":
            return
        known = row.pending_id or row.id
        self.posted[known], self.left_cents[known] = (row.payer, row.payee), row.cents
        if row.about_kind == CORRECTION and not row.pending_id:
            self.corrects[known] = row.about_id
            _give_back(self.left_cents, self.corrects, row.about_id, row.cents)


def _give_back(left_cents: dict[str, int], corrects: Mapping[str, str], corrected: str, cents: int) -> None:
    """Lower what is left of a transfer; where it was a correction itself, the one below has more left."""
    sign = -1
    while corrected:
        left_cents[corrected] = left_cents.get(corrected, 0) + sign * cents
        corrected, sign = corrects.get(corrected, ""), -sign


def _moved(layer: str, payer: str, payee: str, cents: int) -> list[Entry]:
    return [Entry(layer, payer, -cents), Entry(layer, payee, cents)]


def _as_words(one: Entry) -> tuple[str, str, int]:
    return one.layer, one.account, one.cents
