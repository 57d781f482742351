"""A running house: its desk and its settings, opened once per process."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from api.letters.mail import Voice, mailer_of
from api.letters.telling import duties_of
from api.redis_house import RedisHouse, RedisShelf, RedisWake, publish
from api.settings import Settings
from geodata.address_book import AddressBook
from geodata.geocoder import UrlGeocoder
from geodata.region import Region, open_region
from geodata.served_roads import served
from pooling.clock import Clock, FileClock, SystemClock
from pooling.desk import Desk, Grounds
from pooling.ledger.paying import PaymentProvider
from pooling.store import Store, migrate, open_store
from pooling.store.transaction import Event
from pooling.telling.mail import Mailer
from pooling.work.duties import Duty
from pooling.work.wiring import know_all_work
from pooling.work.workers import LocalWake, Wake


@dataclass(frozen=True)
class House:
    """Hold what a process of the house works with; without ``redis`` it is the only one."""

    settings: Settings
    desk: Desk
    region: Region
    wake: Wake
    mailer: Mailer
    duties: Mapping[str, Duty]
    redis: RedisHouse | None = None
    geocoder: UrlGeocoder | None = None
    payments: PaymentProvider | None = None

    @property
    def addresses(self) -> AddressBook:
        """Return where addresses are found: in the region, and by the geocoder if the house has one."""
        return AddressBook(self.region, geocoder=self.geocoder)

    def seen_by(self, party_ids: Iterable[str]) -> "House":
        """Return the same house before these parties."""
        return replace(self, desk=self.desk.seen_by(party_ids))

    def close(self) -> None:
        self.desk.store.close()
        if self.redis is not None:
            self.redis.close()


def clock_of(settings: Settings) -> Clock:
    """Return the clock that a house goes by."""
    return FileClock(Path(settings.clock_file)) if settings.clock_file else SystemClock()


def open_house(
    settings: Settings,
    clock: Clock | None = None,
    stream: Voice = sys.stderr,
    region: Region | None = None,
    store: Store | None = None,
) -> House:
    """
    Open the database (and bring its tables up to date), the region, and Redis where there is one.

    Mail that nobody sends is printed to ``stream``. A ``region`` and a ``store`` that are open already are
    not opened again.
    """
    geocoder = UrlGeocoder(settings.geocoder_url) if settings.geocoder_url else None
    settings.home.mkdir(parents=True, exist_ok=True)
    told = clock or clock_of(settings)
    store = store or open_store(settings.database_url, told.now)
    migrate(store)
    region = served(region or open_region(settings.region), settings.roads_url)
    redis = RedisHouse(settings.redis_url) if settings.redis_url else None
    wake: Wake = RedisWake(redis) if redis else LocalWake()
    grounds = Grounds(region, RedisShelf(redis) if redis else None, settings.roads_url)

    def committed(newest_id: int, events: Sequence[Event]) -> None:
        if any(event.topic == "job.changed" and event.facts.get("state") == "queued" for event in events):
            wake.ring()
        if redis is not None:
            publish(redis, newest_id)

    store.after_commit.append(committed)
    know_all_work()
    figures = settings.private_year_cents, settings.takes_for_owners
    desk = Desk(store, told, grounds, settings.timezone, *figures)
    mailer = mailer_of(settings, told, stream)
    return House(settings, desk, region, wake, mailer, duties_of(settings, mailer), redis, geocoder)
