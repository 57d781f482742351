"""
Join a tour in company: several shipments judged together, and those who wait tried with one another.

Two farms beyond the hill that would each be refused ride together, because what they add together they
bring together. Nobody aboard pays more for it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, combinations
from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.claims.cover import must_accept_cover
from pooling.desk.actor import Actor
from pooling.desk.desk import TRIES, Desk, Moved
from pooling.desk.tours.sign_ups import must_be_taken, own_and_tour, write_joined
from pooling.desk.tours.tour_places import Joining, all_placed, all_places_of
from pooling.desk.tours.tour_world import TourWorld, tour_world
from pooling.desk.tours.tours import must_be_in
from pooling.store import Ask, Tx, View
from pooling.store.shipments import shipments_by_id
from pooling.store.tours import find_tour, waiting_on
from pooling.work.jobs import Progress

COMPANY_LIMIT = 8
"""Shipments that join in one call, and of those who wait the oldest that are tried with one another."""

SETS_OF = (1, 2, 3)
"""Those who wait are tried alone, two and three together, and at last all of the oldest."""


def join_together(
    desk: Desk, who: Actor, ask: Ask, tour_id: str, shipment_ids: Sequence[str], cover: str = ""
) -> str:
    """Put several own open shipments on a proposed tour, all or none; returns the tour."""
    ids = list(dict.fromkeys(shipment_ids))

    def decide(view: View) -> tuple[Joining, list[Row[Any]]]:
        rows = []
        for one in ids:
            row, tour = own_and_tour(view, who, tour_id, one)
            must_be_in(tour, "proposed")
            must_accept_cover(row.declared_value_cents, cover)
            rows.append(row)
        world = tour_world(desk, view, tour, asking=rows)
        return replace(all_placed(world, rows), cover=cover), rows

    def save(tx: Tx, decided: tuple[Joining, list[Row[Any]]]) -> str:
        write_joined(tx, *decided)
        return tour_id

    return desk.once_decided(ask, decide, save)


def join_waiting_job(desk: Desk, arguments: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """Do the job of kind ``join_waiting``: join whoever pays its way by now, until nobody more does."""
    joined, moved = list[str](), 0
    while moved < TRIES:
        progress("trying", 0.5)
        try:
            now = _join_some(desk, arguments["tour"], progress)
        except Moved:
            moved += 1
            continue
        if not now:
            break
        joined += now
    return {"joined": joined}


def _join_some(desk: Desk, tour_id: str, progress: Progress) -> list[str]:
    """Join the fewest who pay their way together, of those who wait; returns their sign-ups."""
    with desk.store.view() as view:
        tour = find_tour(view, tour_id)
        if tour.state != "proposed" or view.now_at >= tour.cutoff_at:
            return []
        rows = _waiting(view, tour)
        if not rows:
            return []
        world = tour_world(desk, view, tour, asking=rows)
    found = _first_that_fit(world, rows)
    if found is None:
        return []

    def save(tx: Tx) -> list[str]:
        progress.fence(tx)
        return write_joined(tx, *found)

    return desk.store.change(save)


def _waiting(view: View, tour: Row[Any]) -> list[Row[Any]]:
    """List the shipments that wait for a tour and that it may still carry."""
    waiting = waiting_on(view, tour.id)
    rows = shipments_by_id(view, [one.shipment_id for one in waiting])
    found = []
    for one in waiting:
        try:
            must_be_taken(view, tour, rows[one.shipment_id])
        except Refusal:
            continue
        found.append(rows[one.shipment_id])
    return found


def _first_that_fit(world: TourWorld, rows: Sequence[Row[Any]]) -> tuple[Joining, list[Row[Any]]] | None:
    """Return the first set, the smallest first and the oldest among these, that pays its way."""
    for ones in _sets(rows):
        try:
            joining = all_places_of(world, ones)
        except Refusal:
            continue
        if joining is not None:
            return joining, ones
    return None


def _sets(rows: Sequence[Row[Any]]) -> Iterator[list[Row[Any]]]:
    oldest = rows[:COMPANY_LIMIT]
    further = chain.from_iterable(combinations(oldest, size) for size in SETS_OF[1:])
    every = [oldest] if len(oldest) > SETS_OF[-1] else []
    return map(list, chain(((row,) for row in rows), further, every))
