"""What a map file says, before it is a network: streets between junctions, barriers, barred turns, places."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from geodata.gazetteer import NamedPlace

Point = tuple[float, float]
"""Latitude and longitude, in this order."""

Tags = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Street:
    """
    Hold one piece of road between two junctions, with its bends, ends included.

    Junctions are any whole numbers of the source; ``traits`` is a row of the survey's table of tags.
    """

    tail: int
    head: int
    points: tuple[Point, ...]
    traits: int
    name: str


@dataclass(frozen=True, slots=True)
class BarredTurn:
    """
    Hold arcs that may not be driven one right after the other: two at a junction, more by way of ways.

    ``exempt`` are the words of OpenStreetMap's ``except``: ``bicycle``, ``goods`` …
    """

    arcs: tuple[int, ...]
    exempt: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Survey:
    """
    Hold all that was read from one source, for every kind of vehicle.

    Street ``i`` is driven forward as arc ``2i`` and backward as arc ``2i + 1``; who may do so, and how
    fast, a profile says from its ``traits``: the tags that matter, each combination once. ``barriers``
    are the tags of junctions where something may stand in the way. ``turns_left_out`` counts
    restrictions that we do not understand. ``country`` is the ISO code whose legal speeds hold.
    """

    streets: tuple[Street, ...]
    traits: tuple[Tags, ...]
    barriers: Mapping[int, Tags] = field(default_factory=dict)
    barred: tuple[BarredTurn, ...] = ()
    places: tuple[NamedPlace, ...] = ()
    turns_left_out: int = 0
    country: str = "FR"
