"""
Everything that Redis is for: waking workers, sharing matrices, telling other processes that news stand.

Nothing here is the truth of anything. Redis may be emptied, slow or gone at any moment: each call
then does nothing, quickly, and after a failure it is left alone for a few seconds.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event, Thread
from time import monotonic, sleep
from typing import TypeVar

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

log = logging.getLogger("carriole.redis")

T = TypeVar("T")

ANSWERS_WITHIN_S = 0.3
WAITS_S = 10.0
"""No worker waits longer for a ring than this."""
LEFT_ALONE_S = 5.0
MATRIX_KEPT_S = 24 * 3600
MATRIX_LIMIT_BYTES = 4_000_000
"""A matrix of 700 sites; larger ones are searched anew rather than shared."""
RINGS_KEPT = 64
RING = "carriole:ring"
NEWS = "carriole:news"
MATRIX = "carriole:matrix:"


@dataclass
class RedisHouse:
    """Hold the way to Redis, and leave it alone for a while after it failed."""

    url: str
    patient: Redis = field(init=False, repr=False)
    _redis: Redis = field(init=False, repr=False)
    _away_until: float = field(default=0.0, repr=False)

    def __post_init__(self) -> None:
        self._redis = _client(self.url, ANSWERS_WITHIN_S)
        self.patient = _client(self.url, WAITS_S)

    @property
    def is_away(self) -> bool:
        return monotonic() < self._away_until

    def try_to(self, call: Callable[[Redis], T]) -> T | None:
        """Call Redis; ``None`` where it is away."""
        if self.is_away:
            return None
        try:
            return call(self._redis)
        except (RedisError, OSError) as error:
            self._away_until = monotonic() + LEFT_ALONE_S
            log.warning("redis is away", extra={"error": type(error).__name__})
            return None

    def close(self) -> None:
        self._redis.close()
        self.patient.close()


@dataclass(frozen=True)
class RedisShelf:
    """Keep matrices for a day where every process finds them: the port of ``pooling.desk.grounds``."""

    house: RedisHouse

    def get(self, key: str) -> bytes | None:
        found = self.house.try_to(lambda redis: redis.get(MATRIX + key))
        return found if isinstance(found, bytes) else None

    def put(self, key: str, matrix: bytes) -> None:
        if len(matrix) <= MATRIX_LIMIT_BYTES:
            self.house.try_to(lambda redis: redis.set(MATRIX + key, matrix, ex=MATRIX_KEPT_S))


@dataclass(frozen=True)
class RedisWake:
    """
    Wake one worker per ring, in whatever process: a list that workers wait on.

    A ring that is lost costs a worker's two seconds and nothing else.
    """

    house: RedisHouse

    def ring(self) -> None:
        def call(redis: Redis) -> None:
            with redis.pipeline(transaction=False) as line:
                line.lpush(RING, b"1")
                line.ltrim(RING, 0, RINGS_KEPT - 1)
                line.expire(RING, 60)
                line.execute()

        self.house.try_to(call)

    def wait(self, timeout_s: float) -> None:
        began = monotonic()
        self.house.try_to(lambda _: self.house.patient.blpop([RING], timeout=timeout_s))
        if self.house.is_away:
            sleep(max(0.0, timeout_s - (monotonic() - began)))


def publish(house: RedisHouse, newest_id: int) -> None:
    """Tell every process that news stand in the outbox, up to this id."""
    house.try_to(lambda redis: redis.publish(NEWS, newest_id))


@dataclass
class RedisEar:
    """Listen, in a thread, for news that other processes publish; ``heard`` is called for each."""

    url: str
    heard: Callable[[], None]
    _stopping: Event = field(default_factory=Event, repr=False)

    def start(self) -> None:
        Thread(target=self._listen, name="redis-ear", daemon=True).start()

    def stop(self) -> None:
        self._stopping.set()

    def _listen(self) -> None:
        while not self._stopping.is_set():
            try:
                self._listen_once()
            except (RedisError, OSError):
                self._stopping.wait(LEFT_ALONE_S)

    def _listen_once(self) -> None:
        with _client(self.url, 5.0) as redis, redis.pubsub(ignore_subscribe_messages=True) as news:
            news.subscribe(NEWS)
            while not self._stopping.is_set():
                if news.get_message(timeout=1.0) is not None:
                    self.heard()


def _client(url: str, timeout_s: float) -> Redis:
    return Redis.from_url(
        url,
        socket_timeout=timeout_s,
        socket_connect_timeout=ANSWERS_WITHIN_S,
        retry=Retry(NoBackoff(), 0),
    )
