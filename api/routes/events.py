"""Events: what happened to one's own things, as a stream or page by page."""

import asyncio
import json
from collections.abc import AsyncIterator
from time import monotonic
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from api.asking import TheHouse, Token, Who
from api.live import BEATS_EVERY_S, READ_AT_ONCE, STREAM_LIMIT_S, LookOut, Told, read_events
from api.shapes.events import EventsPage, shown
from api.shapes.words import SIGNED_IN, refusals
from pooling.desk import Actor, SignInNeeded
from pooling.store import Store
from pooling.store.events import newest_event

router = APIRouter(tags=["events"])

LastEvent = Annotated[
    str | None,
    Header(
        alias="Last-Event-ID",
        pattern=r"^\d{1,18}$",
        description="The last event that you have seen; what followed is replayed.",
        examples=["4711"],
    ),
]
After = Annotated[
    int | None,
    Query(ge=0, lt=2**62, description="The same, where no header can be sent; 0: from the very first."),
]


@router.get(
    "/events",
    summary="Follow events",
    operation_id="stream_events",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": "Server-sent events: `id` grows, `event` is the topic, `data` an EventShown.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
        **refusals(*SIGNED_IN, "too_many_streams"),
    },
)
async def stream(
    house: TheHouse, who: Who, token: Token, request: Request, last: LastEvent = None, after: After = None
) -> StreamingResponse:
    """
    Follow what happens to your own parties' things; an operator is told everything.

    Begins after `Last-Event-ID`, else after `after`, else now. A comment comes every 15 seconds. Ends
    when the session is revoked, and after an hour: come back with the id of the last event.
    """
    store = house.desk.store
    lookout: LookOut = request.app.state.lookout
    lookout.must_have_room(who)
    begins = int(last) if last else after
    if begins is None:
        begins = await run_in_threadpool(_newest, store)
    return StreamingResponse(
        _lines(lookout, who, token, begins),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


@router.get("/events/page", summary="List events", operation_id="list_events", responses=refusals(*SIGNED_IN))
def listed(
    house: TheHouse,
    _who: Who,
    token: Token,
    after: Annotated[int, Query(ge=0, lt=2**62, description="Go on after this event.")] = 0,
    limit: Annotated[int, Query(ge=1, le=READ_AT_ONCE, description="At most so many.")] = READ_AT_ONCE,
) -> EventsPage:
    """List the events of your own parties, the oldest first; an operator sees all."""
    told = read_events(house.desk.store, token, after, limit)
    if told is None:
        raise SignInNeeded
    items = [shown(one) for one in told]
    return EventsPage(items=items, next=items[-1].id if items else after)


async def _lines(lookout: LookOut, who: Actor, token: str, after: int) -> AsyncIterator[str]:
    """Write the stream; its first line says where it begins: who is cut off early comes back there."""
    with lookout.listening(who) as woken:
        yield f"retry: 3000\nid: {after}\n\n"
        ends = monotonic() + STREAM_LIMIT_S
        while monotonic() < ends and not lookout.is_closed:
            woken.clear()
            told = await run_in_threadpool(read_events, lookout.store, token, after)
            if told is None:
                return
            for one in told:
                after = one.id
                yield _message(one)
            if len(told) == READ_AT_ONCE:
                continue
            try:
                await asyncio.wait_for(woken.wait(), BEATS_EVERY_S)
            except TimeoutError:
                yield ": still here\n\n"


def _message(told: Told) -> str:
    data = json.dumps(shown(told).model_dump(mode="json"), ensure_ascii=False)
    return f"id: {told.id}\nevent: {told.topic}\ndata: {data}\n\n"


def _newest(store: Store) -> int:
    with store.view() as view:
        return newest_event(view)
