"""
Tours: which shipments ride, and whether the tour can be paid.

A tour is confirmed only if its shippers' caps cover the carrier's card and the fee, or a named
account takes the gap. Where they do not, the party that brings least against what it costs leaves,
until the tour can be paid or nobody is left. Before the books are closed every share is held against
alone once more; whoever would pay more than that leaves, too.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from geodata.refusal import Refusal
from pooling.day import Day
from pooling.ground import Ground
from pooling.leaving import route_without, without, without_all
from pooling.money import Cents
from pooling.payers import Payers
from pooling.regimes import LicenceMissing, has_licence
from pooling.sharing import Split, split
from pooling.shipment import Shipment
from pooling.tour import Tour
from routing.check import check
from routing.construction import first_plan
from routing.cost import RouteCost, route_cost
from routing.engine import Engine
from routing.insertion import Insertion, best_in_route, insert
from routing.plan import Plan, Route
from routing.problem import Problem, Request, Vehicle
from routing.slots import least_added_cents, may_carry
from routing.solve import solve

FIRST_PLAN_PAIRS = 2_000
"""Of more pairs of a shipment and a tour, the search makes its own first plan, within its time."""

WHOLE_TOURS = 5
"""From so many tours on, parties with several shipments are served whole or not at all."""

WHOLE_ROUNDS, WHOLE_FROM, WHOLE_FACTOR = 3, 2, 15
"""So often a search goes on by whole parties: half of one aboard counts as wanted, at 1.5 times its prize."""

ABOARD_CENTS = 1_000_000
"""A prize that no detour outweighs: 10,000 €."""


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
    """Hold a confirmed tour: its route, the card's lines, who pays what, and the gap with who takes it."""

    tour: Tour
    route: Route
    card: RouteCost
    shipments: tuple[Shipment, ...]
    caps_cents: Mapping[str, int]
    split: Split


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
    """
    Ask for the best tours: each shipment optional, its prize what riding is worth to its payer.

    A party's prizes add up to its day alone (in proportion to each shipment by itself), so that
    serving them all is never valued above what the party saves; and no prize is above the price
    shown at joining. Who has nothing left to pay with has no prize, and stays at home.
    """
    crate_cents = max((tour.crate_cents for tour in tours), default=0)
    requests = []
    for party, shipments in payers.wanting.items():
        single = {shipment.id: payers.by_itself_cents(shipment) for shipment in shipments}
        for shipment in shipments:
            part = payers.whole_cents[party] * single[shipment.id] // max(1, sum(single.values()))
            prize_cents = min(part, payers.shown_cents(crate_cents, shipment))
            requests.append(ground.request(shipment, max(0, prize_cents)))
    return ground.problem(tuple(_vehicle(ground, tour) for tour in tours), tuple(requests))


def plan_tours(
    problem: Problem,
    *,
    deadline_s: float,
    engine: Engine | None = None,
    cancelled: Callable[[], bool] | None = None,
    payers: Payers | None = None,
) -> tuple[Plan, ...]:
    """
    Find plans to choose from: one for the prizes as they are, one with everybody aboard who fits.

    What riding is worth to a party grows with how much of its day rides, which no prize per
    shipment can say; so the second plan starts from the full van, and whoever cannot pay leaves it.
    With ``payers`` a third one serves parties whole or not at all, as far as a search can be asked to.
    ``engine`` and ``cancelled`` are those of the search (``routing.solve``).
    """
    full = replace(problem, requests=tuple(replace(r, prize_cents=ABOARD_CENTS) for r in problem.requests))
    plans = [_planned(one, deadline_s, engine, cancelled) for one in (problem, full)]
    several = payers is not None and any(len(group) > 1 for group in payers.wanting.values())
    if payers is not None and several and deadline_s > 0 and len(problem.vehicles) >= WHOLE_TOURS:
        plans.append(_by_whole_parties(problem, plans[0], payers, deadline_s, cancelled))
    return tuple(plans)


def _by_whole_parties(
    problem: Problem,
    plan: Plan,
    payers: Payers,
    deadline_s: float,
    cancelled: Callable[[], bool] | None,
) -> Plan:
    """Search on, a few times: who rides for the most part is wanted more, who hardly rides not at all."""
    party_of = {one.id: party for party, group in payers.wanting.items() for one in group}
    for _ in range(WHOLE_ROUNDS):
        riding = payers.served(plan)
        hardly = {
            party: here
            for party, here in riding.items()
            if WHOLE_FROM * len(here) < len(payers.wanting[party])
        }
        wanted = riding.keys() - hardly.keys()
        asked = replace(
            problem,
            requests=tuple(
                replace(one, prize_cents=WHOLE_FACTOR * (one.prize_cents or 0) // 10 if wanted_by else 0)
                for one in problem.requests
                for wanted_by in [party_of[one.id] in wanted]
            ),
        )
        start = without_all(problem, plan, hardly)
        plan = solve(asked, deadline_s / WHOLE_ROUNDS, start, cancelled=cancelled).plan
    return plan


def confirm(
    day: Day,
    problem: Problem,
    plans: Sequence[Plan],
    payers: Payers,
    *,
    deadline_s: float,
    engine: Engine | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> tuple[Plan, tuple[TourBook, ...]]:
    """
    Confirm what can be paid of the best of some plans.

    From each plan the party that brings least against what it costs leaves, until every tour is
    paid; whoever then still fits and pays is taken along. The plan that saves most in all is kept,
    the search betters it for the same shipments (not where ``deadline_s`` is 0), and who fits only
    then comes along too. Returns the plan and the books of its tours, in which nobody pays more than
    alone.
    """
    settled = [_readmitted(day, problem, _paid(day, problem, plan, payers), payers) for plan in plans]
    plan = max(settled, key=lambda one: _saved_in_all(problem, one, payers))
    if deadline_s > 0:
        asked, aboard = _as_it_rides(problem, plan), plan.served
        better = solve(asked, deadline_s, plan, engine=engine, cancelled=cancelled).plan
        stands = better.served == aboard and _settled(day, problem, better, payers)
        plan = _readmitted(day, problem, better if stands else plan, payers)
    plan, books = _booked(day, problem, plan, payers)
    violations = check(problem, plan)
    if violations:
        raise AssertionError(f"Confirming a tour broke a rule: {violations}")
    return plan, books


def payable(day: Day, problem: Problem, plan: Plan, payers: Payers) -> bool:
    """Tell whether a plan can be paid as it is: nobody loses by riding, and every tour is paid."""
    return _settled(day, problem, plan, payers)


def gap_cents(day: Day, problem: Problem, plan: Plan, route: Route, payers: Payers) -> int:
    """Return what the caps of those aboard leave uncovered of a route's cost."""
    return max(0, _gap(day, problem, plan, route, payers) + day.tour_by_id[route.vehicle].gap_cents)


def _planned(
    problem: Problem, deadline_s: float, engine: Engine | None, cancelled: Callable[[], bool] | None
) -> Plan:
    large = len(problem.requests) * len(problem.vehicles) > FIRST_PLAN_PAIRS
    start = None if large and deadline_s > 0 else first_plan(problem)
    if start is None and not large:
        raise AssertionError("Tours announce no stops of their own.")
    return solve(problem, deadline_s, start, engine=engine, cancelled=cancelled).plan


def _paid(day: Day, problem: Problem, plan: Plan, payers: Payers) -> Plan:
    """Take off whoever loses by riding, and the weakest party of a tour not paid, until all are paid."""
    while True:
        losers = payers.losers(plan)
        broke = None if losers else _unpaid(day, problem, plan, payers)
        if losers:
            plan = without_all(problem, plan, losers)
        elif broke is None:
            return plan
        else:
            plan = without(problem, plan, broke, _weakest(day, problem, plan, broke, payers))


def _booked(day: Day, problem: Problem, plan: Plan, payers: Payers) -> tuple[Plan, tuple[TourBook, ...]]:
    """
    Write the books, and hold each share against alone: whoever would pay more leaves the tours.

    Better days alone may have come to light while the tours were settled, so all is asked again.
    """
    while True:
        plan = _paid(day, problem, plan, payers)
        books = tuple(_book(day, problem, plan, route, payers) for route in plan.routes)
        overpaying = payers.above_alone(plan, {book.tour.id: book.split.shares_cents for book in books})
        if not overpaying and all(book.split.gap_cents <= book.tour.gap_cents for book in books):
            return plan, books
        plan = without_all(problem, plan, overpaying)


def _settled(day: Day, problem: Problem, plan: Plan, payers: Payers) -> bool:
    """Tell whether nobody loses by riding and every tour is paid."""
    return not payers.losers(plan) and _unpaid(day, problem, plan, payers) is None


def _unpaid(day: Day, problem: Problem, plan: Plan, payers: Payers) -> Route | None:
    return next((route for route in plan.routes if _gap(day, problem, plan, route, payers) > 0), None)


def _saved_in_all(problem: Problem, plan: Plan, payers: Payers) -> int:
    """Return what everybody saves together: alone, less what is still driven alone, less the tours."""
    worth_cents = sum(payers.worth_cents(party, group) for party, group in payers.served(plan).items())
    return worth_cents - sum(route_cost(problem.vehicle(r.vehicle), r).total_cents for r in plan.routes)


def _as_it_rides(problem: Problem, plan: Plan) -> Problem:
    """Ask for the very shipments aboard a plan: they must ride, and nobody else would pay for it."""
    aboard = plan.served
    fixed = tuple(replace(r, prize_cents=None if r.id in aboard else 0) for r in problem.requests)
    return replace(problem, requests=fixed)


def not_payable(
    day: Day, problem: Problem, plan: Plan, payers: Payers, shipment: Shipment
) -> TourNotPayable | RidingDearerThanAlone | None:
    """
    Say by how much the caps would miss the cost if a shipment that fits by hours and room came along.

    Or, where its payer would lose by it though it paid nothing, by how much. ``None`` where it fits on
    no tour at its price.
    """
    joined = [(after, route.vehicle) for after, route in _joined(problem, plan, shipment)]
    misses = [
        (max(_gap(day, problem, after, route, payers) for route in after.routes), tour)
        for after, tour in joined
        if not payers.losers(after)
    ]
    if misses:
        gap_cents, tour = min(misses)
        return TourNotPayable(shipment=shipment.id, tour=tour, gap=Cents(gap_cents))
    if not joined:
        return None
    after, tour = joined[0]
    loss_cents = -payers.worth_cents(shipment.payer, payers.served(after)[shipment.payer])
    return RidingDearerThanAlone(shipment=shipment.id, tour=tour, loss=Cents(loss_cents))


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
    )


def _gap(day: Day, problem: Problem, plan: Plan, route: Route, payers: Payers) -> int:
    """Return the cents that neither the caps nor the named account cover; not above 0 where it is paid."""
    tour = day.tour_by_id[route.vehicle]
    caps_cents = sum(claimant.cap_cents for claimant in payers.caps(tour, plan, route).values())
    cost_cents = route_cost(problem.vehicle(route.vehicle), route).total_cents
    return cost_cents - caps_cents - tour.gap_cents


def _weakest(day: Day, problem: Problem, plan: Plan, route: Route, payers: Payers) -> list[Shipment]:
    """Choose the party aboard whose cap is least against what the route saves without it."""
    cost_cents = route_cost(problem.vehicle(route.vehicle), route).total_cents
    caps = payers.caps(day.tour_by_id[route.vehicle], plan, route)

    def loss_cents(party: str) -> tuple[int, str]:
        rest = route_without(problem, route, payers.aboard(route)[party])
        rest_cents = route_cost(problem.vehicle(route.vehicle), rest).total_cents if rest else 0
        return caps[party].cap_cents - (cost_cents - rest_cents), party

    return payers.aboard(route)[min(caps, key=loss_cents)]


def _readmitted(day: Day, problem: Problem, plan: Plan, payers: Payers) -> Plan:
    """
    Take along whoever was left behind and can now ride so that every tour is still paid.

    Asking may bring a better day alone to light; so it is over only when nothing new was asked.
    """
    unfit: Unfit = {}
    while True:
        asked = payers.baseline.asked
        joined = _one_more(day, problem, plan, payers, unfit)
        if joined is not None:
            plan = joined
        elif payers.baseline.asked == asked:
            return plan


Unfit = dict[tuple[str, str], Route | None]
"""The route, by shipment and tour, in which one was found not to fit at its price; ``None`` stands still."""


def _one_more(day: Day, problem: Problem, plan: Plan, payers: Payers, unfit: Unfit) -> Plan | None:
    shipments = {shipment.id: shipment for group in payers.wanting.values() for shipment in group}
    for request_id in plan.unserved:
        for joined, _ in _joined(problem, plan, shipments[request_id], unfit):
            if _settled(day, problem, joined, payers):
                return joined
    return None


def _joined(
    problem: Problem, plan: Plan, shipment: Shipment, unfit: Unfit | None = None
) -> list[tuple[Plan, Route]]:
    """List the plans in which one more shipment rides for no more than its prize."""
    request, unfit = problem.request(shipment.id), {} if unfit is None else unfit
    routes = {route.vehicle: route for route in plan.routes}
    plans = []
    for vehicle in problem.vehicles:
        route, pair = routes.get(vehicle.id), (shipment.id, vehicle.id)
        if not may_carry(vehicle, request) or (pair in unfit and unfit[pair] is route):
            continue
        slot = _slot_at_its_price(problem, vehicle, route, request)
        if slot is None:
            unfit[pair] = route
        else:
            plans.append((insert(plan, slot), slot.route))
    return plans


def _slot_at_its_price(
    problem: Problem, vehicle: Vehicle, route: Route | None, request: Request
) -> Insertion | None:
    prize = request.prize_cents
    if prize is not None and least_added_cents(problem, vehicle, route, request) >= prize:
        return None
    slot = best_in_route(problem, vehicle, route, request)
    return None if slot is None or (prize is not None and slot.added_cents >= prize) else slot


def _book(day: Day, problem: Problem, plan: Plan, route: Route, payers: Payers) -> TourBook:
    tour = day.tour_by_id[route.vehicle]
    card = route_cost(problem.vehicle(route.vehicle), route)
    caps = payers.caps(day.tour_by_id[route.vehicle], plan, route)
    aboard = [shipment for group in payers.aboard(route).values() for shipment in group]
    return TourBook(
        tour=tour,
        route=route,
        card=replace(card, fixed_cents=card.fixed_cents - tour.fee_cents),
        shipments=tuple(aboard),
        caps_cents={party: claimant.cap_cents for party, claimant in caps.items()},
        split=split(card.total_cents, caps),
    )
