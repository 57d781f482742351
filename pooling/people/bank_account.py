"""IBANs: whether one can be right, and how it is shown."""

import re

from geodata.refusal import Refusal

FORM = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
SIRET = re.compile(r"(?:[0-9]{14})?")


class IbanWrong(Refusal):
    code = "iban_wrong"
    reason = "This is no IBAN: a letter or a digit of it is wrong, or missing."
    cure = "Copy it whole from a bank statement; spaces do not matter."


def plain_iban(given: str) -> str:
    """
    Return an IBAN without its spaces; refuses one that cannot be right, and does not repeat it.

    By the check digits of ISO 13616: the digits, letters counted from 10, leave 1 when divided by 97.
    """
    iban = re.sub(r"[\s.-]", "", given).upper()
    if not iban:
        return ""
    if not FORM.fullmatch(iban):
        raise IbanWrong
    digits = "".join(str(int(one, 36)) for one in iban[4:] + iban[:4])
    if int(digits) % 97 != 1:
        raise IbanWrong
    return iban


def masked_iban(iban: str) -> str:
    """Show an IBAN by its country and its last four letters."""
    return f"{iban[:2]}•• •••• {iban[-4:]}" if iban else ""
