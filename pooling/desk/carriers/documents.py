"""
The file of a paper: sent by its carrier, seen by it and by operators, kept as it was vetted.

What an operator saw as it checked a paper stays, whatever is sent in its place or taken away later; what
nobody vetted is gone with its successor.
"""

from typing import Any

from sqlalchemy import Row

from pooling.desk.actor import Actor
from pooling.desk.carriers.dossiers import own_carrier
from pooling.desk.desk import Desk
from pooling.files.document import DOCUMENTS_LIMIT_BYTES, DocumentsFull, plain_document
from pooling.store import Ask, Tx, View
from pooling.store.carriers import find_paper
from pooling.store.carrying import paper
from pooling.store.documents import bytes_kept, find_file, forget_file, keep_file
from pooling.store.people import party
from pooling.store.rows import NotFound, changed, held


def send_document(desk: Desk, who: Actor, ask: Ask, paper_id: str, content: bytes) -> str:
    """Send the file of a paper of one's own carrier, in place of what was sent before; returns the paper."""

    def save(tx: Tx) -> str:
        row = _own_paper(tx, who, paper_id)
        media_type, plain = plain_document(content)
        _must_have_room(tx, row, len(plain))
        _put_in_place(tx, row, keep_file(tx, paper_id, media_type, plain))
        return paper_id

    return desk.once(ask, save)


def take_document_back(desk: Desk, who: Actor, ask: Ask, paper_id: str) -> str:
    """Take the file of a paper away, as its carrier; one that was vetted stays with what was vetted."""

    def save(tx: Tx) -> str:
        row = _own_paper(tx, who, paper_id)
        if not row.file_id:
            raise NotFound(kind="document", id=paper_id)
        _put_in_place(tx, row, "")
        return paper_id

    return desk.once(ask, save)


def seen_document(view: View, who: Actor, paper_id: str, *, vetted: bool = False) -> Row[Any]:
    """Return the file of a paper, or the one that was vetted, to its carrier's managers and operators."""
    row = find_paper(view, paper_id)
    who.must_see("paper", paper_id, row.party_id)
    file_id = row.vetted_file_id if vetted else row.file_id
    if not file_id:
        raise NotFound(kind="document", id=paper_id)
    return find_file(view, file_id)


def _own_paper(tx: Tx, who: Actor, paper_id: str) -> Row[Any]:
    row = find_paper(tx, paper_id)
    who.must_see("paper", paper_id, row.party_id)
    own_carrier(tx, who, row.party_id)
    return row


def _must_have_room(tx: Tx, row: Row[Any], size: int) -> None:
    """Refuse more bytes than one carrier may keep; a file that goes for this one counts no more."""
    held(tx, party, row.party_id)  # two that are sent at once are counted one after the other
    goes = row.file_id if row.file_id != row.vetted_file_id else ""
    kept = bytes_kept(tx, row.party_id, but=goes)
    if kept + size > DOCUMENTS_LIMIT_BYTES:
        raise DocumentsFull(limit=DOCUMENTS_LIMIT_BYTES, held=kept, size=size)


def _put_in_place(tx: Tx, row: Row[Any], file_id: str) -> None:
    changed(tx, paper, row, {"file_id": file_id})
    if row.file_id and row.file_id != row.vetted_file_id:
        forget_file(tx, row.file_id)
