"""The web process: the API for machines under /api/v1, and the pages for people."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache

from fastapi import FastAPI
from starlette.routing import BaseRoute

from api import inviting, limits, operations, pages, problem, unsubscribing
from api.engines import at_work
from api.house import House, open_house
from api.openapi import DESCRIPTION, tell_rights
from api.route_list import listed
from api.routes import ROUTERS
from api.settings import settings

API = "/api/v1"


def make_app(house: House | None = None) -> FastAPI:
    """Build the application; it opens the house of the environment where none is given."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.house = opened = house or open_house(settings())
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


@cache
def _routes() -> tuple[BaseRoute, ...]:
    """Return the routes of all operations, made ready once per process."""
    beside = (operations.router, unsubscribing.router, inviting.router)
    return listed(beside) + listed(ROUTERS, API)
