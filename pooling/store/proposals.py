"""What is kept of proposed tours beside their rows: the prices that were told, and how they stand."""

import json
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, Literal

from sqlalchemy import Row, insert, select

from pooling.party import Role
from pooling.store.people import party
from pooling.store.plans import find_plan
from pooling.store.rows import Page, paged
from pooling.store.touring import sign_up_price
from pooling.store.transaction import Tx, View

Why = Literal[
    "joined",
    "others_joined",
    "own_place",
    "other_left",
    "own_left",
    "planned",
    "own_day",
    "others_day",
    "by_hand",
]
"""Why a place was told a price: its payer's own act where the word begins with ``own``."""


def note_prices(tx: Tx, told: Iterable[tuple[str, int, str, int]]) -> None:
    """
    Write down what sign-ups were told to pay.

    Each with its cents, why it is told now, and what its payer pays for all its places on the tour.
    """
    rows = [
        {
            "id": tx.fresh_id("sup"),
            "sign_up_id": one,
            "share_cents": cents,
            "total_cents": total_cents,
            "why": why,
            "created_at": tx.now_at,
        }
        for one, cents, why, total_cents in told
    ]
    if rows:
        tx.connection.execute(insert(sign_up_price), rows)


def prices_told(view: View, sign_up_id: str, page: Page) -> tuple[list[Row[Any]], str]:
    """List what a sign-up was told to pay, the newest first; of one second the lowest, as it only falls."""
    query = select(sign_up_price).where(sign_up_price.c.sign_up_id == sign_up_id)
    rows, after = paged(view, query, sign_up_price, page)
    return sorted(rows, key=lambda row: (-row.created_at, row.share_cents)), after


def total_before(view: View, sign_up_ids: Sequence[str], before_at: int) -> int | None:
    """Return what a payer was told last for its places together before a moment, if it was told anything."""
    of_it = (sign_up_price.c.sign_up_id.in_(sign_up_ids), sign_up_price.c.created_at < before_at)
    query = select(sign_up_price.c.total_cents).where(*of_it, sign_up_price.c.total_cents.is_not(None))
    newest = query.order_by(sign_up_price.c.created_at.desc(), sign_up_price.c.total_cents).limit(1)
    return view.connection.execute(newest).scalar()


def stops_planned(view: View, plan_id: str) -> int:
    """Count the stops of the plan that a tour stands on: visits one after the other at one site are one."""
    if not plan_id:
        return 0
    visits = json.loads(find_plan(view, plan_id).body)["visits"]
    return sum(1 for _ in groupby(visits, key=lambda visit: visit["site"]))


def carriers_vetted(view: View, limit: int) -> list[Row[Any]]:
    """List the carriers that an operator has vetted, by name."""
    query = select(party).where(party.c.role == Role.CARRIER.value, party.c.vetted)
    return list(view.connection.execute(query.order_by(party.c.name, party.c.id).limit(limit)))
