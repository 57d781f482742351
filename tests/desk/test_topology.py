"""
What docker-compose.yml starts, started here: two web processes and two workers, with the same settings,
over a real PostgreSQL and a real Valkey.
"""

import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager

import httpx
import psycopg
import pytest
import yaml
from sqlalchemy import make_url

from pooling.clock import SystemClock
from tests.desk.servers import free_port, is_ready, until
from tests.desk.telling import change_member, happen
from tests.forks import COMMAND, HOUSE, Forked
from tests.houses import new_house, settle

STARTS_WITHIN_S = 90
STOPS_WITHIN_S = 15
COMPOSE = yaml.safe_load((HOUSE / "docker-compose.yml").read_text(encoding="utf-8"))["services"]


@pytest.fixture
def database_url(postgresql):
    """Return the URL of a database that no other test uses."""
    with psycopg.connect(postgresql, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS topology")
        connection.execute("CREATE DATABASE topology")
    yield make_url(postgresql).set(database="topology").render_as_string(hide_password=False)
    with psycopg.connect(postgresql, autocommit=True) as connection:
        connection.execute("DROP DATABASE topology WITH (FORCE)")


@pytest.fixture
def environment(tmp_path, database_url, redis_url):
    """Return the settings that the composed services are given, with this machine's places for theirs."""
    (tmp_path / "database_url").write_text(f"{database_url}\n", encoding="utf-8")
    (tmp_path / "smtp_url").write_text("", encoding="utf-8")
    ours = {
        "DATABASE_URL_FILE": str(tmp_path / "database_url"),
        "SMTP_URL_FILE": str(tmp_path / "smtp_url"),
        "REDIS_URL": redis_url,
        "CARRIOLE_STATE": str(tmp_path / "state"),
        "CARRIOLE_HOME": os.environ.get("CARRIOLE_HOME", str(tmp_path / "regions")),
        "CARRIOLE_REGION": "riviera",
        "GEOCODER_URL": "",
        "CARRIOLE_TIMEZONE": "Europe/Paris",
        "CARRIOLE_PUBLIC_URL": "http://127.0.0.1:8000",
        "CARRIOLE_PROXIES": "",
        "CARRIOLE_LOG_LEVEL": "INFO",
        "MAIL_FROM": "carriole@localhost",
        "CARRIOLE_PULSE_FILE": str(tmp_path / "pulse"),
    }
    assert set(ours) == {name for one in ("api", "worker") for name in COMPOSE[one]["environment"]}
    return ours


def forked(environment, file, words):
    return Forked(COMMAND, *words, environment=environment, stdout=file, stderr=file)


def started_anew(environment, file, words):
    command = [sys.executable, "-c", COMMAND, *words]
    return subprocess.Popen(command, env=environment, cwd=HOUSE, stdout=file, stderr=file)


@contextmanager
def process(environment, log, *words, start):
    """Run one command of Carriole as a process of its own, with nothing but these settings."""
    known = {name: os.environ[name] for name in ("PATH", "HOME", "PYTHONPATH") if name in os.environ}
    with log.open("wb") as file:
        started = start({"PYTHONPATH": str(HOUSE)} | known | environment, file, words)
        try:
            yield started
        finally:
            if started.poll() is None:
                started.kill()
            started.wait(10)


def ended_within_s(started):
    """Ask a process to stop; return how long it took."""
    began = time.monotonic()
    started.send_signal(signal.SIGTERM)
    assert started.wait(STOPS_WITHIN_S) in {0, -signal.SIGTERM}
    return time.monotonic() - began


def test_two_web_processes_and_two_workers_are_one_house(tmp_path, environment, database_url):
    ports = [free_port(), free_port()]
    addresses = [f"http://127.0.0.1:{port}" for port in ports]
    commands = [("serve", "--port", str(port)) for port in ports] + [("worker",)] * 2
    starts = [started_anew, forked, forked, forked]  # one begins with nothing, as each does for a user
    with ExitStack() as stack:
        processes = [
            stack.enter_context(process(environment, tmp_path / f"{number}.log", *words, start=start))
            for number, (words, start) in enumerate(zip(commands, starts, strict=True))
        ]
        until(lambda: all(is_ready(address) for address in addresses), STARTS_WITHIN_S)
        until((tmp_path / "pulse").exists, STARTS_WITHIN_S)
        house = new_house(tmp_path / "beside", SystemClock(), DATABASE_URL=database_url)
        stack.callback(house.close)
        town = settle(house, house.desk.clock)

        wish = {"party": town.parties["farm"], "name": "Yard", "lat": 43.7431, "lon": 7.3652}
        made = httpx.post(f"{addresses[0]}/api/v1/sites", json=wish, headers=town.headers("farm")).json()
        read = httpx.get(f"{addresses[1]}/api/v1/sites/{made['id']}", headers=town.headers("farm"))
        assert (read.status_code, read.json()) == (200, made)

        change_member(town, "farm", quiet_from_s=0, quiet_until_s=0)
        happen(town, "bid.placed", "farm")
        letters = tmp_path / "state" / "mail"
        until(lambda: list(letters.glob("*.eml")))
        time.sleep(2.5)  # the other worker has looked as well by now
        assert len(list(letters.glob("*.eml"))) == 1

        spent = [ended_within_s(one) for one in processes]
        assert max(spent) < STOPS_WITHIN_S
    for number in range(len(commands)):
        assert "Traceback" not in (tmp_path / f"{number}.log").read_text(encoding="utf-8"), number
