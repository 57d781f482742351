"""
The records of changing hands in the store: added to the end of their shipment's chain, never changed.

Whoever adds one has changed its shipment's row before, in the same transaction: so nobody else adds to
the same chain meanwhile.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import Row, Select, func, literal, or_, select
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from pooling.runs.chain import BEGINS, ChainCheck, chained, verify
from pooling.runs.custody import TAKEN, Change, signed
from pooling.runs.empties import Moved
from pooling.store.market import shipment
from pooling.store.rows import writing
from pooling.store.schema import fresh_id
from pooling.store.touring import code_try, handover, house_secret, manifest, photo
from pooling.store.transaction import Tx, View
from pooling.store.work import outbox

HANDOVER_CODES = "handover_codes"
"""The secret from which the codes of receivers are made."""

NAMES = tuple(column.name for column in handover.c)


def add_record(tx: Tx, **values: object) -> str:
    """Add a record to the end of its shipment's chain; returns its id."""
    last = tx.connection.execute(
        select(handover.c.number, handover.c.hash)
        .where(handover.c.shipment_id == values["shipment_id"])
        .order_by(handover.c.number.desc())
        .limit(1)
    ).first()
    record = dict.fromkeys(NAMES) | _defaults() | values
    record |= {"id": fresh_id("hov", tx.now_at), "created_at": tx.now_at}
    record["number"] = last.number + 1 if last else 1
    record["hash"] = chained(last.hash if last else BEGINS, record)
    tx.connection.execute(writing(handover), record)
    return str(record["id"])


def chain_of(view: View, shipment_id: str) -> list[Row[Any]]:
    """Return every record of a shipment, corrected ones among them, in the order of their telling."""
    rows = view.connection.execute(
        select(handover).where(handover.c.shipment_id == shipment_id).order_by(handover.c.number)
    )
    return list(rows)


def signed_of(view: View, shipment_ids: Iterable[str]) -> dict[str, int]:
    """Count of each shipment of which a receiver took anything the crates that it took."""
    query = select(handover).where(handover.c.shipment_id.in_(sorted(set(shipment_ids))))
    chains: dict[str, list[Change]] = {}
    for row in view.connection.execute(query.order_by(handover.c.shipment_id, handover.c.number)):
        chains.setdefault(row.shipment_id, []).append(as_change(row))
    return {one: crates for one, chain in chains.items() if (crates := signed(chain))}


def as_change(row: Row[Any]) -> Change:
    return Change(
        id=row.id,
        number=row.number,
        way=row.way,
        giver=row.giver_id,
        taker=row.taker_id or "",
        crates=row.crates,
        lost=row.lost,
        happened_at=row.happened_at,
        corrects=row.corrects,
    )


def corrected_ids() -> Select[tuple[str]]:
    """Select the records in whose place another stands."""
    correction = handover.alias("correction")
    return select(correction.c.corrects).where(correction.c.corrects != "")


def first_word(view: View, manifest_id: str, shipment_id: str, way: str) -> str | None:
    """Return the record that was first told of a shipment's way on or off, if one was."""
    found = view.connection.execute(
        select(handover.c.id)
        .where(
            handover.c.manifest_id == manifest_id,
            handover.c.shipment_id == shipment_id,
            handover.c.way == way,
            handover.c.corrects == "",
        )
        .order_by(handover.c.number)
        .limit(1)
    )
    return found.scalar_one_or_none()


def check_chains(view: View) -> ChainCheck:
    """Check that each record stands as it was written, in its place."""
    return verify(dict(zip(NAMES, row, strict=True)) for row in _all_records(view))


def chains(view: View) -> Iterator[tuple[int, str, list[Row[Any]]]]:
    """Give each shipment's agreed crates, its sender and its records, one shipment after another."""
    for shipment_id, rows in groupby(_all_records(view), key=lambda row: str(row.shipment_id)):
        agreed = view.connection.execute(
            select(shipment.c.crates, shipment.c.shipper_id).where(shipment.c.id == shipment_id)
        ).one()
        yield agreed.crates, agreed.shipper_id, list(rows)


def untold_records(view: View) -> list[str]:
    """Name the records of which somebody was told and that are no longer there."""
    known = select(handover.c.id)
    gone = select(outbox.c.about_id).where(outbox.c.about_kind == "handover", outbox.c.about_id.not_in(known))
    return [str(one) for one in view.connection.execute(gone.distinct()).scalars()]


def faded_photos(view: View) -> list[str]:
    """Name the records whose photo is gone, or is no longer the one that was taken."""
    rows = view.connection.execute(
        select(handover.c.id, handover.c.photo, photo.c.content)
        .outerjoin(photo, photo.c.digest == handover.c.photo)
        .where(handover.c.photo != "")
        .order_by(handover.c.id)
    )
    return [
        str(row.id)
        for row in rows
        if row.content is None or hashlib.sha256(row.content).hexdigest() != row.photo
    ]


def has_photo(view: View, digest: str, by_id: str) -> bool:
    """Tell whether a photo is kept that a driver of this party took."""
    known = select(literal(1)).where(photo.c.digest == digest, photo.c.by_id == by_id)
    return view.connection.execute(known).first() is not None


def keep_photo(tx: Tx, digest: str, media_type: str, content: bytes, by_id: str) -> None:
    """Keep a photo by its SHA-256; asked before is ``find_photo``."""
    words = {"digest": digest, "media_type": media_type, "content": content, "by_id": by_id}
    tx.connection.execute(writing(photo), words | {"created_at": tx.now_at})


def count_photos(view: View, by_id: str, since_at: int) -> int:
    """Count the photos that a party sent since a moment."""
    query = select(func.count()).where(photo.c.by_id == by_id, photo.c.created_at > since_at)
    return int(view.connection.execute(query).scalar_one())


def find_photo(view: View, digest: str) -> Row[Any] | None:
    return view.connection.execute(select(photo).where(photo.c.digest == digest)).one_or_none()


def carriers_of(view: View, shipment_id: str, rides_kind: str, rides_id: str) -> set[str]:
    """Name whose drivers carry a shipment, or have carried it."""
    rides = manifest.c.ride_kind == rides_kind, manifest.c.ride_id == rides_id
    carried = select(handover.c.manifest_id).where(handover.c.shipment_id == shipment_id)
    found = view.connection.execute(
        select(manifest.c.carrier_id).where(or_(manifest.c.id.in_(carried), rides[0] & rides[1])).distinct()
    )
    return set(found.scalars())


def held_by(view: View, shipment_id: str, party_ids: Iterable[str] | None) -> str | None:
    """Return the run on which one of these carriers (``None``: any) took crates of a shipment last."""
    query = (
        select(handover.c.manifest_id)
        .where(handover.c.shipment_id == shipment_id, handover.c.way.in_(TAKEN), handover.c.crates > 0)
        .order_by(handover.c.number.desc())
        .limit(1)
    )
    if party_ids is not None:
        query = query.where(handover.c.taker_id.in_(list(party_ids)))
    return view.connection.execute(query).scalar_one_or_none()


def secret_of_codes(view: View) -> str:
    """Return the secret of the house's codes; empty where none was made yet."""
    found = view.connection.execute(
        select(house_secret.c.secret).where(house_secret.c.name == HANDOVER_CODES)
    )
    return found.scalar_one_or_none() or ""


def make_secret_of_codes(tx: Tx) -> str:
    """Return the secret of the house's codes, made now where there is none."""
    known = secret_of_codes(tx)
    if known:
        return known
    tx.connection.execute(
        writing(house_secret), {"name": HANDOVER_CODES, "secret": (fresh := secrets.token_hex(32))}
    )
    return fresh


def tries_of(view: View, manifest_id: str, shipment_id: str, way: str) -> int:
    """Count the wrong codes that were said for one handover."""
    tried = (
        code_try.c.manifest_id == manifest_id,
        code_try.c.shipment_id == shipment_id,
        code_try.c.way == way,
    )
    return int(view.connection.execute(select(func.count()).select_from(code_try).where(*tried)).scalar_one())


def note_try(tx: Tx, manifest_id: str, shipment_id: str, way: str, given: str) -> None:
    """Note a wrong code; the same one sent again counts once."""
    words = {"manifest_id": manifest_id, "shipment_id": shipment_id, "way": way}
    words["tried"] = hashlib.sha256(given.strip().encode()).hexdigest()
    known = select(literal(1)).where(*(code_try.c[name] == value for name, value in words.items()))
    if tx.connection.execute(known).first() is None:
        tx.connection.execute(writing(code_try), words | {"created_at": tx.now_at})


def moves_of(view: View, party_ids: Iterable[str] | None) -> list[Moved]:
    """Return every handover that stands by which these parties (``None``: all) gave, took or own crates."""
    query = (
        select(handover, shipment.c.shipper_id)
        .join(shipment, shipment.c.id == handover.c.shipment_id)
        .where(handover.c.id.not_in(corrected_ids()))
    )
    if party_ids is not None:
        known = list(party_ids)
        parts = (handover.c.giver_id, handover.c.taker_id, shipment.c.shipper_id)
        query = query.where(or_(*(part.in_(known) for part in parts)))
    return [
        Moved(
            owner=row.shipper_id,
            kind=row.kind,
            way=row.way,
            giver=row.giver_id,
            taker=row.taker_id or "",
            crates=row.crates,
            empties=empties_of(row),
        )
        for row in view.connection.execute(query)
    ]


def empties_of(noted: Row[Any]) -> dict[str, int]:
    """Read the empty crates of a record, by kind."""
    found: dict[str, int] = json.loads(noted.empties) if noted.empties else {}
    return found


def _defaults() -> dict[str, object]:
    """Return what a field holds where nothing is said of it."""
    columns = [(column.name, column.default) for column in handover.c]
    return {name: usual.arg for name, usual in columns if isinstance(usual, ScalarElementColumnDefault)}


def _all_records(view: View) -> Iterable[Row[Any]]:
    return view.connection.execute(select(handover).order_by(handover.c.shipment_id, handover.c.number))
