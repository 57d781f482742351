"""Look at the house of the environment from a command that changes nothing in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pooling.store import View


@contextmanager
def looked_at_house() -> "Iterator[View]":
    """Open the house's database, brought up to date, and look at one moment of it."""
    from api.settings import settings
    from pooling.store import migrate, open_store

    told = settings()
    told.home.mkdir(parents=True, exist_ok=True)
    store = open_store(told.database_url, lambda: 0)
    try:
        migrate(store)
        with store.view() as view:
            yield view
    finally:
        store.close()
