"""
One tour as the pure code sees it: the day of those who signed up, the roads between, what each may pay.

Read from one moment of the store. Whatever is decided on it is saved only while the tour stands at
the revision that was read.
"""

from collections.abc import Container, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import Row

from pooling.carriers.service_area import Area
from pooling.costs.baseline import Baseline
from pooling.day import Day
from pooling.desk.carriers.assigning import area_of
from pooling.desk.days import Standing, standing_day
from pooling.desk.desk import Desk, Moved, moved_if_changed
from pooling.desk.market.rides import PayersDay, standing_of
from pooling.goods.freshness import Fresh
from pooling.ground import Ground
from pooling.hours import DayClock
from pooling.shipment import Shipment
from pooling.store import Tx, View
from pooling.store.bids import paid_that_day
from pooling.store.hand_moves import holds_of
from pooling.store.people import party
from pooling.store.plans import PlanWords, add_plan, planned_tasks
from pooling.store.rows import changed, held
from pooling.store.shipments import payers_day, shipments_by_id
from pooling.store.touring import tour as tour_table
from pooling.store.tours import sign_ups_aboard
from pooling.tour import Tour
from pooling.tours.confirming import tour_problem
from pooling.tours.holds import NOTHING_HELD, Held, Holds
from pooling.tours.hour_windows import Told, kept_to
from pooling.tours.payers import Payers
from pooling.tours.tour_area import TourArea, kept_tour_area
from routing.insertion import insert_all
from routing.plan import Plan, Route
from routing.problem import Problem, Window
from routing.schedule import schedule_route
from routing.task import Task

PayersDays = tuple[tuple[date, PayersDay], ...]
"""The days that count for what a payer would pay alone, each as it stood when it was read."""


@dataclass(frozen=True)
class TourWorld:
    """
    Hold a tour with those aboard (and whoever asks to join), and the facts behind their caps.

    ``planned`` is the order in which the tour's plan visits those aboard, ``holds`` what its operator
    pinned and locked.
    """

    row: Row[Any]
    standing: Standing
    payers: Payers
    sign_ups: tuple[Row[Any], ...]
    asking: tuple[str, ...]
    planned: tuple[Task, ...]
    paid_cents: Mapping[str, int]
    payers_days: Mapping[str, PayersDays]
    area: Area | None = None
    holds: Holds = NOTHING_HELD

    @property
    def day(self) -> Day:
        return self.standing.day

    @property
    def ground(self) -> Ground:
        return self.standing.ground

    @property
    def tour(self) -> Tour:
        return self.day.tours[0]

    @property
    def clock(self) -> DayClock:
        return self.day.clock

    @property
    def aboard(self) -> tuple[str, ...]:
        """Name the shipments that hold a place, in the order of their joining."""
        return tuple(row.shipment_id for row in self.sign_ups)

    @property
    def held(self) -> Held:
        """Return what is held by hand, for whoever plans several tours."""
        return {} if self.holds == NOTHING_HELD else {self.tour.id: self.holds}

    @cached_property
    def problem(self) -> Problem:
        """
        Ask for the best tour of those aboard and asking, each worth what riding saves its payer.

        The hours of a harvest are hard for each; where a shipment has none within them it is not let
        aboard (``sign_ups``), and a plan that were late is refused. So are the hours that those aboard
        were told.
        """
        asked = self.unhurried
        told = self.told
        fresh = [kept_to(self.fresh.asked(one) or one, told.get(one.id)) for one in asked.requests]
        return self.holds.timed(replace(asked, requests=tuple(fresh)))

    @cached_property
    def told(self) -> dict[str, Told]:
        """Return the hours that those aboard were told, which bind, by shipment, in seconds of the day."""
        midnight_at = int(self.clock.midnight.timestamp())
        return {
            row.shipment_id: Told(
                Window(row.pickup_from_at - midnight_at, row.pickup_until_at - midnight_at),
                Window(row.drop_from_at - midnight_at, row.drop_until_at - midnight_at),
            )
            for row in self.sign_ups
            if row.pickup_from_at is not None
        }

    @cached_property
    def goes_to(self) -> TourArea | None:
        """Return the area that the tour was proposed for; ``None`` where it goes anywhere."""
        return kept_tour_area(self.row.area)

    @cached_property
    def unhurried(self) -> Problem:
        """Ask the same without the hard hours of a harvest: only to tell how late one would come."""
        asked = tour_problem(self.ground, [self.tour], self.payers)
        known = {*self.aboard, *self.asking}
        return replace(asked, requests=tuple(one for one in asked.requests if one.id in known))

    def at_own_hours(self, problem: Problem) -> Problem:
        """Return a problem with everybody's own hours: a ride under way is held to these."""
        own = {one.id: self.fresh.asked(one) or one for one in self.unhurried.requests}
        requests = (replace(own[one.id], prize_cents=one.prize_cents) for one in problem.requests)
        return replace(problem, requests=tuple(requests))

    @property
    def fresh(self) -> Fresh:
        """Return the hard hours of a harvest, in seconds of the day."""
        hours = (self.row.ready_from_at, self.row.fresh_by_at)
        midnight_at = int(self.clock.midnight.timestamp())
        ready_s, fresh_s = (None if at is None else at - midnight_at for at in hours)
        return Fresh(ready_s, fresh_s)

    @cached_property
    def committed(self) -> tuple[Problem, Plan]:
        """
        Return the plan that the tour stands on, with everybody aboard and whatever it costs.

        Whoever left is left out; where the road then admits no such order (a shortcut by a stop that
        is made no more), everybody is inserted anew.
        """
        must = {one: replace(self.problem.request(one), prize_cents=None) for one in self.aboard}
        problem = replace(self.problem, requests=tuple(must.values()))
        tasks = [task for task in self.planned if task.id in must]
        if not must:
            return problem, Plan((), ())
        route = schedule_route(problem, problem.vehicle(self.tour.id), tasks) if tasks else None
        planned = {task.id for task in tasks} if route else set()
        start = Plan((route,) if route else (), tuple(one for one in must if one not in planned))
        return problem, insert_all(problem, start)

    def site_of(self, route: Route | None) -> dict[Task, str]:
        """Tell at which site each visit of a route is."""
        shipments = self.day.shipment_by_id
        return {
            task: shipments[task.id].from_site if task.kind == "pickup" else shipments[task.id].to_site
            for task in (route.tasks if route else ())
        }

    def at(self, seconds: int) -> int:
        """Turn an hour of the plan into a stored moment."""
        return int(self.clock.midnight.timestamp()) + seconds


def tour_world(
    desk: Desk,
    view: View,
    row: Row[Any],
    *,
    asking: Sequence[Row[Any]] = (),
    besides: Sequence[Row[Any]] = (),
) -> TourWorld:
    """
    Read a tour's world; ``asking`` are shipments that would join.

    ``besides`` are others whose sites are measured too, for ``asked_in``. Of each payer all shipments of
    the day come in that ride nowhere else: what delivering alone costs is a matter of the whole day. Where
    a tour ends next morning and carries shipments of that day as well, both days are driven as one.
    """
    joined = sign_ups_aboard(view, row.id)
    rows = shipments_by_id(view, [one.shipment_id for one in joined])
    sign_ups = tuple(one for one in joined if _rides(rows[one.shipment_id], row.id))
    rows = {one.shipment_id: rows[one.shipment_id] for one in sign_ups} | {one.id: one for one in asking}
    payers = sorted({one.payer_id for one in rows.values()})
    counted = {payer: days_counted(row, rows.values(), payer) for payer in payers}
    own = {payer: {day: payers_day(view, payer, day) for day in of} for payer, of in counted.items()}
    days = {one.id: one for of in own.values() for group in of.values() for one in group} | rows
    known = [*(days[one] for one in sorted(days)), *(one for one in besides if one.id not in days)]
    standing = standing_day(desk, view, row.day, shipments=known, tours=[row])
    wanting = {one for one in days if one in rows or _free(days[one], row.id)}
    paid = {payer: {day: paid_that_day(view, payer, day) for day in of} for payer, of in counted.items()}
    elsewhere = {
        payer: sum(cents for of_day in of.values() for one, cents in of_day.items() if one not in rows)
        for payer, of in paid.items()
    }
    return TourWorld(
        row=row,
        standing=standing,
        payers=payers_of(
            standing.baseline, _named(standing.day, days), wanting, elsewhere, ceilings_of(sign_ups)
        ),
        sign_ups=sign_ups,
        asking=tuple(one.id for one in asking),
        planned=planned_tasks(view, row.plan_id),
        paid_cents=elsewhere,
        payers_days={
            payer: tuple((day, standing_of(own[payer][day], paid[payer][day])) for day in counted[payer])
            for payer in payers
        },
        area=area_of(view, row.carrier_id),
        holds=holds_of(view, row.id).among(one.shipment_id for one in sign_ups),
    )


def asked_in(
    world: TourWorld, asking: Row[Any], own: Sequence[Row[Any]], paid: Mapping[str, int]
) -> TourWorld:
    """
    Return a world in which one shipment asks to join, of those that were measured besides.

    ``own`` is its payer's day, ``paid`` what it pays on it. Asking for many at one time, each by itself,
    takes one matrix, and what delivering alone costs those aboard is reckoned once.
    """
    of_it = {one.id: one for one in own} | {asking.id: asking}
    wanting = {one for one in of_it if one == asking.id or _free(of_it[one], world.tour.id)}
    aboard = {*world.aboard, asking.id}
    elsewhere = sum(cents for one, cents in paid.items() if one not in aboard)
    its = payers_of(
        world.standing.baseline, _named(world.day, of_it), wanting, {asking.payer_id: elsewhere}, {}
    )
    payers = replace(
        world.payers,
        wanting={**world.payers.wanting, **its.wanting},
        whole_cents={**world.payers.whole_cents, **its.whole_cents},
    )
    return replace(world, payers=payers, asking=(asking.id,))


def _named(day: Day, known: Container[str]) -> list[Shipment]:
    return [one for one in day.shipments if one.id in known]


def stand_on(
    tx: Tx, world: TourWorld, route: Route | None, cost_cents: int, source: str, values: Mapping[str, object]
) -> str:
    """
    Let the tour stand on a plan, and change what else changes with it; returns the plan's id.

    ``Moved`` where the tour no longer stands at the revision that was read.
    """
    plan_id = tx.fresh_id("plan")
    revision = moved_if_changed(lambda: changed(tx, tour_table, world.row, {"plan_id": plan_id, **values}))
    words = PlanWords("tour", world.tour.id, revision, source, cost_cents)
    add_plan(tx, plan_id, words, route, world.site_of(route), world.clock)
    return plan_id


def payers_must_stand(tx: Tx, world: TourWorld, payers: Iterable[str]) -> None:
    """
    ``Moved`` where these parties send or pay something else that day than what was decided on.

    They are held until the end of the change: who agrees on two rides at once pays no more than alone.
    """
    for payer in sorted(payers):
        held(tx, party, payer)
        for day, stood in world.payers_days[payer]:
            if standing_of(payers_day(tx, payer, day), paid_that_day(tx, payer, day)) != stood:
                raise Moved


def is_of_its_day(tour_row: Row[Any], shipment_row: Row[Any]) -> bool:
    """Tell whether a shipment is of a tour's day, or of the next where the tour is still under way then."""
    following = tour_row.day + timedelta(days=1)
    return bool(
        shipment_row.day == tour_row.day
        or (shipment_row.day == following and shipment_row.ready_at < tour_row.closes_at)
    )


def days_counted(tour_row: Row[Any], rows: Iterable[Row[Any]], payer: str) -> tuple[date, ...]:
    """Return the days whose shipments count for what a payer would pay alone: the tour's, and its own."""
    return tuple(sorted({tour_row.day, *(one.day for one in rows if one.payer_id == payer)}))


def _rides(shipment_row: Row[Any], tour_id: str) -> bool:
    """Tell whether a shipment that signed up still rides: it may have been cancelled since."""
    here = shipment_row.rides_kind == "tour" and shipment_row.rides_id == tour_id
    return bool(here and shipment_row.state == "riding")


def _free(shipment_row: Row[Any], tour_id: str) -> bool:
    """Tell whether a shipment could be driven alone, or rides on this very tour."""
    return (shipment_row.state == "open" and not shipment_row.rides_id) or _rides(shipment_row, tour_id)


def ceilings_of(sign_ups: Iterable[Row[Any]]) -> dict[str, int]:
    """Return the most that those aboard may still pay: what they were told last, by shipment."""
    told = {
        row.shipment_id: row.share_cents if row.told_cents is None else row.told_cents for row in sign_ups
    }
    return {one: cents for one, cents in told.items() if cents is not None}


def payers_of(
    baseline: Baseline,
    shipments: Sequence[Shipment],
    wanting: Set[str],
    paid: Mapping[str, int],
    ceilings: Mapping[str, int],
) -> Payers:
    """
    Gather what each party may pay for this tour: its day alone, less what it pays on other rides.

    Nobody who rides here and there pays more in all than alone. What not even an own van could carry
    in its hours counts nowhere.
    """
    possible = [one for one in shipments if baseline.alone(one.payer, [one]) is not None]
    groups: dict[str, tuple[Shipment, ...]] = {}
    whole: dict[str, int] = {}
    for payer, paid_cents in paid.items():
        everything = [one for one in possible if one.payer == payer]
        groups[payer] = tuple(one for one in everything if one.id in wanting)
        day_cents = baseline.cents(payer, everything)
        whole[payer] = max(0, min(baseline.cents(payer, groups[payer]), day_cents - paid_cents))
    return Payers(baseline, groups, whole, ceilings)
