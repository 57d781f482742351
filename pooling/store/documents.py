"""Files of a carrier's papers in the store."""

import hashlib
from typing import Any

from sqlalchemy import Row, delete, func, select

from pooling.store.carrying import paper, paper_file
from pooling.store.rows import added, found
from pooling.store.transaction import Tx, View


def keep_file(tx: Tx, paper_id: str, media_type: str, content: bytes) -> str:
    """Keep a file of a paper; returns its id."""
    words = {"digest": hashlib.sha256(content).hexdigest(), "media_type": media_type, "content": content}
    return added(tx, paper_file, "fil", paper_id=paper_id, **words)


def find_file(view: View, file_id: str) -> Row[Any]:
    return found(view, paper_file, file_id, kind="document")


def bytes_kept(view: View, party_id: str, but: str = "") -> int:
    """Count the bytes of all files of a carrier's papers; ``but`` is one that is to go."""
    query = (
        select(func.coalesce(func.sum(func.length(paper_file.c.content)), 0))
        .join(paper, paper.c.id == paper_file.c.paper_id)
        .where(paper.c.party_id == party_id, paper_file.c.id != but)
    )
    return int(view.connection.execute(query).scalar_one())


def forget_file(tx: Tx, file_id: str) -> None:
    """Remove a file that nobody vetted: what a carrier sends by mistake is gone."""
    tx.connection.execute(delete(paper_file).where(paper_file.c.id == file_id))
