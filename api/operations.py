"""
What whoever runs a house asks of it: is it alive, is it ready, how is it doing; and logs of requests.

Logs hold the operation, status and milliseconds, never a name, an address or a token. Metrics name the
operation's whole path as it is written in the code, not as it was called.
"""

import time

import structlog
from fastapi import APIRouter, FastAPI, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.asking import WholeHouse
from pooling.store.health import answers

router = APIRouter(tags=["operations"], include_in_schema=False)
registry = CollectorRegistry()
requests = Counter("carriole_requests", "Requests answered.", ["method", "path", "status"], registry=registry)
seconds = Histogram("carriole_request_seconds", "Seconds per request.", ["method", "path"], registry=registry)
log = structlog.get_logger("carriole")


@router.get("/healthz")
def alive() -> PlainTextResponse:
    """Tell that the process answers."""
    return PlainTextResponse("alive\n")


@router.get("/readyz")
def ready(request: Request, house: WholeHouse) -> JSONResponse:
    """Tell whether the database answers, and what first answers wait for is laid out; Redis may be away."""
    try:
        with house.desk.store.view() as view:
            answers(view)
    except SQLAlchemyError as error:
        return JSONResponse({"ready": False, "database": type(error).__name__}, 503)
    if request.app.state.settling.is_alive():
        return JSONResponse({"ready": False, "settling": True}, 503)
    return JSONResponse({"ready": True, "region": house.region.name})


@router.get("/metrics")
def metrics() -> Response:
    """Tell counts and times in the form of Prometheus."""
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


class Watch:
    """Count and log each request at the moment that its answer begins."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()

        async def seen(message: Message) -> None:
            if message["type"] == "http.response.start":
                _note(scope, message["status"], time.perf_counter() - began)
            await send(message)

        await self.app(scope, receive, seen)


def watch(app: FastAPI) -> None:
    """Count and log each request."""
    app.add_middleware(Watch)


def _note(scope: Scope, status: int, spent_s: float) -> None:
    method, path = scope["method"], getattr(scope.get("route"), "path", "unknown")
    requests.labels(method, path, status).inc()
    seconds.labels(method, path).observe(spent_s)
    if path not in ("/healthz", "/readyz", "/metrics"):
        log.info("request", method=method, path=path, status=status, ms=round(spent_s * 1000))
