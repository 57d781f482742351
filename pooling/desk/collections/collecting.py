"""
One line of a list becomes a collection and its shipment, is changed, waits for a person, or is refused.

The intermediary sends and pays: it has crates fetched in its own name, and nobody's manager enters anything
for another. The producer that is named sees what is collected from it; where it goes is not told to it.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row
from sqlalchemy.exc import IntegrityError

from geodata.address_book import AddressBook
from geodata.refusal import Refusal
from pooling.desk.collections.collection_ends import (
    End,
    candidates_kept,
    find_end,
    must_be_on_road,
    must_lie_apart,
    producer_at,
    settled,
)
from pooling.desk.desk import TRIES, Desk, DeskBusy, Moved, moved_if_changed
from pooling.desk.goods.shipments import (
    ShipmentWords,
    day_of,
    must_run_forward,
    shipment_values,
    withdraw_bids,
)
from pooling.desk.reasons import reason_words
from pooling.goods.collection import Collection
from pooling.store import Tx, View
from pooling.store.collected import collection_named, write_outcome
from pooling.store.collecting import collection
from pooling.store.market import shipment
from pooling.store.rows import added, changed
from pooling.store.shipments import find_shipment

BESIDE = {
    "pickup_is_drop": "drop",
    "outside_site_hours": "ready",
    "hours_backwards": "pickup_by",
    "hours_impossible": "deliver_by",
    "not_one_day": "deliver_by",
    "collection_rides": "reference",
}
"""Beside which column a refusal of the desk is told; beside the day where none is named."""


class CollectionRides(Refusal):
    code = "collection_rides"
    reason = "{reference} rides already, or was carried: it stands as it was agreed."
    cure = "Withdraw it from its ride first, or order the difference under another reference."


class AddressDoubtful(Refusal):
    code = "address_doubtful"
    reason = "{column}: “{address}” is not certain, and {reference} stands already with another address."
    cure = "Write the address in full; until then the collection stands as it was."


@dataclass(frozen=True)
class Kept:
    """Hold what is kept of a list while its lines are taken."""

    file_id: str
    intermediary_id: str
    platform_site_id: str


@dataclass(eq=False)
class _Refused(Exception):  # noqa: N818 - a fact: this line is refused, beside this column
    column: str
    refusal: Refusal


def take_line(
    desk: Desk, book: AddressBook, kept: Kept, line: Collection, fence: Callable[[Tx], None]
) -> None:
    """
    Take one line of a list: decided on what stands, written with its outcome in one transaction.

    Where something moved meanwhile it is decided anew; ``fence`` lets only the job itself write.
    """
    for _ in range(TRIES):
        try:
            try:
                write = _decided(desk, book, kept, line, fence)
            except _Refused as refused:
                write = _refusing(refused)
            desk.store.change(lambda tx, write=write: _written(tx, kept, line, write, fence))  # type: ignore[misc]
        except (Moved, IntegrityError):
            continue
        return
    raise DeskBusy


Write = Callable[[Tx], tuple[str, Sequence[object]]]
"""Write what was decided; returns the outcome, and the faults of what is refused."""


def _written(tx: Tx, kept: Kept, line: Collection, write: Write, fence: Callable[[Tx], None]) -> None:
    fence(tx)
    outcome, faults = write(tx)
    write_outcome(tx, kept.file_id, line.number, line.reference, outcome, faults)


def _refusing(refused: _Refused) -> Write:
    fault = {"column": refused.column} | reason_words(refused.refusal)
    return lambda _tx: ("refused", [fault])


def _decided(
    desk: Desk, book: AddressBook, kept: Kept, line: Collection, fence: Callable[[Tx], None]
) -> Write:
    with desk.store.view() as view:
        stands = collection_named(view, kept.intermediary_id, line.reference)
        if stands is not None and stands.fingerprint == line.fingerprint(kept.platform_site_id):
            return lambda _tx: ("unchanged", ())
        old = _open_shipment(view, stands)
        _asked("day", lambda: _must_be_sensible(desk, view, line))
        ends = _ends(view, book, kept, line)
        _asked("drop", lambda: must_lie_apart(view, line.reference, ends.values()))
    doubtful = {which: end for which, end in ends.items() if end.doubtful}
    if doubtful and old is not None:
        which, end = next(iter(doubtful.items()))
        words = {"column": which, "address": end.address, "reference": line.reference}
        raise _Refused(which, AddressDoubtful(**words))
    for which, end in ends.items():
        if end.place is not None:
            _asked(which, lambda end=end: must_be_on_road(desk, end.place))  # type: ignore[misc]
    if doubtful:
        return lambda tx: ("doubtful", _keep_doubt(tx, kept, line, stands, ends))
    sites = desk.store.change(lambda tx: _settle(tx, kept, ends, fence))
    with desk.store.view() as view:
        values = _values(desk, view, kept.intermediary_id, line, sites)
    return lambda tx: (_keep(tx, kept, line, stands, old, sites, values), ())


def _asked(column: str, ask: Callable[[], object]) -> None:
    """Name the column of a line beside what is refused."""
    try:
        ask()
    except Refusal as refusal:
        raise _Refused(BESIDE.get(refusal.code, column), refusal) from refusal


def _must_be_sensible(desk: Desk, view: View, line: Collection) -> None:
    must_run_forward((line.ready_at, line.pickup_by_at), (line.deliver_from_at, line.deliver_by_at))
    day_of(desk, view, line.ready_at, line.pickup_by_at, line.deliver_from_at, line.deliver_by_at)


def _ends(view: View, book: AddressBook, kept: Kept, line: Collection) -> dict[str, End]:
    ends: dict[str, End] = {}
    for which, address in (("pickup", line.pickup), ("drop", line.drop)):
        if not address:
            ends[which] = End("", "", kept.platform_site_id)
            continue
        try:
            called = line.called[which]
            ends[which] = find_end(view, book, kept.intermediary_id, which, called, address)
        except Refusal as refusal:
            raise _Refused(which, refusal) from refusal
    return ends


def _open_shipment(view: View, stands: Row[Any] | None) -> Row[Any] | None:
    """Return the shipment that still looks for a ride; refuses what rides or was carried."""
    if stands is None or stands.shipment_id is None:
        return None
    row = find_shipment(view, stands.shipment_id)
    if row.state == "cancelled":
        return None
    if row.state != "open":
        raise _Refused("reference", CollectionRides(reference=stands.reference))
    return row


def _settle(tx: Tx, kept: Kept, ends: Mapping[str, End], fence: Callable[[Tx], None]) -> dict[str, str]:
    fence(tx)
    return {which: settled(tx, kept.intermediary_id, end) for which, end in ends.items()}


def _values(
    desk: Desk, view: View, intermediary_id: str, line: Collection, sites: Mapping[str, str]
) -> dict[str, object]:
    try:
        return collected_values(desk, view, intermediary_id, line, sites)
    except Refusal as refusal:
        raise _Refused(BESIDE.get(refusal.code, "day"), refusal) from refusal


def collected_values(
    desk: Desk,
    view: View,
    intermediary_id: str,
    words: Collection | Row[Any],
    sites: Mapping[str, str],
) -> dict[str, object]:
    """Return what is kept of the shipment of a collection, by its line or by its row."""
    wanted = ShipmentWords(
        shipper_id=intermediary_id,
        payer_id=intermediary_id,
        from_site_id=sites["pickup"],
        to_site_id=sites["drop"],
        temperature=words.temperature,
        crates=words.crates,
        kg=words.kg,
        ready_at=words.ready_at,
        pickup_by_at=words.pickup_by_at,
        deliver_from_at=words.deliver_from_at,
        deliver_by_at=words.deliver_by_at,
        goods_value_cents=words.goods_value_cents,
        goods=words.goods,
    )
    return shipment_values(desk, view, wanted, collected=True)


def _keep_doubt(
    tx: Tx, kept: Kept, line: Collection, stands: Row[Any] | None, ends: Mapping[str, End]
) -> tuple[object, ...]:
    values = _row_of(kept, line) | {
        "candidates": json.dumps(candidates_kept(ends), ensure_ascii=False),
        "from_site_id": ends["pickup"].site_id or None,
        "to_site_id": ends["drop"].site_id or None,
        "shipment_id": None,
        "state": "doubtful",
    }
    for which, column in (("pickup", "from_site_id"), ("drop", "to_site_id")):
        if ends[which].place is not None:
            values[column] = settled(tx, kept.intermediary_id, ends[which])
    _write(tx, kept, stands, values)
    return ()


def _keep(
    tx: Tx,
    kept: Kept,
    line: Collection,
    stands: Row[Any] | None,
    old: Row[Any] | None,
    sites: Mapping[str, str],
    values: Mapping[str, object],
) -> str:
    if old is not None:
        moved_if_changed(lambda: changed(tx, shipment, old, values))
        withdraw_bids(tx, old.id)
        shipment_id = str(old.id)
    else:
        shipment_id = added(tx, shipment, "shp", **values)
    producer_id = producer_at(tx, line.producer, sites["pickup"])
    row = _row_of(kept, line) | {
        "candidates": "{}",
        "from_site_id": sites["pickup"],
        "to_site_id": sites["drop"],
        "shipment_id": shipment_id,
        "producer_id": producer_id,
        "state": "entered",
    }
    collection_id = _write(tx, kept, stands, row)
    tell_collection(tx, "collection.entered", collection_id, kept.intermediary_id, producer_id, line.crates)
    return "kept" if stands is None else "changed"


def tell_collection(
    tx: Tx, topic: str, collection_id: str, intermediary_id: str, producer_id: str | None, crates: int
) -> None:
    """Tell who ordered a collection, and from whom it is collected."""
    told = {intermediary_id, *([producer_id] if producer_id else [])}
    tx.tell(topic, "collection", collection_id, told, crates=crates)


def _write(tx: Tx, kept: Kept, stands: Row[Any] | None, values: Mapping[str, object]) -> str:
    if stands is None:
        return added(tx, collection, "col", intermediary_id=kept.intermediary_id, **values)
    moved_if_changed(lambda: changed(tx, collection, stands, values))
    return str(stands.id)


def _row_of(kept: Kept, line: Collection) -> dict[str, object]:
    return {
        "file_id": kept.file_id,
        "line": line.number,
        "reference": line.reference,
        "producer": line.producer,
        "pickup": line.pickup,
        "client": line.client,
        "drop_to": line.drop,
        "day": date.fromisoformat(line.day),
        "ready_at": line.ready_at,
        "pickup_by_at": line.pickup_by_at,
        "deliver_from_at": line.deliver_from_at,
        "deliver_by_at": line.deliver_by_at,
        "temperature": line.temperature,
        "crates": line.crates,
        "kg": line.kg,
        "goods_value_cents": line.goods_value_cents,
        "goods": line.goods,
        "fingerprint": line.fingerprint(kept.platform_site_id),
    }
