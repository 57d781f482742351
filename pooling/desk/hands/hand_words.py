"""What an operator asks of a tour by hand, and how it is written into the log of what was done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from pooling.desk.goods.shipments import must_run_forward
from pooling.phrases import Phrases, message
from pooling.tours.hand_breaks import HandUnsaid
from pooling.tours.hands import Figures
from pooling.tours.holds import Holds, holds_json, read_task, task_json
from routing.task import Task

Kind = Literal[
    "pin", "unpin", "lock", "unlock", "lock_first", "lock_hour", "move", "move_to", "split", "merge", "van"
]

HAND_WORDS: Mapping[str, str] = {
    "pin": message("pinned"),
    "unpin": message("pin taken out"),
    "lock": message("stop locked"),
    "unlock": message("lock taken off"),
    "lock_first": message("first stops locked"),
    "lock_hour": message("hour locked"),
    "move": message("stop moved"),
    "move_to": message("moved to another tour"),
    "split": message("tour split"),
    "merge": message("tours merged"),
    "van": message("van changed"),
    "undo": message("undone"),
}
PLANNED_WORDS = {
    "insertion": message("somebody joined or left"),
    "search": message("planned anew"),
}

NEEDS: Mapping[str, tuple[tuple[str, str], ...]] = {
    **dict.fromkeys(("pin", "unpin", "lock", "unlock", "move"), (("shipment_id", message("shipment")),)),
    "lock_hour": (("shipment_id", message("shipment")), ("from_at", message("hour"))),
    "move_to": (("shipment_id", message("shipment")), ("other_tour_id", message("tour"))),
    "merge": (("other_tour_id", message("tour")),),
}
"""What each kind must say, with the word for it."""


@dataclass(frozen=True)
class HandWords:
    """
    Hold what is asked: of a shipment (``pin``, ``unpin``, ``move_to``), of one visit (``lock``, ``unlock``,
    ``lock_hour``, ``move``), of the first visits (``lock_first``), of whole tours (``split``, ``merge``,
    ``van``).

    ``place`` counts visits from 1. ``carrier_id``, ``driver``, ``vehicle_id`` and ``driver_id`` are those of
    the second tour of a split, or of another van; what is left empty is as it stands.
    """

    kind: Kind
    shipment_id: str = ""
    way: Literal["", "on", "off"] = ""
    place: int = 0
    count: int = 0
    from_at: int | None = None
    until_at: int | None = None
    other_tour_id: str = ""
    shipment_ids: tuple[str, ...] = ()
    carrier_id: str = ""
    driver: str = ""
    vehicle_id: str = ""
    driver_id: str = ""

    @property
    def task(self) -> Task:
        return Task("drop" if self.way == "off" else "pickup", self.shipment_id)

    @property
    def leaving(self) -> tuple[str, ...]:
        """Name the shipments that would leave the tour."""
        return (self.shipment_id,) if self.kind == "move_to" else self.shipment_ids

    def must_make_sense(self) -> None:
        """Refuse words that leave out what they speak of, and hours that end before they begin."""
        for name, what in NEEDS.get(self.kind, ()):
            if getattr(self, name) in ("", None):
                raise HandUnsaid(what=Phrases((what,)))
        if self.from_at is not None and self.until_at is not None:
            must_run_forward((self.from_at, self.until_at))


@dataclass(frozen=True)
class Stood:
    """Hold how a tour stood before or after an act, as the log keeps it; its van only where that changed."""

    state: str
    tasks: tuple[Task, ...]
    holds: Holds
    shares_cents: Mapping[str, int]
    van: Mapping[str, object] = field(default_factory=dict)

    def same_as(self, other: "Stood") -> bool:
        """Tell whether nothing that an act depends on lies between the two."""
        here, there = ((one.state, one.tasks, one.holds, one.van) for one in (self, other))
        return here == there


def stood_json(stood: Stood, found: Figures) -> dict[str, Any]:
    """Write down how a tour stood, with what it came to."""
    return {
        "state": stood.state,
        "order": [task_json(task) for task in stood.tasks],
        "holds": holds_json(stood.holds),
        "shares": dict(stood.shares_cents),
        "van": dict(stood.van),
        "cost_cents": found.cost_cents,
        "distance_m": found.distance_m,
        "duration_s": found.duration_s,
        "gap_cents": found.split.gap_cents,
    }


def order_of(kept: Sequence[Sequence[str]]) -> tuple[Task, ...]:
    return tuple(read_task(one) for one in kept)
