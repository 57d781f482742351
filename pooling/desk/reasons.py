"""Refusals as they are kept beside what was refused, to be read again later."""

import json

from geodata.refusal import Refusal


def reason_words(refusal: Refusal) -> dict[str, object]:
    """Return a refusal's code, its sentences and its plain facts."""
    return {
        "code": refusal.code,
        "detail": refusal.sentence,
        "cure": refusal.what_to_do,
        "facts": refusal.plain_facts,
    }


def reason_json(refusal: Refusal) -> str:
    """Write a refusal down as its words."""
    return json.dumps(reason_words(refusal), ensure_ascii=False)


def reason_code(kept: str) -> str:
    """Return the code of a refusal that was kept; empty where none is."""
    return str(json.loads(kept)["code"]) if kept else ""
