"""
Plan a whole day: bids on trips, tours for the rest, what each pays, and what it was worth.

The order is the market's own: trips take their bids as they came, the search betters each trip
within what was promised, then the tours are planned for whoever is not aboard a trip.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from geodata.refusal import Refusal
from pooling.costs.alone import Alone
from pooling.costs.baseline import Baseline
from pooling.day import Day
from pooling.days.alternatives import Committed
from pooling.days.moving import moving
from pooling.days.overpaid import overpaid
from pooling.days.turned import Turned, turned_bids, turned_shipments
from pooling.ground import Ground
from pooling.market.award import TripBook, TripImpossible, bettered, carry_own, open_book, take_bid
from pooling.market.saving import saved_cents
from pooling.shipment import Shipment
from pooling.tours.confirming import TourBook, confirm, runnable, tour_problem
from pooling.tours.holds import NOWHERE, Held, held_start
from pooling.tours.payers import Payers
from pooling.tours.same_driver import OwnDriver, SameDriverRate, as_chosen, same_driver_rate
from pooling.tours.searching_tours import plan_tours
from routing.check import Violation, check
from routing.plan import Plan
from routing.problem import Problem
from routing.solve import solve
from routing.task import Task

Progress = Callable[[str, float], None]
NOBODY: Mapping[str, str] = {}
NO_ROUNDS: Mapping[str, OwnDriver] = {}
NO_ORDERS: Mapping[str, Sequence[Task]] = {}

TOUR_SEARCHES = 4
"""As many searches for tours as there are at most."""


class HoursImpossible(Refusal):
    code = "hours_impossible"
    reason = "Nobody could carry {shipment} in its hours, not even its payer alone."
    cure = "Make it ready earlier, or give the drop more time."


@dataclass(frozen=True)
class DayPlan:
    """
    Hold a planned day: the books of trips and tours, everyone alone, and all that was refused.

    ``alone`` is each payer's day without us; ``still_alone`` what is left of it for shipments that
    neither a trip nor a tour carries. ``payers`` is what each may pay for tours; ``impossible`` are those
    that nobody could drive in their hours.
    """

    day: Day
    ground: Ground
    alone: Mapping[str, Alone]
    still_alone: Mapping[str, Alone]
    trips: tuple[TripBook, ...]
    tours: tuple[TourBook, ...]
    payers: Payers
    tour_problem: Problem
    tour_plan: Plan
    impossible: tuple[str, ...]
    turned: tuple[Turned, ...]
    violations: tuple[Violation, ...]
    same_driver: SameDriverRate

    @property
    def unserved(self) -> tuple[str, ...]:
        """Return the shipments that neither a trip nor a tour carries."""
        return (*self.impossible, *self.tour_plan.unserved)


def plan_day(
    day: Day,
    ground: Ground,
    *,
    deadline_s: float,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    joined: Mapping[str, str] = NOBODY,
    own_drivers: Mapping[str, OwnDriver] = NO_ROUNDS,
    held: Held = NOWHERE,
    orders: Mapping[str, Sequence[Task]] = NO_ORDERS,
) -> DayPlan:
    """
    Plan the day; each search (the baseline, each trip, the tours) ends within ``deadline_s``.

    ``joined`` names the tour of each shipment that may ride on no other; ``own_drivers`` who drives the
    round of a tour as a rule: another is dearer while a plan is chosen, and by nothing when it is paid.
    ``progress`` is told each step and how its time goes by, ``cancelled`` asked while a search runs: what
    either raises ends it all. ``held`` is what operators pinned and locked on tours that stand in these
    ``orders`` of visits. A first plan for many tours takes its own time. The checker judged every plan.
    """
    tell = progress or (lambda _step, _share: None)
    tell("alone", 0.0)
    baseline = Baseline(ground, {shipment.payer: day.home(shipment.payer).id for shipment in day.shipments})
    possible, impossible = _possible(day, baseline)
    opened, no_trips = _opened(day, ground)
    opened, possible = _with_own_goods(day, baseline, opened, possible)
    everyone = _everyone(baseline, possible, deadline_s, tell, cancelled)
    tell("trips", 0.3)
    books, refused = _awarded(day, baseline, opened, possible)
    refused |= {bid.shipment: no_trips[bid.trip] for bid in day.bids if bid.trip in no_trips}
    nobody_could = {one.id: HoursImpossible(shipment=one.id) for one in impossible}
    refused |= {bid.shipment: nobody_could[bid.shipment] for bid in day.bids if bid.shipment in nobody_could}
    books = {trip: _bettered(book, deadline_s) for trip, book in books.items()}
    tell("tours", 0.5)
    payers = _payers(baseline, everyone, tuple(books.values()), possible)
    tours, no_tours = runnable(day, day.tours)
    problem = _bound(tour_problem(ground, tours, payers), joined)
    by_rule = {tour.id: tour.driver for tour in tours}, own_drivers
    waits = moving(partial(tell, "tours"), (0.5, 0.8), TOUR_SEARCHES * deadline_s, cancelled)
    problem, plan, tour_books = _toured(day, problem, payers, by_rule, (held, orders), deadline_s, waits)
    tell("reasons", 0.8)
    committed = Committed(day, ground, tuple(books.values()), problem, plan, payers, tuple(possible))
    still_alone = _still_alone(day, baseline, plan)
    turned = (
        *(Turned("trip", trip, refusal) for trip, refusal in no_trips.items()),
        *(Turned("tour", tour, refusal) for tour, refusal in no_tours),
        *turned_bids(committed, refused),
        *turned_shipments(committed, nobody_could, lambda share: tell("reasons", 0.8 + 0.2 * share)),
    )
    tell("done", 1.0)
    return DayPlan(
        day=day,
        ground=ground,
        alone=everyone,
        still_alone=still_alone,
        trips=tuple(books.values()),
        tours=tour_books,
        payers=payers,
        tour_problem=problem,
        tour_plan=plan,
        same_driver=same_driver_rate({one.tour.id: one.tour.driver for one in tour_books}, own_drivers),
        impossible=tuple(nobody_could),
        turned=turned,
        violations=(
            *_violations(tuple(books.values()), problem, plan),
            *overpaid(everyone, still_alone, tuple(books.values()), tour_books),
        ),
    )


def _everyone(
    baseline: Baseline,
    possible: Sequence[Shipment],
    deadline_s: float,
    tell: Progress,
    cancelled: Callable[[], bool] | None,
) -> dict[str, Alone]:
    """Find everyone's day alone, and tell how the time for it goes by."""
    waits = moving(partial(tell, "alone"), (0.0, 0.3), deadline_s, cancelled)
    return baseline.better(_wishes(possible), deadline_s=deadline_s, cancelled=waits)


def _toured(
    day: Day,
    problem: Problem,
    payers: Payers,
    by_rule: tuple[Mapping[str, str], Mapping[str, OwnDriver]],
    by_hand: tuple[Held, Mapping[str, Sequence[Task]]],
    deadline_s: float,
    cancelled: Callable[[], bool] | None,
) -> tuple[Problem, Plan, tuple[TourBook, ...]]:
    """
    Search for the tours, and confirm those that can be paid.

    ``by_rule`` is who drives each tour and who should, ``by_hand`` what is held on it and its order.
    """
    problem, asked, start = held_start(problem, *by_hand)
    asked, chosen = (replace(one, vehicles=as_chosen(one.vehicles, *by_rule)) for one in (asked, problem))
    plans = plan_tours(asked, deadline_s=deadline_s, cancelled=cancelled, payers=payers, start=start)
    plan, books = confirm(
        day,
        problem,
        plans,
        payers,
        deadline_s=deadline_s,
        cancelled=cancelled,
        held=by_hand[0],
        chosen=chosen,
    )
    return problem, plan, books


def _bound(problem: Problem, joined: Mapping[str, str]) -> Problem:
    """Let who has joined a tour ride on that one only."""
    known = {vehicle.id for vehicle in problem.vehicles}
    requests = tuple(
        replace(one, vehicles=frozenset({joined[one.id]})) if joined.get(one.id) in known else one
        for one in problem.requests
    )
    return replace(problem, requests=requests) if joined else problem


def _wishes(shipments: Sequence[Shipment]) -> dict[str, list[Shipment]]:
    """Group shipments by who pays for them."""
    wishes: dict[str, list[Shipment]] = {}
    for shipment in shipments:
        wishes.setdefault(shipment.payer, []).append(shipment)
    return wishes


def _possible(day: Day, baseline: Baseline) -> tuple[list[Shipment], list[Shipment]]:
    """Set aside the shipments whose hours not even their payer's own van could keep."""
    possible: list[Shipment] = []
    impossible: list[Shipment] = []
    for shipment in day.shipments:
        by_itself = baseline.alone(shipment.payer, [shipment])
        (impossible if by_itself is None else possible).append(shipment)
    return possible, impossible


def _opened(day: Day, ground: Ground) -> tuple[dict[str, TripBook], dict[str, TripImpossible]]:
    books = {trip.id: open_book(ground, trip) for trip in day.trips}
    return (
        {trip: book for trip, book in books.items() if isinstance(book, TripBook)},
        {trip: book for trip, book in books.items() if isinstance(book, TripImpossible)},
    )


def _with_own_goods(
    day: Day, baseline: Baseline, books: dict[str, TripBook], possible: Sequence[Shipment]
) -> tuple[dict[str, TripBook], list[Shipment]]:
    """Put each owner's own shipments on its own trips where it would; return the books and who is left."""
    bidding = {bid.shipment for bid in day.bids}
    books, left = dict(books), list(possible)
    for trip, shipment in [(book.trip, one) for book in books.values() for one in possible]:
        if shipment not in left or shipment.payer != trip.owner or shipment.id in bidding:
            continue
        own = [one for one in left if one.payer == trip.owner]
        rest = [one for one in own if one.id != shipment.id]
        saved_cents = baseline.cents(trip.owner, own) - baseline.cents(trip.owner, rest)
        carried = carry_own(baseline.ground, books[trip.id], shipment, saved_cents)
        if carried is not books[trip.id]:
            books[trip.id], left = carried, [one for one in left if one.id != shipment.id]
    return books, left


def _awarded(
    day: Day, baseline: Baseline, books: dict[str, TripBook], possible: Sequence[Shipment]
) -> tuple[dict[str, TripBook], dict[str, Refusal]]:
    """Take the bids in the order of their arrival."""
    carriable = {shipment.id: shipment for shipment in possible}
    refused: dict[str, Refusal] = {}
    books = dict(books)
    for bid in day.bids:
        if bid.trip not in books or bid.shipment not in carriable:
            continue
        saved = saved_cents(baseline, books.values(), possible, carriable[bid.shipment])
        books[bid.trip], refusal = take_bid(day, baseline.ground, books[bid.trip], bid, saved)
        if refusal is not None:
            refused[bid.shipment] = refusal
    return books, refused


def _bettered(book: TripBook, deadline_s: float) -> TripBook:
    """Let the search shorten a trip with guests, within every hour that was promised."""
    if not book.guests:
        return book
    return bettered(book, solve(book.problem, deadline_s, book.plan).plan)


def _payers(
    baseline: Baseline,
    everyone: Mapping[str, Alone],
    books: Sequence[TripBook],
    possible: Sequence[Shipment],
) -> Payers:
    """
    Gather what each party may pay for tours: its day alone, less what it pays on trips.

    Nobody who rides on both ever pays more in all than alone.
    """
    guests = [guest for book in books for guest in book.guests]
    aboard = {guest.shipment.id for guest in guests}
    wishes = _wishes([shipment for shipment in possible if shipment.id not in aboard])
    whole: dict[str, int] = {}
    for party, group in wishes.items():
        paid_cents = sum(guest.price_cents for guest in guests if guest.shipment.payer == party)
        whole[party] = min(baseline.cents(party, group), everyone[party].cents - paid_cents)
    return Payers(baseline, {party: tuple(group) for party, group in wishes.items()}, whole)


def _still_alone(day: Day, baseline: Baseline, plan: Plan) -> dict[str, Alone]:
    left = _wishes([day.shipment_by_id[shipment] for shipment in plan.unserved])
    found = {party: baseline.alone(party, group) for party, group in left.items()}
    return {party: one for party, one in found.items() if one is not None}


def _violations(books: Sequence[TripBook], problem: Problem, plan: Plan) -> tuple[Violation, ...]:
    on_trips = [violation for book in books for violation in check(book.problem, book.plan)]
    return (*on_trips, *check(problem, plan))
