"""
The desk: every change of state is one function beside this module, and one transaction.

A function of the desk loads, decides by pure code, and saves. What takes long to decide (a slot on the
road) is decided before the transaction on what was read; the transaction then holds only if nothing
of that has moved (revisions, the room of each leg), and is decided anew where it has.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from sqlalchemy.exc import IntegrityError

from geodata.refusal import Refusal
from pooling.clock import Clock
from pooling.desk.actor import NotAllowed
from pooling.desk.grounds import Grounds
from pooling.desk.lately import Lately
from pooling.figures import PRIVATE_YEAR
from pooling.store import Ask, Store, Tx, View
from pooling.store.engine import inside
from pooling.store.idempotency import answered, remember
from pooling.store.rows import ChangedMeanwhile
from pooling.store.sessions import standings

D = TypeVar("D")

TRIES = 25
"""How often a change is decided anew because what it was decided on has moved."""


class DeskBusy(Refusal):
    code = "desk_busy"
    reason = "Too many people change this at once."
    cure = "Try again in a moment; repeat the same key."


class Moved(Exception):  # noqa: N818 - a fact: what was decided on is no longer so
    """Tell that what a change was decided on has moved: decide again."""


@dataclass(frozen=True)
class Desk:
    """
    Hold what every change needs: the store, the clock, and the roads of the region.

    ``private_year_cents`` is the most that a private person may receive in a year (L3232-1);
    ``takes_for_owners`` lets an operator that clears a day accept in the name of every trip's owner.
    ``spared`` remembers what rides would spare their payers (``pooling.desk.market.rides``).
    """

    store: Store
    clock: Clock
    grounds: Grounds
    timezone: str
    private_year_cents: int = PRIVATE_YEAR.value
    takes_for_owners: bool = False
    spared: Lately[int] = field(default_factory=Lately, repr=False, compare=False)

    def seen_by(self, party_ids: Iterable[str]) -> "Desk":
        """Return the same desk before these parties: what is not there for them, it does not find."""
        return replace(self, store=self.store.seen_by(party_ids))

    def within(self, tx: Tx) -> "Desk":
        """
        Return the same desk for the steps of one change: all that its functions do is kept, or nothing.

        They decide inside the transaction, which nobody else's wish should wait for: for rare wishes alone.
        """
        return replace(self, store=inside(self.store, tx))

    def once(self, ask: Ask, save: Callable[[Tx], str]) -> str:
        """
        Do one change for one wish; the same wish again is answered with the same id.

        ``save`` returns the id of what the wish is about.
        """
        return self.once_decided(ask, lambda _view: None, lambda tx, _decided: save(tx))

    def once_decided(
        self, ask: Ask, decide: Callable[[View], D], save: Callable[[Tx, D], str], *, tries: int = TRIES
    ) -> str:
        """
        Decide on what stands, then save in one transaction; where that has moved, decide anew.

        ``save`` raises ``Moved`` where it finds that its decision no longer holds. Where another wish wrote
        the same at the same moment, so that the database took only one, it is decided anew too, once.
        """
        wrote_the_same = False
        for _ in range(tries):
            with self.store.view() as view:
                seen = answered(view, ask)
                if seen is not None:
                    return seen
                decided = decide(view)
            try:
                return self._saved(ask, lambda tx, decided=decided: save(tx, decided))  # type: ignore[misc]
            except Moved:
                continue
            except IntegrityError:
                if wrote_the_same:
                    raise
                wrote_the_same = True
        raise DeskBusy

    def _saved(self, ask: Ask, save: Callable[[Tx], str]) -> str:
        def work(tx: Tx) -> str:
            seen = answered(tx, ask)
            if seen is not None:
                return seen
            _must_still_act(tx, ask)
            subject_id = save(tx)
            remember(tx, ask, subject_id)
            return subject_id

        try:
            return self.store.change(work, ask.member_id)
        except (
            IntegrityError,
            Refusal,
        ):  # the same wish, sent twice at once, may have been granted meanwhile
            with self.store.view() as view:
                seen = answered(view, ask)
            if seen is None:
                raise
            return seen


def _must_still_act(tx: Tx, ask: Ask) -> None:
    """Refuse who was taken off a party after it asked: what it may do was read before."""
    if ask.duties and not ask.duties <= {(one.party_id, one.duty) for one in standings(tx, ask.member_id)}:
        raise NotAllowed(who="its own members")


def moved_if_changed(change: Callable[[], int]) -> int:
    """Do a compare and swap whose failure means: decide again, rather than: tell the person."""
    try:
        return change()
    except ChangedMeanwhile as error:
        raise Moved from error
