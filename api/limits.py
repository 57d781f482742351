"""
Limits at the door: the size of a request, and how often one address may knock (``api.rates``).
"""

from fastapi import FastAPI
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problem import answer_of, problem_of
from api.rates import Rates
from api.spoken import wanted_words
from geodata.refusal import Refusal

BODY_LIMIT_BYTES = 1_000_000
"""A request may hold one megabyte."""

RECKONED = ("/cost", "/costs")
"""What takes a search, and needs no sign-in."""

UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class TooLarge(Refusal):
    code = "too_large"
    reason = "The request is larger than {limit} bytes."
    cure = "Send it in smaller parts."


class TooManyRequests(Refusal):
    code = "too_many_requests"
    reason = "Too many requests came from your address in a minute."
    cure = "Wait a minute, then go on."


class Door:
    """Stand before the application: refuse what is too large or comes too often."""

    def __init__(self, app: ASGIApp, redis_url: str = "") -> None:
        self.app = app
        self.rates = Rates(redis_url)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            if scope["type"] == "lifespan":
                await self.rates.close()
            return
        refusal = await self._refusal(scope)
        if refusal is not None:
            await _answer(scope, refusal)(scope, receive, send)
            return
        await self._measured(scope, receive, send)

    async def _measured(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count a body that does not tell its length; where it is too large, whatever is answered is that."""
        seen, refused = 0, False

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            return message if seen <= BODY_LIMIT_BYTES else {"type": "http.disconnect"}

        async def answered(message: Message) -> None:
            nonlocal refused
            if seen <= BODY_LIMIT_BYTES:
                await send(message)
            elif not refused:
                refused = True
                await _answer(scope, TooLarge(limit=BODY_LIMIT_BYTES))(scope, receive, send)

        await self.app(scope, counted, answered)
        if seen > BODY_LIMIT_BYTES and not refused:
            await answered({"type": "http.response.start"})

    async def _refusal(self, scope: Scope) -> Refusal | None:
        told = dict(scope["headers"]).get(b"content-length", b"")
        if told.isdigit() and int(told) > BODY_LIMIT_BYTES:
            return TooLarge(limit=BODY_LIMIT_BYTES)
        if not await self._may(scope):
            return TooManyRequests()
        return None

    async def _may(self, scope: Scope) -> bool:
        address = (scope.get("client") or ("unknown", 0))[0]
        if scope["path"].rstrip("/").endswith(RECKONED) and (
            scope["query_string"] or scope["method"] == "POST"
        ):
            return await self.rates.may_reckon(address)
        if scope["method"] not in UNSAFE:
            return True
        if scope["path"].rstrip("/").endswith(("/sign-in", "/sign-up")):
            return await self.rates.may_sign_in(address)
        if scope["path"].rstrip("/").endswith("/take-overs"):
            return await self.rates.may_name_van(address)
        return await self.rates.may_write(address)


def _answer(scope: Scope, refusal: Refusal) -> JSONResponse:
    say = wanted_words(dict(scope["headers"]).get(b"accept-language", b"").decode("latin-1"))
    return answer_of(problem_of(refusal, say), say)


def limit(app: FastAPI, redis_url: str) -> None:
    """Put the door before the application."""
    app.add_middleware(Door, redis_url=redis_url)
