"""
Days of pooled deliveries on real roads, the same ones each time: the seed and the size say everything.

Farms offer shipments to shops, canteens and restaurants near them, ready at some hour, each at a price
that is a share of what driving it oneself would cost; some prices are too low to be worth a detour. A third
of the vehicles are trips that farmers make anyway, with their stops, hours and the longest way they would go;
the others are carriers' vans, half of them refrigerated. Nothing must be carried: a shipment left behind
costs its price.

The longest way of a trip is said in metres and everything else in words that all solvers know.
"""

from dataclasses import dataclass
from math import ceil, exp
from pathlib import Path
from random import Random

from bench.search_places import Places, read_places
from bench.search_trips import Trips
from geodata.place import Place, crow_distance_m
from routing.problem import Problem, Request, Vehicle, Visit, Window

DIMENSIONS = ("ambient_crates", "chilled_crates", "kg")
HOUR_S, QUARTER_S = 3_600, 900
KG_PER_CRATE = 8
SETUP_S, SERVICE_PER_CRATE_S = 300, 20
KM_CENTS, COLD_KM_CENTS, HOUR_CENTS = 40, 80, 1_500
CHILLED_SHARE = 0.35
FARMS_PER_SHIPMENT = SHOPS_PER_SHIPMENT = 0.4
NEAR_M = 15_000
"""A farm's goods go to shops at such distances: twice as far is less than half as likely."""

PRICE_SHARES = (0.3, 1.3)
"""A shipment's price is between these shares of what it costs to drive it oneself, there and back."""

RIPE_S = 2 * HOUR_S
"""What is offered is ready so long before its shop closes, beyond the drive."""


@dataclass(frozen=True)
class Size:
    """Hold how much there is on a day; the fleet follows from the shipments."""

    shipments: int

    @property
    def vans(self) -> int:
        return ceil(self.shipments / 20)

    @property
    def trips(self) -> int:
        return ceil(self.shipments / 40)


@dataclass(frozen=True)
class _Shop:
    """Hold a shop with its hours; the same for whatever it is sent."""

    place: int
    windows: tuple[Window, ...]


def read_day(file: Path, size: Size, seed: int = 1) -> Problem:
    """Make the day of a size on the places that a file holds."""
    places = read_places(file)
    return make_day(places, size, seed)


def make_day(places: Places, size: Size, seed: int = 1) -> Problem:
    """Make a day: vans, trips and shipments, of which none must be carried."""
    random = Random(f"{places.region} {size.shipments} {seed}")
    farms = places.farms[: ceil(size.shipments * FARMS_PER_SHIPMENT)]
    shops = [
        _Shop(place, _hours(random)) for place in places.shops[: ceil(size.shipments * SHOPS_PER_SHIPMENT)]
    ]
    near = _Near(places, shops)
    requests = tuple(
        _request(random, places, f"s{number}", farms[number % len(farms)], near)
        for number in range(size.shipments)
    )
    trips = Trips(places, random).make(size.trips, [shop.place for shop in shops])
    vans = tuple(_van(places, number, size.vans) for number in range(size.vans))
    return Problem(DIMENSIONS, places.matrix, (*trips, *vans), requests)


class _Near:
    """Choose a shop for a farm: near ones more often."""

    def __init__(self, places: Places, shops: list[_Shop]) -> None:
        self._places, self._shops = places, shops
        self._weights: dict[int, list[float]] = {}

    def shop(self, random: Random, farm: int) -> _Shop:
        if farm not in self._weights:
            here = self._point(farm)
            self._weights[farm] = [
                exp(-crow_distance_m(here, self._point(shop.place)) / NEAR_M) for shop in self._shops
            ]
        return random.choices(self._shops, self._weights[farm])[0]

    def _point(self, place: int) -> Place:
        return Place(lat=self._places.lat[place], lon=self._places.lon[place])


def _hours(random: Random) -> tuple[Window, ...]:
    """Draw the hours of a canteen, a restaurant or a shop; some close over noon."""
    kind = random.random()
    if kind < 0.25:
        return (_window(6, 10.5),)
    if kind < 0.5:
        return (_window(8.5, 11.5),) if random.random() < 0.7 else (_window(8.5, 11), _window(15, 17.5))
    return (_window(7, 12.5),) if random.random() < 0.7 else (_window(8, 12), _window(14, 18))


def _window(opens_h: float, closes_h: float) -> Window:
    return Window(int(opens_h * HOUR_S), int(closes_h * HOUR_S))


def _request(random: Random, places: Places, name: str, farm: int, near: _Near) -> Request:
    shop = near.shop(random, farm)
    crates, chilled = random.randint(1, 8), random.random() < CHILLED_SHARE
    drive_s = places.matrix.seconds[farm][shop.place]
    distance_m = places.matrix.metres[farm][shop.place]
    latest_s = shop.windows[-1].closes_s - drive_s - RIPE_S
    ready_s = min(random.randrange(4 * HOUR_S, 9 * HOUR_S, QUARTER_S), max(0, latest_s))
    pickup = Window(ready_s, ready_s + random.randint(2, 5) * HOUR_S)
    service_s = SERVICE_PER_CRATE_S * crates
    own_cents = 2 * (distance_m * KM_CENTS // 1_000 + drive_s * HOUR_CENTS // HOUR_S)
    own_cents += 2 * (SETUP_S + service_s) * HOUR_CENTS // HOUR_S
    return Request(
        id=name,
        pickup=Visit(farm, (pickup,), service_s, SETUP_S),
        drop=Visit(shop.place, shop.windows, service_s, SETUP_S),
        load=(0 if chilled else crates, crates if chilled else 0, crates * KG_PER_CRATE),
        prize_cents=int(own_cents * random.uniform(*PRICE_SHARES)),
    )


def _van(places: Places, number: int, vans: int) -> Vehicle:
    """Put four vans in each yard, two and two alike: refrigerated ones and plain; all early or all late."""
    yard = places.yards[(number // 4) % min(len(places.yards), ceil(vans / 4))]
    cold, late = number // 2 % 2 == 0, number // 4 % 2 == 0
    return Vehicle(
        id=f"van{number}",
        start=yard,
        end=yard,
        capacity=(40, 30, 900) if cold else (60, 0, 800),
        shift=_window(6, 18.5) if late else _window(4, 13.5),
        fixed_cents=4_000 if cold else 2_500,
        cents_per_km=COLD_KM_CENTS if cold else KM_CENTS,
        cents_per_hour=HOUR_CENTS,
    )
