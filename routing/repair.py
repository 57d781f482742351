"""
Mend a plan in the middle of its run: something is cancelled, added, late or broken.

What was done is history, and the stop that a vehicle is driving to is kept. The hours that people were
told are promises: as few are broken as can be, then as little as can be is left behind, then as few
shipments as can be change vehicles, and only then money counts.
"""

from collections.abc import Callable, Mapping
from time import monotonic

from routing.check import check
from routing.day_after import DayAfter
from routing.engine import Engine
from routing.event import Event, refuse_event
from routing.fate import Repaired, outcomes
from routing.plan import Plan
from routing.problem import Problem
from routing.promise import Told, Tolerance, told_by
from routing.scene import Scene
from routing.settling import Means, Settled, settle
from routing.track import Track

TOLERANCE_S = 900
"""So much earlier or later than told, an hour still is as told, unless the one who asks says otherwise."""


def repair(
    problem: Problem,
    plan: Plan,
    event: Event,
    *,
    now_s: int,
    deadline_s: float,
    tolerance_s: int = TOLERANCE_S,
    earlier_s: int | None = None,
    told: Mapping[str, Told] | None = None,
    seed: int = 1,
    cancelled: Callable[[], bool] | None = None,
    processes: int | None = None,
    iterations: int | None = None,
    engine: Engine | None = None,
) -> Repaired:
    """
    Mend a legal plan of a day at ``now_s`` of it, after an event, within ``deadline_s`` seconds.

    The reasons of what is left behind are asked after that: a tenth of a second or so for each.

    Hours are as told where they are at most ``tolerance_s`` later, and ``earlier_s`` (the same unless
    given) earlier, than the plan says, or than ``told`` says of some. The hours of the problem are those
    of the places: what was promised need not narrow them. Locks by hand hold for vehicles that have not
    left; a vehicle that has may be sent elsewhere after its next stop. The other arguments are those of
    ``solve``. What comes back may be repaired again. Raises ``EventNonsense``, and ``ValueError`` where
    the plan is not legal.
    """
    began_s = monotonic()
    if violations := check(problem, plan):
        raise ValueError(f"The plan to repair is illegal: {violations[0]}")
    refuse_event(problem, event)
    scene = Scene(problem, plan, event, now_s, {**told_by(plan), **(told or {})})
    tolerance = Tolerance(tolerance_s if earlier_s is None else earlier_s, tolerance_s)
    means = Means(began_s + deadline_s, seed, cancelled, processes, iterations, engine)
    settled = settle(scene.rest(tolerance), means)
    new_problem, new_plan = _day_after(scene, settled)
    if violations := check(new_problem, new_plan):
        raise AssertionError(f"Repairing a plan broke a rule: {violations}")
    return Repaired(
        new_problem,
        new_plan,
        outcomes(scene, settled, new_plan),
        scene.lost.so_far() if scene.lost else None,
    )


def _day_after(scene: Scene, settled: Settled) -> tuple[Problem, Plan]:
    """Put the past and the rest together."""
    tracks = {
        name: Track(scene.problem, stands, settled.rest.stuck & set(stands.aboard), scene.now_s)
        for name, stands in scene.stands.items()
    }
    return DayAfter(scene.problem, settled.problem, settled.plan, tracks, scene.waiting).new_day()
