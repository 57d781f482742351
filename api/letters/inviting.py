"""
The link of an invitation to a drafted tour: a page for a phone, without sign-in, and two buttons.

It tells its reader its own figures and nobody else's. Opening it is noted as seen, no more: declining, and
ending such mail, take a press of a button, or the one click of mail programs (RFC 8058).
"""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter
from fastapi import Path as InPath
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader

from api.asking import TheHouse
from api.house import House
from api.letters.invite_letters import WEEKDAYS
from api.letters.unsubscribing import PRIVATE
from api.pages.moments import Moments
from api.pages.visit import GuestWords
from api.papers import words
from api.papers.words import LOCALES, Words
from pooling.desk.seeds.draft_invitations import declined_by_token, invitation_by_token, opened_by_token
from pooling.desk.seeds.draft_told import told_to_invited
from pooling.store.draft_invitations import OPEN
from pooling.store.drafts import find_draft
from pooling.store.rows import NotFound

router = APIRouter(include_in_schema=False)
Token = Annotated[str, InPath(min_length=1, max_length=80)]

PAGES = Environment(loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True)


@router.get("/invited/{token}")
def look(house: TheHouse, token: Token, strangers: GuestWords) -> HTMLResponse:
    """Show what the tour would be for its reader."""
    try:
        opened_by_token(house.desk, token)
    except NotFound:
        return _nothing(strangers)
    return _shown(house, token, strangers, "asked")


@router.post("/invited/{token}/decline")
def decline(house: TheHouse, token: Token, strangers: GuestWords) -> HTMLResponse:
    """Decline, without sign-in; a second time changes nothing."""
    try:
        declined_by_token(house.desk, token)
    except NotFound:
        return _nothing(strangers)
    return _shown(house, token, strangers, "asked")


@router.get("/invited/{token}/no-more")
def ask_no_more(house: TheHouse, token: Token, strangers: GuestWords) -> HTMLResponse:
    """Ask whether such mail shall end; opening changes nothing."""
    return _shown(house, token, strangers, "ending")


@router.post("/invited/{token}/no-more")
def no_more(house: TheHouse, token: Token, strangers: GuestWords) -> HTMLResponse:
    """End such mail to this address, without sign-in."""
    try:
        declined_by_token(house.desk, token, no_more=True)
    except NotFound:
        return _nothing(strangers)
    return _shown(house, token, strangers, "ended")


def _shown(house: House, token: str, strangers: Words, state: str) -> HTMLResponse:
    with house.desk.store.view() as view:
        row = invitation_by_token(view, token)
        if row is None:
            return _nothing(strangers)
        told = told_to_invited(view, find_draft(view, row.draft_id), row)
        now_at = view.now_at
    say = words(row.language) if row.language in LOCALES else strangers
    text = PAGES.get_template("invited.html").render(
        words=say,
        say=say.say,
        count=say.count,
        when=Moments(say, house.settings.timezone, now_at),
        weekday=WEEKDAYS[told.weekday - 1],
        told=told,
        one=row,
        open=row.state in OPEN,
        state=state,
        token=token,
    )
    return HTMLResponse(text, 200, PRIVATE)


def _nothing(say: Words) -> HTMLResponse:
    text = PAGES.get_template("invited.html").render(words=say, say=say.say, state="unknown")
    return HTMLResponse(text, 404, PRIVATE)
