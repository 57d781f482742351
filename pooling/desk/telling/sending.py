"""
Send the notices that are due: mails gathered into letters, events posted to webhooks.

Each is claimed by a change of its own before it is sent and marked after: at least once, under an id
that stays the same, so that whoever receives one twice can tell. What failed is tried again later
and later, for three days at most.
"""

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sqlalchemy import Row

from pooling.desk.desk import Desk, Moved
from pooling.desk.runs.partner_messages import manifest_message
from pooling.desk.telling.notices import UNSUBSCRIBED
from pooling.store import Tx, View
from pooling.store.notices import (
    claim,
    day_of,
    drop_waiting,
    events_by_id,
    find_reader,
    mails_due,
    members_due,
    posts_due,
    put_off,
    settle,
    stop_webhook,
    webhook_if_any,
)
from pooling.store.parties import find_party
from pooling.store.schema import fresh_id
from pooling.store.tours import find_sign_up, find_tour
from pooling.telling.mail import Mail, Mailer, MailFailed
from pooling.telling.quiet import after_quiet
from pooling.telling.topics import AT_HUB, HOURS_CHANGED, TAKEN_OVER, TOUR_CONFIRMED, TOUR_REOPENED, WAITING
from pooling.telling.webhooks import Post, PostFailed, signed

log = logging.getLogger("carriole.notices")

ROUND_LIMIT = 50
"""How many letters, and how many posts, one round sends: other duties wait meanwhile."""

HELD_S = 300
"""How long a notice that is being sent is left to whoever sends it."""

TRIED_FOR_S = 3 * 24 * 3600
FIRST_WAIT_S = 30
LONGEST_WAIT_S = 6 * 3600
AWAY_WAIT_S = 60
"""How long other mail waits where the mail server did not answer."""

SAID = {
    HOURS_CHANGED: ("pickup_at", "drop_at", "drop_from_at", "drop_until_at"),
    TOUR_REOPENED: ("lacks", "missing", "until_at"),
    **dict.fromkeys(WAITING, ("minutes", "cents")),
    **dict.fromkeys(AT_HUB, ("crates", "use", "day")),
    TAKEN_OVER: ("crates",),
}
"""The facts that a mail says, by topic; of a place that is confirmed those of ``Confirmed``."""

Outcome = Literal["sent", "kept", "away"]


@dataclass(frozen=True)
class Confirmed:
    """
    Hold what its payer reads of a place that is confirmed, with what it was told before.

    The event goes to the payer alone, so that no figure here is another's.
    """

    sign_up_id: str
    crates: int
    share_cents: int
    pickup: tuple[int, int]
    drop: tuple[int, int]
    told_cents: int | None
    told_pickup: tuple[int, int] | None
    told_drop: tuple[int, int] | None
    carrier: str


@dataclass(frozen=True)
class Told:
    """
    Hold what one mail says of one event: new hours, why a tour is open again, a place that is confirmed; how
    long a vehicle waited and what is owed for it, how many crates changed vans or come to a hub.

    A tour that is open again says how much of what is ``missing``, and until when one may join. The other
    facts may be anybody's.
    What it is about is named for a link, behind which the reader must sign in and sees what it may.
    """

    topic: str
    day: str
    pickup_at: int | None = None
    drop_at: int | None = None
    about_kind: str = ""
    about_id: str = ""
    lacks: str = ""
    missing: int = 0
    until_at: int | None = None
    drop_from_at: int | None = None
    drop_until_at: int | None = None
    minutes: int = 0
    cents: int | None = None
    crates: int = 0
    use: str = ""
    place: Confirmed | None = None


@dataclass(frozen=True)
class Reader:
    """Hold to whom a letter goes. ``letter_id`` is the same however often the letter is sent."""

    email: str
    language: str
    unsubscribe_token: str
    letter_id: str


@dataclass(frozen=True)
class Senders:
    """
    Hold the ways out of the house, and the hand that writes letters.

    ``rest`` is called after each letter and post: where requests are answered by the same process, they
    shall not wait for a heap of letters.
    """

    mailer: Mailer
    letter: Callable[[Reader, Sequence[Told]], Mail]
    post: Post
    public_url: str = ""
    rest: Callable[[], None] = lambda: None


def send_notices(desk: Desk, senders: Senders) -> int:
    """Send what is due, as far as one round goes; returns how many letters and posts left."""
    with desk.store.view() as view:
        members, posts = members_due(view, ROUND_LIMIT), posts_due(view, ROUND_LIMIT)
    sent = 0
    for member_id in members:
        outcome = _send_letter(desk, senders, member_id)
        sent += outcome == "sent"
        senders.rest()
        if outcome == "away":
            break
    away: set[str] = set()
    for row in posts:
        if row.target_id not in away:
            outcome = _send_post(desk, senders, row)
            sent += outcome == "sent"
            senders.rest()
            away |= {row.target_id} if outcome == "away" else set()
    return sent


def wait_s(attempt: int) -> int:
    """Return how long to wait after so many attempts: 30 s, 90 s, 4.5 min … at most 6 h."""
    return int(min(LONGEST_WAIT_S, FIRST_WAIT_S * 3 ** min(attempt - 1, 10)))


def _send_letter(desk: Desk, senders: Senders, member_id: str) -> Outcome:
    held = _claimed_letter(desk, member_id)
    if held is None:
        return "kept"
    reader, rows = held
    with desk.store.view() as view:
        events = events_by_id(view, (row.outbox_id for row in rows))
        told = [_told(view, events[row.outbox_id]) for row in rows]
    try:
        senders.mailer.send(senders.letter(reader, told))
    except MailFailed as failed:
        _note_failure(desk, rows, str(failed), for_good=failed.for_good)
        if failed.for_good:
            return "kept"
        desk.store.change(lambda tx: put_off(tx, "mail", tx.now_at + AWAY_WAIT_S))
        return "away"
    except Exception as error:
        log.exception("a letter cannot be written")
        _note_failure(desk, rows, type(error).__name__, for_good=False)
        return "kept"
    desk.store.change(lambda tx: settle(tx, rows, state="sent", sent_at=tx.now_at, reason=""))
    return "sent"


def _told(view: View, event: Row[Any]) -> Told:
    facts = json.loads(event.facts)
    day = day_of(view, event.about_kind, event.about_id)
    kind, about_id, place = event.about_kind, event.about_id, None
    if kind == "sign_up":
        row = find_sign_up(view, about_id)
        kind, about_id = "tour", row.tour_id
        if event.topic == TOUR_CONFIRMED and "before" in facts:
            place = _confirmed(view, row, facts)
    said = {name: facts[name] for name in SAID.get(event.topic, ()) if name in facts}
    return Told(event.topic, said.pop("day", day), about_kind=kind, about_id=about_id, place=place, **said)


def _confirmed(view: View, row: Row[Any], facts: dict[str, Any]) -> Confirmed:
    """Read a place that is confirmed as its event tells it, and who drives it now."""
    before = facts["before"]
    carrier = find_party(view, find_tour(view, row.tour_id).carrier_id)
    return Confirmed(
        sign_up_id=row.id,
        crates=facts["crates"],
        share_cents=facts["share_cents"],
        pickup=(facts["pickup_from_at"], facts["pickup_until_at"]),
        drop=(facts["drop_from_at"], facts["drop_until_at"]),
        told_cents=before["told_cents"],
        told_pickup=_window(before["pickup_from_at"], before["pickup_until_at"]),
        told_drop=_window(before["drop_from_at"], before["drop_until_at"]),
        carrier=carrier.name,
    )


def _window(from_at: int | None, until_at: int | None) -> tuple[int, int] | None:
    return None if from_at is None or until_at is None else (from_at, until_at)


def _claimed_letter(desk: Desk, member_id: str) -> tuple[Reader, Sequence[Row[Any]]] | None:
    """Take what is due to a member, if it still wants mail and does not sleep."""

    def work(tx: Tx) -> tuple[Reader, Sequence[Row[Any]]] | None:
        rows, reader = mails_due(tx, member_id), find_reader(tx, member_id)
        if reader is None or not reader.mail_on:
            drop_waiting(tx, "mail", member_id, UNSUBSCRIBED)
            return None
        wakes_at = after_quiet(tx.now_at, reader.quiet_from_s, reader.quiet_until_s, desk.timezone)
        if wakes_at > tx.now_at:
            put_off(tx, "mail", wakes_at, member_id)
            return None
        letter_id = next((row.letter_id for row in rows if row.letter_id), fresh_id("ltr", tx.now_at))
        if not rows or not claim(tx, rows, tx.now_at + HELD_S, letter_id):
            raise Moved
        return Reader(reader.email, reader.language, reader.unsubscribe_token, letter_id), rows

    try:
        return desk.store.change(work)
    except Moved:
        return None


def _send_post(desk: Desk, senders: Senders, row: Row[Any]) -> Outcome:
    if not desk.store.change(lambda tx: claim(tx, [row], tx.now_at + HELD_S)):
        return "kept"
    with desk.store.view() as view:
        hook, event = webhook_if_any(view, row.target_id), events_by_id(view, [row.outbox_id])[row.outbox_id]
        body = _body(view, senders, hook, event)
    if hook is None or not hook.active:
        desk.store.change(lambda tx: drop_waiting(tx, "webhook", row.target_id, "removed"))
        return "away"
    if not body:
        desk.store.change(lambda tx: settle(tx, [row], state="dropped", reason="no manifest"))
        return "kept"
    try:
        senders.post(hook.url, signed(hook.secret, row.id, desk.clock.now(), body), body)
    except PostFailed as failed:
        return _note_post_failure(desk, row, failed)
    except Exception as error:
        log.exception("an event cannot be posted")
        _note_failure(desk, [row], type(error).__name__, for_good=False)
        return "kept"
    desk.store.change(lambda tx: settle(tx, [row], state="sent", sent_at=tx.now_at, reason=""))
    return "sent"


def _body(view: View, senders: Senders, hook: Row[Any] | None, event: Row[Any]) -> str:
    """Write what a webhook is posted: the event, or to a partner carrier the manifest as it stands now."""
    if hook is None or hook.carries == "events":
        return event_words(event)
    about = (event.topic, event.about_kind, event.about_id)
    return manifest_message(view, hook.party_id, *about, senders.public_url)


def event_words(event: Row[Any]) -> str:
    """Write an event as every reader of events is given it."""
    words = {
        "id": event.id,
        "topic": event.topic,
        "about_kind": event.about_kind,
        "about_id": event.about_id,
        "facts": json.loads(event.facts),
        "created": datetime.fromtimestamp(event.created_at, UTC).isoformat().replace("+00:00", "Z"),
    }
    return json.dumps(words, ensure_ascii=False)


def _note_post_failure(desk: Desk, row: Row[Any], failed: PostFailed) -> Outcome:
    _note_failure(desk, [row], str(failed), for_good=failed.for_good)

    def work(tx: Tx) -> None:
        if failed.gone:
            stop_webhook(tx, row.target_id)
            drop_waiting(tx, "webhook", row.target_id, str(failed))
        elif failed.away:
            put_off(tx, "webhook", tx.now_at + wait_s(row.attempt + 1), row.target_id)

    if not (failed.gone or failed.away):
        return "kept"
    desk.store.change(work)
    return "away"


def _note_failure(desk: Desk, rows: Sequence[Row[Any]], why: str, *, for_good: bool) -> None:
    """Write when notices are tried again, or that they are given up."""

    def work(tx: Tx) -> None:
        for row in rows:
            again_at = tx.now_at + wait_s(row.attempt + 1)
            given_up = for_good or again_at > row.created_at + TRIED_FOR_S
            state = {"state": "dropped"} if given_up else {"due_at": again_at}
            settle(tx, [row], reason=why, **state)

    desk.store.change(work)
