"""
What invoices and bank files say of a party: its SIRET, VAT, postal address and IBAN.

An IBAN is never told on: pages and the API show its last letters only, and no log and no event holds it. It
is written into the files by which whoever owes the party pays it.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Boolean, Column, ForeignKey, Row, String, Table, select

from pooling.ledger.invoice import PAYMENT_DAYS, VAT_RATES
from pooling.store.rows import added, changed
from pooling.store.schema import ID_LENGTH, key, metadata, moment, revision, whole, words
from pooling.store.transaction import Tx, View

legal_entity = Table(
    "legal_entity",
    metadata,
    key(),
    Column("party_id", String(ID_LENGTH), ForeignKey("party.id"), nullable=False, unique=True),
    words("siret"),
    words("vat_number"),
    words("street"),
    words("postcode"),
    words("town"),
    words("country", default="FR"),  # ISO 3166, two letters
    words("iban"),
    whole("vat_permille", default=VAT_RATES[0]),  # of carriage for hire, in thousandths
    whole("shared_vat_permille", default=VAT_RATES[0]),  # of rides that share costs
    whole("payment_days", default=PAYMENT_DAYS),
    whole("late_percent", default=0),  # 0: what the law says
    Column("vat_exempt", Boolean, nullable=False, default=True),  # article 293 B of the tax code
    moment("created_at"),
    revision(),
)


def legal_of(view: View, party_id: str) -> Row[Any] | None:
    """Return what is known of a party; ``None`` where it said nothing yet."""
    query = select(legal_entity).where(legal_entity.c.party_id == party_id)
    return view.connection.execute(query).one_or_none()


def legal_by_party(view: View, party_ids: Iterable[str]) -> dict[str, Row[Any]]:
    """Return what is known of several parties, by party."""
    query = select(legal_entity).where(legal_entity.c.party_id.in_(sorted(set(party_ids))))
    return {str(row.party_id): row for row in view.connection.execute(query)}


def write_legal(tx: Tx, party_id: str, known: Row[Any] | None, values: dict[str, object]) -> None:
    """Write what is said of a party, or change it at its revision."""
    if known is None:
        added(tx, legal_entity, "leg", party_id=party_id, **values)
    else:
        changed(tx, legal_entity, known, values)
