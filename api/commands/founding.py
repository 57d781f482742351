"""Found a house from the command line: ``carriole init`` and ``carriole operator``."""

from collections.abc import Iterator
from contextlib import contextmanager

from api.house import clock_of
from api.letters.letters import link_url
from api.papers import Words
from api.settings import Settings
from geodata.refusal import Refusal
from pooling.desk.people.founding import Founded, found_house, make_operator
from pooling.desk.people.links import is_address
from pooling.store import Store, migrate, open_store


class EmailUnreadable(Refusal):
    code = "email_unreadable"
    reason = "“{email}” is no address that mail could reach."
    cure = "Write it as jeanne@example.org."


def init(settings: Settings, email: str, name: str, party: str, say: Words) -> str:
    """Bring the tables up to date, make the first operator, and say how it signs in."""
    with _store(settings, email) as store:
        founded = found_house(store, email, name, party, say.language)
    if founded.new:
        told = say.say("{party} operates this house.", party=founded.party)
    else:
        told = say.say("{party} operated this house already: nothing was changed.", party=founded.party)
    return f"{told}\n{_way_in(settings, founded, say)}"


def operator(settings: Settings, email: str, name: str, say: Words) -> str:
    """Let somebody operate the house, and say how it signs in."""
    with _store(settings, email) as store:
        made = make_operator(store, email, name, say.language)
    if made.new:
        told = say.say("{email} acts for {party} now.", email=made.link.email, party=made.party)
    else:
        told = say.say(
            "{email} acted for {party} already: nothing was changed.",
            email=made.link.email,
            party=made.party,
        )
    return f"{told}\n{_way_in(settings, made, say)}"


def _way_in(settings: Settings, founded: Founded, say: Words) -> str:
    line = say.say("This link signs {email} in, once, within a quarter of an hour:", email=founded.link.email)
    return f"{line}\n{link_url(settings.public_url, founded.link)}"


@contextmanager
def _store(settings: Settings, email: str) -> Iterator[Store]:
    """Open the database alone: a house can be founded before its region is built."""
    if not is_address(email):
        raise EmailUnreadable(email=email)
    settings.home.mkdir(parents=True, exist_ok=True)
    store = open_store(settings.database_url, clock_of(settings).now)
    try:
        migrate(store)
        yield store
    finally:
        store.close()
