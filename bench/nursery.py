"""
Processes that are born in a moment and killed without a word.

They are forked from a server that has imported everything already, so that a hundred of them can be
killed within a minute; each opens the house anew, as one that starts after a crash would.
"""

import http.client
import os
import signal
import socket
import time
from collections.abc import Callable
from http import HTTPStatus
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

PRELOADED = ["bench.grown", "api.house", "uvicorn", "psycopg", "bench.town", "pooling.work.working"]

_context = get_context("forkserver")
_context.set_forkserver_preload(PRELOADED)


def born(work: Callable[..., None], *arguments: object) -> BaseProcess:
    child = _context.Process(target=work, args=arguments, daemon=True)
    child.start()
    return child


def warm() -> None:
    """Let the server import everything before the first child is waited for."""
    born(time.sleep, 0).join()


def channel() -> Any:  # noqa: ANN401 - a queue of whatever is told
    """Return a queue on which children tell what they found."""
    return _context.Queue()


def killed(*children: BaseProcess) -> None:
    """Kill -9, all at once, and wait until they are gone."""
    for child in children:
        if child.pid is not None:
            os.kill(child.pid, signal.SIGKILL)
    for child in children:
        child.join()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, seconds: float = 60) -> None:
    """Wait until somebody listens on a port."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with socket.socket() as probe:
            probe.settimeout(0.2)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.01)
    raise TimeoutError(f"nobody listens on {port}")


def wait_until_ready(port: int, seconds: float = 60) -> None:
    """Wait until who listens says that nobody waits for what it lays out when it starts."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
        try:
            connection.request("GET", "/readyz")
            if connection.getresponse().status == HTTPStatus.OK:
                return
        finally:
            connection.close()
        time.sleep(0.01)
    raise TimeoutError(f"nobody is ready on {port}")


def serve(environment: dict[str, str], port: int) -> None:
    """Serve a house on a port, as ``carriole serve`` does; what it says goes into its state folder."""
    os.environ.update(environment)
    _say_into(Path(environment["CARRIOLE_STATE"]) / "served.log")
    import uvicorn

    from api import rates
    from api.logs import set_up_logs
    from bench.grown import APP

    set_up_logs(environment["CARRIOLE_LOG_LEVEL"])
    rates.WRITES_PER_MINUTE = 10**9  # all clients knock from one address
    uvicorn.run(APP, host="127.0.0.1", port=port, log_level="critical", access_log=False)


def _say_into(path: Path) -> None:
    """Let what this process prints be kept in a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        for stream in (1, 2):
            os.dup2(file.fileno(), stream)
