"""Turn restrictions of OpenStreetMap, told as pairs of arcs that may not follow one another."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from geodata.survey import Street

EXEMPT = frozenset({"motorcar", "motor_vehicle", "vehicle", "goods", "delivery"})
"""Words in ``except`` that free a small van."""


@dataclass(frozen=True)
class Restriction:
    """Hold one relation: its value (``no_left_turn`` …), its ways, and the node or ways between them."""

    value: str
    from_ways: tuple[int, ...]
    to_ways: tuple[int, ...]
    via_nodes: tuple[int, ...]
    via_ways: tuple[int, ...] = ()

    @property
    def understood(self) -> bool:
        plain = len(self.via_nodes) == 1 and not self.via_ways and bool(self.from_ways and self.to_ways)
        return plain and self.value.startswith(("no_", "only_"))


def restriction_of(tags: Mapping[str, str], members: Iterable[tuple[str, str, int]]) -> Restriction | None:
    """
    Return what a relation forbids a small van, or ``None`` where it does not concern it.

    Members are (role, type, id). A restriction that holds only at certain hours comes back
    with an empty value: it is counted, not applied.
    """
    if EXEMPT & set(tags.get("except", "").replace(" ", "").split(";")):
        return None
    if "restriction" not in tags and "restriction:conditional" not in tags:
        return None
    ids: dict[tuple[str, str], list[int]] = defaultdict(list)
    for role, kind, member in members:
        ids[role, kind].append(member)
    return Restriction(
        value=tags.get("restriction", ""),
        from_ways=tuple(ids["from", "w"]),
        to_ways=tuple(ids["to", "w"]),
        via_nodes=tuple(ids["via", "n"]),
        via_ways=tuple(ids["via", "w"]),
    )


@dataclass(frozen=True)
class Crossings:
    """Hold, for junctions with a restriction, which arcs come in and go out, and on which way."""

    inward: dict[tuple[int, int], list[int]] = field(default_factory=lambda: defaultdict(list))
    outward: dict[tuple[int, int], list[int]] = field(default_factory=lambda: defaultdict(list))
    leaving: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    def add(self, way: int, arc: int, tail: int, head: int) -> None:
        self.inward[way, head].append(arc)
        self.outward[way, tail].append(arc)
        self.leaving[tail].append(arc)


def barred_turns(
    restrictions: Sequence[Restriction], streets: Sequence[Street], ways: Sequence[int]
) -> tuple[frozenset[tuple[int, int]], int]:
    """
    Return the barred pairs of arcs, and how many restrictions were left out.

    ``ways`` names the way that each street was cut from. A restriction whose way runs on
    through the node is ambiguous and left out; one about a way that we may not enter anyway has
    nothing to bar.
    """
    crossings = _crossings(restrictions, streets, ways)
    barred: set[tuple[int, int]] = set()
    left_out = 0
    for restriction in restrictions:
        pairs = _pairs(restriction, crossings) if restriction.understood else None
        left_out += pairs is None
        barred.update(pairs or ())
    return frozenset(barred), left_out


def _crossings(
    restrictions: Sequence[Restriction], streets: Sequence[Street], ways: Sequence[int]
) -> Crossings:
    nodes = {node for restriction in restrictions for node in restriction.via_nodes}
    crossings = Crossings()
    for at, (street, way) in enumerate(zip(streets, ways, strict=True)):
        if street.tail not in nodes and street.head not in nodes:
            continue
        if street.forward:
            crossings.add(way, 2 * at, street.tail, street.head)
        if street.backward:
            crossings.add(way, 2 * at + 1, street.head, street.tail)
    return crossings


def _pairs(restriction: Restriction, crossings: Crossings) -> set[tuple[int, int]] | None:
    via = restriction.via_nodes[0]
    coming = [crossings.inward.get((way, via), []) for way in restriction.from_ways]
    going = [crossings.outward.get((way, via), []) for way in restriction.to_ways]
    if any(len(arcs) > 1 for arcs in (*coming, *going)):
        return None
    comes = {arc for arcs in coming for arc in arcs}
    goes = {arc for arcs in going for arc in arcs}
    if restriction.value.startswith("only_"):
        goes = set(crossings.leaving[via]) - goes if goes else set()
    return {(arc_in, arc_out) for arc_in in comes for arc_out in goes}
