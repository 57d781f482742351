"""Engines that hang, crash, lie or talk rubbish; the kennel of a search imports them by name."""

import os
import signal
import sys
import time
from dataclasses import replace

from routing.engine import Question
from routing.insertion import best_insertion, insert
from routing.task import Task


def hang(asked: Question):
    time.sleep(60)
    yield {}


def improve_then_hang(asked: Question):
    from routing.engine import vroom

    yield next(iter(vroom(asked)))
    time.sleep(60)


def crash(asked: Question):
    os._exit(3)
    yield {}


def fail(asked: Question):
    yield None
    raise RuntimeError("no idea")


def chatter(asked: Question):
    sys.stdout.write("words on standard output")
    sys.stdout.flush()
    os.write(1, b"and below Python\n")
    yield {}


def garbage(asked: Question):
    yield None
    yield 17
    yield {"van 0": "text"}
    yield {"van 0": [("pickup", "r1")]}
    yield {"no such van": ()}
    yield {"van 0": (Task("pickup", "no such request"),)}
    yield {"van 0": (Task("announced", "no such stop"),)}


def illegal(asked: Question):
    stops = tuple(Task("announced", f"stop {k}") for k in range(3))
    yield {}
    yield {"van 0": (*stops, Task("drop", "r0"), Task("pickup", "r0")), "van 1": stops}
    yield {"van 0": (*stops, Task("pickup", "r0")), "van 1": (*stops, Task("drop", "r0"))}
    yield {"van 0": (*reversed(stops), Task("pickup", "r0"), Task("drop", "r0")), "van 1": stops}
    yield {van: (*stops, Task("pickup", "r0"), Task("drop", "r0")) for van in ("van 0", "van 1")}


def kept(asked: Question):
    """Find what VROOM finds; die where the seed is 2, freeze where it is 3."""
    from routing.engine import vroom

    if asked.seed == 2:
        os._exit(3)
    if asked.seed == 3:
        os.kill(os.getpid(), signal.SIGSTOP)
    yield from vroom(replace(asked, iterations=1))


def lie(asked: Question):
    """Be a child whose judge has been bribed."""
    from routing import errand, judge

    errand.mended = lambda _problem, plan, _hurried: plan
    judge.check, judge.rank = lambda *_: (), lambda *_: (-1, 0)
    stops = tuple(Task("announced", f"stop {k}") for k in range(3))
    yield {"van 0": (*stops, Task("pickup", "r0")), "van 1": stops}


def bit_by_bit(asked: Question):
    """Carry one more request with each answer, ten a second, and have no more put in."""
    from routing import errand

    errand.mended = lambda _problem, plan, _hurried: plan
    plan = asked.start
    for request in asked.problem.requests:
        slot = best_insertion(asked.problem, plan, request) if request.id in plan.unserved else None
        if slot is not None:
            plan = insert(plan, slot)
            yield {route.vehicle: route.tasks for route in plan.routes}
            time.sleep(0.1)
