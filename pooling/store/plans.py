"""Plans in the store: the order of the visits, with their hours as moments."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, insert, select

from pooling.hours import DayClock
from pooling.store.rows import Page, found, paged
from pooling.store.touring import plan
from pooling.store.transaction import Tx, View
from routing.cost import stop_count
from routing.plan import Route
from routing.task import Kind, Task


@dataclass(frozen=True)
class PlanWords:
    """Hold what is kept of a route: which ride and revision it answers, its cost, and who found it."""

    ride_kind: str
    ride_id: str
    ride_revision: int
    source: str
    cost_cents: int


def add_plan(
    tx: Tx, plan_id: str, words: PlanWords, route: Route | None, site_of: Mapping[Task, str], clock: DayClock
) -> None:
    """Write a plan under its id; ``None`` where nobody is aboard."""
    tx.connection.execute(
        insert(plan).values(
            id=plan_id,
            ride_kind=words.ride_kind,
            ride_id=words.ride_id,
            ride_revision=words.ride_revision,
            source=words.source,
            cost_cents=words.cost_cents,
            distance_m=route.distance_m if route else 0,
            body=json.dumps(_body(route, site_of, clock)),
            created_at=tx.now_at,
        )
    )


def find_plan(view: View, plan_id: str) -> Row[Any]:
    return found(view, plan, plan_id)


def list_plans(view: View, ride_kind: str, ride_id: str, page: Page) -> tuple[list[Row[Any]], str]:
    query = select(plan).where(plan.c.ride_kind == ride_kind, plan.c.ride_id == ride_id)
    return paged(view, query, plan, page)


def planned_tasks(view: View, plan_id: str) -> tuple[Task, ...]:
    """Return the order of the visits of a plan; empty where there is none yet."""
    if not plan_id:
        return ()
    visits = json.loads(find_plan(view, plan_id).body)["visits"]
    return tuple(Task(_kind(visit["way"]), visit["shipment"]) for visit in visits)


def _kind(way: str) -> Kind:
    return "pickup" if way == "on" else "drop"


def _body(route: Route | None, site_of: Mapping[Task, str], clock: DayClock) -> dict[str, object]:
    midnight_at = int(clock.midnight.timestamp())
    if route is None:
        return {"visits": []}
    return {
        "leaves_at": midnight_at + route.leaves_s,
        "ends_at": midnight_at + route.ends_s,
        "drive_s": route.drive_s,
        "stops": stop_count(route),
        "visits": [
            {
                "way": "on" if visit.task.kind == "pickup" else "off",
                "shipment": visit.task.id,
                "site": site_of[visit.task],
                "arrives_at": midnight_at + visit.arrives_s,
                "begins_at": midnight_at + visit.begins_s,
                "leaves_at": midnight_at + visit.leaves_s,
                "crates": sum(visit.load[:3]),
            }
            for visit in route.visits
        ],
    }


def plans_since(view: View, tour_id: str, revision: int, limit: int) -> list[Row[Any]]:
    """List the plans that a tour was given since it stood at a revision, the oldest first."""
    of_it = (plan.c.ride_kind == "tour", plan.c.ride_id == tour_id, plan.c.ride_revision > revision)
    return list(
        view.connection.execute(select(plan).where(*of_it).order_by(plan.c.ride_revision).limit(limit))
    )
