"""
Save an act of an operator's hand: plans, hours, shares, the log, and who is told.

On a confirmed tour what was agreed to be paid is undone and agreed anew, in the same transaction. Told are
those whose hours move by a minute or more, and those who ride on another tour; nobody else.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import Row

from pooling.desk.actor import Actor
from pooling.desk.desk import Moved, moved_if_changed
from pooling.desk.hands.hand_sides import Part, agreed_cents
from pooling.desk.hands.hand_vans import must_run, tell_van
from pooling.desk.hands.hand_words import HandWords, stood_json
from pooling.desk.reasons import reason_json
from pooling.desk.tours.share_keeping import keep_shares
from pooling.desk.tours.shares import Share, shares
from pooling.desk.tours.tour_books import agree_card, promised_hours
from pooling.desk.tours.tour_terms import note_told
from pooling.desk.tours.tour_world import payers_must_stand, stand_on
from pooling.desk.tours.tours import void_all
from pooling.store import Tx
from pooling.store.hand_moves import add_hand_move
from pooling.store.ledger import Purpose, party_account, pend, tour_account
from pooling.store.market import shipment
from pooling.store.rows import changed
from pooling.store.shipments import find_shipment
from pooling.store.sites import find_site
from pooling.store.touring import sign_up, tour
from pooling.store.tours import find_tour, sign_ups_aboard
from pooling.tours.hand_breaks import TourMerged, TourUnsplit
from routing.task import Task

TOLD_FROM_S = 60
"""An hour that moves by less is not told."""


def save_parts(tx: Tx, who: Actor, kind: str, words: HandWords, parts: Sequence[Part], undoes_id: str) -> str:
    """Write an act on one or two tours, while they stand as they were read; returns the act's id."""
    move_id = tx.fresh_id("act")
    parts = sorted(parts, key=lambda part: part.world.row.id)
    for part in parts:
        if part.moves:
            _payers_must_stand(tx, part)
    for part in parts:
        _stand(tx, part, parts, kind)
    for part in parts:
        _write_sign_ups(tx, part)
    for part in parts:
        others = [one.world.row.id for one in parts if one is not part]
        row = find_tour(tx, part.world.row.id)
        shares_cents = agreed_cents(sign_ups_aboard(tx, row.id))
        after = replace(part.after, state=row.state, shares_cents=shares_cents)
        add_hand_move(
            tx,
            move_id=move_id,
            undoes_id=undoes_id,
            tour_id=row.id,
            other_tour_id=others[0] if others else "",
            member_id=who.member_id,
            kind=kind,
            tour_revision=row.revision,
            asked=json.dumps(asdict(words)),
            before=json.dumps(stood_json(part.before, part.before_figures)),
            after=json.dumps(stood_json(after, part.after_figures)),
        )
        told = {row.operator_id, row.carrier_id}
        tx.tell("tour.moved_by_hand", "tour", row.id, told, kind=kind, act=move_id)
    return move_id


def _payers_must_stand(tx: Tx, part: Part) -> None:
    if part.fresh_words is None:
        payers_must_stand(tx, part.world, part.world.payers_days)


def _stand(tx: Tx, part: Part, parts: Sequence[Part], kind: str) -> None:
    """Let a tour stand on its new plan; one on which nobody is left by a merge is over."""
    row, state = part.world.row, part.after.state
    if not part.moves:
        moved_if_changed(lambda: changed(tx, tour, row, {}))
        return
    reason = ""
    if state == "cancelled":
        other = next(one.world.row.id for one in parts if one is not part)
        merged = kind != "undo"
        reason = reason_json(TourMerged(tour=row.id, other=other) if merged else TourUnsplit(tour=row.id))
        told = {row.operator_id, row.carrier_id}
        tx.tell("tour.cancelled", "tour", row.id, told, day=str(row.day))
    cost_cents, route = part.after_figures.cost_cents, part.after_figures.route
    stand_on(tx, part.world, route, cost_cents, "hand", {"state": state, "reason": reason, **part.after.van})
    if part.after.van:
        must_run(tx, row.id)
        tell_van(tx, row.id, part.before.van)


def _write_sign_ups(tx: Tx, part: Part) -> None:
    """Give everybody aboard its hours, and on a confirmed tour its share anew."""
    if not part.moves:
        return
    row, found, world = part.world.row, part.after_figures, part.world
    confirmed = part.after.state == "confirmed"
    void_all(tx, row.id)
    parts: dict[str, Share] = {}
    if found.route is not None and confirmed:
        parts = shares(world.tour, world.payers, found.plan, found.route, found.split.shares_cents)
    incoming = {one.id for one in part.incoming}
    begins = {task: world.at(at) for task, at in found.begins_s.items()}
    for one in world.sign_ups:
        hours = {way: begins[Task(kind, one.shipment_id)] for way, kind in _WAYS.items()}
        values: dict[str, object] = dict(hours)
        if confirmed:
            values |= {"state": "riding", "reason": "", **_agreed(tx, row.id, one, parts[one.shipment_id])}
            if one.state != "riding" and found.route is not None:
                values |= promised_hours(world, found.route, one.shipment_id)
        if one.id in incoming:
            values |= {"tour_id": row.id} | ({} if confirmed else {"state": "joined", "transfer_id": ""})
            _ride_here(tx, one, row.id)
        moved_if_changed(lambda one=one, values=values: changed(tx, sign_up, one, values, kind="sign-up"))  # type: ignore[misc]
        before = {
            way: world.at(part.before_figures.begins_s.get(Task(kind, one.shipment_id), 0))
            if one.id not in incoming
            else getattr(one, way)
            for way, kind in _WAYS.items()
        }
        _tell(tx, part, one, hours, before)
    if found.route is not None and found.charged is not None and confirmed:
        note_told(tx, world, parts, world.sign_ups, "by_hand")
        agree_card(tx, world, found.route, found.split.gap_cents, found.split.cost_cents)
        plan_id = find_tour(tx, row.id).plan_id
        keep_shares(tx, world, plan_id, part.side.problem, found.route, found.charged)


_WAYS: dict[str, Any] = {"pickup_at": "pickup", "drop_at": "drop"}


def _agreed(tx: Tx, tour_id: str, one: Row[Any], share: Share) -> dict[str, object]:
    """Note that a share will be owed."""
    about, transfer_id = Purpose("tour", tour_id, "tour share"), ""
    if share.share_cents:
        transfer_id = pend(tx, party_account(one.payer_id), tour_account(tour_id), share.share_cents, about)
    return {
        "share_cents": share.share_cents,
        "told_cents": share.share_cents,
        "alone_cents": share.alone_cents,
        "transfer_id": transfer_id,
    }


def _ride_here(tx: Tx, one: Row[Any], tour_id: str) -> None:
    """Let a shipment ride on another tour than before."""
    row = find_shipment(tx, one.shipment_id)
    if row.state != "riding" or row.rides_id != one.tour_id:
        raise Moved
    moved_if_changed(lambda: changed(tx, shipment, row, {"rides_id": tour_id}))


def _tell(tx: Tx, part: Part, one: Row[Any], hours: dict[str, int], before: dict[str, int | None]) -> None:
    """
    Tell those whose hours move, and those who ride on another tour.

    Before a tour is confirmed nobody was told an hour, only between which: that still holds.
    """
    elsewhere = one.tour_id != part.world.row.id
    confirmed = part.after.state == "confirmed"
    later = any(was is None or abs(hours[way] - was) >= TOLD_FROM_S for way, was in before.items())
    if elsewhere:
        facts = {"tour": part.world.row.id, "shipment": one.shipment_id} | (hours if confirmed else {})
        tx.tell("tour.moved", "sign_up", one.id, {one.payer_id}, **facts)
    if not (later and confirmed):
        return
    row = find_shipment(tx, one.shipment_id)
    sends = {row.shipper_id, row.payer_id}
    tx.tell("hours.changed", "shipment", row.id, sends, **hours)
    receives = {find_site(tx, row.to_site_id).party_id} - sends
    if receives:
        tx.tell("hours.changed", "shipment", row.id, receives, drop_at=hours["drop_at"])
