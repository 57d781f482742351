"""
What delivering oneself costs, from addresses and crates only: line by line, and in the best order.

``full_cost`` counts the driver's hours; ``shareable_cost`` of the same way leaves them out, as the law of
cost sharing does. Every figure has a default with its source (``pooling.figures``), and each can be said
otherwise.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial

from pooling.figures import (
    DIESEL_PRICE,
    LABOUR_PER_HOUR,
    OWN_VAN_CRATES,
    REFRIGERATED_VAN_ENERGY,
    REFRIGERATED_VAN_PER_KM,
    SERVICE_PER_CRATE,
    SETUP_PER_STOP,
    SMALL_VAN_ENERGY,
    SMALL_VAN_PER_KM,
    TOLLS_PER_KM,
)
from pooling.goods.goods_share import above_target, goods_share
from pooling.ground import Ground
from pooling.load import DIMENSIONS
from routing.construction import first_plan
from routing.plan import Route
from routing.problem import Problem, Request, Vehicle, Visit, Window
from routing.schedule import schedule_route
from routing.solve import solve
from routing.task import Task

ITERATIONS, LONGEST_S = 400, 10.0
"""The search of a farm's own order: the same answer each time, unless it takes longer than that."""

DAY_S = 24 * 3600
ANY_HOUR = Window(0, 30 * DAY_S)
"""Where no hours are asked for: however long it takes, it is one tour."""


@dataclass(frozen=True)
class Rates:
    """
    Hold what driving oneself costs; whole cents, seconds and millilitres.

    ``vehicle_cents_per_km`` is depreciation, upkeep, tyres and insurance, without energy.
    """

    vehicle_cents_per_km: int
    energy_ml_per_km: int
    energy_cents_per_litre: int = DIESEL_PRICE.value
    tolls_cents_per_km: int = TOLLS_PER_KM.value
    labour_cents_per_hour: int = LABOUR_PER_HOUR.value
    setup_s_per_stop: int = SETUP_PER_STOP.value
    service_s_per_crate: int = SERVICE_PER_CRATE.value

    @property
    def energy_cents_per_km(self) -> int:
        return (self.energy_ml_per_km * self.energy_cents_per_litre + 500) // 1000

    @property
    def cents_per_km(self) -> int:
        """Return what a kilometre costs without labour: the price of the small or the refrigerated van."""
        return self.vehicle_cents_per_km + self.energy_cents_per_km + self.tolls_cents_per_km


def default_rates(*, refrigerated: bool = False) -> Rates:
    """Return the stated defaults: the published price of a kilometre has its energy in."""
    per_km, energy = (
        (REFRIGERATED_VAN_PER_KM, REFRIGERATED_VAN_ENERGY)
        if refrigerated
        else (SMALL_VAN_PER_KM, SMALL_VAN_ENERGY)
    )
    burnt_cents = (energy.value * DIESEL_PRICE.value + 500) // 1000
    return Rates(per_km.value - burnt_cents, energy.value)


@dataclass(frozen=True)
class Delivery:
    """
    Hold one delivery: to which site, how much, and what the goods are worth where that is known.

    ``hours`` is when it may be handed over, in seconds after midnight; ``None`` at any hour.
    """

    site: str
    crates: int
    kg: int
    goods_value_cents: int = 0
    hours: Window | None = None


@dataclass(frozen=True)
class Lines:
    """Hold the lines of what a way costs, in cents; each rounded half up, the totals add the lines."""

    vehicle_cents: int
    energy_cents: int
    tolls_cents: int
    driving_cents: int
    loading_cents: int

    @property
    def full_cost_cents(self) -> int:
        return sum(getattr(self, line.name) for line in fields(self))

    @property
    def shareable_cost_cents(self) -> int:
        """Return what cost sharing may repay: the same without labour."""
        return self.vehicle_cents + self.energy_cents + self.tolls_cents


@dataclass(frozen=True)
class OwnCost:
    """
    Hold what a farm's own tour costs and how it is driven.

    ``order`` names the sites in the best order found, ``empty_m`` is the way home after the last crate of
    each run. ``as_said_cents`` is the full cost in the order in which the deliveries were named (``None``
    where one van does not hold them all, or their hours forbid it), ``one_by_one_cents`` with a way home
    after each. ``begins_s`` is when each site of ``order`` is served, seconds after midnight, where any
    delivery has hours; ``vans`` are out at once then.
    """

    deliveries: tuple[Delivery, ...]
    runs: int
    order: tuple[str, ...]
    lines: Lines
    distance_m: int
    empty_m: int
    drive_s: int
    duration_s: int
    as_said_cents: int | None
    one_by_one_cents: int
    begins_s: tuple[int, ...] = ()
    vans: int = 1

    @property
    def cents(self) -> int:
        return self.lines.full_cost_cents

    @property
    def crates(self) -> int:
        return sum(one.crates for one in self.deliveries)

    @property
    def cents_per_crate(self) -> int:
        return _each(self.cents, self.crates)

    @property
    def cents_per_kg(self) -> int:
        return _each(self.cents, sum(one.kg for one in self.deliveries))

    @property
    def cents_per_delivery(self) -> int:
        return _each(self.cents, len(self.deliveries))

    @property
    def goods_value_cents(self) -> int:
        """Return what all goods are worth; 0 where the value of any delivery is unknown."""
        values = [one.goods_value_cents for one in self.deliveries]
        return sum(values) if all(values) else 0

    @property
    def goods_share_pct(self) -> int | None:
        """Return the cost as a share of the goods, in percent half up; ``None`` where any is unknown."""
        found = goods_share(self.cents, self.goods_value_cents)
        return None if found is None else found.percent

    @property
    def above_target(self) -> bool:
        """Tell whether it costs more than the target share of goods whose value is known."""
        return above_target(self.cents, self.goods_value_cents)

    def cents_per_year(self, runs: int) -> int:
        return runs * self.cents

    def even_crates(self, crate_cents: int) -> int:
        """Return from how many crates on the own van costs no more than so many cents per crate elsewhere."""
        return -(-self.cents // max(1, crate_cents))


def own_cost(
    ground: Ground,
    home: str,
    deliveries: Sequence[Delivery],
    rates: Rates,
    van_crates: int = OWN_VAN_CRATES.value,
) -> OwnCost:
    """
    Find what a farm's own deliveries cost in the best order found, each in its hours or at any.

    What one van does not hold is driven in several runs: whole vans straight there and back, what is left of
    each delivery with the others.
    """
    whole_vans = tuple(
        route
        for one in deliveries
        for route in (_whole_van(ground, home, one, rates, van_crates),) * (one.crates // van_crates)
    )
    rest = [replace(one, crates=one.crates % van_crates) for one in deliveries if one.crates % van_crates]
    singles, mixed, as_said = _mixed(ground, home, rest, rates, van_crates)
    if whole_vans:
        as_said = None
    routes = (*whole_vans, *mixed)
    ends = [route.visits[-1].place for route in routes]
    served = _served(ground, routes, [one.site for one in deliveries])
    timed = any(one.hours for one in deliveries)
    return OwnCost(
        deliveries=tuple(deliveries),
        runs=len(routes),
        order=tuple(site for site, _ in served),
        begins_s=tuple(at_s for _, at_s in served) if timed else (),
        vans=max(map(partial(out_at_once, routes), routes)) if timed else 1,
        lines=lines_of(routes, rates),
        distance_m=int(sum(route.distance_m for route in routes)),
        empty_m=int(sum(ground.matrix.metres[end][ground.row[home]] for end in ends)),
        drive_s=int(sum(route.drive_s for route in routes)),
        duration_s=int(sum(route.duration_s for route in routes)),
        as_said_cents=lines_of(as_said, rates).full_cost_cents if as_said else None,
        one_by_one_cents=lines_of((*whole_vans, *singles), rates).full_cost_cents,
    )


def out_at_once(routes: Iterable[Route], one: Route) -> int:
    """Count the routes that are being driven when one of them leaves, itself among them."""
    return sum(other is one or other.leaves_s <= one.leaves_s < other.ends_s for other in routes)


Routes = tuple[Route, ...]


def _mixed(
    ground: Ground, home: str, rest: Sequence[Delivery], rates: Rates, van_crates: int
) -> tuple[Routes, Routes, Routes | None]:
    """Drive what is left over one by one, in the best way found, and as it was named if one van can."""
    if not rest:
        return (), (), None
    problem = _problem(ground, home, rest, rates, van_crates)
    singles = tuple(_alone(problem, at) for at in range(len(rest)))
    tried, as_said = [singles, _best(problem)], None
    if sum(one.crates for one in rest) <= van_crates:
        named = _in_order(problem, range(len(rest)))
        as_said = (named,) if named else None
        tried += [as_said] if as_said else []
    return singles, min(tried, key=lambda one: lines_of(one, rates).full_cost_cents), as_said


def _whole_van(ground: Ground, home: str, one: Delivery, rates: Rates, van_crates: int) -> Route:
    problem = _problem(ground, home, [replace(one, crates=van_crates)], rates, van_crates)
    return _alone(problem, 0)


def _served(ground: Ground, routes: Iterable[Route], sites: Sequence[str]) -> list[tuple[str, int]]:
    """Name the sites of routes in the order in which they are driven, with when; of twins the first."""
    name = {ground.row[site]: site for site in reversed(sites)}
    drops = [visit for route in routes for visit in route.visits if visit.task.kind == "drop"]
    return [
        (name[drop.place], drop.begins_s - DAY_S)
        for drop, before in zip(drops, [None, *drops], strict=False)
        if before is None or drop.place != before.place
    ]


def lines_of(routes: Iterable[Route], rates: Rates) -> Lines:
    """Itemise routes in one's own van; whatever is not driving is loading."""
    driven = list(routes)
    distance_m = sum(route.distance_m for route in driven)
    drive_s = sum(route.drive_s for route in driven)
    return Lines(
        vehicle_cents=_per_km(distance_m, rates.vehicle_cents_per_km),
        energy_cents=_per_km(distance_m, rates.energy_cents_per_km),
        tolls_cents=_per_km(distance_m, rates.tolls_cents_per_km),
        driving_cents=_per_hour(drive_s, rates),
        loading_cents=_per_hour(sum(route.duration_s for route in driven) - drive_s, rates),
    )


def _problem(
    ground: Ground, home: str, deliveries: Sequence[Delivery], rates: Rates, van_crates: int
) -> Problem:
    vans = tuple(
        Vehicle(
            id=f"run {at}",
            start=ground.row[home],
            end=ground.row[home],
            capacity=(van_crates,) + (0,) * (len(DIMENSIONS) - 1),
            shift=ANY_HOUR,
            cents_per_km=rates.cents_per_km,
            cents_per_hour=rates.labour_cents_per_hour,
        )
        for at in range(len(deliveries))
    )
    requests = tuple(
        Request(
            id=str(at),
            pickup=_visit(ground, home, one, rates, None),
            drop=_visit(ground, one.site, one, rates, one.hours),
            load=(one.crates,) + (0,) * (len(DIMENSIONS) - 1),
        )
        for at, one in enumerate(deliveries)
    )
    return ground.problem(vans, requests)


def _visit(ground: Ground, site: str, delivery: Delivery, rates: Rates, hours: Window | None) -> Visit:
    """Return a halt; hours are those of the second day, so that the van may leave in the night before."""
    return Visit(
        place=ground.row[site],
        windows=(Window(DAY_S + hours.opens_s, DAY_S + hours.closes_s) if hours else ANY_HOUR,),
        service_s=delivery.crates * rates.service_s_per_crate,
        setup_s=rates.setup_s_per_stop,
    )


def _best(problem: Problem) -> tuple[Route, ...]:
    """Search the best order; everything may be carried, so a plan is found."""
    return solve(problem, LONGEST_S, first_plan(problem), iterations=ITERATIONS).plan.routes


def _in_order(problem: Problem, order: Sequence[int]) -> Route | None:
    """Load all of these at home and deliver them in this order, in one run; ``None`` against their hours."""
    tasks = [Task("pickup", str(at)) for at in order] + [Task("drop", str(at)) for at in order]
    return schedule_route(problem, problem.vehicles[0], tasks)


def _alone(problem: Problem, at: int) -> Route:
    route = _in_order(problem, [at])
    if route is None:
        raise AssertionError("What one van holds can be delivered at any hour, if it leaves early enough.")
    return route


def _per_km(distance_m: int, cents: int) -> int:
    return int((distance_m * cents + 500) // 1000)


def _per_hour(duration_s: int, rates: Rates) -> int:
    return int((duration_s * rates.labour_cents_per_hour + 1800) // 3600)


def _each(cents: int, number: int) -> int:
    """Divide cents, rounded half up."""
    return (2 * cents + number) // (2 * number)
