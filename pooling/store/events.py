"""Reading the outbox: what happened, in order, and only what these parties may know."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, func, or_, select

from pooling.store.sight import about_visible
from pooling.store.transaction import View
from pooling.store.work import outbox, outbox_party

DRIVER_TOPICS = ("ride.frozen", "run.begun", "handover.done", "handover.failed", "run.ended")
"""What a driver is told of the party it drives for: its manifests, and nothing more."""

_TOLD_SINCE = (
    select(outbox_party.c.party_id)
    .where(
        outbox_party.c.party_id.in_(bindparam("parties", expanding=True)),
        outbox_party.c.outbox_id > bindparam("after"),
    )
    .distinct()
)
_NEWEST = select(func.coalesce(func.max(outbox.c.id), 0))


@dataclass(frozen=True)
class Reader:
    """Hold whose events are read: all of what is managed, the rides of what is driven, or everything."""

    manages: frozenset[str] = frozenset()
    drives: frozenset[str] = frozenset()
    everything: bool = False


def events_after(view: View, reader: Reader, after: int, limit: int) -> list[Row[Any]]:
    """Return the events that follow this id, the oldest first."""
    query = select(outbox).where(outbox.c.id > after)
    told = or_(*_told(reader, after))
    if reader.everything:
        seen = view.seen_by(*reader.manages, *reader.drives)
        told = or_(told, about_visible(seen, outbox.c.about_kind, outbox.c.about_id))
    query = query.where(told)
    return list(view.connection.execute(query.order_by(outbox.c.id).limit(limit)))


def newest_event(view: View) -> int:
    """Return the id of the newest event, 0 where nothing ever happened."""
    return int(view.connection.execute(_NEWEST).scalar_one())


def parties_told_since(view: View, after: int, parties: Collection[str]) -> tuple[int, frozenset[str]]:
    """Return the newest id, and which of these parties any event after this one is for."""
    told = view.connection.execute(_TOLD_SINCE, {"parties": sorted(parties), "after": after})
    return newest_event(view), frozenset(told.scalars())


def _told(reader: Reader, after: int) -> list[ColumnElement[bool]]:
    return [
        outbox.c.id.in_(_of(reader.manages, after)),
        and_(outbox.c.topic.in_(DRIVER_TOPICS), outbox.c.id.in_(_of(reader.drives, after))),
    ]


def _of(party_ids: Collection[str], after: int) -> Select[tuple[int]]:
    return select(outbox_party.c.outbox_id).where(
        outbox_party.c.party_id.in_(list(party_ids)), outbox_party.c.outbox_id > after
    )
