"""What a claim is worth, and to whom that is told: who is paid, who would pay, and operators."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from pooling.claims.amounts import claim_cents, late_most_cents
from pooling.claims.cover import by_weight_cents
from pooling.desk.actor import Actor
from pooling.store import View
from pooling.store.claims import paid_before
from pooling.store.shipments import find_shipment


@dataclass(frozen=True)
class Worth:
    """
    Hold what a claim pays, or would pay for all that is claimed, of how much that is covered.

    ``by_weight_cents`` stands beside it, to compare with; ``overdue`` tells that its next step is late.
    """

    covered_cents: int
    amount_cents: int
    by_weight_cents: int | None
    overdue: bool

    def is_told_to(self, row: Row[Any], who: Actor) -> bool:
        """Tell whether somebody may know the amounts: who receives crates that others pay for may not."""
        return who.is_operator or any(who.acts_for(one) for one in (row.payee_id, row.fault_id))


def worth_of(view: View, row: Row[Any]) -> Worth:
    """Count what a claim is worth as it stands; what was paid stands."""
    shipment = find_shipment(view, row.shipment_id)
    crates = row.granted_crates if row.state == "paid" else row.crates
    weight = by_weight_cents(shipment.kg, shipment.crates, crates, shipment.temperature)
    due_at = {"opened": row.answer_by_at, "with_operator": row.decide_by_at}.get(row.state)
    return Worth(
        covered_cents=most_of(row),
        amount_cents=row.paid_cents if row.state == "paid" else amount_of(view, row, row.crates),
        by_weight_cents=None if row.kind == "late" else weight,
        overdue=due_at is not None and view.now_at > due_at,
    )


def amount_of(view: View, row: Row[Any], crates: int) -> int:
    """Return what a claim pays for so many crates, with what was paid for the same shipment before."""
    agreed = find_shipment(view, row.shipment_id).crates
    before_cents = paid_before(view, row.shipment_id, late=row.kind == "late")
    return claim_cents(most_of(row), crates, agreed, before_cents)


def most_of(row: Row[Any]) -> int:
    """Return what is paid for all crates at most; of late ones a part of their carriage."""
    if row.kind != "late":
        return int(row.covered_cents)
    return late_most_cents(row.carriage_cents) if row.cover_version else 0
