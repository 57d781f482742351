"""When a tour is planned: as its operator asks, and when its cut-off has come."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row

from pooling.desk.actor import Actor
from pooling.desk.desk import Desk
from pooling.desk.tours.tour_planning import plan_tour
from pooling.desk.tours.tours import must_be_in, own_tour
from pooling.store import Ask, Tx
from pooling.store.jobs import jobs_about
from pooling.store.rows import held
from pooling.store.touring import tour
from pooling.store.tours import failed_plannings, past_cutoff
from pooling.work.jobs import Progress, enqueue

SEARCH_S = 4.0
"""
Seconds for each of the searches of one planning: two where the tour can be paid as it stands, two where
none that can be paid is found, else four.
"""

JOBS_LOOKED_AT = 20
"""The newest jobs about a tour, among which one is looked for that is still to begin."""

PLANNINGS_LIMIT = 3
"""A tour whose planning failed so often is left to its operator."""


def ask_plan(desk: Desk, who: Actor, ask: Ask, tour_id: str) -> str:
    """Ask for a tour to be planned now; returns the job, or one asked for before that has not begun yet."""

    def save(tx: Tx) -> str:
        row = own_tour(tx, who, tour_id)
        must_be_in(row, "proposed", "confirmed")
        held(tx, tour, tour_id)  # of two who ask at once one waits for the other
        about = jobs_about(tx, "tour", tour_id, JOBS_LOOKED_AT)
        waits = next((one.id for one in about if _waits(one)), None)
        if waits is not None:
            return str(waits)
        return enqueue(
            tx, "plan_tour", {"tour": tour_id}, "tour", tour_id, who.member_id, party_id=row.operator_id
        )

    return desk.once(ask, save)


def _waits(row: Row[Any]) -> bool:
    """Tell whether a planning that an operator asked for is still to begin: it reads what stands then."""
    begins = row.state == "queued" and row.attempt == 0 and not row.cancel_asked
    return bool(row.kind == "plan_tour" and row.asked_by and begins)


def cutoff_due(desk: Desk) -> int:
    """
    Ask for the tours whose cut-off has come to be planned; returns how many.

    Where a planning has failed before, the next one does without the search.
    """

    with desk.store.view() as view:
        if not past_cutoff(view):
            return 0

    def work(tx: Tx) -> int:
        asked = 0
        for row in past_cutoff(tx):
            held(tx, tour, row.id)
        for row in past_cutoff(tx):
            failed = failed_plannings(tx, row.id)
            if failed < PLANNINGS_LIMIT:
                words = {"tour": row.id, "search": failed == 0}
                enqueue(tx, "plan_tour", words, "tour", row.id, None, party_id=row.operator_id)
                asked += 1
        return asked

    return desk.store.change(work)


def plan_job(desk: Desk, arguments: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """Do the job of kind ``plan_tour``."""
    search_s = SEARCH_S if arguments.get("search", True) else 0.0
    everybody = bool(arguments.get("everybody"))
    return plan_tour(desk, arguments["tour"], progress, search_s=search_s, everybody=everybody)
