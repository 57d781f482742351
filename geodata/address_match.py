"""
The one rule by which a match is certain: number, name and commune are those of the text, word by word.

Whatever the source (the extract, the address file, a geocoder), it is judged here.
"""

import re
from functools import lru_cache

from geodata.address_text import (
    STREET_WORDS,
    AddressText,
    Words,
    bare,
    commune_key,
    key_of,
    number_of,
    words_of,
)
from geodata.addresses import DOUBT_COSTS, AddressMatch, Doubt, Kind, Known

LONG_STREET_M = 300
"""The middle of a street that reaches farther than this tells a van too little."""

LEAST_ALIKE = 50
"""Below this score, of 100, a name is not even proposed."""


POSTCODE_ALONE = 80
"""What a commune scores that has the postcode of a text which is nothing else."""

SMALL_WORDS = frozenset(["a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "sur"])
"""Words that nearly every name has."""


def judge(asked: AddressText, known: Known) -> AddressMatch:
    """
    Compare a text with what a source knows, and note every doubt.

    Certain is: the text names the commune (or the former commune, or, without a name, the postcode), and
    what is left of it are the words of the name in their order; the number, where one is asked, is known;
    a postcode in the text is the commune's; a street without number reaches no farther than
    ``LONG_STREET_M``; a commune alone is certain if the text is nothing else. That the name stands once
    only is for the caller to see.
    """
    named, spelled = _compared(asked, known)
    doubts = [
        doubt
        for doubt, holds in (
            (Doubt.COMMUNE_ONLY, known.kind is Kind.COMMUNE and not spelled),
            (Doubt.SPELLED, known.kind is not Kind.COMMUNE and not spelled),
            (Doubt.COMMUNE_MISSING, not named),
            (Doubt.POSTCODE_OTHER, _other_postcode(asked, known)),
            (Doubt.NUMBER_UNKNOWN, asked.number not in ("", plain_number(known))),
            (Doubt.STREET_LONG, known.kind is Kind.STREET and known.within_m > LONG_STREET_M),
        )
        if holds
    ]
    like = 100 if spelled and named else likeness(asked, known)
    least = LEAST_ALIKE if known.kind is Kind.COMMUNE and named else 0
    score = max(least, like - DOUBT_COSTS * len(doubts))
    return AddressMatch(known.label, known.kind, known.place, score, tuple(doubts), known.what)


def plain_number(known: Known) -> str:
    """Return a house number as texts have it; empty where the whole street is meant."""
    hit = re.fullmatch(r"(\d{1,5})\s*(.*)", known.number)
    return number_of(hit[1], hit[2]) if hit else ""


def likeness(asked: AddressText, known: Known) -> int:
    """Return how alike the words are, 0 to 100: those of the text count most, those of the name some."""
    if not asked.words:
        return POSTCODE_ALONE if asked.postcode in known.postcode.split() else 0
    name, commune = words_of(known.name), (*words_of(known.commune), *words_of(known.former))
    found = _covered(asked.words, (*name, *commune))
    return round(100 * (0.65 * found + 0.35 * _covered(name, asked.words)))


def _compared(asked: AddressText, known: Known) -> tuple[bool, bool]:
    """
    Return whether the text names the commune, and whether its other words are the name.

    Words of the name are not the commune's too: ``Route d’Albi`` does not say that the road is in Albi.
    """
    name = words_of(known.name)
    communes = {bare(words_of(one)) for one in (known.commune, known.former) if one}
    if known.kind is Kind.COMMUNE:
        said = any(bare(commune) in communes for commune, _ in asked.splits())
        return said, bare(asked.words) in communes
    rests = [rest for commune, rest in asked.splits() if bare(commune) in communes]
    former = {words_of(known.former)} if known.former else set()
    if any(rest == name or _without(rest, former) == name for rest in rests):
        return True, True
    by_postcode = bool(asked.postcode and known.postcode) and not _other_postcode(asked, known)
    spelled = asked.words == name
    return by_postcode if spelled else by_postcode or any(rests), spelled


def _without(rest: Words, ends: set[Words]) -> Words:
    """Return words without a former commune at their end, where it stands beside the commune."""
    for end in ends:
        if rest[-len(end) :] == end:
            return rest[: -len(end)]
    return rest


def _other_postcode(asked: AddressText, known: Known) -> bool:
    return bool(asked.postcode and known.postcode) and asked.postcode not in known.postcode.split()


def _covered(words: Words, others: Words) -> float:
    """Return which share of some words, by their weight, is found among others."""
    weights = [_weight(word) for word in words]
    best = [max((alike(word, other) for other in others), default=0.0) for word in words]
    return sum(w * b for w, b in zip(weights, best, strict=True)) / sum(weights) if words else 0.0


def _weight(word: str) -> float:
    """Return what a word counts: its letters; less where most addresses have it."""
    if word in SMALL_WORDS:
        return 0.3
    return len(word) * (0.5 if word in STREET_WORDS else 1.0)


@lru_cache(maxsize=20_000)
def alike(one: str, other: str) -> float:
    """Return how alike two words are: pairs of letters in common, beginnings counted (Dice)."""
    if one == other:
        return 1.0
    if len(one) > 2 and other.startswith(one):
        return 0.9
    pairs, others = _pairs(one), _pairs(other)
    share = 2 * len(pairs & others) / (len(pairs) + len(others))
    return share if share >= 0.5 else 0.0


@lru_cache(maxsize=20_000)
def _pairs(word: str) -> frozenset[str]:
    padded = f"^{word}$"
    return frozenset(padded[at : at + 2] for at in range(len(padded) - 1))


def same_thing(known: Known) -> tuple[str, str]:
    """Return by what a thing is known again in another source."""
    return key_of(known.name), commune_key(known.commune)
