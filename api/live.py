"""
The live half of the outbox: streams that wait, and one look-out per process that wakes those concerned.

The look-out is rung after each commit here, by Redis for commits elsewhere, and looks every two
seconds anyway. A stream reads the outbox itself, by its own rights as they then stand: a ring that is
lost costs two seconds, and nothing is ever missed.
"""

import asyncio
import json
import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from starlette.concurrency import run_in_threadpool

from geodata.refusal import Refusal
from pooling.desk import Actor
from pooling.desk.people.sessions import actor_of_token
from pooling.store import Store
from pooling.store.events import Reader, events_after, newest_event, parties_told_since

log = logging.getLogger("carriole.live")

LOOKS_EVERY_S = 2.0
BEATS_EVERY_S = 15.0
STREAM_LIMIT_S = 3600.0
"""A stream ends after an hour; its reader comes back where it was."""
STREAMS_LIMIT = 6
"""Streams that one member may hold open in one process."""
READ_AT_ONCE = 100


class TooManyStreams(Refusal):
    code = "too_many_streams"
    reason = "You hold {limit} streams of events open; that is the most."
    cure = "Close a page, or read GET /events/page now and then."


def reader_of(who: Actor) -> Reader:
    """Return whose events a member reads; an operator reads all."""
    return Reader(frozenset(who.manages), who.drives, everything=who.is_operator)


@dataclass
class LookOut:
    """Watch the outbox for all streams of this process."""

    store: Store
    is_closed: bool = False
    _rung: asyncio.Event = field(default_factory=asyncio.Event, repr=False)
    _loop: asyncio.AbstractEventLoop | None = field(default=None, repr=False)
    _waiting: dict[asyncio.Event, Reader] = field(default_factory=dict, repr=False)
    _held: Counter[str] = field(default_factory=Counter, repr=False)

    def ring(self) -> None:
        """Have the outbox looked at now, if anybody waits; may be called from any thread."""
        if self._loop is not None and self._waiting:  # who comes later reads what was kept before
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                self._loop.call_soon_threadsafe(self._rung.set)

    async def watch(self) -> None:
        """Look for news until cancelled, and wake the streams that they are for."""
        self._loop = asyncio.get_running_loop()
        seen = await run_in_threadpool(self._newest)
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._rung.wait(), LOOKS_EVERY_S)
            self._rung.clear()
            if not self._waiting:  # whoever comes next reads the outbox itself before it waits
                continue
            try:
                newest, parties = await run_in_threadpool(self._news, seen, self._waited_for())
            except Exception:
                log.exception("the outbox cannot be read")
                await asyncio.sleep(LOOKS_EVERY_S)
                continue
            if newest > seen:
                seen = newest
                self._wake(parties)

    def close(self) -> None:
        """End every stream; their readers come back to whoever serves next."""
        self.is_closed = True
        for woken in self._waiting:
            woken.set()

    def must_have_room(self, who: Actor) -> None:
        """Refuse one stream too many of the same member."""
        if self._held[who.member_id] >= STREAMS_LIMIT:
            raise TooManyStreams(limit=STREAMS_LIMIT)

    @contextmanager
    def listening(self, who: Actor) -> Iterator[asyncio.Event]:
        """Hold a place among those who wait."""
        woken = asyncio.Event()
        self._held[who.member_id] += 1
        self._waiting[woken] = reader_of(who)
        try:
            yield woken
        finally:
            del self._waiting[woken]
            self._held[who.member_id] -= 1

    def _wake(self, parties: frozenset[str]) -> None:
        for woken, reader in self._waiting.items():
            if reader.everything or parties & (reader.manages | reader.drives):
                woken.set()

    def _newest(self) -> int:
        with self.store.view() as view:
            return newest_event(view)

    def _waited_for(self) -> frozenset[str]:
        """Return whose events anybody waits for."""
        return frozenset[str]().union(*(one.manages | one.drives for one in self._waiting.values()))

    def _news(self, seen: int, waited_for: frozenset[str]) -> tuple[int, frozenset[str]]:
        with self.store.view() as view:
            return parties_told_since(view, seen, waited_for)


@dataclass(frozen=True)
class Told:
    """Hold one event as a reader is told it."""

    id: int
    topic: str
    about_kind: str
    about_id: str
    facts: dict[str, object]
    created_at: int


def read_events(store: Store, token: str, after: int, limit: int = READ_AT_ONCE) -> list[Told] | None:
    """
    Read what follows, by the rights of the session as they now stand; ``None`` where it is over.

    Rights and events are of one moment: read one after the other, what happened between them would be told
    to whoever has just been signed out or taken off a party.
    """
    with store.view() as view:
        who = actor_of_token(view, token)
        rows = [] if who is None else events_after(view, reader_of(who), after, limit)
    if who is None:
        return None
    return [
        Told(row.id, row.topic, row.about_kind, row.about_id, json.loads(row.facts), row.created_at)
        for row in rows
    ]
