"""What was asked before: the same key with the same words gives the same answer, once."""

import hashlib
from dataclasses import dataclass, replace
from typing import Self

from sqlalchemy import bindparam, insert, select

from geodata.refusal import Refusal
from pooling.store.driver import write
from pooling.store.reading import read_row
from pooling.store.transaction import Tx, View
from pooling.store.work import idempotency

KEY_LIMIT = 80

_SEEN = select(idempotency.c.fingerprint, idempotency.c.subject_id).where(
    idempotency.c.member_id == bindparam("member"), idempotency.c.key == bindparam("its_key")
)
_REMEMBERING = insert(idempotency)


class KeyReused(Refusal):
    code = "idempotency_key_reused"
    reason = "The key {key} was used before for another request."
    cure = "Make a new key for each new wish; repeat a key only to repeat the very same request."


@dataclass(frozen=True)
class Ask:
    """
    Hold who asks, and by which key the same wish is known again.

    ``fingerprint`` tells the same key with other words apart: a hash of the operation and its words.
    ``duties`` are the parties that it acted for as it asked, each with its duty there.
    """

    member_id: str
    key: str
    fingerprint: str
    duties: frozenset[tuple[str, str]] = frozenset()

    def part(self, name: str) -> Self:
        """Return the wish for one of the steps of a wish."""
        return replace(self, key=hashlib.sha256(f"{self.key} {name}".encode()).hexdigest())


def answered(view: View, ask: Ask) -> str | None:
    """Return the id that this wish was answered with before, or ``None``."""
    its = {"member": ask.member_id, "its_key": ask.key}
    seen = read_row(view, _SEEN, its)
    if seen is None:
        return None
    if seen.fingerprint != ask.fingerprint:
        raise KeyReused(key=ask.key)
    return str(seen.subject_id)


def remember(tx: Tx, ask: Ask, subject_id: str) -> None:
    """Note the answer with the change. A second one at the same moment fails on the primary key."""
    write(
        tx.connection,
        _REMEMBERING,
        {
            "member_id": ask.member_id,
            "key": ask.key,
            "fingerprint": ask.fingerprint,
            "subject_id": subject_id,
            "created_at": tx.now_at,
        },
    )
