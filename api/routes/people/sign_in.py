"""
Sign in and sign up by a mailed link.

Whoever asks is answered the same way and at once; what is found out is found out afterwards, so that
neither words nor time tell whether an address is known. How often a connection may ask is limited at
the door (``api.limits``), how many links may wait in one mailbox at the desk.
"""

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Header, Response

from api.asking import COOKIE, TheHouse, Token, Who, Wish
from api.house import House
from api.letters.letters import mail_sign_in, mail_sign_up
from api.shapes.people.people import (
    ConfirmWish,
    MailOnItsWay,
    SignedInShown,
    SignInWish,
    SignUpWish,
    me_shown,
)
from api.shapes.words import WRITES, refusals
from pooling.desk.people.members import end_session
from pooling.desk.people.sessions import session_of_token
from pooling.desk.people.signing_in import SignUp, confirm_sign_in
from pooling.party import Role
from pooling.store.members import duties_of, find_member
from pooling.store.sessions import SESSION_S

router = APIRouter(tags=["sign-in"])

ASKED = MailOnItsWay(said="If this address may sign in, a link is on its way.")
SIGNED_UP = MailOnItsWay(said="A link to confirm is on its way.")


@router.post("/sign-in", status_code=202, summary="Ask for a sign-in link", operation_id="ask_sign_in")
def ask(house: TheHouse, wish: SignInWish, later: BackgroundTasks) -> MailOnItsWay:
    """
    Ask for a link by mail. It serves once, for a quarter of an hour.

    The answer is the same for every address, so it needs no Idempotency-Key: ask again for another.
    """
    later.add_task(mail_sign_in, house, wish.email)
    return ASKED


@router.post("/sign-up", status_code=202, summary="Take part", operation_id="sign_up")
def up(house: TheHouse, wish: SignUpWish, later: BackgroundTasks) -> MailOnItsWay:
    """
    Ask to take part with a new party. It exists once the mailed link is confirmed.

    A carrier has to be vetted by an operator before it may run a tour.
    """
    words = SignUp(wish.email, wish.name, wish.party_name, Role(wish.role), wish.language)
    later.add_task(mail_sign_up, house, words)
    return SIGNED_UP


@router.post(
    "/sign-in/confirm",
    summary="Use a mailed link up",
    operation_id="confirm_sign_in",
    responses=refusals("link_spent", "invitation_closed"),
)
def confirm(
    house: TheHouse,
    wish: ConfirmWish,
    response: Response,
    user_agent: Annotated[str, Header(include_in_schema=False)] = "",
) -> SignedInShown:
    """
    Use a link up: opens a session, and founds or joins the party that the link was mailed for.

    The session's token is answered once, and set as the cookie `carriole_session`. Needs no
    Idempotency-Key: a link serves once.
    """
    signed = confirm_sign_in(house.desk, wish.token, user_agent)
    set_session(response, house, signed.token)
    with house.desk.store.view() as view:
        me = me_shown(find_member(view, signed.member_id), duties_of(view, signed.member_id))
    return SignedInShown(token=signed.token, session=signed.session_id, me=me)


@router.post(
    "/sign-out",
    status_code=204,
    summary="Sign out",
    operation_id="sign_out",
    responses=refusals(*WRITES, "not_found"),
)
def out(house: TheHouse, who: Who, ask: Wish, token: Token, response: Response) -> None:
    """End the session that asks, and take its cookie back."""
    with house.desk.store.view() as view:
        session_id = session_of_token(view, token)
    end_session(house.desk, who, ask, session_id)
    response.delete_cookie(COOKIE, httponly=True, samesite="lax", secure=house.settings.secure)


def set_session(response: Response, house: House, token: str) -> None:
    """Give a browser its session: no script reads it, and no other site's form sends it."""
    response.set_cookie(
        COOKIE, token, max_age=SESSION_S, httponly=True, samesite="lax", secure=house.settings.secure
    )
