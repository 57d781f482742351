"""CPU seconds of one thread, and the memory of this process."""

import os
import resource
from collections.abc import Callable
from pathlib import Path
from time import process_time
from typing import TypeVar

T = TypeVar("T")

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
ONE_THREAD = dict.fromkeys(THREADS, "1")
ENOUGH_S = 0.5
TRIES = 3


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """Return what a piece of work gives, and its CPU seconds."""
    begun_s = process_time()
    given = work()
    return given, process_time() - begun_s


def best_s(work: Callable[[], object]) -> float:
    """Return the fewest CPU seconds of up to three runs, of which slow ones are not repeated."""
    spent: list[float] = []
    while len(spent) < TRIES and sum(spent) < ENOUGH_S:
        spent.append(timed(work)[1])
    return min(spent)


def resident_mb() -> float:
    """Return the memory that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGESIZE") / 1e6


def peak_mb() -> float:
    """Return the most memory that this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
