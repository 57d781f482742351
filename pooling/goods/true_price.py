"""
The true price of one shipment: what it costs until it stands at its buyer's, line by line, to the cent.

Two of the lines are paid to nobody: the sender's own labour of loading, and the carbon where its house has a
price for it. They are told apart, and counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pooling.figures import LABOUR_PER_HOUR, SERVICE_PER_CRATE

NOT_PAID = frozenset({"loading", "carbon"})
"""Lines that no money moves for."""


@dataclass(frozen=True)
class TruePrice:
    """
    Hold the lines in whole cents, in their order; what is not known has no line.

    ``goods`` what they are sold for, ``carriage`` the part of the carrier's card or of the owner's costs,
    ``fee`` the platform's, ``loading`` the sender's own labour, ``carbon`` what carrying emits.
    """

    lines: Mapping[str, int]
    deposit_cents: int = 0
    """What its receiver gives for the crates until they are back: no price, so in no line and no sum."""

    @property
    def total_cents(self) -> int:
        return sum(self.lines.values())

    @property
    def paid_cents(self) -> int:
        """Return what is paid to somebody."""
        return sum(cents for name, cents in self.lines.items() if name not in NOT_PAID)


def true_price(
    *,
    goods_cents: int,
    carriage_cents: int | None,
    fee_cents: int,
    crates: int,
    carbon_cents: int | None,
    deposit_cents: int = 0,
) -> TruePrice:
    """
    Put the lines together. ``carriage_cents`` holds the fee; goods of no value are not known.

    ``None`` are the carriage of what nothing carries yet, and the carbon where there is no price for it.
    """
    lines = {"goods": goods_cents} if goods_cents else {}
    if carriage_cents is not None:
        lines |= {"carriage": carriage_cents - fee_cents, "fee": fee_cents}
    lines["loading"] = loading_cents(crates)
    if carbon_cents is not None:
        lines["carbon"] = carbon_cents
    return TruePrice(lines, deposit_cents)


def loading_cents(crates: int) -> int:
    """Return what loading so many crates takes of the sender's labour, rounded half up."""
    return (crates * SERVICE_PER_CRATE.value * LABOUR_PER_HOUR.value + 1800) // 3600
