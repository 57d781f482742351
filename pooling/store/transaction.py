"""
One look at the store, and one change of it.

Events that people are told of are written with the change, in its last moment: on PostgreSQL under
a lock that lasts until the commit, so that whoever replays the outbox by its ids misses none.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from sqlalchemy import Connection, insert, text

from pooling.party import Party
from pooling.site import Site
from pooling.store.driver import write, write_all
from pooling.store.schema import fresh_id
from pooling.store.work import outbox, outbox_party

OUTBOX_LOCK = 0x0CA221

_WRITING, _TELLING = insert(outbox), insert(outbox_party)


@dataclass(frozen=True)
class Unkept:
    """Hold sites and parties that are only asked about: read beside what is kept, written nowhere."""

    sites: Mapping[str, Site] = field(default_factory=dict)
    parties: Mapping[str, Party] = field(default_factory=dict)


@dataclass(frozen=True)
class Known:
    """Hold what was read already of one moment that nobody changes, by id."""

    sites: dict[str, Site] = field(default_factory=dict)
    parties: dict[str, Party] = field(default_factory=dict)
    homes: dict[str, str | None] = field(default_factory=dict)
    blocked: dict[tuple[str, ...], frozenset[str]] = field(default_factory=dict)
    sites_version: list[tuple[int, int]] = field(default_factory=list)


@dataclass(frozen=True)
class View:
    """
    Hold one consistent moment of the store; ``now_at`` is the clock's hour, UTC seconds since 1970.

    ``sight`` are the parties with whose eyes it is read; ``None`` is the house itself, which sees all.
    """

    connection: Connection
    now_at: int
    sight: frozenset[str] | None = None
    unkept: Unkept = field(default_factory=Unkept, kw_only=True)
    known: Known | None = field(default=None, kw_only=True, repr=False, compare=False)

    def remembering(self) -> Self:
        """Return the same moment, of which no site or party is read twice; for reading only."""
        return self if self.known is not None else replace(self, known=Known())

    def beside(self, unkept: Unkept) -> Self:
        """Return the same moment with sites and parties that nobody has entered."""
        return replace(self, unkept=unkept)

    def seen_by(self, *party_ids: str) -> Self:
        """Return the same moment with these parties' eyes and no others."""
        return replace(self, sight=frozenset(party_ids))

    def for_payer(self, party_id: str) -> Self:
        """
        Return the same moment for what one party would ride on.

        Whoever acts for it sees what it sees; anybody else, an operator that helps, no more than itself.
        """
        return self.seen_by(party_id) if self.sight is None or party_id in self.sight else self

    def by_house(self) -> Self:
        """Return the same moment with the house's own eyes, for what it owes whoever looks."""
        return replace(self, sight=None)


@dataclass(frozen=True)
class Event:
    """Hold what happened, about what, and which parties may know."""

    topic: str
    about_kind: str
    about_id: str
    parties: frozenset[str]
    facts: Mapping[str, object]


@dataclass(frozen=True)
class Tx(View):
    """Hold one change of state while it is made, and which member makes it (the house: nobody)."""

    by_member_id: str = ""
    events: list[Event] = field(default_factory=list)

    def fresh_id(self, prefix: str) -> str:
        return fresh_id(prefix, self.now_at)

    def tell(
        self, topic: str, about_kind: str, about_id: str, parties: Iterable[str], **facts: object
    ) -> None:
        """Note an event for these parties; it is written together with the change, or not at all."""
        self.events.append(Event(topic, about_kind, about_id, frozenset(parties), facts))

    def write_events(self) -> int:
        """Write the events that were noted, just before the commit; returns the newest id, 0 for none."""
        if not self.events:
            return 0
        newest_id, told = 0, list[dict[str, object]]()
        on_sqlite = self.connection.dialect.name == "sqlite"
        if not on_sqlite:
            self.connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": OUTBOX_LOCK})
        for event in self.events:
            written = write(self.connection, _WRITING, self._row_of(event))
            newest_id = int(written.lastrowid if on_sqlite else written.inserted_primary_key[0])  # type: ignore[index]
            told += [{"party_id": party_id, "outbox_id": newest_id} for party_id in sorted(event.parties)]
        if told:
            write_all(self.connection, _TELLING, told)
        return newest_id

    def _row_of(self, event: Event) -> dict[str, object]:
        return {
            "topic": event.topic,
            "about_kind": event.about_kind,
            "about_id": event.about_id,
            "facts": json.dumps(event.facts, ensure_ascii=False),
            "by_member_id": self.by_member_id,
            "created_at": self.now_at,
        }
