"""A lot: what is accepted whole or not at all, a bid by itself or a bundle of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from pooling.bid import Bid

BUNDLE_LIMIT = 4
"""Bids in one bundle."""

BundleKind = Literal["", "all", "any"]


@dataclass(frozen=True)
class Lot:
    """
    Hold bids for one trip that ride together or not at all.

    ``choice`` names the lots of which at most one may be accepted, on this trip or any other; empty
    where it stands by itself. Lots are listed in the order of their arrival.
    """

    id: str
    bids: tuple[Bid, ...]
    choice: str = ""

    def __post_init__(self) -> None:
        if not 1 <= len(self.bids) <= BUNDLE_LIMIT:
            raise ValueError(f"A lot holds 1 to {BUNDLE_LIMIT} bids.")

    @cached_property
    def shipments(self) -> frozenset[str]:
        return frozenset(bid.shipment for bid in self.bids)


def together(lots: Iterable[Lot]) -> bool:
    """Tell whether these lots may be accepted beside each other: one of each choice, no shipment twice."""
    chosen = list(lots)
    choices = [lot.choice for lot in chosen if lot.choice]
    shipments = [one for lot in chosen for one in lot.shipments]
    return len(choices) == len(set(choices)) and len(shipments) == len(set(shipments))
