"""
The proof of a tour's shares: to its operator of everybody, to each payer of its own.

Read from the book that was kept as the shares were told (``pooling.fair.share_book``): nothing is reckoned by
looking, and what has become of a payer's other rides since changes no proof.
"""

from dataclasses import dataclass

from pooling.desk.actor import Actor
from pooling.desk.desk import Desk
from pooling.fair.share_book import BestBook, Group, PartyShare, ShareBook, kept_best, kept_book
from pooling.sharing_rule import Rule
from pooling.store.share_books import last_share_book
from pooling.store.tours import find_tour, sign_ups_aboard

TELL_TOTALS_FROM = 3
"""Of so many payers on each may see what all pay together: of two it would be the other's share."""


@dataclass(frozen=True)
class ShareProofs:
    """
    Hold the proofs that one may see of a tour's shares, and the book that they stand in.

    ``book`` is ``None`` to whoever sees no share, and where none was ``kept``. ``totals`` tells whether what
    all pay together may be seen. ``stands`` is false while a plan that was moved by hand waits for being
    told.
    """

    rule: Rule
    items: tuple[PartyShare, ...] = ()
    book: ShareBook | None = None
    best: BestBook | None = None
    gap_taker: str = ""
    kept: bool = True
    totals: bool = False
    stands: bool = True
    sees_all: bool = False

    @property
    def worst(self) -> Group | None:
        """
        Return the group that could complain most of all: to a payer only where it does complain.

        What others gain by staying is theirs to know.
        """
        worst = self.book.worst if self.book else None
        return worst if worst and (self.sees_all or worst.saves_cents < 0) else None

    def best_group(self, party: str) -> Group | None:
        """Return the group with which a party could complain most by the best plan of each, once searched."""
        return self.best.of.get(party) if self.best else None


def prove_shares(desk: Desk, who: Actor, tour_id: str) -> ShareProofs:
    """
    Return the proof of a tour's shares as they were told last, by party.

    Whoever neither pays for something aboard nor operates it is shown none.
    """
    with desk.store.view() as view:
        row = find_tour(view, tour_id)
        aboard = {one.payer_id for one in sign_ups_aboard(view, tour_id)}
        kept = last_share_book(view, tour_id)
    sees_all = row.operator_id in who.manages
    seen = aboard if sees_all else aboard & set(who.manages)
    if not seen:
        return ShareProofs(row.sharing_rule)
    if kept is None:
        return ShareProofs(row.sharing_rule, kept=False)
    book = kept_book(kept.body)
    return ShareProofs(
        rule=book.rule,
        items=tuple(one for one in book.parties if one.party in seen),
        book=book,
        best=kept_best(kept.best),
        gap_taker=row.gap_party_id or row.gap_community_id or row.operator_id,
        totals=sees_all or len(book.parties) >= TELL_TOTALS_FROM,
        stands=row.state != "proposed" or kept.plan_id == row.plan_id,
        sees_all=sees_all,
    )
