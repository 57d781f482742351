"""A link to be mailed: its token goes into the mail, its hash into the store."""

import re
import secrets
from dataclasses import dataclass, field
from enum import StrEnum

from pooling.desk.people.sessions import token_hash
from pooling.store import Tx
from pooling.store.links import LINK_S, add_link

ADDRESS = r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+$"
"""What mail can reach: an address without quotes and comments, its host with a dot."""

ADDRESS_LIMIT = 254

LINKS_LIMIT = 5
"""How many links to one address may wait at once: a mailbox is not flooded by whoever knows its name."""


def fresh_token() -> str:
    """Make a token of 256 random bits, fit for the path of a URL."""
    return secrets.token_urlsafe(32)


class Occasion(StrEnum):
    """Tell why a link is mailed."""

    SIGN_IN = "sign_in"
    SIGN_UP = "sign_up"
    INVITATION = "invitation"


@dataclass(frozen=True)
class Link:
    """Hold a link to be mailed after the commit; ``inviter`` and ``party`` are named in an invitation."""

    occasion: Occasion
    email: str
    language: str
    inviter: str = ""
    party: str = ""
    token: str = field(default_factory=fresh_token, repr=False)


def keep_link(tx: Tx, link: Link, *, lasts_s: int = LINK_S, **more: object) -> Link:
    """Write a link down by the hash of its token."""
    add_link(tx, token_hash(link.token), link.email, tx.now_at + lasts_s, language=link.language, **more)
    return link


def is_address(email: str) -> bool:
    """Tell whether mail can reach this address."""
    return len(email) <= ADDRESS_LIMIT and bool(re.fullmatch(ADDRESS, email.strip()))


def plain_email(email: str) -> str:
    """Return an address as it is compared and kept."""
    return email.strip().lower()
