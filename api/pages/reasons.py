"""Reasons that were kept beside what was refused, said in the language of whoever reads them now."""

import json
from collections.abc import Mapping
from typing import Any

from api.kept_reasons import said_in
from api.pages.plain import named
from api.pages.visit import Visit


def kept_reason(visit: Visit, text: str) -> tuple[str, str] | None:
    """
    Return the sentence of a kept refusal and what to do about it; ``None`` where none is kept.

    The sentence is found again by its code; where the house says it otherwise by now, it stays as kept.
    """
    return said_reason(visit, json.loads(text)) if text else None


def said_reason(visit: Visit, kept: Mapping[str, Any]) -> tuple[str, str]:
    """Return the sentences of a refusal that was kept as its words."""
    reason, cure = said_in(visit.words, kept)
    return named(visit, reason), named(visit, cure)
