"""
Open the database: SQLite on one machine by default, PostgreSQL by its URL.

SQLite has one writer, by one connection with ``BEGIN IMMEDIATE``; pysqlite's own transactions are
off. Every commit is on the disk (``synchronous=FULL``) before it is acknowledged.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from time import sleep
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from geodata.refusal import Refusal
from pooling.store.transaction import Event, Tx, View

T = TypeVar("T")

READERS = 16
BUSY_MS = 30_000
RETRIES = 8
"""How often a change is tried again where two changes stood in each other's way in the database."""

Listener = Callable[[int, Sequence[Event]], None]
"""Called after a commit that told something, with the newest outbox id; it must not raise."""

DEADLOCKS = frozenset({"40001", "40P01"})


class DatabaseUrlBad(Refusal):
    code = "database_url_bad"
    reason = "{url} is no database that Carriole can open."
    cure = "Write sqlite:///carriole.db, or postgresql://user@host/name."


@dataclass(frozen=True)
class Store:
    """
    Hold the way in: ``view`` for reading one consistent moment, ``change`` for one transaction.

    Keep one per process: connections do not survive a fork. Who listens in ``after_commit`` is called
    with what was told, once it is kept.
    """

    reader: Engine
    writer: Engine
    now: Callable[[], int] = field(repr=False)
    after_commit: list[Listener] = field(default_factory=list, repr=False, compare=False)
    sight: frozenset[str] | None = None
    """With whose eyes it is read (``pooling.store.sight``): these parties', or the house's own."""
    idle: list[Connection] = field(default_factory=list, repr=False, compare=False)
    """Reading connections of SQLite that nobody looks through now."""

    def seen_by(self, party_ids: Iterable[str]) -> "Store":
        """Return the same store as these parties see it."""
        return replace(self, sight=frozenset(party_ids))

    def view(self) -> AbstractContextManager[View]:
        """Read; what is read belongs to one moment."""
        return _Look(self) if self.is_file else self._looked()

    @property
    def is_file(self) -> bool:
        """Tell whether the database is a file at hand (SQLite), where a look waits for nobody."""
        return self.reader.dialect.name == "sqlite" and bool(self.reader.url.database)

    @contextmanager
    def _looked(self) -> Iterator[View]:
        with self.reader.connect() as connection, connection.begin():
            yield View(connection, self.now(), self.sight)

    def change(self, work: Callable[[Tx], T], by_member_id: str = "") -> T:
        """
        Do one change of state: all of it is kept, or nothing.

        The work may run again where the database found two changes in each other's way, so it must
        do nothing outside the transaction.
        """
        for attempt in range(RETRIES):
            try:
                with self.writer.begin() as connection:
                    tx = Tx(connection, self.now(), self.sight, by_member_id)
                    done = work(tx)
                    newest_id = tx.write_events()
                break
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) not in DEADLOCKS or attempt == RETRIES - 1:
                    raise
                sleep(0.01 * 2**attempt)
        if newest_id:
            for listener in self.after_commit:
                listener(newest_id, tx.events)
        return done

    def close(self) -> None:
        while self.idle:
            self.idle.pop().close()
        self.reader.dispose()
        self.writer.dispose()


@dataclass(frozen=True)
class Inside(Store):
    """
    Look and change inside a change that is being made: each of its steps is kept with all the others.

    A step that fails is undone by itself, with what it told; whoever makes the change may go on.
    """

    tx: Tx = field(kw_only=True, repr=False)

    @contextmanager
    def view(self) -> Iterator[View]:
        yield self.tx

    def change(self, work: Callable[[Tx], T], by_member_id: str = "") -> T:  # noqa: ARG002
        said = len(self.tx.events)
        try:
            with self.tx.connection.begin_nested():
                return work(self.tx)
        except BaseException:
            del self.tx.events[said:]
            raise


def inside(store: Store, tx: Tx) -> Store:
    """Return the store as the steps of one change see it."""
    return Inside(store.reader, store.writer, store.now, sight=store.sight, tx=tx)


class _Look(AbstractContextManager[View]):
    """
    Look at SQLite through a connection that stays open.

    To take one from SQLAlchemy's pool, begin, and give it back takes longer than to read what a look is for.
    """

    def __init__(self, store: Store) -> None:
        self.store = store

    def __enter__(self) -> View:
        now_at, idle = self.store.now(), self.store.idle
        try:
            self.connection = idle.pop()
        except IndexError:
            self.connection = self.store.reader.connect()
        driver: Any = self.connection.connection.driver_connection
        driver.execute("BEGIN")
        self.driver = driver
        return View(self.connection, now_at, self.store.sight)

    def __exit__(self, *_: object) -> None:
        try:
            self.connection.rollback()
            self.driver.rollback()
        except Exception:
            self.connection.close()
            raise
        if len(self.store.idle) < READERS:
            self.store.idle.append(self.connection)
        else:
            self.connection.close()


def open_store(url: str, now: Callable[[], int]) -> Store:
    """Open the database behind ``sqlite:///path`` or ``postgresql://…``; ``migrate`` makes its tables."""
    try:
        name = make_url(url).get_backend_name()
    except Exception as error:
        raise DatabaseUrlBad(url=url.split("@")[-1]) from error
    if name == "sqlite":
        reader, writer = _sqlite(url, "DEFERRED", READERS, more=-1), _sqlite(url, "IMMEDIATE", 1)
        return Store(reader=reader, writer=writer, now=now)
    if name == "postgresql":
        address = make_url(url).set(drivername="postgresql+psycopg")
        writer = create_engine(address, pool_size=READERS, max_overflow=0, pool_pre_ping=True)
        reader = writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        return Store(reader=reader, writer=writer, now=now)
    raise DatabaseUrlBad(url=name)


def is_sqlite(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"


def _sqlite(url: str, begin: str, size: int, *, more: int = 0) -> Engine:
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=more,
        pool_timeout=60,
        connect_args={"check_same_thread": False, "timeout": BUSY_MS / 1000},
    )

    @event.listens_for(engine, "connect")
    def _connected(connection: DBAPIConnection, _record: object) -> None:
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout={BUSY_MS}",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
        ):
            connection.cursor().execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        driver: Any = connection.connection.driver_connection
        if not driver.in_transaction:  # a look has begun by itself
            driver.execute(f"BEGIN {begin}")

    return engine
