"""
What an owner of a shared tool reads of a month: its own uses and share, the others' together.

Whoever keeps the tool reads all of it. What was laid out is read by every owner, for
each pays a part of it; who is only asked reads the sums.
"""

from collections.abc import Collection
from dataclasses import dataclass

from pooling.desk.tools.months import ToolMonth
from pooling.people.shared_tool import Cost, Due, ToolShare, Use


@dataclass(frozen=True)
class SeenMonth:
    """Hold what is read of a month; ``others_…`` is of those whose shares are not."""

    uses: tuple[Use, ...]
    costs: tuple[Cost, ...]
    shares: tuple[ToolShare, ...]
    others_cents: int
    others_units: int
    dues: tuple[tuple[Due, str], ...]


def seen_month(month: ToolMonth, own: Collection[str]) -> SeenMonth:
    """Return what managers of these parties read of a month."""
    keeps = month.row.keeper_id in own
    shares = tuple(one for one in month.shares if keeps or one.party in own)
    others = [one for one in month.shares if one not in shares]
    return SeenMonth(
        uses=tuple(use for use in month.uses if keeps or use.party in own),
        costs=month.costs if keeps or shares else (),
        shares=shares,
        others_cents=sum(one.share_cents for one in others),
        others_units=sum(one.units for one in others),
        dues=tuple((due, done) for due, done in month.dues if keeps or due.payer in own or due.payee in own),
    )
