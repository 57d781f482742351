"""
Sentences with gaps, filled: each gap by its fact, and each counted noun in the form for its number.

A gap that offers two forms, ``{crates} {crates:crate/crates}``, takes the one for its number, so that a
sentence may count several things; every language of the catalogue offers its own forms.
"""

from collections.abc import Callable, Mapping
from string import Formatter

FORMS = "/"


def is_one(number: int) -> bool:
    """Tell whether English counts a number as one."""
    return number == 1


def filled(template: str, facts: Mapping[str, object], one: Callable[[int], bool] = is_one) -> str:
    """Fill the gaps of a sentence; ``one`` tells which numbers a language counts as one."""
    if FORMS not in template:
        return template.format(**facts)
    return _Counting(one).vformat(template, (), facts)


class _Counting(Formatter):
    def __init__(self, one: Callable[[int], bool]) -> None:
        self.one = one

    def format_field(self, value: object, format_spec: str) -> str:
        single, between, many = format_spec.partition(FORMS)
        if not between:
            return str(format(value, format_spec))
        whole = str(value).isdigit()  # words and what is written with a space or a comma are many
        return single if whole and self.one(int(str(value))) else many
