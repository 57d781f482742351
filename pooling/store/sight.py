"""
The one condition under which a trip, a series, a tour or a round exists for whoever looks.

What is posted in a community exists for its members, for who runs it, and for whose crates ride or ask to
ride on it: a party that left keeps what stands. For everybody else, operators of the house among them, there
is none. A ``View`` holds whose eyes it is; the house itself, working by the clock, sees everything.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Row,
    Select,
    Table,
    and_,
    bindparam,
    exists,
    func,
    not_,
    or_,
    select,
    true,
    union,
)

from pooling.store.belonging import community, community_party, shop
from pooling.store.carrying import harvest_round
from pooling.store.draft_invitations import draft_invitation
from pooling.store.drafts import drafting
from pooling.store.finding import quote
from pooling.store.market import bid, order, rematch, shipment, trip, trip_series
from pooling.store.reading import read_row
from pooling.store.rows import NotFound
from pooling.store.selling import tour_order
from pooling.store.touring import handover, manifest, sign_up, tour
from pooling.store.transaction import View
from pooling.store.work import job

STANDS = ("open", "countered", "accepted")
"""The states of a bid by which its payer keeps sight of a trip after leaving its community."""

SEEDING = "draft_tours"
"""The kind of the jobs that draft tours out of one operator's flows: no other operator's business."""

RUN_BY: Mapping[str, tuple[str, ...]] = {
    trip.name: ("owner_id",),
    trip_series.name: ("owner_id",),
    tour.name: ("operator_id", "carrier_id", "gap_party_id"),
    harvest_round.name: ("operator_id", "carrier_id"),
}
"""Whose each is: they see their own wherever it was posted."""


def visible(view: View, table: Table) -> ColumnElement[bool]:
    """Return the condition on one of these tables under which a row exists for who looks."""
    if view.sight is None:
        return true()
    eyes = sorted(view.sight)
    return or_(
        table.c.community_id.is_(None),
        table.c.community_id.in_(communities_of(eyes)),
        *(func.coalesce(table.c[name], "").in_(eyes) for name in RUN_BY[table.name]),
        *(aboard(table, eyes) for aboard in (ABOARD.get(table.name),) if aboard),
    )


def hidden(view: View, table: Table) -> Select[Any]:
    """
    Return the ids that do not exist for who looks.

    SQLite answers ``> ''`` from the index of the communities, and ``IS NOT NULL`` only by reading every row.
    """
    return select(table.c.id).where(table.c.community_id > "", not_(visible(view, table)))


def must_exist(view: View, table: Table, row: Row[Any], kind: str) -> Row[Any]:
    """Refuse a row that does not exist for who looks, as if it had never been."""
    if view.sight is None or row.community_id is None:
        return row
    seen = select(table.c.id).where(table.c.id == row.id, visible(view, table))
    if view.connection.execute(seen).first() is None:
        raise NotFound(kind=kind, id=row.id)
    return row


def part_visible(view: View, table: Table) -> ColumnElement[bool]:
    """Return the same condition on what hangs on a ride: a bid on its trip, a sign-up on its tour."""
    if view.sight is None:
        return true()
    ride, ride_id = _ride_of(table)
    seen = ride_id.not_in(hidden(view, ride))
    return or_(seen, table.c.payer_id.in_(sorted(view.sight))) if "payer_id" in table.c else seen


def part_must_exist(view: View, table: Table, row: Row[Any], kind: str) -> Row[Any]:
    """Refuse what hangs on a ride that does not exist for who looks; one's own stays."""
    if view.sight is None or getattr(row, "payer_id", None) in view.sight:
        return row
    ride, ride_id = _ride_of(table)
    its = {"its_id": getattr(row, ride_id.name)}
    posted = read_row(view, _community_of(ride), its)
    if posted is None or posted.community_id is None:
        return row
    if view.connection.execute(hidden(view, ride).where(ride.c.id == its["its_id"])).first() is not None:
        raise NotFound(kind=kind, id=row.id)
    return row


def rides_visible(view: View, table: Table) -> ColumnElement[bool]:
    """Return the same condition on what names its ride by kind and id, as manifests do."""
    if view.sight is None:
        return true()
    kind, ride_id = (table.c[name] for name in _RIDE_NAMES.get(table.name, ("ride_kind", "ride_id")))
    return and_(
        *(
            or_(kind != name, ride_id.not_in(hidden(view, ride)))
            for name, ride in (("trip", trip), ("tour", tour))
        )
    )


def unattached(view: View, payer_id: ColumnElement[str]) -> ColumnElement[bool]:
    """
    Return the condition that a payer is who looks, or belongs to no community that is not there for it.

    For what may name any ride that its payer sees: offers that were kept for it.
    """
    if view.sight is None:
        return true()
    eyes = sorted(view.sight)
    elsewhere = select(community_party.c.party_id).where(
        community_party.c.state == "in", community_party.c.community_id.not_in(communities_of(eyes))
    )
    return or_(payer_id.in_(eyes), payer_id.not_in(elsewhere))


def about_visible(view: View, kind: ColumnElement[str], about_id: ColumnElement[str]) -> ColumnElement[bool]:
    """Return the same condition on what is about something by its kind, as events and jobs are."""
    if view.sight is None:
        return true()
    return and_(*(or_(kind != name, about_id.not_in(ids)) for name, ids in _hidden_kinds(view).items()))


def _hidden_kinds(view: View) -> Mapping[str, Select[Any] | CompoundSelect[Any]]:
    eyes = sorted(view.sight or ())
    mine = communities_of(eyes)
    manifests = select(manifest.c.id).where(not_(rides_visible(view, manifest)))
    riding = select(shipment.c.id).where(not_(rides_visible(view, shipment)))
    kinds: dict[str, Select[Any] | CompoundSelect[Any]] = {
        "trip": hidden(view, trip),
        "tour": hidden(view, tour),
        "series": hidden(view, trip_series),
        "round": hidden(view, harvest_round),
        "bid": select(bid.c.id).where(not_(part_visible(view, bid))),
        "sign_up": select(sign_up.c.id).where(not_(part_visible(view, sign_up))),
        "quote": select(quote.c.id).where(not_(part_visible(view, quote))),
        "manifest": manifests,
        "handover": select(handover.c.id).where(handover.c.manifest_id.in_(manifests)),
        "tour_order": select(tour_order.c.id).where(not_(part_visible(view, tour_order))),
        "order": select(order.c.id).where(order.c.shipment_id.in_(riding)),
        "drafting": select(drafting.c.id).where(drafting.c.operator_id.not_in(eyes)),
        "draft_invitation": select(draft_invitation.c.id).where(draft_invitation.c.operator_id.not_in(eyes)),
        "shipment": union(
            riding,
            select(rematch.c.shipment_id).where(not_(unattached(view, rematch.c.payer_id))),
        ),
        "community": select(community.c.id).where(community.c.id.not_in(mine)),
        "shop": select(shop.c.id).where(shop.c.community_id.not_in(mine)),
    }
    about = or_(*(and_(job.c.about_kind == name, job.c.about_id.in_(ids)) for name, ids in kinds.items()))
    seeding = and_(job.c.kind == SEEDING, func.coalesce(job.c.party_id, "").not_in(eyes))
    return kinds | {"job": select(job.c.id).where(or_(about, seeding))}


@cache
def _community_of(ride: Table) -> Select[Any]:
    return select(ride.c.community_id).where(ride.c.id == bindparam("its_id"))


def _ride_of(table: Table) -> tuple[Table, ColumnElement[str]]:
    return (trip, table.c.trip_id) if "trip_id" in table.c else (tour, table.c.tour_id)


def communities_of(party_ids: list[str]) -> Select[Any]:
    """Return the communities to which any of these parties belongs."""
    return select(community_party.c.community_id).where(
        community_party.c.party_id.in_(party_ids), community_party.c.state == "in"
    )


def _guests_of(table: Table, eyes: list[str]) -> ColumnElement[bool]:
    mine = (bid.c.trip_id == table.c.id, bid.c.state.in_(STANDS), _whose(eyes))
    return exists(select(bid.c.id).join(shipment, shipment.c.id == bid.c.shipment_id).where(*mine))


def _joined(table: Table, eyes: list[str]) -> ColumnElement[bool]:
    mine = (sign_up.c.tour_id == table.c.id, sign_up.c.state.in_(("joined", "riding")), _whose(eyes))
    return exists(select(sign_up.c.id).join(shipment, shipment.c.id == sign_up.c.shipment_id).where(*mine))


def _whose(eyes: list[str]) -> ColumnElement[bool]:
    columns = (shipment.c.payer_id, shipment.c.shipper_id, shipment.c.ordered_by_id)
    return or_(*(column.in_(eyes) for column in columns))


ABOARD: Mapping[str, Callable[[Table, list[str]], ColumnElement[bool]]] = {
    trip.name: _guests_of,
    tour.name: _joined,
}

_RIDE_NAMES: Mapping[str, tuple[str, str]] = {shipment.name: ("rides_kind", "rides_id")}
