"""Reasons that were kept beside what was refused, said in a language: the sentence is found by its code."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from functools import cache
from typing import Any

from api.papers.words import Words
from geodata.filling import filled
from geodata.refusal import Refusal
from pooling.carriers.dossier import PAPER_WORDS
from pooling.carriers.pay import LINE_WORDS
from pooling.desk.goods.shipments import THESE
from pooling.desk.states import STATES
from pooling.files.collection_file import COLUMNS, LINES
from pooling.files.line import KINDS
from pooling.load import Temperature
from pooling.market.matching import OBSTACLES
from pooling.money import Cents
from pooling.phrases import Phrases, Weekday

PHRASES = frozenset(
    (
        *(*STATES.values(), *OBSTACLES.values(), *PAPER_WORDS.values(), *LINE_WORDS.values()),
        *(*Temperature, *THESE, *KINDS, *LINES, *COLUMNS),
    )
)
"""What the facts of a refusal say in words of the catalogue; everything else is somebody's own name."""


def said_in(words: Words, kept: Mapping[str, Any]) -> tuple[str, str]:
    """Return the sentences of a refusal that was kept, in one language; ids in them stay ids."""
    detail = str(kept.get("detail", ""))
    facts = {name: _fact(fact, detail) for name, fact in kept.get("facts", {}).items()}
    for kind in _by_code().get(kept.get("code", ""), ()):
        try:
            if filled(kind.reason, facts) == detail:
                return words.say(kind.reason, **facts), words.say(kind.cure, **facts)
        except (KeyError, ValueError, IndexError):
            continue
    return detail, str(kept.get("cure", ""))


def _fact(fact: object, detail: str) -> object:
    """Return a fact as it was before it was written down: an amount, a day, a phrase of the catalogue."""
    if isinstance(fact, int) and str(Cents(fact)) in detail:
        return Cents(fact)
    if not isinstance(fact, str):
        return fact
    for read in (date.fromisoformat, Weekday.read):
        with suppress(ValueError):
            return read(fact)
    phrases = Phrases(fact.split(", "))
    return phrases if PHRASES.issuperset(phrases) else fact


@cache
def _by_code() -> dict[str, list[type[Refusal]]]:
    found: dict[str, list[type[Refusal]]] = {}
    for kind in _kinds(Refusal):
        found.setdefault(getattr(kind, "code", ""), []).append(kind)
    return found


def _kinds(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    for one in kind.__subclasses__():
        yield one
        yield from _kinds(one)
