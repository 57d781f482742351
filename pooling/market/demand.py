"""What may be told of what was asked for in vain: by product too, and never so that one party is read."""

from collections.abc import Iterable
from dataclasses import dataclass

PARTIES_LEAST = 3
"""Of fewer parties no count is told: from two, each could reckon the other's crates."""


@dataclass(frozen=True)
class ProductUnmet:
    """Hold a product that was asked for in vain, by how many parties, and how many crates of it."""

    product: str
    parties: int
    crates: int


def told_products(asked: Iterable[tuple[str, str, int]]) -> tuple[ProductUnmet, ...]:
    """
    Return the products that may be told, of one area and day, those of most parties first.

    ``asked`` are a party's mark, a product (empty where it is not known) and crates. A product is told from
    three parties on, and only while what is left untold comes from nobody or from three parties too: else
    whoever takes what is told from the whole would read what one of them asked for.
    """
    marks: dict[str, set[str]] = {}
    crates: dict[str, int] = {}
    for mark, product, number in asked:
        marks.setdefault(product, set()).add(mark)
        crates[product] = crates.get(product, 0) + number
    order = sorted(marks, key=lambda one: (-len(marks[one]), -crates[one], one))
    told = [one for one in order if one and len(marks[one]) >= PARTIES_LEAST]
    while told:
        rest = {mark for product in marks if product not in told for mark in marks[product]}
        if not 0 < len(rest) < PARTIES_LEAST:
            break
        told.pop()
    return tuple(ProductUnmet(one, len(marks[one]), crates[one]) for one in told)
