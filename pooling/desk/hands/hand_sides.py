"""A tour as an operator's hand finds it, and as it would be with others aboard: read, never written."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.desk import Desk
from pooling.desk.hands.hand_words import Stood
from pooling.desk.tours.tour_words import TourWords
from pooling.desk.tours.tour_world import TourWorld, payers_of, tour_world
from pooling.store import View
from pooling.store.shipments import shipments_by_id
from pooling.tours.hands import Figures, Side, breaks, figures, put_in
from pooling.tours.holds import Holds
from routing.task import Task


@dataclass(frozen=True)
class Part:
    """
    Hold one tour of an act: as it stood, and as it would be.

    ``incoming`` are the sign-ups that come aboard from another tour. ``fresh_words`` are those of a tour
    that is only made by the act.
    """

    world: TourWorld
    before: Stood
    before_figures: Figures
    side: Side
    after: Stood
    after_figures: Figures
    incoming: tuple[Row[Any], ...]
    broken: tuple[Refusal, ...]
    fresh_words: TourWords | None = None

    @property
    def moves(self) -> bool:
        """Tell whether the plan changes, and not only what is held."""
        return not self.before.same_as(replace(self.after, holds=self.before.holds)) or self._timed

    @property
    def _timed(self) -> bool:
        return self.before_figures.begins_s != self.after_figures.begins_s


@dataclass(frozen=True)
class Found:
    """Hold a tour that an act touches: its row, its world, how it stands, and what that comes to."""

    row: Row[Any]
    world: TourWorld
    side: Side
    stood: Stood
    figures: Figures


@dataclass(frozen=True)
class Target:
    """
    Hold how a tour is wanted; of ``tasks`` none may be missing but the newcomers', which find their places.

    ``agreed_cents`` are shares to be held to in place of those that are told now.
    """

    tasks: tuple[Task, ...]
    holds: Holds
    state: str
    incoming: tuple[Row[Any], ...] = ()
    leaving: frozenset[str] = frozenset()
    agreed_cents: Mapping[str, int] | None = None
    fresh_words: TourWords | None = None
    van: Mapping[str, object] = field(default_factory=dict)


def found_tour(desk: Desk, view: View, row: Row[Any]) -> Found:
    """Read a tour as it stands."""
    world = tour_world(desk, view, row)
    route = world.committed[1].route(row.id)
    tasks = route.tasks if route else ()
    side = side_of(world, tasks, world.holds, row.state, agreed_cents(world.sign_ups))
    return Found(row, world, side, Stood(row.state, tasks, world.holds, side.agreed_cents), figures(side))


def side_of(
    world: TourWorld, tasks: Sequence[Task], holds: Holds, state: str, agreed_cents: Mapping[str, int]
) -> Side:
    """Return a tour as pure code judges it, everybody aboard bound to ride."""
    world = replace(world, holds=holds)
    problem = world.problem
    must = tuple(replace(one, prize_cents=None) for one in problem.requests)
    midnight_at = world.at(0)
    told = {
        task: at - midnight_at
        for one in world.sign_ups
        for task, at in (
            (Task("pickup", one.shipment_id), one.pickup_at),
            (Task("drop", one.shipment_id), one.drop_at),
        )
        if one.state == "riding" and at is not None
    }
    return Side(
        tour=world.tour,
        confirmed=state == "confirmed",
        problem=problem.narrowed(problem.vehicles, must),
        payers=world.payers,
        tasks=tuple(tasks),
        holds=holds,
        fresh=world.fresh,
        clock=world.clock,
        agreed_cents=agreed_cents,
        told_s=told,
    )


def wanted_part(desk: Desk, view: View, row: Row[Any], found: Found | None, target: Target) -> Part:
    """
    Return what would become of a tour.

    Newcomers that ``tasks`` do not name are put in where they cost least. ``found`` is ``None`` for a
    tour that the act makes.
    """
    world = _world(desk, view, row, target)
    agreed = agreed_cents(world.sign_ups) if target.agreed_cents is None else target.agreed_cents
    side = side_of(world, target.tasks, target.holds, target.state, agreed)
    named = {task.id for task in target.tasks}
    newcomers = [one.shipment_id for one in target.incoming if one.shipment_id not in named]
    if newcomers:
        side = replace(side, tasks=put_in(side, newcomers))
    after = figures(side)
    empty = Stood("cancelled", (), Holds(), {})
    nothing = figures(replace(side, tasks=()))
    stood = Stood(target.state, side.tasks, target.holds, side.agreed_cents, target.van)
    served = world.sign_ups if target.van else target.incoming
    return Part(
        world=replace(world, holds=target.holds),
        before=found.stood if found else empty,
        before_figures=found.figures if found else nothing,
        side=side,
        after=stood,
        after_figures=after,
        incoming=target.incoming,
        broken=(*breaks(side, after), *_unserved(world, served)),
        fresh_words=target.fresh_words,
    )


def _world(desk: Desk, view: View, row: Row[Any], target: Target) -> TourWorld:
    """Read a tour's world with those who come and without those who go."""
    rows = shipments_by_id(view, [one.shipment_id for one in target.incoming])
    world = tour_world(desk, view, row, asking=list(rows.values()))
    stay = tuple(one for one in world.sign_ups if one.shipment_id not in target.leaving)
    gone = [one for one in world.sign_ups if one.shipment_id in target.leaving]
    paid = dict(world.paid_cents)
    for one in gone:
        if row.state == "confirmed" and one.share_cents:
            paid[one.payer_id] = paid.get(one.payer_id, 0) + one.share_cents
    payers = world.payers
    if target.agreed_cents is not None:  # what an undo brings back is what each may pay again
        payers = replace(payers, ceilings_cents={**payers.ceilings_cents, **target.agreed_cents})
    if gone:
        wanting: Set[str] = {one.id for group in payers.wanting.values() for one in group} - target.leaving
        payers = payers_of(payers.baseline, world.day.shipments, wanting, paid, payers.ceilings_cents)
    return replace(
        world,
        sign_ups=(*stay, *target.incoming),
        asking=(),
        payers=payers,
        paid_cents=paid,
        holds=target.holds,
    )


def agreed_cents(sign_ups: Iterable[Row[Any]]) -> Mapping[str, int]:
    """Return the share that was told for each shipment."""
    return {one.shipment_id: one.share_cents for one in sign_ups if one.share_cents is not None}


def _unserved(world: TourWorld, served: Sequence[Row[Any]]) -> Iterable[Refusal]:
    """Name those outside the carrier's area."""
    if world.area is None:
        return
    name = world.day.parties[world.tour.carrier].name
    for one in served:
        shipment = world.day.shipment_by_id[one.shipment_id]
        places = [world.day.sites[site].place for site in (shipment.from_site, shipment.to_site)]
        try:
            world.area.must_serve(places, name)
        except Refusal as refusal:
            yield refusal
