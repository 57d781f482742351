"""
Draft tours by area and day from past purchases, as if all invited came.

Each day is a problem like any other: the links are shipments that their producers pay for, vans wait at
producers' yards spread over the day's area, and the search decides who rides. A draft is a tour that
could be paid by its shippers, nobody above alone; what does not pay stays alone and is said to.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from geodata.place import Place, crow_distance_m
from geodata.roads import RoadNetwork
from pooling.costs.baseline import Baseline, Memory
from pooling.day import Day
from pooling.figures import CRATE_WEIGHT
from pooling.hours import DayClock
from pooling.load import Load
from pooling.seeding.days import by_day
from pooling.seeding.draft import Draft, DraftAsk, Drafts, Terms
from pooling.seeding.flow import Flow
from pooling.seeding.lengths import Lengths, by_crow, by_road
from pooling.seeding.ranking import is_local
from pooling.seeding.telling import draft_of
from pooling.shipment import Shipment
from pooling.tour import Tour
from pooling.tours.confirming import TourBook, confirm, tour_problem
from pooling.tours.payers import Payers
from pooling.tours.searching_tours import plan_tours
from routing.plan import Plan
from routing.problem import Window

Progress = Callable[[str, float], None]

LINKS_PER_VAN, VANS_LIMIT = 10, 16
"""A van for so many links waits on each day, at most so many; who is not needed stays at home."""

SLOTS_PER_PARTY = 10_000
"""What a producer's questions alone may try in all: a draft asks many, and the search betters them."""

CRATE_CENTS = 100_000
"""No price was shown to anybody yet: what a crate may cost is bounded by alone only."""

A_DAY = date(2026, 1, 1)


@dataclass(frozen=True)
class _DayDrafted:
    drafts: tuple[Draft, ...]
    riding: int
    impossible: int
    alone_m: int
    pooled_m: int


def draft_tours(flows: Sequence[Flow], ask: DraftAsk, progress: Progress | None = None) -> Drafts:
    """
    Draft the tours of a week; ``progress`` hears of each day, and ends it all by what it raises.

    Links whose two ends a built region covers are measured on its roads, the others by crow. The same
    flows give the same days and vans; the search itself works by the clock.
    """
    tell = progress or (lambda _step, _share: None)
    local = [flow for flow in flows if is_local(flow)]
    parts = [
        (lengths, day, group)
        for lengths, part in _by_lengths(local, ask.roads)
        for day, group in by_day(part, ask.terms.days).items()
    ]
    done: list[_DayDrafted] = []
    for at, (lengths, day, group) in enumerate(parts):
        tell("drafting", at / len(parts))
        share = at / len(parts)
        done.append(_day_drafted(ask, lengths, day, group, lambda share=share: tell("drafting", share)))  # type: ignore[misc]
    drafts = [draft for one in done for draft in one.drafts]
    drafts.sort(key=lambda one: (one.distance_m - one.alone_m, one.weekday, one.area))
    return Drafts(
        drafts=tuple(drafts),
        flows=len(flows),
        far=len(flows) - len(local),
        impossible=sum(one.impossible for one in done),
        riding=sum(one.riding for one in done),
        alone_m=sum(one.alone_m for one in done),
        pooled_m=sum(one.pooled_m for one in done),
        assumed=sum(1 for flow in local if flow.basis == "default"),
    )


def sites_of(flows: Sequence[Flow]) -> list[tuple[str, Place]]:
    """Return each end of the flows once, with the name by which the search knows it."""
    ends = dict.fromkeys(place for flow in flows for place in (flow.producer, flow.buyer))
    return [(site_id(place), place) for place in ends]


def site_id(place: Place) -> str:
    return f"{place.name} @ {place.lat:.6f}, {place.lon:.6f}"


def _by_lengths(
    flows: Sequence[Flow], roads: RoadNetwork | None
) -> list[tuple[Callable[[Sequence[Flow]], Lengths], list[Flow]]]:
    """Part the flows that the roads cover from those that they do not, with how each is measured."""
    covered = _covered(flows, roads)
    on_roads = [flow for flow in flows if {flow.producer, flow.buyer} <= covered]
    beyond = [flow for flow in flows if not {flow.producer, flow.buyer} <= covered]

    def measured(group: Sequence[Flow]) -> Lengths:
        found = by_road(roads, sites_of(group)) if roads is not None else None
        return found or by_crow(sites_of(group))

    parts = [(measured, on_roads), (lambda group: by_crow(sites_of(group)), beyond)]
    return [(lengths, group) for lengths, group in parts if group]


def _covered(flows: Sequence[Flow], roads: RoadNetwork | None) -> set[Place]:
    places = list(dict.fromkeys(place for flow in flows for place in (flow.producer, flow.buyer)))
    if roads is None or not places:
        return set()
    refused = roads.snap_all(places).refusals
    return {place for at, place in enumerate(places) if at not in refused}


def _day_drafted(
    ask: DraftAsk,
    measure: Callable[[Sequence[Flow]], Lengths],
    weekday: int,
    flows: Sequence[Flow],
    still: Callable[[], None],
) -> _DayDrafted:
    lengths = measure(flows)
    shipments = {f"link{at}": _shipment(ask.terms, f"link{at}", flow) for at, flow in enumerate(flows)}
    flow_of = {f"link{at}": flow for at, flow in enumerate(flows)}
    homes = {site_id(flow.producer): site_id(flow.producer) for flow in flows}
    memories = {home: Memory(lengths.ground, SLOTS_PER_PARTY) for home in homes}
    baseline = Baseline(lengths.ground, homes, memories)
    wishes: dict[str, list[Shipment]] = {}
    for shipment in shipments.values():
        if baseline.alone(shipment.payer, [shipment]) is not None:
            wishes.setdefault(shipment.payer, []).append(shipment)
    everyone = baseline.better(wishes, deadline_s=ask.search_s, cancelled=_asked(still))
    payers = Payers(
        baseline,
        {party: tuple(group) for party, group in wishes.items()},
        {party: everyone[party].cents for party in wishes},
    )
    plan, books = _toured(ask, lengths, flows, payers, still)
    left = {
        party: baseline.alone(party, [one for one in group if one.id not in plan.served])
        for party, group in wishes.items()
    }
    drafts = [
        draft_of(book, ask, weekday, baseline, flow_of, approximate=lengths.approximate) for book in books
    ]
    return _DayDrafted(
        drafts=tuple(drafts),
        riding=len(plan.served),
        impossible=len(shipments) - sum(len(group) for group in wishes.values()),
        alone_m=sum(everyone[party].distance_m for party in wishes),
        pooled_m=sum(route.distance_m for route in plan.routes)
        + sum(one.distance_m for one in left.values() if one is not None),
    )


def _toured(
    ask: DraftAsk, lengths: Lengths, flows: Sequence[Flow], payers: Payers, still: Callable[[], None]
) -> tuple[Plan, tuple[TourBook, ...]]:
    """Let the search decide who rides on which van, and keep the tours that can be paid."""
    tours = tuple(_tour(ask.terms, at, yard) for at, yard in enumerate(_yards(flows)))
    day = Day(DayClock(A_DAY), "", {}, {}, (), (), (), tours)
    problem = tour_problem(lengths.ground, tours, payers)
    cancelled = _asked(still)
    plans = plan_tours(problem, deadline_s=ask.search_s, cancelled=cancelled, payers=payers)
    return confirm(day, problem, plans, payers, deadline_s=ask.search_s, cancelled=cancelled)


def _asked(still: Callable[[], None]) -> Callable[[], bool]:
    """Ask whether anybody still waits: what ``still`` raises ends the search."""

    def cancelled() -> bool:
        still()
        return False

    return cancelled


def _shipment(terms: Terms, name: str, flow: Flow) -> Shipment:
    hours = Window(terms.opens_s, terms.closes_s)
    load = Load(flow.temperature, flow.crates, flow.crates * CRATE_WEIGHT.value)
    producer, buyer = site_id(flow.producer), site_id(flow.buyer)
    return Shipment(name, producer, producer, producer, buyer, load, hours, hours, 0)


def _tour(terms: Terms, at: int, yard: Place) -> Tour:
    hours = Window(terms.opens_s, terms.closes_s)
    where = site_id(yard)
    return Tour(f"van{at}", "", "", where, where, hours, terms.room, terms.card, CRATE_CENTS)


def _yards(flows: Sequence[Flow]) -> list[Place]:
    """Choose where vans wait: the producer with most crates, then always the one that lies farthest off."""
    crates: dict[Place, int] = {}
    for flow in flows:
        crates[flow.producer] = crates.get(flow.producer, 0) + flow.crates
    waiting = sorted(crates, key=lambda one: (-crates[one], one.name, one.lat, one.lon))
    wanted = min(VANS_LIMIT, len(waiting), -(-len(flows) // LINKS_PER_VAN))
    chosen = waiting[:1]
    while len(chosen) < wanted:
        rest = [one for one in waiting if one not in chosen]
        gap: Mapping[Place, float] = {
            one: min(crow_distance_m(one, other) for other in chosen) for one in rest
        }
        chosen.append(max(rest, key=lambda one: (gap[one] * crates[one], one.name)))
    return chosen
