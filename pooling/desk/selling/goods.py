"""
The goods of a short list: added, changed and withdrawn line by line, or all at once from a table.

A table changes what its lines name by their references and leaves the others as they are; the same table
again changes nothing. Orders that stand keep the goods and prices that they were placed with.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.desk import Desk
from pooling.desk.reasons import reason_words
from pooling.desk.selling.shortlists import own_list
from pooling.files.line import BadLine
from pooling.goods.goods import GoodsWords
from pooling.goods.goods_file import GOODS_LIMIT, GoodsTooMany, read_goods
from pooling.store import Ask, Tx
from pooling.store.rows import NotFound, added, at_revision, changed, held
from pooling.store.selling import goods, goods_file, short_list
from pooling.store.shortlists import find_goods, find_short_list, goods_named

SAID_ANEW = ("available", "from_day", "until_day")
"""What a producer says anew when it says how much there is: orders before then count no more."""

KNOWN_LIMIT = 10 * GOODS_LIMIT
"""Lines that one list ever held."""


class ReferenceTaken(Refusal):
    code = "reference_taken"
    reason = "The list has goods called {reference} already."
    cure = "Change those, or call these otherwise."


def add_goods(desk: Desk, who: Actor, ask: Ask, list_id: str, words: GoodsWords) -> str:
    """Put goods on an own list; goods of that reference that were withdrawn are there again."""

    def save(tx: Tx) -> str:
        row = own_list(tx, who, list_id)
        held(tx, short_list, list_id)
        stands = goods_named(tx, list_id)
        if words.reference in stands and stands[words.reference].state == "open":
            raise ReferenceTaken(reference=words.reference)
        _must_fit(stands, [words])
        goods_id, _ = _written(tx, list_id, stands.get(words.reference), words)
        _tell(tx, row)
        return goods_id

    return desk.once(ask, save)


def change_goods(
    desk: Desk, who: Actor, ask: Ask, goods_id: str, revision: int | None, words: GoodsWords
) -> str:
    """Change goods of an own list."""

    def save(tx: Tx) -> str:
        row, of_list = _own_goods(tx, who, goods_id)
        at_revision(row, revision, kind="goods")
        held(tx, short_list, of_list.id)
        other = goods_named(tx, of_list.id).get(words.reference)
        if other is not None and other.id != goods_id:
            raise ReferenceTaken(reference=words.reference)
        _written(tx, of_list.id, row, words)
        _tell(tx, of_list)
        return goods_id

    return desk.once(ask, save)


def withdraw_goods(desk: Desk, who: Actor, ask: Ask, goods_id: str, revision: int | None) -> str:
    """Take goods off an own list; orders of them that stand, stand."""

    def save(tx: Tx) -> str:
        row, of_list = _own_goods(tx, who, goods_id)
        at_revision(row, revision, kind="goods")
        if row.state == "open":
            changed(tx, goods, row, {"state": "withdrawn"})
            _tell(tx, of_list)
        return goods_id

    return desk.once(ask, save)


def send_goods_file(desk: Desk, who: Actor, ask: Ask, list_id: str, raw: bytes) -> str:
    """Take a table of goods: good lines are kept, bad ones told. Returns the file with what became of it."""

    def save(tx: Tx) -> str:
        row = own_list(tx, who, list_id)
        held(tx, short_list, list_id)
        read = read_goods(raw)
        stands = goods_named(tx, list_id)
        _must_fit(stands, read.good.values())
        done = Counter(_written(tx, list_id, stands.get(one.reference), one)[1] for one in read.good.values())
        outcome = {
            "kept": done["kept"],
            "changed": done["changed"],
            "unchanged": done["unchanged"],
            "refused": [_fault(one) for one in read.bad],
            "unread": [{"line": 1, "column": ""} | reason_words(one) for one in read.unread],
        }
        if done["kept"] or done["changed"]:
            _tell(tx, row)
        kept = json.dumps(outcome, ensure_ascii=False)
        return added(tx, goods_file, "gfile", list_id=list_id, outcome=kept)

    return desk.once(ask, save)


def words_of_goods(row: Row[Any]) -> GoodsWords:
    """Return goods as they were said."""
    return GoodsWords(**{one.name: getattr(row, one.name) for one in fields(GoodsWords)})


def _own_goods(tx: Tx, who: Actor, goods_id: str) -> tuple[Row[Any], Row[Any]]:
    row = find_goods(tx, goods_id)
    if not who.acts_for(find_short_list(tx, row.list_id).producer_id):
        raise NotFound(kind="goods", id=goods_id)
    return row, own_list(tx, who, row.list_id)


def _written(tx: Tx, list_id: str, stands: Row[Any] | None, words: GoodsWords) -> tuple[str, str]:
    """Write one line where it is new or other than it was; returns its id and what became of it."""
    words.must_make_sense()
    if stands is None:
        values = {"list_id": list_id, "said_at": tx.now_at, **asdict(words)}
        return added(tx, goods, "goods", **values), "kept"
    if stands.state == "open" and words_of_goods(stands) == words:
        return str(stands.id), "unchanged"
    anew = stands.state != "open" or any(getattr(stands, one) != getattr(words, one) for one in SAID_ANEW)
    said_at = tx.now_at if anew else stands.said_at
    changed(tx, goods, stands, {**asdict(words), "state": "open", "said_at": said_at})
    return str(stands.id), "changed"


def _must_fit(stands: Mapping[str, Row[Any]], lines: Iterable[GoodsWords]) -> None:
    """Refuse more goods than a list holds."""
    known = {one for one, row in stands.items() if row.state == "open"}
    new = {one.reference for one in lines}
    if len(known | new) > GOODS_LIMIT or len(stands.keys() | new) > KNOWN_LIMIT:
        raise GoodsTooMany(limit=GOODS_LIMIT)


def _fault(bad: BadLine) -> dict[str, object]:
    return {"line": bad.line, "column": bad.column} | reason_words(bad.refusal)


def _tell(tx: Tx, row: Row[Any]) -> None:
    tx.tell("short_list.changed", "short_list", row.id, {row.producer_id})
