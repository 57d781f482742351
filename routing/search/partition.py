"""
Join routes of several plans: of all routes seen, the cheapest set that carries each request at most once.

A set partitioning problem, solved by HiGHS over the routes that a search has met. A search that leaves one
plan for another forgets good routes; here they meet again.
"""

from itertools import islice

import numpy as np

from routing.search.ground import MUST_CENTS, PRIZE, TWIN, Ground, Whole
from routing.search.tours import CENTS, LENGTH, Tours

ROUTES_LIMIT = 4_000
"""Of more routes, those met last are joined."""

NODES_LIMIT = 200
"""So many branches are tried: a limit that does not depend on the clock."""

Column = tuple[int, frozenset[int]]
"""The first of the vehicles that differ in name only, and the requests that one of them carries."""

Chosen = list[tuple[int, Whole]]
"""Vehicles with the visits of their routes."""


class Pool:
    """Hold the cheapest order met for each kind of vehicle and set of requests."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._routes: dict[Column, tuple[int, Whole]] = {}

    def add(self, tours: Tours) -> None:
        """Keep the routes of a plan."""
        requests = len(tours.owner)
        for v in np.flatnonzero(tours.route[:, LENGTH]):
            order = tours.order[v, : tours.route[v, LENGTH]]
            carried = frozenset((order[order < 2 * requests] // 2).tolist())
            key = (int(self._ground.vehicle[v, TWIN]), carried)
            cents = int(tours.route[v, CENTS])
            known = self._routes.pop(key, None)
            self._routes[key] = known if known and known[0] <= cents else (cents, order.copy())

    def join(self, always: set[int], seconds: float | None) -> Chosen | None:
        """
        Return the routes of the cheapest plan found, or ``None`` where none was.

        ``always`` names the vehicles that drive in any case. Without seconds the same routes give the
        same answer.
        """
        columns = list(islice(reversed(self._routes), ROUTES_LIMIT))
        taken = self._solve(columns, always, seconds) if columns else None
        return None if taken is None else self._assign([columns[at] for at in taken])

    def _solve(self, columns: list[Column], always: set[int], seconds: float | None) -> list[int] | None:
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_array

        prizes = self._ground.request[:, PRIZE]
        requests, kinds = len(prizes), sorted({int(twin) for twin in self._ground.vehicle[:, TWIN]})
        row_of = {twin: requests + at for at, twin in enumerate(kinds)}
        cells = [(row, at) for at, (twin, carried) in enumerate(columns) for row in (*carried, row_of[twin])]
        cells += [(q, len(columns) + q) for q in range(requests)]
        rows, places = np.array(cells).T
        shape = (requests + len(kinds), len(columns) + requests)
        matrix = csr_array((np.ones(len(rows)), (rows, places)), shape=shape)
        fleet = np.bincount(self._ground.vehicle[:, TWIN], minlength=kinds[-1] + 1)[kinds]
        least = [int(twin in always) for twin in kinds]
        answer = milp(
            np.concatenate([[self._routes[column][0] for column in columns], prizes]).astype(float),
            constraints=LinearConstraint(matrix, [*np.ones(requests), *least], [*np.ones(requests), *fleet]),
            integrality=np.concatenate([np.ones(len(columns)), np.zeros(requests)]),
            bounds=Bounds(0, np.concatenate([np.ones(len(columns)), np.where(prizes < MUST_CENTS, 1, 0)])),
            options={"node_limit": NODES_LIMIT} | ({} if seconds is None else {"time_limit": seconds}),
        )
        return None if answer.x is None else np.flatnonzero(answer.x[: len(columns)] > 0.5).tolist()

    def _assign(self, columns: list[Column]) -> Chosen:
        """Give each route to a vehicle of its kind."""
        free: dict[int, list[int]] = {}
        for v in range(len(self._ground.vehicle) - 1, -1, -1):
            free.setdefault(int(self._ground.vehicle[v, TWIN]), []).append(v)
        return [(free[column[0]].pop(), self._routes[column][1]) for column in columns]
