"""
Read the outbox and write down who is to be told: one notice per event, channel and reader.

Any number of workers may do this at once: a batch of events is taken by moving the cursor on from
where it was seen, in the transaction that writes its notices, so each event is read once.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Row
from sqlalchemy.exc import IntegrityError

from pooling.desk.desk import Desk, Moved
from pooling.store import Tx
from pooling.store.notices import (
    add_notices,
    advance,
    carrier_of,
    drop_waiting,
    events_after,
    parties_told,
    read_to,
    reader_of_token,
    readers_of,
    webhooks_of,
)
from pooling.store.people import member
from pooling.store.rows import NotFound, changed
from pooling.telling.quiet import after_quiet
from pooling.telling.topics import FOR_DRIVERS, FOR_PARTNERS, MAILED

BATCH = 200

UNSUBSCRIBED = "unsubscribed"


def write_notices(desk: Desk) -> int:
    """Write the notices of every event that was not read yet; returns how many events those were."""
    read = 0
    while True:
        with desk.store.view() as view:
            seen = read_to(view)
            last = [event.id for event in events_after(view, seen or 0, BATCH)]
        if not last:
            return read
        try:
            read += desk.store.change(lambda tx, seen=seen: _write_batch(desk, tx, seen))  # type: ignore[misc]
        except (Moved, IntegrityError):
            return read  # another worker is at it


def unsubscribe(desk: Desk, token: str) -> None:
    """Send no more mail to the member whose mails hold this token; a second time changes nothing."""

    def save(tx: Tx) -> None:
        row = reader_of_token(tx, token)
        if row is None:
            raise NotFound(kind="link", id="")
        if row.mail_on:
            changed(tx, member, row, {"mail_on": False})
        drop_waiting(tx, "mail", row.id, UNSUBSCRIBED)

    desk.store.change(save)


def _write_batch(desk: Desk, tx: Tx, seen: int | None) -> int:
    events = events_after(tx, seen or 0, BATCH)
    if not events or not advance(tx, seen, events[-1].id):
        raise Moved
    told = parties_told(tx, (event.id for event in events))
    everybody = {party_id for parties in told.values() for party_id in parties}
    readers, hooks = _by_party(readers_of(tx, everybody)), _by_party(webhooks_of(tx, everybody))
    rows = []
    for event in events:
        parties = told.get(event.id, set())
        concerned = [hook for party_id in parties for hook in hooks.get(party_id, [])]
        hook_ids = sorted({hook.id for hook in concerned if _wants(tx, hook, event)})
        rows += [_notice(event, "webhook", hook_id, tx.now_at) for hook_id in hook_ids]
        for reader in _mailed(tx, event, [one for party_id in parties for one in readers.get(party_id, [])]):
            due_at = after_quiet(tx.now_at, reader.quiet_from_s, reader.quiet_until_s, desk.timezone)
            rows.append(_notice(event, "mail", reader.id, due_at))
    add_notices(tx, rows)
    return len(events)


def _wants(tx: Tx, hook: Row[Any], event: Row[Any]) -> bool:
    """Tell whether a webhook is posted an event; a partner carrier only those of its own manifests."""
    if hook.carries == "events":
        return True
    return event.topic in FOR_PARTNERS and carrier_of(tx, event.about_kind, event.about_id) == hook.party_id


def _mailed(tx: Tx, event: Row[Any], acting: Iterable[Row[Any]]) -> Iterator[Row[Any]]:
    """Return each member once who is mailed this event; nobody is told what it did itself."""
    if event.topic not in MAILED:
        return
    driven_by = carrier_of(tx, event.about_kind, event.about_id) if event.topic in FOR_DRIVERS else ""
    seen = {event.by_member_id}
    for reader in acting:
        wanted = reader.duty == "manager" or (bool(driven_by) and reader.party_id == driven_by)
        if wanted and reader.id not in seen:
            seen.add(reader.id)
            yield reader


def _notice(event: Row[Any], channel: str, target_id: str, due_at: int) -> dict[str, object]:
    return {"outbox_id": event.id, "channel": channel, "target_id": target_id, "due_at": due_at}


def _by_party(rows: Iterable[Row[Any]]) -> Mapping[str, list[Row[Any]]]:
    grouped: dict[str, list[Row[Any]]] = {}
    for row in rows:
        grouped.setdefault(row.party_id, []).append(row)
    return grouped
