"""
The same work for many things, on all cores: this process does its part, and children do theirs.

The answers are those that one process would give, in the order of the things. Whatever a child does not
answer, because it was killed or could not be started, is done here.
"""

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from threading import Thread
from typing import Any, TypeVar

from routing.child import FINISHED, Child, packed

T = TypeVar("T")

PROCESSES_LIMIT = 4
"""So many processes are at it at most, this one among them."""

LOOK_EVERY_S = 0.1
"""How often it is asked whether anybody still waits, while children do the last of it."""


def cores() -> int:
    """Return how many processes can be at work at once."""
    return min(PROCESSES_LIMIT, os.cpu_count() or 1)


def abreast(
    work: Callable[..., T],
    shared: Sequence[object],
    things: Sequence[object],
    *,
    tell: Callable[[float], None] | None = None,
    processes: int | None = None,
    on_start: Callable[[int], None] | None = None,
) -> list[T]:
    """
    Return ``work(*shared, thing)`` for each thing; ``tell`` hears which share of them is done.

    ``work`` is a function at the top of a module, whose answer depends on nothing but its arguments.
    What it or ``tell`` raises here ends it all; ``on_start`` is told the number of each child.
    """
    crowd = _Crowd(work, things)
    helpers = min(processes or cores(), len(things)) - 1
    words = packed(*shared) if helpers > 0 else b""
    hands = [_Hand(crowd, words, on_start) for _ in range(helpers)]
    try:
        while not crowd.is_done:
            number = crowd.next()
            if number is not None:
                crowd.answers[number] = work(*shared, things[number])
            elif hands:
                hands[0].join(LOOK_EVERY_S)
                hands = [one for one in hands if one.is_alive]
            if tell is not None:
                tell(len(crowd.answers) / len(things))
    finally:
        for hand in hands:
            hand.stop()
    return [crowd.answers[number] for number in range(len(things))]


class _Crowd:
    """Hold what waits to be done, and what was answered: by number."""

    def __init__(self, work: Callable[..., Any], things: Sequence[object]) -> None:
        self.work, self.things = work, things
        self.answers: dict[int, Any] = {}
        self._waiting = deque(range(len(things)))

    @property
    def is_done(self) -> bool:
        return len(self.answers) == len(self.things)

    def next(self) -> int | None:
        with suppress(IndexError):
            return self._waiting.popleft()
        return None

    def put_back(self, number: int) -> None:
        self._waiting.append(number)


class _Hand:
    """Hold a child that does what waits, one thing after another, and the thread that listens to it."""

    def __init__(self, crowd: _Crowd, shared: bytes, on_start: Callable[[int], None] | None) -> None:
        self._crowd, self._shared, self._on_start = crowd, shared, on_start
        self._child: Child | None = None
        self._stopped = False
        self._thread = Thread(target=self._do, name="carriole-abreast", daemon=True)
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def join(self, wait_s: float) -> None:
        self._thread.join(wait_s)

    def stop(self) -> None:
        self._stopped = True
        if self._child is not None:
            self._child.stop()
        self._thread.join()

    def _do(self) -> None:
        with suppress(OSError), Child(self._shared) as child:  # Without a child all of it is done there.
            self._child = child
            while not self._stopped and (number := self._crowd.next()) is not None:
                if not self._answered(child, number):
                    self._crowd.put_back(number)
                    return

    def _answered(self, child: Child, number: int) -> bool:
        thing = self._crowd.things[number]
        try:
            found = list(child.answers(_asked, self._crowd.work, thing, on_start=self._on_start))
        except Exception:  # noqa: BLE001 - what went wrong is told where it is done again
            return False
        if child.ended == FINISHED:
            self._crowd.answers[number] = found[0]
        return child.ended == FINISHED


def _asked(*given: Any) -> Iterator[object]:  # noqa: ANN401 - whatever is shared
    """Do one thing in a child: what is shared comes first, then the work and the thing."""
    *shared, work, thing = given
    yield work(*shared, thing)
