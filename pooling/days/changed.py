"""A shipment as it could be, and the committed day with it so: what its payer could pay is reckoned anew."""

from collections.abc import Sequence
from dataclasses import replace

from pooling.days.alternatives import Committed
from pooling.shipment import Shipment
from pooling.tours.confirming import prizes_cents
from pooling.tours.payers import Payers
from pooling.week import between
from routing.plan import Plan
from routing.problem import Problem, Request, Window


def changed(committed: Committed, shipment: Shipment) -> Committed:
    """
    Return what is committed with one shipment as it would be, in the place of the one that stands.

    Of the days alone of its payer nothing is remembered: they were those of the crates as they stand.
    """
    payers = _payers(committed.payers, shipment)
    day, plan, known = committed.day, committed.tour_plan, payers.baseline
    others = tuple(one for one in committed.possible if one.id != shipment.id)
    could = known.alone(shipment.payer, [shipment]) is not None
    after = replace(
        committed,
        day=replace(day, shipments=tuple(_instead(day.shipments, shipment))),
        payers=payers,
        possible=(*others, shipment) if could else others,
        tour_plan=Plan(plan.routes, tuple(dict.fromkeys((*plan.unserved, shipment.id)))),
    )
    return replace(after, tour_problem=_problem(after, shipment))


def at_any_price(committed: Committed, shipment: Shipment) -> Problem:
    """Return the tours' problem with one shipment that no price keeps off a tour."""
    problem = committed.tour_problem
    return _asking(problem, replace(problem.request(shipment.id), prize_cents=None))


def asked_at_any_price(committed: Committed, shipment: Shipment) -> Problem:
    """Return the same for a shipment as it would be: only room and hours are asked, no money is reckoned."""
    stands = _standing(committed.tour_problem, shipment)
    asked = committed.ground.request(shipment)
    return _asking(committed.tour_problem, replace(asked, vehicles=stands.vehicles) if stands else asked)


def at_hours(shipment: Shipment, pickup_s: int, drop_s: int) -> Shipment:
    """Return a shipment whose hours reach to these moments, and no farther than they did otherwise."""
    pickup, drop = shipment.pickup, shipment.drop
    return replace(
        shipment,
        pickup=Window(pickup.opens_s, max(pickup.closes_s, pickup_s)),
        drop=Window(min(drop.opens_s, drop_s), max(drop.closes_s, drop_s)),
    )


def at_any_hour(committed: Committed, shipment: Shipment) -> Shipment:
    """Return a shipment at whatever hours of its day somebody is at both ends, once it is ready."""
    sites, pickup, drop = committed.day.sites, shipment.pickup, shipment.drop
    first, last = sites[shipment.from_site].hours or (pickup,), sites[shipment.to_site].hours or (drop,)
    return replace(
        shipment,
        pickup=Window(pickup.opens_s, max(pickup.closes_s, first[-1].closes_s)),
        drop=Window(
            min(drop.opens_s, max(pickup.opens_s, last[0].opens_s)), max(drop.closes_s, last[-1].closes_s)
        ),
        pickup_shut=shipment.pickup_shut or between(first),
        drop_shut=shipment.drop_shut or between(last),
    )


def of_crates(shipment: Shipment, crates: int) -> Shipment:
    """Return so many crates of a shipment; weight, litres and worth are in proportion, rounded up."""
    load = shipment.load

    def part(amount: int) -> int:
        return -(-amount * crates // load.crates)

    return replace(
        shipment,
        load=replace(load, crates=crates, kg=part(load.kg), litres=part(load.litres)),
        goods_value_cents=part(shipment.goods_value_cents),
    )


def _payers(payers: Payers, shipment: Shipment) -> Payers:
    party = shipment.payer
    baseline = payers.baseline.without_memory_of(party)
    wanting = payers.wanting.get(party, ())
    known = any(one.id == shipment.id for one in wanting)
    group = tuple(_instead(wanting, shipment)) if known else (*wanting, shipment)
    whole_cents = payers.whole_cents.get(party, 0)
    whole_cents += 0 if known else baseline.cents(party, [shipment])
    return replace(
        payers,
        baseline=baseline,
        wanting={**payers.wanting, party: group},
        whole_cents={**payers.whole_cents, party: min(whole_cents, baseline.cents(party, group))},
    )


def _problem(committed: Committed, shipment: Shipment) -> Problem:
    problem, tours = committed.tour_problem, committed.day.tour_by_id
    crate_cents = max((tours[one.id].crate_cents for one in problem.vehicles), default=0)
    prize = prizes_cents(committed.payers, shipment.payer, crate_cents)[shipment.id]
    stands = _standing(problem, shipment)
    asked = committed.ground.request(shipment, prize)
    return _asking(problem, replace(asked, vehicles=stands.vehicles) if stands else asked)


def _standing(problem: Problem, shipment: Shipment) -> Request | None:
    return next((one for one in problem.requests if one.id == shipment.id), None)


def _asking(problem: Problem, request: Request) -> Problem:
    others = tuple(one for one in problem.requests if one.id != request.id)
    return problem.narrowed(problem.vehicles, (*others, request))


def _instead(shipments: Sequence[Shipment], shipment: Shipment) -> list[Shipment]:
    return [shipment if one.id == shipment.id else one for one in shipments]
