"""Turn restrictions of OpenStreetMap, told as arcs that may not follow one another."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import atan2, cos, degrees, radians

from geodata.access import directions
from geodata.survey import BarredTurn, Point, Street, Tags

OTHERS = {"restriction:bicycle": frozenset({"motorcar", "motor_vehicle"}),
          "restriction:motorcar": frozenset({"bicycle"}),
          "restriction:motor_vehicle": frozenset({"bicycle"})}  # fmt: skip
"""Restrictions for one kind of vehicle, told as one for all that exempts the others."""

VIA_STREETS_LIMIT = 40
"""No restriction goes by way of more streets than this; a longer one is drawn badly."""

BENDS = {"left_turn": (25, 180), "right_turn": (-180, -25), "straight_on": (-60, 60)}
"""Between what angles, in degrees to the left, a turn bears its name."""


@dataclass(frozen=True)
class Restriction:
    """Hold one relation: its value (``no_left_turn`` …), its ways, what lies between, who is exempt."""

    value: str
    from_ways: tuple[int, ...]
    to_ways: tuple[int, ...]
    via_nodes: tuple[int, ...]
    via_ways: tuple[int, ...] = ()
    exempt: frozenset[str] = frozenset()

    @property
    def understood(self) -> bool:
        """Tell whether it is drawn as the rules of OpenStreetMap ask."""
        by_node = len(self.via_nodes) == 1 and not self.via_ways
        by_ways = bool(self.via_ways) and not self.via_nodes
        ends = bool(self.from_ways and self.to_ways)
        return ends and (by_node or by_ways) and self.value.startswith(("no_", "only_"))


def restriction_of(tags: Tags, members: Iterable[tuple[str, str, int]]) -> Restriction | None:
    """
    Return what a relation forbids, or ``None`` where it forbids nothing to the vehicles we know.

    Members are (role, type, id). A restriction that holds only at certain hours comes back
    with an empty value: it is counted, not applied. One for lorries is none.
    """
    key = next((key for key in ("restriction", *OTHERS) if key in tags), "")
    if not key and "restriction:conditional" not in tags:
        return None
    ids: dict[tuple[str, str], list[int]] = defaultdict(list)
    for role, kind, member in members:
        ids[role, kind].append(member)
    exceptions = {word.strip() for word in tags.get("except", "").split(";")} - {""}
    return Restriction(
        value=tags.get(key, ""),
        from_ways=tuple(ids["from", "w"]),
        to_ways=tuple(ids["to", "w"]),
        via_nodes=tuple(ids["via", "n"]),
        via_ways=tuple(ids["via", "w"]),
        exempt=OTHERS.get(key, frozenset()) | exceptions,
    )


@dataclass(frozen=True)
class Crossings:
    """Hold the arcs of the ways that restrictions name, and all arcs that leave the junctions of those."""

    streets: Sequence[Street]
    traits: Sequence[Tags]
    of_way: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    leaving: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    def tail(self, arc: int) -> int:
        """Return the junction where an arc begins."""
        street = self.streets[arc >> 1]
        return street.head if arc & 1 else street.tail

    def head(self, arc: int) -> int:
        """Return the junction where an arc ends."""
        return self.tail(arc ^ 1)

    def driven(self, arc: int) -> bool:
        """Tell whether the street's own one-way, for all vehicles, runs along the arc."""
        return directions(self.traits[self.streets[arc >> 1].traits])[arc & 1]

    def bend(self, arc_in: int, arc_out: int) -> float:
        """Return by how many degrees one turns to the left, from -180 to 180."""
        first, second = self._line(arc_in)[-2:], self._line(arc_out)[:2]
        turn = _bearing(*second) - _bearing(*first)
        return (turn + 180) % 360 - 180

    def _line(self, arc: int) -> tuple[Point, ...]:
        points = self.streets[arc >> 1].points
        return points[::-1] if arc & 1 else points


def barred_turns(
    restrictions: Sequence[Restriction],
    streets: Sequence[Street],
    ways: Sequence[int],
    traits: Sequence[Tags],
) -> tuple[tuple[BarredTurn, ...], int]:
    """
    Return the barred runs of arcs, and how many restrictions were left out.

    ``ways`` names the way that each street was cut from. Where a way runs on through the
    junction, its one-way or the name of the turn tells which side is meant; where they do
    not, the restriction is left out. One about ways that the survey does not hold bars nothing.
    """
    crossings = _crossings(restrictions, streets, ways, traits)
    barred: dict[BarredTurn, None] = {}
    left_out = 0
    for restriction in restrictions:
        runs = _runs(restriction, crossings) if restriction.understood else None
        left_out += runs is None
        barred.update(dict.fromkeys(BarredTurn(run, restriction.exempt) for run in runs or ()))
    return tuple(barred), left_out


def _crossings(
    restrictions: Sequence[Restriction],
    streets: Sequence[Street],
    ways: Sequence[int],
    traits: Sequence[Tags],
) -> Crossings:
    named = {way for one in restrictions for way in (*one.from_ways, *one.to_ways, *one.via_ways)}
    crossings = Crossings(streets, traits)
    junctions: set[int] = set()
    for at, way in enumerate(ways):
        if way in named:
            crossings.of_way[way] += [2 * at, 2 * at + 1]
            junctions |= {streets[at].tail, streets[at].head}
    for at, street in enumerate(streets):
        for arc, tail in ((2 * at, street.tail), (2 * at + 1, street.head)):
            if tail in junctions:
                crossings.leaving[tail].append(arc)
    return crossings


def _runs(restriction: Restriction, crossings: Crossings) -> list[tuple[int, ...]] | None:
    """Return the runs of arcs that are barred, or ``None`` where the drawing leaves it open."""
    runs: list[tuple[int, ...]] = []
    for way_from, way_to in product(restriction.from_ways, restriction.to_ways):
        drawn = _drawn(restriction, crossings, way_from, way_to)
        meant = _clear(restriction, crossings, drawn)
        if meant is None:
            return None
        runs += meant
    if not runs and {*restriction.from_ways, *restriction.to_ways} <= crossings.of_way.keys():
        return None
    if not restriction.value.startswith("only_"):
        return runs
    kept = set(runs)
    every = ((*run[:-1], arc) for run in runs for arc in crossings.leaving[crossings.head(run[-2])])
    return [run for run in dict.fromkeys(every) if run not in kept]


def _drawn(
    restriction: Restriction, crossings: Crossings, way_from: int, way_to: int
) -> list[tuple[int, ...]]:
    """Return every run from one way to another that passes the node, or the ways between, whole."""
    goes = crossings.of_way.get(way_to, [])
    if restriction.via_nodes:
        node = restriction.via_nodes[0]
        comes = [arc for arc in crossings.of_way.get(way_from, []) if crossings.head(arc) == node]
        return [(come, go) for come in comes for go in goes if crossings.tail(go) == node]
    between = [arc for way in restriction.via_ways for arc in crossings.of_way.get(way, [])]
    if len(between) > 2 * VIA_STREETS_LIMIT:
        return []
    return [
        run
        for come in crossings.of_way.get(way_from, [])
        for run in _by_ways((come,), between, goes, crossings, set(restriction.via_ways))
    ]


def _by_ways(
    run: tuple[int, ...], between: list[int], goes: list[int], crossings: Crossings, waiting: set[int]
) -> Iterator[tuple[int, ...]]:
    here = crossings.head(run[-1])
    if len(run) > 1 and all(any(arc in run for arc in crossings.of_way.get(way, ())) for way in waiting):
        yield from ((*run, go) for go in goes if crossings.tail(go) == here and go >> 1 != run[-1] >> 1)
    passed = {arc >> 1 for arc in run}
    for arc in between:
        if crossings.tail(arc) == here and arc >> 1 not in passed:
            yield from _by_ways((*run, arc), between, goes, crossings, waiting)


def _clear(
    restriction: Restriction, crossings: Crossings, drawn: list[tuple[int, ...]]
) -> list[tuple[int, ...]] | None:
    """Return the one run that is meant; all u-turns of one way; ``None`` where several are as likely."""
    turn = restriction.value.partition("_")[2]
    if turn == "u_turn" and restriction.via_nodes and restriction.from_ways == restriction.to_ways:
        return [run for run in drawn if run[0] ^ 1 == run[1]]
    if len(drawn) > 1:
        drawn = [run for run in drawn if all(map(crossings.driven, run))] or drawn
    if len(drawn) > 1 and turn in BENDS and restriction.via_nodes:
        low, high = BENDS[turn]
        drawn = [run for run in drawn if low <= crossings.bend(*run) <= high] or drawn
    return drawn if len(drawn) <= 1 else None


def _bearing(start: Point, end: Point) -> float:
    """Return the angle of a short line, degrees to the left of the east."""
    east = (end[1] - start[1]) * cos(radians(start[0]))
    return degrees(atan2(end[0] - start[0], east))
