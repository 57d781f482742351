"""The rules by which a tour's cost is shared, in words for people, and read from a form."""

from typing import Literal

from api.pages.forms import Form
from pooling.phrases import message
from pooling.sharing_rule import RULES, Rule

RULE_NAMES: dict[Rule, str] = {
    "shapley": message("by what each adds on average (Shapley)"),
    "nucleolus": message("so that no group has much to complain of (nucleolus)"),
    "equal_profit": message("so that all save the same part (equal profit)"),
    "alone": message("in proportion to what delivering alone costs"),
    "crates": message("in proportion to crates"),
    "km": message("in proportion to kilometres ridden"),
}


def rule_of(form: Form) -> Rule | Literal[""]:
    """Read the rule that was chosen; nothing where none was, or none that is known."""
    chosen = form.value("sharing_rule")
    return next((rule for rule in RULES if rule == chosen), "")
