"""
A month's payments as a SEPA credit transfer file (pain.001.001.09), for one's own bank.

Nothing is paid by it: whoever downloads it gives it to its bank. Written and held against the schema by
``sepaxml``; accounts are looked at by ``schwifty``. The ids follow from the payments, so that a second file
asks for the same payments and not for more.
"""

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from datetime import UTC, date, datetime

from api.extras import extra
from pooling.ledger.invoice import Firm
from pooling.ledger.payout import NothingToPay, Payout, PayoutIncomplete, message_id
from pooling.people.bank_account import IbanWrong
from pooling.phrases import Phrases

SCHEMA = "pain.001.001.09"
XMLNS = f"{{urn:iso:std:iso:20022:tech:xsd:{SCHEMA}}}"
EXTRA = "payouts"


def ready(payouts: Sequence[Payout], month: date, *, leave_out: bool) -> tuple[Payout, ...]:
    """Return what can be paid by bank; refuses where somebody gave no IBAN, unless those are left out."""
    lacking = [one.name for one in payouts if not one.iban]
    if lacking and not leave_out:
        raise PayoutIncomplete(count=len(lacking), names=Phrases(lacking))
    good = tuple(one for one in payouts if one.iban)
    if not good:
        raise NothingToPay(month=f"{month:%Y-%m}")
    return good


def credit_transfer(
    payer_id: str, payer: Firm, payouts: tuple[Payout, ...], month: date, on: date, now_at: int
) -> bytes:
    """Write the file: one batch, a transfer for each payee, to be paid ``on`` a day."""
    config: dict[str, object] = {"name": payer.name, "currency": "EUR", "batch": True}
    config |= _account(payer.iban)
    transfers = extra(EXTRA, "sepaxml").SepaTransfer(config, schema=SCHEMA, clean=True)
    for one in payouts:
        words = {
            "name": one.name,
            **_account(one.iban),
            "amount": one.cents,
            "execution_date": on,
            "description": f"Carriole {month:%Y-%m}",
            "endtoend_id": one.end_to_end_id,
        }
        transfers.add_payment(words)
    told = message_id(payer_id, payouts, month)
    return _known_again(transfers.export(validate=True), told, now_at)


def _account(iban: str) -> dict[str, object]:
    """Return an IBAN, with its bank where the country's numbers tell it."""
    schwifty = extra(EXTRA, "schwifty")
    try:
        found = schwifty.IBAN(iban)
    except schwifty.exceptions.SchwiftyException as error:
        raise IbanWrong from error
    bic = found.bic
    known: dict[str, object] = {"IBAN": str(found)}
    return known | ({"BIC": str(bic)} if bic else {})


def _known_again(written: bytes, told: str, now_at: int) -> bytes:
    """Put ids and the house's clock in place of random ones and the machine's, and check the file again."""
    root = ET.fromstring(written)  # noqa: S314 - written here a moment ago
    created = datetime.fromtimestamp(now_at, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    for name, text in (("MsgId", told), ("PmtInfId", told), ("CreDtTm", created)):
        for one in root.iter(f"{XMLNS}{name}"):
            one.text = text
    ET.register_namespace("", XMLNS.strip("{}"))
    done: bytes = b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, "utf-8")
    extra(EXTRA, "sepaxml.validation").try_valid_xml(done, SCHEMA)
    return done
