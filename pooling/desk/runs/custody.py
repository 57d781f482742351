"""
Who holds a shipment's crates: read by whoever has a part in it, passed on by who holds them.

A driver that could not hand crates over still holds them: what it does with them later, after its run
too, is one more record.
"""

from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.actor import Actor, NotAllowed
from pooling.desk.desk import Desk
from pooling.desk.goods.deposits import CratesThere, crates_there, follow_deposits
from pooling.desk.runs.codes import own_code
from pooling.desk.runs.handovers import tell_handover
from pooling.desk.runs.recording import Hands, Sight, read_chain, record
from pooling.desk.runs.signing import settle
from pooling.runs.custody import Custody, NotTheHolder
from pooling.store import Ask, Tx, View
from pooling.store.custody import carriers_of, chain_of, held_by
from pooling.store.manifests import find_handover, find_manifest
from pooling.store.rows import NotFound, changed
from pooling.store.shipments import find_shipment
from pooling.store.sites import find_site
from pooling.store.touring import manifest

Seeing = TypeVar("Seeing", bound=View)

ON_THE_WAY = ("riding", "aboard", "failed")
"""States of a shipment whose crates are still to be handed over: its codes are of use."""


class NobodyNamed(Refusal):
    code = "nobody_named"
    reason = "Crates that are left with somebody need that person's name."
    cure = "Write the name of whoever took them."


@dataclass(frozen=True, kw_only=True)
class PassWords(Sight):
    """Hold what became of crates that could not be handed over at their stop."""

    way: Literal["again", "back", "left"]


@dataclass(frozen=True)
class SeenCustody:
    """
    Hold what somebody may see of a shipment's custody.

    ``codes`` are those of the sides that it acts for, by way, ``agreeing`` those by which it agrees to the
    correction of a record that stands; ``holds`` is the carrier for which it may pass crates on and correct,
    empty for none.
    """

    shipment: Row[Any]
    receiver_id: str
    records: list[Row[Any]]
    custody: Custody
    codes: dict[str, str]
    holds: str
    agreeing: dict[str, str]


def seen_custody(view: View, who: Actor, shipment_id: str) -> SeenCustody:
    """
    Return a shipment's custody to its shipper, payer and receiver, its carriers, and operators.

    A carrier sees the records of its own runs only, of whatever else carried the crates nothing.
    """
    shipment = find_shipment(view, shipment_id)
    receiver_id = find_site(view, shipment.to_site_id).party_id
    sides = {shipment.shipper_id, shipment.payer_id, receiver_id, shipment.ordered_by_id or ""}
    carriers = carriers_of(view, shipment_id, shipment.rides_kind, shipment.rides_id) & who.parties
    whole = who.is_operator or bool(sides & set(who.manages))
    if not whole and not carriers:
        raise NotFound(kind="shipment", id=shipment_id)
    records, now = chain_of(view, shipment_id), read_chain(view, shipment).now
    if not whole:
        records = [one for one in records if carriers & {one.giver_id, one.taker_id}]
        known = {party for one in records for party in (one.giver_id, one.taker_id or "")}
        now = Custody({party: crates for party, crates in now.held.items() if party in known}, now.lost)
    codes = {"on": shipment.shipper_id, "off": receiver_id} if shipment.state in ON_THE_WAY else {}
    return SeenCustody(
        shipment=shipment,
        receiver_id=receiver_id,
        records=records,
        custody=now,
        codes={way: own_code(view, shipment_id, way) for way, party in codes.items() if party in who.manages},
        holds=min(carriers, default=""),
        agreeing={
            one.id: own_code(view, shipment_id, one.id)
            for one in records
            if facing(view, shipment, one) in who.manages
            and one.id not in {each.corrects for each in records}
        },
    )


def facing(view: View, shipment: Row[Any], noted: Row[Any]) -> str:
    """Name the side that faced the driver of a record; nobody where crates were left."""
    if noted.way == "left":
        return ""
    if noted.way == "over":
        return str(noted.giver_id)
    if noted.way in ("on", "back"):
        return str(shipment.shipper_id)
    return str(find_site(view, shipment.to_site_id).party_id)


def pass_on(desk: Desk, who: Actor, ask: Ask, shipment_id: str, words: PassWords) -> str:
    """Note what became of crates that stayed with a driver; returns the record."""

    def save(tx: Tx) -> str:
        tx = keeping_records(tx, who)
        seen = seen_custody(tx, who, shipment_id)
        if not (who.is_operator or seen.holds):
            raise NotAllowed(who="the carrier that holds the crates")
        shipment = find_shipment(tx, shipment_id)
        row = run_of_holder(tx, who, shipment_id)
        changed(tx, manifest, row, {})
        if words.way == "left" and not words.receiver:
            raise NobodyNamed
        taker, site = _taker(tx, shipment, words.way)
        hands = Hands(row, 0, words.way, row.carrier_id, taker, site)
        there = crates_there(tx, shipment, row.carrier_id)
        noted_id = record(tx, who, read_chain(tx, shipment), hands, words)
        follow_record(tx, row, there, shipment_id, noted_id, "handover.passed_on")
        return noted_id

    return desk.once(ask, save)


def keeping_records(view: Seeing, who: Actor) -> Seeing:
    """Return with whose eyes records are kept: who keeps the house's puts those of closed rides right too."""
    return view.by_house() if who.is_operator else view


def seen_handover(view: View, who: Actor, handover_id: str) -> Row[Any]:
    """Return a record that the actor may see."""
    noted = find_handover(view, handover_id)
    try:
        seen = seen_custody(view, who, noted.shipment_id)
    except NotFound:
        raise NotFound(kind="handover", id=handover_id) from None
    if noted.id not in {one.id for one in seen.records}:
        raise NotFound(kind="handover", id=handover_id)
    return noted


def run_of_holder(view: View, who: Actor, shipment_id: str) -> Row[Any]:
    """Return the run on which somebody of the actor's parties took crates of a shipment last."""
    manifest_id = held_by(view, shipment_id, None if who.is_operator else who.parties)
    if manifest_id is None:
        raise NotTheHolder
    return find_manifest(keeping_records(view, who), manifest_id)


def _taker(tx: Tx, shipment: Row[Any], way: str) -> tuple[str | None, str | None]:
    if way == "again":
        return find_site(tx, shipment.to_site_id).party_id, shipment.to_site_id
    return (shipment.shipper_id, shipment.from_site_id) if way == "back" else (None, None)


def follow_record(
    tx: Tx, row: Row[Any], there: CratesThere, shipment_id: str, noted_id: str, topic: str
) -> None:
    """Put the money and the deposits right and tell everybody concerned."""
    shipment = find_shipment(tx, shipment_id)
    follow_deposits(tx, there, shipment, row.carrier_id, noted_id)
    settle(tx, row, read_chain(tx, shipment))
    tell_handover(tx, row, shipment, find_handover(tx, noted_id), topic)
