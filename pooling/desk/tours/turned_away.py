"""
Crates that a tour does not carry after all: at once each is looked at anew, and what else there is told.

A tour was cancelled, refused, broke down, or set out without them. Nobody agreed to be put on another ride
at another price, so nothing is taken in a payer's name: it is told the rides that could be had, each one
call away, with those that cannot and why. Whatever finds none counts as unmet demand.
"""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row

from pooling.desk.desk import Desk
from pooling.desk.market.demand import note_unmet_search
from pooling.desk.market.offers import offers_for
from pooling.desk.market.rematching import found_words
from pooling.desk.tours.tours import LIST_TURNED
from pooling.store import Ask, Tx, View
from pooling.store.other_ways import newest_turned
from pooling.store.shipments import find_shipment
from pooling.work.jobs import Progress


def list_turned_job(desk: Desk, arguments: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """Do the job of kind ``list_turned``: tell each payer once, however often the job begins again."""
    left: list[str] = []
    shipments = arguments["shipments"]
    for at, shipment_id in enumerate(shipments):
        progress("looking", at / len(shipments))
        if _listed(desk, arguments["tour"], shipment_id):
            left.append(shipment_id)
    return {"looked_at": len(shipments), "listed": len(left)}


def _listed(desk: Desk, tour_id: str, shipment_id: str) -> bool:
    """Tell what else there is for one shipment; its payer may have been quicker."""
    unmet: list[Row[Any]] = []

    def decide(view: View) -> dict[str, object] | None:
        row = find_shipment(view, shipment_id)
        if row.state != "open":
            return None
        found = offers_for(desk, view, row)
        unmet[:] = [] if found.rides else [row]
        turned = newest_turned(view, tour_id, shipment_id)
        return {**found_words(found, None), "why": json.loads(turned) if turned else None, "tour": tour_id}

    def save(tx: Tx, told: dict[str, object] | None) -> str:
        if told is not None:
            payer_id = find_shipment(tx, shipment_id).payer_id
            tx.tell("shipment.stranded", "shipment", shipment_id, {payer_id}, **told)
            return shipment_id
        return ""

    listed = desk.once_decided(Ask("", f"{tour_id}:{shipment_id}", LIST_TURNED), decide, save)
    for row in unmet:
        note_unmet_search(desk, row)
    return bool(listed)
