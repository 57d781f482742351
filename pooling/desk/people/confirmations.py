"""
Confirm what a party says of itself and the law asks for: that it belongs to its group, that it is a farm.

Nobody confirms its own. What is agreed already is not undone where a confirmation is taken back.
"""

from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.actor import Actor, NotAllowed
from pooling.desk.desk import Desk
from pooling.names import same_group
from pooling.party import Role
from pooling.store import Ask, Page, Tx, View
from pooling.store.parties import confirmed_in_group, find_party, first_operator, list_group_askers
from pooling.store.people import party
from pooling.store.rows import at_revision, changed

GROUP_UNCONFIRMED: dict[str, object] = {"group_confirmed_by_id": "", "group_confirmed_at": None}


class GroupNotAsked(Refusal):
    code = "group_not_asked"
    reason = "{party} does not say that it belongs to “{group}”."
    cure = "Read the party again: it may have changed its group meanwhile."


class NoFarm(Refusal):
    code = "no_farm"
    reason = "{party} is no producer: it cannot be confirmed as a farm."
    cure = "Let it found a party as a producer."


def confirm_group(
    desk: Desk, who: Actor, ask: Ask, party_id: str, revision: int | None, group: str, *, yes: bool
) -> str:
    """
    Confirm that a party belongs to the group that it names, or take that back, as an operator.

    A manager of another party that is confirmed in the same group may confirm it as well.
    """

    def save(tx: Tx) -> str:
        row = find_party(tx, party_id)
        by_id = _confirms_group(tx, who, row, yes=yes)
        at_revision(row, revision, kind="party")
        if not same_group(group, row.group_name):
            raise GroupNotAsked(party=row.name, group=group)
        if yes != (row.group_confirmed_at is not None):
            now = {"group_confirmed_by_id": by_id, "group_confirmed_at": tx.now_at}
            changed(tx, party, row, now if yes else GROUP_UNCONFIRMED)
            tx.tell("party.confirmed", "party", party_id, [party_id], what="group", confirmed=yes)
        return party_id

    return desk.once(ask, save)


def confirm_farm(desk: Desk, who: Actor, ask: Ask, party_id: str, revision: int | None, *, yes: bool) -> str:
    """Confirm, as an operator, that a producer is a farm for the law; or take that back."""
    who.must_be_operator()

    def save(tx: Tx) -> str:
        row = find_party(tx, party_id)
        at_revision(row, revision, kind="party")
        if row.role != Role.PRODUCER:
            raise NoFarm(party=row.name)
        if yes == row.farm_waits:
            by_id, at = (_operating(who), tx.now_at) if yes else ("", None)
            now = {"farm_waits": not yes, "farm_confirmed_by_id": by_id, "farm_confirmed_at": at}
            changed(tx, party, row, now)
            tx.tell("party.confirmed", "party", party_id, [party_id], what="farm", confirmed=yes)
        return party_id

    return desk.once(ask, save)


def tell_group_asked(tx: Tx, party_id: str, group: str) -> None:
    """Tell the operator, and whoever is confirmed in a group, that a party says it belongs there."""
    if group:
        _tell_asked(tx, party_id, "group", confirmed_in_group(tx, group))


def tell_farm_asked(tx: Tx, party_id: str) -> None:
    """Tell the operator that a farm was founded which it has not confirmed."""
    _tell_asked(tx, party_id, "farm", [])


def group_askers(view: View, party_id: str, page: Page) -> tuple[list[Row[Any]], str]:
    """List who asks to belong to the group of a party; none before the party itself is confirmed there."""
    row = find_party(view, party_id)
    if not row.group_name or row.group_confirmed_at is None:
        return [], ""
    return list_group_askers(view, row.group_name, page)


def _confirms_group(view: View, who: Actor, row: Row[Any], *, yes: bool) -> str:
    """Return the party for which somebody confirms or takes back a group, or refuse."""
    if who.is_operator:
        return _operating(who)
    if not yes:
        raise NotAllowed(who="an operator")
    fellows = confirmed_in_group(view, row.group_name) if row.group_name else []
    own = next((one for one in fellows if who.acts_for(one)), None)
    if own is None or who.acts_for(row.id):
        raise NotAllowed(who="an operator, or a confirmed member of the group,")
    return own


def _operating(who: Actor) -> str:
    return min(one for one, role in who.manages.items() if role is Role.OPERATOR)


def _tell_asked(tx: Tx, party_id: str, what: str, fellows: list[str]) -> None:
    operator = first_operator(tx)
    told = {*fellows, *([operator.id] if operator else [])} - {party_id}
    tx.tell("party.asks", "party", party_id, told, what=what)
