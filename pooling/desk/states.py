"""The states of things in words that a catalogue translates."""

from typing import Any

from sqlalchemy import Row

from geodata.refusal import Refusal
from pooling.phrases import Phrases, message


class CancelledAlready(Refusal):
    code = "cancelled_already"
    reason = "This was cancelled already."
    cure = "Nothing needs to be done: everybody concerned was told then."


STATES = {
    "open": message("open"),
    "countered": message("countered"),
    "accepted": message("accepted"),
    "refused": message("refused"),
    "withdrawn": message("withdrawn"),
    "expired": message("expired"),
    "frozen": message("frozen"),
    "under_way": message("under way"),
    "done": message("done"),
    "cancelled": message("cancelled"),
    "riding": message("riding"),
    "reserved": message("room that is held, not crates"),
    "released": message("room that was given back, not crates"),
    "aboard": message("aboard"),
    "delivered": message("delivered"),
    "failed": message("failed"),
    "agreed": message("agreed"),
    "asked": message("asked"),
    "proposed": message("proposed"),
    "confirmed": message("confirmed"),
    "lapsed": message("lapsed"),
    "opened": message("opened"),
    "with_operator": message("with the operator"),
    "paid": message("paid"),
}


def must_not_be_cancelled(row: Row[Any]) -> None:
    """Refuse to cancel once more what is cancelled; that it is so is all that was wished."""
    if row.state == "cancelled":
        raise CancelledAlready


def said(state: str) -> Phrases:
    """Return a stored state as a word of a sentence."""
    return Phrases((STATES.get(state, state),))
