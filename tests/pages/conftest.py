"""Everybody of the town with a browser of its own, each signed in by its cookie."""

import pytest
from fastapi.testclient import TestClient

from api.app import make_app
from api.asking import COOKIE
from pooling.clock import TurnedClock
from tests.browsers import browser_beside, hurried
from tests.houses import MORNING, new_house, settle
from tests.pages.browsing import Visitor


@pytest.fixture
def clock():
    return TurnedClock(MORNING)


@pytest.fixture
def town(tmp_path, clock):
    house = new_house(tmp_path, clock)
    yield settle(house, clock)
    house.close()


@pytest.fixture
def visitor(town):
    """Return a maker of browsers: ``visitor("farm")``, or ``visitor()`` for somebody unknown."""
    app = make_app(town.house)

    with TestClient(app, raise_server_exceptions=False) as opened:

        def visiting(name=""):
            browser = hurried(browser_beside(opened))
            browser.headers["accept-language"] = "en"
            if name:
                browser.cookies.set(COOKIE, name)
            return Visitor(browser)

        yield visiting
        opened.close()
