"""
Who may still join a tour: a newcomer pays at least what it adds, or is refused.

Whoever is aboard never pays more than it was told; so what a newcomer adds beyond what it pays would be
missing. On a tour on which each pays its way that is held against whoever joins others. On any other it is
held against nobody until the tour is paid: the first would carry it all, and so would the first of every
cluster that its way reaches later. Everybody pays its ceiling then.
"""

from dataclasses import dataclass

from geodata.refusal import Refusal
from pooling.money import Cents

EACH_PAYS_ITS_WAY = False
"""What holds of a tour of which neither its operator nor its community has said it: see decision 32."""


class AddsMoreThanItPays(Refusal):
    code = "adds_more_than_it_pays"
    reason = "{shipment} would add {adds} to tour {tour} and may pay at most {most} of it."
    cure = "Join with crates that lie nearer to its way, or choose another trip or tour."


class AddsMoreThanTheAccountTakes(AddsMoreThanItPays):
    cure = (
        "It would ride where the tour's account took {gap}, or in company: ask to be joined as soon as "
        "neighbours bring with it what they add together."
    )


class AddsMoreThanItsPrice(AddsMoreThanItPays):
    cure = (
        "It would ride at {price} a crate, where the tour's account took {gap}, or in company: ask to be "
        "joined as soon as neighbours bring with it what they add together."
    )


@dataclass(frozen=True)
class Newcomer:
    """
    Hold what one or several who join together do to a tour.

    ``gaps_cents`` are what is uncovered before and after, ``account_cents`` the most that a named account
    takes of that. ``others`` tells whether somebody else rides already. ``spares_cents`` is what riding
    spares beyond the price of so many ``crates``; of no crates where there is no one price to raise.
    """

    gaps_cents: tuple[int, int]
    account_cents: int
    adds_cents: int
    most_cents: int
    others: bool = True
    crates: int = 0
    crate_cents: int = 0
    spares_cents: int = 0

    def missing_cents(self, *, always: bool) -> int:
        """
        Return what would be missing for good with the newcomer aboard, beyond what may be.

        Until a tour is paid nothing is held against anybody, unless ``always``: then whoever joins others
        leaves no more uncovered than it found, or than the account takes. Of a tour that is paid, what those
        aboard pay in full stays paid in full; what a named account completes stays within it.
        """
        before_cents, after_cents = self.gaps_cents
        if always and self.others:
            return max(0, after_cents - max(before_cents, self.account_cents))
        if before_cents > self.account_cents:
            return 0
        return max(0, after_cents - (self.account_cents if before_cents else 0))

    def price_cents(self, missing_cents: int) -> int | None:
        """Return the price per crate at which the newcomer would ride, where it spares so much."""
        if not self.crates or missing_cents > self.spares_cents:
            return None
        return self.crate_cents - -missing_cents // self.crates


def must_pay_its_way(tour: str, shipment: str, newcomer: Newcomer, *, always: bool) -> None:
    """
    Refuse whoever adds more to a tour than it may pay.

    Where that is ``always`` held against it, it is told what would do: each pays its way on a proposed tour
    only, whose account may still take more, and which others may still join.
    """
    missing_cents = newcomer.missing_cents(always=always)
    if not missing_cents:
        return
    facts: dict[str, object] = {"shipment": shipment, "tour": tour}
    facts |= {"adds": Cents(max(0, newcomer.adds_cents)), "most": Cents(newcomer.most_cents)}
    if not always:
        raise AddsMoreThanItPays(**facts)
    price_cents = newcomer.price_cents(missing_cents)
    facts["gap"] = Cents(newcomer.gaps_cents[1])
    if price_cents is None:
        raise AddsMoreThanTheAccountTakes(**facts)
    raise AddsMoreThanItsPrice(**facts, price=Cents(price_cents))
