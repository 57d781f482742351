"""What a map file says, before it is a network: streets between junctions, barred turns, named places."""

from dataclasses import dataclass

from geodata.gazetteer import NamedPlace

Point = tuple[float, float]
"""Latitude and longitude, in this order."""


@dataclass(frozen=True, slots=True)
class Street:
    """
    Hold one piece of road between two junctions, with its bends, ends included.

    Junctions are any whole numbers of the source. ``forward`` and ``backward`` tell in which
    senses one may drive; ``may_stop`` whether a delivery can be made there.
    """

    tail: int
    head: int
    points: tuple[Point, ...]
    forward: bool
    backward: bool
    road_class: str
    name: str
    speed_kmh: float
    speed_signed: bool
    may_stop: bool


@dataclass(frozen=True)
class Survey:
    """
    Hold all that was read from one source.

    Street ``i`` is driven forward as arc ``2i`` and backward as arc ``2i + 1``; ``barred_turns`` are
    pairs of such arcs that may not follow one another. ``drawn`` holds the roads as the source draws
    them, private ones too and as if nothing blocked them; empty where they are the same.
    ``turns_left_out`` counts restrictions that we do not understand (by way of another way, by
    hour, or badly drawn).
    """

    streets: tuple[Street, ...]
    drawn: tuple[Street, ...] = ()
    places: tuple[NamedPlace, ...] = ()
    barred_turns: frozenset[tuple[int, int]] = frozenset()
    turns_left_out: int = 0
