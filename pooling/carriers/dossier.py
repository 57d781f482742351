"""
A carrier's dossier: which papers a carrier, its vehicle and its driver need, and what is lacking on a day.

A carrier *applies*; the operator *vets* it, which makes it *active*; it may be *suspended* and vetted again.
Papers are asked for by the day on which they are needed, never by today.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from pooling.phrases import Phrases, message


class PaperKind(StrEnum):
    """Name the kinds of papers."""

    TRANSPORT_LICENCE = "transport_licence"
    INSURANCE = "insurance"
    TECHNICAL_INSPECTION = "technical_inspection"
    COLD_CERTIFICATE = "cold_certificate"
    DRIVING_LICENCE = "driving_licence"


PAPER_WORDS = {
    PaperKind.TRANSPORT_LICENCE: message("the transport licence"),
    PaperKind.INSURANCE: message("the insurance of the vehicles"),
    PaperKind.TECHNICAL_INSPECTION: message("the vehicle's technical inspection"),
    PaperKind.COLD_CERTIFICATE: message("the vehicle's cold-chain certificate"),
    PaperKind.DRIVING_LICENCE: message("the driver's licence"),
}

SOURCES = {
    PaperKind.TRANSPORT_LICENCE: "Code des transports L3211-1, R3211-7 … R3211-11",
    PaperKind.INSURANCE: "Code des assurances L211-1",
    PaperKind.TECHNICAL_INSPECTION: "Code de la route R323-1, R323-22",
    PaperKind.COLD_CERTIFICATE: message("Code rural R231-44 … R231-59, order of 1 July 2008"),
    PaperKind.DRIVING_LICENCE: "Code de la route R221-1",
}
"""Where each is asked for: our reading of public texts, not legal advice."""

OF_VEHICLE = frozenset({PaperKind.TECHNICAL_INSPECTION, PaperKind.COLD_CERTIFICATE})
OF_DRIVER = frozenset({PaperKind.DRIVING_LICENCE})

HOLDS = frozenset({"checked", "waived"})
"""States of a paper that the operator has seen, or does without for a reason that stands beside it."""

TOLD_BEFORE = (30, 7, -1)
"""Days before its last day at which a carrier is told of a paper; the last: the day on which it is over."""


@dataclass(frozen=True)
class Paper:
    """Hold one paper; ``about`` is the vehicle or driver that it is of, empty for the carrier itself."""

    kind: PaperKind
    about: str
    state: str
    expires: date | None

    def holds_on(self, day: date) -> bool:
        """Tell whether it was seen and is good on a day; its last day is included."""
        return self.state in HOLDS and (self.expires is None or self.expires >= day)


@dataclass(frozen=True)
class Assignment:
    """Hold what a carrier would be assigned to: a day, its vehicle and driver where these are named."""

    day: date
    vehicle: str = ""
    cold: bool = False
    driver: str = ""


@dataclass(frozen=True)
class Lack:
    """Hold a paper that is needed and not there: ``ended`` where one was seen that is over by then."""

    kind: PaperKind
    about: str
    ended: date | None


def needed(assignment: Assignment) -> tuple[tuple[PaperKind, str], ...]:
    """Name the papers of an assignment, each with whose it is."""
    asked = [(PaperKind.TRANSPORT_LICENCE, ""), (PaperKind.INSURANCE, "")]
    if assignment.vehicle:
        asked.append((PaperKind.TECHNICAL_INSPECTION, assignment.vehicle))
        if assignment.cold:
            asked.append((PaperKind.COLD_CERTIFICATE, assignment.vehicle))
    if assignment.driver:
        asked.append((PaperKind.DRIVING_LICENCE, assignment.driver))
    return tuple(asked)


def lacking(papers: Iterable[Paper], assignment: Assignment) -> tuple[Lack, ...]:
    """Return what is needed on the day and does not hold on it; one good paper of a kind is enough."""
    known = list(papers)
    found = []
    for kind, about in needed(assignment):
        mine = [one for one in known if (one.kind, one.about) == (kind, about)]
        if not any(one.holds_on(assignment.day) for one in mine):
            ends = [one.expires for one in mine if one.state in HOLDS and one.expires is not None]
            found.append(Lack(kind, about, max(ends, default=None)))
    return tuple(found)


def in_words(lacks: Iterable[Lack]) -> Phrases:
    """Name what lacks, each once, as words of a sentence."""
    return Phrases(dict.fromkeys(PAPER_WORDS[one.kind] for one in lacks))


def next_telling(expires: date, today: date, told_days: int | None) -> int | None:
    """
    Return which of ``TOLD_BEFORE`` is due to be told now, or ``None``.

    Of several that are due only the nearest is told: a house that slept tells once.
    """
    left = (expires - today).days
    due = [days for days in TOLD_BEFORE if left <= days]
    nearest = min(due, default=None)
    return nearest if nearest is not None and (told_days is None or nearest < told_days) else None


def told_horizon(today: date) -> date:
    """Return the last day on which a paper may end that is to be told of today."""
    return today + timedelta(days=max(TOLD_BEFORE))
