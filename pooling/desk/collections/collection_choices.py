"""What a person decides about a collection: which place a doubtful address is, and that it is not wanted."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from geodata.place import Place
from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.collections.collecting import collected_values, tell_collection
from pooling.desk.collections.collection_ends import (
    End,
    must_be_on_road,
    must_lie_apart,
    producer_at,
    settled,
)
from pooling.desk.desk import Desk, Moved, moved_if_changed
from pooling.desk.goods.shipments import cancel_open
from pooling.store import Ask, Tx, View
from pooling.store.collected import find_collection
from pooling.store.collecting import collection
from pooling.store.market import shipment
from pooling.store.rows import added, at_revision, changed, held
from pooling.store.shipments import find_shipment

COLUMN = {"pickup": "from_site_id", "drop": "to_site_id"}


class CollectionNotDoubtful(Refusal):
    code = "collection_not_doubtful"
    reason = "The place that you chose is not doubtful in {reference}."
    cure = "Look at it as it stands; to change its address, send its line again."


class CollectionCancelled(Refusal):
    code = "collection_cancelled"
    reason = "{reference} was cancelled before."
    cure = "Send its line again with other words, or under another reference."


@dataclass(frozen=True)
class Choice:
    """Hold which place an end is, as a person says: one of the candidates, or a pin of its own."""

    end: str
    lat: float
    lon: float
    name: str = ""


def choose_place(
    desk: Desk, who: Actor, ask: Ask, collection_id: str, revision: int | None, choice: Choice
) -> str:
    """
    Say which place a doubtful end is. It is remembered; with both ends known the shipment is made.

    Where the shipment is refused (its hours may be over) nothing is changed, and the line waits on.
    """

    def decide(view: View) -> tuple[Row[Any], Place]:
        row = _own(view, who, collection_id, revision)
        place = Place(lat=choice.lat, lon=choice.lon, name=choice.name)
        if choice.end not in json.loads(row.candidates or "{}") or row.state != "doubtful":
            raise CollectionNotDoubtful(reference=row.reference)
        other = next(column for end, column in COLUMN.items() if end != choice.end)
        ends = (End("", "", place=place), End("", "", getattr(row, other) or ""))
        must_lie_apart(view, row.reference, ends)
        must_be_on_road(desk, place)
        return row, place

    def save(tx: Tx, decided: tuple[Row[Any], Place]) -> str:
        row, place = decided
        held(tx, collection, collection_id)
        if find_collection(tx, collection_id).revision != row.revision:
            raise Moved
        site_id = settled(tx, row.intermediary_id, _end(row, choice.end, place))
        sites = {which: getattr(row, column) for which, column in COLUMN.items()} | {choice.end: site_id}
        left = {key: one for key, one in json.loads(row.candidates).items() if key != choice.end}
        values: dict[str, object] = {COLUMN[choice.end]: site_id, "candidates": json.dumps(left)}
        if not left:
            values |= _entered(desk, tx, row, sites)
        moved_if_changed(lambda: changed(tx, collection, row, values))
        return collection_id

    return desk.once_decided(ask, decide, save)


def cancel_collection(desk: Desk, who: Actor, ask: Ask, collection_id: str, revision: int | None) -> str:
    """Cancel a collection that waits or that nothing carries yet; withdraw it from its ride first."""

    def save(tx: Tx) -> str:
        row = _own(tx, who, collection_id, revision)
        if row.state == "cancelled":
            raise CollectionCancelled(reference=row.reference)
        carried = find_shipment(tx, row.shipment_id) if row.shipment_id else None
        if carried is not None and carried.state != "cancelled":
            cancel_open(tx, carried)
        changed(tx, collection, row, {"state": "cancelled"})
        parties = (row.intermediary_id, row.producer_id)
        tell_collection(tx, "collection.cancelled", collection_id, *parties, row.crates)
        return collection_id

    return desk.once(ask, save)


def _entered(desk: Desk, tx: Tx, row: Row[Any], sites: dict[str, str]) -> dict[str, object]:
    """Make the shipment of a collection whose ends are known; its road is short to reckon, and alone."""
    values = collected_values(desk, tx, row.intermediary_id, row, sites)
    shipment_id = added(tx, shipment, "shp", **values)
    producer_id = producer_at(tx, row.producer, sites["pickup"])
    tell_collection(tx, "collection.entered", row.id, row.intermediary_id, producer_id, row.crates)
    return {"shipment_id": shipment_id, "producer_id": producer_id, "state": "entered"}


def _end(row: Row[Any], which: str, place: Place) -> End:
    if which == "pickup":
        return End(row.producer, row.pickup, place=place)
    return End(row.client, row.drop_to, place=place)


def _own(view: View, who: Actor, collection_id: str, revision: int | None) -> Row[Any]:
    row = find_collection(view, collection_id)
    who.must_see("collection", collection_id, row.intermediary_id)
    who.must_act_for(row.intermediary_id, "the intermediary")
    at_revision(row, revision, kind="collection")
    return row
