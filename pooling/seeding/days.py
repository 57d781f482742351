"""
On which day each producer's links ride: the weekday that is known, or else the day of its side of the town.

A producer stays whole: all its free links ride on one day. So its day alone is the one it would drive
without us, and no saving comes from having cut that day in pieces.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import atan2, cos, radians

from geodata.place import Place
from pooling.seeding.flow import Flow


def by_day(flows: Sequence[Flow], days: Sequence[int]) -> dict[int, tuple[Flow, ...]]:
    """
    Put flows on weekdays: a known weekday stands, the rest goes around the middle like a hand of a clock.

    The sweep (Gillett and Miller 1974) gives each day about as many crates, neighbours the same day.
    """
    known = [flow for flow in flows if flow.weekday is not None]
    free: dict[Place, list[Flow]] = {}
    for flow in flows:
        if flow.weekday is None:
            free.setdefault(flow.producer, []).append(flow)
    crates = dict.fromkeys(days, 0)
    for flow in known:
        crates[flow.weekday or 0] = crates.get(flow.weekday or 0, 0) + flow.crates
    placed: dict[int, list[Flow]] = {day: [] for day in sorted(crates)}
    for flow in known:
        placed[flow.weekday or 0].append(flow)
    for day, producers in _swept(free, {day: crates[day] for day in days}).items():
        for producer in producers:
            placed[day] += free[producer]
    return {day: tuple(group) for day, group in placed.items() if group}


def _swept(free: Mapping[Place, Sequence[Flow]], crates: Mapping[int, int]) -> dict[int, list[Place]]:
    """Cut the producers, in the order of their angle, into days that carry about as much."""
    order = sorted(free, key=lambda one: (_angle(free, one), one.name, one.lat, one.lon))
    share = (sum(crates.values()) + sum(_crates(free[one]) for one in order)) / max(1, len(crates))
    days: dict[int, list[Place]] = {day: [] for day in crates}
    waiting = sorted(crates)
    filled = float(crates[waiting[0]]) if waiting else 0.0
    for producer in order:
        mine = _crates(free[producer])
        while len(waiting) > 1 and filled + mine / 2 > share:
            waiting.pop(0)
            filled = float(crates[waiting[0]])
        days[waiting[0]].append(producer)
        filled += mine
    return days


def _crates(flows: Iterable[Flow]) -> int:
    return sum(flow.crates for flow in flows)


def _angle(free: Mapping[Place, Sequence[Flow]], producer: Place) -> float:
    """Return where the middle of a producer's links lies, seen from the middle of all."""
    everywhere = [place for group in free.values() for flow in group for place in (flow.producer, flow.buyer)]
    middle, own = _middle(everywhere), _middle([producer, *(flow.buyer for flow in free[producer])])
    return atan2(own[0] - middle[0], (own[1] - middle[1]) * cos(radians(middle[0])))


def _middle(places: Sequence[Place]) -> tuple[float, float]:
    lat = sum(place.lat for place in places) / len(places)
    return lat, sum(place.lon for place in places) / len(places)
