"""
Corridor search: which of many announced trips could carry a shipment, and what that would cost on the road.

Every trip is judged twice by the same sum, the cheapest way to fit a pickup and a later drop between its
stops. First with the straight line at the highest speed of the whole network, which no road can beat, so a
trip that fails then would fail on the road: nothing is lost. What is left is judged by the fastest ways.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from geodata.climbing import Descent, Doors, costs_of_two_within, descent_of
from geodata.compiling import compiled
from geodata.cost import MILLISECOND, NEVER, Costs
from geodata.customising import Columns
from geodata.doors import OFF_ROAD_KMH, Ends, along_one_edge, arrivals, departures, ends_of
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


class Match(NamedTuple):
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

        Takes some 40 ms for 100,000 trips over a French region.
        """
        return self.matches_with_ways(pickup, drop)[0]

    def matches_with_ways(self, pickup: Snap, drop: Snap) -> tuple[tuple[Match, ...], Around]:
        """Return the same, and the fastest ways between the stops of these trips and the two places."""
        both, inside = self._asked(pickup, drop)
        everything = np.arange(len(self.limit_s))
        detour, _, _ = _best_detours(everything, self.start, self.leg, *self._bounds(both), inside)
        return self._judged(np.flatnonzero(_seconds(detour) <= self.limit_s), both, inside)

    def exhaustive(self, pickup: Snap, drop: Snap) -> tuple[Match, ...]:
        """Return the same by judging every trip on the road: what ``matches`` is measured against."""
        return self._judged(np.arange(len(self.limit_s)), *self._asked(pickup, drop))[0]

    def rows(self, trip: int) -> range:
        """Return the rows of a trip's stops, in their order, for what is told by rows."""
        return range(int(self.start[trip]), int(self.start[trip + 1]))

    def _asked(self, pickup: Snap, drop: Snap) -> tuple[Ends, int]:
        both = ends_of([pickup, drop], self.network.map)
        return both, int(self.network.ways_in_pairs(both.only(np.array([0])), both.only(np.array([1])))[0])

    def _judged(self, trips: Ints, both: Ends, inside: int) -> tuple[tuple[Match, ...], Around]:
        """Judge some trips by the fastest ways."""
        if not len(trips):
            nothing = np.empty(0, dtype=np.int64)
            return (), (nothing, nothing, nothing, nothing)
        around = self._around(trips, both)
        detour, pickup_leg, drop_leg = _best_detours(trips, self.start, self.leg, *around, inside)
        good = np.flatnonzero(_seconds(detour) <= self.limit_s[trips])
        good = good[np.lexsort((trips[good], _seconds(detour)[good]))]
        rows = (trips[good], pickup_leg[good], drop_leg[good], _seconds(detour)[good], _metres(detour)[good])
        found = tuple(map(Match._make, zip(*(column.tolist() for column in rows), strict=True)))
        return found, around

    def _around(self, trips: Ints, both: Ends) -> Around:
        """Return the fastest ways between the stops of some trips and the two ends of a shipment."""
        roads, driving = self.network.map, self.network.driving
        (leaving, up), (reached, down) = self._doors
        towards = costs_of_two_within(driving.slopes, arrivals(both, roads, driving), up, towards=True)
        onward = costs_of_two_within(driving.slopes, departures(both, roads, driving), down, towards=False)
        ways = []
        for lane in (0, 1):
            for cost, doors in ((towards, leaving), (onward, reached)):
                way = np.empty(self.stops.count, dtype=np.int64)
                _least(trips, self.start, doors.columns, cost, lane, way)
                ways.append(way + self._off_road + both.off_road()[lane])
            self._near(both.only(np.array([lane])), *ways[-2:])
        return ways[0], ways[1], ways[2], ways[3]

    def _near(self, end: Ends, to_end: Costs, from_end: Costs) -> None:
        """Mend the ways of stops that lie on the same edge as the end, or are the same place."""
        (lat, lon), (edge,) = end.point[0].tolist(), end.edge.tolist()
        here = (self._lat == lat) & (self._lon == lon)
        to_end[here] = from_end[here] = 0
        rows = np.flatnonzero((self.stops.edge == edge) & ~here)
        if not len(rows):
            return
        stops, driving = self.stops.only(rows), self.network.driving
        off_road = self._off_road[rows] + end.off_road()[0]
        straight = along_one_edge(stops, end, driving)[:, 0], along_one_edge(end, stops, driving)[0]
        for way, direct in zip((to_end, from_end), straight, strict=True):
            way[rows] = np.minimum(way[rows], direct + off_road)

    @cached_property
    def _doors(self) -> tuple[tuple[Doors, Descent], tuple[Doors, Descent]]:
        """Return by which rows of a descent the stops are left, and by which they are reached."""
        roads, driving = self.network.map, self.network.driving
        leaving = departures(self.stops, roads, driving)
        reached = arrivals(self.stops, roads, driving)
        up = descent_of(driving.slopes, leaving.state, towards=True)
        down = descent_of(driving.slopes, reached.state, towards=False)
        return (_on_rows(leaving, up), up), (_on_rows(reached, down), down)

    @cached_property
    def _off_road(self) -> Costs:
        return self.stops.off_road()

    @cached_property
    def _lat(self) -> Floats:
        return np.ascontiguousarray(self.stops.point[:, 0])

    @cached_property
    def _lon(self) -> Floats:
        return np.ascontiguousarray(self.stops.point[:, 1])

    @cached_property
    def _in_space(self) -> Floats:
        return self.stops.in_space()

    @cached_property
    def _fastest(self) -> float:
        """Return the highest speed on any arc or beside the road, in metres per second."""
        driving = self.network.driving
        return max(float((driving.arc_m / driving.arc_s).max()), OFF_ROAD_KMH / 3.6)

    def _bounds(self, both: Ends) -> Around:
        """Return costs that no way between a stop and the two ends can undercut."""
        least = [_straight(self._in_space, point, self._fastest) for point in both.in_space()]
        return least[0], least[0], least[1], least[1]


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


def _on_rows(doors: Doors, descent: Descent) -> Doors:
    """Return doors that name the rows of a descent instead of states."""
    return Doors(doors.start, descent[0][doors.state], doors.cost)


def _seconds(detour: Costs) -> Ints:
    """Return the seconds of a difference of costs, whose metres may be negative; to the nearest whole."""
    return (((detour + MILLISECOND // 2) >> 32) + 500) // 1000


def _metres(detour: Costs) -> Ints:
    centimetres = detour - (((detour + MILLISECOND // 2) >> 32) << 32)
    return (centimetres + 50) // 100


@compiled
def _straight(in_space: Floats, point: Floats, fastest: float) -> Costs:
    """Return what a straight line to a point would cost at a speed in metres per second."""
    least = np.empty(len(in_space), np.int64)
    for row in range(len(least)):
        square = 0.0
        for axis in range(3):
            square += (in_space[row, axis] - point[axis]) ** 2
        seconds = np.sqrt(square) / fastest - ROUNDING_S
        least[row] = np.int64(max(seconds, 0.0) * 1000) * MILLISECOND
    return least


@compiled
def _least(trips: Ints, start: Ints, doors: Columns, cost: Costs, lane: int, way: Costs) -> None:
    """Write the cheapest of the doors of each stop of some trips."""
    door_start, door_state, door_cost = doors
    for trip in trips:
        for stop in range(start[trip], start[trip + 1]):
            best = NEVER
            for at in range(door_start[stop], door_start[stop + 1]):
                best = min(best, cost[door_state[at], lane] + door_cost[at])
            way[stop] = best


@compiled
def _best_detours(
    trips: Ints,
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
    best = np.full(len(trips), NEVER, np.int64)
    pickup_leg, drop_leg = np.zeros(len(trips), np.int64), np.zeros(len(trips), np.int64)
    for row in range(len(trips)):
        trip = trips[row]
        earlier, earlier_leg = NEVER, 0
        for stop in range(start[trip], start[trip + 1] - 1):
            nth = stop - start[trip]
            together = to_pickup[stop] + inside + from_drop[stop + 1] - leg[stop]
            if together < best[row]:
                best[row], pickup_leg[row], drop_leg[row] = together, nth, nth
            apart = earlier + to_drop[stop] + from_drop[stop + 1] - leg[stop]
            if apart < best[row]:
                best[row], pickup_leg[row], drop_leg[row] = apart, earlier_leg, nth
            collected = to_pickup[stop] + from_pickup[stop + 1] - leg[stop]
            if collected < earlier:
                earlier, earlier_leg = collected, nth
    return best, pickup_leg, drop_leg
