"""
A running house for tests: a real store, a clock that turns, the embedded region, and a few people.

``Town`` is a small world of one farm, its neighbour, a restaurant, a carrier and an operator, each
with one member who is signed in by a token of that party's name.
"""

import os
from dataclasses import dataclass, replace
from datetime import date
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from shutil import copyfile
from tempfile import mkdtemp
from time import time

from api.house import House, open_house
from api.settings import settings
from geodata.region import Region, open_region
from pooling.clock import TurnedClock
from pooling.desk import Actor, Grounds
from pooling.desk.people.sessions import actor_of_member, token_hash
from pooling.store import Ask, migrate, open_store
from pooling.store.people import member, membership, party, site
from pooling.store.rows import added
from pooling.store.sessions import open_session
from tests.lent_stores import lent_store

MORNING = 1_789_185_600
"""2026-09-12 06:00 in Paris, a Saturday, as seconds since 1970."""

PLACES = {
    "farm": (43.7431, 7.3652, "producer"),
    "neighbour": (43.7383, 7.3922, "producer"),
    "restaurant": (43.7384, 7.4246, "buyer"),
    "shop": (43.7503, 7.4290, "buyer"),
    "carrier": (43.7420, 7.4220, "carrier"),
    "operator": (43.7330, 7.4170, "operator"),
}


def new_house(folder: Path, clock: TurnedClock, **environment: str) -> House:
    """
    Open a house whose data lie in a folder; ``DATABASE_URL`` and others may be given.

    A house on SQLite begins as a copy of one whose tables were made before. No worker runs beside the
    test: ``pooling.work.workers.work_off`` does what is due.
    """
    if not environment.get("DATABASE_URL") and not (folder / "carriole.db").exists():
        folder.mkdir(parents=True, exist_ok=True)
        copyfile(_made_before(), folder / "carriole.db")
    told = settings({"CARRIOLE_STATE": str(folder), "CARRIOLE_WORKERS": "0", **environment})
    region = _opened_before(told.region, os.environ.get("CARRIOLE_HOME", ""))
    now = clock.now if clock is not None else lambda: int(time())
    return open_house(told, clock, region=region, store=lent_store(told.database_url, now))


@cache
def _made_before() -> Path:
    """Make the tables once per process of tests."""
    path = Path(mkdtemp(prefix="carriole-tests-")) / "carriole.db"
    store = open_store(f"sqlite:///{path}", lambda: MORNING)
    migrate(store)
    store.close()
    return path


@cache
def _opened_before(region: str, home: str) -> Region:
    """Open a region once per process of tests, and home: nothing writes to it."""
    return open_region(region, home=Path(home) if home else None)


@dataclass
class Town:
    """Hold the ids of the small world: parties, members and sites by name."""

    house: House
    clock: TurnedClock
    parties: dict[str, str]
    members: dict[str, str]
    sites: dict[str, str]
    asked: int = 0

    def actor(self, name: str) -> Actor:
        with self.house.desk.store.view() as view:
            return actor_of_member(view, self.members[name])

    def ask(self, name: str = "", key: str = "") -> Ask:
        """Make a fresh wish of one member."""
        self.asked += 1
        return Ask(self.members.get(name, ""), key or f"wish-{self.asked}", "words")

    def headers(self, name: str, key: str = "") -> dict[str, str]:
        """Return what a member sends with a request: its token (the party's name) and a fresh key."""
        self.asked += 1
        return {"Authorization": f"Bearer {name}", "Idempotency-Key": key or f"wish-{self.asked}"}


def settle(house: House, clock: TurnedClock) -> Town:
    """Put the people of the small world into a house."""
    town = Town(house, clock, {}, {}, {})

    def work(tx):
        for name, (lat, lon, role) in PLACES.items():
            carrier = {"vetted": True, "licence": "LTI-1", "licence_until": date(2030, 12, 31)}
            carrier |= {"address": "2 quai Antoine, Monaco", "siren": "123456782"}
            more = carrier if role == "carrier" else {}
            town.parties[name] = added(tx, party, "pty", name=name.title(), role=role, **more)
            town.members[name] = added(
                tx,
                member,
                "mem",
                email=f"{name}@example.org",
                name=name.title(),
                unsubscribe_token=f"leave-{name}",
            )
            tx.connection.execute(
                membership.insert().values(
                    member_id=town.members[name], party_id=town.parties[name], created_at=tx.now_at
                )
            )
            open_session(tx, town.members[name], token_hash(name), "test")
            town.sites[name] = added(
                tx,
                site,
                "site",
                party_id=town.parties[name],
                name=name.title(),
                lat=lat,
                lon=lon,
                address=f"1 rue {name.title()}, 06320 La Turbie",
            )

    house.desk.store.change(work)
    return town


def mails(town: Town) -> list[EmailMessage]:
    """Return the mails that this house has sent, the oldest first."""
    folder = town.house.settings.home / "mail"
    kept = sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in kept]


def with_grounds(house: House, grounds: Grounds) -> House:
    """Return the same house over other roads."""
    return replace(house, desk=replace(house.desk, grounds=grounds))
