"""
Published benchmark problems as our own: pickup and delivery with time windows, vehicles first.

Li & Lim give points in the plane, and time is the way; Sartori & Buriol give whole minutes on real
roads. Both count vehicles first and the way second. Files are read and written in
``routing.instance_files``.

**Whole numbers.** A problem counts in whole numbers, the way of Li & Lim is a square root. It is
counted in thousandths, rounded up. Rounding up keeps two promises that rounding to the nearest
breaks: what is in time by thousandths is in time by the roots themselves, and a way through a third
point is never shorter than the straight one. What it costs is at most a thousandth per leg. Minutes
are counted as seconds, exactly.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Literal

import numpy as np

from geodata.matrix import Grid, Matrix
from routing.problem import VEHICLES_LIMIT, Problem, Request, Vehicle, Visit, Window
from routing.task import Task

Form = Literal["li_lim", "sartori_buriol"]
SCALE: dict[Form, int] = {"li_lim": 1_000, "sartori_buriol": 60}
"""How many units of a problem one unit of a file is."""

CENTS_PER_KM = 1_000
"""A cent per unit of way: costs are exact, and nothing is rounded."""

ROUNDING = 1e-6
"""So much may a root be above a whole number of thousandths and still be meant to be it."""

Orders = dict[str, tuple[Task, ...]]
NodeRoutes = tuple[tuple[int, ...], ...]
"""The nodes of each vehicle that moves, in order, without the depot."""


@dataclass(frozen=True)
class Node:
    """Hold a point to be called at; ``partner`` is the other end of its pair, 0 for the depot."""

    x: float
    y: float
    demand: int
    opens: int
    closes: int
    service: int
    partner: int


@dataclass(frozen=True)
class Instance:
    """
    Hold a published problem in its own units; node 0 is the depot.

    ``vehicles`` is ``None`` where the file does not limit them. ``travel`` are the minutes between
    nodes where the file has them; without them a leg is as long as it is straight.
    """

    name: str
    form: Form
    capacity: int
    vehicles: int | None
    nodes: tuple[Node, ...]
    travel: tuple[tuple[int, ...], ...] | None = None

    @property
    def pickups(self) -> tuple[int, ...]:
        return tuple(number for number, node in enumerate(self.nodes) if node.demand > 0)


def problem_of(instance: Instance) -> Problem:
    """
    Turn a published problem into ours: everything must be carried, and a vehicle outweighs any way.

    Requests are named by their pickup node, places are nodes. Where the file names no number of
    vehicles there is one for each request, which is always enough.
    """
    grid = _grid(instance)
    vehicles = min(instance.vehicles or len(instance.pickups), VEHICLES_LIMIT)
    longest = int(grid.max(initial=0)) * (len(instance.nodes) + vehicles)
    depot = instance.nodes[0]
    van = Vehicle(
        id="1",
        start=0,
        end=0,
        capacity=(instance.capacity,),
        shift=_window(instance, depot),
        fixed_cents=longest * CENTS_PER_KM // 1_000 + 1,
        cents_per_km=CENTS_PER_KM,
    )
    return Problem(
        dimensions=("load",),
        matrix=Matrix(grid, grid),
        vehicles=tuple(replace(van, id=str(number)) for number in range(1, vehicles + 1)),
        requests=tuple(_request(instance, pickup) for pickup in instance.pickups),
    )


def node_routes(instance: Instance, orders: Mapping[str, Sequence[Task]]) -> NodeRoutes:
    """Return the nodes that the orders call at; vehicles that stay at home are left out."""
    return tuple(
        tuple(int(task.id) if task.kind == "pickup" else _partner(instance, task.id) for task in tasks)
        for tasks in orders.values()
        if tasks
    )


def orders_of(instance: Instance, routes: Iterable[Sequence[int]]) -> Orders:
    """Return the orders that call at these nodes, by vehicle: the first route by the first, and so on."""
    return {
        str(number): tuple(_task(instance, node) for node in route)
        for number, route in zip(count(1), routes, strict=False)
    }


def _partner(instance: Instance, pickup: str) -> int:
    return instance.nodes[int(pickup)].partner


def _task(instance: Instance, number: int) -> Task:
    node = instance.nodes[number]
    return Task("pickup", str(number)) if node.demand > 0 else Task("drop", str(node.partner))


def _request(instance: Instance, pickup: int) -> Request:
    drop = instance.nodes[pickup].partner
    load = (instance.nodes[pickup].demand,)
    return Request(str(pickup), _visit(instance, pickup), _visit(instance, drop), load)


def _visit(instance: Instance, number: int) -> Visit:
    node, scale = instance.nodes[number], SCALE[instance.form]
    return Visit(number, (_window(instance, node),), service_s=node.service * scale)


def _window(instance: Instance, node: Node) -> Window:
    scale = SCALE[instance.form]
    return Window(node.opens * scale, node.closes * scale)


def _grid(instance: Instance) -> Grid:
    scale = SCALE[instance.form]
    if instance.travel is not None:
        return np.array(instance.travel, dtype=np.int64) * scale
    points = np.array([(node.x, node.y) for node in instance.nodes])
    apart = points[:, None, :] - points[None, :, :]
    roots = np.sqrt((apart**2).sum(axis=2))
    thousandths: Grid = np.ceil(roots * scale - ROUNDING).astype(np.int64)
    return thousandths
