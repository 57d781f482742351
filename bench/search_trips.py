"""Trips that farmers announce: from their yard by some shops and home, with promised hours and own goods."""

from dataclasses import dataclass
from itertools import pairwise
from random import Random

from bench.search_places import Places
from routing.problem import AnnouncedStop, Vehicle, Visit, Window

FIRST_LEAVES_S, LAST_LEAVES_S = 5 * 3_600, 9 * 3_600
SLACK_S = (1_500, 3_600)
"""Each stop is promised within so many seconds, the next is planned after them: their order is clear."""

OWN_CRATES = (4, 12)
SERVICE_PER_CRATE_S, SETUP_S = 20, 300
DETOUR_M = (12_000, 40_000)
"""How much longer than announced the way may become."""

EARLIER_S, LATER_S = 1_800, 3_600
NEAREST = 60
"""Each stop is drawn among so many shops nearest to where the trip is."""


@dataclass(frozen=True)
class Trips:
    """Announce trips on places, drawing by chance."""

    places: Places
    random: Random

    def make(self, count: int, shops: list[int]) -> tuple[Vehicle, ...]:
        homes = list(self.places.yards)
        return tuple(
            self._trip(f"trip{number}", self.random.choice(homes[: max(4, count)]), shops)
            for number in range(count)
        )

    def _trip(self, name: str, home: int, shops: list[int]) -> Vehicle:
        seconds, metres = self.places.matrix.seconds, self.places.matrix.metres
        way = [home]
        for _ in range(self.random.randint(1, 3)):
            near = sorted(
                (shop for shop in shops if shop not in way), key=lambda shop: seconds[way[-1]][shop]
            )
            way.append(self.random.choice(near[:NEAREST]))
        leaves_s = self.random.randrange(FIRST_LEAVES_S, LAST_LEAVES_S, 900)
        stops, clock_s, own = [], leaves_s, 0
        for number, (before, shop) in enumerate(pairwise(way)):
            crates, slack_s = self.random.randint(*OWN_CRATES), self.random.randint(*SLACK_S)
            clock_s += seconds[before][shop]
            visit = Visit(shop, (Window(clock_s, clock_s + slack_s),), SERVICE_PER_CRATE_S * crates, SETUP_S)
            stops.append(AnnouncedStop(f"{name}.{number}", visit, (-crates, 0, -8 * crates)))
            clock_s += slack_s + visit.service_s + SETUP_S
            own += crates
        closes_s = clock_s + seconds[way[-1]][home] + LATER_S
        announced_m = sum(metres[a][b] for a, b in pairwise([*way, home]))
        return Vehicle(
            id=name,
            start=home,
            end=home,
            capacity=(60, self.random.choice((0, 0, 12)), 800),
            shift=Window(leaves_s - EARLIER_S, closes_s),
            initial_load=(own, 0, 8 * own),
            announced=tuple(stops),
            longest_m=announced_m + self.random.randint(*DETOUR_M),
            cents_per_km=40,
            cents_per_hour=1_500,
        )
