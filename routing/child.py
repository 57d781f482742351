"""
A process apart that may be killed at any moment: where an engine runs.

A *kennel* process is started once, imports the engines, and forks a child for each task; a fork
costs hundredths of a second, an import more than half of one. The standard library's forkserver
would run the caller's main script once more in every child; this one runs nothing but the engine.
Children have no standard output, and end with the process that asked for them, however it ends.
"""

import atexit
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from itertools import count
from multiprocessing.connection import Connection
from types import TracebackType

PRELOAD = ("routing.vroom_engine",)
MESSAGE = struct.Struct("!q")
PATIENCE_S = 1.0
"""How long the kennel may take to read eight bytes, or to go."""

Engine = Callable[..., Iterator[object]]


class Child:
    """
    Run ``engine(*task)`` in a process apart, and pass on what it yields.

    The engine is a function at the top of a module. ``answers`` ends when the engine has ended,
    crashed, or been stopped, and ``ended`` then says which. ``stop`` may be called from any thread
    and at any time; it wakes ``answers`` at once, even where the child or the kennel hangs.
    """

    def __init__(self, engine: Engine, task: tuple[object, ...]) -> None:
        self.ended = "running"
        self._task = (engine, task)
        self._socket, theirs = socket.socketpair()
        self._connection = Connection(os.dup(self._socket.fileno()))
        with theirs:
            self._kennel, self._ticket = _ask(theirs)

    def __enter__(self) -> "Child":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop("left")
        self._connection.close()
        self._socket.close()

    def answers(self, on_start: Callable[[int], None] | None = None) -> Iterator[object]:
        """Yield what the engine yields; ``on_start`` is told the child's process number."""
        try:
            word, content = self._receive()
            if word == "pid" and on_start is not None:
                on_start(int(str(content)))
            self._connection.send(sys.path)
            self._connection.send(self._task)
            word, content = self._receive()
            while word == "answer":
                yield content
                word, content = self._receive()
            self._end(str(content))
        except OSError:
            self._end("crashed or was killed")

    def _receive(self) -> tuple[str, object]:
        try:
            word, content = self._connection.recv()
        except (EOFError, OSError):
            return "failed", "crashed or was killed"
        except Exception as mistake:  # noqa: BLE001 - a torn or foreign message may raise anything
            return "failed", f"sent what cannot be read: {mistake}"
        return word, content

    def stop(self, reason: str) -> None:
        """Kill the child; cheap, and without effect where it has ended already."""
        self._end(reason)
        with suppress(OSError):  # The child may have closed its end.
            self._socket.shutdown(socket.SHUT_RDWR)
        self._kennel.end(self._ticket)

    @contextmanager
    def killed_after(self, seconds: float) -> Iterator[None]:
        """Stop the child when so many seconds have passed, unless the block is left before."""
        watch = threading.Timer(max(0.0, seconds), self.stop, ["was stopped at the deadline"])
        watch.daemon = True
        watch.start()
        try:
            yield
        finally:
            watch.cancel()
            watch.join()

    def _end(self, reason: str) -> None:
        if self.ended == "running":
            self.ended = reason


class _Kennel:
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

    def close(self) -> None:
        self._door.close()
        try:
            self._process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


_kennels: dict[int, _Kennel] = {}
_kennels_lock = threading.Lock()


def warm() -> None:
    """Start the kennel before the first task needs it; returns at once."""
    with _kennels_lock:
        _current()


def _ask(theirs: socket.socket) -> tuple[_Kennel, int]:
    with _kennels_lock:
        try:
            kennel = _current()
            return kennel, kennel.start(theirs)
        except OSError:  # It died between the question and the answer.
            _kennels.pop(os.getpid()).close()
            kennel = _current()
            return kennel, kennel.start(theirs)


def _current() -> _Kennel:
    """Return this process's own kennel; a forked process must not share its parent's."""
    kennel = _kennels.get(os.getpid())
    if kennel is not None and not kennel.alive:
        kennel.close()
        kennel = None
    if kennel is None:
        kennel = _kennels[os.getpid()] = _Kennel()
    return kennel


@atexit.register
def _close() -> None:
    kennel = _kennels.pop(os.getpid(), None)
    if kennel is not None:
        kennel.close()


def serve(door_number: int) -> None:
    """Be the kennel: fork and end children as asked, until the asking process is gone."""
    for module in PRELOAD:
        import_module(module)
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
                _work(descriptors[0])
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


def _work(descriptor: int) -> None:
    """Be the child: receive a task, send what the engine yields, and end without farewell."""
    connection = Connection(descriptor)
    try:
        connection.send(("pid", os.getpid()))
        sys.path[:] = connection.recv()
        engine, task = connection.recv()
        for answer in engine(*task):
            connection.send(("answer", answer))
        connection.send(("done", "finished"))
    except Exception as mistake:  # noqa: BLE001 - whatever it is, the asking process is told
        connection.send(("failed", f"failed with {type(mistake).__name__}: {mistake}"))
    finally:
        os._exit(0)
