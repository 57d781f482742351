"""
How often one address may knock: counted together in Redis by all processes, in memory by a single one.

Where Redis is away or slow, each process counts for itself: nobody is locked out, and nobody gets in
ten thousand times a minute.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address
from time import monotonic

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.storage import RedisStorage
from limits.aio.storage.redis.redispy import RedispyBridge
from limits.aio.strategies import FixedWindowRateLimiter as SharedLimiter
from limits.errors import StorageError

from api.redis_house import ANSWERS_WITHIN_S, LEFT_ALONE_S

SIGN_INS_PER_MINUTE = 20
WRITES_PER_MINUTE = 1200
RECKONINGS_PER_MINUTE = 60
"""What anybody may ask for without signing in, and takes a search."""
VAN_CODES_PER_MINUTE = 10
"""Eight figures name a van: by so many guesses a minute nobody finds one within its run."""
MINUTE_S = 60
HOUSEHOLD_BITS = 64
"""An IPv6 household holds this many bits of addresses: it counts as one."""


class Rates:
    """Count knocks; ``redis_url`` is empty where one process serves alone."""

    def __init__(self, redis_url: str = "") -> None:
        self._here = Minute()
        self._storage = _shared(redis_url) if redis_url else None
        self._shared = SharedLimiter(self._storage) if self._storage else None
        self._away_until = 0.0

    async def may_sign_in(self, address: str) -> bool:
        return await self._may(RateLimitItemPerMinute(SIGN_INS_PER_MINUTE), "sign-in", address)

    async def may_write(self, address: str) -> bool:
        return await self._may(RateLimitItemPerMinute(WRITES_PER_MINUTE), "write", address)

    async def may_reckon(self, address: str) -> bool:
        return await self._may(RateLimitItemPerMinute(RECKONINGS_PER_MINUTE), "reckon", address)

    async def may_name_van(self, address: str) -> bool:
        return await self._may(RateLimitItemPerMinute(VAN_CODES_PER_MINUTE), "van", address)

    async def close(self) -> None:
        bridge = self._storage.bridge if self._storage else None
        if isinstance(bridge, RedispyBridge):
            await bridge.storage.aclose()

    async def _may(self, limit: RateLimitItem, what: str, address: str) -> bool:
        who = household(address)
        if self._shared is not None and monotonic() >= self._away_until:
            try:
                async with asyncio.timeout(ANSWERS_WITHIN_S):
                    return await self._shared.hit(limit, what, who)
            except (StorageError, OSError):
                self._away_until = monotonic() + LEFT_ALONE_S
        return self._here.knock(what, who) <= limit.amount


@dataclass
class Minute:
    """
    Count the knocks of this minute in this process; the next begins at nothing.

    The library's own memory starts a thread with nearly every knock, which costs more than to answer some.
    """

    clock: Callable[[], float] = monotonic
    _over_at: float = 0.0
    _knocks: Counter[tuple[str, str]] = field(default_factory=Counter, repr=False)

    def knock(self, what: str, who: str) -> int:
        """Count one more, and return the how manieth it is; nothing is kept longer than a minute."""
        if self.clock() >= self._over_at:
            self._over_at = self.clock() + MINUTE_S
            self._knocks.clear()
        self._knocks[what, who] += 1
        return self._knocks[what, who]


def household(address: str) -> str:
    """Return as what an address counts: itself, or in IPv6 its network of 64 bits."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if not isinstance(known, IPv6Address):
        return address
    return str(known.ipv4_mapped or IPv6Address(int(known) >> HOUSEHOLD_BITS << HOUSEHOLD_BITS))


def _shared(redis_url: str) -> RedisStorage:
    return RedisStorage(
        f"async+{redis_url}",
        wrap_exceptions=True,
        implementation="redispy",
        socket_timeout=ANSWERS_WITHIN_S,
        socket_connect_timeout=ANSWERS_WITHIN_S,
    )
