"""
How far a file has been read, seen from outside: osmium reads it whole and tells nothing meanwhile.

The system knows where each open file stands (Linux: ``/proc/self/fdinfo``); elsewhere only the beginning and
the end are told. Reading runs a little ahead of what is made of it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

LOOK_EVERY_S = 0.2
HANDLES = Path("/proc/self/fd")
POSITIONS = Path("/proc/self/fdinfo")

Tell = Callable[[float], None]


@contextmanager
def watched(path: Path, tell: Tell) -> Iterator[None]:
    """Tell from 0 to 1 which share of a file has been read, while the block reads it."""
    tell(0.0)
    done = Event()
    watcher = Thread(target=_watch, args=(path, tell, done), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()
    tell(1.0)


def _watch(path: Path, tell: Tell, done: Event) -> None:
    furthest = 0.0
    while not done.wait(LOOK_EVERY_S):
        share = share_read(path)
        if share > furthest:
            furthest = share
            tell(share)


def share_read(path: Path) -> float:
    """Return how far this process has read a file that it has open; 0 where that cannot be told."""
    try:
        whole, size = path.resolve(), path.stat().st_size
        stands = [_position(handle.name) for handle in HANDLES.iterdir() if _leads_to(handle, whole)]
    except OSError:
        return 0.0
    return max(stands, default=0) / max(1, size)


def _leads_to(handle: Path, path: Path) -> bool:
    try:
        return handle.readlink() == path
    except OSError:
        return False


def _position(handle: str) -> int:
    try:
        return int((POSITIONS / handle).read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return 0
