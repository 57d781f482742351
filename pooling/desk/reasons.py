"""Refusals as they are kept beside what was refused, to be read again later."""

import json

from geodata.refusal import Refusal


def reason_json(refusal: Refusal) -> str:
    """Write a refusal with its code, its sentences and its plain facts."""
    words = {
        "code": refusal.code,
        "detail": refusal.sentence,
        "cure": refusal.what_to_do,
        "facts": refusal.plain_facts,
    }
    return json.dumps(words, ensure_ascii=False)
