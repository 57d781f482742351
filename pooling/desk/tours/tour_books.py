"""
The books of a confirmed tour: who rides at which hours and for what, and who owes whom.

Written when a tour is confirmed, and anew when a late shipment joins it: all that was agreed before is
undone and agreed on again in the same transaction.
"""

from typing import Any

from sqlalchemy import Row

from pooling.carriers.pay import carrier_pay, work_of
from pooling.desk.tours.shares import Share
from pooling.desk.tours.tour_terms import begins_in, hours_told
from pooling.desk.tours.tour_world import TourWorld
from pooling.market.award import promised_request
from pooling.store import Tx
from pooling.store.ledger import (
    Purpose,
    community_account,
    fee_account,
    party_account,
    pend,
    tour_account,
)
from pooling.store.rows import changed
from pooling.store.touring import sign_up
from pooling.telling.topics import TOUR_CONFIRMED
from pooling.tours.hour_windows import Told
from routing.plan import Route

WINDOWS = ("pickup_from_at", "pickup_until_at", "drop_from_at", "drop_until_at")
"""Between which hours a place is collected and handed over, as its sign-up keeps them."""

TOLD_FROM_S = 60
"""Whom a late shipment moves by a minute or more is told."""


def write_riding(
    tx: Tx, world: TourWorld, route: Route, one: Row[Any], part: Share, *, late: bool = False
) -> None:
    """Let a sign-up ride that did not yet, or ride at other terms, and note that its share will be owed."""
    begins = one.state != "riding"
    values = {
        "state": "riding",
        "reason": "",
        "share_cents": part.share_cents,
        "told_cents": part.share_cents,
        "alone_cents": part.alone_cents,
        "transfer_id": _owed(tx, world, one, part),
        **_hours(world, route, one, keeps=late and not begins),
    }
    changed(tx, sign_up, one, values, kind="sign-up")
    if begins or not late:
        _tell_riding(tx, world, one, part, values)
    else:
        _tell_moved(tx, world, one, values)


def agree_card(tx: Tx, world: TourWorld, route: Route, gap_cents: int, cost_cents: int) -> None:
    """Note what the carrier, the operator and whoever takes the gap will owe and be owed."""
    row, account = world.row, tour_account(world.tour.id)
    gap_payer = party_account(row.gap_party_id or row.operator_id)
    if row.gap_community_id:
        gap_payer = community_account(row.gap_community_id)
    pay = carrier_pay(world.tour.card, work_of(route))
    if pay.total_cents + world.tour.fee_cents != cost_cents:
        raise AssertionError("The plan costs what its carrier is paid.")
    for payer, payee, cents, why in (
        (gap_payer, account, gap_cents, "tour gap"),
        (account, party_account(row.carrier_id), pay.total_cents, "tour card"),
        (account, fee_account(row.operator_id), world.tour.fee_cents, "tour fee"),
    ):
        if cents:
            pend(tx, payer, payee, cents, Purpose("tour", world.tour.id, why))


def _owed(tx: Tx, world: TourWorld, one: Row[Any], part: Share) -> str:
    if not part.share_cents:
        return ""
    about = Purpose("tour", world.tour.id, "tour share")
    payer, account = party_account(one.payer_id), tour_account(world.tour.id)
    return str(pend(tx, payer, account, part.share_cents, about))


def _hours(world: TourWorld, route: Route, one: Row[Any], *, keeps: bool) -> dict[str, int]:
    """Return the hours of a ride; who rides already keeps what it was promised, within which it may move."""
    if keeps:
        pickup_s, drop_s = begins_in(route, one.shipment_id)
        return {"pickup_at": world.at(pickup_s), "drop_at": world.at(drop_s)}
    return promised_hours(world, route, one.shipment_id)


def promised_hours(world: TourWorld, route: Route, shipment_id: str) -> dict[str, int]:
    """Return the hours that a confirmed tour promises: those planned, within what was told before."""
    promised = promised_request(world.problem.request(shipment_id), route)
    told = Told(promised.pickup.windows[0], promised.drop.windows[0])
    return hours_told(world, route, shipment_id, told)


def _tell_riding(tx: Tx, world: TourWorld, one: Row[Any], part: Share, values: dict[str, Any]) -> None:
    """Tell the payer its hours and share, and what it was told of them before; a buyer its hours only."""
    shipped = world.day.shipment_by_id[one.shipment_id]
    if shipped.ordered_by:
        drop = {name: values[name] for name in ("drop_at", "drop_from_at", "drop_until_at")}
        tx.tell("hours.changed", "shipment", one.shipment_id, {shipped.ordered_by}, **drop)
    tx.tell(
        TOUR_CONFIRMED,
        "sign_up",
        one.id,
        {one.payer_id},
        tour=world.tour.id,
        shipment=one.shipment_id,
        crates=shipped.load.crates,
        share_cents=part.share_cents,
        pickup_at=values["pickup_at"],
        drop_at=values["drop_at"],
        **{name: values[name] for name in WINDOWS},
        before={name: getattr(one, name) for name in ("told_cents", *WINDOWS)},
    )


def _tell_moved(tx: Tx, world: TourWorld, one: Row[Any], values: dict[str, Any]) -> None:
    hours = {name: values[name] for name in ("pickup_at", "drop_at")}
    if all(abs(at - getattr(one, name)) < TOLD_FROM_S for name, at in hours.items()):
        return
    tx.tell("hours.changed", "shipment", one.shipment_id, {one.payer_id}, **hours)
    buyer = world.day.shipment_by_id[one.shipment_id].ordered_by
    if buyer:
        tx.tell("hours.changed", "shipment", one.shipment_id, {buyer}, drop_at=hours["drop_at"])
