"""Look at a job, and stop it."""

from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.desk.actor import Actor
from pooling.desk.desk import Desk
from pooling.store import Ask, Tx, View
from pooling.store.jobs import cancel, find_job
from pooling.store.rows import NotFound
from pooling.work.jobs import tell_job


class JobEnded(Refusal):
    code = "job_ended"
    reason = "This job has ended: {state}."
    cure = "Look at its result; ask for it anew if you need another."


def seen_job(view: View, who: Actor, job_id: str) -> Row[Any]:
    """Return a job to who asked for it, to the managers of its party, and to operators."""
    row = find_job(view, job_id)
    if not (who.is_operator or row.asked_by == who.member_id or row.party_id in who.manages):
        raise NotFound(kind="job", id=job_id)
    return row


def cancel_job(desk: Desk, who: Actor, ask: Ask, job_id: str) -> str:
    """Stop a job at once where it waits; where it runs, at its next step."""

    def save(tx: Tx) -> str:
        row = seen_job(tx, who, job_id)
        if row.state != "cancelled" and not cancel(tx, job_id):
            raise JobEnded(job=job_id, state=row.state)
        tell_job(tx, job_id)
        return job_id

    return desk.once(ask, save)
