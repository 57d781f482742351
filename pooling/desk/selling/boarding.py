"""
Several shipments of one payer put on a tour at once: all have a place, or none.

Each place is found by the code of joining itself, and what they add is judged together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Row

from pooling.desk.communities.belonging import must_belong
from pooling.desk.desk import Desk
from pooling.desk.tours.share_keeping import keep_terms
from pooling.desk.tours.shares import Share
from pooling.desk.tours.sign_ups import must_be_in_time, signed_up
from pooling.desk.tours.thresholds import plan_at_threshold
from pooling.desk.tours.tour_places import Joining, all_placed
from pooling.desk.tours.tour_terms import retell
from pooling.desk.tours.tour_world import TourWorld, payers_must_stand, stand_on, tour_world
from pooling.desk.tours.waiting_list import ask_waiting
from pooling.store import Tx, View
from pooling.store.shipments import write_shipment


@dataclass(frozen=True)
class Boarding:
    """Hold the places that were found: the tour as it was read, and the last place with what all are told."""

    world: TourWorld
    wished: tuple[SimpleNamespace, ...]
    last: Joining

    @property
    def shares(self) -> Mapping[str, Share]:
        """Return what each shipment aboard would pay."""
        return self.last.terms.parts


def found_places(desk: Desk, view: View, tour_row: Row[Any], wished: Sequence[SimpleNamespace]) -> Boarding:
    """Find a place for each of these shipments, which are not kept yet; refuses where one has none."""
    rows: list[Any] = list(wished)
    world = tour_world(desk, view, tour_row, asking=rows)
    return Boarding(world, tuple(wished), all_placed(world, rows))


def board(tx: Tx, found: Boarding) -> list[str]:
    """Write the shipments with their places; ``Moved`` where the tour is no more as it was read."""
    world, route, terms = found.world, found.last.slot.route, found.last.terms
    must_be_in_time(tx, world.row)
    payers = {one.payer_id for one in found.wished}
    for payer in sorted(payers):
        must_belong(tx, world.row, payer)
    payers_must_stand(tx, world, payers)
    plan_id = stand_on(tx, world, route, terms.cost_cents, "insertion", {})
    rows: list[Any] = list(found.wished)
    for one in rows:
        values = vars(one) | {"state": "riding", "rides_kind": "tour", "rides_id": world.tour.id}
        write_shipment(tx, one.id, {name: values[name] for name in values if name != "id"})
        signed_up(tx, world, one, route, terms)
    retell(tx, world, terms, "others_joined", world.sign_ups, payers)
    keep_terms(tx, world, plan_id, terms)
    plan_at_threshold(tx, world.tour.id)
    ask_waiting(tx, world.row)
    tx.tell(
        "tour.joined", "tour", world.tour.id, {world.row.operator_id}, crates=sum(one.crates for one in rows)
    )
    return [one.id for one in rows]
