"""Mail: the port through which the house writes to people. How it travels is decided at the door."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


class MailFailed(Exception):  # noqa: N818 - a fact, and no refusal: nobody asked for what is forbidden
    """Tell that a mail did not leave; ``for_good`` where sending it again would change nothing."""

    def __init__(self, why: str, *, for_good: bool = False) -> None:
        super().__init__(why)
        self.for_good = for_good


@dataclass(frozen=True)
class Mail:
    """
    Hold one mail of plain text to one person.

    ``headers`` are further ones, such as ``List-Unsubscribe``. A line break in what becomes a header
    is taken out: nobody writes headers of its own through a name.
    """

    to: str
    subject: str
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "subject", _one_line(self.subject))
        object.__setattr__(self, "headers", {name: _one_line(value) for name, value in self.headers.items()})
        if "@" not in self.to or self.to != _one_line(self.to):
            raise ValueError("A mail goes to one address.")


class Mailer(Protocol):
    """Send a mail, or raise ``MailFailed``. Call it after the commit, never inside a transaction."""

    def send(self, mail: Mail) -> None: ...


def _one_line(text: str) -> str:
    return " ".join(text.split())
