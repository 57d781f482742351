"""
Open a claim, and take it back: by who pays for a shipment, or receives it, until a day that is told.

Where it went wrong is found from the record as the claim is opened, and stands with it. The one who held
the crates then is asked; where the record names nobody, or the one who claims, an operator decides.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.claims.counting import left_to_claim
from pooling.claims.hours import last_day
from pooling.claims.placing import Kind, placed
from pooling.desk.actor import Actor, NotAllowed
from pooling.desk.claims.evidence import Evidence, NothingCarried, evidence_of, payee_for, receiver_of
from pooling.desk.claims.telling import sides_of, tell
from pooling.desk.desk import Desk
from pooling.desk.states import said
from pooling.figures import CLAIM_ANSWER, CLAIM_DAYS, CLAIM_DECISION, LATE_CLAIM_DAYS
from pooling.store import Ask, Tx, View, market
from pooling.store.claiming import claim
from pooling.store.claims import (
    UNDECIDED,
    claimed_crates,
    count_claims,
    find_claim,
    must_be_seen,
    sides_at_opening,
    undecided_of,
)
from pooling.store.custody import has_photo
from pooling.store.rows import NotFound, added, at_revision, changed, held
from pooling.store.shipments import find_shipment

CLAIMS_LIMIT = 20
"""Claims on one shipment, whatever came of them."""


class ClaimTooEarly(Refusal):
    code = "claim_too_early"
    reason = "Nothing was handed over yet, and the hour that was promised is not over."
    cure = "Claim when the crates are there, or when that hour is over."


class ClaimTooLate(Refusal):
    code = "claim_too_late"
    reason = "This could be claimed until {day}."
    cure = "Settle it among yourselves; count and look at your crates as you receive them the next time."


class CameInTime(Refusal):
    code = "came_in_time"
    reason = "The crates were handed over before the end of the promised hours."
    cure = "Look at the shipment's custody; where its hour is wrong, ask the driver to correct it."


class ClaimStands(Refusal):
    code = "claim_stands"
    reason = "Something of this kind is claimed for these crates already, and not decided yet."
    cure = "Wait for what becomes of it, or take it back and claim anew."


class ClaimedByAnother(Refusal):
    code = "claimed_by_another"
    reason = "Another side of the shipment has claimed something of this kind already, not decided yet."
    cure = "Ask whoever pays for these crates or receives them beside you: it reads what becomes of it."


class TooManyClaims(Refusal):
    code = "too_many_claims"
    reason = "{limit} claims were made on this shipment already."
    cure = "Settle what is left with the operator."


class MoreThanAboard(Refusal):
    code = "more_than_aboard"
    reason = "Crates claimed for: {crates}. Taken aboard: {aboard}."
    cure = "Claim at most as many as were aboard."


class MoreThanLeft(Refusal):
    code = "more_than_left"
    reason = "Crates to be claimed for: {crates}. Left to be claimed for in this way: {left}."
    cure = (
        "Claim at most what is left: crates are claimed for once, missing ones as many as the record of "
        "custody shows. Where that record is wrong, ask the driver to correct it."
    )


class ClaimClosed(Refusal):
    code = "claim_closed"
    reason = "The claim is {state}: this is no longer possible."
    cure = "Look at it: what was decided stands."


@dataclass(frozen=True)
class ClaimWords:
    """Hold what is claimed: how many crates are concerned, and the SHA-256 of a photo sent before."""

    kind: Kind
    crates: int
    note: str = ""
    photo: str = ""


def open_claim(desk: Desk, who: Actor, ask: Ask, shipment_id: str, words: ClaimWords) -> str:
    """Claim for crates that are missing, damaged, late or warm; returns the claim."""

    def save(tx: Tx) -> str:
        shipment = find_shipment(tx, shipment_id)
        by_id = claimant_of(tx, who, shipment)
        held(tx, market.shipment, shipment_id)
        evidence = evidence_of(tx, shipment)
        _must_be_open_to_claims(desk, tx, who, evidence, words)
        if words.photo and not has_photo(tx, words.photo, by_id):
            raise NotFound(kind="photo", id=words.photo)
        claim_id = added(tx, claim, "clm", by_id=by_id, **_values(tx, evidence, by_id, words))
        row = find_claim(tx, claim_id)
        tell(tx, "claim.opened", row)
        if row.state == "with_operator":
            tell(tx, "claim.with_operator", row)
        return claim_id

    return desk.once(ask, save)


def withdraw_claim(desk: Desk, who: Actor, ask: Ask, claim_id: str, revision: int | None) -> str:
    """Take a claim back that nobody has decided yet."""

    def save(tx: Tx) -> str:
        row = seen_claim(tx, who, claim_id)
        who.must_act_for(row.by_id, "who claims")
        at_revision(row, revision, kind="claim")
        must_be_undecided(row)
        changed(tx, claim, row, {"state": "withdrawn"})
        tell(tx, "claim.withdrawn", row)
        return claim_id

    return desk.once(ask, save)


def seen_claim(view: View, who: Actor, claim_id: str) -> Row[Any]:
    """
    Return a claim to whom it is about: who claims, who is paid, who held the crates, and operators.

    Who was asked for it keeps reading it where an operator names another.
    """
    row = find_claim(view, claim_id)
    who.must_see("claim", claim_id, *sides_of(row), *sides_at_opening(view, claim_id))
    must_be_seen(view, row, operator=who.is_operator)
    return row


def must_be_undecided(row: Row[Any]) -> None:
    if row.state not in UNDECIDED:
        raise ClaimClosed(state=said(row.state))


def claimant_of(view: View, who: Actor, shipment: Row[Any]) -> str:
    """Return for which side of a shipment somebody claims; to others without a part there is none."""
    sides = (shipment.payer_id, receiver_of(view, shipment))
    who.must_see("shipment", shipment.id, *sides, shipment.shipper_id, shipment.ordered_by_id or "")
    side = next((one for one in sides if who.acts_for(one)), None)
    if side is None:
        raise NotAllowed(who="who pays for the shipment or receives it")
    return str(side)


def claimable_until(desk: Desk, evidence: Evidence, kind: Kind) -> date:
    """Return the last day to claim, counted from the handover as it was told, else from the promised hour."""
    known_at = evidence.known_at
    from_at = evidence.due_at if known_at is None else known_at
    if kind == "late":
        from_at = max(from_at, evidence.due_at)
    received = datetime.fromtimestamp(from_at, UTC).astimezone(ZoneInfo(desk.timezone)).date()
    return last_day(received, (LATE_CLAIM_DAYS if kind == "late" else CLAIM_DAYS).value)


def claim_days(desk: Desk, view: View, shipment: Row[Any]) -> tuple[date, date] | None:
    """Return the last days to claim, of late crates the second; ``None`` where nobody carried them."""
    try:
        evidence = evidence_of(view, shipment)
    except NothingCarried:
        return None
    return claimable_until(desk, evidence, "missing"), claimable_until(desk, evidence, "late")


def _must_be_open_to_claims(desk: Desk, tx: Tx, who: Actor, evidence: Evidence, words: ClaimWords) -> None:
    received_at, over = evidence.received_at, tx.now_at > evidence.due_at
    if words.kind == "late" and received_at is not None and received_at <= evidence.due_at:
        raise CameInTime
    if not over and received_at is None:
        raise ClaimTooEarly
    until = claimable_until(desk, evidence, words.kind)
    if datetime.fromtimestamp(tx.now_at, UTC).astimezone(ZoneInfo(desk.timezone)).date() > until:
        raise ClaimTooLate(day=until)
    most = evidence.shipment.crates if words.kind == "late" else evidence.aboard
    if words.crates > most:
        raise MoreThanAboard(crates=words.crates, aboard=most)
    undecided = undecided_of(tx, evidence.shipment.id, words.kind)
    if undecided is not None:
        raise ClaimStands if who.acts_for(undecided.by_id) else ClaimedByAnother
    left = left_to_claim(words.kind, evidence.case, claimed_crates(tx, evidence.shipment.id))
    if words.crates > left:
        raise MoreThanLeft(crates=words.crates, left=left)
    if count_claims(tx, evidence.shipment.id) >= CLAIMS_LIMIT:
        raise TooManyClaims(limit=CLAIMS_LIMIT)


def _values(tx: Tx, evidence: Evidence, by_id: str, words: ClaimWords) -> dict[str, object]:
    """Return what is kept of a claim: whoever held the crates is asked, unless it is who claims."""
    found = placed(words.kind, evidence.case)
    fault_id = found.holder if found else None
    payee_id = payee_for(tx, evidence.shipment, fault_id)
    asked = fault_id is not None and fault_id not in (by_id, payee_id)
    return {
        "shipment_id": evidence.shipment.id,
        "kind": words.kind,
        "payee_id": payee_id,
        "fault_id": fault_id,
        "ride_kind": evidence.ride.kind,
        "ride_id": evidence.ride.id,
        "regime": evidence.ride.regime.value,
        "after_id": found.after if found else "",
        "before_id": found.before if found else "",
        "crates": words.crates,
        "note": words.note,
        "photo": words.photo,
        "cover_version": evidence.ride.cover_version,
        "covered_cents": evidence.covered_cents,
        "carriage_cents": evidence.ride.carriage_cents,
        "state": "opened" if asked else "with_operator",
        "answer_by_at": tx.now_at + CLAIM_ANSWER.value if asked else None,
        "decide_by_at": None if asked else tx.now_at + CLAIM_DECISION.value,
    }
