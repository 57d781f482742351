"""Refusals as people read them on pages: with the names of things where programs read their ids."""

from api import naming
from api.naming import ID, MEANWHILE, PLAIN, Reader
from api.pages.visit import Visit
from geodata.refusal import Refusal

Sentences = tuple[str, str]


def plain_refusal(visit: Visit, refusal: Refusal) -> Sentences:
    """Return the reason of a refusal and what to do about it, for a person."""
    if refusal.code in PLAIN:
        reason, cure = PLAIN[refusal.code]
        changes = refusal.facts.get("changes")
        said = visit.words.say(MEANWHILE, changes=changes) if changes else visit.words.say(reason)
        return said, visit.words.say(cure)
    reason, cure = visit.words.refusal(refusal)
    return named(visit, reason), named(visit, cure)


def named(visit: Visit, sentence: str) -> str:
    """Put names where a sentence has ids."""
    if not ID.search(sentence):
        return sentence
    moments = visit.moments
    reader = Reader(visit.desk.store, visit.actor, visit.words, lambda day: moments.day(day, inside=True))
    return naming.named(reader, sentence)
