"""Whether a message that claims to come from a partner does: signed as Standard Webhooks asks, and new."""

from collections.abc import Mapping
from hmac import compare_digest

from geodata.refusal import Refusal
from pooling.telling.webhooks import signed

FRESH_S = 300
"""How old, or how far ahead of our clock, a signed message may be."""

MESSAGE_LETTERS_LIMIT = 120


class SignatureWrong(Refusal):
    code = "signature_wrong"
    reason = "This message is not signed by the partner that it is sent for, or is too old."
    cure = "Sign it with the webhook's secret as Standard Webhooks asks, and send it within five minutes."


def must_be_signed(secret: str, headers: Mapping[str, str], body: str, now_at: int) -> None:
    """
    Refuse a message that whoever holds the secret did not sign just now.

    By our own clock, and without telling which part is wrong. The library signs; it would also verify, but
    by the machine's clock.
    """
    message_id, at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    known = message_id and len(message_id) <= MESSAGE_LETTERS_LIMIT
    if not (known and at.isascii() and at.isdecimal() and len(at) <= 12 and abs(int(at) - now_at) <= FRESH_S):
        raise SignatureWrong
    ours = signed(secret, message_id, int(at), body)["webhook-signature"]
    given = headers.get("webhook-signature", "").split()
    if not any(compare_digest(ours.encode(), one.encode("utf-8", "replace")) for one in given):
        raise SignatureWrong
