"""Drafts and terms as they are kept: JSON words, and back."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from geodata.place import Place
from pooling.load import Room, Space
from pooling.seeding.draft import Draft, Drafts, InVain, Stop, Terms, Wanted
from pooling.tour import RateCard


def draft_words(draft: Draft) -> dict[str, Any]:
    return asdict(draft)


def kept_draft(words: Mapping[str, Any]) -> Draft:
    """Return a draft as it was kept; one of before knows no products."""
    stops = tuple(Stop(**{**one, "place": Place(**one["place"])}) for one in words["stops"])
    wanted = tuple(
        Wanted(**{**one, "place": Place(**one["place"]), "in_vain": _in_vain(one)}) for one in words["wanted"]
    )
    return Draft(**{**words, "stops": stops, "wanted": wanted, "in_vain": _in_vain(words)})


def _in_vain(words: Mapping[str, Any]) -> tuple[InVain, ...]:
    return tuple(InVain(**one) for one in words.get("in_vain", ()))


def terms_words(terms: Terms) -> dict[str, Any]:
    """Return terms as words; of a van only crates and payload are said."""
    return {
        "days": list(terms.days),
        "opens_s": terms.opens_s,
        "closes_s": terms.closes_s,
        "ambient_crates": terms.room.ambient.crates,
        "chilled_crates": terms.room.chilled.crates,
        "frozen_crates": terms.room.frozen.crates,
        "payload_kg": terms.room.payload_kg,
        "card": asdict(terms.card),
    }


def kept_terms(words: Mapping[str, Any]) -> Terms:
    """Return terms as they were kept."""
    ambient, chilled, frozen = (Space(words[f"{one}_crates"]) for one in ("ambient", "chilled", "frozen"))
    return Terms(
        days=tuple(words["days"]),
        opens_s=words["opens_s"],
        closes_s=words["closes_s"],
        room=Room(ambient, chilled, frozen, words["payload_kg"]),
        card=RateCard(**words["card"]),
    )


def summary_words(drafts: Drafts) -> dict[str, Any]:
    """Return what a drafting comes to."""
    return {
        "flows": drafts.flows,
        "far": drafts.far,
        "impossible": drafts.impossible,
        "riding": drafts.riding,
        "assumed": drafts.assumed,
        "tours": len(drafts.drafts),
        "alone_m": drafts.alone_m,
        "pooled_m": drafts.pooled_m,
        "saved_pct": drafts.saved_pct,
        "approximate": any(one.approximate for one in drafts.drafts),
    }
