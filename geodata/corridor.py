"""
Corridor search: which of many announced trips could carry a shipment, and what that would cost on the road.

Every trip is judged twice by the same sum, the cheapest way to fit a pickup and a later drop between its
stops. First with the straight line at the highest speed of the whole network, which no road can beat, so a
trip that fails then would fail on the road: nothing is lost. What is left is judged by the fastest ways.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from geodata.climbing import Doors, costs_of_many
from geodata.compiling import compiled
from geodata.cost import MILLISECOND, NEVER, Costs, costs
from geodata.doors import Ends, along_one_edge, arrivals, departures, ends_of, same_place
from geodata.edges import Ints
from geodata.roads import RoadNetwork
from geodata.snapping import Floats, Snap

ROUNDING_S = 0.003
"""What rounding may take off a way at its two ends; whole arcs are rounded up."""

Around = tuple[Costs, Costs, Costs, Costs]
"""From each stop to the pickup, on from the pickup to each stop, to the drop, on from the drop."""


@dataclass(frozen=True)
class Announced:
    """Hold what a trip promises: its stops in their order, and the detour its owner allows beyond them."""

    stops: tuple[Snap, ...]
    detour_s: int


@dataclass(frozen=True)
class Match:
    """
    Hold a trip that could carry a shipment: after which of its stops it collects and delivers.

    ``detour_s`` and ``detour_m`` are what is driven beyond the announced way. Both may be negative, where
    turning round at a stop saves a way round.
    """

    trip: int
    pickup_leg: int
    drop_leg: int
    detour_s: int
    detour_m: int


@dataclass(frozen=True, eq=False)
class Corridor:
    """
    Hold many announced trips on one network, laid out so that all are judged at once.

    The stops of trip ``t`` are rows ``start[t]`` to ``start[t + 1]`` of ``stops``; ``leg`` is the cost of
    driving on from each stop to the next, ``limit_s`` the detour that each trip allows.
    """

    network: RoadNetwork
    stops: Ends
    start: Ints
    leg: Costs
    limit_s: Ints

    def matches(self, pickup: Snap, drop: Snap) -> tuple[Match, ...]:
        """
        Return every trip that could carry goods from one place to another within its detour, the least first.

        Takes some 20 ms for 100,000 trips over a French region.
        """
        both = ends_of([pickup, drop], self.network.map)
        inside = self.network.ways(both.only(np.array([0])), both.only(np.array([1])))[0, 0]
        detour, _, _ = _best_detours(self.start, self.leg, *self._bounds(both), inside)
        possible = np.flatnonzero(_seconds(detour) <= self.limit_s)
        return self.only(possible).judged(possible, both, inside) if len(possible) else ()

    def exhaustive(self, pickup: Snap, drop: Snap) -> tuple[int, ...]:
        """Return the same trips by judging every one on the road: what ``matches`` is measured against."""
        both = ends_of([pickup, drop], self.network.map)
        inside = self.network.ways(both.only(np.array([0])), both.only(np.array([1])))[0, 0]
        judged = self.judged(np.arange(len(self.limit_s)), both, inside)
        return tuple(sorted(match.trip for match in judged))

    def judged(self, trips: Ints, both: Ends, inside: int) -> tuple[Match, ...]:
        """Judge all by the fastest ways; ``trips`` are the numbers they go by."""
        detour, pickup_leg, drop_leg = _best_detours(self.start, self.leg, *self.around(both), inside)
        good = np.flatnonzero(_seconds(detour) <= self.limit_s)
        rows = (trips[good], pickup_leg[good], drop_leg[good], _seconds(detour)[good], _metres(detour)[good])
        found = [Match(*row) for row in zip(*(column.tolist() for column in rows), strict=True)]
        return tuple(sorted(found, key=lambda match: (match.detour_s, match.trip)))

    def around(self, both: Ends) -> Around:
        """Return the fastest ways between every stop and the two ends of a shipment."""
        roads, driving = self.network.map, self.network.driving
        towards = costs_of_many(driving.slopes, arrivals(both, roads, driving), towards=True)
        onward = costs_of_many(driving.slopes, departures(both, roads, driving), towards=False)
        leaving, reached = self._doors
        ways = []
        for at in (0, 1):
            end = both.only(np.array([at]))
            straight = (
                along_one_edge(self.stops, end, driving)[:, 0],
                along_one_edge(end, self.stops, driving)[0],
            )
            round_about = _least(towards[:, at], leaving), _least(onward[:, at], reached)
            off_road = self.stops.off_road() + end.off_road()[0]
            apart = ~same_place(self.stops, end)[:, 0]
            both_ways = zip(round_about, straight, strict=True)
            ways += [np.where(apart, np.minimum(*pair) + off_road, 0) for pair in both_ways]
        return ways[0], ways[1], ways[2], ways[3]

    @cached_property
    def _doors(self) -> tuple[Doors, Doors]:
        roads, driving = self.network.map, self.network.driving
        return departures(self.stops, roads, driving), arrivals(self.stops, roads, driving)

    @cached_property
    def _in_space(self) -> Floats:
        return self.stops.in_space()

    @cached_property
    def _fastest(self) -> float:
        """Return the highest speed on any arc, in metres per second."""
        driving = self.network.driving
        return float((driving.arc_m / driving.arc_s).max())

    def _bounds(self, both: Ends) -> Around:
        """Return costs that no way between a stop and the two ends can undercut."""
        least = []
        for point in both.in_space():
            straight_m = np.sqrt(((self._in_space - point) ** 2).sum(axis=1))
            least_s = np.maximum(straight_m / self._fastest - ROUNDING_S, 0)
            least.append(costs(np.floor(least_s * 1000) / 1000, np.zeros(len(least_s))))
        return least[0], least[0], least[1], least[1]

    def only(self, trips: Ints) -> "Corridor":
        sizes = np.diff(self.start)[trips]
        start = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        rows = np.repeat(self.start[trips], sizes) + np.arange(start[-1]) - np.repeat(start[:-1], sizes)
        return replace(
            self, stops=self.stops.only(rows), start=start, leg=self.leg[rows], limit_s=self.limit_s[trips]
        )


def corridor_of(trips: Sequence[Announced], network: RoadNetwork) -> Corridor:
    """
    Lay announced trips out for corridor search; each has at least two stops.

    Measures every leg once: about a minute for 100,000 trips.
    """
    if any(len(trip.stops) < 2 for trip in trips):
        raise ValueError("An announced trip has at least two stops.")
    stops = ends_of([stop for trip in trips for stop in trip.stops], network.map)
    start = np.concatenate([[0], np.cumsum([len(trip.stops) for trip in trips])]).astype(np.int64)
    last = start[1:] - 1
    here = np.delete(np.arange(stops.count), last)
    leg = np.zeros(stops.count, dtype=np.int64)
    leg[here] = network.ways_in_pairs(stops.only(here), stops.only(here + 1))
    limit_s = np.array([trip.detour_s for trip in trips], dtype=np.int64)
    return Corridor(network, stops, start, leg, limit_s)


def _seconds(detour: Costs) -> Ints:
    """Return the seconds of a difference of costs, whose metres may be negative; to the nearest whole."""
    return (((detour + MILLISECOND // 2) >> 32) + 500) // 1000


def _metres(detour: Costs) -> Ints:
    centimetres = detour - (((detour + MILLISECOND // 2) >> 32) << 32)
    return (centimetres + 50) // 100


def _least(cost: Costs, doors: Doors) -> Costs:
    """Return the cheapest of the doors of each place."""
    whole = np.minimum(cost[doors.state] + doors.cost, NEVER)
    found = np.full(doors.count, NEVER, dtype=np.int64)
    owners = np.flatnonzero(np.diff(doors.start))
    found[owners] = np.minimum.reduceat(whole, doors.start[owners])
    return found


@compiled
def _best_detours(
    start: Ints,
    leg: Costs,
    to_pickup: Costs,
    from_pickup: Costs,
    to_drop: Costs,
    from_drop: Costs,
    inside: int,
) -> tuple[Costs, Ints, Ints]:
    """
    Find for each trip the cheapest place of a pickup and of a drop at or after it.

    Both on one leg, the goods ride straight from one to the other; on two legs each is a detour of its own.
    """
    trips = len(start) - 1
    best = np.full(trips, NEVER, np.int64)
    pickup_leg, drop_leg = np.zeros(trips, np.int64), np.zeros(trips, np.int64)
    for trip in range(trips):
        earlier, earlier_leg = NEVER, 0
        for stop in range(start[trip], start[trip + 1] - 1):
            nth = stop - start[trip]
            together = to_pickup[stop] + inside + from_drop[stop + 1] - leg[stop]
            if together < best[trip]:
                best[trip], pickup_leg[trip], drop_leg[trip] = together, nth, nth
            apart = earlier + to_drop[stop] + from_drop[stop + 1] - leg[stop]
            if apart < best[trip]:
                best[trip], pickup_leg[trip], drop_leg[trip] = apart, earlier_leg, nth
            collected = to_pickup[stop] + from_pickup[stop + 1] - leg[stop]
            if collected < earlier:
                earlier, earlier_leg = collected, nth
    return best, pickup_leg, drop_leg
