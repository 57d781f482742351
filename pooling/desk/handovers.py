"""
A run: the driver sets out, hands over at each stop, and comes back.

A phone without network sends late what happened early, and sends it again until it is answered: the
first word on a shipment's way on or off stands, and a repeated one changes nothing.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Row, Table

from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.desk import Desk, moved_if_changed
from pooling.desk.leaving_trips import charge_leavers
from pooling.desk.no_shows import note_nobody_there
from pooling.desk.states import said
from pooling.desk.transport_papers import write_papers
from pooling.manifest import Handling, Manifest, ManifestStop
from pooling.manifest_json import read_manifest
from pooling.store import Ask, Tx, View, market, touring
from pooling.store.ledger import post, post_pending
from pooling.store.manifests import accepted_bid, find_manifest, handovers_of
from pooling.store.rows import NotFound, added, changed, found
from pooling.store.shipments import find_shipment
from pooling.store.sites import find_site
from pooling.store.touring import handover, manifest
from pooling.store.tours import open_transfers

AHEAD_S = 300
"""How far a phone's clock may be ahead of ours."""

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


class NotOnManifest(Refusal):
    code = "not_on_manifest"
    reason = "Manifest {number} has no shipment {shipment}."
    cure = "Look at its stops: each names its shipments."


class NotOnBoard(Refusal):
    code = "not_on_board"
    reason = "Shipment {shipment} is not on board: it was not collected on this run."
    cure = "Note first that it was collected; or, if it was not, nothing is to be handed over."


class HappenedLater(Refusal):
    code = "happened_later"
    reason = "What happened cannot lie in the time to come."
    cure = "Set the clock of the phone right, or leave the hour out."


class FailureUnexplained(Refusal):
    code = "failure_unexplained"
    reason = "A handover that failed needs a word on why."
    cure = "Write what was in the way: nobody there, refused, not ready …"


class HandoversMissing(Refusal):
    code = "handovers_missing"
    reason = "{count} handovers of manifest {number} are not noted yet; the next is shipment {shipment}."
    cure = "Note each of them as done or failed, then end the run."


@dataclass(frozen=True)
class HandoverWords:
    """
    Hold what a driver says of a shipment going on or off.

    ``receiver`` is the name or code of who gave or took it; ``note`` tells why, where it failed;
    ``nobody_there``, at a pickup, that nobody was.
    """

    shipment_id: str
    way: Literal["on", "off"]
    crates: int
    condition: Literal["good", "damaged", "short", "refused"] = "good"
    outcome: Literal["done", "failed"] = "done"
    receiver: str = ""
    note: str = ""
    happened_at: int | None = None
    nobody_there: bool = False


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
        write_papers(tx, row)
        _go_on(tx, row, "under_way")
        tx.tell("run.begun", row.ride_kind, row.ride_id, _everybody(tx, row), day=str(row.day))
        return manifest_id

    return desk.once(ask, save)


def hand_over(desk: Desk, who: Actor, ask: Ask, manifest_id: str, words: HandoverWords) -> str:
    """Note that a shipment went on or off, or that it could not; returns the handover."""

    def save(tx: Tx, row: Row[Any]) -> str:
        seen = handovers_of(tx, manifest_id)
        known = seen.get((words.shipment_id, words.way))
        if known is not None:
            return str(known.id)
        _must_be(row, "under_way")
        stop, handling = _stop_of(read_manifest(row.body), words)
        _must_be_sensible(tx, words, seen.get((words.shipment_id, "on")))
        moved_if_changed(lambda: changed(tx, manifest, row, {}))
        return _noted(tx, who, row, words, stop, handling)

    return desk.once_decided(ask, lambda view: seen_manifest(view, who, manifest_id), save)


def end_run(desk: Desk, who: Actor, ask: Ask, manifest_id: str) -> str:
    """
    End a run whose handovers are all noted.

    What a tour's shippers agreed to pay is now owed, and what those owe who left a trip's guests aboard.
    """

    def save(tx: Tx) -> str:
        row = seen_manifest(tx, who, manifest_id)
        _must_be(row, "under_way")
        seen = handovers_of(tx, manifest_id)
        missing = [one for one in _ways(read_manifest(row.body)) if one not in seen and _due(one, seen)]
        if missing:
            raise HandoversMissing(count=len(missing), number=row.number, shipment=missing[0][0])
        if row.ride_kind == "tour":
            for transfer_id in open_transfers(tx, "tour", row.ride_id):
                post(tx, transfer_id)
        else:
            charge_leavers(tx, row.ride_id)
        _go_on(tx, row, "done")
        failed = sum(one.outcome == "failed" for one in seen.values())
        tx.tell("run.ended", row.ride_kind, row.ride_id, {row.carrier_id}, failed=failed)
        return manifest_id

    return desk.once(ask, save)


def _must_be(row: Row[Any], state: str) -> None:
    if row.state != state:
        raise RunNotUnderWay(number=row.number, state=said(row.state))


def _go_on(tx: Tx, row: Row[Any], state: str) -> None:
    """Bring a manifest and its ride to the next state together."""
    changed(tx, manifest, row, {"state": state})
    table = RIDES[row.ride_kind]
    changed(tx, table, found(tx, table, row.ride_id), {"state": state})


def _stop_of(written: Manifest, words: HandoverWords) -> tuple[ManifestStop, Handling]:
    for stop in written.stops:
        for handling in stop.handlings:
            if (handling.shipment, handling.way) == (words.shipment_id, words.way):
                return stop, handling
    raise NotOnManifest(number=written.number, shipment=words.shipment_id)


def _must_be_sensible(tx: Tx, words: HandoverWords, collected: Row[Any] | None) -> None:
    if words.happened_at is not None and words.happened_at > tx.now_at + AHEAD_S:
        raise HappenedLater
    if _outcome(words) == "failed" and not (words.note or _nobody_there(words)):
        raise FailureUnexplained
    if words.way == "off" and (collected is None or collected.outcome != "done"):
        raise NotOnBoard(shipment=words.shipment_id)


def _outcome(words: HandoverWords) -> str:
    return "failed" if words.condition == "refused" or words.nobody_there else words.outcome


def _nobody_there(words: HandoverWords) -> bool:
    return words.nobody_there and words.way == "on"


def _noted(
    tx: Tx, who: Actor, row: Row[Any], words: HandoverWords, stop: ManifestStop, handling: Handling
) -> str:
    outcome = _outcome(words)
    short = words.condition == "good" and outcome == "done" and words.crates < handling.crates
    handover_id = added(
        tx,
        handover,
        "hov",
        manifest_id=row.id,
        shipment_id=words.shipment_id,
        stop=stop.number,
        way=words.way,
        outcome=outcome,
        crates=words.crates,
        condition="short" if short else words.condition,
        receiver=words.receiver,
        note=words.note,
        member_id=who.member_id,
        happened_at=tx.now_at if words.happened_at is None else words.happened_at,
    )
    shipment = find_shipment(tx, words.shipment_id)
    state = "failed" if outcome == "failed" else "aboard" if words.way == "on" else "delivered"
    changed(tx, market.shipment, shipment, {"state": state})
    if _nobody_there(words):
        note_nobody_there(tx, row, shipment)
    if row.ride_kind == "trip" and (state == "delivered" or _nobody_there(words)):
        _owe(tx, row, words.shipment_id)
    told = {row.carrier_id, *_parties_of(tx, shipment)}
    tx.tell(
        f"handover.{outcome}", "handover", handover_id, told, shipment=shipment.id, way=words.way,
        crates=words.crates,
    )  # fmt: skip
    return handover_id


def _owe(tx: Tx, row: Row[Any], shipment_id: str) -> None:
    """Make owed what a guest of a trip agreed to pay: its crates were handed over, or it was not there."""
    bid = accepted_bid(tx, row.ride_id, shipment_id)
    if bid is not None:
        post_pending(tx, bid.transfer_id)


def _parties_of(tx: Tx, shipment: Row[Any]) -> set[str]:
    """Name who sends a shipment, who pays for it, and who receives it."""
    return {shipment.shipper_id, shipment.payer_id, find_site(tx, shipment.to_site_id).party_id}


def _everybody(tx: Tx, row: Row[Any]) -> set[str]:
    shipments = {shipment_id for shipment_id, _ in _ways(read_manifest(row.body))}
    return {
        row.carrier_id,
        *(party for one in shipments for party in _parties_of(tx, find_shipment(tx, one))),
    }


def _ways(written: Manifest) -> list[tuple[str, str]]:
    return [(handling.shipment, handling.way) for stop in written.stops for handling in stop.handlings]


def _due(one: tuple[str, str], seen: dict[tuple[str, str], Row[Any]]) -> bool:
    """Tell whether a handover is still to come: what was never collected is not handed over."""
    shipment_id, way = one
    collected = seen.get((shipment_id, "on"))
    return way == "on" or collected is None or collected.outcome == "done"
