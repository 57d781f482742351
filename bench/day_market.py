"""
A region's day to be planned: producers at its villages, buyers in its towns, vans of some carriers.

The same one each time: the region, the size and the seed say everything. Goods are ready early in the
morning and wanted before noon; a producer's buyers are mostly near it. Every van has its carrier's card;
what a crate may cost at most is the same for all, as on one operator's tours.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from math import exp
from random import Random

from geodata.communes import Commune, communes_within
from geodata.place import Place, crow_distance_m
from geodata.region import Region
from pooling.day import Day
from pooling.hours import DayClock
from pooling.load import Load, Room, Space, Temperature
from pooling.party import Party, Role
from pooling.shipment import Shipment
from pooling.site import Site
from pooling.tour import RateCard, Tour
from routing.problem import Window

SEED = 2026
ON = date(2026, 11, 25)
HOUR_S, QUARTER_S = 3_600, 900
VILLAGE_PEOPLE = 2_500
"""Producers are in communes of fewer people, buyers in towns of more."""

AROUND_VILLAGE, AROUND_TOWN = 0.02, 0.008
"""Degrees from the town hall: two kilometres, and one."""

OFF_ROAD_M = 300
TRIES = 50
NEAR_M = 20_000
"""Twice as far is less than half as likely for a producer's buyers."""

CHILLED_SHARE = 0.3
KG_PER_CRATE = 8
CRATE_CENTS = 3_000
FEE_CENTS = 500
HOUSE = "operator"


@dataclass(frozen=True)
class DaySize:
    """
    Hold how much there is on a day, and within what distance of the middle of the demand.

    ``within_km`` of 0 is all of the region; less is the same demand on less land.
    """

    region: str
    producers: int
    buyers: int
    shipments: int
    vehicles: int
    carriers: int
    within_km: int = 0


@dataclass(frozen=True)
class _Land:
    """Hold where farms, shops and yards may be; a town is drawn by the root of its people."""

    region: Region
    villages: Sequence[Commune]
    towns: Sequence[Commune]

    def village(self, random: Random) -> Place:
        return self._near(random, lambda: random.choice(self.villages), AROUND_VILLAGE)

    def town(self, random: Random) -> Place:
        weights = [one.population**0.5 for one in self.towns]
        return self._near(random, lambda: random.choices(self.towns, weights)[0], AROUND_TOWN)

    def _near(self, random: Random, draw: Callable[[], Commune], around: float) -> Place:
        """Draw places near communes until one lies at a road."""
        for _ in range(TRIES):
            middle = draw().place
            if middle is None:
                continue
            lat = middle.lat + random.uniform(-around, around)
            place = Place(lat=lat, lon=middle.lon + random.uniform(-around, around))
            snap = self.region.roads.snap_all([place]).snaps[0]
            if snap is not None and snap.off_road_m <= OFF_ROAD_M:
                return place
        raise LookupError(f"{TRIES} places of {self.region.name} lie far from any road.")


def make_day(region: Region, size: DaySize, seed: int = SEED) -> Day:
    """Make a day: every producer sends at least one shipment, where there are enough."""
    random, land = Random(f"{size} {seed}"), _land(region, size)
    farms = [_farm(land, random, at) for at in range(size.producers)]
    shops = [_shop(land, random, at) for at in range(size.buyers)]
    yards = [_yard(land, random, at) for at in range(size.carriers)]
    parties = [
        *(Party(one.party, one.name, Role.PRODUCER) for one in farms),
        *(Party(one.party, one.name, Role.BUYER) for one in shops),
        *(_carrier(one) for one in yards),
        Party(HOUSE, "Operator", Role.OPERATOR),
    ]
    return Day(
        clock=DayClock(ON),
        region=region.name,
        parties={one.id: one for one in parties},
        sites={one.id: one for one in (*farms, *shops, *yards)},
        trips=(),
        shipments=tuple(_shipments(random, farms, shops, size.shipments)),
        bids=(),
        tours=tuple(_tour(yards[at % len(yards)], at) for at in range(size.vehicles)),
    )


def _land(region: Region, size: DaySize) -> _Land:
    known = [one for one in communes_within(*region.bounds) if one.place]
    middle = max(known, key=lambda one: one.population).place
    if size.within_km and middle is not None:
        most_m = size.within_km * 1_000
        known = [one for one in known if one.place and crow_distance_m(one.place, middle) <= most_m]
    villages = [one for one in known if one.population < VILLAGE_PEOPLE]
    return _Land(region, villages, [one for one in known if one.population >= VILLAGE_PEOPLE])


def _farm(land: _Land, random: Random, at: int) -> Site:
    return Site(f"farm{at}", f"Farm {at}", f"producer{at}", land.village(random), (_hours(4, 20),))


def _shop(land: _Land, random: Random, at: int) -> Site:
    opens_h, closes_h = random.choice(((6, 10.5), (7, 12), (8, 12), (8.5, 13)))
    return Site(f"shop{at}", f"Shop {at}", f"buyer{at}", land.town(random), (_hours(opens_h, closes_h),))


def _yard(land: _Land, random: Random, at: int) -> Site:
    return Site(f"yard{at}", f"Yard {at}", f"carrier{at}", land.town(random), (_hours(0, 24),))


def _carrier(yard: Site) -> Party:
    until = date(ON.year + 1, 12, 31)
    return Party(yard.party, yard.name, Role.CARRIER, vetted=True, licence="LTI", licence_until=until)


def _tour(yard: Site, at: int) -> Tour:
    """Give a carrier a van: of two one is refrigerated, and costs more."""
    cold = at % 2 == 0
    room = Room(Space(40), Space(30), payload_kg=900) if cold else Room(Space(70), payload_kg=900)
    card = RateCard(2_500 if cold else 1_500, 55 if cold else 40, 1_500, 100)
    return Tour(
        f"van{at}",
        yard.party,
        f"driver {at}",
        yard.id,
        yard.id,
        _hours(4, 14),
        room,
        card,
        CRATE_CENTS,
        FEE_CENTS,
    )


def _shipments(random: Random, farms: Sequence[Site], shops: Sequence[Site], count: int) -> list[Shipment]:
    senders = [farms[at % len(farms)] for at in range(count)]
    weights = {one.id: _weights(one, shops) for one in farms}
    return [
        _shipment(random, at, farm, random.choices(shops, weights[farm.id])[0])
        for at, farm in enumerate(senders)
    ]


def _weights(farm: Site, shops: Sequence[Site]) -> list[float]:
    return [exp(-crow_distance_m(farm.place, one.place) / NEAR_M) + 1e-9 for one in shops]


def _shipment(random: Random, at: int, farm: Site, shop: Site) -> Shipment:
    crates = random.randint(1, 10)
    temperature = Temperature.CHILLED if random.random() < CHILLED_SHARE else Temperature.AMBIENT
    ready_s = random.randrange(4 * HOUR_S, 7 * HOUR_S, QUARTER_S)
    return Shipment(
        id=f"s{at}",
        shipper=farm.party,
        payer=farm.party,
        from_site=farm.id,
        to_site=shop.id,
        load=Load(temperature, crates, crates * KG_PER_CRATE),
        pickup=Window(ready_s, 20 * HOUR_S),
        drop=shop.hours[0],
        goods_value_cents=crates * random.randint(2_000, 5_000),
        ordered_by=shop.party,
    )


def _hours(opens_h: float, closes_h: float) -> Window:
    return Window(int(opens_h * HOUR_S), int(closes_h * HOUR_S))
