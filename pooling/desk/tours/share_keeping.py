"""
Keep what a tour's shares rest on, in the transaction that tells them; and search once for better groups.

The order's own game is asked as the book is written. The best plan of every group takes seconds: a job
searches for it once a tour is confirmed, and adds it to that book.
"""

import json
from collections.abc import Container, Mapping
from hashlib import sha256
from time import monotonic
from typing import Any

from pooling.desk.desk import Desk
from pooling.desk.tours.tour_terms import Terms
from pooling.desk.tours.tour_world import PayersDays, TourWorld, tour_world
from pooling.fair.charging import Charge
from pooling.fair.game import BEST_PLAN_PARTIES
from pooling.fair.of_tour import BestGroups, best_groups
from pooling.fair.share_book import ShareBook, best_book, book_of, book_words, kept_book
from pooling.fair.sharing import Claimant
from pooling.store import Tx, View
from pooling.store.share_books import add_share_book, best_groups_found, last_share_book
from pooling.store.tours import find_tour
from pooling.work.jobs import Progress, enqueue
from routing.plan import Route
from routing.problem import Problem

BEST_PLANS_S = 5.0
"""So long the best plans of groups are searched for; what was not reached counts by the tour's own order."""


def keep_terms(
    tx: Tx, world: TourWorld, plan_id: str, terms: Terms, *, confirmed: bool = False
) -> ShareBook | None:
    """Keep what everybody aboard was told, with the plan of it; of an empty tour there is nothing to keep."""
    if terms.route is None or terms.problem is None or terms.charged is None:
        return None
    return keep_shares(tx, world, plan_id, terms.problem, terms.route, terms.charged, confirmed=confirmed)


def keep_shares(
    tx: Tx,
    world: TourWorld,
    plan_id: str,
    problem: Problem,
    route: Route,
    charged: Charge,
    *,
    confirmed: bool = True,
) -> ShareBook:
    """Keep what shares rest on; a confirmed tour's are held against every group's best plan besides."""
    tour_id, aboard = world.tour.id, {task.id for task in route.tasks}
    riding = [world.day.shipment_by_id[one] for one in sorted(aboard)]
    book = book_of(charged, problem, route, riding, world.tour.fee_cents)
    days = days_print({payer: world.payers_days[payer] for payer in charged.claimants}, aboard)
    book_id = add_share_book(tx, tour_id, plan_id, book_words(book), days)
    if confirmed and 1 < len(book.parties) <= BEST_PLAN_PARTIES and book.worst is not None:
        words = {"tour": tour_id, "book": book_id}
        enqueue(tx, "prove_groups", words, "tour", tour_id, None)
    return book


def days_print(payers_days: Mapping[str, PayersDays], aboard: Container[str]) -> str:
    """Return a print of what payers send and pay that day beside what rides here: caps move with it."""
    facts = {
        payer: [
            (
                day.isoformat(),
                sorted(one for one in own if one[0] not in aboard),
                sorted(one for one in paid.items() if one[0] not in aboard),
            )
            for day, (own, paid) in days
        ]
        for payer, days in payers_days.items()
    }
    return sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def prove_groups_job(desk: Desk, arguments: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """Do the job of kind ``prove_groups``: search for every group's best plan, for the book that holds."""
    progress("reading", 0.0)
    with desk.store.view() as view:
        found = _searched(desk, view, arguments["tour"], arguments["book"])
    if found is None:
        return {"kept": False}
    progress("saving", 0.9)

    def save(tx: Tx) -> None:
        progress.fence(tx)
        best_groups_found(tx, arguments["book"], book_words(best_book(found)))

    desk.store.change(save)
    return {"kept": True, "groups": found.groups, "searched": found.searched}


def _searched(desk: Desk, view: View, tour_id: str, book_id: str) -> BestGroups | None:
    """Search for the best plans of groups; ``None`` where the tour does not stand on this book any more."""
    row, kept = find_tour(view, tour_id), last_share_book(view, tour_id)
    if kept is None or kept.id != book_id or kept.best or kept.plan_id != row.plan_id:
        return None
    book, world = kept_book(kept.body), tour_world(desk, view, row)
    problem, plan = world.committed
    route = plan.route(row.id)
    aboard = [one for group in world.payers.aboard(route).values() for one in group] if route else []
    if route is None or {one.payer for one in aboard} != {one.party for one in book.parties}:
        return None
    until_s = monotonic() + BEST_PLANS_S
    claimants = {one.party: Claimant(one.alone_cents, one.cap_cents) for one in book.parties}
    shares_cents = {one.party: one.share_cents for one in book.parties}
    own_hours = world.at_own_hours(problem)
    return best_groups(own_hours, route, aboard, claimants, shares_cents, lambda: monotonic() > until_s)
