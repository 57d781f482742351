"""Sessions: where a member is signed in, and how it ends one."""

from typing import Annotated

from fastapi import APIRouter, Path

from api.asking import Paging, TheHouse, Token, Who, Wish
from api.shapes.people.people import SessionShown, session_shown
from api.shapes.words import SIGNED_IN, WRITES, Id, Listed, refusals
from pooling.desk.people.members import end_session
from pooling.desk.people.sessions import session_of_token
from pooling.store.sessions import list_sessions

router = APIRouter(tags=["sign-in"])


@router.get(
    "/sessions", summary="List your sessions", operation_id="list_sessions", responses=refusals(*SIGNED_IN)
)
def listed(house: TheHouse, who: Who, token: Token, page: Paging) -> Listed[SessionShown]:
    """List the places where you are signed in."""
    with house.desk.store.view() as view:
        rows, after = list_sessions(view, who.member_id, page)
        current = session_of_token(view, token)
    return Listed(items=[session_shown(row, current) for row in rows], next=after)


@router.delete(
    "/sessions/{session_id}",
    status_code=204,
    summary="End a session",
    operation_id="revoke_session",
    responses=refusals(*WRITES, "not_found"),
)
def revoke(
    house: TheHouse,
    who: Who,
    ask: Wish,
    session_id: Annotated[Id, Path(description="The session.", examples=["ses_01hg0000abcd"])],
) -> None:
    """End one of your own sessions, at once: a telephone was lost, a colleague's machine was used."""
    end_session(house.desk, who, ask, session_id)
