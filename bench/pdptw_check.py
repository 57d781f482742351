"""
Re-score a solution of Li & Lim or Sartori & Buriol in doubles, from the published file alone.

Shares nothing with the solvers, nor with the readers of ``routing``: routes of node numbers come in,
vehicles, cost and every broken rule go out.

    python -m bench.pdptw_check lc101.txt lc101.solution.txt
"""

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

EXACT = 1e-6
"""How late a sum of doubles may be and still be in time."""


@dataclass(frozen=True)
class Score:
    """Hold what a solution is worth, in the units of its file, and what is wrong with it."""

    vehicles: int
    cost: float
    violations: tuple[str, ...]


class Published:
    """Hold a published problem as it stands in its file: rows of numbers, and the way between two."""

    def __init__(self, text: str) -> None:
        lines = [line.split() for line in text.splitlines() if line.strip()]
        self.minutes: list[list[float]] | None = None
        if lines[0][0] == "NAME:":
            at, edges_at = lines.index(["NODES"]), lines.index(["EDGES"])
            rows = lines[at + 1 : edges_at]
            self.capacity = next(float(line[1]) for line in lines if line[0] == "CAPACITY:")
            self.fleet = len(rows)
            self.minutes = [
                [float(word) for word in line] for line in lines[edges_at + 1 : edges_at + 1 + len(rows)]
            ]
        else:
            rows = lines[1:]
            self.fleet, self.capacity = int(lines[0][0]), float(lines[0][1])
        self.nodes = [[float(word) for word in row] for row in rows]

    def way(self, start: int, end: int) -> float:
        if self.minutes is not None:
            return self.minutes[start][end]
        a, b = self.nodes[start], self.nodes[end]
        return sqrt((a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2)


def score(published: Published, routes: Sequence[Sequence[int]]) -> Score:
    """Count the vehicles that move, add up their ways, and name what they break."""
    moving = [list(route) for route in routes if route]
    broken = [*_calls(published, moving)]
    known = [[node for node in route if 0 < node < len(published.nodes)] for route in moving]
    cost = sum(published.way(a, b) for route in known for a, b in _legs(route))
    for number, route in enumerate(known, start=1):
        broken += [f"route {number}: {what}" for what in _walk(published, route)]
    return Score(len(moving), cost, tuple(broken))


def _legs(route: list[int]) -> Iterator[tuple[int, int]]:
    return zip([0, *route], [*route, 0], strict=True)


def _calls(published: Published, routes: list[list[int]]) -> Iterator[str]:
    calls = Counter(node for route in routes for node in route)
    last = len(published.nodes) - 1
    for node in sorted(set(calls) - set(range(1, last + 1))):
        yield f"node {node} does not exist"
    for node in range(1, last + 1):
        if calls[node] != 1:
            yield f"node {node} is called at {calls[node]} times"
    if len(routes) > published.fleet:
        yield f"{len(routes)} vehicles, there are {published.fleet}"


def _walk(published: Published, route: list[int]) -> Iterator[str]:
    clock, load, before = published.nodes[0][4], 0.0, 0
    aboard: set[int] = set()
    for node in route:
        _, _, _, demand, opens, closes, service, pickup, drop = published.nodes[node]
        clock = max(clock + published.way(before, node), opens)
        if clock > closes + EXACT:
            yield f"node {node} begins at {clock:.4f}, closes at {closes:g}"
        clock += service
        load += demand
        if load > published.capacity + EXACT or load < -EXACT:
            yield f"after node {node} it carries {load:g} of {published.capacity:g}"
        if drop:
            aboard.add(node)
        elif int(pickup) not in aboard:
            yield f"node {node} comes without its pickup {int(pickup)} before it"
        aboard.discard(int(pickup))
        before = node
    if aboard:
        yield f"never dropped: {', '.join(map(str, sorted(aboard)))}"
    clock += published.way(before, 0)
    if clock > published.nodes[0][5] + EXACT:
        yield f"is home at {clock:.4f}, closes at {published.nodes[0][5]:g}"


def main(instance: str, solution: str) -> int:
    """Print vehicles, cost and every broken rule; ends with 1 where there is one."""
    published = Published(Path(instance).read_text(encoding="utf-8"))
    lines = Path(solution).read_text(encoding="utf-8").splitlines()
    routes = [
        [int(word) for word in line.partition(":")[2].split() if word != "0"]
        for line in lines
        if line.strip().lower().startswith("route")
    ]
    found = score(published, routes)
    print(f"{found.vehicles} vehicles, cost {found.cost:.4f}, {len(found.violations)} rules broken")
    for violation in found.violations:
        print(violation)
    return 1 if found.violations else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
