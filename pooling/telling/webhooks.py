"""
Webhooks: the port by which events reach other systems, how they are signed, and where they may go.

Signed as Standard Webhooks asks (https://www.standardwebhooks.com): whoever holds the secret can tell
that an event is ours, is whole, and is new. The same event has the same ``webhook-id`` whenever it is
sent again.
"""

import base64
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Protocol

from standardwebhooks import Webhook

GONE = 410
"""The status by which a receiver says that it wants no more."""

CARRIES_V4 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"), IPv6Network("2002::/16"))
"""Addresses that lead into another network by way of a translator: what is behind them cannot be told."""


class PostFailed(Exception):  # noqa: N818 - a fact, and no refusal: nobody asked for what is forbidden
    """
    Tell that a post was not taken.

    ``for_good`` where sending it again would change nothing; ``away`` where nobody answered at all;
    ``gone`` where the receiver wants no more.
    """

    def __init__(self, why: str, *, for_good: bool = False, away: bool = False, gone: bool = False) -> None:
        super().__init__(why)
        self.for_good = for_good
        self.away = away
        self.gone = gone


class Post(Protocol):
    """Post a body to an address; returns when it was taken (status 2xx), else raises ``PostFailed``."""

    def __call__(self, url: str, headers: Mapping[str, str], body: str) -> None: ...


def fresh_secret() -> str:
    """Make the secret of one webhook: 24 random bytes."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()


def signed(secret: str, message_id: str, at: int, body: str) -> dict[str, str]:
    """Return the headers that a signed event travels with."""
    signature = Webhook(secret).sign(message_id, datetime.fromtimestamp(at, UTC), body)
    return {
        "content-type": "application/json",
        "user-agent": "Carriole",
        "webhook-id": message_id,
        "webhook-timestamp": str(at),
        "webhook-signature": signature,
    }


def is_public(address: str) -> bool:
    """Tell whether an address lies in the open Internet: neither this machine nor a network behind it."""
    found: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        if any(found in network for network in CARRIES_V4):
            return False
        found = found.ipv4_mapped or found
    return found.is_global and not (found.is_multicast or found.is_reserved or found.is_unspecified)
