"""How a tour stands, read from the store by no code of the desk: state, order, holds, who is aboard."""

import json
from dataclasses import dataclass, field

from sqlalchemy import select

from pooling.store.hand_moves import hand_move
from pooling.store.touring import plan, sign_up


@dataclass(frozen=True)
class Held:
    """Hold what is held by hand: ``locks`` by their kind and visit, ``first`` how the tour begins."""

    pinned: frozenset = frozenset()
    first: tuple = ()
    locks: dict = field(default_factory=dict)

    def broken_by(self, order, begins):
        """List what an order of visits with its hours does not keep."""
        broken = [] if tuple(order[: len(self.first)]) == self.first else ["first"]
        broken += [one for one in self.pinned if ("on", one) not in order]
        for (kind, visit), lock in self.locks.items():
            if kind == "place" and frozenset(order[: order.index(visit)]) != lock:
                broken.append((kind, visit))
            if kind == "hour" and not lock[0] <= begins[visit] <= lock[1]:
                broken.append((kind, visit))
        return broken


@dataclass(frozen=True)
class Stood:
    """Hold how a tour stands; ``hours`` and ``shares`` by shipment, ``order`` as ways and shipments."""

    revision: int
    state: str
    order: tuple
    holds: Held
    shares: dict
    hours: dict

    def holds_as(self, other):
        """Tell whether state, order, holds and who is aboard are those of another moment."""
        mine, its = (
            (one.state, one.order, one.holds, one.shares.keys()) if one.order else one.order
            for one in (self, other)
        )
        return mine == its

    def same_as(self, other):
        """Tell whether all but the revision is as at another moment."""
        return self.holds_as(other) and (self.shares, self.hours) == (other.shares, other.hours)


NOTHING = Stood(0, "", (), Held(), {}, {})


def visits_of(view, row):
    """Return the visits of the plan that a tour stands on, as they were written."""
    query = select(plan.c.body).where(plan.c.id == row.plan_id)
    body = view.connection.execute(query).scalar()
    return json.loads(body)["visits"] if body else []


def stood(view, row):
    """Read how a tour stands."""
    of_it = (sign_up.c.tour_id == row.id, sign_up.c.state.in_(("joined", "riding")))
    aboard = view.connection.execute(select(sign_up).where(*of_it)).all()
    shares = {one.shipment_id: one.share_cents for one in aboard}
    hours = {one.shipment_id: (one.pickup_at, one.drop_at) for one in aboard}
    order = tuple((one["way"], one["shipment"]) for one in visits_of(view, row) if one["shipment"] in shares)
    return Stood(
        row.revision,
        row.state,
        order,
        held(view, row, {one.shipment_id: one for one in aboard}),
        shares,
        hours,
    )


def held(view, row, aboard):
    """Return what operators hold of those aboard: who has left is held no more, not even if it comes back."""
    query = select(hand_move).where(hand_move.c.tour_id == row.id).order_by(hand_move.c.tour_revision.desc())
    newest = view.connection.execute(query.limit(1)).one_or_none()
    if newest is None:
        return Held()
    aboard = {one: place for one, place in aboard.items() if place.created_at <= newest.created_at}
    kept = json.loads(newest.after)["holds"]
    locks = {}
    for visit, before in kept["places"]:
        locks["place", tuple(visit)] = frozenset(tuple(one) for one in before if one[1] in aboard)
    for visit, opens_s, closes_s in kept["hours"]:
        locks["hour", tuple(visit)] = (opens_s, closes_s)
    return Held(
        frozenset(one for one in kept["pinned"] if one in aboard),
        tuple(tuple(one) for one in kept["first"] if one[1] in aboard),
        {key: lock for key, lock in locks.items() if key[1][1] in aboard},
    )
