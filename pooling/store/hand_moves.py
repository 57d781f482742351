"""
What operators did by hand on tours: table and queries. Entries are added, never changed: an undo is one more.

One act on two tours is two entries that share a ``move_id``. What is held on a tour is what its newest entry
left held, of those that have been aboard since: who left and came back holds nothing.
"""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, Row, String, Table, UniqueConstraint, select

from pooling.store.rows import Page, added, paged
from pooling.store.schema import ID_LENGTH, key, link, metadata, moment, whole, words
from pooling.store.tours import sign_ups_aboard
from pooling.store.transaction import Tx, View
from pooling.tours.holds import NOTHING_HELD, Held, Holds, read_holds

hand_move = Table(
    "hand_move",
    metadata,
    key(),
    Column("move_id", String(ID_LENGTH), nullable=False, index=True),  # the same on each tour of one act
    Column("undoes_id", String(ID_LENGTH), nullable=False, default="", index=True),  # the act taken back
    link("tour_id", "tour"),
    Column("other_tour_id", String(ID_LENGTH), nullable=False, default=""),
    link("member_id", "member"),
    words("kind"),
    whole("tour_revision"),  # that it left the tour at
    words("asked"),  # JSON: what was asked for
    words("before"),  # JSON: order, holds, figures
    words("after"),
    moment("created_at"),
    UniqueConstraint("tour_id", "tour_revision"),
)


def add_hand_move(tx: Tx, **values: object) -> str:
    return added(tx, hand_move, "hand", **values)


def holds_of(view: View, tour_id: str) -> Holds:
    """Return what operators hold on a tour now."""
    newest = newest_hand_move(view, tour_id)
    if newest is None:
        return NOTHING_HELD
    stayed = (one for one in sign_ups_aboard(view, tour_id) if one.created_at <= newest.created_at)
    return read_holds(json.loads(newest.after)["holds"]).among(one.shipment_id for one in stayed)


def held_on(view: View, tour_ids: Iterable[str]) -> Held:
    """Return what is held on each of these tours on which anything is."""
    found = {one: holds_of(view, one) for one in tour_ids}
    return {one: holds for one, holds in found.items() if holds != NOTHING_HELD}


def newest_hand_move(view: View, tour_id: str) -> Row[Any] | None:
    query = select(hand_move).where(hand_move.c.tour_id == tour_id)
    return view.connection.execute(query.order_by(hand_move.c.tour_revision.desc()).limit(1)).one_or_none()


def hand_moves_since(view: View, tour_id: str, revision: int, limit: int) -> list[Row[Any]]:
    """List what was done by hand on a tour since it stood at a revision, the oldest first."""
    query = select(hand_move).where(hand_move.c.tour_id == tour_id, hand_move.c.tour_revision > revision)
    return list(view.connection.execute(query.order_by(hand_move.c.tour_revision).limit(limit)))


def list_hand_moves(view: View, tour_id: str, page: Page) -> tuple[list[Row[Any]], str]:
    return paged(view, select(hand_move).where(hand_move.c.tour_id == tour_id), hand_move, page)


def entries_of(view: View, move_id: str) -> list[Row[Any]]:
    """Return the entries of one act, one for each tour that it touched."""
    query = select(hand_move).where(hand_move.c.move_id == move_id)
    return list(view.connection.execute(query.order_by(hand_move.c.tour_id)))


def move_to_undo(view: View, tour_id: str) -> Row[Any] | None:
    """Return the newest act on a tour that is no undo and was not undone."""
    undone = select(hand_move.c.undoes_id).where(hand_move.c.undoes_id != "")
    query = select(hand_move).where(
        hand_move.c.tour_id == tour_id, hand_move.c.undoes_id == "", hand_move.c.move_id.not_in(undone)
    )
    return view.connection.execute(query.order_by(hand_move.c.tour_revision.desc()).limit(1)).one_or_none()
