"""The states of things in words that a catalogue translates."""

from pooling.phrases import Phrases, message

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
    "asked": message("asked"),
    "proposed": message("proposed"),
    "confirmed": message("confirmed"),
}


def said(state: str) -> Phrases:
    """Return a stored state as a word of a sentence."""
    return Phrases((STATES.get(state, state),))
