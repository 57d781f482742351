"""
Stores for tests, whose engines go from one house to the next.

An engine keeps what it has compiled of each statement, a third of what a small test costs; so a house that
is closed leaves its engines to the next one. No commit waits for the disk here: that a real house does
wait is held by ``tests/desk/test_backup.py``.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from sqlalchemy import event, make_url

from pooling.store import Store, open_store

_FREE: dict[str, list["LentStore"]] = {}


@dataclass
class _Lease:
    """Say who has the engines now, and where the file lies that SQLite opens."""

    holder: object = None
    path: str = ""


@dataclass(frozen=True)
class LentStore(Store):
    """Hold engines until they are given back, once."""

    kind: str = ""
    lease: _Lease = field(default_factory=_Lease, repr=False, compare=False)
    holder: object = field(default=None, repr=False, compare=False)

    def close(self) -> None:
        if self.lease.holder is self.holder:
            self.lease.holder = None
            super().close()
            _FREE[self.kind].append(self)


def lent_store(url: str, now: Callable[[], int]) -> LentStore:
    """Return a store whose engines another house may have used before."""
    address = make_url(url)
    on_file = address.get_backend_name() == "sqlite"
    kind = "sqlite" if on_file else url
    free = _FREE.setdefault(kind, [])
    known = free.pop() if free else _made(kind, url)
    known.lease.holder = holder = object()
    known.lease.path = str(address.database) if on_file else ""
    return replace(known, now=now, after_commit=[], sight=None, holder=holder)


def _made(kind: str, url: str) -> LentStore:
    store = open_store(url, int)
    made = LentStore(store.reader, store.writer, store.now, kind=kind)
    if kind == "sqlite":
        for engine in (made.reader, made.writer):

            @event.listens_for(engine, "do_connect")
            def _at_the_file(_dialect, _record, arguments, _more):
                arguments[0] = made.lease.path

            @event.listens_for(engine, "connect")
            def _in_memory_of_the_system(connection, _record):
                connection.cursor().execute("PRAGMA synchronous=OFF")

    return made
