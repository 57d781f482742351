"""What whoever is invited to a drafted tour is told: its own figures, and of the others nothing."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from pooling.desk.seeds.seeding import body_of
from pooling.store import View
from pooling.store.drafts import find_draft
from pooling.store.tours import find_tour


@dataclass(frozen=True)
class InvitedTold:
    """
    Hold one invitation as its reader sees it; ``tour`` is the proposed tour, once there is one.

    ``crate_cents`` is what a crate would cost this reader with all who are invited, ``alone_cents``
    what it costs it alone; a buyer has neither. ``assumed``: volumes rest on a default.
    """

    invitation: Row[Any]
    area: str
    weekday: int
    approximate: bool
    assumed: bool
    crate_cents: int
    alone_cents: int
    tour: Row[Any] | None


def told_to_invited(view: View, row: Row[Any]) -> InvitedTold:
    """Gather what an invitation tells its reader."""
    draft = find_draft(view, row.draft_id)
    body, crates = body_of(draft), max(1, row.crates)
    tour = find_tour(view, draft.tour_id) if draft.tour_id else None
    return InvitedTold(
        invitation=row,
        area=draft.area.partition(" ")[2] or draft.area,
        weekday=draft.weekday,
        approximate=draft.approximate,
        assumed=body.assumed > 0,
        crate_cents=-(-row.share_cents // crates),
        alone_cents=-(-row.alone_cents // crates),
        tour=tour,
    )
