"""What a name may hold that somebody enters: it stands on pages, in letters, on labels and in tables."""

from geodata.refusal import Refusal

NAME_LIMIT = 80
MARKUP = frozenset("<>")
NARROW = dict.fromkeys((0xA0, 0x202F), " ")
"""Spaces that do not break: French puts them before ``kg`` and ``:``, and they are seen as spaces."""


class BadName(Refusal):
    code = "bad_name"
    reason = "{column}: “{text}” has signs that a name cannot hold, or is too long."
    cure = "Use up to {limit} letters, digits and signs, without control characters and without < or >."


def must_be_printable(column: str, text: str) -> None:
    """Refuse what is too long, or holds what is not seen or turns the direction of writing."""
    if len(text) > NAME_LIMIT or not text.translate(NARROW).isprintable():
        raise BadName(column=column, text=text[:NAME_LIMIT], limit=NAME_LIMIT)


def must_be_name(column: str, text: str) -> None:
    """Refuse what is not printable, and the brackets of a markup: not all that shows a name escapes it."""
    must_be_printable(column, text)
    if MARKUP.intersection(text):
        raise BadName(column=column, text=text, limit=NAME_LIMIT)
