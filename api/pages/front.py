"""
The front of the house: pages beside the API, one stylesheet, and refusals that are pages too.

Whoever is not signed in gets the sign-in page, which leads back to where it was.
"""

import logging
from collections.abc import Callable
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any, cast

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute

from api.pages import rooms
from api.pages.forms import FormStrange
from api.pages.headers import PageHeaders, is_page
from api.pages.press import page
from api.pages.visit import Visit, visit_of
from api.route_list import listed
from geodata.refusal import Refusal
from pooling.desk import SignInNeeded

log = logging.getLogger("carriole")

STATIC_FOLDER = Path(__file__).parent / "static"

Handler = Callable[[Request, Any], Response]


def install(app: FastAPI) -> None:
    """Open the pages beside the API; call it when the API's own answers to refusals stand."""
    app.mount("/static", StaticFiles(directory=STATIC_FOLDER), name="static")
    app.router.routes.extend(_routes())
    app.add_middleware(PageHeaders)
    for kind, shown in (
        (Refusal, _refused),
        (RequestValidationError, _lost),
        (HTTPException, _gone),
        (Exception, _mistake),
    ):
        machines = cast("Handler", app.exception_handlers[kind])
        app.add_exception_handler(kind, _by_door(machines, shown))


@cache
def _routes() -> tuple[BaseRoute, ...]:
    """Return the routes of all pages, made ready once per process."""
    return listed(rooms.ROUTERS, told=False)


def _by_door(machines: Handler, people: Handler) -> Handler:
    """Answer machines as problem details, people as a page."""

    def handle(request: Request, error: Exception) -> Response:
        return (people if is_page(request.url.path) else machines)(request, error)

    return handle


def _refused(request: Request, refusal: Refusal) -> Response:
    visit = visit_of(request)
    if isinstance(refusal, SignInNeeded):
        wanted = str(request.url.path) + (f"?{request.url.query}" if request.url.query else "")
        shown = None if wanted == "/" else refusal  # whoever only knocks is no sinner
        answer = page(visit, "sign_in.html", refusal=shown, back=wanted if request.method == "GET" else "/")
        answer.status_code = HTTPStatus.UNAUTHORIZED.value
        return answer
    if isinstance(refusal, FormStrange):
        return _plain(visit, "sorry.html", HTTPStatus.FORBIDDEN, refusal)
    return page(visit, "sorry.html", refusal=refusal)


def _lost(request: Request, _error: RequestValidationError) -> Response:
    return _plain(visit_of(request), "lost.html", HTTPStatus.NOT_FOUND)


def _gone(request: Request, error: HTTPException) -> Response:
    if error.status_code == HTTPStatus.NOT_FOUND:
        return _plain(visit_of(request), "lost.html", HTTPStatus.NOT_FOUND)
    return _plain(visit_of(request), "broken.html", error.status_code)


def _mistake(request: Request, error: Exception) -> Response:
    log.error("mistake", extra={"path": request.url.path}, exc_info=error)
    return _plain(visit_of(request), "broken.html", HTTPStatus.INTERNAL_SERVER_ERROR)


def _plain(visit: Visit, template: str, status: int, refusal: Refusal | None = None) -> Response:
    answer = page(visit, template, refusal=refusal)
    answer.status_code = int(status)
    return answer
