"""
Several shipments of one payer put on a tour at once: all have a place, or none.

Each place is found by the code of joining itself, in the tour as those before it have left it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Row

from pooling.desk.belonging import must_belong
from pooling.desk.desk import Desk
from pooling.desk.rides import begins_of
from pooling.desk.shares import Share, provisional_split, shares
from pooling.desk.sign_ups import Joining, must_be_in_time, placed, signed_up
from pooling.desk.tour_world import TourWorld, payers_must_stand, stand_on, tour_world
from pooling.store import Tx, View
from pooling.store.shipments import write_shipment
from routing.insertion import insert
from routing.plan import Plan


@dataclass(frozen=True)
class Boarding:
    """Hold the places that were found: the tour as it was read, the last place, what each would pay."""

    world: TourWorld
    wished: tuple[SimpleNamespace, ...]
    last: Joining
    shares: Mapping[str, Share]


def found_places(desk: Desk, view: View, tour_row: Row[Any], wished: Sequence[SimpleNamespace]) -> Boarding:
    """Find a place for each of these shipments, which are not kept yet; refuses where one has none."""
    rows: list[Any] = list(wished)
    return all_placed(tour_world(desk, view, tour_row, asking=rows), wished)


def all_placed(world: TourWorld, wished: Sequence[SimpleNamespace]) -> Boarding:
    """Find a place for each of those who ask in a world; refuses where one has none."""
    stands, last, plan = world, None, Plan((), ())
    rows: list[Any] = list(wished)
    for row in rows:
        last = placed(stands, row)
        plan = insert(stands.committed[1], last.slot)
        aboard: Any = SimpleNamespace(id="", shipment_id=row.id, payer_id=row.payer_id)
        stands = replace(stands, sign_ups=(*stands.sign_ups, aboard), planned=last.slot.route.tasks)
    if last is None:
        raise ValueError("Nothing asks for a place.")
    tour, payers, route = world.tour, world.payers, last.slot.route
    parts = provisional_split(tour, payers, plan, route, last.cost_cents).shares_cents
    return Boarding(world, tuple(wished), last, shares(tour, payers, plan, route, parts))


def board(tx: Tx, found: Boarding) -> list[str]:
    """Write the shipments with their places; ``Moved`` where the tour is no more as it was read."""
    world, route = found.world, found.last.slot.route
    must_be_in_time(tx, world.row)
    for payer in {one.payer_id for one in found.wished}:
        must_belong(tx, world.row, payer)
    payers_must_stand(tx, world, {one.payer_id for one in found.wished})
    stand_on(tx, world, route, found.last.cost_cents, "insertion", {})
    begins = begins_of(route)
    rows: list[Any] = list(found.wished)
    for one in rows:
        values = vars(one) | {"state": "riding", "rides_kind": "tour", "rides_id": world.tour.id}
        write_shipment(tx, one.id, {name: values[name] for name in values if name != "id"})
        pickup_s, drop_s = begins[one.id]
        signed_up(tx, world, one, found.shares[one.id], (world.at(pickup_s), world.at(drop_s)))
    return [one.id for one in rows]
