"""
A month of a shared tool: what is noted of it, who bears what, and each party's word to its own share.

Nobody owes anything for a tool before it has agreed to its share of that month, which is over then. Once
anybody has agreed, nothing of the month is changed any more.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.desk import Desk
from pooling.desk.goods.shipments import day_at
from pooling.desk.tools.owning import ToolFull, must_own, tool_in_sight
from pooling.people.shared_tool import (
    ENTRIES_LIMIT,
    Cost,
    Due,
    SplitBy,
    ToolShare,
    Use,
    Utilisation,
    dues_of,
    split_month,
    utilisation,
)
from pooling.store import Ask, Tx, View
from pooling.store.ledger import Purpose, party_account, pay
from pooling.store.months import month_end
from pooling.store.rows import NotFound, added, changed, held
from pooling.store.shared_tools import (
    IN,
    entries_of,
    find_entry,
    find_tool,
    keep_month,
    kept_dues,
    kept_shares,
    not_noted,
    parts_of,
    runs_of,
    shared_tool,
    tool_due,
    tool_entry,
)


class ToolMonthAgreed(Refusal):
    code = "tool_month_agreed"
    reason = "{month} of {tool} was agreed to: nothing of it is changed any more."
    cure = "Note it in a later month, and say in words what it is."


class ToolMonthOpen(Refusal):
    code = "tool_month_open"
    reason = "{month} of {tool} is not over: the month still runs, or a run of its van has not ended."
    cure = "Agree once it is over; until then everybody may note what is missing."


class ToolDayAhead(Refusal):
    code = "tool_day_ahead"
    reason = "{day} is still to come."
    cure = "Note a use or a cost once it has happened."


class ToolShareDiffers(Refusal):
    code = "tool_share_differs"
    reason = "For {month} your part of {tool} comes to another amount than the one that you agreed to."
    cure = "Read the month again: something was noted meanwhile, or it is agreed already."


@dataclass(frozen=True)
class UseWords:
    """Hold a use as it is noted: metres of a van, crates × days of a cold room."""

    day: date
    units: int
    empty_m: int = 0
    used_m: int = 0
    what: str = ""


@dataclass(frozen=True)
class CostWords:
    """Hold what was laid out for a tool, and how it is split."""

    day: date
    cents: int
    by: SplitBy
    what: str


@dataclass(frozen=True)
class ToolMonth:
    """Hold a month: what was noted, who bears what, and who pays whom; ``agreed`` once it stands."""

    row: Row[Any]
    first: date
    uses: tuple[Use, ...]
    costs: tuple[Cost, ...]
    figures: Utilisation
    shares: tuple[ToolShare, ...]
    dues: tuple[tuple[Due, str], ...]
    """Who pays whom, and the transfer by which its payer agreed; empty before."""
    agreed: bool
    runs_open: bool


def note_tool_use(desk: Desk, who: Actor, ask: Ask, tool_id: str, party_id: str, words: UseWords) -> str:
    """Note that one's own party used a shared tool; runs of a van are counted without it."""

    def save(tx: Tx) -> str:
        must_own(tx, who, tool_id, party_id)
        row = _month_with_room(desk, tx, tool_id, words.day)
        use = Use("", party_id, words.day, words.units, words.empty_m, words.used_m)
        ways = (use.empty_m, use.used_m) if row.kind == "van" else (0, 0)
        about = {"tool_id": tool_id, "party_id": party_id, "day": use.day, "what": words.what}
        return added(
            tx, tool_entry, "ten", kind="use", units=use.units, empty_m=ways[0], used_m=ways[1], **about
        )

    return desk.once(ask, save)


def note_tool_cost(desk: Desk, who: Actor, ask: Ask, tool_id: str, party_id: str, words: CostWords) -> str:
    """Note what one's own party laid out for a shared tool."""

    def save(tx: Tx) -> str:
        must_own(tx, who, tool_id, party_id)
        _month_with_room(desk, tx, tool_id, words.day)
        about = {"tool_id": tool_id, "party_id": party_id, "day": words.day, "what": words.what}
        return added(tx, tool_entry, "ten", kind="cost", cents=words.cents, split=words.by, **about)

    return desk.once(ask, save)


def withdraw_tool_entry(desk: Desk, who: Actor, ask: Ask, tool_id: str, entry_id: str) -> str:
    """Take back what was noted of a month that nobody agreed to yet: by who noted it, or the keeper."""

    def save(tx: Tx) -> str:
        row, _ = tool_in_sight(tx, who, tool_id)
        entry = find_entry(tx, tool_id, entry_id)
        if entry is None or entry.state != "stands":
            raise NotFound(kind="entry", id=entry_id)
        if not who.acts_for(row.keeper_id):
            who.must_act_for(entry.party_id)
        _open_month(tx, tool_id, entry.day)
        changed(tx, tool_entry, entry, {"state": "withdrawn"})
        return entry_id

    return desk.once(ask, save)


def agree_tool_month(
    desk: Desk, who: Actor, ask: Ask, tool_id: str, party_id: str, first: date, cents: int
) -> str:
    """
    Agree to what one's own party owes for a month: it is posted to those who laid it out.

    ``cents`` is what it read; another amount by now is refused.
    """

    def save(tx: Tx) -> str:
        held(tx, shared_tool, tool_id)
        month = month_in_sight(tx, who, tool_id, first)
        who.must_act_for(party_id)
        row = month.row
        told = {"tool": row.name, "month": f"{first:%Y-%m}"}
        if month.runs_open or month_end(first) >= day_at(desk, tx.now_at):
            raise ToolMonthOpen(**told)
        mine = [due for due, transfer_id in month.dues if due.payer == party_id and not transfer_id]
        if not mine or sum(due.cents for due in mine) != cents:
            raise ToolShareDiffers(**told)
        if not month.agreed:
            keep_month(tx, tool_id, first, month.shares, dues_of(month.shares))
        for due in kept_dues(tx, tool_id, first):
            if due.payer_id == party_id:
                sides = party_account(due.payer_id), party_account(due.payee_id)
                why = f"{row.name}, {first:%Y-%m}"
                done = pay(tx, *sides, due.cents, Purpose("shared_tool", tool_id, why))
                changed(tx, tool_due, due, {"transfer_id": done})
        tx.tell("tool.agreed", "shared_tool", tool_id, {party_id, *(due.payee for due in mine)})
        return tool_id

    return desk.once(ask, save)


def month_in_sight(view: View, who: Actor, tool_id: str, first: date) -> ToolMonth:
    """Return a month to who holds a part of the tool, and to who bears any of it though it has left."""
    month = read_tool_month(view, find_tool(view, tool_id), first)
    if not any(who.acts_for(one.party) for one in month.shares):
        tool_in_sight(view, who, tool_id)
    return month


def read_tool_month(view: View, row: Row[Any], first: date) -> ToolMonth:
    """Read a month of a tool: as it was agreed to, else as it comes to now."""
    last = month_end(first)
    parts = {one: each.parts for one, each in parts_of(view, row.id).items() if each.state == IN}
    told, costs = entries_of(view, row.id, first, last)
    driven, runs_open = runs_of(view, row.plate, parts, first, last)
    uses = tuple(sorted((*told, *not_noted(driven, told)), key=lambda one: (one.day, one.id)))
    kept = kept_shares(view, row.id, first)
    shares = kept or split_month(parts, uses, costs)
    agreed = [
        (Due(due.payer_id, due.payee_id, due.cents), due.transfer_id)
        for due in kept_dues(view, row.id, first)
    ]
    return ToolMonth(
        row,
        first,
        uses,
        tuple(costs),
        utilisation(row.kind, row.capacity_crates, first, uses),
        shares,
        tuple(agreed if kept else ((due, "") for due in dues_of(shares))),
        agreed=bool(kept),
        runs_open=runs_open and not kept,
    )


def _open_month(tx: Tx, tool_id: str, day: date) -> Row[Any]:
    """Hold a tool whose month of a day may still change; refuses one that was agreed to."""
    held(tx, shared_tool, tool_id)
    row, first = find_tool(tx, tool_id), day.replace(day=1)
    if kept_shares(tx, tool_id, first):
        raise ToolMonthAgreed(tool=row.name, month=f"{first:%Y-%m}")
    return row


def _month_with_room(desk: Desk, tx: Tx, tool_id: str, day: date) -> Row[Any]:
    """Hold a tool that takes one more note of a day; refuses a month that is full, and a day to come."""
    row = _open_month(tx, tool_id, day)
    if day > day_at(desk, tx.now_at):
        raise ToolDayAhead(day=day)
    first = day.replace(day=1)
    uses, costs = entries_of(tx, tool_id, first, month_end(first))
    if len(uses) + len(costs) >= ENTRIES_LIMIT:
        raise ToolFull(limit=ENTRIES_LIMIT)
    return row
