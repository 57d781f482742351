"""What is a member's own: its words, its mail and quiet hours, its sessions, and for whom it acts."""

from fastapi import APIRouter
from starlette.responses import Response

from api.pages.forms import Filled, Form
from api.pages.lists import part_of
from api.pages.people.devices import device
from api.pages.press import answer, go, page
from api.pages.visit import PARTY_COOKIE, Signed, Visit
from api.routes.feeds import feed_url
from geodata.refusal import Refusal
from pooling.desk.people.members import change_me, end_session
from pooling.desk.people.sessions import session_of_token
from pooling.desk.telling.feeds import FEEDS_LIMIT, open_feed, revoke_feed
from pooling.store import Page
from pooling.store.feeds import list_feeds
from pooling.store.sessions import list_sessions

router = APIRouter()


@router.get("/me")
def me(visit: Signed) -> Response:
    return _me(visit, Form(), None)


@router.post("/me")
def change(visit: Signed, form: Filled) -> Response:
    def do() -> str:
        values = {
            "name": form.name("name"),
            "mail_on": form.ticked("mail_on"),
            "quiet_from_s": form.hour("quiet_from"),
            "quiet_until_s": form.hour("quiet_until"),
        }
        form.check()
        return change_me(visit.desk, visit.who, form.ask, form.revision, values)

    return answer(
        form, do, then=lambda _: "/me", again=lambda refusal: _me(visit, form, refusal), said="saved"
    )


@router.post("/me/sessions/{session_id}/end")
def end(visit: Signed, form: Filled, session_id: str) -> Response:
    return answer(
        form,
        lambda: end_session(visit.desk, visit.who, form.ask, session_id),
        then=lambda _: "/me",
        again=lambda refusal: page(visit, "sorry.html", refusal=refusal),
        said="session_ended",
    )


@router.post("/me/calendar")
def calendar(visit: Signed, form: Filled) -> Response:
    """Make a calendar link, and show it this once."""
    try:
        made = open_feed(visit.desk, visit.who, form.ask)
    except Refusal as refusal:
        return _me(visit, Form(), refusal)
    return _me(visit, Form(), None, feed_url(visit.house.settings.public_url, made.token))


@router.post("/me/calendar/{feed_id}/revoke")
def revoke(visit: Signed, form: Filled, feed_id: str) -> Response:
    return answer(
        form,
        lambda: revoke_feed(visit.desk, visit.who, form.ask, feed_id),
        then=lambda _: "/me",
        again=lambda refusal: page(visit, "sorry.html", refusal=refusal),
        said="withdrawn",
    )


@router.post("/acting")
def act(visit: Signed, form: Filled) -> Response:
    """Act for another of one's own parties from now on."""
    done = go("/")
    chosen = form.choice("party", [one.id for one in visit.parties])
    if not form.mistakes:
        done.set_cookie(PARTY_COOKIE, chosen, max_age=365 * 24 * 3600, httponly=True, samesite="lax")
    return done


def _me(visit: Visit, form: Form, refusal: Refusal | None, feed_link: str = "") -> Response:
    with visit.desk.store.view() as view:
        sessions, after = list_sessions(view, visit.who.member_id, part_of(visit))
        here = session_of_token(view, visit.secret)
        feeds, _ = list_feeds(view, visit.who.member_id, Page(limit=FEEDS_LIMIT))
    return page(
        visit,
        "me.html",
        form=form,
        refusal=refusal,
        sessions=sessions,
        after=after,
        here=here,
        device=device,
        feeds=feeds,
        feed_link=feed_link,
    )
