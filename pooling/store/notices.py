"""
Notices in the store: who is told of which event by mail or webhook, and how far that has come.

A notice is claimed by raising its ``attempt``; whoever is killed while sending leaves it claimed until
``due_at``, when it is sent again under the same id. Mails of one member that fall due together are
one letter, and stay that letter however often it is sent.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, and_, bindparam, delete, func, insert, or_, select, update

from pooling.store.driver import write
from pooling.store.market import bid, order, shipment, trip
from pooling.store.people import member, membership
from pooling.store.reading import read_row, read_rows
from pooling.store.rows import Page, found, paged
from pooling.store.touring import manifest, sign_up, tour
from pooling.store.transaction import Tx, View
from pooling.store.work import cursor, notice, outbox, outbox_party, webhook

CURSOR = "notices"
LETTER_LIMIT = 50
"""How many events one mail may tell of."""

Rows = Sequence[Row[Any]]

_DAYS = {
    **{
        one.name: select(one.c.day).where(one.c.id == bindparam("about"))
        for one in (trip, tour, shipment, manifest)
    },
    "bid": select(trip.c.day).join(bid, bid.c.trip_id == trip.c.id).where(bid.c.id == bindparam("about")),
    "sign_up": select(tour.c.day)
    .join(sign_up, sign_up.c.tour_id == tour.c.id)
    .where(sign_up.c.id == bindparam("about")),
    "order": select(shipment.c.day)
    .join(order, order.c.shipment_id == shipment.c.id)
    .where(order.c.id == bindparam("about")),
}
_MINE = and_(
    notice.c.channel == "mail", notice.c.target_id == bindparam("member"), notice.c.state == "waiting"
)
_DUE = (
    select(notice)
    .where(_MINE, notice.c.due_at <= bindparam("now_at"))
    .order_by(notice.c.outbox_id)
    .limit(bindparam("most"))
)
_BEGUN = select(notice).where(_MINE, notice.c.letter_id == bindparam("letter")).order_by(notice.c.outbox_id)
_MEMBER = select(member).where(member.c.id == bindparam("member"))
_EVENTS = select(outbox).where(outbox.c.id.in_(bindparam("ids", expanding=True)))
_STANDING = update(notice).where(
    notice.c.id == bindparam("notice"), notice.c.attempt == bindparam("seen"), notice.c.state == "waiting"
)


def read_to(view: View, reader: str = CURSOR) -> int | None:
    """Return the last event that a reader of them has done with; ``None`` before the first."""
    return view.connection.execute(
        select(cursor.c.outbox_id).where(cursor.c.name == reader)
    ).scalar_one_or_none()


def events_after(view: View, outbox_id: int, limit: int) -> Rows:
    query = select(outbox).where(outbox.c.id > outbox_id).order_by(outbox.c.id).limit(limit)
    return view.connection.execute(query).all()


def events_about(view: View, topics: Iterable[str], outbox_id: int, limit: int) -> Rows:
    """Return the events on some topics only, after one."""
    query = select(outbox).where(outbox.c.id > outbox_id, outbox.c.topic.in_(sorted(topics)))
    return view.connection.execute(query.order_by(outbox.c.id).limit(limit)).all()


def advance(tx: Tx, seen: int | None, to: int, reader: str = CURSOR) -> bool:
    """Move a reader's cursor on from where it was seen; false where somebody else has moved it."""
    if seen is None:
        tx.connection.execute(insert(cursor).values(name=reader, outbox_id=to))
        return True
    moved = update(cursor).where(cursor.c.name == reader, cursor.c.outbox_id == seen).values(outbox_id=to)
    return tx.connection.execute(moved).rowcount == 1


def parties_told(view: View, outbox_ids: Iterable[int]) -> dict[int, set[str]]:
    """Return which parties may know of each event."""
    told: dict[int, set[str]] = {}
    query = select(outbox_party).where(outbox_party.c.outbox_id.in_(list(outbox_ids)))
    for row in view.connection.execute(query):
        told.setdefault(row.outbox_id, set()).add(row.party_id)
    return told


def readers_of(view: View, party_ids: Iterable[str]) -> Rows:
    """List who acts for these parties and wants mail: ``party_id``, ``duty`` and the member."""
    return view.connection.execute(
        select(membership.c.party_id, membership.c.duty, member)
        .join(member, member.c.id == membership.c.member_id)
        .where(membership.c.party_id.in_(list(party_ids)), member.c.mail_on)
    ).all()


def webhooks_of(view: View, party_ids: Iterable[str]) -> Rows:
    """List the active webhooks of these parties."""
    query = select(webhook).where(webhook.c.party_id.in_(list(party_ids)), webhook.c.active)
    return view.connection.execute(query).all()


def add_notices(tx: Tx, rows: Sequence[Mapping[str, object]]) -> None:
    """Write notices: each with ``outbox_id``, ``channel``, ``target_id`` and ``due_at``."""
    if rows:
        tx.connection.execute(
            insert(notice), [{"id": tx.fresh_id("ntc"), "created_at": tx.now_at, **row} for row in rows]
        )


def carrier_of(view: View, about_kind: str, about_id: str) -> str:
    """Return the party that drives what an event is about; empty where nobody drives it."""
    queries = {
        "trip": select(trip.c.owner_id).where(trip.c.id == about_id),
        "bid": select(trip.c.owner_id).join(bid, bid.c.trip_id == trip.c.id).where(bid.c.id == about_id),
        "tour": select(tour.c.carrier_id).where(tour.c.id == about_id),
        "sign_up": select(tour.c.carrier_id)
        .join(sign_up, sign_up.c.tour_id == tour.c.id)
        .where(sign_up.c.id == about_id),
        "manifest": select(manifest.c.carrier_id).where(manifest.c.id == about_id),
    }
    if about_kind not in queries:
        return ""
    return str(view.connection.execute(queries[about_kind]).scalar() or "")


def day_of(view: View, about_kind: str, about_id: str) -> str:
    """Return the day (``2026-09-12``) of what an event is about; empty where it has none."""
    query = _DAYS.get(about_kind)
    row = None if query is None else read_row(view, query, {"about": about_id})
    return str(row.day) if row is not None else ""


def members_due(view: View, limit: int) -> list[str]:
    """List the members for whom a mail is due, the longest waiting first."""
    query = (
        select(notice.c.target_id)
        .where(notice.c.state == "waiting", notice.c.channel == "mail", notice.c.due_at <= view.now_at)
        .group_by(notice.c.target_id)
        .order_by(func.min(notice.c.due_at))
        .limit(limit)
    )
    return [str(one) for one in view.connection.execute(query).scalars()]


def mails_due(view: View, member_id: str) -> Rows:
    """List what the next letter to a member tells: one that was begun before, else all that is new."""
    rows = read_rows(view, _DUE, {"member": member_id, "now_at": view.now_at, "most": LETTER_LIMIT})
    begun = next((row.letter_id for row in rows if row.letter_id), "")
    return read_rows(view, _BEGUN, {"member": member_id, "letter": begun}) if begun else rows


def posts_due(view: View, limit: int) -> Rows:
    """List the notices due to webhooks, the longest waiting first."""
    query = (
        select(notice)
        .where(notice.c.state == "waiting", notice.c.channel == "webhook", notice.c.due_at <= view.now_at)
        .order_by(notice.c.due_at, notice.c.id)
        .limit(limit)
    )
    return view.connection.execute(query).all()


def claim(tx: Tx, rows: Rows, until_at: int, letter_id: str = "") -> bool:
    """Take notices for sending, all that were read or none; false where somebody else took one."""
    return all(_write(tx, row, attempt=row.attempt + 1, due_at=until_at, letter_id=letter_id) for row in rows)


def settle(tx: Tx, rows: Rows, **values: object) -> None:
    """Write how the sending of notices that were claimed ended, unless somebody else has taken them."""
    for row in rows:
        write(tx.connection, _STANDING, {"notice": row.id, "seen": row.attempt + 1, **values})


def put_off(tx: Tx, channel: str, until_at: int, target_id: str = "") -> None:
    """Let everything wait that is due now on a channel (to one target) and that nobody holds."""
    query = update(notice).where(
        notice.c.channel == channel, notice.c.state == "waiting", notice.c.due_at <= tx.now_at
    )
    if target_id:
        query = query.where(notice.c.target_id == target_id)
    tx.connection.execute(query.values(due_at=until_at))


def drop_waiting(tx: Tx, channel: str, target_id: str, reason: str) -> None:
    """Give up what waits for a target that wants no more."""
    tx.connection.execute(
        update(notice)
        .where(notice.c.channel == channel, notice.c.target_id == target_id, notice.c.state == "waiting")
        .values(state="dropped", reason=reason)
    )


def events_by_id(view: View, outbox_ids: Iterable[int]) -> dict[int, Row[Any]]:
    ids = list(outbox_ids)
    return {row.id: row for row in read_rows(view, _EVENTS, {"ids": ids})} if ids else {}


def list_notices(
    view: View, member_id: str, party_ids: Iterable[str], page: Page
) -> tuple[list[Row[Any]], str]:
    """List what a member was mailed, and what the webhooks of these parties were posted, newest first."""
    hooks = select(webhook.c.id).where(webhook.c.party_id.in_(list(party_ids)))
    mailed = and_(notice.c.channel == "mail", notice.c.target_id == member_id)
    posted = and_(notice.c.channel == "webhook", notice.c.target_id.in_(hooks))
    query = (
        select(notice, outbox.c.topic, outbox.c.about_kind, outbox.c.about_id)
        .join(outbox, outbox.c.id == notice.c.outbox_id)
        .where(or_(mailed, posted))
    )
    return paged(view, query, notice, page)


def find_reader(view: View, member_id: str) -> Row[Any] | None:
    return read_row(view, _MEMBER, {"member": member_id})


def reader_of_token(view: View, token: str) -> Row[Any] | None:
    """Return the member behind the link of its mails."""
    if not token:
        return None
    return view.connection.execute(select(member).where(member.c.unsubscribe_token == token)).one_or_none()


def find_webhook(view: View, webhook_id: str) -> Row[Any]:
    return found(view, webhook, webhook_id)


def webhook_if_any(view: View, webhook_id: str) -> Row[Any] | None:
    return view.connection.execute(select(webhook).where(webhook.c.id == webhook_id)).one_or_none()


def list_webhooks(view: View, party_ids: Iterable[str], page: Page) -> tuple[list[Row[Any]], str]:
    return paged(view, select(webhook).where(webhook.c.party_id.in_(list(party_ids))), webhook, page)


def webhooks_counted(view: View, party_id: str) -> int:
    query = select(func.count()).select_from(webhook).where(webhook.c.party_id == party_id)
    return int(view.connection.execute(query).scalar_one())


def stop_webhook(tx: Tx, webhook_id: str) -> None:
    """Keep a webhook whose receiver wants no more, and post nothing to it."""
    tx.connection.execute(
        update(webhook)
        .where(webhook.c.id == webhook_id)
        .values(active=False, revision=webhook.c.revision + 1)
    )


def delete_webhook(tx: Tx, webhook_id: str) -> None:
    tx.connection.execute(delete(webhook).where(webhook.c.id == webhook_id))


def _write(tx: Tx, row: Row[Any], **values: object) -> bool:
    """Change a waiting notice that is still as it was read."""
    its = {"notice": row.id, "seen": row.attempt, **values}
    return write(tx.connection, _STANDING, its).rowcount == 1
