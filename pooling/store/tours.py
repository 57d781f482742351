"""Tours and sign-ups in the store."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, func, select, update

from pooling.store.market import shipment
from pooling.store.reading import read_rows
from pooling.store.rows import Page, found, paged
from pooling.store.sight import must_exist, part_must_exist, visible
from pooling.store.touring import sign_up, tour
from pooling.store.transaction import Tx, View
from pooling.store.work import job, transfer

ABOARD = ("joined", "riding")
"""The states of a sign-up that holds its place on a tour."""


_ANY = (
    select(tour.c.id)
    .where(tour.c.day == bindparam("its_day"), tour.c.state == bindparam("its_state"))
    .limit(1)
)


def find_tour(view: View, tour_id: str) -> Row[Any]:
    """Return a tour that exists for who looks."""
    return must_exist(view, tour, found(view, tour, tour_id), "tour")


def for_any_carrier(row: Row[Any]) -> bool:
    """Tell whether a tour's carrier may still be another: then only its operator sees which it is."""
    return bool(row.carrier_open and row.state == "proposed")


def find_sign_up(view: View, sign_up_id: str) -> Row[Any]:
    return part_must_exist(view, sign_up, found(view, sign_up, sign_up_id, kind="sign-up"), "sign-up")


def list_tours(view: View, page: Page, *, day: date | None, state: str) -> tuple[list[Row[Any]], str]:
    """List tours, of one day and in one state where these are given."""
    query = select(tour).where(visible(view, tour))
    if day is not None:
        query = query.where(tour.c.day == day)
    if state:
        query = query.where(tour.c.state == state)
    return paged(view, query, tour, page)


def any_tour(view: View, day: date, state: str) -> bool:
    """Tell whether any tour of a day is in a state, whoever may see it."""
    return bool(read_rows(view, _ANY, {"its_day": day, "its_state": state}))


def tours_of_day(view: View, day: date, state: str, limit: int) -> list[Row[Any]]:
    """
    List the tours of a day in one state, those proposed first, that everybody may join.

    A community's tours are its own: what plans a day for the whole house leaves them alone.
    """
    query = select(tour).where(*_open_to_all(day, state)).order_by(tour.c.id).limit(limit)
    return list(view.connection.execute(query))


def tours_counted(view: View, day: date, state: str) -> int:
    """Count all of the same."""
    query = select(func.count()).select_from(tour).where(*_open_to_all(day, state))
    return int(view.connection.execute(query).scalar_one())


def _open_to_all(day: date, state: str) -> tuple[ColumnElement[bool], ...]:
    return (tour.c.day == day, tour.c.state == state, tour.c.community_id.is_(None))


def tours_driven_by(view: View, carrier_id: str, state: str) -> list[Row[Any]]:
    """List a carrier's tours in one state that are not over."""
    its = (tour.c.carrier_id == carrier_id, tour.c.state == state, tour.c.closes_at > view.now_at)
    return list(view.connection.execute(select(tour).where(*its).order_by(tour.c.id)))


def list_same_day(view: View, row: Row[Any]) -> list[Row[Any]]:
    """List the other tours of a tour's day and operator that are not frozen yet."""
    query = select(tour).where(
        tour.c.day == row.day,
        tour.c.operator_id == row.operator_id,
        tour.c.timezone == row.timezone,
        tour.c.id != row.id,
        tour.c.state.in_(("proposed", "confirmed")),
    )
    return list(view.connection.execute(query.order_by(tour.c.id).limit(100)))


def tours_by_id(view: View, tour_ids: Iterable[str]) -> list[Row[Any]]:
    """Return tours by ids that who looks has found already, whatever became of them."""
    query = select(tour).where(tour.c.id.in_(list(tour_ids))).order_by(tour.c.id)
    return list(view.connection.execute(query))


def list_sign_ups(
    view: View, tour_id: str, payers: Iterable[str] | None, page: Page
) -> tuple[list[Row[Any]], str]:
    """List the sign-ups of a tour that these parties pay for (``None``: all)."""
    query = select(sign_up).where(sign_up.c.tour_id == tour_id)
    if payers is not None:
        query = query.where(sign_up.c.payer_id.in_(list(payers)))
    return paged(view, query, sign_up, page)


def sign_ups_aboard(view: View, tour_id: str) -> list[Row[Any]]:
    """List the sign-ups that hold a place on a tour, in the order of their joining."""
    rows = view.connection.execute(
        select(sign_up)
        .where(sign_up.c.tour_id == tour_id, sign_up.c.state.in_(ABOARD))
        .order_by(sign_up.c.created_at, sign_up.c.id)
    )
    return list(rows)


def waiting_on(view: View, tour_id: str) -> list[Row[Any]]:
    """List the sign-ups that wait until they fit on a tour, in the order of their asking."""
    query = select(sign_up).where(sign_up.c.tour_id == tour_id, sign_up.c.state == "waiting")
    return list(view.connection.execute(query.order_by(sign_up.c.created_at, sign_up.c.id)))


def crates_aboard(view: View, tour_ids: Iterable[str]) -> dict[str, int]:
    """Count the crates that signed up for each tour."""
    rows = view.connection.execute(
        select(sign_up.c.tour_id, func.sum(shipment.c.crates))
        .join(shipment, shipment.c.id == sign_up.c.shipment_id)
        .where(sign_up.c.tour_id.in_(list(tour_ids)), sign_up.c.state.in_(ABOARD))
        .group_by(sign_up.c.tour_id)
    )
    return {tour_id: int(crates) for tour_id, crates in rows}


def open_transfers(view: View, about_kind: str, about_id: str) -> list[str]:
    """List the pending transfers about a ride that nothing has settled yet."""
    settled = select(transfer.c.pending_id).where(transfer.c.pending_id.is_not(None))
    rows = view.connection.execute(
        select(transfer.c.id)
        .where(
            transfer.c.kind == "pending",
            transfer.c.about_kind == about_kind,
            transfer.c.about_id == about_id,
            transfer.c.id.not_in(settled),
        )
        .order_by(transfer.c.id)
    )
    return [row.id for row in rows]


def past_cutoff(view: View) -> list[Row[Any]]:
    """List the tours that are still proposed though their cut-off has come, and that no job plans."""
    planning = select(job.c.about_id).where(
        job.c.kind == "plan_tour", job.c.about_kind == "tour", job.c.state.in_(("queued", "running"))
    )
    rows = view.connection.execute(
        select(tour)
        .where(tour.c.state == "proposed", tour.c.cutoff_at <= view.now_at, tour.c.id.not_in(planning))
        .order_by(tour.c.cutoff_at)
    )
    return list(rows)


def planning_waits(view: View, tour_id: str, kind: str = "plan_tour") -> bool:
    """Tell whether a job that nobody has begun will plan this tour, or do else to it, as it stands then."""
    of_it = (job.c.kind == kind, job.c.about_id == tour_id, job.c.state == "queued")
    return view.connection.execute(select(job.c.id).where(*of_it).limit(1)).first() is not None


def failed_plannings(view: View, tour_id: str) -> int:
    """Count the jobs that were to plan this tour and gave up."""
    failed = and_(job.c.kind == "plan_tour", job.c.about_id == tour_id, job.c.state == "failed")
    return int(view.connection.execute(select(func.count()).select_from(job).where(failed)).scalar_one())


def sign_up_of(view: View, tour_id: str, shipment_id: str) -> Row[Any] | None:
    """Return the sign-up by which a shipment holds its place on a tour, if it does."""
    return view.connection.execute(
        select(sign_up).where(
            sign_up.c.tour_id == tour_id, sign_up.c.shipment_id == shipment_id, sign_up.c.state.in_(ABOARD)
        )
    ).one_or_none()


def places_of(view: View, shipment_ids: Iterable[str]) -> dict[str, Row[Any]]:
    """Return the sign-ups by which shipments hold their places, by shipment."""
    query = select(sign_up).where(sign_up.c.shipment_id.in_(list(shipment_ids)), sign_up.c.state.in_(ABOARD))
    return {row.shipment_id: row for row in view.connection.execute(query)}


def sign_up_hours_moved(tx: Tx, tour_id: str, shipment_id: str, pickup_at: int, drop_at: int) -> None:
    """Note the hours that are planned now for what rides on a tour."""
    of_it = (sign_up.c.tour_id == tour_id, sign_up.c.shipment_id == shipment_id, sign_up.c.state == "riding")
    tx.connection.execute(update(sign_up).where(*of_it).values(pickup_at=pickup_at, drop_at=drop_at))
