"""
One more record of changing hands, at the end of its shipment's chain.

What is written of a handover, of crates that are passed on later, and of a correction goes through here:
counts add up, hours go forward, and the shipment's state follows from what stands.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.desk import moved_if_changed
from pooling.manifest import most_room
from pooling.runs.custody import DELIVERING, TAKEN, Change, Custody, Way, corrected, custody, signed, standing
from pooling.runs.manifest_json import read_manifest
from pooling.runs.mishaps import Next, Reason, ReasonOutOfPlace, reasons_at
from pooling.store import Tx, View, market
from pooling.store.custody import add_record, as_change, chain_of, empties_of, has_photo
from pooling.store.manifests import handovers_of
from pooling.store.rows import NotFound, changed
from pooling.store.sites import find_site

AHEAD_S = 300
"""How far a phone's clock may be ahead of ours, or two phones apart."""

RECORDS_LIMIT = 100
"""Records of one shipment, corrections among them."""

PLANNED = "planned"

Condition = Literal["good", "damaged", "short", "refused"]


class HappenedLater(Refusal):
    code = "happened_later"
    reason = "What happened cannot lie in the time to come."
    cure = "Set the clock of the phone right, or leave the hour out."


class HappenedBefore(Refusal):
    code = "happened_before"
    reason = "Crates cannot be handed over before they were taken."
    cure = "Set the clock of the phone right, or leave the hour out."


class HappenedTooSoon(Refusal):
    code = "happened_too_soon"
    reason = "Nothing can have happened on manifest {number} before {since}."
    cure = "Write the hour at which it happened, or leave it out."


class EmptiesTooMany(Refusal):
    code = "empties_too_many"
    reason = "{crates} empty {crates:crate/crates} cannot be on board: the vehicle has room for {free} now."
    cure = "Count again; note as many as ride, and leave the others for the next time."


class FailureUnexplained(Refusal):
    code = "failure_unexplained"
    reason = "A handover that failed needs a word on why."
    cure = "Write what was in the way: nobody there, refused, not ready …"


class DamagedMoreThanThere(Refusal):
    code = "damaged_more_than_there"
    reason = "{damaged} damaged {damaged:crate/crates} of {crates} cannot be."
    cure = "Count the damaged ones among those that were there."


class ChainFull(Refusal):
    code = "chain_full"
    reason = "Shipment {shipment} has {limit} records: no more can be noted of it."
    cure = "Tell the operator: what is still to be said stands in a claim."


@dataclass(frozen=True, kw_only=True)
class Sight:
    """
    Hold what was seen of crates when they changed hands, or when they could not.

    ``crates`` are those that changed hands; ``lost`` those that should have been there and were not.
    """

    crates: int
    lost: int = 0
    damaged: int = 0
    condition: Condition = "good"
    outcome: Literal["done", "failed"] = "done"
    receiver: str = ""
    note: str = ""
    happened_at: int | None = None
    reason: Reason = ""
    next_step: Next = ""
    next_day: str = ""
    next_with: str = ""
    temperature_tenths: int | None = None
    photo: str = ""
    empties: Mapping[str, int] = field(default_factory=dict)
    lat: float | None = None
    lon: float | None = None

    @property
    def failed(self) -> bool:
        return self.outcome == "failed" or self.condition == "refused" or self.crates == 0


@dataclass(frozen=True)
class Hands:
    """Hold between whom, where and on which run crates change hands; no taker: somebody who is no party."""

    manifest: Row[Any]
    stop: int
    way: Way
    giver_id: str
    taker_id: str | None
    site_id: str | None


@dataclass(frozen=True)
class Chain:
    """Hold what was told of a shipment so far, and who holds its crates after it."""

    shipment: Row[Any]
    changes: tuple[Change, ...]
    now: Custody


def read_chain(view: View, shipment: Row[Any]) -> Chain:
    """Read a shipment's records; its row was read before them, so that one who adds to it sees them all."""
    changes = tuple(as_change(row) for row in chain_of(view, shipment.id))
    return Chain(shipment, changes, custody(shipment.crates, shipment.shipper_id, changes))


def record(
    tx: Tx, who: Actor, chain: Chain, hands: Hands, sight: Sight, *, proven: bool = False, corrects: str = ""
) -> str:
    """Write one record and the state that its shipment now has; returns the record."""
    shipment = chain.shipment
    if len(chain.changes) >= RECORDS_LIMIT:
        raise ChainFull(shipment=shipment.id, limit=RECORDS_LIMIT)
    planned = Change(
        id=PLANNED,
        number=len(chain.changes) + 1,
        way=hands.way,
        giver=hands.giver_id,
        taker=hands.taker_id or "",
        crates=0 if sight.failed else sight.crates,
        lost=sight.lost,
        happened_at=_happened(tx, sight, chain, hands, corrects),
        corrects=corrects,
    )
    _must_hold_empties(tx, hands, sight, shipment.id, 0 if sight.failed else sight.crates)
    put = corrected if corrects else _added
    now = put(shipment.crates, shipment.shipper_id, chain.changes, planned)
    state = {"state": _state((*chain.changes, planned))}
    left = now.of(hands.giver_id) if hands.giver_id != hands.taker_id else 0
    values = _words(tx, hands, sight, planned, left)
    moved_if_changed(lambda: changed(tx, market.shipment, shipment, state))
    return add_record(
        tx,
        shipment_id=shipment.id,
        kind=shipment.temperature,
        proven=proven,
        member_id=who.member_id or None,
        corrects=corrects,
        **values,
    )


def parties_of(view: View, shipment: Row[Any]) -> set[str]:
    """Name who sends a shipment, who pays for it, and who receives it."""
    return {shipment.shipper_id, shipment.payer_id, find_site(view, shipment.to_site_id).party_id}


def _added(agreed: int, sender: str, changes: Sequence[Change], planned: Change) -> Custody:
    return custody(agreed, sender, (*changes, planned))


def _happened(tx: Tx, sight: Sight, chain: Chain, hands: Hands, corrects: str) -> int:
    """
    Return the hour at which it happened; two phones that differ a little change no order.

    A correction keeps its place: after what was before it, before what came after.
    """
    at = tx.now_at if sight.happened_at is None else sight.happened_at
    if at > tx.now_at + AHEAD_S:
        raise HappenedLater
    _must_be_since(at, hands.manifest)
    before_at, next_at = _between(standing(chain.changes), corrects)
    if at + AHEAD_S < before_at or (next_at is not None and at - AHEAD_S > next_at):
        raise HappenedBefore
    at = max(at, before_at)
    return at if next_at is None else min(at, next_at)


def _must_hold_empties(tx: Tx, hands: Hands, sight: Sight, shipment_id: str, crates: int) -> None:
    """
    Refuse more empties than the vehicle could hold: at a drop beside what is on board, else in all.

    Counted is what was noted of the run; nested crates take less room, which nobody can know.
    """
    empties = sum(sight.empties.values())
    if not empties:
        return
    free = room = most_room(read_manifest(hands.manifest.body))
    if hands.way in DELIVERING:
        noted = handovers_of(tx, hands.manifest.id)
        others = [one for key, one in noted.items() if key != (shipment_id, hands.way)]
        aboard = sum(one.crates if one.way == "on" else -one.crates for one in others) - crates
        taken = sum(sum(empties_of(one).values()) * (-1 if one.way == "on" else 1) for one in others)
        free = room - max(0, aboard) - max(0, taken)
    if empties > free:
        raise EmptiesTooMany(crates=empties, free=max(0, free))


def _between(stands: Sequence[Change], corrects: str) -> tuple[int, int | None]:
    """Return the hours of the records between which one more, or a correction, has its place."""
    place = next((at for at, one in enumerate(stands) if one.id == corrects), len(stands))
    before_at = stands[place - 1].happened_at if place else 0
    return before_at, stands[place + 1].happened_at if place + 1 < len(stands) else None


def _must_be_since(at: int, manifest: Row[Any]) -> None:
    """Refuse an hour before the manifest was frozen, or the eve of its day, on which it may set out."""
    zone = ZoneInfo(read_manifest(manifest.body).timezone)
    eve = datetime.combine(manifest.day - timedelta(days=1), time(), zone)
    since_at = max(manifest.created_at, int(eve.timestamp()))
    if at + AHEAD_S < since_at:
        since = datetime.fromtimestamp(since_at, UTC).astimezone(zone)
        raise HappenedTooSoon(number=manifest.number, since=f"{since:%Y-%m-%d %H:%M}")


def _state(changes: Sequence[Change]) -> str:
    """Say where a shipment stands: delivered where anything was signed for."""
    if signed(changes):
        return "delivered"
    last = standing(changes)[-1]
    return "aboard" if last.way in TAKEN and last.crates else "failed"


def _words(tx: Tx, hands: Hands, sight: Sight, planned: Change, left: int) -> dict[str, object]:
    """Write what was seen; what was not said follows from the counts."""
    there = planned.crates + left
    if sight.damaged > there:
        raise DamagedMoreThanThere(damaged=sight.damaged, crates=there)
    short = sight.condition == "good" and planned.crates and (left or sight.lost)
    reason = _reason(hands.way, sight, short=bool(short))
    if sight.photo and not has_photo(tx, sight.photo, hands.manifest.carrier_id):
        raise NotFound(kind="photo", id=sight.photo)
    return {
        "manifest_id": hands.manifest.id,
        "stop": hands.stop,
        "way": hands.way,
        "outcome": "done" if planned.crates else "failed",
        "giver_id": hands.giver_id,
        "taker_id": hands.taker_id,
        "crates": planned.crates,
        "lost": sight.lost,
        "damaged": sight.damaged,
        "condition": "short" if short else sight.condition,
        "temperature_tenths": sight.temperature_tenths,
        "receiver": sight.receiver,
        "photo": sight.photo,
        "empties": empties_words(sight.empties),
        "reason": reason,
        "next_step": _next_step(hands.way, sight, left),
        "next_day": sight.next_day,
        "next_with": sight.next_with,
        "site_id": hands.site_id,
        "lat": None if sight.lat is None else round(sight.lat, 6),
        "lon": None if sight.lon is None else round(sight.lon, 6),
        "note": sight.note,
        "happened_at": planned.happened_at,
    }


def empties_words(empties: Mapping[str, int]) -> str:
    """Write empty crates by kind as JSON; nothing where there were none."""
    some = {kind: crates for kind, crates in sorted(empties.items()) if crates}
    return json.dumps(some) if some else ""


def _reason(way: Way, sight: Sight, *, short: bool) -> str:
    if sight.reason:
        if sight.reason not in reasons_at(way):
            raise ReasonOutOfPlace(why=sight.reason)
        return sight.reason
    if sight.failed:
        if not sight.note:
            raise FailureUnexplained
        return "refused" if sight.condition == "refused" else "other"
    return "missing" if sight.lost and way != "on" else "partial" if short else ""


def _next_step(way: Way, sight: Sight, left: int) -> str:
    """Say what comes next for crates that a driver still has; what a sender keeps has no way to go."""
    if way == "on" or not left:
        return ""
    return sight.next_step or "bring_back"
