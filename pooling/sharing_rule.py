"""The rules by which a tour's cost may be shared, by name; what each asks stands in ``pooling.fair``."""

from typing import Literal

Rule = Literal["shapley", "nucleolus", "equal_profit", "alone", "crates", "km"]

RULES: tuple[Rule, ...] = ("shapley", "nucleolus", "equal_profit", "alone", "crates", "km")

USUAL_RULE: Rule = "shapley"
"""What is taken where the operator names none: everybody pays what it adds on average."""


def known_rule(name: str) -> Rule:
    """Return a rule by its name as it is kept."""
    for rule in RULES:
        if rule == name:
            return rule
    raise ValueError(f"No rule of sharing is called {name!r}.")
