"""What runs beside the requests of a web process: the look-out, the ear for Redis, and workers of its own."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI

from api.house import House
from api.live import LookOut
from api.redis_house import RedisEar
from pooling.store.transaction import Event
from pooling.work.workers import Workers


@asynccontextmanager
async def at_work(app: FastAPI, house: House) -> AsyncIterator[None]:
    """
    Start them, and stop them in the end.

    Where there is Redis, jobs are done by ``carriole worker`` processes and none run here.
    """
    app.state.lookout = lookout = LookOut(house.desk.store)
    watching = asyncio.create_task(lookout.watch())
    listeners = house.desk.store.after_commit

    def committed(_newest_id: int, _events: Sequence[Event]) -> None:
        lookout.ring()

    listeners.append(committed)
    ear = RedisEar(house.settings.redis_url, lookout.ring) if house.redis else None
    workers = Workers(
        house.desk, house.wake, 0 if house.redis else house.settings.workers, duties=house.duties
    )
    if ear:
        ear.start()
    workers.start()
    try:
        yield
    finally:
        if ear:
            ear.stop()
        await asyncio.to_thread(workers.stop)
        listeners.remove(committed)
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
