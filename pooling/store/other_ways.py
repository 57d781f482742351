"""Why a shipment does not ride, as it was kept beside each refusal."""

import json
from typing import Any

from sqlalchemy import select

from pooling.store.day_plans import day_plan_line
from pooling.store.market import bid, rematch
from pooling.store.touring import sign_up
from pooling.store.transaction import View

KEPT_LIMIT = 3
"""Of each kind so many reasons are told, the newest first."""


def kept_reasons(view: View, shipment_id: str) -> list[dict[str, Any]]:
    """List the reasons that were kept, the newest of each kind first: sign-ups, bids, searches, day plans."""
    found: list[dict[str, Any]] = []
    for table in (sign_up, bid, day_plan_line):
        query = select(table.c.reason).where(table.c.shipment_id == shipment_id, table.c.reason != "")
        rows = view.connection.execute(query.order_by(table.c.id.desc()).limit(KEPT_LIMIT))
        found += [json.loads(row.reason) for row in rows]
    query = select(rematch.c.found).where(rematch.c.shipment_id == shipment_id)
    newest = view.connection.execute(query.order_by(rematch.c.id.desc()).limit(1)).scalar()
    why = json.loads(newest).get("why") if newest else None
    return [*found, why] if why else found
