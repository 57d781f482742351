"""Several wishes in one call: each is done or refused by itself, a good one beside a bad one."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from geodata.refusal import Refusal
from pooling.desk.desk import Desk
from pooling.store import Ask
from pooling.store.idempotency import KeyReused, answered

W = TypeVar("W")

LINES_LIMIT = 30
"""Wishes in one call."""


def each_by_itself(
    desk: Desk, ask: Ask, wishes: Sequence[W], do: Callable[[Ask, W], str]
) -> list[str | Refusal]:
    """
    Do each wish by a key of its own, made from the call's; returns the id or the refusal of each, in order.

    The same call again does nothing twice: what was done is answered as it was, even where the first call
    broke off between two, and what was refused is tried anew, as any refused wish is.
    """
    with desk.store.view() as view:
        answered(view, ask)
    found: list[str | Refusal] = []
    for number, one in enumerate(wishes, start=1):
        try:
            found.append(do(ask.part(str(number)), one))
        except KeyReused:
            raise
        except Refusal as refusal:
            found.append(refusal)
    desk.once(ask, lambda _tx: "line by line")
    return found
