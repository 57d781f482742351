"""Libraries that a house may go without: what needs one says so, and how to have it."""

from importlib import import_module
from types import ModuleType

from geodata.refusal import Refusal


class ExtraMissing(Refusal):
    code = "extra_missing"
    reason = "This house was set up without {extra}: {library} is not installed."
    cure = "Its keeper installs it: pip install 'carriole[{extra}]'."


def extra(name: str, library: str) -> ModuleType:
    """Load a library of an optional extra; refuses where it is not installed."""
    try:
        return import_module(library)
    except ImportError as error:
        raise ExtraMissing(extra=name, library=library) from error
