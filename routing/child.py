"""
A process apart that may be killed at any moment: where an engine runs.

It is given once what all its errands share, such as a problem with its large matrix, and then runs
one errand after another, each from where the asking process stands by then.
"""

import os
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from types import TracebackType

from routing.kennel import ask, keep

Work = Callable[..., Iterator[object]]

FINISHED = "finished"
LOST = "crashed or was killed"


def packed(*shared: object) -> bytes:
    """Put into words, once for many children, what every errand is to be given first."""
    return bytes(ForkingPickler.dumps(shared))


class Child:
    """
    Run errands in a process apart, one after another, and pass on what they yield.

    An errand is a function at the top of a module; it is called with what is shared and with its own
    arguments. ``stop`` may be called from any thread and at any time; it wakes ``answers`` at once,
    even where the child or the kennel hangs.
    """

    def __init__(self, shared: bytes) -> None:
        self.pid: int | None = None
        self.ended = ""
        self._shared: bytes | None = shared
        self._socket, theirs = socket.socketpair()
        self._connection = Connection(os.dup(self._socket.fileno()))
        with theirs:
            self._kennel, self._ticket = ask(theirs)

    def __enter__(self) -> "Child":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        self._connection.close()
        self._socket.close()

    def answers(
        self, errand: Work, *arguments: object, on_start: Callable[[int], None] | None = None
    ) -> Iterator[object]:
        """
        Yield what the errand yields; ``ended`` then says how it ended, ``FINISHED`` or why not.

        ``on_start`` is told the child's process number before its first errand.
        """
        try:
            if self._shared is not None:
                self._begin(self._shared, on_start)
            self._connection.send((errand, arguments))
            word, content = self._receive()
            while word == "answer":
                yield content
                word, content = self._receive()
            self.ended = str(content)
        except OSError:
            self.ended = LOST

    def stop(self) -> None:
        """Kill the child; cheap, and without effect where it has ended already."""
        with suppress(OSError):  # The child may have closed its end.
            self._socket.shutdown(socket.SHUT_RDWR)
        self._kennel.end(self._ticket)

    def _begin(self, shared: bytes, on_start: Callable[[int], None] | None) -> None:
        self._shared = None
        word, content = self._receive()
        if word == "pid":
            self.pid = int(str(content))
            if on_start is not None:
                on_start(self.pid)
        self._connection.send(sys.path)
        self._connection.send_bytes(shared)

    def _receive(self) -> tuple[str, object]:
        try:
            word, content = self._connection.recv()
        except (EOFError, OSError):
            return "failed", LOST
        except Exception as mistake:  # noqa: BLE001 - a torn or foreign message may raise anything
            return "failed", f"sent what cannot be read: {mistake}"
        return word, content


def serve(door_number: int) -> None:
    """Be the kennel that the asking process has started."""
    keep(door_number, _work)


def _work(descriptor: int) -> None:
    """Be the child: run errand after errand, send what each yields, and end without farewell."""
    connection = Connection(descriptor)
    try:
        connection.send(("pid", os.getpid()))
        sys.path[:] = connection.recv()
        shared = connection.recv()
        while True:
            errand, arguments = connection.recv()
            for answer in errand(*shared, *arguments):
                connection.send(("answer", answer))
            connection.send(("done", FINISHED))
    except EOFError:
        pass
    except Exception as mistake:  # noqa: BLE001 - whatever it is, the asking process is told
        with suppress(OSError):
            connection.send(("failed", f"failed with {type(mistake).__name__}: {mistake}"))
    finally:
        os._exit(0)
