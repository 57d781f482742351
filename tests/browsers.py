"""Several browsers before one running app: they share its loop, which others start anew for each call."""

from contextlib import suppress
from contextvars import ContextVar
from urllib.parse import unquote

import anyio
import anyio.to_thread
import httpx2
from fastapi.testclient import TestClient


def browser_beside(opened: TestClient, *, follow: bool = True) -> TestClient:
    """Return one more client of an app that runs, with cookies of its own."""
    browser = TestClient(opened.app, raise_server_exceptions=False, follow_redirects=follow)
    browser.portal = opened.portal
    return browser


def hurried(client: TestClient) -> TestClient:
    """
    Let a client go into the loop of its app once per answer, not eight times.

    All of an answer is made in one thread, and comes when it is whole: what never ends is not for it, nor a
    race between several clients.
    """
    client._transport = _OneHop(client)
    anyio.to_thread.run_sync = _ran_here
    return client


_HURRIED = ContextVar("_HURRIED", default=False)
_in_another_thread = anyio.to_thread.run_sync


async def _ran_here(function, *words, **how):
    """Call what another thread would be asked for, where a hurried client waits for it alone."""
    if _HURRIED.get():
        return function(*words)
    return await _in_another_thread(function, *words, **how)


class _OneHop(httpx2.BaseTransport):
    """Ask an app that runs, and hold its whole answer."""

    def __init__(self, client: TestClient) -> None:
        self._client = client

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        path, _, query = request.url.raw_path.partition(b"?")
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": request.method,
            "path": unquote(path.decode("ascii")),
            "raw_path": path,
            "root_path": "",
            "scheme": request.url.scheme,
            "query_string": query,
            "headers": [(name.lower(), value) for name, value in request.headers.raw],
            "client": ("testclient", 50000),
            "server": [request.url.host, request.url.port or 80],
            "extensions": {},
            "state": self._client.app_state.copy(),
        }
        start, *rest = self._client.portal.call(self._answered, scope, request.read())
        body = b"".join(message.get("body", b"") for message in rest)
        return httpx2.Response(
            start["status"],
            headers=start["headers"],
            stream=httpx2.ByteStream(b"" if request.method == "HEAD" else body),
            request=request,
        )

    async def _answered(self, scope, body):
        """Return what the app sends; what it raises after an answer was begun is what that answer says."""
        sent, over, waits = [], anyio.Event(), iter([{"type": "http.request", "body": body}])

        async def receive():
            for message in waits:
                return message
            await over.wait()
            return {"type": "http.disconnect"}

        async def send(message):
            sent.append(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                over.set()

        _HURRIED.set(True)
        with suppress(Exception):
            await self._client.app(scope, receive, send)
        assert sent, "nothing was answered"
        return sent
