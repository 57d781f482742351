"""
Several shipments on one trip together: the road they share, what they may be asked, what each pays.

A set rides or does not ride as a whole. Stops that were promised keep their order; new ones are put in
between by every order of stops where they are few (``pooling.market.orders``), else by insertion.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from itertools import combinations

from pooling.bid import Bid
from pooling.day import Day
from pooling.fair.sharing import Claimant, split
from pooling.ground import Ground
from pooling.legs import LegRoom, fits, sold_on, stretch_of
from pooling.market.award import Guest, TripBook, cost_to_owner, promised_request
from pooling.market.drafts import Draft, Drafts
from pooling.market.orders import BEGINNINGS_LIMIT, TooManyOrdersError, cheapest_orders
from pooling.pricing import asked_of, ridden_m, shareable_cost
from pooling.regimes import COST_SHARING, lawful_cents
from pooling.shipment import Shipment
from routing.check import check
from routing.plan import Driven, Plan, Route
from routing.schedule import schedule_route

Aboard = frozenset[str]

ROUNDED_CENTS = 5
"""By less than so much one more stop makes a way cheaper, since seconds and metres are whole."""

Spared = Callable[[str, Aboard], int]
"""Return what a payer spares where these of its shipments ride, less what it pays for others that do."""


@dataclass(frozen=True)
class Way:
    """Hold a trip's route with further shipments, and the room of its legs once they have taken theirs."""

    route: Route
    legs: tuple[LegRoom, ...]

    @property
    def distance_m(self) -> int:
        return self.route.distance_m

    @property
    def duration_s(self) -> int:
        return self.route.duration_s


@dataclass(frozen=True)
class Terms:
    """
    Hold what a set of bids comes to: its worth to those who bid, what it adds, what may be asked for it.

    ``left_cents`` is what the law lets the owner receive more, ``None`` where its price is free;
    ``asked_met`` tells whether each payer may be asked what a carrier asks for its crates.
    """

    worth_cents: int
    added_cents: int
    left_cents: int | None
    asked_met: bool = True

    @property
    def value_cents(self) -> int:
        """Return what the parties gain together."""
        return self.worth_cents - self.added_cents

    @property
    def lawful(self) -> bool:
        """Tell whether the owner may be repaid what the set adds."""
        return self.left_cents is None or self.added_cents <= self.left_cents

    @property
    def payable(self) -> bool:
        """Tell whether the owner is not worse off, within the bids and within the law."""
        return self.lawful and self.asked_met and self.added_cents <= self.worth_cents


@dataclass
class Joining:
    """
    Answer for one trip as committed what becomes of it with any set of bids.

    Each way is searched once: of a few shipments by every order of stops (``try_every_order``), else the
    cheapest way of n is that of n - 1 with the last put in where it costs least, over all choices of the
    last: O(2ⁿ · n) insertions for all sets of n.
    """

    day: Day
    ground: Ground
    book: TripBook
    bids: Mapping[str, Bid]
    spared: Spared
    _made: list[Drafts] = field(default_factory=list, repr=False)
    _ways: dict[Aboard, Way | None] = field(default_factory=dict, repr=False)
    _sets: dict[Aboard, Draft | None] = field(default_factory=dict, repr=False)
    _orders: dict[tuple[str, ...], Draft | None] = field(default_factory=dict, repr=False)
    _every_order: dict[Aboard, bool] = field(default_factory=dict, repr=False)
    _payers_caps: dict[tuple[str, Aboard], Mapping[str, int]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._ways[frozenset()] = Way(self.book.route, self.book.legs)

    @property
    def _drafts(self) -> Drafts:
        """Return what makes drafts with any shipment that was asked about first; it is made once."""
        if not self._made:
            shipments = [self.day.shipment_by_id[one] for one in sorted(self.bids)]
            requests = [self.ground.request(one) for one in shipments]
            self._made.append(Drafts(self.book, shipments, requests))
        return self._made[0]

    def way(self, aboard: Aboard) -> Way | None:
        """Return the cheapest way with these shipments that is known, or by every order of insertion."""
        if aboard not in self._ways:
            draft = self._draft(aboard)
            self._ways[aboard] = None if draft is None else self.in_hours(draft, aboard)
        return self._ways[aboard]

    def in_hours(self, draft: Draft, aboard: Aboard) -> Way | None:
        """Return a draft as a way with hours; ``None`` where the legs have no room for these shipments."""
        return self._with_room(self._drafts.scheduled(draft), aboard)

    def _draft(self, aboard: Aboard) -> Draft | None:
        if aboard in self._ways:
            way = self._ways[aboard]
            return None if way is None else self._drafts.of_route(way.route, way.legs)
        if aboard not in self._sets:
            befores = [(self._draft(aboard - {last}), last) for last in sorted(aboard)]
            tried = [self._drafts.put_in(draft, last) for draft, last in befores if draft is not None]
            found = [draft for draft in tried if draft is not None]
            self._sets[aboard] = min(found, key=self._cost, default=None)
        return self._sets[aboard]

    def try_every_order(self, shipments: Iterable[str], most: int = BEGINNINGS_LIMIT) -> bool:
        """
        Find the cheapest way of every set of these shipments, by every order of their stops.

        Tells whether that could be done: where there are more than ``most`` beginnings, ways are found by
        insertion.
        """
        names = frozenset(shipments)
        if names not in self._every_order:
            self._every_order[names] = self._try_every_order(sorted(names), most)
        return self._every_order[names]

    def _try_every_order(self, names: Sequence[str], most: int) -> bool:
        wanted = [self.day.shipment_by_id[one] for one in names]
        requests = [self.ground.request(one) for one in wanted]
        try:
            orders = cheapest_orders(self.book, wanted, requests, most)
        except TooManyOrdersError:
            return False
        everybody = (*self.book.problem.requests, *requests)
        problem = self.book.problem.narrowed((self.book.vehicle,), everybody)
        for size in range(1, len(names) + 1):
            for aboard in map(frozenset, combinations(names, size)):
                order = orders.get(aboard)
                route = None if order is None else schedule_route(problem, self.book.vehicle, order)
                self._ways[aboard] = None if route is None else self._with_room(route, aboard)
        return True

    def draft_in_order(self, shipments: tuple[str, ...], dearest_cents: int | None = None) -> Draft | None:
        """
        Return a way with these shipments put in one after another: one order where ``way`` tries all.

        With ``dearest_cents`` one that adds more need not be found: nothing is put in any more where the
        others add so much already.
        """
        draft = self._draft(frozenset())
        for size, last in enumerate(shipments, start=1):
            before = shipments[:size]
            if before not in self._orders:
                if draft is None or self._adds_more(draft, dearest_cents):
                    return None
                self._orders[before] = self._drafts.put_in(draft, last)
            draft = self._orders[before]
        return draft

    def _adds_more(self, draft: Draft, dearest_cents: int | None) -> bool:
        if dearest_cents is None or not self._drafts.grow:
            return False
        return self._cost(draft) - self.book.driven_cents > dearest_cents + ROUNDED_CENTS

    def asked_by(self, bids: Mapping[str, Bid], spared: Spared) -> "Joining":
        """Return the same for other bids on the same shipments: what is known of the others stays known."""
        same = {one for one, bid in bids.items() if self.bids.get(one) == bid}
        known = self._payers_caps.items() if spared is self.spared else ()
        caps = {asked: most for asked, most in known if asked[1] <= same}
        return replace(self, bids=bids, spared=spared, _payers_caps=caps)

    def with_other(self, shipment: Shipment) -> "Joining":
        """Return the same where one of the shipments is other: the ways without it stay known."""
        shipments = tuple(shipment if one.id == shipment.id else one for one in self.day.shipments)
        return replace(
            self,
            day=replace(self.day, shipments=shipments),
            _made=[self._drafts.with_other(shipment, self.ground.request(shipment))],
            _ways={aboard: way for aboard, way in self._ways.items() if shipment.id not in aboard},
            _sets={aboard: draft for aboard, draft in self._sets.items() if shipment.id not in aboard},
            _orders={order: way for order, way in self._orders.items() if shipment.id not in order},
            _every_order={},
        )

    def terms(self, aboard: Aboard, way: Driven) -> Terms:
        """Return what these shipments come to, all of them riding."""
        added_cents = max(0, self._cost(way) - self.book.driven_cents)
        left_cents = None
        if self.book.trip.regime in COST_SHARING:
            left_cents = max(
                0, lawful_cents(self._shareable_cents(way), self.book.year) - self.book.received_cents
            )
        caps = self._caps(aboard)
        return Terms(sum(caps.values()), added_cents, left_cents, self._asked_met(caps))

    def worth_cents(self, aboard: Aboard) -> int:
        """Return the most that may be asked for these shipments together: their bids, what they spare."""
        return sum(self._caps(aboard).values())

    def joined(self, aboard: Aboard, way: Way) -> TripBook:
        """
        Return the trip's book with these shipments as guests, promises and prices with them.

        Refuses nothing: ask ``terms`` first.
        """
        prices = self._prices(aboard, way)
        detours = _in_parts(way.route.drive_s - self.book.route.drive_s, sorted(aboard))
        guests = tuple(
            self._guest(self.day.shipment_by_id[one], way.route, prices[one], detours[one])
            for one in sorted(aboard)
        )
        requests = (*self.book.problem.requests, *(guest.request for guest in guests))
        problem = replace(self.book.problem, requests=requests)
        book = replace(
            self.book,
            problem=problem,
            plan=Plan((way.route,), ()),
            guests=(*self.book.guests, *guests),
            legs=way.legs,
        )
        violations = check(problem, book.plan)
        if violations:
            raise AssertionError(f"A set of bids broke a rule: {violations}")
        return book

    def _with_room(self, route: Route, aboard: Aboard) -> Way | None:
        """Count the room anew: a shipment may ride a leg more once another stands beside it."""
        legs = self.book.legs
        for one in sorted(aboard) if legs else ():
            stretch, load = stretch_of(route, one), self.day.shipment_by_id[one].load
            if not fits(legs, stretch, load):
                return None
            legs = sold_on(legs, stretch, load)
        return Way(route, legs)

    def _caps(self, aboard: Aboard) -> dict[str, int]:
        """Return the most that each may be asked: its bid, and no payer more than it spares or means."""
        caps: dict[str, int] = {}
        for payer, most in self._by_payer(aboard).items():
            caps |= self._caps_of(payer, most)
        for lot in {self._lot_of(one, aboard) for one in caps if self.bids[one].above_alone}:
            meant = self._meant(lot)
            if sum(meant.values()) > sum(caps[one] for one in lot):
                caps |= meant
        return caps

    def _caps_of(self, payer: str, most: Mapping[str, int]) -> Mapping[str, int]:
        asked = (payer, frozenset(most))
        if asked not in self._payers_caps:
            self._payers_caps[asked] = _within(max(0, self.spared(*asked)), most)
        return self._payers_caps[asked]

    def meant_cents(self, one: str) -> int:
        """Return what a bid above alone may be asked whatever it spares: its part of what its lot costs."""
        return self._meant(self._lot_of(one, self.bids.keys())).get(one, 0)

    def _lot_of(self, one: str, aboard: Set[str]) -> Aboard:
        lot = self.bids[one].rides_with | {one}
        return lot if lot <= aboard else frozenset({one})

    def _meant(self, lot: Aboard) -> Mapping[str, int]:
        """Share what it costs to carry a bid by itself, or a bundle, where it is meant above alone."""
        bids = {one: self.bids[one] for one in sorted(lot)}
        way = self.way(lot) if all(bid.above_alone for bid in bids.values()) else None
        if way is None:
            return {}
        asked_cents = sum(
            asked_of(self.day.shipment_by_id[one].load.crates, self.book.trip.asked_cents, bid.held_cents)
            for one, bid in bids.items()
        )
        costs_cents = max(0, self._cost(way) - self.book.driven_cents, asked_cents)
        return _within(costs_cents, {one: bid.ceiling_cents for one, bid in bids.items()})

    def _asked_met(self, caps: Mapping[str, int]) -> bool:
        """Tell whether each payer's ceilings together reach what is asked for its crates."""
        asked_cents, short = self.book.trip.asked_cents, dict[str, int]()
        for one, cents in caps.items() if asked_cents else ():
            shipment, held_cents = self.day.shipment_by_id[one], self.bids[one].held_cents
            least_cents = asked_of(shipment.load.crates, asked_cents, held_cents)
            short[shipment.payer] = short.get(shipment.payer, 0) + least_cents - cents
        return all(cents <= 0 for cents in short.values())

    def _prices(self, aboard: Aboard, way: Way) -> dict[str, int]:
        """
        Return what each pays: as bid on a carrier's trip, else its part of what the set is asked.

        A set is asked for what it adds, and for its part of the shareable cost of the way: the
        kilometres that each rides, shared equally with the owner and everybody aboard. That is shared
        in proportion to what riding spares each payer, within the bids and under the cap of the law.
        """
        caps, terms = self._caps(aboard), self.terms(aboard, way)
        if terms.left_cents is None:
            return caps
        fair_cents = terms.added_cents + sum(self._part_of_the_way(one, aboard, way) for one in aboard)
        asked_cents = min(fair_cents, terms.left_cents, terms.worth_cents)
        claims = {
            one: Claimant(max(cents, self.spared_by(one, aboard)), cents) for one, cents in caps.items()
        }
        return dict(split(asked_cents, claims).shares_cents)

    def _part_of_the_way(self, one: str, aboard: Aboard, way: Way) -> int:
        shareable_cents = self._shareable_cents(self.book.route)
        sharing = len(self.book.guests) + len(aboard) + 1
        return shareable_cents * ridden_m(way.route, one) // (max(1, way.route.distance_m) * sharing)

    def spared_by(self, one: str, aboard: Aboard) -> int:
        """Return a shipment's part of what its payer spares, by its bid among those of its payer."""
        payer = self.day.shipment_by_id[one].payer
        most = self._by_payer(aboard)[payer]
        spared_cents, bid_cents = max(0, self.spared(payer, frozenset(most))), sum(most.values())
        if spared_cents <= bid_cents:  # to the cent as it may be asked
            return _within(spared_cents, most)[one]
        return spared_cents * most[one] // max(1, bid_cents)

    def _by_payer(self, aboard: Aboard) -> dict[str, dict[str, int]]:
        payers: dict[str, dict[str, int]] = {}
        for one in sorted(aboard):
            payers.setdefault(self.day.shipment_by_id[one].payer, {})[one] = self.bids[one].ceiling_cents
        return payers

    def _guest(self, shipment: Shipment, route: Route, price_cents: int, detour_s: int) -> Guest:
        request = promised_request(self.ground.request(shipment), route)
        return Guest(shipment, price_cents, self.bids[shipment.id].most_cents, detour_s, request)

    def _cost(self, way: Driven) -> int:
        return cost_to_owner(self.book.trip, way)

    def _shareable_cents(self, way: Driven) -> int:
        return shareable_cost(way, refrigerated=self.book.trip.refrigerated).total_cents


def _within(spared_cents: int, most: Mapping[str, int]) -> Mapping[str, int]:
    """Share what a payer spares among its bids, none above what was bid."""
    claims = {one: Claimant(cents, cents) for one, cents in most.items()}
    return split(min(spared_cents, sum(most.values())), claims).shares_cents


def _in_parts(seconds: int, names: list[str]) -> dict[str, int]:
    """Share seconds out equally; the first take what is left over."""
    each, over = divmod(seconds, max(1, len(names)))
    return {name: each + int(at < over) for at, name in enumerate(names)}
