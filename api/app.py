"""The web process: the API for machines under /api/v1, and the pages for people."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from threading import Thread

from fastapi import FastAPI
from starlette.routing import BaseRoute

from api import limits, operations, pages, problem
from api.engines import at_work
from api.house import House, open_house
from api.letters import inviting, unsubscribing
from api.openapi import DESCRIPTION, tell_rights
from api.papers.words import LOCALES, words
from api.route_list import listed
from api.routes import ROUTERS
from api.settings import settings
from geodata.communes import communes
from pooling.desk.market.kept_trips import keep_ahead
from pooling.desk.market.offers import get_ready

API = "/api/v1"

GARBAGE = (10_000, 3, 50)
"""
Of so many more things than went, the collector looks at the newest; every fourth time at those of before too,
and at all that came since the start when two million have come. A search makes no rings of garbage, but keeps
what it learned of trips: to look through that again and again took a tenth of its time, and of some of
them sixty milliseconds at once.
"""


def make_app(house: House | None = None) -> FastAPI:
    """Build the application; it opens the house of the environment where none is given."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.house = opened = house or open_house(settings())
        app.state.settling = Thread(target=_settle, args=(opened,), daemon=True)
        if house is None:
            app.state.settling.start()
        async with at_work(app, opened):
            yield
        if house is None:
            opened.close()

    redis_url = (house.settings if house else settings()).redis_url
    app = FastAPI(
        title="Carriole",
        version="1",
        summary="Co-delivery in short food circuits: trips announced, room bid for, tours pooled.",
        description=DESCRIPTION,
        docs_url=f"{API}/docs",
        redoc_url=None,
        openapi_url=f"{API}/openapi.json",
        lifespan=lifespan,
        separate_input_output_schemas=False,
    )
    problem.install(app)
    operations.watch(app)
    limits.limit(app, redis_url)
    app.router.routes.extend(_routes())
    tell_rights(app)
    pages.install(app)
    return app


def _settle(house: House) -> None:
    """
    Read and lay out what some first question would wait for, and let the collector leave alone what stays.

    What every bid needs comes first; the books of the next days' trips are made once the house is ready.
    Walking through all that a process loaded at its start takes the collector half a second, in the middle
    of somebody's answer.
    """
    gc.set_threshold(*GARBAGE)
    gc.freeze()
    laid_out = get_ready(house.desk)
    for language in LOCALES:
        words(language)
    communes()
    gc.freeze()
    Thread(target=keep_ahead, args=(house.desk, laid_out), daemon=True).start()


@cache
def _routes() -> tuple[BaseRoute, ...]:
    """Return the routes of all operations, made ready once per process."""
    beside = (operations.router, unsubscribing.router, inviting.router)
    return listed(beside) + listed(ROUTERS, API)
