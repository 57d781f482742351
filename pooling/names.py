"""
What a name may hold that somebody enters: it stands on pages, in letters, on labels and in tables.

The one rule for files, for JSON (``api.shapes.words``) and for forms (``api.pages.forms``): nothing that is
not seen or turns the direction of writing, no brackets of a markup, and a letter or a digit at least.
"""

import unicodedata

from geodata.refusal import Refusal

NAME_LIMIT = 80
MARKUP = frozenset("<>")
HIDDEN = r"\x00-\x1f\x7f-\x9f\xad\u115f\u1160\u200b-\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0"
"""Characters that are not seen or turn the direction of writing, as a class of a regular expression."""
PLAIN = f"^[^{HIDDEN}<>]*$"
"""What is written in a mail or on a paper, in one line."""
LINES = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]*$"
"""The same in several lines, where signs of a markup are only signs."""
NARROW = dict.fromkeys((0xA0, 0x202F), " ")
"""Spaces that do not break: French puts them before ``kg`` and ``:``, and they are seen as spaces."""


class BadName(Refusal):
    code = "bad_name"
    reason = "{column}: “{text}” has signs that a name cannot hold, no letter or digit, or is too long."
    cure = "Use up to {limit} letters, digits and signs, without control characters and without < or >."


def must_be_printable(column: str, text: str) -> None:
    """Refuse what is too long, or holds what is not seen or turns the direction of writing."""
    if len(text) > NAME_LIMIT or not text.translate(NARROW).isprintable():
        raise BadName(column=column, text=text[:NAME_LIMIT], limit=NAME_LIMIT)


def must_be_name(column: str, text: str) -> None:
    """Refuse what is not printable or names nothing, and brackets: not all that shows a name escapes it."""
    must_be_printable(column, text)
    if MARKUP.intersection(text) or not names_something(text):
        raise BadName(column=column, text=text, limit=NAME_LIMIT)


def names_something(text: str) -> bool:
    """Tell whether a name has anything by which it could be called."""
    return any(sign.isalnum() for sign in text)


def group_key(name: str) -> str:
    """Return by what a group is known again however its name is typed: letters and figures, no accents."""
    bare = unicodedata.normalize("NFKD", name.casefold())
    return "".join(sign for sign in bare if sign.isalnum())


def same_group(one: str, other: str) -> bool:
    """Tell whether two names call the same group (``CUMA du Loup``, ``Cuma  du loup``); none is no group."""
    return bool(one) and group_key(one) == group_key(other)
