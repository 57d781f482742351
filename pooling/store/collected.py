"""Collections in the store: lists and their outcomes, the lines that stand, the places that they name."""

import json
from collections.abc import Collection as Ids
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, and_, func, insert, select, update

from pooling.party import Role
from pooling.store.collecting import (
    ADDRESS_LENGTH,
    CALLED_LENGTH,
    collection,
    collection_file,
    collection_outcome,
    collection_place,
)
from pooling.store.market import shipment
from pooling.store.people import party, site
from pooling.store.rows import Page, found, paged
from pooling.store.touring import handover
from pooling.store.transaction import Tx, View


def find_collection(view: View, collection_id: str) -> Row[Any]:
    return found(view, collection, collection_id, kind="collection")


def find_file(view: View, file_id: str) -> Row[Any]:
    return found(view, collection_file, file_id, kind="list of collections")


def collection_named(view: View, intermediary_id: str, reference: str) -> Row[Any] | None:
    """Return the collection that an intermediary calls by this reference."""
    named = select(collection).where(
        collection.c.intermediary_id == intermediary_id, collection.c.reference == reference
    )
    return view.connection.execute(named).one_or_none()


def list_collections(
    view: View, party_ids: Iterable[str] | None, page: Page, *, state: str = ""
) -> tuple[list[Row[Any]], str]:
    """List what these intermediaries ordered (``None``: all), newest first, with its shipment's state."""
    query = _with_shipment()
    if party_ids is not None:
        query = query.where(collection.c.intermediary_id.in_(list(party_ids)))
    if state:
        query = query.where(collection.c.state == state)
    return paged(view, query, collection, page)


def list_collected(view: View, party_ids: Iterable[str], page: Page) -> tuple[list[Row[Any]], str]:
    """List what is collected from these producers, with who orders it; never where it goes."""
    query = (
        select(
            collection.c.id,
            collection.c.producer_id,
            party.c.name.label("intermediary"),
            site.c.name.label("site"),
            collection.c.day,
            collection.c.ready_at,
            collection.c.pickup_by_at,
            collection.c.temperature,
            collection.c.crates,
            collection.c.kg,
            collection.c.state,
            shipment.c.state.label("shipment_state"),
        )
        .join(party, party.c.id == collection.c.intermediary_id)
        .join(site, site.c.id == collection.c.from_site_id)
        .join(shipment, shipment.c.id == collection.c.shipment_id)
        .where(collection.c.producer_id.in_(list(party_ids)))
    )
    return paged(view, query, collection, page)


def list_files(view: View, party_ids: Iterable[str] | None, page: Page) -> tuple[list[Row[Any]], str]:
    query = select(collection_file)
    if party_ids is not None:
        query = query.where(collection_file.c.intermediary_id.in_(list(party_ids)))
    return paged(view, query, collection_file, page)


def write_outcome(
    tx: Tx, file_id: str, line: int, reference: str, outcome: str, faults: Iterable[object] = ()
) -> None:
    """Note what became of one line of a list."""
    row = {"file_id": file_id, "line": line, "reference": reference, "outcome": outcome}
    row["faults"] = json.dumps(list(faults), ensure_ascii=False)
    tx.connection.execute(insert(collection_outcome), row)


def outcomes_counted(view: View, file_ids: Iterable[str]) -> dict[str, dict[str, int]]:
    """Count what became of the lines of each list."""
    rows = view.connection.execute(
        select(collection_outcome.c.file_id, collection_outcome.c.outcome, func.count())
        .where(collection_outcome.c.file_id.in_(list(file_ids)))
        .group_by(collection_outcome.c.file_id, collection_outcome.c.outcome)
    )
    counts: dict[str, dict[str, int]] = {}
    for file_id, outcome, number in rows:
        counts.setdefault(file_id, {})[outcome] = int(number)
    return counts


def outcomes_of(view: View, file_id: str, *outcomes: str) -> list[Row[Any]]:
    """List what became of the lines of one list, by their number: of a file at most a thousand."""
    query = select(collection_outcome).where(collection_outcome.c.file_id == file_id)
    if outcomes:
        query = query.where(collection_outcome.c.outcome.in_(outcomes))
    return list(view.connection.execute(query.order_by(collection_outcome.c.line)))


def set_job(tx: Tx, file_id: str, job_id: str) -> None:
    tx.connection.execute(
        update(collection_file).where(collection_file.c.id == file_id).values(job_id=job_id)
    )


def forget_waiting(tx: Tx, file_id: str) -> None:
    """Keep no longer the lines that were all taken."""
    tx.connection.execute(update(collection_file).where(collection_file.c.id == file_id).values(waiting=""))


def place_called(view: View, intermediary_id: str, called: str, address: str) -> str | None:
    """Return the site that an intermediary's address stands for, once it was found or chosen."""
    query = select(collection_place.c.site_id).where(
        collection_place.c.intermediary_id == intermediary_id,
        collection_place.c.called == called[:CALLED_LENGTH],
        collection_place.c.address == address[:ADDRESS_LENGTH],
    )
    return view.connection.execute(query).scalar_one_or_none()


def remember_place(tx: Tx, intermediary_id: str, called: str, address: str, site_id: str) -> None:
    """Note which site an address stands for."""
    row = {"intermediary_id": intermediary_id, "called": called[:CALLED_LENGTH]}
    tx.connection.execute(
        insert(collection_place), row | {"address": address[:ADDRESS_LENGTH], "site_id": site_id}
    )


def site_called(view: View, party_ids: Ids[str], name: str) -> str | None:
    """Return the only site of these parties that has this name; ``None`` where there is none, or several."""
    named = select(site.c.id).where(site.c.party_id.in_(list(party_ids)), site.c.name == name).limit(2)
    ids = list(view.connection.execute(named).scalars())
    return str(ids[0]) if len(ids) == 1 else None


def producers_called(view: View, name: str) -> list[Row[Any]]:
    """List the sites of the only producer of this name; nothing where there is none, or several."""
    named = select(party.c.id).where(party.c.role == Role.PRODUCER.value, party.c.name == name).limit(2)
    ids = list(view.connection.execute(named).scalars())
    if len(ids) != 1:
        return []
    return list(view.connection.execute(select(site).where(site.c.party_id == ids[0]).order_by(site.c.id)))


def is_private_place(view: View, site_id: str) -> bool:
    """Tell whether a site is only some intermediary's word for an address."""
    query = select(collection_place.c.site_id).where(collection_place.c.site_id == site_id)
    return view.connection.execute(query.limit(1)).first() is not None


def proofs_of(view: View, party_ids: Ids[str], first: date, last: date, limit: int) -> list[Row[Any]]:
    """
    List what was handed over of the collections of some days: a row for each record that stands.

    What was not handed over yet has one row without a record. A record that was corrected is left out.
    """
    mended = handover.alias("mended")
    stands = ~select(mended.c.id).where(mended.c.corrects == handover.c.id).exists()
    records = (
        "way",
        "outcome",
        "condition",
        "receiver",
        "reason",
        "next_step",
        "note",
        "happened_at",
        "hash",
    )
    query = (
        select(
            collection.c.reference,
            collection.c.producer,
            collection.c.client,
            collection.c.day,
            collection.c.crates.label("ordered"),
            shipment.c.state,
            *(handover.c[name] for name in records),
            handover.c.crates,
        )
        .join(shipment, shipment.c.id == collection.c.shipment_id)
        .outerjoin(handover, and_(handover.c.shipment_id == shipment.c.id, stands))
        .where(collection.c.intermediary_id.in_(list(party_ids)), collection.c.day.between(first, last))
        .order_by(collection.c.day, collection.c.reference, handover.c.happened_at, handover.c.number)
        .limit(limit)
    )
    return list(view.connection.execute(query))


def references_of(view: View, shipment_ids: Iterable[str]) -> Mapping[str, str]:
    """Return by which reference each shipment was ordered, where it was."""
    query = select(collection.c.shipment_id, collection.c.reference)
    rows = view.connection.execute(query.where(collection.c.shipment_id.in_(list(shipment_ids))))
    return {row.shipment_id: row.reference for row in rows}


def _with_shipment() -> Select[Any]:
    return select(collection, shipment.c.state.label("shipment_state")).outerjoin(
        shipment, shipment.c.id == collection.c.shipment_id
    )
