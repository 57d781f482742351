"""
An operator's hands on a tour: pin, lock, move, split, merge, undo.

Each act is decided on the tours as they stand and refused with the list of promises that it would break;
looking at it first writes nothing. What was done is an entry of a log that is only added to: an undo is
one more.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.desk import Desk
from pooling.desk.hands.hand_saving import save_parts
from pooling.desk.hands.hand_seen import free_row, must_have_seen
from pooling.desk.hands.hand_sides import Found, Part, Target, agreed_cents, found_tour, wanted_part
from pooling.desk.hands.hand_splits import split_row, split_words
from pooling.desk.hands.hand_vans import assignable, in_van, other_van, van_of
from pooling.desk.hands.hand_words import HandWords, Stood, order_of
from pooling.desk.tours.tours import own_tour, write_tour
from pooling.money import Cents
from pooling.phrases import Phrases
from pooling.store import Ask, Page, Tx, View
from pooling.store.hand_moves import entries_of, list_hand_moves, move_to_undo
from pooling.store.tours import find_tour, sign_ups_aboard
from pooling.tours.hand_breaks import (
    HandBreaksPromises,
    HandFewerStops,
    HandLastAboard,
    HandLocked,
    HandNotAboard,
    HandNothing,
    HandNothingToUndo,
    HandOtherTour,
    HandPinned,
    HandPriceRises,
    HandRidePromised,
    HandUndoTooLate,
)
from pooling.tours.hands import WAYS, moved
from pooling.tours.holds import NOTHING_HELD, Holds, read_holds
from routing.problem import Window
from routing.task import Task


@dataclass(frozen=True)
class Act:
    """Hold an act as it was decided: its parts, every promise that it would break, and what it takes back."""

    words: HandWords
    row: Row[Any]
    parts: tuple[Part, ...]
    broken: tuple[Refusal, ...]
    undoes_id: str = ""

    @property
    def kind(self) -> str:
        return "undo" if self.undoes_id else self.words.kind


def look_by_hand(desk: Desk, who: Actor, tour_id: str, words: HandWords) -> Act:
    """Return what an act would come to and break; nothing is written."""
    with desk.store.view() as view:
        act = _decided(desk, view, who, tour_id, words, None, {})
    made = next((part for part in act.parts if part.fresh_words is not None or part.after.van), None)
    refusal = None if made is None else assignable(desk, act.row, made)
    return act if refusal is None else replace(act, broken=(*act.broken, refusal))


def move_by_hand(
    desk: Desk,
    who: Actor,
    ask: Ask,
    tour_id: str,
    revision: int | None,
    words: HandWords,
    others: Mapping[str, int] | None = None,
) -> str:
    """
    Do by hand what was asked, where it breaks no promise; returns the act.

    ``others`` are the revisions at which other tours were looked at. Every tour that is touched must have
    been seen (``revision_needed``): nobody acts on what somebody else has changed meanwhile.
    """

    def decide(view: View) -> Act:
        must_have_seen(view, who, tour_id, revision)
        if words.other_tour_id:
            must_have_seen(view, who, words.other_tour_id, (others or {}).get(words.other_tour_id))
        return _unbroken(_decided(desk, view, who, tour_id, words, revision, others or {}))

    return desk.once_decided(ask, decide, lambda tx, act: _saved(desk, tx, who, act))


def undo_by_hand(desk: Desk, who: Actor, ask: Ask, tour_id: str, revision: int | None) -> str:
    """Take back the last act on a tour, where nothing that depends on it has moved; returns the act."""

    def decide(view: View) -> Act:
        must_have_seen(view, who, tour_id, revision)
        return _unbroken(_undoing(desk, view, who, tour_id, revision))

    return desk.once_decided(ask, decide, lambda tx, act: _saved(desk, tx, who, act))


def look_at_undo(desk: Desk, who: Actor, tour_id: str) -> Act:
    """Return what taking back the last act would come to and break; nothing is written."""
    with desk.store.view() as view:
        return _undoing(desk, view, who, tour_id, None)


def seen_by_hand(desk: Desk, view: View, who: Actor, tour_id: str) -> Found:
    """Return a tour as it stands to its operator; to anybody else there is none to be moved."""
    row = find_tour(view, tour_id)
    who.must_see("tour by hand", tour_id, row.operator_id)
    return found_tour(desk, view, row)


def seen_hand_moves(view: View, who: Actor, tour_id: str, page: Page) -> tuple[list[Row[Any]], str]:
    """List what was done by hand on a tour, newest first, to its operator."""
    row = find_tour(view, tour_id)
    who.must_see("tour by hand", tour_id, row.operator_id)
    return list_hand_moves(view, tour_id, page)


def _unbroken(act: Act) -> Act:
    if act.broken:
        listed = " ".join(one.sentence for one in act.broken)
        codes = {f"{at}": one.code for at, one in enumerate(act.broken, start=1)}
        raise HandBreaksPromises(count=len(act.broken), listed=listed, breaks=codes)
    return act


def _decided(
    desk: Desk,
    view: View,
    who: Actor,
    tour_id: str,
    words: HandWords,
    revision: int | None,
    others: Mapping[str, int],
) -> Act:
    row = free_row(view, who, tour_id, revision)
    words.must_make_sense()
    found = found_tour(desk, view, row)
    if words.kind in ("move_to", "merge", "split"):
        parts, broken = _between(desk, view, who, found, words, others)
    elif words.kind == "van":
        parts, broken = (_in_other_van(desk, view, found, words),), []
    else:
        target = Target(*_held_or_moved(found, words), state=row.state)
        parts, broken = (wanted_part(desk, view, row, found, target),), []
    act = Act(words, row, parts, (*broken, *(one for part in parts for one in part.broken)))
    if all(part.before.same_as(part.after) for part in act.parts):
        raise HandNothing(tour=tour_id)
    return act


def _in_other_van(desk: Desk, view: View, found: Found, words: HandWords) -> Part:
    """Return a tour with everybody aboard in the same order, in another van."""
    row = other_van(view, found.row, words)
    stood = replace(found.stood, van=van_of(found.row))
    target = Target(found.stood.tasks, found.stood.holds, row.state, van=van_of(row))
    return wanted_part(desk, view, row, replace(found, stood=stood), target)


def _held_or_moved(found: Found, words: HandWords) -> tuple[tuple[Task, ...], Holds]:
    """Return the order and what is held on one tour after an act that touches no other."""
    tasks, holds, task = found.stood.tasks, found.stood.holds, words.task
    aboard = {one.id for one in tasks}
    if words.kind != "lock_first" and words.shipment_id not in aboard:
        raise HandNotAboard(shipment=words.shipment_id, tour=found.row.id)
    if words.kind == "pin":
        return tasks, replace(holds, pinned=holds.pinned | {words.shipment_id})
    if words.kind == "unpin":
        return tasks, replace(holds, pinned=holds.pinned - {words.shipment_id})
    if words.kind == "lock":
        before = frozenset(tasks[: tasks.index(task)])
        return tasks, replace(holds, places={**holds.places, task: before})
    if words.kind == "unlock":
        return tasks, _unlocked(holds, task)
    if words.kind == "lock_first":
        if words.count > len(tasks):
            raise HandFewerStops(tour=found.row.id, stops=len(tasks), count=words.count)
        return tasks, replace(holds, first=tasks[: words.count])
    if words.kind == "lock_hour":
        midnight_at = found.world.at(0)
        from_s = max(0, (words.from_at or 0) - midnight_at)
        window = Window(from_s, max(from_s, (words.until_at or words.from_at or 0) - midnight_at))
        return tasks, replace(holds, hours={**holds.hours, task: window})
    return moved(tasks, task, words.place), holds


def _unlocked(holds: Holds, task: Task) -> Holds:
    """Take every lock off a visit; a locked beginning ends before it."""
    first = holds.first[: holds.first.index(task)] if task in holds.first else holds.first
    return replace(
        holds,
        first=first,
        places={one: before for one, before in holds.places.items() if one != task},
        hours={one: window for one, window in holds.hours.items() if one != task},
    )


def _between(
    desk: Desk, view: View, who: Actor, found: Found, words: HandWords, others: Mapping[str, int]
) -> tuple[tuple[Part, ...], list[Refusal]]:
    """Return the two tours of an act that moves shipments from one to the other."""
    source, goal = found, None
    if words.kind != "split":
        goal = _other(desk, view, who, found, words.other_tour_id, others)
    if words.kind == "merge" and goal is not None:
        source, goal = goal, found
    leaving = source.world.aboard if words.kind == "merge" else words.leaving
    going = _sign_ups(source, leaving)
    stays = tuple(task for task in source.stood.tasks if task.id not in leaving)
    left = {task.id for task in stays}
    if words.kind == "split" and (not going or not left):
        raise HandNothing(tour=source.row.id)
    state = "cancelled" if words.kind == "merge" else source.row.state
    if not left and state == "confirmed":
        raise HandLastAboard(tour=source.row.id)
    away = Target(stays, source.stood.holds.among(left), state, leaving=frozenset(leaving))
    parts = [wanted_part(desk, view, source.row, source, away)]
    if goal is None:
        gap_party = source.row.gap_party_id
        takes_gap = gap_party is not None and who.acts_for(gap_party)
        fresh = split_words(view, source.row, words, takes_gap=takes_gap)
        row = split_row(view, source.row, fresh)
        target = Target((), NOTHING_HELD, source.row.state, tuple(going), fresh_words=fresh)
        parts.append(wanted_part(desk, view, row, None, target))
        return tuple(parts), list(_leaving_breaks(source, row, going, merge=False))
    pins = source.stood.holds.pinned if words.kind == "merge" else frozenset()
    holds = replace(goal.stood.holds, pinned=goal.stood.holds.pinned | pins)
    target = Target(goal.stood.tasks, holds, goal.row.state, tuple(going))
    parts.append(wanted_part(desk, view, goal.row, goal, target))
    return tuple(parts), list(_leaving_breaks(source, goal.row, going, merge=words.kind == "merge"))


def _other(
    desk: Desk, view: View, who: Actor, found: Found, other_id: str, others: Mapping[str, int]
) -> Found:
    """Return the other tour of an act; refuses one of another day or operator, and one that is frozen."""
    row = free_row(view, who, other_id, others.get(other_id))
    here = found.row
    strange = (row.day, row.operator_id, row.timezone) != (here.day, here.operator_id, here.timezone)
    if row.id == here.id or strange:
        raise HandOtherTour(tour=here.id, other=row.id)
    return found_tour(desk, view, row)


def _sign_ups(source: Found, shipment_ids: tuple[str, ...]) -> list[Row[Any]]:
    rows = {one.shipment_id: one for one in source.world.sign_ups}
    for one in shipment_ids:
        if one not in rows:
            raise HandNotAboard(shipment=one, tour=source.row.id)
    return [rows[one] for one in dict.fromkeys(shipment_ids)]


def _leaving_breaks(source: Found, goal: Row[Any], going: list[Row[Any]], *, merge: bool) -> list[Refusal]:
    """Name what forbids that shipments leave one tour for another: pins, locks, prices, rides promised."""
    found: list[Refusal] = []
    holds = source.stood.holds
    locked = {*holds.first, *holds.places, *holds.hours}
    for one in going:
        if one.shipment_id in holds.pinned and not merge:
            found.append(HandPinned(shipment=one.shipment_id, tour=source.row.id))
        tasks = [Task("pickup", one.shipment_id), Task("drop", one.shipment_id)]
        found += [
            HandLocked(shipment=task.id, way=Phrases((WAYS[task.kind],))) for task in tasks if task in locked
        ]
        if goal.crate_cents > one.crate_cents:
            prices = {"joined": Cents(one.crate_cents), "crate": Cents(goal.crate_cents)}
            found.append(HandPriceRises(shipment=one.shipment_id, tour=goal.id, **prices))
        if source.row.state == "confirmed" and goal.state == "proposed":
            found.append(HandRidePromised(shipment=one.shipment_id, tour=goal.id))
    return found


def _undoing(desk: Desk, view: View, who: Actor, tour_id: str, revision: int | None) -> Act:
    """Return the act that puts the tours of the last one back as they stood before it."""
    row = free_row(view, who, tour_id, revision)
    last = move_to_undo(view, tour_id)
    if last is None:
        raise HandNothingToUndo(tour=tour_id)
    entries = entries_of(view, last.move_id)
    founds = {one.tour_id: _as_left(desk, view, who, one) for one in entries}  # each, before any is put back
    rides = {
        sign_up.shipment_id: sign_up for one in entries for sign_up in sign_ups_aboard(view, one.tour_id)
    }
    shares = _brought_back(entries, agreed_cents(rides.values()))
    parts = []
    for one in entries:
        found, before, after = founds[one.tour_id], _stood(one.before), _stood(one.after)
        wanted, here = {task.id for task in before.tasks}, {task.id for task in after.tasks}
        target = Target(
            before.tasks,
            before.holds,
            before.state,
            incoming=tuple(rides[shipment] for shipment in sorted(wanted - here)),
            leaving=frozenset(here - wanted),
            agreed_cents={one: shares[one] for one in before.shares_cents if one in shares},
            van=before.van,
        )
        parts.append(wanted_part(desk, view, in_van(found.row, before.van), found, target))
    broken = tuple(one for part in parts for one in part.broken)
    return Act(HandWords("move", other_tour_id=last.other_tour_id), row, tuple(parts), broken, last.move_id)


def _as_left(desk: Desk, view: View, who: Actor, entry: Row[Any]) -> Found:
    """Return a tour of an act as that act has left it; refuses where it stands otherwise by now."""
    found, after = found_tour(desk, view, own_tour(view, who, entry.tour_id)), _stood(entry.after)
    if after.van:
        found = replace(found, stood=replace(found.stood, van=van_of(found.row)))
    if not found.stood.same_as(after):
        raise HandUndoTooLate(tour=entry.tour_id)
    return found


def _brought_back(entries: Sequence[Row[Any]], stands: Mapping[str, int]) -> dict[str, int]:
    """Return the shares to which an undo may go back: of whoever was told less since, no more than that."""
    before = {one: cents for entry in entries for one, cents in _stood(entry.before).shares_cents.items()}
    left = {one: cents for entry in entries for one, cents in _stood(entry.after).shares_cents.items()}
    return {
        one: cents if stands[one] == left.get(one) else min(cents, stands[one])
        for one, cents in before.items()
        if one in stands
    }


def _stood(kept: str) -> Stood:
    one = json.loads(kept)
    return Stood(
        one["state"], order_of(one["order"]), read_holds(one["holds"]), one["shares"], one.get("van", {})
    )


def _saved(desk: Desk, tx: Tx, who: Actor, act: Act) -> str:
    parts = tuple(part if part.fresh_words is None else _made(desk, tx, act.row, part) for part in act.parts)
    return save_parts(tx, who, act.kind, act.words, parts, act.undoes_id)


def _made(desk: Desk, tx: Tx, row: Row[Any], part: Part) -> Part:
    """Write the tour that a split makes, and let its part speak of it."""
    if part.fresh_words is None:
        return part
    tour_id = write_tour(desk, tx, row.operator_id, part.fresh_words, timezone=row.timezone)
    made = find_tour(tx, tour_id)
    standing, tour = part.world.standing, replace(part.world.tour, id=tour_id)
    day = replace(standing.day, tours=(tour,))
    world = replace(part.world, row=made, standing=replace(standing, day=day))
    route = part.after_figures.route
    figures = replace(part.after_figures, route=replace(route, vehicle=tour_id) if route else None)
    asked = part.side.problem
    problem = asked.narrowed(tuple(replace(one, id=tour_id) for one in asked.vehicles), asked.requests)
    side = replace(part.side, tour=tour, problem=problem)
    return replace(part, world=world, after_figures=figures, side=side)
