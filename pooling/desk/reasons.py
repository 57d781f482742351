"""Refusals as they are kept beside what was refused, to be read again later."""

import json

from geodata.refusal import Refusal


def reason_json(refusal: Refusal) -> str:
    """Write a refusal with its code, its sentences and its plain facts."""
    facts = {
        name: fact if isinstance(fact, int | float | str | bool | None) else str(fact)
        for name, fact in refusal.facts.items()
        if name not in ("slot", "change")
    }
    words = {"code": refusal.code, "detail": refusal.sentence, "cure": refusal.what_to_do, "facts": facts}
    return json.dumps(words, ensure_ascii=False)
