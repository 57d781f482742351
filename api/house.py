"""A running house: its desk and its settings, opened once per process."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from api.mail import mailer_of
from api.settings import Settings
from api.telling import duties_of
from geodata.region import Region, open_region
from pooling.clock import Clock, FileClock, SystemClock
from pooling.desk import Desk, Grounds
from pooling.duties import Duty
from pooling.mail import Mailer
from pooling.store import migrate, open_store
from pooling.store.transaction import Event
from pooling.workers import LocalWake, Wake


@dataclass(frozen=True)
class House:
    """Hold what a process of the house works with."""

    settings: Settings
    desk: Desk
    region: Region
    wake: Wake
    mailer: Mailer
    duties: Mapping[str, Duty]

    def close(self) -> None:
        self.desk.store.close()


def open_house(settings: Settings, clock: Clock | None = None) -> House:
    """Open the database (and bring its tables up to date) and the region."""
    settings.home.mkdir(parents=True, exist_ok=True)
    told = clock or (FileClock(Path(settings.clock_file)) if settings.clock_file else SystemClock())
    store = open_store(settings.database_url, told.now)
    migrate(store)
    region = open_region(settings.region)
    wake = LocalWake()
    store.after_commit.append(lambda _newest_id, events: _wake_for_jobs(wake, events))
    desk = Desk(store, told, Grounds(region), settings.timezone)
    mailer = mailer_of(settings, told, sys.stderr)
    return House(settings, desk, region, wake, mailer, duties_of(settings, mailer))


def _wake_for_jobs(wake: Wake, events: Sequence[Event]) -> None:
    if any(event.topic == "job.changed" and event.facts.get("state") == "queued" for event in events):
        wake.ring()
