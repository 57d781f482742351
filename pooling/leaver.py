"""
What whoever leaves a trip owes: the loss that its going leaves to the owner, and never a cent twice.

Guests may have been let in cheaply because another one paid for the way. Where that one leaves, the
owner would drive their detour for less than it costs; the difference is owed by who left.
"""

from collections.abc import Mapping
from dataclasses import replace

from pooling.award import TripBook, within_cap
from pooling.sharing import Claimant, split


def settle_leaver(
    book: TripBook, owed_cents: Mapping[str, int], leaver: str
) -> tuple[TripBook, dict[str, int]]:
    """
    Settle a trip that one guest has left; returns its book, and what each who ever left owes for it.

    ``book`` is the trip without the leaver, ``owed_cents`` what those owe who left before. First the
    law: a shorter way lowers what the guests who stay may pay together. Then the owner: what it would
    lose is owed by who left last; where it would lose less than before, those before owe less.
    """
    stay = within_cap(replace(book, left_cents=0))
    lost_cents = max(0, stay.owner_cents - stay.announced_cents)
    before_cents = sum(owed_cents.values())
    owed = dict(owed_cents)
    if lost_cents > before_cents:
        owed[leaver] = lost_cents - before_cents
    elif before_cents:
        owed = dict(
            split(lost_cents, {one: Claimant(cents, cents) for one, cents in owed.items()}).shares_cents
        )
    return replace(stay, left_cents=lost_cents), owed
