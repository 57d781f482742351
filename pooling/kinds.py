"""
Kinds of goods, by what is known of every shipment: its class of food, else whether it must be kept cold.

The owner of a trip may say which kinds travel with it; one that says none takes whatever its van can keep.
"""

from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache

from pooling.cold_chain import Food
from pooling.load import Temperature
from pooling.phrases import Phrases, message

KINDS_KEPT = 256
"""Sets of kinds that were read lately; there are 128 in all."""


class GoodsKind(StrEnum):
    """Name a kind of goods: the classes of food that the law bounds, and what is in none of them."""

    DRY = "dry"
    COLD = "cold"
    PERISHABLE = Food.PERISHABLE.value
    VERY_PERISHABLE = Food.VERY_PERISHABLE.value
    MEAT = Food.MEAT.value
    POULTRY = Food.POULTRY.value
    MINCED = Food.MINCED.value


KIND_WORDS: dict[str, str] = {
    GoodsKind.DRY: message("what needs no cold, such as fruit, vegetables, bread"),
    GoodsKind.COLD: message("chilled or frozen goods that nobody named closer"),
    GoodsKind.PERISHABLE: message("perishable food, such as butter, hard cheese"),
    GoodsKind.VERY_PERISHABLE: message("very perishable food, such as milk, cream, ready meals"),
    GoodsKind.MEAT: message("meat"),
    GoodsKind.POULTRY: message("poultry"),
    GoodsKind.MINCED: message("minced meat"),
}

Kinds = frozenset[GoodsKind]
ANY_KIND: Kinds = frozenset()
"""What a trip says whose owner takes whatever its van can keep."""


def kind_of(temperature: str, food: str) -> GoodsKind:
    """Return the kind of some goods."""
    if food:
        return GoodsKind(food)
    return GoodsKind.DRY if temperature == Temperature.AMBIENT else GoodsKind.COLD


def in_order(kinds: Iterable[GoodsKind]) -> tuple[GoodsKind, ...]:
    """Return kinds as people read them: what needs no cold first."""
    named = set(kinds)
    return tuple(kind for kind in GoodsKind if kind in named)


def told(kinds: Iterable[GoodsKind]) -> Phrases:
    """Return kinds as words of a sentence."""
    return Phrases(KIND_WORDS[kind] for kind in in_order(kinds))


def kinds_words(kinds: Kinds) -> str:
    """Write kinds down as they are kept."""
    return " ".join(in_order(kinds))


@lru_cache(maxsize=KINDS_KEPT)
def read_kinds(kept: str) -> Kinds:
    """Read them back."""
    return frozenset(GoodsKind(one) for one in kept.split())
