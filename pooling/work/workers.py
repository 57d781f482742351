"""
Workers: threads that look for jobs and go the round of duties until they are told to stop.

A ring of the bell only spares them the wait: they look at the database every two seconds anyway, so
whatever carries the ring may fail at any moment.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Event, Lock, Thread
from typing import Protocol

from pooling.desk.desk import Desk
from pooling.work.duties import DUTIES, Duty, Round, tick
from pooling.work.working import LEASE_S, Held, run, take_one, work_once

log = logging.getLogger("carriole.workers")

LOOK_EVERY_S = 2.0
STOPS_WITHIN_S = 10.0
"""How long a job may go on after its worker was told to stop; then it is given back."""


class Wake(Protocol):
    """Wake a worker that waits; it may fail to, in silence."""

    def ring(self) -> None: ...

    def wait(self, timeout_s: float) -> None: ...


@dataclass
class LocalWake:
    """Wake the workers of this process."""

    _rung: Event = field(default_factory=Event, repr=False)

    def ring(self) -> None:
        self._rung.set()

    def wait(self, timeout_s: float) -> None:
        self._rung.wait(timeout_s)
        self._rung.clear()


@dataclass
class Workers:
    """Run so many workers of this process; ``stop`` lets each finish its job, or gives it back."""

    desk: Desk
    wake: Wake
    count: int = 1
    lease_s: int = LEASE_S
    duties: Mapping[str, Duty] = field(default_factory=lambda: DUTIES)
    _stopping: Event = field(default_factory=Event, repr=False)
    _threads: list[Thread] = field(default_factory=list, repr=False)
    _held: list[Held] = field(default_factory=list, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def start(self) -> None:
        for number in range(self.count):
            thread = Thread(target=self._work, name=f"worker-{number}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self, within_s: float = STOPS_WITHIN_S) -> None:
        """Take no more jobs; wait for those that run, then give back what is unfinished."""
        self._stopping.set()
        for _ in self._threads:
            self.wake.ring()
        for thread in self._threads:
            thread.join(within_s / max(1, len(self._threads)))
        with self._lock:
            unfinished = list(self._held)
        for held in unfinished:
            held.release()

    def _work(self) -> None:
        round_of_duties = Round(self.desk, self.duties)
        while not self._stopping.is_set():
            if not _calmly(round_of_duties.go) or not _calmly(self._work_once):
                self.wake.wait(LOOK_EVERY_S)

    def _work_once(self) -> bool:
        lease = take_one(self.desk, self.lease_s)
        if lease is None:
            return False
        held = Held(self.desk, lease, self.lease_s)
        with self._lock:
            self._held.append(held)
        try:
            run(held)
        finally:
            with self._lock:
                self._held.remove(held)
        return True


def work_off(desk: Desk, duties: Mapping[str, Duty] = DUTIES) -> int:
    """Go one round of duties and do every job that is due, here and now; returns how many."""
    tick(desk, duties)
    done = 0
    while work_once(desk):
        done += 1
    return done


def _calmly(step: Callable[[], object]) -> bool:
    """Do a step; a database that is away is waited for."""
    try:
        return step() is not False
    except Exception:
        log.exception("worker waits")
        return False
