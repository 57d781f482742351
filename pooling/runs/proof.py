"""A short code that proves who was there: its receiver reads it on its own page and says it to the driver."""

import hmac

DIGITS = 4
TRIES_LIMIT = 5
"""Wrong codes for one handover; after that only a name will do."""


def code_of(secret: str, shipment_id: str, way: str) -> str:
    """
    Return the code of one side of a shipment, from a secret of the house: no code is ever kept.

    HMAC-SHA-256, cut to four digits: with five tries one guess in 2,000 succeeds.
    """
    digest = hmac.digest(secret.encode(), f"{shipment_id}:{way}".encode(), "sha256")
    return f"{int.from_bytes(digest[:8]) % 10**DIGITS:0{DIGITS}d}"


def same_code(given: str, expected: str) -> bool:
    """Compare two codes in a time that tells nothing of them."""
    return hmac.compare_digest(given.strip().encode(), expected.encode())
