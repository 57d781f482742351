"""
Deposits on crates: asked for by whose crates they are, held while others have them, given back with them.

A handover that leaves crates with their receiver holds a deposit for each; empties that leave it again give
back their part, so that the last crate brings back the last cent. Crates that were there before anybody asked
for a deposit bear none.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row

from pooling.desk.actor import Actor
from pooling.desk.communities.communities import must_be_steward
from pooling.desk.desk import Desk
from pooling.desk.people.parties import must_manage
from pooling.runs.empties import balances
from pooling.store import Ask, Tx, View
from pooling.store.custody import moves_of
from pooling.store.deposits import (
    any_deposits,
    ask_deposits,
    deposit_by_shipment,
    deposit_cents,
    deposit_held,
    move_deposit,
)
from pooling.store.ledger import community_account, party_account
from pooling.store.manifests import find_handover
from pooling.store.parties import find_party
from pooling.store.sites import find_site


@dataclass(frozen=True)
class CratesThere:
    """Hold how many crates of their sender the parties to a handover had before it, by who and kind."""

    receiver: str = ""
    held: Mapping[tuple[str, str], int] = field(default_factory=dict)


def deposit_of(view: View, shipment: Row[Any]) -> int:
    """Return what is held for a shipment's crates; before a handover what would be, in cents."""
    held_cents = deposit_by_shipment(view, shipment.id)
    if held_cents is not None:
        return held_cents
    receiver_id = find_site(view.by_house(), shipment.to_site_id).party_id
    if shipment.state in ("delivered", "cancelled") or receiver_id == shipment.shipper_id:
        return 0
    each = deposit_cents(view, shipment.shipper_id, receiver_id, shipment.temperature)
    return int(shipment.crates) * each


def party_asks_deposits(
    desk: Desk, who: Actor, ask: Ask, party_id: str, cents_by_kind: Mapping[str, int]
) -> str:
    """Say what one's own party asks for each of its crates, from now on; what is held stays as it is."""

    def save(tx: Tx) -> str:
        find_party(tx, party_id)
        must_manage(who, party_id)
        ask_deposits(tx, party_account(party_id), cents_by_kind)
        return party_id

    return desk.once(ask, save)


def community_asks_deposits(
    desk: Desk, who: Actor, ask: Ask, community_id: str, cents_by_kind: Mapping[str, int]
) -> str:
    """Say, as its steward, what the members of a community ask of each other where they say nothing."""

    def save(tx: Tx) -> str:
        must_be_steward(tx, who, community_id)
        ask_deposits(tx, community_account(community_id), cents_by_kind)
        return community_id

    return desk.once(ask, save)


def crates_there(view: View, shipment: Row[Any], carrier_id: str) -> CratesThere:
    """Count the sender's crates before a handover; nothing is counted in a house without deposits."""
    if not any_deposits(view):
        return CratesThere()
    receiver = find_site(view, shipment.to_site_id).party_id
    parties = {receiver, carrier_id} - {shipment.shipper_id}
    held = balances(moves_of(view, parties))
    return CratesThere(
        receiver,
        {
            (holder, kind): crates
            for (holder, owner, kind), crates in held.items()
            if owner == shipment.shipper_id and holder in parties
        },
    )


def follow_deposits(tx: Tx, before: CratesThere, shipment: Row[Any], carrier_id: str, noted_id: str) -> None:
    """Hold or give back what a new record of a handover changes."""
    if not before.receiver:
        return
    noted, owner = find_handover(tx, noted_id), shipment.shipper_id
    after = crates_there(tx, shipment, carrier_id).held
    for holder, kind in sorted(before.held.keys() | after.keys()):
        was, now = (counted.get((holder, kind), 0) for counted in (before.held, after))
        if holder == before.receiver:
            each = deposit_cents(tx, owner, holder, kind)
            cents = due_cents(deposit_held(tx, owner, holder, kind), was, now, each)
        else:
            cents = -_part(deposit_held(tx, owner, holder, kind), was, was - _brought(noted, holder, kind))
        if cents:
            move_deposit(tx, owner, holder, kind, cents, noted_id)
            facts = {"holder": holder, "owner": owner, "kind": kind, "cents": cents}
            tx.tell("deposit.moved", "handover", noted_id, {holder, owner}, **facts)


def due_cents(held_cents: int, was: int, now: int, each_cents: int) -> int:
    """
    Return what is to be held more (below 0: given back) where so many crates became so many.

    Never more than the crates that came more, nor than what is missing to all that are there: an operator
    may have given back, or taken again, a part. A balance below 0 counts as none, and holds nothing.
    """
    if now <= was:
        return -_part(held_cents, was, now)
    there, before = max(0, now), max(0, was)
    cents = min((there - before) * each_cents, there * each_cents - held_cents)
    return max(0, cents) if before else cents


def _part(held_cents: int, was: int, now: int) -> int:
    """Return what goes back of a deposit where ``now`` of ``was`` crates stay: all of it with the last."""
    if held_cents <= 0 or now >= was:
        return 0
    return held_cents if now <= 0 else held_cents - held_cents * now // was


def _brought(noted: Row[Any], holder: str, kind: str) -> int:
    """Count the empties that whoever drove brought back to their owner by a record of a pickup."""
    if noted.way != "on" or noted.taker_id != holder or noted.corrects or not noted.empties:
        return 0
    return int(json.loads(noted.empties).get(kind, 0))
