"""Photos of crates: sent before the handover that names them, seen by whoever sees it."""

import hashlib
from typing import Any

from sqlalchemy import Row

from pooling.desk.actor import Actor
from pooling.desk.desk import Desk
from pooling.desk.runs.custody import seen_handover
from pooling.desk.runs.handovers import seen_manifest
from pooling.files.photo import PHOTOS_DAYS, PHOTOS_LIMIT, TooManyPhotos, plain_photo
from pooling.hours import DAY_S
from pooling.store import Ask, Tx, View
from pooling.store.custody import count_photos, find_photo, keep_photo
from pooling.store.people import party
from pooling.store.rows import NotFound, held


def send_photo(desk: Desk, who: Actor, ask: Ask, manifest_id: str, content: bytes) -> str:
    """Keep a photo of a run's driver, stripped; returns its SHA-256, by which a handover names it."""

    def save(tx: Tx) -> str:
        row = seen_manifest(tx, who, manifest_id)
        return keep_plain(tx, content, row.carrier_id)

    return desk.once(ask, save)


def keep_plain(tx: Tx, content: bytes, by_id: str) -> str:
    """Keep a photo of a party, stripped, and return its SHA-256; the same one again is kept once."""
    media_type, plain = plain_photo(content)
    digest = hashlib.sha256(plain).hexdigest()
    if find_photo(tx, digest) is None:
        held(tx, party, by_id)
        if count_photos(tx, by_id, tx.now_at - PHOTOS_DAYS * DAY_S) >= PHOTOS_LIMIT:
            raise TooManyPhotos(limit=PHOTOS_LIMIT, days=PHOTOS_DAYS)
        keep_photo(tx, digest, media_type, plain, by_id)
    return digest


def seen_photo(view: View, who: Actor, handover_id: str) -> Row[Any]:
    """Return the photo of a handover that the actor may see."""
    noted = seen_handover(view, who, handover_id)
    found = find_photo(view, noted.photo) if noted.photo else None
    if found is None:
        raise NotFound(kind="photo", id=handover_id)
    return found
