"""Bring a database to the tables that this version of Carriole knows (Alembic)."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from pooling.store.engine import Store


def migrate(store: Store) -> None:
    """Bring the tables up to date; a second call, or one beside it in another process, changes nothing."""
    with store.writer.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(727274)")
        if MigrationContext.configure(connection).get_current_revision() != _newest():
            command.upgrade(config(connection), "head")


def config(connection: object) -> Config:
    """Return Alembic's settings for an open connection."""
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent))
    settings.attributes["connection"] = connection
    return settings


@cache
def _newest() -> str | None:
    """Name the newest tables; the migrations are read once per process, which takes a tenth of a second."""
    return ScriptDirectory(str(Path(__file__).parent)).get_current_head()
