"""What a newcomer to a tour pays, in words for people, and read from a form."""

from api.pages.forms import Form
from pooling.phrases import message

NEWCOMERS: dict[str, str] = {
    "each": message("each pays at least what it adds, or is not taken"),
    "once_paid": message("until the tour is paid each pays at most its price, whatever it adds"),
}


def newcomers_of(form: Form) -> bool | None:
    """Read what was chosen; nothing where it is left as it is usual."""
    chosen = form.value("newcomers")
    return chosen == "each" if chosen in NEWCOMERS else None


def newcomers_typed(each_pays: bool | None) -> str:  # noqa: FBT001 - as it is kept
    """Return what is kept as the field of a form."""
    return "" if each_pays is None else ("each" if each_pays else "once_paid")
