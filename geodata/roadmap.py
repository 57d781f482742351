"""The roads of a region for every kind of vehicle: edges, states and steps, and the order that tames them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from geodata.edges import Edges, Flags, Ints, Small
from geodata.hierarchy import Hierarchy
from geodata.states import Bans, States
from geodata.survey import Tags


@dataclass(frozen=True, eq=False)
class RoadMap:
    """
    Hold all that the map says of roads. Immutable; every vehicle's network is a view of it.

    ``traits`` are the combinations of tags that edges name by their row; ``barrier`` is the row of
    ``barriers`` that stands at a junction, or -1.
    """

    edges: Edges
    states: States
    bans: Bans
    hierarchy: Hierarchy
    traits: tuple[Tags, ...]
    names: tuple[str, ...]
    barrier: Small
    barriers: tuple[Tags, ...]
    country: str

    @cached_property
    def class_of_traits(self) -> tuple[str, ...]:
        return tuple(road_class(tags) for tags in self.traits)

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """Return south, west, north, east in degrees."""
        (south, west), (north, east) = self.edges.points.min(axis=0), self.edges.points.max(axis=0)
        return float(south), float(west), float(north), float(east)

    def by_edge(self, of_traits: Sequence[float] | Sequence[bool]) -> Ints | Flags:
        """Spread what is known of each combination of tags over the edges."""
        spread: Ints = np.asarray(of_traits)[self.edges.traits]
        return spread


def road_class(tags: Tags) -> str:
    """Return what a map draws a way as."""
    return tags.get("highway", "ferry")
