"""A photo of a claim: sent before the claim that names it, seen by whoever sees the claim."""

from typing import Any

from sqlalchemy import Row

from pooling.desk.actor import Actor
from pooling.desk.claims.opening import claimant_of, seen_claim
from pooling.desk.desk import Desk
from pooling.desk.runs.photos import keep_plain
from pooling.store import Ask, Tx, View
from pooling.store.custody import find_photo
from pooling.store.rows import NotFound
from pooling.store.shipments import find_shipment


def send_claim_photo(desk: Desk, who: Actor, ask: Ask, shipment_id: str, content: bytes) -> str:
    """Keep a photo of who may claim, stripped; returns its SHA-256, by which a claim names it."""

    def save(tx: Tx) -> str:
        by_id = claimant_of(tx, who, find_shipment(tx, shipment_id))
        return keep_plain(tx, content, by_id)

    return desk.once(ask, save)


def seen_claim_photo(view: View, who: Actor, claim_id: str) -> Row[Any]:
    """Return the photo of a claim that the actor may see."""
    row = seen_claim(view, who, claim_id)
    found = find_photo(view, row.photo) if row.photo else None
    if found is None:
        raise NotFound(kind="photo", id=claim_id)
    return found
