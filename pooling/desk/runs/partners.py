"""
What comes back from another carrier's system: events of its runs, as files and as signed messages.

Each is done by the same change as a driver's own word: papers, custody, codes and money hold as ever, and
what they refuse is told beside its line while the others are kept. What goes out: ``partner_messages``.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from geodata.refusal import Refusal
from pooling.carriers.plates import must_be_plate
from pooling.desk.actor import Actor, NotAllowed
from pooling.desk.desk import Desk
from pooling.desk.runs.departing import name_vehicle
from pooling.desk.runs.handovers import HandoverWords, begin_run, end_run, hand_over
from pooling.desk.runs.repairing_runs import RepairWords, repair_manifest
from pooling.files.collection_file import LINES, ListTooLong, read_list, read_objects
from pooling.files.spreadsheet import Spreadsheet
from pooling.manifest import first_number
from pooling.runs.partner_events import EventKind, PartnerEvent, read_events
from pooling.store import Ask
from pooling.store.notices import webhook_if_any
from pooling.store.partners import manifest_named, note_taken, taken_before
from pooling.store.rows import NotFound
from pooling.telling.partner_signature import SignatureWrong, must_be_signed

EVENTS_LIMIT = 200
"""Events in one file or message: each is a change of its own, done before it is answered."""

COLUMNS = {
    "event_reused": "id",
    "not_found": "manifest",
    "not_on_manifest": "shipment",
    "code_wrong": "code",
    "code_spent": "code",
    "happened_later": "at",
    "happened_before": "at",
    "happened_too_soon": "at",
    "empties_too_many": "empties",
    "plate_unreadable": "plate",
    "reason_out_of_place": "reason",
    "failure_unexplained": "reason",
    "more_than_held": "crates",
    "damaged_more_than_there": "damaged",
    "promises_break": "anyway",
}
"""The column that a refusal of the desk is most likely about; else it is about what is told at all."""


class EventReused(Refusal):
    code = "event_reused"
    reason = "The event {event} was taken before, with other words."
    cure = "Give each event an id of its own; correct a handover on its page, or by correct_handover."


@dataclass(frozen=True)
class EventLine:
    """Hold what became of one line: taken, known from before, or refused, by column."""

    line: int
    event: str
    outcome: str
    faults: tuple[tuple[str, Refusal], ...] = ()


@dataclass(frozen=True)
class EventsTaken:
    """Hold what became of each line, and what of the header was left unread."""

    lines: tuple[EventLine, ...]
    unread: tuple[Refusal, ...]


@dataclass(frozen=True)
class _Hand:
    """Hold on whose word events are taken, and for which carrier."""

    who: Actor
    duties: frozenset[tuple[str, str]]
    party_id: str


def take_events_file(
    desk: Desk, who: Actor, party_id: str, raw: bytes | None, rows: Sequence[object] = ()
) -> EventsTaken:
    """Take a file of events of a carrier's runs, from its own managers, or from an operator."""
    if not (who.is_operator or who.acts_for(party_id)):
        raise NotAllowed(who="its own members")
    sheet = read_objects(rows) if raw is None else read_list(raw)
    return _taken(desk, _Hand(who, who.duties, party_id), sheet)


def take_events_message(desk: Desk, webhook_id: str, headers: Mapping[str, str], body: bytes) -> EventsTaken:
    """
    Take events that a partner's system posted, signed with the secret of its webhook.

    They are noted on the word of whoever connected it: once that member acts for the carrier no more,
    nothing is taken until another connects it anew.
    """
    with desk.store.view() as view:
        hook = webhook_if_any(view, webhook_id)
    text = body.decode("utf-8", "replace")
    if hook is None or hook.carries != "manifests" or not hook.active or not hook.member_id:
        raise SignatureWrong
    must_be_signed(hook.secret, headers, text, desk.clock.now())
    who = Actor(hook.member_id, {}, frozenset({hook.party_id}))
    return _taken(desk, _Hand(who, frozenset({(hook.party_id, "manager")}), hook.party_id), read_list(body))


def _taken(desk: Desk, hand: _Hand, sheet: Spreadsheet) -> EventsTaken:
    if len(sheet.lines) > EVENTS_LIMIT:
        raise ListTooLong(limit=EVENTS_LIMIT, unit=LINES)
    read = read_events(sheet, desk.timezone)
    found = {one.line: _line(desk, hand, one) for one in read.good}
    for bad in read.bad:
        before = found.get(bad.line, EventLine(bad.line, read.named[bad.line], "refused"))
        found[bad.line] = replace(before, faults=(*before.faults, (bad.column, bad.refusal)))
    return EventsTaken(tuple(found[at] for at in sorted(found)), read.unread)


def _line(desk: Desk, hand: _Hand, event: PartnerEvent) -> EventLine:
    """Take one event, unless it was taken before."""
    try:
        with desk.store.view() as view:
            before = taken_before(view, hand.party_id, event.id)
            if before and before != event.fingerprint:
                raise EventReused(event=event.id)
            row = manifest_named(view, hand.party_id, event.manifest, first_number(event.manifest))
            if row is None:
                raise NotFound(kind="manifest", id=event.manifest)
        if before:
            return EventLine(event.line, event.id, "known")
        _do(desk, hand, event, row.id)
    except Refusal as refusal:
        return EventLine(event.line, event.id, "refused", ((COLUMNS.get(refusal.code, "kind"), refusal),))
    desk.store.change(lambda tx: note_taken(tx, hand.party_id, event.id, event.fingerprint, row.id))
    return EventLine(event.line, event.id, "taken")


def _do(desk: Desk, hand: _Hand, event: PartnerEvent, manifest_id: str) -> None:
    """Do what an event tells, as if its driver had said it here."""
    who, ask = hand.who, _ask(hand, event)
    if event.kind == EventKind.DEPARTED:
        if event.plate:
            must_be_plate(event.plate)
            name_vehicle(desk, who, _ask(hand, event, "plate"), manifest_id, event.plate)
        begin_run(desk, who, ask, manifest_id)
    elif event.kind == EventKind.LATE:
        words = RepairWords("late", minutes=event.minutes, anyway=event.anyway)
        repair_manifest(desk, who, ask, manifest_id, words)
    elif event.kind == EventKind.ARRIVED:
        end_run(desk, who, ask, manifest_id)
    else:
        hand_over(desk, who, ask, manifest_id, _handover(event))


def _handover(event: PartnerEvent) -> HandoverWords:
    same = ("way", "crates", "lost", "damaged", "condition", "outcome", "receiver", "note", "code", "reason")
    more = ("next_step", "next_day", "next_with", "temperature_tenths", "lat", "lon")
    return HandoverWords(
        **{name: getattr(event, name) for name in (*same, *more)},
        shipment_id=event.shipment,
        happened_at=event.at,
        empties=dict(event.empties),
    )


def _ask(hand: _Hand, event: PartnerEvent, step: str = "") -> Ask:
    words = f"{hand.party_id}\n{event.id}\n{step}"
    key = f"partner-{hashlib.sha256(words.encode()).hexdigest()}"
    return Ask(hand.who.member_id, key, event.fingerprint, hand.duties)
