"""The command ``carriole worker``: a process that does jobs and duties until it is told to stop."""

import signal
from threading import Event
from typing import Annotated

import typer

from pooling.work.working import LEASE_S


def worker(
    threads: Annotated[int, typer.Option(min=1, max=16, help="Jobs done at once.")] = 1,
    lease: Annotated[
        int, typer.Option(min=2, max=3600, help="Seconds that a job stays with a worker that is silent.")
    ] = LEASE_S,
) -> None:
    """Do the long work of the house until told to stop (SIGTERM)."""
    from api.commands.pulse import BEATS_EVERY_S, beat
    from api.house import open_house
    from api.settings import settings
    from pooling.work.workers import Workers

    told_to_stop = Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: told_to_stop.set())
    house = open_house(settings())
    workers = Workers(house.desk, house.wake, threads, lease, duties=house.duties)
    workers.start()
    beat(house)
    while not told_to_stop.wait(BEATS_EVERY_S):
        beat(house)
    workers.stop()
    house.close()
