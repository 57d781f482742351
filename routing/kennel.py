"""
The kennel: a process that imports the engines once and forks a child for each who asks.

A fork costs hundredths of a second, an import more than half of one. The standard library's
forkserver would run the caller's main script once more in every child; this one runs nothing but
what it is asked to. Children have no standard output, and end with the process that asked for them,
however it ends.
"""

import atexit
import gc
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from itertools import count

PRELOAD = ("routing.errand", "routing.construction", "routing.vroom_engine", "routing.warming")
"""What every child finds imported; of the last, what it compiles."""

MESSAGE = struct.Struct("!q")
PATIENCE_S = 1.0
"""How long the kennel may take to read eight bytes, or to go."""


class Kennel:
    """Hold the process that forks children, and the socket on which it is asked to."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tickets = count(1)
        self._open: set[int] = set()
        self._door, theirs = socket.socketpair()
        self._door.settimeout(PATIENCE_S)
        path, number = repr(sys.path), theirs.fileno()
        words = f"import sys; sys.path[:] = {path}; from routing.child import serve; serve({number})"
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-c", words],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
                env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
            )

    def start(self, theirs: socket.socket) -> int:
        """Have a child forked that holds this socket; returns the ticket to end it by."""
        with self._lock:
            ticket = next(self._tickets)
            socket.send_fds(self._door, [MESSAGE.pack(ticket)], [theirs.fileno()])
            self._open.add(ticket)
            return ticket

    def end(self, ticket: int) -> None:
        """Have a child killed and buried; once is enough."""
        with self._lock:
            if ticket not in self._open:
                return
            self._open.discard(ticket)
            with suppress(OSError):  # Without a kennel, the child ends when it next speaks to nobody.
                self._door.sendall(MESSAGE.pack(-ticket))

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        return self._process.pid

    def close(self) -> None:
        self._door.close()
        try:
            self._process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


_kennels: dict[int, Kennel] = {}
_kennels_lock = threading.Lock()


def warm() -> None:
    """Start the kennel before the first task needs it; returns at once."""
    with _kennels_lock:
        current()


def ask(theirs: socket.socket) -> tuple[Kennel, int]:
    """Have a child forked that holds this socket, by a kennel that is started where none stands."""
    with _kennels_lock:
        try:
            kennel = current()
            return kennel, kennel.start(theirs)
        except OSError:  # It died between the question and the answer.
            _bury(_kennels.pop(os.getpid(), None))
            kennel = current()
            return kennel, kennel.start(theirs)


def current() -> Kennel:
    """Return this process's own kennel; a forked process must not share its parent's."""
    kennel = _kennels.get(os.getpid())
    if kennel is not None and not kennel.alive:
        kennel.close()
        kennel = None
    if kennel is None:
        kennel = _kennels[os.getpid()] = Kennel()
    return kennel


@atexit.register
def _close() -> None:
    _bury(_kennels.pop(os.getpid(), None))


def _bury(kennel: Kennel | None) -> None:
    if kennel is not None:
        kennel.close()


def keep(door_number: int, work: Callable[[int], None]) -> None:
    """
    Be the kennel: fork and end children as asked, until the asking process is gone.

    Each child does ``work`` with the number of its own socket, which never returns.
    """
    for module in PRELOAD:
        loaded = import_module(module)
    loaded.warm()
    gc.freeze()  # What is never looked at by the collector stays shared with the children.
    door = socket.socket(fileno=door_number)
    children: dict[int, int] = {}
    while True:
        message, descriptors, _, _ = socket.recv_fds(door, MESSAGE.size, 1)
        if len(message) < MESSAGE.size:
            break
        (ticket,) = MESSAGE.unpack(message)
        if ticket < 0:
            _kill(children.pop(-ticket, None))
            continue
        with suppress(OSError):  # Without a fork the asking process finds its socket closed.
            pid = os.fork()
            if pid == 0:
                door.close()
                work(descriptors[0])
            children[ticket] = pid
        os.close(descriptors[0])
    for pid in children.values():
        _kill(pid)


def _kill(pid: int | None) -> None:
    """End a child that has not been waited for yet, so that its number is still its own."""
    if pid is None:
        return
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
