"""Dossiers of carriers in the store: their state, papers, weeks, and the days on which they drive."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, delete, insert, or_, select

from pooling.carriers.dossier import TOLD_BEFORE, Paper, PaperKind
from pooling.store.carrying import carrier_week, dossier, paper
from pooling.store.people import party
from pooling.store.rows import Page, added, found, paged
from pooling.store.touring import tour
from pooling.store.transaction import Tx, View

ON_THE_ROAD = ("proposed", "confirmed", "frozen", "under_way", "done")
"""States of a tour that takes one of its carrier's days."""


def find_dossier(view: View, party_id: str) -> Row[Any] | None:
    """Return a carrier's dossier, if it has one."""
    return view.connection.execute(select(dossier).where(dossier.c.party_id == party_id)).one_or_none()


def add_dossier(tx: Tx, party_id: str, state: str) -> Row[Any]:
    added(tx, dossier, "dos", party_id=party_id, state=state)
    row = find_dossier(tx, party_id)
    if row is None:
        raise AssertionError("What was written is there.")
    return row


def list_dossiers(view: View, state: str, page: Page) -> tuple[list[Row[Any]], str]:
    """List dossiers with the names of their carriers, in one state where it is given."""
    query = select(dossier, party.c.name).join(party, party.c.id == dossier.c.party_id)
    if state:
        query = query.where(dossier.c.state == state)
    return paged(view, query, dossier, page)


def find_paper(view: View, paper_id: str) -> Row[Any]:
    return found(view, paper, paper_id)


def list_papers(view: View, party_id: str, page: Page) -> tuple[list[Row[Any]], str]:
    return paged(view, select(paper).where(paper.c.party_id == party_id), paper, page)


def papers_of(view: View, party_id: str) -> list[Paper]:
    """Return all papers of a carrier that were not refused, as the pure code knows them."""
    query = select(paper).where(paper.c.party_id == party_id, paper.c.state != "refused")
    rows = view.connection.execute(query)
    return [Paper(PaperKind(row.kind), row.about_id, row.state, row.expires) for row in rows]


def papers_counted(view: View, party_id: str) -> int:
    return len(view.connection.execute(select(paper.c.id).where(paper.c.party_id == party_id)).all())


def papers_ending(view: View, until: date, limit: int) -> list[Row[Any]]:
    """List papers that end by a day and of whose end not everything was told, the first to end first."""
    query = (
        select(paper)
        .where(
            paper.c.state == "checked",
            paper.c.expires <= until,
            or_(paper.c.told_days.is_(None), paper.c.told_days > min(TOLD_BEFORE)),
        )
        .order_by(paper.c.expires, paper.c.id)
        .limit(limit)
    )
    return list(view.connection.execute(query))


def days_driven(view: View, party_id: str, monday: date, *, but: str = "") -> list[date]:
    """Return the days of a week on which a carrier has a tour, leaving one tour out."""
    query = select(tour.c.day).where(
        tour.c.carrier_id == party_id,
        tour.c.state.in_(ON_THE_ROAD),
        tour.c.day >= monday,
        tour.c.day < monday + timedelta(days=7),
        tour.c.id != but,
    )
    return list(view.connection.execute(query.distinct()).scalars())


def tours_in_vehicle(view: View, row: Any) -> list[str]:  # noqa: ANN401 - a row, or what is to become one
    """List the other tours that a tour's vehicle would drive at the same time."""
    query = select(tour.c.id).where(
        tour.c.vehicle_id == row.vehicle_id,
        tour.c.state.in_(ON_THE_ROAD),
        tour.c.opens_at < row.closes_at,
        tour.c.closes_at > row.opens_at,
        tour.c.id != row.id,
    )
    return list(view.connection.execute(query).scalars())


def week_granted(view: View, party_id: str, monday: date) -> Row[Any] | None:
    """Return what the operator granted a carrier for one week, if anything."""
    query = select(carrier_week).where(carrier_week.c.party_id == party_id, carrier_week.c.monday == monday)
    return view.connection.execute(query).one_or_none()


def weeks_granted(view: View, party_id: str, limit: int) -> list[Row[Any]]:
    """List the weeks of which something was granted, the latest first."""
    query = select(carrier_week).where(carrier_week.c.party_id == party_id)
    return list(view.connection.execute(query.order_by(carrier_week.c.monday.desc()).limit(limit)))


def grant_week(tx: Tx, party_id: str, monday: date, days: int, reason: str) -> None:
    """Write what is granted for a week, in place of what was before."""
    mine = (carrier_week.c.party_id == party_id, carrier_week.c.monday == monday)
    tx.connection.execute(delete(carrier_week).where(*mine))
    values = {"party_id": party_id, "monday": monday, "days": days, "reason": reason}
    tx.connection.execute(
        insert(carrier_week).values(**values, by_member_id=tx.by_member_id, created_at=tx.now_at)
    )


def carriers_active(view: View, party_ids: Iterable[str]) -> set[str]:
    """Return those of these parties whose dossier is active, or who were vetted without one."""
    ids = list(party_ids)
    query = select(party.c.id).outerjoin(dossier, dossier.c.party_id == party.c.id)
    standing = or_(dossier.c.state == "active", dossier.c.state.is_(None))
    rows = view.connection.execute(query.where(party.c.id.in_(ids), party.c.vetted, standing))
    return set(rows.scalars())


def licence_papers(view: View, party_id: str) -> list[Row[Any]]:
    """List the transport licences of a carrier, whatever became of them, the longest to hold first."""
    query = select(paper).where(
        paper.c.party_id == party_id, paper.c.kind == PaperKind.TRANSPORT_LICENCE.value
    )
    rows = list(view.connection.execute(query))
    return sorted(rows, key=lambda row: (row.expires or date.max, row.id), reverse=True)
