"""
A run: the driver sets out, hands over at each stop, and comes back.

A phone without network sends late what happened early, and sends it again until it is answered: the
first word on a shipment's way on or off stands, and a repeated one changes nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Table

from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.carriers.assigning import must_be_fit_for_hire, unfit
from pooling.desk.desk import Desk, moved_if_changed
from pooling.desk.goods.deposits import crates_there, follow_deposits
from pooling.desk.runs.codes import CodeWrong, must_be_said_right, note_wrong_code
from pooling.desk.runs.no_shows import note_nobody_there
from pooling.desk.runs.recording import Hands, Sight, parties_of, read_chain, record
from pooling.desk.runs.signing import settle, settle_tour, settle_trip
from pooling.desk.runs.transport_papers import write_papers
from pooling.desk.states import said
from pooling.desk.trips.leaving_trips import charge_leavers
from pooling.manifest import Manifest, ManifestStop, whose_crates
from pooling.runs.manifest_json import read_manifest
from pooling.store import Ask, Tx, View, market, touring
from pooling.store.custody import first_word
from pooling.store.ledger import post_pending
from pooling.store.manifests import accepted_bid, find_handover, find_manifest, handovers_of
from pooling.store.rows import NotFound, changed, found
from pooling.store.shipments import find_shipment
from pooling.store.sites import find_site
from pooling.store.touring import manifest
from pooling.store.tours import find_tour
from pooling.store.trips import find_trip

BEGINS_WITHIN_DAYS = 30
"""A run that never set out by then cannot begin: what was agreed for it lapses (``PENDING_KEPT_S``)."""

RIDES: dict[str, Table] = {"trip": market.trip, "tour": touring.tour}


class RunNotUnderWay(Refusal):
    code = "run_not_under_way"
    reason = "Manifest {number} is {state}: this is no longer, or not yet, possible."
    cure = "Begin the run first; once it has ended, its handovers stand."


class RideLongPast(Refusal):
    code = "ride_long_past"
    reason = "The day of manifest {number} is more than {days} days ago."
    cure = "Settle it among yourselves: what was agreed for it lapses."


class RideFarAhead(Refusal):
    code = "ride_far_ahead"
    reason = "Manifest {number} is for {day}: it may set out from the day before on."
    cure = "Wait until then; if it is to run earlier, let its tour or trip be changed."


class NotOnManifest(Refusal):
    code = "not_on_manifest"
    reason = "These crates stand on no stop of manifest {number}."
    cure = "Look at its stops: each names its shipments."


class NotOnBoard(Refusal):
    code = "not_on_board"
    reason = "Not on board: {shipper} → {consignee}, crates: {crates}. They were not collected on this run."
    cure = "Note first that it was collected; or, if it was not, nothing is to be handed over."


class HandoversMissing(Refusal):
    code = "handovers_missing"
    reason = (
        "{count} {count:handover/handovers} of manifest {number} {count:is/are} not noted yet; "
        "the next is {shipper} → {consignee}, crates: {crates}."
    )
    cure = "Note each of them as done or failed, then end the run."


@dataclass(frozen=True, kw_only=True)
class HandoverWords(Sight):
    """
    Hold what a driver says of a shipment going on or off.

    ``receiver`` is the name of who gave or took it, ``code`` the code that they said; ``note`` tells
    why, where it failed; ``nobody_there``, at a pickup, that nobody was.
    """

    shipment_id: str
    way: Literal["on", "off"]
    nobody_there: bool = False
    code: str = ""

    @property
    def failed(self) -> bool:
        return super().failed or self.nobody_there


def seen_manifest(view: View, who: Actor, manifest_id: str) -> Row[Any]:
    """Return a manifest that the actor may see: its carrier's or owner's people, and operators."""
    row = find_manifest(view, manifest_id)
    if not who.is_operator and row.carrier_id not in who.parties:
        raise NotFound(kind="manifest", id=manifest_id)
    return row


def begin_run(desk: Desk, who: Actor, ask: Ask, manifest_id: str) -> str:
    """Set out: from now on handovers are noted. Its papers are written, and whole where it is for hire."""

    def save(tx: Tx) -> str:
        row = seen_manifest(tx, who, manifest_id)
        _must_be(row, "frozen")
        if row.day + timedelta(days=BEGINS_WITHIN_DAYS) < datetime.fromtimestamp(tx.now_at, UTC).date():
            raise RideLongPast(number=row.number, days=BEGINS_WITHIN_DAYS)
        _must_not_be_far_ahead(tx, row)
        _must_be_fit(tx, row)
        write_papers(tx, row)
        _go_on(tx, row, "under_way")
        tx.tell("run.begun", row.ride_kind, row.ride_id, _everybody(tx, row), day=str(row.day))
        return manifest_id

    return desk.once(ask, save)


def _must_not_be_far_ahead(tx: Tx, row: Row[Any]) -> None:
    """Refuse to set out before the local day before the run's own: it may load in the evening, no sooner."""
    zone = ZoneInfo(read_manifest(row.body).timezone)
    today = datetime.fromtimestamp(tx.now_at, UTC).astimezone(zone).date()
    if today < row.day - timedelta(days=1):
        raise RideFarAhead(number=row.number, day=row.day)


def _must_be_fit(tx: Tx, row: Row[Any]) -> None:
    """Refuse a carrier that was suspended, or whose papers ran out, since its ride was frozen."""
    if row.ride_kind == "trip":
        must_be_fit_for_hire(tx, find_trip(tx, row.ride_id))
        return
    refusal = unfit(tx, find_tour(tx, row.ride_id))
    if refusal is not None:
        raise refusal


def hand_over(desk: Desk, who: Actor, ask: Ask, manifest_id: str, words: HandoverWords) -> str:
    """Note that a shipment went on or off, or that it could not; returns the handover."""

    def save(tx: Tx, row: Row[Any]) -> str:
        known = first_word(tx, manifest_id, words.shipment_id, words.way)
        if known is not None:
            return known
        _must_be(row, "under_way")
        written = read_manifest(row.body)
        stop = _stop_of(written, words)
        if words.way == "off" and not _collected(tx, manifest_id, words.shipment_id):
            raise NotOnBoard(shipment=words.shipment_id, **whose_crates(written, words.shipment_id))
        proven = must_be_said_right(tx, row, words.shipment_id, words.way, words.code)
        moved_if_changed(lambda: changed(tx, manifest, row, {}))
        return _noted(tx, who, row, words, stop, proven=proven)

    try:
        return desk.once_decided(ask, lambda view: seen_manifest(view, who, manifest_id), save)
    except CodeWrong:
        note_wrong_code(desk, who, manifest_id, words.shipment_id, words.way, words.code)
        raise


def end_run(desk: Desk, who: Actor, ask: Ask, manifest_id: str) -> str:
    """
    End a run whose handovers are all noted.

    What was signed for is now owed, and what those owe who left a trip's guests aboard.
    """

    def save(tx: Tx) -> str:
        row = seen_manifest(tx, who, manifest_id)
        _must_be(row, "under_way")
        seen = handovers_of(tx, manifest_id)
        written = read_manifest(row.body)
        missing = [one for one in _ways(written) if one not in seen and _due(tx, row, one, seen)]
        if missing:
            following = missing[0][0]
            whose = whose_crates(written, following)
            raise HandoversMissing(count=len(missing), number=row.number, shipment=following, **whose)
        if row.ride_kind == "tour":
            settle_tour(tx, row)
        else:
            settle_trip(tx, row, {shipment_id for shipment_id, _ in seen})
            charge_leavers(tx, row.ride_id)
        _go_on(tx, row, "done")
        failed = sum(one.outcome == "failed" for one in seen.values())
        tx.tell("run.ended", row.ride_kind, row.ride_id, {row.carrier_id}, failed=failed)
        return manifest_id

    return desk.once(ask, save)


def must_be_under_way(row: Row[Any]) -> None:
    """Refuse a run that has not set out, or has ended."""
    _must_be(row, "under_way")


def _must_be(row: Row[Any], state: str) -> None:
    if row.state != state:
        raise RunNotUnderWay(number=row.number, state=said(row.state))


def _go_on(tx: Tx, row: Row[Any], state: str) -> None:
    """Bring a manifest and its ride to the next state together."""
    changed(tx, manifest, row, {"state": state})
    table = RIDES[row.ride_kind]
    changed(tx, table, found(tx, table, row.ride_id), {"state": state})


def _stop_of(written: Manifest, words: HandoverWords) -> ManifestStop:
    for stop in written.stops:
        for handling in stop.handlings:
            if (handling.shipment, handling.way) == (words.shipment_id, words.way):
                return stop
    raise NotOnManifest(number=written.number, shipment=words.shipment_id)


def _collected(tx: Tx, manifest_id: str, shipment_id: str) -> bool:
    collected = handovers_of(tx, manifest_id).get((shipment_id, "on"))
    return collected is not None and collected.outcome == "done"


def _noted(
    tx: Tx, who: Actor, row: Row[Any], words: HandoverWords, stop: ManifestStop, *, proven: bool
) -> str:
    shipment = find_shipment(tx, words.shipment_id)
    chain = read_chain(tx, shipment)
    words = _said_of_nobody(words)
    there = crates_there(tx, shipment, row.carrier_id)
    handover_id = record(tx, who, chain, _hands(tx, row, shipment, words, stop), words, proven=proven)
    noted = find_handover(tx, handover_id)
    follow_deposits(tx, there, shipment, row.carrier_id, handover_id)
    if noted.outcome == "failed" and noted.reason == "nobody_there" and words.way == "on":
        note_nobody_there(tx, row, shipment)
        if row.ride_kind == "trip":
            _owe(tx, row, shipment.id)
    settle(tx, row, read_chain(tx, shipment))
    tell_handover(tx, row, shipment, noted, f"handover.{noted.outcome}")
    return handover_id


def _said_of_nobody(words: HandoverWords) -> HandoverWords:
    """Take the short word for nobody being there as the reason that it is."""
    if not words.nobody_there:
        return words
    return replace(words, reason=words.reason or "nobody_there", outcome="failed")


def _hands(tx: Tx, row: Row[Any], shipment: Row[Any], words: HandoverWords, stop: ManifestStop) -> Hands:
    """Say between whom crates change hands at a stop: the sender, who drives, and who receives them."""
    if words.way == "on":
        return Hands(row, stop.number, "on", shipment.shipper_id, row.carrier_id, shipment.from_site_id)
    receiver_id = find_site(tx, shipment.to_site_id).party_id
    return Hands(row, stop.number, "off", row.carrier_id, receiver_id, shipment.to_site_id)


def tell_handover(
    tx: Tx, row: Row[Any], shipment: Row[Any], noted: Row[Any], topic: str, more: Iterable[str] = ()
) -> None:
    """Tell everybody concerned of a record, with the hash by which it can be known again."""
    facts = {"shipment": shipment.id, "way": noted.way, "crates": noted.crates, "hash": noted.hash}
    tx.tell(topic, "handover", noted.id, {row.carrier_id, *parties_of(tx, shipment), *more}, **facts)


def _owe(tx: Tx, row: Row[Any], shipment_id: str) -> None:
    """Make owed what a guest of a trip agreed to pay that was not there with its crates."""
    bid = accepted_bid(tx, row.ride_id, shipment_id)
    if bid is not None:
        post_pending(tx, bid.transfer_id)


def _everybody(tx: Tx, row: Row[Any]) -> set[str]:
    shipments = {shipment_id for shipment_id, _ in _ways(read_manifest(row.body))}
    return {
        row.carrier_id,
        *(party for one in shipments for party in parties_of(tx, find_shipment(tx, one))),
    }


def _ways(written: Manifest) -> list[tuple[str, str]]:
    return [(handling.shipment, handling.way) for stop in written.stops for handling in stop.handlings]


def _due(tx: Tx, row: Row[Any], one: tuple[str, str], seen: dict[tuple[str, str], Row[Any]]) -> bool:
    """Tell whether a handover is still to come: not of crates never collected, or passed on since."""
    shipment_id, way = one
    collected = seen.get((shipment_id, "on"))
    if way == "on" or collected is None:
        return True
    carried = read_chain(tx, find_shipment(tx, shipment_id)).now.of(row.carrier_id)
    return bool(collected.outcome == "done" and carried)
