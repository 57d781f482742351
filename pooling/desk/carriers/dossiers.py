"""A carrier's dossier: it applies and enters its papers; the operator looks at them, vets and suspends."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.carriers.carrier_week import monday_of
from pooling.carriers.dossier import HOLDS, OF_DRIVER, OF_VEHICLE, Assignment, PaperKind, in_words, lacking
from pooling.carriers.service_area import read_area
from pooling.desk.actor import Actor
from pooling.desk.carriers.assigning import DriverNotTheirs, PapersLacking
from pooling.desk.carriers.vetting import end_hire, not_vetted, vetted_by_licence
from pooling.desk.desk import Desk
from pooling.desk.tours.tours import local_day
from pooling.party import Role
from pooling.store import Ask, Tx, View
from pooling.store.carriers import (
    add_dossier,
    find_dossier,
    find_paper,
    grant_week,
    licence_papers,
    papers_counted,
    papers_of,
)
from pooling.store.carrying import dossier, paper
from pooling.store.documents import forget_file
from pooling.store.fleet import find_vehicle
from pooling.store.members import duty_in
from pooling.store.parties import find_party
from pooling.store.people import party
from pooling.store.rows import added, at_revision, changed, must_be_seen

PAPERS_LIMIT = 500
"""Papers that one carrier may enter: those of 40 vehicles and their drivers over several years."""


class NotACarrier(Refusal):
    code = "not_a_carrier"
    reason = "{party} is no carrier."
    cure = "Found a party that carries, or name a carrier."


class TooManyPapers(Refusal):
    code = "too_many_papers"
    reason = "A dossier holds at most {limit} papers."
    cure = "Ask the operator: papers that are long over need not be entered."


class PaperUnclear(Refusal):
    code = "paper_unclear"
    reason = "This paper does not say whose it is, or names a vehicle or driver where it is of the carrier."
    cure = "Name the vehicle or driver that it is of; a licence or insurance of the carrier names neither."


class PaperOver(Refusal):
    code = "paper_over"
    reason = "The paper ran out on {expires}."
    cure = "Ask the carrier for the new one."


class LicenceIncomplete(Refusal):
    code = "licence_incomplete"
    reason = "A transport licence counts with its number and its last day, and cannot be done without."
    cure = "Let the carrier enter it with both."


class ReasonMissing(Refusal):
    code = "reason_missing"
    reason = "This is done with a reason only, and none is given."
    cure = "Write why: the carrier reads it."


@dataclass(frozen=True)
class PaperWords:
    """Hold what a carrier says of a paper; ``about_id`` is its vehicle or driver, empty for its own."""

    kind: PaperKind
    about_id: str
    number: str
    expires: date | None


def apply_as_carrier(desk: Desk, who: Actor, ask: Ask, party_id: str) -> str:
    """Open the dossier of one's own carrier: it has applied. A second time changes nothing."""

    def save(tx: Tx) -> str:
        own_carrier(tx, who, party_id)
        _opened(tx, party_id)
        return party_id

    return desk.once(ask, save)


def enter_paper(desk: Desk, who: Actor, ask: Ask, party_id: str, words: PaperWords) -> str:
    """Enter a paper of one's own carrier; it counts once an operator has checked it."""

    def save(tx: Tx) -> str:
        row = own_carrier(tx, who, party_id)
        _opened(tx, party_id)
        _must_be_theirs(tx, row, words)
        if papers_counted(tx, party_id) >= PAPERS_LIMIT:
            raise TooManyPapers(limit=PAPERS_LIMIT)
        values = {**vars(words), "kind": words.kind.value}
        return added(tx, paper, "paper", party_id=party_id, **values)

    return desk.once(ask, save)


def check_paper(
    desk: Desk, who: Actor, ask: Ask, paper_id: str, revision: int | None, state: str, note: str
) -> str:
    """Note what an operator found: ``checked``, ``refused``, or ``waived``; the last two with a reason."""

    def save(tx: Tx) -> str:
        row = find_paper(tx, paper_id)
        who.must_see("paper", paper_id, row.party_id)
        who.must_be_operator()
        if state in HOLDS and row.file_id and row.file_id != row.vetted_file_id:
            must_be_seen(row, revision, kind="paper")  # its carrier may have sent another one meanwhile
        at_revision(row, revision, kind="paper")
        if state != "checked" and not note:
            raise ReasonMissing
        today = local_day(tx.now_at, desk.timezone)
        if state in HOLDS and row.expires is not None and row.expires < today:
            raise PaperOver(expires=row.expires)
        if row.kind == PaperKind.TRANSPORT_LICENCE and state in HOLDS:
            _must_be_whole(row, state)
        found = {"state": state, "note": note, "checked_by_id": who.member_id, "checked_at": tx.now_at}
        seen = {"vetted_file_id": row.file_id or row.vetted_file_id} if state in HOLDS else {}
        changed(tx, paper, row, {**found, **seen, "told_days": None})
        if seen and row.vetted_file_id and row.vetted_file_id != seen["vetted_file_id"]:
            forget_file(tx, row.vetted_file_id)
        _licence_follows(tx, row.party_id)
        tx.tell("paper.checked", "dossier", row.party_id, [row.party_id], kind=row.kind, state=state)
        return paper_id

    return desk.once(ask, save)


def vet_carrier(desk: Desk, who: Actor, ask: Ask, party_id: str, revision: int | None) -> str:
    """Make a carrier active, as an operator: only with all that a carrier needs today checked."""

    def save(tx: Tx) -> str:
        row = carrier_in_sight(tx, who, party_id)
        who.must_be_operator()
        standing = _opened(tx, party_id)
        at_revision(standing, revision, kind="dossier")
        today = local_day(tx.now_at, desk.timezone)
        lacks = lacking(papers_of(tx, party_id), Assignment(today))
        if lacks:
            raise PapersLacking(carrier=row.name, day=today, papers=in_words(lacks))
        changed(tx, dossier, standing, {"state": "active", "note": ""})
        changed(tx, party, row, {"vetted": True})
        _licence_follows(tx, party_id)
        tx.tell("party.vetted", "party", party_id, [party_id], vetted=True)
        return party_id

    return desk.once(ask, save)


def suspend_carrier(
    desk: Desk, who: Actor, ask: Ask, party_id: str, revision: int | None, reason: str
) -> str:
    """
    Suspend a carrier with a reason: it is given no tour, and none of its tours sets out.

    Its trips for hire are cancelled: their guests are freed, told, and owed what the terms say.
    """

    def save(tx: Tx) -> str:
        row = carrier_in_sight(tx, who, party_id)
        who.must_be_operator()
        standing = _opened(tx, party_id)
        at_revision(standing, revision, kind="dossier")
        if not reason:
            raise ReasonMissing
        changed(tx, dossier, standing, {"state": "suspended", "note": reason})
        changed(tx, party, row, {"vetted": False})
        end_hire(tx, party_id)
        tx.tell("carrier.suspended", "dossier", party_id, [party_id])
        return party_id

    return desk.once(ask, save)


def set_area(
    desk: Desk, who: Actor, ask: Ask, party_id: str, revision: int | None, area: dict[str, Any] | str | None
) -> str:
    """Say where one's own carrier serves; ``None``: anywhere. Tours that stand keep who is aboard."""

    def save(tx: Tx) -> str:
        own_carrier(tx, who, party_id)
        standing = _opened(tx, party_id)
        at_revision(standing, revision, kind="dossier")
        changed(tx, dossier, standing, {"area": "" if area in (None, "") else read_area(area).text})
        return party_id

    return desk.once(ask, save)


def grant_days(desk: Desk, who: Actor, ask: Ask, party_id: str, day: date, days: int, reason: str) -> str:
    """Grant a carrier so many days of tours in the week of a day, as an operator, with a reason."""

    def save(tx: Tx) -> str:
        carrier_in_sight(tx, who, party_id)
        who.must_be_operator()
        _opened(tx, party_id)
        if not reason:
            raise ReasonMissing
        monday = monday_of(day)
        grant_week(tx, party_id, monday, days, reason)
        tx.tell("carrier.days_granted", "dossier", party_id, [party_id], day=str(monday), days=days)
        return party_id

    return desk.once(ask, save)


def carrier_in_sight(view: View, who: Actor, party_id: str) -> Row[Any]:
    """Return a carrier that the actor manages, or any for an operator; to others there is none."""
    who.must_see("carrier", party_id, party_id)
    row = find_party(view, party_id)
    if row.role != Role.CARRIER:
        raise NotACarrier(party=row.name)
    return row


def own_carrier(view: View, who: Actor, party_id: str) -> Row[Any]:
    """Return a carrier that the actor manages; an operator is told that it is not its own."""
    who.must_see("carrier", party_id, party_id)
    who.must_act_for(party_id, "the carrier")
    return carrier_in_sight(view, who, party_id)


def _opened(tx: Tx, party_id: str) -> Row[Any]:
    """Return the dossier; one that is missing is opened as the party stands: vetted before, or not."""
    row = find_party(tx, party_id)
    if find_dossier(tx, party_id) is None and row.vetted:
        today = local_day(tx.now_at, "UTC")
        vetted_by_licence(tx, party_id, row.licence, row.licence_until, today, None)
    return find_dossier(tx, party_id) or add_dossier(tx, party_id, "applied")


def _must_be_theirs(view: View, row: Row[Any], words: PaperWords) -> None:
    """Refuse a paper of a vehicle or driver that names none of this carrier's."""
    if words.kind in OF_VEHICLE:
        if not words.about_id or find_vehicle(view, words.about_id).party_id != row.id:
            raise PaperUnclear
    elif words.kind in OF_DRIVER:
        if not words.about_id:
            raise PaperUnclear
        if not duty_in(view, words.about_id, row.id):
            raise DriverNotTheirs(carrier=row.name)
    elif words.about_id:
        raise PaperUnclear


def _must_be_whole(row: Row[Any], state: str) -> None:
    if state == "waived" or row.expires is None or not row.number:
        raise LicenceIncomplete


def _licence_follows(tx: Tx, party_id: str) -> None:
    """Let the party's licence be the longest that was checked; without one it is vetted no more."""
    row = find_party(tx, party_id)
    best = next((one for one in licence_papers(tx, party_id) if one.state == "checked"), None)
    if best is not None:
        changed(tx, party, row, {"licence": best.number, "licence_until": best.expires})
    elif row.vetted:
        changed(tx, party, row, {"vetted": False})
        not_vetted(tx, party_id, "applied")
