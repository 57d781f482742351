"""A tour as it could be proposed: its stops in order, who would be aboard, and what it would be worth."""

from dataclasses import dataclass

from geodata.place import Place
from geodata.roads import RoadNetwork
from pooling.load import Room, Space
from pooling.seeding.ranking import AreaOf
from pooling.tour import RateCard

VAN = Room(ambient=Space(70), chilled=Space(50), payload_kg=900)
CARD = RateCard(2_500, 55, 1_500, 100)
"""The van and the card that a draft is reckoned with where the operator says nothing else."""

DAYS = (2, 4, 5)
"""Tours run three days a week, unless the operator says otherwise: Tuesday, Thursday and Friday."""

OPENS_S, CLOSES_S = 6 * 3600, 16 * 3600

SEARCH_S = 1.5
"""Seconds for each of the searches of one day; a day has up to four."""


@dataclass(frozen=True)
class Terms:
    """Hold what drafts are reckoned with: weekdays (1 is Monday), hours of the day, van, and rate card."""

    days: tuple[int, ...] = DAYS
    opens_s: int = OPENS_S
    closes_s: int = CLOSES_S
    room: Room = VAN
    card: RateCard = CARD


@dataclass(frozen=True)
class Stop:
    """Hold one halt of a draft: when the van arrives, and the crates that come aboard and leave there."""

    name: str
    place: Place
    arrives_s: int
    loaded: int
    unloaded: int


@dataclass(frozen=True)
class InVain:
    """Hold a product for which so many buyers of an area asked in vain on one day."""

    area: str
    product: str
    buyers: int


@dataclass(frozen=True)
class Wanted:
    """
    Hold one whom a draft would invite, in the order in which to ask.

    A producer would pay ``share_cents`` a week instead of ``alone_cents``; ``in_vain`` is what it offers of
    what buyers near the stops asked for in vain. A buyer pays nothing of the way; it is asked for its
    ``partners``, who would all come in one stop.
    """

    role: str
    name: str
    place: Place
    crates: int
    partners: int
    share_cents: int = 0
    alone_cents: int = 0
    in_vain: tuple[InVain, ...] = ()

    @property
    def saved_cents(self) -> int:
        return self.alone_cents - self.share_cents

    @property
    def missed_by(self) -> int:
        """Return how many buyers asked in vain for what it has, added up over its products."""
        return sum(one.buyers for one in self.in_vain)


@dataclass(frozen=True)
class Draft:
    """
    Hold a drafted tour of one weekday.

    ``alone_m`` is what the producers aboard would drive for these very crates, each in its own best
    tours. ``assumed`` of its ``links`` have a volume that is only the default. ``wished_crates`` were
    looked for in vain near its stops, and what ``in_vain`` holds was by buyers there.
    """

    weekday: int
    area: str
    approximate: bool
    stops: tuple[Stop, ...]
    wanted: tuple[Wanted, ...]
    crates: int
    links: int
    assumed: int
    cost_cents: int
    distance_m: int
    alone_m: int
    opens_s: int
    closes_s: int
    wished_crates: int = 0
    in_vain: tuple[InVain, ...] = ()

    @property
    def crate_cents(self) -> int:
        """Return what a crate would cost: the card over the crates, rounded up."""
        return -(-self.cost_cents // max(1, self.crates))

    @property
    def dearest_crate_cents(self) -> int:
        """Return what a crate would cost its producer at most: the price to show for all of these to join."""
        shares = (-(-one.share_cents // max(1, one.crates)) for one in self.wanted if one.role == "producer")
        return max((self.crate_cents, *shares))

    @property
    def saved_pct(self) -> int:
        """Return by how much fewer kilometres are driven than alone; below 0 where more are."""
        return round(100 * (self.alone_m - self.distance_m) / max(1, self.alone_m))


@dataclass(frozen=True)
class Wish:
    """Hold crates that were looked for in vain: around which place, on which weekday."""

    area: str
    place: Place
    weekday: int
    crates: int


@dataclass(frozen=True)
class Sought:
    """Hold what buyers asked for in vain: around which place, on which weekday."""

    place: Place
    weekday: int
    what: InVain


@dataclass(frozen=True)
class Stock:
    """Hold what a producer that takes part has on its short lists, and where that is collected."""

    producer: str
    place: Place
    products: frozenset[str]


@dataclass(frozen=True)
class DraftAsk:
    """
    Hold what drafts are made of: terms, roads if any, how areas are called, unmet wishes, patience.

    ``sought`` and ``stocks`` tell which producers have what buyers asked for in vain.
    """

    terms: Terms
    area_of: AreaOf
    roads: RoadNetwork | None = None
    wishes: tuple[Wish, ...] = ()
    search_s: float = SEARCH_S
    sought: tuple[Sought, ...] = ()
    stocks: tuple[Stock, ...] = ()


@dataclass(frozen=True)
class Drafts:
    """
    Hold all drafts of some flows, best first, and what the week comes to.

    ``pooled_m`` counts the tours and what is still driven alone; ``alone_m`` everybody alone. ``far``
    links are too long for a tour of a day, ``impossible`` ones fit in no day of a van.
    """

    drafts: tuple[Draft, ...]
    flows: int
    far: int
    impossible: int
    riding: int
    alone_m: int
    pooled_m: int
    assumed: int

    @property
    def saved_pct(self) -> float:
        return round(100 * (self.alone_m - self.pooled_m) / max(1, self.alone_m), 1)
