"""
Put a record of changing hands right: another stands in its place, both are kept, everybody is told.

What takes from the side that faced the driver needs its word: the code of that very record, which it reads on
its page, and which proves the correction. Without it only a neutral operator corrects so. Nothing is proven
by the code of the record that was wrong.
"""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.desk import Desk
from pooling.desk.goods.deposits import crates_there
from pooling.desk.runs.codes import CodeWrong, must_be_said_right, note_wrong_code
from pooling.desk.runs.custody import facing, follow_record, keeping_records
from pooling.desk.runs.handovers import seen_manifest
from pooling.desk.runs.recording import Chain, Hands, Sight, read_chain, record
from pooling.runs.custody import TAKEN
from pooling.runs.record_corrections import Said, takes_from_other_side
from pooling.store import Ask, Tx
from pooling.store.custody import chain_of, empties_of
from pooling.store.manifests import find_handover
from pooling.store.rows import NotFound, changed
from pooling.store.shipments import find_shipment
from pooling.store.touring import manifest

CORRECTED_WITHIN_DAYS = 7
"""Until then whoever carried corrects its own records; later an operator does."""


class CorrectedBefore(Refusal):
    code = "corrected_before"
    reason = "This record was corrected before: another stands in its place."
    cure = "Look at the shipment's custody, and correct the record that stands."


class CorrectionUnexplained(Refusal):
    code = "correction_unexplained"
    reason = "A correction needs a word on why."
    cure = "Write what was noted wrongly: everybody concerned will read it."


class CorrectionLate(Refusal):
    code = "correction_late"
    reason = "This was noted more than {days} days ago."
    cure = "Ask an operator to correct it, or let whoever it concerns claim."


class CorrectionUnagreed(Refusal):
    code = "correction_unagreed"
    reason = "This takes from who stood there, or from what its code proved: it needs its word."
    cure = "Ask it for the code of this record, on the page of the shipment; or ask an operator."


@dataclass(frozen=True, kw_only=True)
class CorrectionWords(Sight):
    """Hold what a record should have said; ``code`` is the word of who faced the driver, for this record."""

    code: str = ""
    says_empties: bool = False


def correct_handover(desk: Desk, who: Actor, ask: Ask, handover_id: str, words: CorrectionWords) -> str:
    """
    Put a new record in the place of one that was wrong; returns the new one.

    Who changed hands with whom stands as it was; counts, hours and words are said anew. Empties, a photo, a
    temperature and a place of which nothing is said stand as they did.
    """

    def save(tx: Tx) -> str:
        tx = keeping_records(tx, who)
        wrong = find_handover(tx, handover_id)
        row = _own_manifest(tx, who, wrong)
        shipment = find_shipment(tx, wrong.shipment_id)
        chain = read_chain(tx, shipment)
        if any(one.corrects == handover_id for one in chain.changes):
            raise CorrectedBefore
        if not words.note:
            raise CorrectionUnexplained
        _must_be_soon(tx, who, chain, wrong)
        proven = must_be_said_right(tx, row, shipment.id, wrong.id, words.code)
        if not proven:
            _must_be_agreed(tx, who, wrong, shipment, words)
        changed(tx, manifest, row, {})
        hands = Hands(row, wrong.stop, wrong.way, wrong.giver_id, wrong.taker_id, wrong.site_id)
        there = crates_there(tx, shipment, row.carrier_id)
        noted_id = record(tx, who, chain, hands, _kept(words, wrong), proven=proven, corrects=handover_id)
        follow_record(tx, row, there, shipment.id, noted_id, "handover.corrected")
        return noted_id

    try:
        return desk.once(ask, save)
    except CodeWrong:
        with desk.store.view() as view:
            wrong = find_handover(view, handover_id)
        note_wrong_code(desk, who, wrong.manifest_id, wrong.shipment_id, wrong.id, words.code)
        raise


def _must_be_soon(tx: Tx, who: Actor, chain: Chain, wrong: Row[Any]) -> None:
    """Refuse whoever carried to change what it noted first longer ago."""
    told_at = {one.id: one.created_at for one in chain_of(tx, chain.shipment.id)}
    by_id, first = {one.id: one for one in chain.changes}, wrong.id
    while by_id[first].corrects:
        first = by_id[first].corrects
    if not who.is_operator and tx.now_at > told_at[first] + CORRECTED_WITHIN_DAYS * 86_400:
        raise CorrectionLate(days=CORRECTED_WITHIN_DAYS)


def _must_be_agreed(tx: Tx, who: Actor, wrong: Row[Any], shipment: Row[Any], words: CorrectionWords) -> None:
    """Refuse what takes from the side that faced the driver, unless that or a neutral operator says so."""
    neutral = who.is_operator and not who.acts_for(wrong.taker_id if wrong.way in TAKEN else wrong.giver_id)
    if neutral or who.acts_for(facing(tx, shipment, wrong)):
        return
    was = Said(wrong.crates, wrong.lost, wrong.damaged, wrong.condition, proven=wrong.proven)
    now = Said(0 if words.failed else words.crates, words.lost, words.damaged, words.condition)
    if takes_from_other_side(wrong.way, was, now):
        raise CorrectionUnagreed


def _kept(words: CorrectionWords, wrong: Row[Any]) -> Sight:
    """Return what is said anew, with what stood of what is not spoken of."""
    unplaced, tenths = words.lat is None, words.temperature_tenths
    return replace(
        words,
        happened_at=wrong.happened_at if words.happened_at is None else words.happened_at,
        empties=words.empties if words.says_empties else empties_of(wrong),
        photo=words.photo or wrong.photo,
        temperature_tenths=wrong.temperature_tenths if tenths is None else tenths,
        lat=wrong.lat if unplaced else words.lat,
        lon=wrong.lon if unplaced else words.lon,
    )


def _own_manifest(tx: Tx, who: Actor, wrong: Row[Any]) -> Row[Any]:
    """Return the run of a record, to its own people only; to all others there is no such record."""
    try:
        return seen_manifest(tx, who, wrong.manifest_id)
    except NotFound:
        raise NotFound(kind="handover", id=wrong.id) from None
