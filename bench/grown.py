"""
The application, built once where children are forked from: each child opens a house of its own in it.

It is asked for a path that there is not, so that it has looked at all of its own before children are born.
"""

import asyncio

from starlette.types import Message, Scope

from api.app import make_app
from api.logs import set_up_logs
from geodata.warming import warm

APP = make_app()


async def _grow() -> None:
    scope: Scope = {
        "type": "http",
        "method": "GET",
        "path": "/api/v1/nowhere",
        "raw_path": b"/api/v1/nowhere",
        "query_string": b"",
        "headers": [],
        "client": ("127.0.0.1", 0),
    }

    async def receive() -> Message:
        return {"type": "http.request", "body": b""}

    async def send(_message: Message) -> None:
        return None

    await APP(scope, receive, send)


set_up_logs("ERROR")
warm()
asyncio.run(_grow())
