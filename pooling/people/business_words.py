"""What a business says of itself on papers: a SIREN that can be one, an address that can be found."""

import re

from geodata.refusal import Refusal

ADDRESS_LETTERS = 5
"""Letters and figures of the shortest address: nobody delivers to ``x``."""


class SirenUnreadable(Refusal):
    code = "siren_unreadable"
    reason = "“{siren}” is no SIREN: its figures do not add up."
    cure = "Copy its nine figures from the registration of the business (extrait Kbis or SIRENE)."


class AddressUnreadable(Refusal):
    code = "address_unreadable"
    reason = "“{address}” is no postal address."
    cure = "Write street, postcode and town, as on an envelope."


def must_be_siren(siren: str) -> None:
    """Refuse nine figures that no register gives out: each bears its check figure (Luhn); empty is none."""
    if siren and (not int(siren) or _luhn(siren) % 10):
        raise SirenUnreadable(siren=siren)


def must_be_address(address: str) -> None:
    """Refuse what is too short to be found; empty is none."""
    if address and len(re.findall(r"\w", address)) < ADDRESS_LETTERS:
        raise AddressUnreadable(address=address)


def _luhn(figures: str) -> int:
    """Return the sum of Luhn's check: every second figure from the right counts twice, its figures added."""
    twice = (int(one) * (1 + at % 2) for at, one in enumerate(reversed(figures)))
    return sum(one // 10 + one % 10 for one in twice)
