"""
The proof sheet of a share: each figure that a party can check, on one line of its own.

What it would spend alone; what it pays; what it saves; the way that the tour goes for its sake, and how far
its crates ride; what it adds to the cost; and the group with which it could complain most, in the game of
the tour's own order.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from pooling.fair.complaints import Complaint, worst_of_each
from pooling.fair.rules import Asked
from routing.plan import Route
from routing.problem import Problem
from routing.schedule import driven, step_of


@dataclass(frozen=True)
class Line:
    """
    Hold the proof of one party's share; money in whole cents, ways in metres, driving in seconds.

    ``adds_cents`` is what the tour costs more with it than with the others only; ``ridden_m`` is the way with
    crates of its own aboard; ``group`` could complain most of all groups that it belongs to, were the tour
    driven for it in the same order, ``None`` where it rides by itself.
    """

    party: str
    alone_cents: int
    cap_cents: int
    share_cents: int
    adds_cents: int
    detour_m: int
    detour_s: int
    ridden_m: int
    group: Complaint | None

    @property
    def saved_cents(self) -> int:
        return self.alone_cents - self.share_cents


def proof(
    problem: Problem,
    route: Route,
    payer_of: Mapping[str, str],
    asked: Asked,
    shares_cents: Mapping[str, int],
) -> tuple[Line, ...]:
    """Return the proof of every share of a tour, by party."""
    game = asked.game
    paid = np.array([float(shares_cents[party]) for party in game.parties])
    ridden = ridden_by(route, problem, payer_of)
    everybody = np.ones(len(game.parties), dtype=bool)
    complaints = worst_of_each(game, paid)
    lines = []
    for at, party in enumerate(game.parties):
        others = everybody.copy()
        others[at] = False
        without_cents = float(game.order.of_groups(others[None, :])[0])
        detour_s, detour_m = _detour(problem, route, payer_of, party)
        lines.append(
            Line(
                party=party,
                alone_cents=round(game.alone_cents[at]),
                cap_cents=asked.caps_cents[party],
                share_cents=shares_cents[party],
                adds_cents=round(game.whole_cents - without_cents),
                detour_m=detour_m,
                detour_s=detour_s,
                ridden_m=ridden[party],
                group=complaints[at],
            )
        )
    return tuple(lines)


def ridden_by(route: Route, problem: Problem, payer_of: Mapping[str, str]) -> dict[str, int]:
    """Return how many metres the tour drives with something of each party aboard."""
    metres = problem.matrix.metres
    aboard: dict[str, set[str]] = {payer_of[task.id]: set() for task in route.tasks}
    ridden = dict.fromkeys(aboard, 0)
    place = problem.vehicle(route.vehicle).start
    for visit in route.visits:
        for party, crates in aboard.items():
            if crates:
                ridden[party] += int(metres[place][visit.place])
        mine = aboard[payer_of[visit.task.id]]
        (mine.add if visit.task.kind == "pickup" else mine.discard)(visit.task.id)
        place = visit.place
    return ridden


def _detour(problem: Problem, route: Route, payer_of: Mapping[str, str], party: str) -> tuple[int, int]:
    """Return the seconds and metres of driving that the order has for a party's sake."""
    vehicle = problem.vehicle(route.vehicle)
    others = [step_of(problem, vehicle, task) for task in route.tasks if payer_of[task.id] != party]
    drive_s, distance_m = driven(problem.matrix, vehicle, others) if others else (0, 0)
    return int(route.drive_s - drive_s), int(route.distance_m - distance_m)
