"""From a tour that could be paid to a draft for people: stops in order, whom to invite first, figures."""

from collections.abc import Mapping, Sequence

from geodata.place import Place
from pooling.costs.baseline import Baseline
from pooling.seeding.demand import had_by, in_vain, wished
from pooling.seeding.draft import Draft, DraftAsk, InVain, Stock, Stop, Wanted
from pooling.seeding.flow import Flow
from pooling.tours.confirming import TourBook
from routing.plan import Route


def draft_of(
    book: TourBook,
    ask: DraftAsk,
    weekday: int,
    baseline: Baseline,
    flow_of: Mapping[str, Flow],
    *,
    approximate: bool,
) -> Draft:
    """Tell a tour that could be paid as a draft."""
    flows = [flow_of[one.id] for one in book.shipments]
    alone = {
        party: baseline.alone(party, [one for one in book.shipments if one.payer == party])
        for party in book.split.shares_cents
    }
    alone_cents = {party: one.cents for party, one in alone.items() if one is not None}
    stops = _stops(book.route, flow_of)
    asked = in_vain(ask.sought, weekday, stops)
    return Draft(
        weekday=weekday,
        area=_area(flows, ask),
        approximate=approximate,
        stops=stops,
        wanted=(*_producers(book, flow_of, alone_cents, ask.stocks, asked), *_buyers(flows)),
        crates=sum(flow.crates for flow in flows),
        links=len(flows),
        assumed=sum(1 for flow in flows if flow.basis == "default"),
        cost_cents=book.card.total_cents,
        distance_m=book.route.distance_m,
        alone_m=sum(one.distance_m for one in alone.values() if one is not None),
        opens_s=book.route.leaves_s,
        closes_s=book.route.ends_s,
        wished_crates=wished(ask.wishes, weekday, stops),
        in_vain=asked,
    )


def _stops(route: Route, flow_of: Mapping[str, Flow]) -> tuple[Stop, ...]:
    """Gather the visits that follow each other at one place into one halt."""
    stops: list[Stop] = []
    for visit in route.visits:
        flow, picks = flow_of[visit.task.id], visit.task.kind == "pickup"
        place = flow.producer if picks else flow.buyer
        loaded, unloaded = (flow.crates, 0) if picks else (0, flow.crates)
        if stops and stops[-1].place == place:
            last = stops.pop()
            stop = Stop(last.name, place, last.arrives_s, last.loaded + loaded, last.unloaded + unloaded)
        else:
            stop = Stop(place.name, place, visit.arrives_s, loaded, unloaded)
        stops.append(stop)
    return tuple(stops)


def _area(flows: Sequence[Flow], ask: DraftAsk) -> str:
    """Name the area to which most crates go."""
    crates: dict[str, int] = {}
    for flow in flows:
        area = ask.area_of(flow.buyer)
        crates[area] = crates.get(area, 0) + flow.crates
    return min(crates, key=lambda area: (-crates[area], area))


def _producers(
    book: TourBook,
    flow_of: Mapping[str, Flow],
    alone_cents: Mapping[str, int],
    stocks: Sequence[Stock],
    asked: Sequence[InVain],
) -> list[Wanted]:
    """
    List the producers aboard in the order in which to ask.

    Who has what most buyers near the stops asked for in vain is first, then who would save most.
    """
    found = []
    for party, share_cents in book.split.shares_cents.items():
        flows = [flow_of[one.id] for one in book.shipments if one.payer == party]
        place = flows[0].producer
        found.append(
            Wanted(
                role="producer",
                name=place.name,
                place=place,
                crates=sum(one.crates for one in flows),
                partners=len({one.buyer for one in flows}),
                share_cents=share_cents,
                alone_cents=alone_cents.get(party, 0),
                in_vain=had_by(place, {one.product for one in flows}, stocks, asked),
            )
        )
    return sorted(found, key=lambda one: (-one.missed_by, -one.saved_cents, -one.crates, one.name))


def _buyers(flows: Sequence[Flow]) -> list[Wanted]:
    """List the buyers on the way: who works with most of the producers aboard is asked first."""
    groups: dict[Place, list[Flow]] = {}
    for flow in flows:
        groups.setdefault(flow.buyer, []).append(flow)
    found = [
        Wanted("buyer", place.name, place, sum(one.crates for one in group), len({o.producer for o in group}))
        for place, group in groups.items()
    ]
    return sorted(found, key=lambda one: (-one.partners, -one.crates, one.name))
