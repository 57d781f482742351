"""
Stores for tests, whose engines go from one house to the next.

An engine keeps what it has compiled of each statement, a third of what a small test costs; so a house that
is closed leaves its engines to the next one. No commit waits for the disk here: that a real house does
wait is held by ``tests/desk/test_backup.py``.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import event, make_url

from pooling.store import Store, open_store

_FREE: dict[str, list["_Engines"]] = {}


@dataclass
class _Engines:
    """Hold the engines of a store, and where the file lies that SQLite opens."""

    kind: str
    store: Store
    path: str = ""


@dataclass(frozen=True)
class LentStore(Store):
    """Hold engines until they are given back, once."""

    lent: list[_Engines] = field(default_factory=list, repr=False, compare=False)

    def close(self) -> None:
        if self.lent:
            engines = self.lent.pop()
            super().close()
            _FREE[engines.kind].append(engines)


def lent_store(url: str, now: Callable[[], int]) -> LentStore:
    """
    Return a store whose engines another house may have used before.

    It has a name of its own for each, since the house keeps by its engine what it laid out of a day.
    """
    address = make_url(url)
    on_file = address.get_backend_name() == "sqlite"
    free = _FREE.setdefault("sqlite" if on_file else url, [])
    engines = free.pop() if free else _made(url, on_file=on_file)
    engines.path = str(address.database)
    fresh = (one.execution_options() for one in (engines.store.reader, engines.store.writer))
    return LentStore(*fresh, now=now, lent=[engines])


def _made(url: str, *, on_file: bool) -> _Engines:
    made = _Engines("sqlite" if on_file else url, open_store(url, int))
    for engine in (made.store.reader, made.store.writer) if on_file else ():

        @event.listens_for(engine, "do_connect")
        def _at_the_file(_dialect, _record, arguments, _more):
            arguments[0] = made.path

        @event.listens_for(engine, "connect")
        def _without_waiting(connection, _record):
            connection.cursor().execute("PRAGMA synchronous=OFF")

    return made
