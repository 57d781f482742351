"""
Real tours to be shared: farms and shops of a region, one van, everybody aboard who can be, each with its
day alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bench.day_market import DaySize, make_day
from geodata.region import Region
from pooling.costs.baseline import Baseline
from pooling.day import Day
from pooling.fair.sharing import Claimant
from pooling.ground import survey
from pooling.load import Room, Space
from pooling.shipment import Shipment
from pooling.tour import RateCard
from routing.construction import first_plan
from routing.cost import route_cost
from routing.plan import Route
from routing.problem import Problem, Vehicle, Window
from routing.solve import solve

ITERATIONS = 60
SHOPS_PER_FARM = 0.6
ROOM = Room(Space(400), Space(400), payload_kg=9_000)
CARD = RateCard(1_500, 40, 1_500, 100)
LONGEST_S = 20.0
ALL_DAY = Window(4 * 3600, 22 * 3600)


@dataclass(frozen=True)
class RealTour:
    """Hold one tour as it is planned, with what each party may pay and would spend alone."""

    problem: Problem
    route: Route
    aboard: tuple[Shipment, ...]
    claimants: dict[str, Claimant]


def real_tours(region: Region, shippers: int, seed: int, within_km: int) -> Iterator[RealTour]:
    """Make tours of so many shippers that can be paid: seed after seed, those that cannot are left out."""
    while True:
        seed += 1
        size = DaySize(
            region.name, shippers, max(2, round(shippers * SHOPS_PER_FARM)), shippers, 1, 1, within_km
        )
        found = _tour(make_day(region, size, seed), region)
        if found is not None and len(found.claimants) == shippers:
            yield found


def _tour(day: Day, region: Region) -> RealTour | None:
    """Plan one van for everybody; ``None`` where not everybody fits, or their caps do not pay for it."""
    ground = survey(list(day.sites.values()), region.roads).ground
    tour = day.tours[0]
    van = Vehicle(
        id=tour.id,
        start=ground.row[tour.start_site],
        end=ground.row[tour.end_site],
        capacity=ROOM.amounts,
        shift=ALL_DAY,
        fixed_cents=CARD.fixed_cents + tour.fee_cents,
        cents_per_km=CARD.cents_per_km,
        cents_per_hour=CARD.cents_per_hour,
        cents_per_stop=CARD.cents_per_stop,
    )
    shipments = tuple(replace(one, pickup=ALL_DAY, drop=ALL_DAY) for one in day.shipments)
    problem = ground.problem((van,), tuple(ground.request(one) for one in shipments))
    start = first_plan(problem)
    if start is None or start.unserved:
        return None
    plan = solve(problem, LONGEST_S, start, iterations=ITERATIONS).plan
    baseline = Baseline(ground, {one.payer: one.from_site for one in day.shipments})
    claimants: dict[str, Claimant] = {}
    for one in shipments:
        alone = baseline.alone(one.payer, [one])
        if alone is None:
            return None
        claimants[one.payer] = Claimant(alone.cents, alone.cents)
    if sum(one.cap_cents for one in claimants.values()) <= route_cost(van, plan.routes[0]).total_cents:
        return None
    return RealTour(problem, plan.routes[0], shipments, claimants)
