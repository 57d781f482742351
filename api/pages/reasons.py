"""Reasons that were kept beside what was refused, said in the language of whoever reads them now."""

import json
from collections.abc import Iterator
from functools import cache

from api.papers.words import Words
from geodata.refusal import Refusal


def kept_reason(words: Words, text: str) -> tuple[str, str] | None:
    """
    Return the sentence of a kept refusal and what to do about it; ``None`` where none is kept.

    The sentence is found again by its code; where the house says it otherwise by now, it stays as kept.
    """
    if not text:
        return None
    kept = json.loads(text)
    facts = kept.get("facts", {})
    for kind in _by_code().get(kept.get("code", ""), ()):
        try:
            if kind.reason.format(**facts) == kept["detail"]:
                return words.say(kind.reason, **facts), words.say(kind.cure, **facts)
        except (KeyError, ValueError, IndexError):
            continue
    return str(kept.get("detail", "")), str(kept.get("cure", ""))


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
