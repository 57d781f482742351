"""What a payer reads of crates whose trip was cancelled: another ride, bids in its name, or what is left."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from api.pages.reasons import said_reason
from api.pages.visit import Visit
from pooling.desk.market.rematching import seen_rematches
from pooling.store import Page, View

Sentences = tuple[str, str]
Listed = Mapping[str, Any]


@dataclass(frozen=True)
class LeftOver:
    """Hold what became of crates set free: the row, why it was left to its payer, offers, and other rides."""

    row: Row[Any]
    why: Sentences | None
    offers: tuple[Listed, ...]
    others: tuple[tuple[Listed, Sentences], ...]


def left_over(view: View, visit: Visit, shipment: Row[Any]) -> LeftOver | None:
    """Return the newest of what became of a shipment set free; only its payer and an operator read it."""
    if not (visit.who.is_operator or visit.who.acts_for(shipment.payer_id)):
        return None
    rows, _ = seen_rematches(view, visit.who, shipment.id, Page(limit=1))
    if not rows or rows[0].state == "settled":
        return None
    found: Mapping[str, Any] = json.loads(rows[0].found or "{}")
    return LeftOver(
        row=rows[0],
        why=said_reason(visit, found["why"]) if found.get("why") else None,
        offers=tuple(found.get("offers", ())),
        others=tuple((one, said_reason(visit, one["why"])) for one in found.get("others", ())),
    )
