"""
Jobs in the store: the row is the truth of what waits, what runs under whose lease, and how it ended.

A worker takes a job by one conditional update and holds it by a lease. Whoever's lease was lost can
write nothing more: each write asks for the same holder and attempt.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, or_, select, update

from pooling.store.rows import NotFound, Page, found, paged
from pooling.store.schema import fresh_id
from pooling.store.sight import SEEDING, about_visible
from pooling.store.transaction import Tx, View
from pooling.store.work import job

ENDED = ("done", "failed", "cancelled")
TAKEN_AT_ONCE = 8
"""How many waiting jobs one look names; the other workers take the rest."""


@dataclass(frozen=True)
class Lease:
    """Hold a job that one worker runs: ``holder`` is fresh for each take, ``attempt`` counts from 1."""

    job_id: str
    kind: str
    arguments: Mapping[str, Any]
    holder: str
    attempt: int
    attempts_limit: int


def find_job(view: View, job_id: str) -> Row[Any]:
    row = found(view, job, job_id)
    if view.sight is not None:
        seen = select(job.c.id).where(job.c.id == job_id, _seen(view))
        if view.connection.execute(seen).first() is None:
            raise NotFound(kind="job", id=job_id)
    return row


def _seen(view: View) -> ColumnElement[bool]:
    """Return the condition under which a job exists for who looks; an operator's seeding is its own."""
    there = about_visible(view, job.c.about_kind, job.c.about_id)
    if view.sight is None:
        return there
    own = job.c.party_id.in_(sorted(view.sight))
    return and_(there, or_(job.c.kind != SEEDING, own))


def list_jobs(
    view: View, member_id: str, party_ids: Collection[str] | None, page: Page
) -> tuple[list[Row[Any]], str]:
    """List what a member asked for, and what is done for its parties (``None``: everybody's)."""
    query = select(job).where(_seen(view))
    if party_ids is not None:
        query = query.where(or_(job.c.asked_by == member_id, job.c.party_id.in_(list(party_ids))))
    return paged(view, query, job, page)


def jobs_about(view: View, about_kind: str, about_id: str, limit: int) -> list[Row[Any]]:
    """List the jobs about one thing, whoever asked for them, the newest first."""
    query = select(job).where(job.c.about_kind == about_kind, job.c.about_id == about_id)
    return list(view.connection.execute(query.order_by(job.c.id.desc()).limit(limit)))


def jobs_due(view: View, kinds: Collection[str]) -> list[str]:
    """Name jobs that wait and are due, or whose worker's lease ran out; the longest waiting first."""
    rows = view.connection.execute(
        select(job.c.id)
        .where(_due(view.now_at), job.c.kind.in_(list(kinds)))
        .order_by(job.c.runs_from_at, job.c.id)
        .limit(TAKEN_AT_ONCE)
    )
    return list(rows.scalars())


def due_job(tx: Tx, job_id: str) -> Row[Any] | None:
    """Return the job while it is due, kept from other workers until the commit; else ``None``."""
    held = select(job).where(job.c.id == job_id, _due(tx.now_at)).with_for_update(skip_locked=True)
    return tx.connection.execute(held).one_or_none()


def take(tx: Tx, row: Row[Any], lease_s: int) -> Lease | None:
    """Take a job that is due; ``None`` where another worker was faster."""
    holder = fresh_id("lease", tx.now_at)
    taken = tx.connection.execute(
        update(job)
        .where(job.c.id == row.id, job.c.attempt == row.attempt, _due(tx.now_at))
        .values(
            state="running",
            attempt=row.attempt + 1,
            lease_holder=holder,
            lease_until_at=tx.now_at + lease_s,
            revision=row.revision + 1,
        )
    )
    if taken.rowcount != 1:
        return None
    return Lease(row.id, row.kind, json.loads(row.arguments), holder, row.attempt + 1, row.attempts_limit)


def renew(tx: Tx, lease: Lease, lease_s: int, **noted: object) -> bool:
    """Hold a job longer, and note how far it is; false where the lease was lost or a stop was asked."""
    renewed = tx.connection.execute(
        update(job)
        .where(_held(lease), job.c.cancel_asked.is_(False))
        .values(lease_until_at=tx.now_at + lease_s, **noted)
    )
    return renewed.rowcount == 1


def end(tx: Tx, lease: Lease, state: str, *, result: str = "", reason: str = "") -> bool:
    """Write how a job ended; false where the lease was lost."""
    ended = {"ended_at": tx.now_at, "result": result, "reason": reason}
    if state == "done":
        ended["progress"] = 1.0
    return _let_go(tx, lease, state=state, **ended)


def end_cancelled(tx: Tx, lease: Lease) -> bool:
    """Write that a job was stopped; false where nobody asked for it, or the lease was lost."""
    asked = select(job.c.cancel_asked).where(_held(lease))
    return bool(tx.connection.execute(asked).scalar()) and end(tx, lease, "cancelled")


def put_back(tx: Tx, lease: Lease, runs_from_at: int, *, reason: str = "", counts: bool = True) -> bool:
    """Let another attempt be made; one that was only interrupted does not count."""
    attempt = lease.attempt if counts else lease.attempt - 1
    return _let_go(
        tx, lease, state="queued", runs_from_at=runs_from_at, reason=reason, progress=0.0, attempt=attempt
    )


def end_unheld(tx: Tx, row: Row[Any], state: str, reason: str = "") -> None:
    """End a job that is due and shall not be taken: no attempt is left, or a stop was asked."""
    tx.connection.execute(
        update(job)
        .where(job.c.id == row.id, job.c.attempt == row.attempt, _due(tx.now_at))
        .values(state=state, reason=reason, lease_holder="", ended_at=tx.now_at, revision=job.c.revision + 1)
    )


def cancel(tx: Tx, job_id: str) -> bool:
    """Stop a job at once where it waits, ask it to stop where it runs; false where it has ended."""
    raised = job.c.revision + 1
    stopped = tx.connection.execute(
        update(job)
        .where(job.c.id == job_id, job.c.state == "queued")
        .values(state="cancelled", cancel_asked=True, ended_at=tx.now_at, revision=raised)
    )
    asked = tx.connection.execute(
        update(job)
        .where(job.c.id == job_id, job.c.state == "running")
        .values(cancel_asked=True, revision=raised)
    )
    return bool(stopped.rowcount + asked.rowcount == 1)


def _let_go(tx: Tx, lease: Lease, **values: object) -> bool:
    let_go = tx.connection.execute(
        update(job)
        .where(_held(lease))
        .values(lease_holder="", lease_until_at=None, revision=job.c.revision + 1, **values)
    )
    return let_go.rowcount == 1


def _held(lease: Lease) -> ColumnElement[bool]:
    return and_(
        job.c.id == lease.job_id,
        job.c.state == "running",
        job.c.lease_holder == lease.holder,
        job.c.attempt == lease.attempt,
    )


def _due(now_at: int) -> ColumnElement[bool]:
    waiting = and_(job.c.state == "queued", job.c.runs_from_at <= now_at)
    abandoned = and_(job.c.state == "running", job.c.lease_until_at < now_at)
    return or_(waiting, abandoned)
