"""One broken rule of a plan, as the checker names it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Violation:
    """Name one broken rule: a stable ``code``, whose route, what it is about, and the figures."""

    code: str
    vehicle: str | None
    subject: str
    detail: str
