"""Kill a change of the store at one of its writes, as a power cut would, and tell what is on the disk."""

from contextlib import contextmanager

from sqlalchemy import event

from pooling.store import metadata

WRITES = ("INSERT", "UPDATE", "DELETE")
READING = [(table.name, str(table.select())) for table in metadata.sorted_tables]
AT_COMMIT = 20
"""Killed at this write or a later one means: killed as all is written, before any of it is kept."""


class Killed(Exception):  # noqa: N818 - a fact
    """Tell that the power is gone."""


class Killer:
    """Wait beside a store's writer until it is told at which write to kill."""

    def __init__(self, store):
        self.left = 0
        event.listen(store.writer, "before_cursor_execute", self._writes)
        event.listen(store.writer, "commit", self._commits)

    @contextmanager
    def at(self, write):
        """Kill what is done here at that write of a transaction; a transaction with fewer is not kept."""
        self.left = write
        try:
            yield
        finally:
            self.left = 0

    def _writes(self, _connection, _cursor, statement, *_more):
        if self.left and statement.startswith(WRITES):
            self.left -= 1
            if not self.left:
                raise Killed

    def _commits(self, _connection):
        if self.left:
            raise Killed


def on_disk(store):
    """Return every row of every table."""
    with store.view() as view:
        return {name: view.connection.exec_driver_sql(query).fetchall() for name, query in READING}
