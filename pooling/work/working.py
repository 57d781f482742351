"""
Do one job: take it, run its function outside any transaction, write how it ended.

While the function runs, a heartbeat holds the lease. Whoever loses it writes nothing more.
"""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from threading import Event, Thread
from time import monotonic
from types import TracebackType

from geodata.osrm import RoadServerAway
from geodata.refusal import Refusal
from pooling.desk.desk import Desk, DeskBusy
from pooling.store import Tx
from pooling.store.jobs import Lease, due_job, end, end_cancelled, end_unheld, jobs_due, put_back, renew, take
from pooling.work.jobs import (
    JOBS,
    JobCancelled,
    JobWentWrong,
    WorkerLost,
    backoff_s,
    in_words,
    refusal_in_words,
    tell_job,
)

log = logging.getLogger("carriole.jobs")

LEASE_S = 30
BEATS_PER_LEASE = 3
NOTED_EVERY_S = 0.25
"""Progress within one step is written at most so often."""


@dataclass
class Held(AbstractContextManager["Held"]):
    """Hold one job while it runs: the progress that its function is given, and the heartbeat."""

    desk: Desk
    lease: Lease
    lease_s: int = LEASE_S
    _lost: Event = field(default_factory=Event, repr=False)
    _over: Event = field(default_factory=Event, repr=False)
    _step: str = ""
    _noted: float = 0.0

    def __enter__(self) -> "Held":
        Thread(target=self._beat, name=f"heartbeat-{self.lease.job_id}", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()

    def __call__(self, step: str, share: float) -> None:
        if self._lost.is_set():
            raise JobCancelled
        if step == self._step and monotonic() - self._noted < NOTED_EVERY_S:
            return
        is_new = step != self._step
        self._step, self._noted = step, monotonic()
        if not self.desk.store.change(lambda tx: self._note(tx, step[:80], share, tell=is_new)):
            self._lost.set()
            raise JobCancelled

    def fence(self, tx: Tx) -> None:
        if self._lost.is_set() or not renew(tx, self.lease, self.lease_s):
            raise JobCancelled

    def release(self) -> None:
        """Give the job back unfinished: whoever runs it may write nothing more."""
        self._lost.set()
        self.write(lambda tx: put_back(tx, self.lease, tx.now_at, counts=False))

    def write(self, change: Callable[[Tx], bool]) -> bool:
        """Write how the job goes on, and tell it, if it is still ours."""

        def work(tx: Tx) -> bool:
            held = change(tx)
            if held:
                tell_job(tx, self.lease.job_id)
            return held

        return self.desk.store.change(work)

    def _note(self, tx: Tx, step: str, share: float, *, tell: bool) -> bool:
        held = renew(tx, self.lease, self.lease_s, step=step, progress=min(1.0, max(0.0, share)))
        if held and tell:
            tell_job(tx, self.lease.job_id)
        return held

    def _beat(self) -> None:
        while not self._over.wait(self.lease_s / BEATS_PER_LEASE):
            try:
                if not self.desk.store.change(lambda tx: renew(tx, self.lease, self.lease_s)):
                    self._lost.set()
                    return
            except Exception:  # noqa: BLE001 - the database may be away for a moment: the lease decides
                log.warning("heartbeat missed", extra={"job": self.lease.job_id})


def take_one(desk: Desk, lease_s: int = LEASE_S) -> Lease | None:
    """Take the job that waits longest; ``None`` where nothing is due."""
    with desk.store.view() as view:
        waiting = jobs_due(view, JOBS)
    for job_id in waiting:
        lease = desk.store.change(lambda tx, job_id=job_id: _take(tx, job_id, lease_s))  # type: ignore[misc]
        if lease is not None:
            return lease
    return None


def run(held: Held) -> None:
    """Run a job that was taken, and write how it ended."""
    with held:
        change = _outcome(held)
    held.write(change)


def work_once(desk: Desk, lease_s: int = LEASE_S) -> bool:
    """Do one job that is due; false where there was none."""
    lease = take_one(desk, lease_s)
    if lease is not None:
        run(Held(desk, lease, lease_s))
    return lease is not None


def _take(tx: Tx, job_id: str, lease_s: int) -> Lease | None:
    row = due_job(tx, job_id)
    if row is None:
        return None
    if row.cancel_asked:
        end_unheld(tx, row, "cancelled")
    elif row.attempt >= row.attempts_limit:
        end_unheld(tx, row, "failed", refusal_in_words(WorkerLost(attempts=row.attempt)))
    else:
        lease = take(tx, row, lease_s)
        if lease is not None:
            tell_job(tx, job_id)
        return lease
    tell_job(tx, job_id)
    return None


def _outcome(held: Held) -> Callable[[Tx], bool]:
    """Run the function; return what is to be written of it."""
    lease = held.lease
    try:
        result = in_words(JOBS[lease.kind](held.desk, lease.arguments, held))
    except JobCancelled:
        return lambda tx: end_cancelled(tx, lease) or put_back(tx, lease, tx.now_at)
    except (DeskBusy, RoadServerAway) as passing:
        return _again(lease, passing)
    except Refusal as refusal:
        reason = refusal_in_words(refusal)
        return lambda tx: end(tx, lease, "failed", reason=reason)
    except Exception:
        log.exception("job went wrong", extra={"job": lease.job_id, "kind": lease.kind})
        return _again(lease, JobWentWrong(attempts=lease.attempt))
    return lambda tx: end(tx, lease, "done", result=result)


def _again(lease: Lease, refusal: Refusal) -> Callable[[Tx], bool]:
    reason = refusal_in_words(refusal)
    if lease.attempt >= lease.attempts_limit:
        return lambda tx: end(tx, lease, "failed", reason=reason)
    return lambda tx: put_back(tx, lease, tx.now_at + backoff_s(lease.attempt), reason=reason)
