"""
What is wrong with a malformed request, field by field, in words that whoever sent it understands.

The checks are pydantic's; its own sentences speak of Python. Each of its kinds has a sentence here, which
the catalogue translates.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from api.papers.words import Words
from geodata.filling import filled
from pooling.names import LINES, PLAIN
from pooling.phrases import message

FAULTS: Mapping[str, str] = {
    "missing": message("This is missing."),
    "extra_forbidden": message("There is no field of this name."),
    "string_type": message("This must be a text."),
    "string_too_short": message(
        "This text is too short: it has at least {min_length} {min_length:letter/letters}."
    ),
    "string_too_long": message("This text is too long: it has at most {max_length} letters."),
    "string_pattern_mismatch": message("This is not written as it must be; see the example of this field."),
    "int_type": message("This must be a whole number."),
    "int_parsing": message("This must be a whole number."),
    "int_parsing_size": message("This number is too large."),
    "int_from_float": message("This must be a whole number."),
    "float_type": message("This must be a number."),
    "float_parsing": message("This must be a number."),
    "finite_number": message("This must be a number."),
    "greater_than": message("This must be more than {gt}."),
    "greater_than_equal": message("This must be {ge} or more."),
    "less_than": message("This must be less than {lt}."),
    "less_than_equal": message("This must be {le} or less."),
    "bool_type": message("This must be true or false."),
    "bool_parsing": message("This must be true or false."),
    "enum": message("This must be one of: {expected}."),
    "literal_error": message("This must be one of: {expected}."),
    "union_tag_invalid": message("This must be one of: {expected_tags}."),
    "list_type": message("This must be a list."),
    "too_short": message("This list is too short: it has at least {min_length} {min_length:entry/entries}."),
    "too_long": message("This list is too long: it has at most {max_length} entries."),
    "dict_type": message("This must be an object with named fields."),
    "model_type": message("This must be an object with named fields."),
    "model_attributes_type": message("This must be an object with named fields."),
    "date_type": message("This must be a day, such as 2026-09-12."),
    "date_parsing": message("This must be a day, such as 2026-09-12."),
    "date_from_datetime_parsing": message("This must be a day, such as 2026-09-12."),
    "date_from_datetime_inexact": message("This must be a day, such as 2026-09-12."),
    "datetime_type": message("This must be a moment, such as 2026-09-12T06:30:00+02:00."),
    "datetime_parsing": message("This must be a moment, such as 2026-09-12T06:30:00+02:00."),
    "datetime_from_date_parsing": message("This must be a moment, such as 2026-09-12T06:30:00+02:00."),
    "datetime_object_invalid": message("This must be a moment, such as 2026-09-12T06:30:00+02:00."),
    "timezone_aware": message("This moment needs its offset, such as 2026-09-12T06:30:00+02:00."),
    "json_invalid": message("The body is no JSON that can be read to its end."),
    "json_type": message("The body is no JSON that can be read to its end."),
    "url_parsing": message("This must be an address, such as https://example.org/carriole."),
    "url_scheme": message("This must be an address, such as https://example.org/carriole."),
}
"""The sentence of each kind of fault; its gaps are filled from what the check says."""

YEARS = message("This must lie in the years {first_year} to {last_year}.")
NUL = message("This must not hold a NUL character.")
UNNAMED = message("A name needs a letter or a digit.")
STRANGE = message("This holds signs that cannot be shown, such as control characters, or < and >.")
UNREADABLE = message("This cannot be read; see the example of this field.")


class Faulty(ValueError):  # noqa: N818 - like a refusal, a fact
    """Say what a check of our own found, as a sentence of the catalogue with its facts."""

    def __init__(self, sentence: str, **facts: object) -> None:
        self.sentence, self.facts = sentence, facts
        super().__init__(filled(sentence, facts))


def faults_said(errors: Sequence[Mapping[str, Any]], say: Words) -> list[dict[str, str]]:
    """Return each fault: where it stands, its stable kind, and what is wrong in a sentence."""
    return [
        {
            "where": "/".join(str(step) for step in fault["loc"]),
            "kind": str(fault["type"]),
            "what": _what(fault, say),
        }
        for fault in errors
    ]


def _what(fault: Mapping[str, Any], say: Words) -> str:
    context = dict(fault.get("ctx", {}))
    ours = context.get("error")
    if isinstance(ours, Faulty):
        return say.say(ours.sentence, **ours.facts)
    if context.get("pattern") in (PLAIN, LINES):
        return say.say(STRANGE)
    if "expected" in context:
        context["expected"] = str(context["expected"]).replace("'", "").replace(" or ", ", ")
    try:
        return say.say(FAULTS.get(str(fault["type"]), UNREADABLE), **context)
    except KeyError:
        return say.say(UNREADABLE)
