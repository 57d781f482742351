"""Whom a claim is told to: who claims, who is paid, who held the crates, and who is to decide."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row

from pooling.store import Tx
from pooling.store.parties import first_operator
from pooling.store.tours import find_tour


def sides_of(row: Row[Any]) -> tuple[str, ...]:
    """Return the parties that a claim is about."""
    return tuple(one for one in (row.by_id, row.payee_id, row.fault_id) if one)


def tell(tx: Tx, topic: str, row: Row[Any], *, besides: Iterable[str] = ()) -> None:
    """Tell of a claim, without any amount; an operator that is to decide is told too."""
    told = {*sides_of(row), *besides} if topic != "claim.overdue" else set()
    if topic in ("claim.with_operator", "claim.overdue"):
        told |= _deciding(tx, row)
    tx.tell(topic, "claim", row.id, told, kind=row.kind, shipment=row.shipment_id, crates=row.crates)


def _deciding(tx: Tx, row: Row[Any]) -> set[str]:
    """Name the operator of the tour; of a trip the house's first."""
    if row.ride_kind == "tour":
        return {str(find_tour(tx.by_house(), row.ride_id).operator_id)}
    operator = first_operator(tx)
    return set() if operator is None else {str(operator.id)}
