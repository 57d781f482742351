"""
What every table shares: one catalogue of tables, and the columns that recur.

Moments are whole seconds since 1970 in UTC (``…_at``); hours of a day's plan are whole seconds after
its local midnight (``…_s``). Ids sort by the moment of their making.
"""

import re
import secrets

from sqlalchemy import BigInteger, Column, ForeignKey, MetaData, String, Text

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = MetaData(naming_convention=NAMING)

ID_LENGTH = 40
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32: no letter that is read as another."""


ID_FORM = re.compile(r"[a-z]+_[0-9a-z]{24}")


def prefix_of(subject_id: str) -> str:
    """Return what kind of noun an id names."""
    return subject_id.partition("_")[0]


def fresh_id(prefix: str, now_at: int) -> str:
    """Make an id such as ``trip_01hg…``: the moment first, so that ids sort by age, then 80 random bits."""
    return f"{prefix}_{_base32(now_at, 8)}{_base32(secrets.randbits(80), 16)}"


def key() -> Column[str]:
    """Return the primary key of a noun."""
    return Column("id", String(ID_LENGTH), primary_key=True)


def link(name: str, target: str, *, optional: bool = False, **more: object) -> Column[str]:
    """Return a column that points at another noun, with its index."""
    return Column(
        name,
        String(ID_LENGTH),
        ForeignKey(f"{target}.id"),
        nullable=optional,
        index=True,
        **more,  # type: ignore[arg-type]
    )


def moment(name: str, *, optional: bool = False) -> Column[int]:
    """Return a moment: seconds since 1970, UTC."""
    return Column(name, BigInteger, nullable=optional)


def words(name: str, *, default: str | None = "") -> Column[str]:
    """Return a text that is never null."""
    return Column(name, Text, nullable=False, default=default)


def whole(name: str, *, default: int | None = None, optional: bool = False) -> Column[int]:
    """Return a whole number: cents, kilos, metres, seconds or a count."""
    return Column(name, BigInteger, nullable=optional, default=default)


def revision() -> Column[int]:
    """Return the number that every change raises by one: who changes an older one is told so."""
    return Column("revision", BigInteger, nullable=False, default=1)


def _base32(number: int, length: int) -> str:
    letters = []
    for _ in range(length):
        number, digit = divmod(number, 32)
        letters.append(ALPHABET[digit])
    return "".join(reversed(letters))
