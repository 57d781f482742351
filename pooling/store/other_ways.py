"""Why a shipment does not ride, as it was kept beside each refusal."""

import json
from typing import Any

from sqlalchemy import select

from pooling.store.day_plans import day_plan_line
from pooling.store.market import bid, rematch
from pooling.store.sight import part_visible, unattached
from pooling.store.touring import sign_up
from pooling.store.transaction import View

KEPT_LIMIT = 3
"""Of each kind so many reasons are told, the newest first."""


def newest_turned(view: View, tour_id: str, shipment_id: str) -> str:
    """Return the reason for which a tour turned a shipment away last; empty where none was kept."""
    its = (sign_up.c.tour_id == tour_id, sign_up.c.shipment_id == shipment_id, sign_up.c.state == "turned")
    query = select(sign_up.c.reason).where(*its).order_by(sign_up.c.id.desc()).limit(1)
    return str(view.connection.execute(query).scalar() or "")


def kept_reasons(view: View, shipment_id: str) -> list[dict[str, Any]]:
    """
    List the reasons that were kept, the newest of each kind first: sign-ups, bids, searches, day plans.

    A reason names its ride: only those of rides that exist for who looks.
    """
    found: list[dict[str, Any]] = []
    for table in (sign_up, bid, day_plan_line):
        its = (table.c.shipment_id == shipment_id, table.c.reason != "", part_visible(view, table))
        query = select(table.c.reason).where(*its)
        rows = view.connection.execute(query.order_by(table.c.id.desc()).limit(KEPT_LIMIT))
        found += [json.loads(row.reason) for row in rows]
    query = select(rematch.c.found).where(
        rematch.c.shipment_id == shipment_id, unattached(view, rematch.c.payer_id)
    )
    newest = view.connection.execute(query.order_by(rematch.c.id.desc()).limit(1)).scalar()
    why = json.loads(newest).get("why") if newest else None
    return [*found, why] if why else found
