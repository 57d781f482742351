"""
Post an event to an address that somebody gave: never into our own network, never for long.

The name is resolved once, every address behind it is looked at, and the connection goes to one that
was looked at: a name that leads elsewhere a moment later changes nothing. Redirects are not followed.
"""

import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from threading import Timer
from urllib.parse import urlsplit

from pooling.telling.webhooks import GONE, PostFailed, is_public

WITHIN_S = 10
"""How long a post may take in all, from the first word to the last."""

PORTS = {"https": 443, "http": 80}

Resolve = Callable[[str, int], list[str]]


def addresses(host: str, port: int) -> list[str]:
    """Return every address of a name."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@dataclass(frozen=True)
class GuardedPost:
    """Post over https to public addresses; ``inside`` (the operator's setting) lifts both limits."""

    inside: bool = False
    resolve: Resolve = addresses
    within_s: float = WITHIN_S

    def __call__(self, url: str, headers: Mapping[str, str], body: str) -> None:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or PORTS.get(parts.scheme, 0)
        if parts.scheme != "https" and not (self.inside and parts.scheme == "http"):
            raise PostFailed("only https", for_good=True)
        address = self._checked(host, port)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            connected = socket.create_connection((address, port), timeout=self.within_s)
        except OSError as error:
            raise PostFailed(type(error).__name__, away=True) from error
        watch = Timer(self.within_s, _cut, [connected])
        watch.daemon = True
        watch.start()
        try:
            status = _asked(connected, parts.scheme, host, parts.netloc, path, headers, body)
        except (OSError, HTTPException, ValueError) as error:
            raise PostFailed(type(error).__name__, away=True) from error
        finally:
            watch.cancel()
            connected.close()
        if not 200 <= status < 300:
            raise PostFailed(f"status {status}", gone=status == GONE, for_good=status == GONE)

    def _checked(self, host: str, port: int) -> str:
        """Return an address of the host, if all of them may be posted to."""
        try:
            found = self.resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise PostFailed("name unknown", away=True) from error
        if not found:
            raise PostFailed("name unknown", away=True)
        if not self.inside and not all(is_public(address) for address in found):
            raise PostFailed("private address", for_good=True)
        return found[0]


def _asked(
    connected: socket.socket,
    scheme: str,
    host: str,
    netloc: str,
    path: str,
    headers: Mapping[str, str],
    body: str,
) -> int:
    """Post over a connection that stands; returns the status, and reads nothing else."""
    connection = HTTPConnection(host)
    connection.sock = (
        ssl.create_default_context().wrap_socket(connected, server_hostname=host)
        if scheme == "https"
        else connected
    )
    try:
        connection.request("POST", path, body.encode(), {"Host": netloc, **headers})
        return connection.getresponse().status
    finally:
        connection.close()


def _cut(connected: socket.socket) -> None:
    """End a connection that takes too long; whoever reads from it is told so."""
    try:
        connected.shutdown(socket.SHUT_RDWR)
    except OSError:
        connected.close()
