"""
Bids on one trip, and the best set of them by trying every set and every order of stops.

The trip: Farm 06:00 to 06:15, Town 06:30 to 08:00, Shop 06:40 to 09:00, home by 10:30.
"""

from dataclasses import replace
from itertools import combinations, permutations

from hypothesis import strategies as st

from pooling.bid import Bid
from pooling.legs import LegRoom, fits, sold_on, stretch_of
from pooling.load import UNLIMITED
from pooling.market import clearing
from pooling.market.clearing import Case, Cleared, joining_of
from pooling.market.lot import BUNDLE_LIMIT, Lot, together
from pooling.pricing import full_cost, shareable_cost
from pooling.regimes import Regime
from routing.schedule import schedule_route
from routing.task import Task
from tests.pooling.worlds import PARTIES, day, ground, opened, shipment, trip

PAYERS = ("dairy", "mill", "orchard")
FARMS = {name: party for name, party in PARTIES.items() if name in ("farm", *PAYERS)}


def case_of(
    *asked, room=(12, 12, 12), detour_min=40, regime=Regime.COTRANSPORT_AGRICOLE, spares=9_000, by_leg=False
):
    """
    Make a case of bids: (start, end, crates, most_cents, lot, choice); those of one lot ride together.

    With ``by_leg`` room is kept between announced stops too, as the desk keeps it.
    """
    owner = "depot" if regime is Regime.TRANSPORTEUR else "farm"
    announced = trip(*room, detour_min=detour_min, regime=regime, owner=owner)
    shipments, lots = [], {}
    for number, (start, end, crates, most, lot, choice) in enumerate(asked, start=1):
        one = shipment(f"S{number}", start, end, crates, payer=start if start in PAYERS else "dairy")
        shipments.append(one)
        full = lot in lots and len(lots[lot][1]) == BUNDLE_LIMIT
        lots.setdefault(one.id if full or not lot else lot, (choice, []))[1].append(Bid(one.id, "T1", most))
    made = tuple(Lot(name, tuple(bids), choice) for name, (choice, bids) in lots.items())
    market = day(*shipments, trips=[announced])
    spared = lambda _payer, aboard: spares * len(aboard)  # noqa: E731
    book = opened(announced)
    if by_leg:
        book = replace(book, legs=tuple(LegRoom((crates, 0, 0, UNLIMITED)) for crates in room))
    return Case(market, ground(), book, made, spared)


def alone(start, end, crates, most, choice=""):
    return (start, end, crates, most, "", choice)


def by_brute_force(case: Case):
    """Look at every set of lots without any pruning; return the rank of the best."""
    joining, ranks = joining_of(case), [(0, 0, ())]
    for size in range(1, len(case.lots) + 1):
        for chosen in combinations(range(len(case.lots)), size):
            if not together(case.lots[at] for at in chosen):
                continue
            aboard = frozenset(one for at in chosen for one in case.lots[at].shipments)
            way = joining.way(aboard)
            if way is None:
                continue
            one = clearing.candidate(case, joining, chosen, way)
            if one.terms.payable:
                ranks.append(one.rank)
    return min(ranks)


def rank_of(cleared: Cleared):
    chosen = tuple(cleared.case.lots.index(lot) for lot in cleared.chosen)
    crates = sum(g.shipment.load.crates for g in cleared.book.guests)
    return (-cleared.value_cents, -crates, chosen)


def best_by_every_order(case: Case) -> int:
    """Return the best value over every set and every order of its stops: no insertion, no joining."""
    book, best = case.book, 0
    announced = [task for task in book.route.tasks if task.kind == "announced"]
    for size in range(1, len(case.lots) + 1):
        for lots in combinations(case.lots, size):
            if not together(lots):
                continue
            bids = [bid for lot in lots for bid in lot.bids]
            added = min(_added(case, bids, order) for order in _orders(announced, bids))
            by_payer = {}
            for bid in bids:
                by_payer.setdefault(case.day.shipment_by_id[bid.shipment].payer, []).append(bid)
            worth = sum(
                min(sum(b.most_cents for b in its), case.spared(p, frozenset(b.shipment for b in its)))
                for p, its in by_payer.items()
            )
            best = max(best, worth - added)
    return best


def _orders(announced, bids):
    """Yield every order in which announced stops keep theirs and drops come after pickups."""
    ends = [Task(kind, bid.shipment) for bid in bids for kind in ("pickup", "drop")]
    slots = len(announced) + len(ends)
    for places in permutations(range(slots), len(ends)):
        if all(places[at] < places[at + 1] for at in range(0, len(ends), 2)):
            taken = dict(zip(places, ends, strict=True))
            rest = iter(announced)
            yield [taken.get(at) or next(rest) for at in range(slots)]


def _added(case, bids, order):
    requests = tuple(case.ground.request(case.day.shipment_by_id[bid.shipment]) for bid in bids)
    problem = replace(case.book.problem, requests=requests)
    route = schedule_route(problem, case.book.vehicle, order)
    if route is None:
        return 10**9
    legs = case.book.legs
    for bid in bids if legs else ():
        stretch, load = stretch_of(route, bid.shipment), case.day.shipment_by_id[bid.shipment].load
        if not fits(legs, stretch, load):
            return 10**9
        legs = sold_on(legs, stretch, load)
    added = max(0, full_cost(route).total_cents - case.book.driven_cents)
    return added if added <= shareable_cost(route).total_cents else 10**9


starts = st.sampled_from(["dairy", "mill", "orchard", "town"])
ends = st.sampled_from(["town", "shop", "cafe"])
one_bid = st.tuples(
    starts, ends, st.integers(1, 8), st.integers(0, 3_000), st.sampled_from(["", "", "A", "B"]),
    st.sampled_from(["", "", "X"]),
)  # fmt: skip


def lists_of_bids(most):
    return st.lists(one_bid, min_size=1, max_size=most).map(
        lambda bids: [
            (start, end, crates, cents, "" if choice else lot, choice)
            for start, end, crates, cents, lot, choice in bids
            if start != end
        ]
    )


rooms = st.tuples(st.integers(0, 12), st.integers(0, 12), st.integers(0, 12))
regimes = st.sampled_from([Regime.COTRANSPORT_AGRICOLE, Regime.TRANSPORTEUR])
