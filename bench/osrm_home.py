"""
The real OSRM, from PyPI's ``osrm-bindings``: found or installed, fed with our speeds, measured by the second.

Its wheels are for Python 3.12 and later, so it lives in an environment of its own.
"""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from urllib.error import URLError
from urllib.request import urlopen

import osmium
from platformdirs import user_cache_dir

from bench.timing import ONE_THREAD
from geodata.access import has_host
from geodata.profiles import SMALL_VAN
from geodata.traits import PRIVATE_DRIVE, barrier_of, is_known, traits_of

VERSION = "26.10.0"
STARTS_WITHIN_S = 60
LUA = Path(__file__).with_name("van.lua")


class NoOsrm(Exception):  # noqa: N818 - a fact about this machine
    """Tell why OSRM cannot be run here."""


@dataclass(frozen=True)
class Osrm:
    """Hold an environment with OSRM: its Python and its programs."""

    python: Path
    programs: Path


@dataclass(frozen=True)
class Prepared:
    """Hold a map that OSRM has prepared: where, in how many CPU seconds, in how much memory."""

    stem: Path
    seconds: float
    rss_mb: float


def find_osrm(*, install: bool = False) -> Osrm:
    """Return the environment in ``CARRIOLE_OSRM``, else in the user's cache; made there if allowed."""
    folder = Path(os.environ.get("CARRIOLE_OSRM") or Path(user_cache_dir("carriole")) / "osrm")
    if install and not _programs(folder):
        _install(folder)
    programs = _programs(folder)
    if not programs:
        raise NoOsrm(f"no osrm-bindings in {folder}: python -m bench.roads puts them there")
    return Osrm(folder / "bin" / "python", programs)


def prepare(osrm: Osrm, source: Path, folder: Path, country: str = "FR") -> Prepared:
    """Extract and contract a map under the speeds and closures of our van, turn restrictions on."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "map.osm.pbf"
    shutil.copyfile(source, file)
    verdicts = folder / "verdicts.txt"
    _write_verdicts(source, verdicts, country)
    environment = {**os.environ, **ONE_THREAD, "CARRIOLE_VERDICTS": str(verdicts)}
    stem = folder / "map.osrm"
    steps = (
        [osrm.programs / "osrm-extract", "--threads", "1", "--profile", LUA, file],
        [osrm.programs / "osrm-contract", "--threads", "1", stem],
    )
    used = [_run(step, environment) for step in steps]
    return Prepared(stem, sum(seconds for seconds, _ in used), max(rss_mb for _, rss_mb in used))


@contextmanager
def routed(osrm: Osrm, stem: Path) -> Iterator[str]:
    """Serve a prepared map over HTTP by OSRM's own server; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [osrm.programs / "osrm-routed", "--ip", "127.0.0.1", "--port", str(port), "--threads", "1", stem]
    server = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _await(server, f"http://127.0.0.1:{port}/nearest/v1/driving/0,0")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def _programs(folder: Path) -> Path | None:
    """Return the folder of OSRM's programs in an environment."""
    found = sorted(folder.glob("lib/python3*/site-packages/osrm/bin/osrm-extract"))
    return found[0].parent if found else None


def _install(folder: Path) -> None:
    python = _python()
    if not python:
        raise NoOsrm("osrm-bindings need Python 3.12 or later, and none was found")
    for words in (
        [python, "-m", "venv", folder],
        [folder / "bin" / "python", "-m", "pip", "install", "--quiet", f"osrm-bindings=={VERSION}"],
    ):
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode:
            raise NoOsrm(f"osrm-bindings were not installed: {done.stderr.strip().splitlines()[-1:]}")


def _python() -> str | None:
    """Return a Python that takes the wheels: by name, or where pyenv and uv keep theirs."""
    kept = [Path.home() / ".pyenv" / "versions", Path.home() / ".local" / "share" / "uv" / "python"]
    found = [shutil.which(f"python3.{minor}") for minor in (12, 13, 14)]
    found += [str(one) for folder in kept for one in sorted(folder.glob("*3.1[2-4]*/bin/python3"))]
    return next((one for one in found if one and _is_new(one)), None)


def _is_new(python: str) -> bool:
    code = "import sys, venv; sys.exit(sys.version_info < (3, 12))"
    return subprocess.run([python, "-c", code], capture_output=True, check=False).returncode == 0


def _write_verdicts(source: Path, path: Path, country: str) -> None:
    """Write what our profile says of each way and each barrier of a map."""
    lines, barriers, private = [], {}, set()
    for thing in osmium.FileProcessor(str(source)):
        tags = {tag.k: tag.v for tag in thing.tags}
        if thing.is_node() and (barrier := barrier_of(tags)):
            barriers[thing.id] = barrier
        elif thing.is_way() and is_known(tags):
            told = traits_of(tags)
            private.update(node.ref for node in thing.nodes if has_host(told))
            use = SMALL_VAN.passage(told, country)
            if use.forward_kmh or use.backward_kmh:
                speeds = f"{use.forward_kmh:.6f} {use.backward_kmh:.6f}"
                lines.append(f"w {thing.id} {speeds} {use.ends_only:d} {use.may_stop:d}")
    for node, barrier in barriers.items():
        if not SMALL_VAN.passes({**barrier, **({PRIVATE_DRIVE: "yes"} if node in private else {})}):
            lines.append(f"n {node}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _run(words: list[object], environment: dict[str, str]) -> tuple[float, float]:
    """
    Run a program of OSRM's; returns its CPU seconds, and the most memory that it says it took.

    A shell stands between: a process counts as its own what the one that started it held.
    """
    shell = ["sh", "-c", '"$@"; exit $?', "sh", *(str(word) for word in words)]
    with TemporaryFile() as told:
        process = subprocess.Popen(shell, stdout=told, stderr=told, env=environment)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        told.seek(0)
        said = told.read().decode(errors="replace")
    if process.returncode:
        raise NoOsrm(f"{Path(str(words[0])).name} failed: {said.strip()[-300:]}")
    peaks = [int(count) for count in re.findall(r"peak bytes used: (\d+)", said)]
    return used.ru_utime + used.ru_stime, max(peaks, default=0) / 1e6


def _await(server: subprocess.Popen[bytes], url: str) -> None:
    until = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < until and server.poll() is None:
        try:
            urlopen(url, timeout=1).close()  # noqa: S310 - our own address
        except URLError as error:
            if getattr(error, "code", None):
                return
            time.sleep(0.05)
        else:
            return
    raise NoOsrm("osrm-routed does not start")
