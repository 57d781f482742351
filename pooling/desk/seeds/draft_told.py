"""What whoever is invited to a drafted tour is told: its own figures, and of the others nothing."""

from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Row

from pooling.desk.seeds.seeding import body_of
from pooling.store import View
from pooling.store.tours import find_tour


class Invited(Protocol):
    """Whom a draft invites, as its list or as an invitation has it."""

    @property
    def role(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def crates(self) -> int: ...
    @property
    def partners(self) -> int: ...
    @property
    def share_cents(self) -> int: ...
    @property
    def alone_cents(self) -> int: ...


@dataclass(frozen=True)
class InvitedTold:
    """
    Hold what one reader is told; ``tour`` is the proposed tour, once there is one, as it stands now.

    ``crate_cents`` is what a crate was drafted to cost this reader with all who are invited: once a tour is
    proposed, its day and its price hold instead. ``alone_cents`` is a crate alone; a buyer has neither.
    ``assumed``: volumes rest on a default.
    """

    invited: Invited
    area: str
    weekday: int
    approximate: bool
    assumed: bool
    crate_cents: int
    alone_cents: int
    tour: Row[Any] | None

    @property
    def over(self) -> bool:
        """Tell whether the proposed tour takes nobody any more."""
        return self.tour is not None and self.tour.state not in ("proposed", "confirmed")


def told_to_invited(view: View, draft: Row[Any], invited: Invited) -> InvitedTold:
    """Gather what an invitation to a draft tells its reader."""
    body, crates = body_of(draft), max(1, invited.crates)
    return InvitedTold(
        invited=invited,
        area=draft.area.partition(" ")[2] or draft.area,
        weekday=draft.weekday,
        approximate=draft.approximate,
        assumed=body.assumed > 0,
        crate_cents=-(-invited.share_cents // crates),
        alone_cents=-(-invited.alone_cents // crates),
        tour=find_tour(view, draft.tour_id) if draft.tour_id else None,
    )
