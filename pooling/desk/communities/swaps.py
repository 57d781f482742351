"""Swap a day on duty: who has it asks another, who agrees; nothing changes before both did."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.communities.shops import NotOnDuty, must_have_duty, seen_turn
from pooling.desk.desk import Desk
from pooling.desk.states import said
from pooling.people.rota import Duty
from pooling.store import Ask, Tx, View
from pooling.store.belonging import rota_swap, shop
from pooling.store.rotas import count_swaps_asked, find_swap, find_turn, write_day
from pooling.store.rows import NotFound, added, at_revision, changed, held

SWAPS_LIMIT = 20
"""How many swaps of one turn may wait for an answer."""


class SwapClosed(Refusal):
    code = "swap_closed"
    reason = "This swap is {state}."
    cure = "Ask for another one."


class TooManySwaps(Refusal):
    code = "too_many_swaps"
    reason = "{limit} swaps of this turn wait for an answer already."
    cure = "Withdraw some, or wait until they are answered."


class SwapWithOneself(Refusal):
    code = "swap_with_oneself"
    reason = "A day is swapped with another party of the same shop."
    cure = "Choose somebody else's turn."


@dataclass(frozen=True)
class SwapWords:
    """Hold which day is given away, to whose turn, and which day is taken for it, if any."""

    day: date
    with_turn_id: str
    with_day: date | None = None


def ask_swap(desk: Desk, who: Actor, ask: Ask, turn_id: str, words: SwapWords) -> str:
    """Ask somebody of the same shop to take a day of one's own turn, for one of its own or for none."""

    def save(tx: Tx) -> str:
        turn, row = seen_turn(tx, who, turn_id)
        other, its_shop = seen_turn(tx, who, words.with_turn_id)
        who.must_act_for(turn.party_id, "who is on duty")
        if its_shop.id != row.id or other.party_id == turn.party_id:
            raise SwapWithOneself
        if count_swaps_asked(tx, turn_id) >= SWAPS_LIMIT:
            raise TooManySwaps(limit=SWAPS_LIMIT)
        _must_stand(tx, row, turn_id, words)
        values = {"day": words.day, "with_turn_id": words.with_turn_id, "with_day": words.with_day}
        swap_id = added(tx, rota_swap, "swap", shop_id=row.id, turn_id=turn_id, **values)
        told = {turn.party_id, other.party_id}
        tx.tell("swap.asked", "shop", row.id, told, swap=swap_id, day=str(words.day))
        return swap_id

    return desk.once(ask, save)


def agree_swap(desk: Desk, who: Actor, ask: Ask, swap_id: str, revision: int | None) -> str:
    """Agree to a swap that one was asked for: from now on each serves the other's day."""

    def save(tx: Tx) -> str:
        swap, row = _waiting(tx, who, swap_id, revision)
        other = find_turn(tx, swap.with_turn_id)
        who.must_act_for(other.party_id, "who is asked to swap")
        held(tx, shop, row.id)
        given, taken = _must_stand(
            tx, row, swap.turn_id, SwapWords(swap.day, swap.with_turn_id, swap.with_day)
        )
        write_day(tx, given.turn, given.day, swap.with_turn_id)
        if taken is not None:
            write_day(tx, taken.turn, taken.day, swap.turn_id)
        told = _answered(tx, swap, "agreed")
        tx.tell("swap.agreed", "shop", row.id, told, swap=swap_id, day=str(swap.day))
        return swap_id

    return desk.once(ask, save)


def refuse_swap(desk: Desk, who: Actor, ask: Ask, swap_id: str, revision: int | None) -> str:
    """Refuse a swap that one was asked for, or withdraw one that one asked for."""

    def save(tx: Tx) -> str:
        swap, _ = _waiting(tx, who, swap_id, revision)
        asker, asked = find_turn(tx, swap.turn_id).party_id, find_turn(tx, swap.with_turn_id).party_id
        if not who.acts_for(asker):
            who.must_act_for(asked, "who is asked to swap")
        facts = {"swap": swap_id, "day": str(swap.day)}
        if who.acts_for(asker):
            told = _answered(tx, swap, "withdrawn")
            tx.tell("swap.withdrawn", "shop", swap.shop_id, told, **facts)
        else:
            told = _answered(tx, swap, "refused")
            tx.tell("swap.refused", "shop", swap.shop_id, told, **facts)
        return swap_id

    return desk.once(ask, save)


def seen_swap(view: View, who: Actor, swap_id: str) -> Row[Any]:
    """Return a swap to the two that it concerns; to everybody else there is none."""
    swap = find_swap(view, swap_id)
    parties = {find_turn(view, one).party_id for one in (swap.turn_id, swap.with_turn_id)}
    if not any(who.acts_for(one) for one in parties):
        raise NotFound(kind="swap", id=swap_id)
    return swap


def _waiting(tx: Tx, who: Actor, swap_id: str, revision: int | None) -> tuple[Row[Any], Row[Any]]:
    swap = seen_swap(tx, who, swap_id)
    at_revision(swap, revision, kind="swap")
    if swap.state != "asked":
        raise SwapClosed(state=said(swap.state))
    return swap, seen_turn(tx, who, swap.turn_id)[1]


def _must_stand(tx: Tx, row: Row[Any], turn_id: str, words: SwapWords) -> tuple[Duty, Duty | None]:
    """Refuse days that their turns do not serve themselves, or no longer."""
    given = must_have_duty(tx, row, turn_id, words.day)
    taken = must_have_duty(tx, row, words.with_turn_id, words.with_day) if words.with_day else None
    for one in (given, taken):
        if one is not None and one.swapped:
            raise NotOnDuty(day=one.day)
    return given, taken


def _answered(tx: Tx, swap: Row[Any], state: str) -> set[str]:
    """Write the answer; returns the two parties that are told of it."""
    changed(tx, rota_swap, swap, {"state": state}, kind="swap")
    return {find_turn(tx, one).party_id for one in (swap.turn_id, swap.with_turn_id)}
