"""From the token of a session to who asks."""

import hashlib

from pooling.desk.actor import Actor
from pooling.party import Role
from pooling.store import View
from pooling.store.sessions import session_of, standings


def token_hash(token: str) -> str:
    """Return what is kept of a token: it cannot be turned back into it."""
    return hashlib.sha256(token.encode()).hexdigest()


def actor_of_token(view: View, token: str) -> Actor | None:
    """Return who holds this token, or ``None`` where it opens nothing."""
    opened = session_of(view, token_hash(token)) if token else None
    return actor_of_member(view, opened[1]) if opened else None


def session_of_token(view: View, token: str) -> str:
    """Return the session that this token opens, or nothing."""
    opened = session_of(view, token_hash(token)) if token else None
    return opened[0] if opened else ""


def actor_of_member(view: View, member_id: str) -> Actor:
    """Return the member with every party that it acts for."""
    known = standings(view, member_id)
    return Actor(
        member_id=member_id,
        manages={one.party_id: Role(one.role) for one in known if one.duty == "manager"},
        drives=frozenset(one.party_id for one in known if one.duty == "driver"),
    )
