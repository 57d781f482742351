"""Drafted tours in the store: each drafting with what its week comes to, and its drafts, best first."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Boolean, Column, Row, Table, func, select

from pooling.store.rows import Page, added, found, paged, writing
from pooling.store.schema import key, link, metadata, moment, revision, whole, words
from pooling.store.transaction import Tx, View

drafting = Table(
    "drafting",
    metadata,
    key(),
    link("operator_id", "party"),
    link("asked_by", "member"),
    words("terms"),  # JSON: days, hours, van and card that it was reckoned with
    words("summary"),  # JSON: flows, riding, left out, kilometres alone and pooled
    moment("created_at"),
)

tour_draft = Table(
    "tour_draft",
    metadata,
    key(),
    link("operator_id", "party"),
    link("drafting_id", "drafting"),
    whole("place"),  # 1 is the draft that saves most kilometres
    whole("weekday"),
    words("area"),
    Column("approximate", Boolean, nullable=False),
    words("body"),  # JSON of pooling.seeding.draft.Draft
    link("tour_id", "tour", optional=True),  # the tour that it became
    moment("created_at"),
    revision(),
)


def add_drafting(
    tx: Tx,
    operator_id: str,
    asked_by: str,
    terms: Mapping[str, Any],
    summary: Mapping[str, Any],
    drafts: Sequence[Mapping[str, Any]],
) -> str:
    """Write what was drafted, best first; returns the drafting."""
    drafting_id = added(
        tx,
        drafting,
        "drf",
        operator_id=operator_id,
        asked_by=asked_by,
        terms=json.dumps(terms),
        summary=json.dumps(summary),
    )
    known = {"operator_id": operator_id, "drafting_id": drafting_id, "created_at": tx.now_at, "revision": 1}
    rows = [
        {"id": tx.fresh_id("dft"), **known, "place": at, **draft} for at, draft in enumerate(drafts, start=1)
    ]
    if rows:
        tx.connection.execute(writing(tour_draft), rows)
    return drafting_id


def find_drafting(view: View, drafting_id: str) -> Row[Any]:
    return found(view, drafting, drafting_id)


def find_draft(view: View, draft_id: str) -> Row[Any]:
    return found(view, tour_draft, draft_id, kind="tour draft")


def list_drafts(view: View, operator_id: str, page: Page) -> tuple[list[Row[Any]], str]:
    """List an operator's drafts of tours, newest first."""
    return paged(view, select(tour_draft).where(tour_draft.c.operator_id == operator_id), tour_draft, page)


def newest_drafting(view: View, operator_id: str) -> Row[Any] | None:
    """Return what an operator had drafted last."""
    mine = select(drafting).where(drafting.c.operator_id == operator_id).order_by(drafting.c.id.desc())
    return view.connection.execute(mine.limit(1)).one_or_none()


def drafts_of(view: View, drafting_id: str, limit: int, skip: int = 0) -> list[Row[Any]]:
    """List the drafts of one drafting, best first."""
    its = select(tour_draft).where(tour_draft.c.drafting_id == drafting_id).order_by(tour_draft.c.place)
    return list(view.connection.execute(its.limit(limit).offset(skip)))


def drafts_counted(view: View, drafting_id: str) -> int:
    its = select(func.count()).select_from(tour_draft).where(tour_draft.c.drafting_id == drafting_id)
    return int(view.connection.execute(its).scalar_one())
