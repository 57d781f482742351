"""On which state of a tour an operator's hand acts: the one that it saw, while it still stands."""

from typing import Any

from sqlalchemy import Row

from pooling.desk.actor import Actor
from pooling.desk.hands.hand_words import HAND_WORDS, PLANNED_WORDS
from pooling.desk.tours.tours import must_be_in, own_tour
from pooling.phrases import Notes, Phrases
from pooling.store import View
from pooling.store.hand_moves import hand_moves_since
from pooling.store.members import find_member
from pooling.store.plans import plans_since
from pooling.store.rows import ChangedMeanwhile, at_revision, must_be_seen

SINCE_LIMIT = 10
"""So many of the acts that came between are named to an operator whose act came too late."""


class HandMeanwhile(ChangedMeanwhile):
    code = "changed_meanwhile"
    reason = (
        "Tour {tour} was changed meanwhile: it stands at revision {stands}, you changed {asked}. "
        "Since then: {changes}."
    )
    cure = "Look at the tour again, see what changed, and repeat your move on it."


def must_have_seen(view: View, who: Actor, tour_id: str, revision: int | None) -> None:
    """Refuse a hand on an own tour that does not say at which revision it was seen."""
    must_be_seen(own_tour(view, who, tour_id), revision, kind="tour")


def free_row(view: View, who: Actor, tour_id: str, revision: int | None) -> Row[Any]:
    """Return an own tour that is not frozen yet and still stands where it was looked at."""
    row = own_tour(view, who, tour_id)
    must_be_in(row, "proposed", "confirmed")
    if revision is not None and row.revision != revision:
        changes = _since(view, row, revision)
        if changes:
            facts = {"tour": tour_id, "stands": row.revision, "asked": revision, "changes": changes}
            raise HandMeanwhile(kind="tour", id=tour_id, **facts)
    at_revision(row, revision, kind="tour")
    return row


def _since(view: View, row: Row[Any], revision: int) -> Notes:
    """Name what was done on a tour since a revision, and by whom; only its operator reads it."""
    by_hand = [
        (find_member(view, one.member_id).name, Phrases((HAND_WORDS[one.kind],)))
        for one in hand_moves_since(view, row.id, revision, SINCE_LIMIT)
    ]
    planned = [
        ("–", Phrases((PLANNED_WORDS[one.source],)))
        for one in plans_since(view, row.id, revision, SINCE_LIMIT)
        if one.source in PLANNED_WORDS
    ]
    return Notes((*by_hand, *planned))
