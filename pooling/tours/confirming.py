"""
Tours: which shipments ride, and whether the tour can be paid.

A tour is confirmed only if its shippers' caps cover the carrier's card and the fee, or a named
account takes the gap. Where they do not, the party that brings least against what it costs leaves,
until the tour can be paid or nobody is left. Before the books are closed every share is held against
alone once more; whoever would pay more than that leaves, too.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from geodata.refusal import Refusal
from pooling.day import Day
from pooling.fair.charging import Charge, charge
from pooling.fair.sharing import Split
from pooling.ground import Ground
from pooling.load import LIFTING
from pooling.money import Cents
from pooling.regimes import LicenceMissing, has_licence
from pooling.shipment import Shipment
from pooling.tour import Tour
from pooling.tours.holds import NOTHING_HELD, NOWHERE, Held, bound, kept_by
from pooling.tours.leaving import route_without, without, without_all
from pooling.tours.one_more import Unfit, joined
from pooling.tours.payers import Payers
from routing.check import check
from routing.cost import RouteCost, route_cost
from routing.engine import Engine
from routing.least import LeastAdded
from routing.plan import Plan, Route
from routing.problem import Problem, Vehicle
from routing.solve import solve


class CarrierNotVetted(Refusal):
    code = "carrier_not_vetted"
    reason = "{carrier} is not vetted: tour {tour} cannot run."
    cure = "Let the operator check its papers first, or assign another carrier."


class TourNotPayable(Refusal):
    code = "tour_not_payable"
    reason = "With {shipment} aboard, tour {tour} would cost {gap} more than its payers may pay."
    cure = "It would ride if the tour's account took {gap} more (gap_eur), or with more company aboard."


class RidingDearerThanAlone(Refusal):
    code = "riding_dearer_than_alone"
    reason = (
        "With {shipment} on tour {tour}, what its payer must still drive itself costs {loss} more "
        "than it may pay."
    )
    cure = "Let it ride with more of its payer's shipments, or deliver it alone."


@dataclass(frozen=True)
class TourBook:
    """Hold a confirmed tour: its route, the card's lines, and who pays what, as it was charged."""

    tour: Tour
    route: Route
    card: RouteCost
    shipments: tuple[Shipment, ...]
    charged: Charge

    @property
    def caps_cents(self) -> Mapping[str, int]:
        return {party: one.cap_cents for party, one in self.charged.claimants.items()}

    @property
    def split(self) -> Split:
        return self.charged.split


def runnable(day: Day, tours: Sequence[Tour]) -> tuple[tuple[Tour, ...], list[tuple[str, Refusal]]]:
    """Split tours into those whose carrier is vetted and licensed on the day, and why others are not."""
    fit: list[Tour] = []
    refused: list[tuple[str, Refusal]] = []
    for tour in tours:
        carrier = day.parties[tour.carrier]
        if not carrier.vetted:
            refused.append((tour.id, CarrierNotVetted(carrier=carrier.name, tour=tour.id)))
        elif not has_licence(carrier, day.clock.day):
            refused.append((tour.id, LicenceMissing(owner=carrier.name, day=day.clock.day)))
        else:
            fit.append(tour)
    return tuple(fit), refused


def tour_problem(ground: Ground, tours: Sequence[Tour], payers: Payers) -> Problem:
    """Ask for the best tours: each shipment optional, its prize what riding is worth to its payer."""
    crate_cents = max((tour.crate_cents for tour in tours), default=0)
    requests = []
    for party, shipments in payers.wanting.items():
        prizes = prizes_cents(payers, party, crate_cents)
        requests += [ground.request(shipment, prizes[shipment.id]) for shipment in shipments]
    return ground.problem(tuple(_vehicle(ground, tour) for tour in tours), tuple(requests))


def prizes_cents(payers: Payers, party: str, crate_cents: int) -> dict[str, int]:
    """
    Return what riding is worth to a party, for each of its shipments, where a crate may cost so much.

    They add up to its day alone (in proportion to each shipment by itself), so that serving them all is
    never valued above what the party saves; and none is above the price shown at joining. Who has
    nothing left to pay with has no prize, and stays at home.
    """
    single = {shipment.id: payers.by_itself_cents(shipment) for shipment in payers.wanting[party]}
    whole, of_all = payers.whole_cents[party], max(1, sum(single.values()))
    return {
        one.id: max(0, min(whole * single[one.id] // of_all, payers.shown_cents(crate_cents, one)))
        for one in payers.wanting[party]
    }


def confirm(
    day: Day,
    problem: Problem,
    plans: Sequence[Plan],
    payers: Payers,
    *,
    deadline_s: float,
    engine: Engine | None = None,
    cancelled: Callable[[], bool] | None = None,
    chosen: Problem | None = None,
    held: Held = NOWHERE,
) -> tuple[Plan, tuple[TourBook, ...]]:
    """
    Confirm what can be paid of the best of some plans.

    From each plan the party that brings least against what it costs leaves, until every tour is
    paid; whoever then still fits and pays is taken along. The plan that saves most in all is kept,
    the search betters it for the same shipments (not where ``deadline_s`` is 0 or nobody rides), and who
    fits only then comes along too. ``chosen`` is the problem as a plan is chosen by it, where that is another
    than what is paid. Returns the plan and the books of its tours, in which nobody pays more than alone.
    What is ``held`` by hand stays: a tour that could be paid only without what is pinned to it is none.
    """
    settled = [
        _readmitted(day, problem, _paid(day, problem, plan, payers, held), payers, held) for plan in plans
    ]
    by = problem if chosen is None else chosen
    plan = max(settled, key=lambda one: _saved_in_all(by, one, payers))
    if deadline_s > 0 and plan.served:
        asked, aboard = _as_it_rides(by, plan, held), plan.served
        better = solve(asked, deadline_s, plan, engine=engine, cancelled=cancelled).plan
        stands = better.served == aboard and _settled(day, problem, better, payers, held)
        plan = _readmitted(day, problem, better if stands else plan, payers, held)
    plan, books = _booked(day, problem, plan, payers, held)
    violations = check(problem, plan)
    if violations:
        raise AssertionError(f"Confirming a tour broke a rule: {violations}")
    return plan, books


def payable(day: Day, problem: Problem, plan: Plan, payers: Payers) -> bool:
    """Tell whether a plan can be paid as it is: nobody loses by riding, and every tour is paid."""
    return _settled(day, problem, plan, payers, NOWHERE)


def gap_cents(day: Day, problem: Problem, plan: Plan, route: Route, payers: Payers) -> int:
    """Return what the caps of those aboard leave uncovered of a route's cost."""
    return max(0, _gap(day, problem, plan, route, payers) + day.tour_by_id[route.vehicle].gap_cents)


def _paid(day: Day, problem: Problem, plan: Plan, payers: Payers, held: Held) -> Plan:
    """Take off whoever loses by riding, and the weakest party of a tour not paid, until all are paid."""
    while True:
        losers = payers.losers(plan)
        broke = None if losers else _unpaid(day, problem, plan, payers)
        if losers:
            plan = without_all(problem, plan, losers)
        elif broke is None:
            return plan
        else:
            plan = without(problem, plan, broke, _weakest(day, problem, plan, broke, payers, held))
        plan = _whole(plan, held)


def _whole(plan: Plan, held: Held) -> Plan:
    """Let no tour set out without what is pinned to it."""
    for route in plan.routes:
        if not held.get(route.vehicle, NOTHING_HELD).pinned <= {task.id for task in route.tasks}:
            left = sorted({task.id for task in route.tasks})
            others = tuple(other for other in plan.routes if other.vehicle != route.vehicle)
            plan = Plan(others, (*plan.unserved, *left))
    return plan


def _booked(
    day: Day, problem: Problem, plan: Plan, payers: Payers, held: Held
) -> tuple[Plan, tuple[TourBook, ...]]:
    """
    Write the books, and hold each share against alone: whoever would pay more leaves the tours.

    Better days alone may have come to light while the tours were settled, so all is asked again.
    """
    while True:
        plan = _paid(day, problem, plan, payers, held)
        books = tuple(_book(day, problem, plan, route, payers) for route in plan.routes)
        overpaying = payers.above_alone(plan, {book.tour.id: book.split.shares_cents for book in books})
        if not overpaying and all(book.split.gap_cents <= book.tour.gap_cents for book in books):
            return plan, books
        plan = _whole(without_all(problem, plan, overpaying), held)


def _settled(day: Day, problem: Problem, plan: Plan, payers: Payers, held: Held) -> bool:
    """Tell whether nobody loses by riding, every tour is paid, and what is held by hand stays."""
    return not payers.losers(plan) and _unpaid(day, problem, plan, payers) is None and kept_by(plan, held)


def _unpaid(day: Day, problem: Problem, plan: Plan, payers: Payers) -> Route | None:
    return next((route for route in plan.routes if _gap(day, problem, plan, route, payers) > 0), None)


def _saved_in_all(problem: Problem, plan: Plan, payers: Payers) -> int:
    """Return what everybody saves together: alone, less what is still driven alone, less the tours."""
    worth_cents = sum(payers.worth_cents(party, group) for party, group in payers.served(plan).items())
    return worth_cents - sum(route_cost(problem.vehicle(r.vehicle), r).total_cents for r in plan.routes)


def _as_it_rides(problem: Problem, plan: Plan, held: Held) -> Problem:
    """Ask for the very shipments aboard a plan: they must ride, and nobody else would pay for it."""
    aboard = plan.served
    fixed = tuple(replace(r, prize_cents=None if r.id in aboard else 0) for r in problem.requests)
    heads = {
        route.vehicle: route.tasks[: held[route.vehicle].among(aboard).floor(route.tasks)]
        for route in plan.routes
        if route.vehicle in held
    }
    asked = replace(problem, requests=fixed)
    return bound(asked, NOWHERE, heads) if any(heads.values()) else asked


def not_payable(
    day: Day,
    problem: Problem,
    plan: Plan,
    payers: Payers,
    shipment: Shipment,
    least: LeastAdded | None = None,
) -> TourNotPayable | RidingDearerThanAlone | None:
    """
    Say by how much the caps would miss the cost if a shipment that fits by hours and room came along.

    Or, where its payer would lose by it though it paid nothing, by how much. ``None`` where it fits on
    no tour at its price. ``least`` is what was made for the routes of this plan already.
    """
    plans = [(after, route.vehicle) for after, route in joined(problem, plan, shipment, least=least)]
    misses = [
        (max(_gap(day, problem, after, route, payers) for route in after.routes), tour)
        for after, tour in plans
        if not payers.losers(after)
    ]
    if misses:
        gap_cents, tour = min(misses)
        return TourNotPayable(shipment=shipment.id, tour=tour, gap=Cents(gap_cents))
    if not plans:
        return None
    after, tour = plans[0]
    loss_cents = -payers.worth_cents(shipment.payer, payers.served(after)[shipment.payer])
    return RidingDearerThanAlone(shipment=shipment.id, tour=tour, loss=Cents(loss_cents))


def taken_along(
    day: Day,
    problem: Problem,
    plan: Plan,
    payers: Payers,
    shipment: Shipment,
    tours: Collection[str] | None = None,
    least: LeastAdded | None = None,
) -> list[Route]:
    """List the routes, of all tours or of these, that would carry one more shipment and stay paid."""
    return [
        route
        for after, route in joined(problem, plan, shipment, tours=tours, least=least)
        if _settled(day, problem, after, payers, NOWHERE)
    ]


def least_gap(
    day: Day, problem: Problem, plan: Plan, payers: Payers, shipment: Shipment, tours: Collection[str]
) -> tuple[Route, int] | None:
    """
    Return the route, of these tours, that lacks least with one more shipment, and the cents that it lacks.

    With so much more from the tour's account every tour is paid, and nobody pays more than alone.
    """
    lacking = []
    for after, route in joined(problem, plan, shipment, tours=tours):
        cents = _gap(day, problem, after, route, payers)
        others = any(_gap(day, problem, after, one, payers) > 0 for one in after.routes if one is not route)
        if cents > 0 and not others and not payers.losers(after):
            lacking.append((cents, route.vehicle, route))
    return next(((route, cents) for cents, _, route in sorted(lacking, key=lambda one: one[:2])), None)


def _vehicle(ground: Ground, tour: Tour) -> Vehicle:
    return Vehicle(
        id=tour.id,
        start=ground.row[tour.start_site],
        end=ground.row[tour.end_site],
        capacity=tour.room.amounts,
        shift=tour.shift,
        fixed_cents=tour.card.fixed_cents + tour.fee_cents,
        cents_per_km=tour.card.cents_per_km,
        cents_per_hour=tour.card.cents_per_hour,
        cents_per_stop=tour.card.cents_per_stop,
        skills=LIFTING if tour.tail_lift else frozenset(),
    )


def _gap(day: Day, problem: Problem, plan: Plan, route: Route, payers: Payers) -> int:
    """Return the cents that neither the caps nor the named account cover; not above 0 where it is paid."""
    tour = day.tour_by_id[route.vehicle]
    caps_cents = sum(claimant.cap_cents for claimant in payers.caps(tour, plan, route).values())
    cost_cents = route_cost(problem.vehicle(route.vehicle), route).total_cents
    return cost_cents - caps_cents - tour.gap_cents


def _weakest(
    day: Day, problem: Problem, plan: Plan, route: Route, payers: Payers, held: Held
) -> list[Shipment]:
    """Choose the party whose cap is least against what the route saves without it; pinned ones last."""
    pinned = held.get(route.vehicle, NOTHING_HELD).pinned
    cost_cents = route_cost(problem.vehicle(route.vehicle), route).total_cents
    caps = payers.caps(day.tour_by_id[route.vehicle], plan, route)

    def loss_cents(party: str) -> tuple[bool, int, str]:
        group = payers.aboard(route)[party]
        rest = route_without(problem, route, group)
        rest_cents = route_cost(problem.vehicle(route.vehicle), rest).total_cents if rest else 0
        stays = any(one.id in pinned for one in group)
        return stays, caps[party].cap_cents - (cost_cents - rest_cents), party

    return payers.aboard(route)[min(caps, key=loss_cents)]


def _readmitted(day: Day, problem: Problem, plan: Plan, payers: Payers, held: Held) -> Plan:
    """
    Take along whoever was left behind and can now ride so that every tour is still paid.

    Asking may bring a better day alone to light; so it is over only when nothing new was asked.
    """
    unfit: Unfit = {}
    while True:
        asked = payers.baseline.asked
        fuller = _one_more(day, problem, plan, payers, unfit, held)
        if fuller is not None:
            plan = fuller
        elif payers.baseline.asked == asked:
            return plan


def _one_more(
    day: Day, problem: Problem, plan: Plan, payers: Payers, unfit: Unfit, held: Held
) -> Plan | None:
    shipments = {shipment.id: shipment for group in payers.wanting.values() for shipment in group}
    least = LeastAdded(problem, problem.vehicles, {route.vehicle: route for route in plan.routes})
    for request_id in plan.unserved:
        for fuller, _ in joined(problem, plan, shipments[request_id], unfit, held, least=least):
            if _settled(day, problem, fuller, payers, held):
                return fuller
    return None


def _book(day: Day, problem: Problem, plan: Plan, route: Route, payers: Payers) -> TourBook:
    tour = day.tour_by_id[route.vehicle]
    card = route_cost(problem.vehicle(route.vehicle), route)
    caps = payers.caps(tour, plan, route)
    aboard = [shipment for group in payers.aboard(route).values() for shipment in group]
    return TourBook(
        tour=tour,
        route=route,
        card=replace(card, fixed_cents=card.fixed_cents - tour.fee_cents),
        shipments=tuple(aboard),
        charged=charge(tour.sharing_rule, problem, route, aboard, caps),
    )
