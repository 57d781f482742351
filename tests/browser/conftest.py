"""A true browser before a true server: chromium of the machine, uvicorn on a free port."""

import os
import shutil
import socket
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from queue import Queue
from shutil import copyfile
from tempfile import mkdtemp
from threading import Thread
from time import monotonic, sleep

import pytest
import uvicorn
from playwright.sync_api import sync_playwright

from api.app import make_app
from api.asking import COOKIE
from pooling.clock import TurnedClock
from tests.desk import seeds
from tests.desk.touring import day_planned
from tests.houses import MORNING, new_house, settle
from tests.pages.scenes import play

QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SIZES = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1280, "height": 800}}
STARTS_WITHIN_S = 20


@pytest.fixture(scope="package")
def chromium():
    path = shutil.which("chromium")
    if path is None:
        word = "needs Debian's chromium: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(word)
        pytest.skip(word)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET))
        yield browser
        browser.close()


class Mailbox:
    """Keep what the house mails; a mail goes out after its page was answered, so one waits for it."""

    def __init__(self):
        self._mails = Queue()

    def send(self, mail):
        self._mails.put(mail)

    def next(self):
        """Wait for the next mail, for half a minute on a busy machine."""
        return self._mails.get(timeout=30)


class Place:
    """Hold a served house: its address, its town, and the ids of what stands in it."""

    def __init__(self, address, town, ids, box):
        self.address, self.town, self.ids, self.box = address, town, ids, box

    def open(self, chromium, name="", size="phone", *, scripts=True):
        """Open a window on the house for one person, who is signed in already."""
        context = chromium.new_context(
            viewport=SIZES[size], base_url=self.address, java_script_enabled=scripts, locale="fr-FR"
        )
        context.set_default_timeout(15_000)
        if name:
            context.add_cookies([{"name": COOKIE, "value": name, "url": self.address}])
        return context.new_page()


@pytest.fixture
def place(tmp_path):
    """Serve a house of one's own, in which everything may be changed."""
    with served(tmp_path) as opened:
        yield opened


@pytest.fixture(scope="package")
def still(tmp_path_factory):
    """Serve one house for all who only look."""
    with served(tmp_path_factory.mktemp("still")) as opened:
        yield opened


@cache
def _played_before():
    """Play the scene once; returns the file that its house leaves, its town and its ids."""
    folder, clock = Path(mkdtemp(prefix="carriole-browser-")), TurnedClock(MORNING)
    town = settle(new_house(folder, clock), clock)
    ids = {**play(town), "day_plan": day_planned(town), "draft": seeds.drafted_first(town)}
    town.house.close()
    return folder / "carriole.db", town, ids


@contextmanager
def served(folder):
    kept, played, ids = _played_before()
    clock, box = TurnedClock(played.clock.at), Mailbox()
    copyfile(kept, folder / "carriole.db")
    house = new_house(folder, clock)
    object.__setattr__(house, "mailer", box)
    town = replace(played, house=house, clock=clock)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(
            make_app(house), port=port, log_level="critical", access_log=False, timeout_graceful_shutdown=1
        )
    )
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    until = monotonic() + STARTS_WITHIN_S
    while not server.started and monotonic() < until:
        sleep(0.02)
    yield Place(f"http://127.0.0.1:{port}", town, ids, box)
    server.should_exit = True
    thread.join(10)
    house.close()
