"""
What every operation is given: who asks, by which key, on which revision, which page.

What only looks at the request is ``async`` and is answered where it is asked: each that is not goes to
another thread and back, which costs more than it does. Only who asks is read from the store: in another
thread, unless the database is a file at hand, where these few rows take less than to go there.
"""

import hashlib
from typing import Annotated

from fastapi import Depends, Header, Query, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.concurrency import run_in_threadpool

from api.house import House
from api.problem import SESSION_COOKIE
from geodata.refusal import Refusal
from pooling.desk import Actor, SignInNeeded
from pooling.desk.people.sessions import actor_of_token, token_hash
from pooling.store import Ask, Page, Store
from pooling.store.idempotency import KEY_LIMIT
from pooling.store.rows import PAGE_LIMIT, PAGE_USUAL
from pooling.store.sessions import is_seen_anew, note_seen

COOKIE = SESSION_COOKIE


class KeyMissing(Refusal):
    code = "idempotency_key_missing"
    reason = "The request has no Idempotency-Key."
    cure = "Send a fresh one (a UUID) with each new wish, and the same one when you repeat it."


async def house_of(request: Request) -> House:
    house: House = request.app.state.house
    return house


WholeHouse = Annotated[House, Depends(house_of)]
"""The house as it sees itself: only for what shows nothing of anybody."""
bearer = HTTPBearer(auto_error=False, description="The token of a session.")
Given = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]


async def token_of(request: Request, given: Given) -> str:
    return given.credentials if given else request.cookies.get(COOKIE, "")


Token = Annotated[str, Depends(token_of)]


async def somebody_of(request: Request, given: Given) -> Actor | None:
    """
    Return who asks, or ``None`` where nobody is signed in; the store is asked once for each request.

    Whatever needs it calls this rather than depends on it: FastAPI would go through all that it depends
    on again for each.
    """
    if not hasattr(request.state, "actor"):
        token = await token_of(request, given)
        house = await house_of(request)
        request.state.actor = await _found(house, token) if token else None
    actor: Actor | None = request.state.actor
    return actor


Somebody = Annotated[Actor | None, Depends(somebody_of)]


async def seen_house_of(request: Request, given: Given) -> House:
    """Return the house as who asks sees it: what is posted in a community of others is not there."""
    actor = await somebody_of(request, given)
    return (await house_of(request)).seen_by(actor.parties if actor else ())


TheHouse = Annotated[House, Depends(seen_house_of)]


async def actor_of(request: Request, given: Given) -> Actor:
    """Return who asks; refuses whoever is not signed in."""
    actor = await somebody_of(request, given)
    if actor is None:
        raise SignInNeeded
    return actor


async def _found(house: House, token: str) -> Actor | None:
    store = house.desk.store
    actor, anew = _looked(store, token) if store.is_file else await run_in_threadpool(_looked, store, token)
    if anew:
        await run_in_threadpool(store.change, lambda tx: note_seen(tx, token_hash(token)))
    return actor


def _looked(store: Store, token: str) -> tuple[Actor | None, bool]:
    """Find who holds a token, and whether its use is to be noted again."""
    with store.view() as view:
        actor = actor_of_token(view, token)
        return actor, actor is not None and is_seen_anew(view, token_hash(token))


Who = Annotated[Actor, Depends(actor_of)]


async def ask_of(
    request: Request,
    given: Given,
    idempotency_key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            max_length=KEY_LIMIT,
            description="Fresh for each new wish, the same when it is repeated: it is then done once.",
            examples=["0b0e3c9e-6f2b-4b59-9d1f-3a6f5d6f6c11"],
        ),
    ] = None,
) -> Ask:
    """Return by what this wish is known again."""
    who = await actor_of(request, given)
    if not idempotency_key:
        raise KeyMissing
    words = f"{request.method} {request.url.path}\n".encode() + await request.body()
    return Ask(who.member_id, idempotency_key, hashlib.sha256(words).hexdigest(), who.duties)


Wish = Annotated[Ask, Depends(ask_of)]


async def revision_of(
    if_match: Annotated[
        str | None,
        Header(
            alias="If-Match",
            pattern=r'^"?\d{1,15}"?$',
            description="The revision that you changed, as its ETag gave it: nobody's change is lost.",
            examples=['"3"'],
        ),
    ] = None,
) -> int | None:
    return int(if_match.strip('"')) if if_match else None


Revision = Annotated[int | None, Depends(revision_of)]


async def page_of(
    after: Annotated[
        str,
        Query(
            max_length=40,
            pattern=r"^[0-9a-z_]*$",
            description="Go on after this id: `next` of the page before.",
            examples=["trip_01hg0000abcd0123456789ab"],
        ),
    ] = "",
    limit: Annotated[
        int, Query(ge=1, le=PAGE_LIMIT, description="At most so many.", examples=[50])
    ] = PAGE_USUAL,
) -> Page:
    return Page(after, limit)


Paging = Annotated[Page, Depends(page_of)]
