"""
The children of one search: each runs its errands in turn, and all report to one inbox.

A thread listens to each child, so that neither a frozen child nor half a message keeps anybody waiting.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from types import TracebackType

from routing.child import FINISHED, LOST, Child, packed
from routing.errand import Errand, run
from routing.problem import Problem

FAREWELL_S = 0.05
"""How long the threads are waited for that were told to end; their children are dead by then."""


@dataclass(frozen=True)
class Report:
    """
    Hold what came from a child: something found or refused, or in ``ended`` how its errand ended.

    ``errand`` is the number of the errand, so that what comes late can be told.
    """

    errand: int
    content: object = None
    ended: str = ""


class _Hand:
    """Hold a child, and the thread that listens to it."""

    def __init__(
        self, shared: bytes, inbox: SimpleQueue[Report], on_start: Callable[[int], None] | None
    ) -> None:
        self.errand = 0
        self._child = Child(shared)
        self._waiting: SimpleQueue[tuple[int, Errand] | None] = SimpleQueue()
        self._inbox, self._on_start = inbox, on_start
        self._thread = Thread(target=self._listen, name="carriole-search", daemon=True)
        self._thread.start()

    def send(self, number: int, errand: Errand) -> None:
        self.errand = number
        self._waiting.put((number, errand))

    def stop(self) -> None:
        self._waiting.put(None)
        self._child.stop()

    def join(self, wait_s: float) -> None:
        self._thread.join(wait_s)

    def _listen(self) -> None:
        with self._child as child:
            while (task := self._waiting.get()) is not None:
                number, errand = task
                try:
                    for content in child.answers(run, errand, on_start=self._on_start):
                        self._inbox.put(Report(number, content))
                except Exception as mistake:  # noqa: BLE001 - nobody else could tell of it
                    child.ended = f"{LOST}: {mistake}"
                self._inbox.put(Report(number, ended=child.ended))
                if child.ended != FINISHED:
                    return


class Crew:
    """Hold the children of one search; leaving the block ends them all."""

    def __init__(self, problem: Problem, on_start: Callable[[int], None] | None = None) -> None:
        self._shared = packed(problem)
        self._on_start = on_start
        self._inbox: SimpleQueue[Report] = SimpleQueue()
        self._hands: list[_Hand] = []
        self._sent = 0

    def __enter__(self) -> "Crew":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for hand in self._hands:
            hand.stop()
        farewell_s = monotonic() + FAREWELL_S
        for hand in self._hands:
            hand.join(max(0.0, farewell_s - monotonic()))

    def send(self, errands: Sequence[Errand]) -> dict[int, Errand]:
        """Give each errand to a child that is free, or to a new one; return them by number."""
        sent: dict[int, Errand] = {}
        for errand in errands:
            self._sent += 1
            hand = self._free() or self._hire()
            hand.send(self._sent, errand)
            sent[self._sent] = errand
        return sent

    def report(self, wait_s: float) -> Report | None:
        """Return the next report, ``None`` where none came in this time."""
        with suppress(Empty):
            report = self._inbox.get(timeout=wait_s) if wait_s > 0 else self._inbox.get_nowait()
            self._note(report)
            return report
        return None

    def dismiss(self, errand: int) -> None:
        """End the child that is at this errand."""
        for hand in [one for one in self._hands if one.errand == errand]:
            hand.stop()
            self._hands.remove(hand)

    def _note(self, report: Report) -> None:
        if not report.ended:
            return
        for hand in [one for one in self._hands if one.errand == report.errand]:
            hand.errand = 0
            if report.ended != FINISHED:
                self._hands.remove(hand)

    def _free(self) -> _Hand | None:
        return next((hand for hand in self._hands if not hand.errand), None)

    def _hire(self) -> _Hand:
        hand = _Hand(self._shared, self._inbox, self._on_start)
        self._hands.append(hand)
        return hand
