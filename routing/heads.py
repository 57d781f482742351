"""A vehicle as it stands when the locked beginning of its route is done."""

from dataclasses import replace

from routing.hours import begin_earliest, handled_s, handling_s
from routing.problem import Load, Problem, Vehicle, Window
from routing.schedule import driven, step_of


def behind_head(problem: Problem, vehicle: Vehicle) -> Vehicle | None:
    """
    Return the vehicle at its head's last place and earliest hour, with the announced stops and limits left.

    What the head picked up and did not drop is on board beside the owner's own goods, which alone are
    its initial load. Its standing cost is spent. ``None`` where the head has no legal hours; longest
    rides are not asked.
    """
    if not vehicle.head:
        return vehicle
    open_ended = replace(vehicle, end=None)
    steps = [step_of(problem, vehicle, task) for task in vehicle.head]
    begins = begin_earliest(problem.matrix, open_ended, steps, vehicle.shift.opens_s)
    if begins is None:
        return None
    place = steps[-1].visit.place
    before = steps[-2].visit.place if len(steps) > 1 else vehicle.start
    drive_s, distance_m = driven(problem.matrix, open_ended, steps)
    done = sum(1 for task in vehicle.head if task.kind == "announced")
    return replace(
        vehicle,
        start=place,
        shift=Window(begins[-1] + handling_s(steps[-1].visit, before), vehicle.shift.closes_s),
        initial_load=_own_load(problem, vehicle, done),
        announced=vehicle.announced[done:],
        longest_drive_s=_less(vehicle.longest_drive_s, drive_s),
        longest_m=_less(vehicle.longest_m, distance_m),
        longest_s=_less(vehicle.longest_s, drive_s + handled_s(vehicle, steps)),
        fixed_cents=0,
        head=(),
    )


def _own_load(problem: Problem, vehicle: Vehicle, done: int) -> Load:
    load = vehicle.load_at_start(len(problem.dimensions))
    for stop in vehicle.announced[:done]:
        load = tuple(amount + change for amount, change in zip(load, stop.change, strict=True))
    return load


def _less(limit: int | None, spent: int) -> int | None:
    return None if limit is None else max(0, limit - spent)
