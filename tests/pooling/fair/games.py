"""Games for the tests: tours drawn at random, and any game whose groups are listed."""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from pooling.fair.game import TourGame
from pooling.fair.order_game import OrderGame


@st.composite
def tours(draw: st.DrawFn, most: int = 6, *, payable: bool = False) -> TourGame:
    """
    Draw a tour on a plane: parties with one to three visits each, in any order; days alone of any price.

    Where it is ``payable`` the days alone together cost more than the tour.
    """
    n = draw(st.integers(1, most))
    visits = [party for party in range(n) for _ in range(draw(st.integers(1, 3)))]
    owner = tuple(draw(st.permutations(visits)))
    place = [(draw(st.integers(0, 60)), draw(st.integers(0, 60))) for _ in range(len(owner) + 1)]
    places = np.array([*place, place[0]], dtype=float)
    ways = np.hypot(*np.moveaxis(places[:, None] - places[None, :], 2, 0)) * 50
    order = OrderGame(tuple(f"party {at}" for at in range(n)), owner, ways, float(draw(st.integers(0, 3000))))
    rest = round(order.whole_cents) - order.whole_cents
    order = OrderGame(order.parties, owner, ways, order.fixed + rest)
    alone = [float(draw(st.integers(0, 12_000))) for _ in range(n)]
    if payable:
        missing = order.whole_cents + 1 - sum(alone)
        alone = [cents + max(0, round(missing / n) + 1) for cents in alone]
    return TourGame(order, np.array(alone))


@dataclass(frozen=True)
class Listed(TourGame):
    """Take the place of a tour by the cost of every group, by bit mask."""

    groups: tuple[float, ...] = ()

    @property
    def parties(self) -> tuple[str, ...]:
        return tuple(f"party {at}" for at in range(len(self.alone_cents)))

    @property
    def whole_cents(self) -> int:
        return int(self.groups[-1])

    @property
    def of_all_groups(self) -> np.ndarray:
        return np.array(self.groups)


def listed(groups, alone_cents) -> Listed:
    n = len(alone_cents)
    nobody_moves = OrderGame(
        tuple(f"party {at}" for at in range(n)), tuple(range(n)), np.zeros((n + 2, n + 2)), 0.0
    )
    return Listed(nobody_moves, np.array(alone_cents, dtype=float), None, tuple(map(float, groups)))
