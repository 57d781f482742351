"""
Work that may take long: asked for in the transaction of what needs it, done by a worker later.

The row in the database is the truth. A job may run more than once (its worker may be killed at any
moment), so what it writes it writes again to the same effect, or under ``progress.fence``.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from geodata.refusal import Refusal
from pooling.desk.desk import Desk
from pooling.store import Tx
from pooling.store.jobs import find_job
from pooling.store.rows import added
from pooling.store.work import job

ATTEMPTS_LIMIT = 3
WORDS_LIMIT = 200_000
"""Letters that the arguments, or the result, of one job may take."""
BACKOFF_S = 5
BACKOFF_LIMIT_S = 300


class JobWentWrong(Refusal):
    code = "job_went_wrong"
    reason = "The job went wrong {attempts} times; it is not tried again."
    cure = "Ask for it anew; if it goes wrong again, tell the operator its id."


class WorkerLost(Refusal):
    code = "worker_lost"
    reason = "The worker of this job was lost {attempts} times; it is not tried again."
    cure = "Ask for it anew; if it happens again, tell the operator its id."


class JobCancelled(Exception):  # noqa: N818 - a fact: nobody waits for this work any more
    """Tell a job's function to stop: a stop was asked for, or another worker has taken it over."""


class Progress(Protocol):
    """Tell how far a job is. Each call also holds the job longer, and stops it where it must stop."""

    def __call__(self, step: str, share: float) -> None:
        """Note the step and the share done, 0 to 1; raises ``JobCancelled``."""

    def fence(self, tx: Tx) -> None:
        """Let this transaction through only while the job is still ours; raises ``JobCancelled``."""


class Unwatched:
    """Tell nobody: for work that is called directly."""

    def __call__(self, step: str, share: float) -> None: ...

    def fence(self, tx: Tx) -> None: ...


JobFunction = Callable[[Desk, Mapping[str, Any], Progress], dict[str, Any]]

JOBS: dict[str, JobFunction] = {}
"""Every kind of job by its name, such as ``plan_tour``."""


def register(kind: str, function: JobFunction) -> None:
    """Make a kind of job known to the workers of this process."""
    if JOBS.get(kind, function) is not function:
        raise ValueError(f"There are two functions for jobs of kind {kind}.")
    JOBS[kind] = function


def enqueue(
    tx: Tx,
    kind: str,
    arguments: Mapping[str, Any],
    about_kind: str,
    about_id: str,
    asked_by: str | None,
    runs_from_at: int | None = None,
    *,
    party_id: str | None = None,
) -> str:
    """
    Ask for a job in the transaction of what needs it; returns its id.

    ``asked_by`` is the member who may read and cancel it (``None``: the house); so may the managers of
    ``party_id``, who are also told of it, and every operator.
    """
    job_id = added(
        tx,
        job,
        "job",
        kind=kind,
        arguments=in_words(arguments),
        about_kind=about_kind,
        about_id=about_id,
        asked_by=asked_by or None,
        party_id=party_id,
        attempts_limit=ATTEMPTS_LIMIT,
        runs_from_at=tx.now_at if runs_from_at is None else runs_from_at,
    )
    tell_job(tx, job_id)
    return job_id


def tell_job(tx: Tx, job_id: str) -> None:
    """Tell that a job has changed, as it now stands."""
    row = find_job(tx, job_id)
    parties = [row.party_id] if row.party_id else []
    tx.tell(
        "job.changed", "job", job_id, parties, kind=row.kind, state=row.state, step=row.step,
        progress=row.progress,
    )  # fmt: skip


def in_words(facts: Mapping[str, Any]) -> str:
    """Write arguments or a result as JSON, within the limit."""
    words = json.dumps(facts, ensure_ascii=False)
    if len(words) > WORDS_LIMIT:
        raise ValueError(f"{len(words)} letters are too many for a job: at most {WORDS_LIMIT}.")
    return words


def refusal_in_words(refusal: Refusal) -> str:
    """Write a refusal as it is kept with a job."""
    return json.dumps(
        {
            "code": refusal.code,
            "detail": refusal.sentence,
            "cure": refusal.what_to_do,
            "facts": refusal.plain_facts,
        },
        ensure_ascii=False,
    )


def backoff_s(attempt: int) -> int:
    """Return how long to wait after so many attempts: 5 s, 10 s, 20 s … at most 5 min."""
    return int(min(BACKOFF_LIMIT_S, BACKOFF_S * 2 ** (attempt - 1)))
