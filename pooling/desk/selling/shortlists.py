"""
A producer's short list: opened, changed, withdrawn; and who may read it.

Whoever buys reads every list that is open, its producer its own, an operator all. To another producer no
list exists: nobody learns what a competitor asks for its goods, or how much of them is left.
"""

from dataclasses import asdict, dataclass
from typing import Any, Literal

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.desk import Desk
from pooling.desk.goods.orders import NotAProducer
from pooling.desk.goods.sites import HoursBackwards
from pooling.party import Role
from pooling.store import Ask, Tx, View
from pooling.store.days import parties_by_id
from pooling.store.rounds import find_round
from pooling.store.rows import NotFound, added, at_revision, changed
from pooling.store.selling import short_list
from pooling.store.shortlists import find_short_list
from pooling.store.sites import find_site

BUYERS = frozenset({Role.BUYER, Role.INTERMEDIARY})
"""Who reads the short lists of producers."""

Carriage = Literal["producer", "buyer"]


class ListWithdrawn(Refusal):
    code = "list_withdrawn"
    reason = "This short list was withdrawn."
    cure = "Look at the lists that are open, or open another."


class RoundEnded(Refusal):
    code = "round_ended"
    reason = "This round runs no more."
    cure = "Choose another round, or none."


@dataclass(frozen=True)
class ShortListWords:
    """
    Hold the terms of a list: ``…_s`` are hours on the wall between which its goods are collected.

    ``accepts`` lets every order that fits stand at once; so does the round that it is linked to, whose
    tours then collect what is ordered until their cut-off.
    """

    producer_id: str
    name: str
    site_id: str
    ready_s: int
    collect_by_s: int
    carriage: Carriage = "producer"
    accepts: bool = False
    round_id: str | None = None


def open_short_list(desk: Desk, who: Actor, ask: Ask, words: ShortListWords) -> str:
    """Open a short list, with no goods on it yet."""
    who.must_act_for(words.producer_id, "the producer")

    def save(tx: Tx) -> str:
        _must_make_sense(tx, words)
        list_id = added(tx, short_list, "slist", **asdict(words))
        tx.tell("short_list.opened", "short_list", list_id, {words.producer_id})
        return list_id

    return desk.once(ask, save)


def change_short_list(
    desk: Desk, who: Actor, ask: Ask, list_id: str, revision: int | None, words: ShortListWords
) -> str:
    """Change the terms of a list; orders that stand keep those under which they were placed."""

    def save(tx: Tx) -> str:
        row = own_list(tx, who, list_id)
        at_revision(row, revision, kind="short list")
        if row.producer_id != words.producer_id:
            raise NotFound(kind="party", id=words.producer_id)
        _must_make_sense(tx, words)
        changed(tx, short_list, row, asdict(words), kind="short list")
        tx.tell("short_list.changed", "short_list", list_id, {row.producer_id})
        return list_id

    return desk.once(ask, save)


def withdraw_short_list(desk: Desk, who: Actor, ask: Ask, list_id: str, revision: int | None) -> str:
    """Withdraw a list: nobody orders from it any more; orders that stand, stand."""

    def save(tx: Tx) -> str:
        row = own_list(tx, who, list_id)
        at_revision(row, revision, kind="short list")
        changed(tx, short_list, row, {"state": "withdrawn"}, kind="short list")
        tx.tell("short_list.withdrawn", "short_list", list_id, {row.producer_id})
        return list_id

    return desk.once(ask, save)


def own_list(view: View, who: Actor, list_id: str) -> Row[Any]:
    """Return an open list to its producer; to everybody else it is none to be changed."""
    row = find_short_list(view, list_id)
    if not who.acts_for(row.producer_id):
        raise NotFound(kind="short list", id=list_id)
    if row.state != "open":
        raise ListWithdrawn
    return row


def seen_list(view: View, who: Actor, list_id: str) -> Row[Any]:
    """Return a list to its producer, to operators, and while it is open to whoever buys."""
    row = find_short_list(view, list_id)
    if row.state != "open" or not buys(who):
        who.must_see("short list", list_id, row.producer_id)
    return row


def buys(who: Actor) -> bool:
    """Tell whether somebody acts for a party that buys."""
    return not BUYERS.isdisjoint(who.manages.values())


def _must_make_sense(tx: Tx, words: ShortListWords) -> None:
    producer = parties_by_id(tx, [words.producer_id])[words.producer_id]
    if producer.role is not Role.PRODUCER:
        raise NotAProducer(party=producer.name)
    if find_site(tx, words.site_id).party_id != words.producer_id:
        raise NotFound(kind="site", id=words.site_id)
    if words.collect_by_s <= words.ready_s:
        raise HoursBackwards
    if words.round_id is not None and find_round(tx, words.round_id).state != "open":
        raise RoundEnded(round=words.round_id)
