"""
What whoever runs a house asks of it: is it alive, is it ready, how is it doing; and logs of requests.

Logs hold the operation, status and milliseconds, never a name, an address or a token. Metrics name the
operation's path as written in the code, not as it was called.
"""

import time
from collections.abc import Awaitable, Callable

import structlog
from fastapi import APIRouter, FastAPI, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import JSONResponse, PlainTextResponse

from api.asking import TheHouse
from pooling.store.health import answers

Next = Callable[[Request], Awaitable[Response]]

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
def ready(house: TheHouse) -> JSONResponse:
    """Tell whether the database answers and the region is open; Redis may be away."""
    try:
        with house.desk.store.view() as view:
            answers(view)
    except SQLAlchemyError as error:
        return JSONResponse({"ready": False, "database": type(error).__name__}, 503)
    return JSONResponse({"ready": True, "region": house.region.name})


@router.get("/metrics")
def metrics() -> Response:
    """Tell counts and times in the form of Prometheus."""
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


def watch(app: FastAPI) -> None:
    """Count and log each request."""

    @app.middleware("http")
    async def _watched(request: Request, call_next: Next) -> Response:
        began = time.perf_counter()
        response = await call_next(request)
        spent_s = time.perf_counter() - began
        route = request.scope.get("route")
        path = getattr(route, "path", "unknown")
        requests.labels(request.method, path, response.status_code).inc()
        seconds.labels(request.method, path).observe(spent_s)
        if path not in ("/healthz", "/readyz", "/metrics"):
            log.info(
                "request",
                method=request.method,
                path=path,
                status=response.status_code,
                ms=round(spent_s * 1000),
            )
        return response
