"""
Which shipment a line of the ledger is about: a bid, a share of a tour, what was put right later, what a
claim paid for, a deposit on its crates.

A correction is about what the transfer that it gives back was about.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, func, literal, null, select

from pooling.ledger.ledger_proof import CORRECTION
from pooling.store.claiming import claim
from pooling.store.custody import signed_of
from pooling.store.market import bid, shipment, trip
from pooling.store.shipments import shipments_by_id
from pooling.store.sites import sites_by_id
from pooling.store.touring import handover, sign_up
from pooling.store.transaction import View
from pooling.store.waiting import waiting
from pooling.store.work import transfer


@dataclass(frozen=True)
class Carried:
    """
    Hold the shipment behind a line, as those concerned know it.

    ``payer_id`` is empty where the line is no carriage; ``crates`` 0 where it counts none, else those that
    were signed for, while nobody signed those that were agreed. ``regime`` is that of its trip.
    """

    shipment_id: str
    payer_id: str
    day: date
    from_site: str
    to_site: str
    crates: int
    kg: int
    regime: str = ""


@dataclass(frozen=True)
class _About:
    """Hold what a line's subject is about; ``crates`` ``None``: all of the shipment's."""

    shipment_id: str
    payer_id: str
    crates: int | None
    regime: str = ""


def carried_by(view: View, lines: Iterable[Row[Any]]) -> dict[str, Carried]:
    """Return the shipment behind each line (a row of a transfer) that has one, by the line's id."""
    subjects = _subjects(view, list(lines))
    known = _shipments(view, subjects.values())
    rows = shipments_by_id(view, [one.shipment_id for one in known.values()])
    sites = sites_by_id(view, [end for one in rows.values() for end in (one.from_site_id, one.to_site_id)])
    found, taken = {}, signed_of(view, rows)
    for line_id, subject in subjects.items():
        if subject in known:
            about = known[subject]
            one = rows[about.shipment_id]
            ends = sites[one.from_site_id].name, sites[one.to_site_id].name
            signed = taken.get(one.id, one.crates)
            crates, kg = (
                (signed, one.kg * signed // one.crates) if about.crates is None else (about.crates, 0)
            )
            found[line_id] = Carried(one.id, about.payer_id, one.day, *ends, crates, kg, about.regime)
    return found


def _subjects(view: View, lines: list[Row[Any]]) -> dict[str, tuple[str, str]]:
    """Return by what each line is known: a share of a tour by the transfer that was agreed."""
    found = {line.id: _subject(line) for line in lines}
    while given := {one: about for one, (kind, about) in found.items() if kind == CORRECTION}:
        query = select(transfer).where(transfer.c.id.in_(sorted(set(given.values()))))
        below = {row.id: _subject(row) for row in view.connection.execute(query)}
        found |= {one: below.get(about, ("", "")) for one, about in given.items()}
    return found


def _subject(row: Row[Any]) -> tuple[str, str]:
    if row.about_kind == "tour":
        return "tour", str(row.pending_id or row.id)
    return str(row.about_kind), str(row.about_id)


def _shipments(view: View, subjects: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], _About]:
    """Return the shipment that each subject is about, who pays its carriage, and which crates are meant."""
    ids: dict[str, list[str]] = {kind: [] for kind in ("bid", "tour", "shipment", "claim", "deposit")}
    for kind, about in set(subjects):
        ids.get(kind, []).append(about)
    nobody, all_of_it, uncounted = literal("").label("payer_id"), null().label("crates"), literal(0)
    rode = (
        select(func.coalesce(func.max(trip.c.regime), ""))
        .join(bid, bid.c.trip_id == trip.c.id)
        .where(bid.c.shipment_id == shipment.c.id, bid.c.state == "accepted")
        .scalar_subquery()
    )
    queries: dict[str, Any] = {
        "bid": select(bid.c.id, bid.c.shipment_id, bid.c.payer_id, all_of_it, trip.c.regime)
        .join(trip, trip.c.id == bid.c.trip_id)
        .where(bid.c.id.in_(ids["bid"])),
        "tour": select(sign_up.c.transfer_id, sign_up.c.shipment_id, sign_up.c.payer_id, all_of_it)
        .where(sign_up.c.transfer_id.in_(ids["tour"]))
        .union_all(
            select(waiting.c.charge_id, waiting.c.shipment_id, waiting.c.fault_id, uncounted).where(
                waiting.c.charge_id.in_(ids["tour"]), waiting.c.charge_id != ""
            )
        ),
        "shipment": select(
            shipment.c.id, shipment.c.id.label("shipment_id"), shipment.c.payer_id, all_of_it, rode
        ).where(shipment.c.id.in_(ids["shipment"])),
        "claim": select(claim.c.id, claim.c.shipment_id, nobody, claim.c.granted_crates).where(
            claim.c.id.in_(ids["claim"])
        ),
        "deposit": select(handover.c.id, handover.c.shipment_id, nobody, uncounted).where(
            handover.c.id.in_(ids["deposit"])
        ),
    }
    return {
        (kind, str(row[0])): _About(str(row[1]), str(row[2]), *row[3:])
        for kind, query in queries.items()
        if ids[kind]
        for row in view.connection.execute(query)
    }
