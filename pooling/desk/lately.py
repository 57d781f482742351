"""
What was reckoned lately, found again by all that it was reckoned from.

Nobody has to tell such an answer that something has changed: whatever has is another question. It may be
forgotten at any moment; what is asked anew is reckoned anew, with the same answer. Who asks must hold all of
the question, so nobody learns from it what it did not know.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock
from typing import Generic, TypeVar

A = TypeVar("A")

KEPT = 4_096
"""Answers kept in the memory of one process; those not asked for longest go first."""


@dataclass
class Lately(Generic[A]):
    """Hold at most ``limit`` answers; any number of threads may ask."""

    limit: int = KEPT
    _kept: dict[Hashable, A] = field(default_factory=dict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def answer(self, question: Hashable, reckon: Callable[[], A]) -> A:
        """Return what is kept of a question, or reckon it; what raises is not kept."""
        with self._lock:
            if question in self._kept:
                self._kept[question] = found = self._kept.pop(question)
                return found
        found = reckon()
        with self._lock:
            self._kept[question] = found
            while len(self._kept) > self.limit:
                del self._kept[next(iter(self._kept))]
        return found

    def __len__(self) -> int:
        return len(self._kept)
