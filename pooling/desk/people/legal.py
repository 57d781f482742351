"""What a party says of itself for invoices and bank files; its own managers alone change it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from pooling.desk.actor import Actor
from pooling.desk.desk import Desk
from pooling.desk.people.parties import must_manage
from pooling.ledger.invoice import PAYMENT_DAYS, VAT_RATES, Firm
from pooling.people.bank_account import plain_iban
from pooling.store import Ask, Tx, View
from pooling.store.legal import legal_of, write_legal
from pooling.store.parties import find_party
from pooling.store.rows import at_revision


@dataclass(frozen=True)
class LegalWords:
    """Hold what is said; ``iban`` ``None`` leaves the one that stands, an empty one removes it."""

    siret: str = ""
    vat_number: str = ""
    vat_exempt: bool = True
    street: str = ""
    postcode: str = ""
    town: str = ""
    country: str = "FR"
    iban: str | None = None
    vat_permille: int = VAT_RATES[0]
    shared_vat_permille: int = VAT_RATES[0]
    payment_days: int = PAYMENT_DAYS
    late_percent: int = 0


def say_legal(
    desk: Desk, who: Actor, ask: Ask, party_id: str, revision: int | None, words: LegalWords
) -> str:
    """Say what invoices and bank files need of one's own party."""
    values: dict[str, object] = {name: value for name, value in vars(words).items() if name != "iban"}
    if words.iban is not None:
        values["iban"] = plain_iban(words.iban)

    def save(tx: Tx) -> str:
        find_party(tx, party_id)
        must_manage(who, party_id)
        known = legal_of(tx, party_id)
        if known is not None:
            at_revision(known, revision, kind="legal_entity")
        write_legal(tx, party_id, known, values)
        return party_id

    return desk.once(ask, save)


def firm_of(view: View, party: Row[Any]) -> Firm:
    """Return what an invoice says of a party; what it never said is empty."""
    known = legal_of(view, party.id)
    if known is None:
        return Firm(party.name, "", "", "", "FR", party.siren)
    ends = known.street, known.postcode, known.town, known.country
    siren = known.siret[:9] or party.siren
    return Firm(party.name, *ends, siren, "" if known.vat_exempt else known.vat_number, known.iban)
