"""A running house: its desk and its settings, opened once per process."""

import sys
from dataclasses import dataclass
from pathlib import Path

from api.mail import mailer_of
from api.settings import Settings
from geodata.region import Region, open_region
from pooling.clock import Clock, FileClock, SystemClock
from pooling.desk import Desk, Grounds
from pooling.mail import Mailer
from pooling.store import migrate, open_store


@dataclass(frozen=True)
class House:
    """Hold what a process of the house works with."""

    settings: Settings
    desk: Desk
    region: Region
    mailer: Mailer

    def close(self) -> None:
        self.desk.store.close()


def open_house(settings: Settings, clock: Clock | None = None) -> House:
    """Open the database (and bring its tables up to date) and the region."""
    settings.home.mkdir(parents=True, exist_ok=True)
    told = clock or (FileClock(Path(settings.clock_file)) if settings.clock_file else SystemClock())
    store = open_store(settings.database_url, told.now)
    migrate(store)
    region = open_region(settings.region)
    desk = Desk(store, told, Grounds(region), settings.timezone)
    return House(settings, desk, region, mailer_of(settings, told, sys.stderr))
