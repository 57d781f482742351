"""Whether the database answers."""

from sqlalchemy import select

from pooling.store.people import party
from pooling.store.transaction import View


def answers(view: View) -> None:
    """Read one row; raises the database's own error where it does not answer."""
    view.connection.execute(select(party.c.id).limit(1)).first()
