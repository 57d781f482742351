"""Who owns a shared tool: its keeper asks others to take a part, and nobody owns one unasked."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.carriers.plates import must_be_plate, plate_kept
from pooling.desk.actor import Actor
from pooling.desk.desk import Desk
from pooling.desk.goods.shipments import day_at
from pooling.people.shared_tool import OWNERS_LIMIT, Kind
from pooling.store import Ask, Tx, View
from pooling.store.months import month_end
from pooling.store.parties import find_party
from pooling.store.rows import NotFound, added, changed, held
from pooling.store.shared_tools import (
    ASKED,
    HOLDS,
    IN,
    LEFT,
    find_tool,
    kept_shares,
    note_runs,
    parts_of,
    shared_tool,
    tool_part,
)


class NoPartOfTool(Refusal):
    code = "no_part_of_tool"
    reason = "{party} holds no part of {tool}."
    cure = "Its keeper asks it to take one, and it agrees; until then it notes nothing and pays nothing."


class KeeperStays(Refusal):
    code = "tool_keeper_stays"
    reason = "{party} keeps {tool}: its part does not end."
    cure = "Ask each other owner to leave instead; a tool that nobody uses costs nobody anything."


class ToolFull(Refusal):
    code = "tool_full"
    reason = "A shared tool bears {limit} at most: owners, or what is noted of one month."
    cure = "Note several uses or costs as one, or share a second tool."


@dataclass(frozen=True)
class ToolWords:
    """Hold what is said of a tool; ``parts`` are its keeper's own."""

    name: str
    kind: Kind
    plate: str
    capacity_crates: int
    parts: int


def share_tool(desk: Desk, who: Actor, ask: Ask, keeper_id: str, words: ToolWords) -> str:
    """Enter a tool that one's own party owns with others; it keeps it, and holds the first part."""

    def save(tx: Tx) -> str:
        find_party(tx, keeper_id)
        who.must_act_for(keeper_id)
        plate = words.plate if words.kind == "van" else ""
        if plate:
            must_be_plate(plate)
        about = {"name": words.name, "kind": words.kind, "capacity_crates": words.capacity_crates}
        tool_id = added(
            tx, shared_tool, "tool", keeper_id=keeper_id, plate=plate and plate_kept(plate), **about
        )
        added(tx, tool_part, "tpt", tool_id=tool_id, party_id=keeper_id, parts=words.parts, state=IN)
        return tool_id

    return desk.once(ask, save)


def ask_tool_part(desk: Desk, who: Actor, ask: Ask, tool_id: str, party_id: str, parts: int) -> str:
    """Ask a party to take a part, or another number of parts: it owns them once it agrees."""

    def save(tx: Tx) -> str:
        held(tx, shared_tool, tool_id)
        row, known = tool_in_sight(tx, who, tool_id)
        who.must_act_for(row.keeper_id, "the keeper of the tool")
        find_party(tx, party_id)
        before = known.get(party_id)
        if before is None and sum(one.state != LEFT for one in known.values()) >= OWNERS_LIMIT:
            raise ToolFull(limit=OWNERS_LIMIT)
        if before is None:
            added(tx, tool_part, "tpt", tool_id=tool_id, party_id=party_id, parts=parts, state=ASKED)
        else:
            state = IN if party_id == row.keeper_id else ASKED
            changed(tx, tool_part, before, {"parts": parts, "state": state})
        tx.tell("tool.asked", "shared_tool", tool_id, (party_id,))
        return tool_id

    return desk.once(ask, save)


def take_tool_part(desk: Desk, who: Actor, ask: Ask, tool_id: str, party_id: str, parts: int) -> str:
    """Take the part that one's own party is asked to take, as many parts as it read."""

    def save(tx: Tx) -> str:
        row, known = tool_in_sight(tx, who, tool_id)
        who.must_act_for(party_id)
        mine = known.get(party_id)
        if mine is None or mine.state != ASKED or mine.parts != parts:
            raise NoPartOfTool(party=find_party(tx, party_id).name, tool=row.name)
        changed(tx, tool_part, mine, {"state": IN})
        tx.tell("tool.taken", "shared_tool", tool_id, (row.keeper_id, party_id))
        return tool_id

    return desk.once(ask, save)


def leave_tool(desk: Desk, who: Actor, ask: Ask, tool_id: str, party_id: str) -> str:
    """
    End a party's part, or what it was asked: by that party, or by the keeper.

    What it drove this month and the one before is written down as its uses: later runs are nobody's business.
    """

    def save(tx: Tx) -> str:
        held(tx, shared_tool, tool_id)
        row, known = tool_in_sight(tx, who, tool_id)
        if not who.acts_for(row.keeper_id):
            who.must_act_for(party_id)
        mine = known.get(party_id)
        if mine is None or mine.state == LEFT:
            raise NoPartOfTool(party=find_party(tx, party_id).name, tool=row.name)
        if party_id == row.keeper_id:
            raise KeeperStays(party=find_party(tx, party_id).name, tool=row.name)
        if mine.state == IN:
            _note_runs(desk, tx, row, party_id)
        changed(tx, tool_part, mine, {"state": LEFT})
        tx.tell("tool.left", "shared_tool", tool_id, (row.keeper_id, party_id))
        return tool_id

    return desk.once(ask, save)


def _note_runs(desk: Desk, tx: Tx, row: Row[Any], party_id: str) -> None:
    today = day_at(desk, tx.now_at)
    this = today.replace(day=1)
    for first in ((this - timedelta(days=1)).replace(day=1), this):
        if not kept_shares(tx, row.id, first):
            note_runs(tx, row, party_id, first, month_end(first))


def tool_in_sight(view: View, who: Actor, tool_id: str) -> tuple[Row[Any], dict[str, Row[Any]]]:
    """Return a tool and its parts to who holds one or is asked to; to nobody else is there such a tool."""
    row = find_tool(view, tool_id)
    known = parts_of(view, tool_id)
    if not any(who.acts_for(party_id) and one.state in HOLDS for party_id, one in known.items()):
        raise NotFound(kind="shared tool", id=tool_id)
    return row, known


def must_own(view: View, who: Actor, tool_id: str, party_id: str) -> Row[Any]:
    """Return a tool to a manager of a party that owns a part of it."""
    row, known = tool_in_sight(view, who, tool_id)
    who.must_act_for(party_id)
    if party_id not in known or known[party_id].state != IN:
        raise NoPartOfTool(party=find_party(view, party_id).name, tool=row.name)
    return row
