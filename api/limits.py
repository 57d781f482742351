"""
Limits at the door: the size of a request, and how often one address may knock.

Rates are counted in memory, or in Redis where there is one, so that several processes count together;
where Redis is away nobody is locked out.
"""

from fastapi import FastAPI
from limits import RateLimitItemPerMinute
from limits.storage import Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problem import answer_of, problem_of
from geodata.refusal import Refusal

BODY_LIMIT_BYTES = 1_000_000
"""A request may hold one megabyte."""

SIGN_INS_PER_MINUTE = 20
WRITES_PER_MINUTE = 1200
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
        self.limiter = FixedWindowRateLimiter(_storage(redis_url))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is not None:
            await answer_of(problem_of(refusal))(scope, receive, send)
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
                await answer_of(problem_of(TooLarge(limit=BODY_LIMIT_BYTES)))(scope, receive, send)

        await self.app(scope, counted, answered)
        if seen > BODY_LIMIT_BYTES and not refused:
            await answered({"type": "http.response.start"})

    def _refusal(self, scope: Scope) -> Refusal | None:
        headers = dict(scope["headers"])
        if int(headers.get(b"content-length", b"0") or 0) > BODY_LIMIT_BYTES:
            return TooLarge(limit=BODY_LIMIT_BYTES)
        if scope["method"] in UNSAFE and not self._may(scope):
            return TooManyRequests()
        return None

    def _may(self, scope: Scope) -> bool:
        address = (scope.get("client") or ("unknown", 0))[0]
        signing_in = scope["path"].rstrip("/").endswith(("/sign-in", "/sign-up"))
        limit = SIGN_INS_PER_MINUTE if signing_in else WRITES_PER_MINUTE
        try:
            return self.limiter.hit(
                RateLimitItemPerMinute(limit), "sign-in" if signing_in else "write", address
            )
        except Exception:  # noqa: BLE001 - a counter that is away locks nobody out
            return True


def _storage(redis_url: str) -> Storage:
    storage = storage_from_string(redis_url or "memory://")
    if not isinstance(storage, Storage):
        raise TypeError("Rates are counted in this thread.")
    return storage


def limit(app: FastAPI, redis_url: str) -> None:
    """Put the door before the application."""
    app.add_middleware(Door, redis_url=redis_url)
