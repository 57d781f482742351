"""
Where a trip, a series, a tour or a round is posted: for everybody, or in a community of its owner.

What its owner leaves unsaid is then what the community usually does.
"""

from dataclasses import dataclass

from pooling.desk.communities.belonging import may_post
from pooling.store import View
from pooling.store.communities import find_community
from pooling.tours.newcomer import EACH_PAYS_ITS_WAY


@dataclass(frozen=True)
class Usual:
    """Hold what a community does where its member says nothing; ``None`` where what was said holds."""

    detour_s: int | None = None
    cutoff_s: int | None = None
    fee_cents: int | None = None
    each_pays_its_way: bool | None = None

    def detour(self, said_s: int) -> int:
        return said_s if self.detour_s is None else self.detour_s

    def fee(self, said_cents: int) -> int:
        return said_cents if self.fee_cents is None else self.fee_cents

    def each_pays(self, said: bool | None) -> bool:  # noqa: FBT001 - one answer or none
        """Tell whether each newcomer pays its way: as said, else as usual here, else as in the house."""
        usual = EACH_PAYS_ITS_WAY if self.each_pays_its_way is None else self.each_pays_its_way
        return usual if said is None else said

    def cutoff_before(self, opens_at: int, said_at: int | None) -> int | None:
        """Return the last moment for guests of what begins at a moment."""
        return said_at if self.cutoff_s is None else opens_at - self.cutoff_s

    def cutoff_on_wall(self, opens_s: int, said: tuple[int, int] | None) -> tuple[int, int] | None:
        """Return the same as so many days before and an hour on the wall."""
        if self.cutoff_s is None:
            return said
        days, wall_s = divmod(opens_s - self.cutoff_s, 86_400)
        return -days, wall_s


@dataclass(frozen=True)
class Posting:
    """Hold in which community something is posted, and what was left unsaid of detour, cutoff and fee."""

    community_id: str | None = None
    unsaid: frozenset[str] = frozenset()

    def usual(self, view: View, party_id: str) -> Usual:
        """Return what its community does where nothing was said; refuses who does not belong to it."""
        if self.community_id is None:
            return Usual()
        may_post(view, self.community_id, party_id)
        row = find_community(view, self.community_id)
        return Usual(
            detour_s=row.detour_s if "detour" in self.unsaid else None,
            cutoff_s=row.cutoff_s if "cutoff" in self.unsaid else None,
            fee_cents=row.fee_cents if "fee" in self.unsaid else None,
            each_pays_its_way=row.each_pays_its_way,
        )


FOR_EVERYBODY = Posting()
