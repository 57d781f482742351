"""
All operations and all pages in one list, each under its whole path.

FastAPI keeps a router within a router as it is: it reckons each operation's parameters once more, and at
every request goes through each router twice. That cost as much as the answer.
"""

from collections.abc import Iterable
from copy import copy

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, compile_path


def listed(routers: Iterable[APIRouter], prefix: str = "", *, told: bool = True) -> tuple[BaseRoute, ...]:
    """Return the routes of some routers under a prefix; what is not told stands in no OpenAPI document."""
    found = (route for router in routers for route in router.routes)
    return tuple(_under(prefix, route, told=told) for route in found if isinstance(route, APIRoute))


def _under(prefix: str, route: APIRoute, *, told: bool) -> APIRoute:
    """Return a copy of a route that stands under a prefix."""
    moved = copy(route)
    moved.path = prefix + route.path
    moved.path_regex, moved.path_format, moved.param_convertors = compile_path(moved.path)
    moved.include_in_schema = route.include_in_schema and told
    return moved
