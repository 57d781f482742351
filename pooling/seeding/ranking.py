"""
Who buys and who sells most nearby: the order in which the shops of an area, and its producers, are asked.

Only what is local counts: a link longer than ``LOCAL_WITHIN`` by crow is left out and counted apart.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from geodata.place import Place, crow_distance_m
from pooling.figures import LOCAL_WITHIN
from pooling.seeding.flow import Flow


@dataclass(frozen=True)
class Partner:
    """Hold whom somebody works with, and how many crates a week go between them."""

    name: str
    crates: int


@dataclass(frozen=True)
class Ranked:
    """
    Hold one buyer or producer in its rank: crates a week, links, and whom it works with, most first.

    ``assumed`` counts the links whose volume is the default, not a figure of theirs.
    """

    rank: int
    name: str
    place: Place
    area: str
    crates: int
    links: int
    assumed: int
    partners: tuple[Partner, ...]


AreaOf = Callable[[Place], str]
"""Name the area in which a place lies."""


def is_local(flow: Flow) -> bool:
    """Tell whether a link is short enough to ride on a tour of a day."""
    return crow_distance_m(flow.producer, flow.buyer) <= LOCAL_WITHIN.value


def rank_buyers(flows: Iterable[Flow], area_of: AreaOf, area: str = "") -> tuple[Ranked, ...]:
    """Rank who buys local: by crates a week, then by the number of producers, then by name."""
    return _ranked(flows, area_of, area, lambda flow: (flow.buyer, flow.producer))


def rank_producers(flows: Iterable[Flow], area_of: AreaOf, area: str = "") -> tuple[Ranked, ...]:
    """Rank who sells local: by crates a week, then by the number of buyers, then by name."""
    return _ranked(flows, area_of, area, lambda flow: (flow.producer, flow.buyer))


def areas(ranked: Sequence[Ranked]) -> tuple[tuple[str, int], ...]:
    """Return the areas of a ranking with their crates a week, most first."""
    crates: dict[str, int] = {}
    for one in ranked:
        crates[one.area] = crates.get(one.area, 0) + one.crates
    return tuple(sorted(crates.items(), key=lambda pair: (-pair[1], pair[0])))


def _ranked(
    flows: Iterable[Flow], area_of: AreaOf, area: str, ends: Callable[[Flow], tuple[Place, Place]]
) -> tuple[Ranked, ...]:
    grouped: dict[Place, list[Flow]] = {}
    for flow in flows:
        if is_local(flow):
            grouped.setdefault(ends(flow)[0], []).append(flow)
    found = []
    for place, group in grouped.items():
        lies_in = area_of(place)
        if area and lies_in != area:
            continue
        crates: dict[str, int] = {}
        for flow in group:
            partner = ends(flow)[1].name
            crates[partner] = crates.get(partner, 0) + flow.crates
        most_first = sorted(crates.items(), key=lambda pair: (-pair[1], pair[0]))
        partners = tuple(Partner(name, count) for name, count in most_first)
        assumed = sum(1 for flow in group if flow.basis == "default")
        total = sum(flow.crates for flow in group)
        found.append(Ranked(0, place.name, place, lies_in, total, len(group), assumed, partners))
    found.sort(key=lambda one: (-one.crates, -len(one.partners), one.name, one.place.lat, one.place.lon))
    return tuple(
        Ranked(at, one.name, one.place, one.area, one.crates, one.links, one.assumed, one.partners)
        for at, one in enumerate(found, start=1)
    )
