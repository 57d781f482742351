"""What a tour pays its carrier as it is planned, apart from what those aboard pay."""

import json
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row

from pooling.carriers.pay import Pay, Work, carrier_pay
from pooling.desk.actor import Actor
from pooling.desk.carriers.assigning import card_of
from pooling.store import View
from pooling.store.manifests import manifest_of
from pooling.store.plans import find_plan
from pooling.store.tours import find_tour, sign_ups_aboard
from pooling.store.waiting import waitings_of


@dataclass(frozen=True)
class TourPay:
    """
    Hold both sides of a tour's money, which are never mixed.

    ``pay`` is what the carrier gets by its card; ``shippers_cents`` what those who ride pay together.
    ``gap_cents`` is what the named account adds, ``None`` before the tour is confirmed.
    """

    row: Row[Any]
    work: Work
    pay: Pay
    shippers_cents: int | None
    gap_cents: int | None


def pay_of_tour(view: View, who: Actor, tour_id: str) -> TourPay:
    """Return what a tour pays, for its operator and its carrier; to others there is none."""
    row = find_tour(view, tour_id)
    who.must_see("tour's pay", tour_id, row.operator_id, row.carrier_id)
    work = _work(view, row)
    pay = carrier_pay(card_of(row), work) if work.stops else Pay(0, 0, 0, 0, 0)
    if row.state in ("proposed", "refused", "cancelled"):
        return TourPay(row, work, pay, None, None)
    paid_cents = sum(one.share_cents or 0 for one in sign_ups_aboard(view, tour_id))
    gap_cents = pay.total_cents + row.fee_cents - paid_cents
    return TourPay(row, work, replace(pay, waiting_cents=_waited_cents(view, row)), paid_cents, gap_cents)


def _waited_cents(view: View, row: Row[Any]) -> int:
    """Add up what waiting on its run came to, which those at fault owe beside all shares."""
    run = manifest_of(view.by_house(), "tour", row.id)
    return sum(one.cents for one in waitings_of(view, run.id)) if run is not None else 0


def _work(view: View, row: Row[Any]) -> Work:
    """Return what the plan of a tour comes to; nothing where nobody is aboard."""
    if not row.plan_id:
        return Work(0, 0, 0)
    plan = find_plan(view, row.plan_id)
    body = json.loads(plan.body)
    if not body["visits"]:
        return Work(0, 0, 0)
    return Work(plan.distance_m, body["ends_at"] - body["leaves_at"], body.get("stops") or _halts(body))


def _halts(body: dict[str, Any]) -> int:
    """Count the stops of a plan that was written before they were counted: sites in a row."""
    sites = [visit["site"] for visit in body["visits"]]
    return sum(1 for index, site in enumerate(sites) if index == 0 or site != sites[index - 1])
