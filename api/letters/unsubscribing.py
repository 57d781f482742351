"""
The link at the end of each mail: a page with one button, and the one click of mail programs (RFC 8058).

Opening the page changes nothing, for scanners of mail open every link.
"""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter
from fastapi import Path as InPath
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader

from api.asking import TheHouse
from api.pages.visit import GuestWords
from api.papers import words
from pooling.desk.telling.notices import unsubscribe
from pooling.store.notices import reader_of_token
from pooling.store.rows import NotFound

router = APIRouter(include_in_schema=False)
Token = Annotated[str, InPath(min_length=1, max_length=80)]

PAGES = Environment(loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True)
PRIVATE = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}
"""The link is a key: it is neither passed on to other pages nor kept."""


@router.get("/unsubscribe/{token}")
def ask(house: TheHouse, token: Token, guest: GuestWords) -> HTMLResponse:
    """Ask whether mail shall end."""
    language = _language(house, token)
    return _page(language or guest.language, "asked" if language else "unknown")


@router.post("/unsubscribe/{token}")
def leave(house: TheHouse, token: Token, guest: GuestWords) -> HTMLResponse:
    """End mail, without sign-in."""
    try:
        unsubscribe(house.desk, token)
    except NotFound:
        return _page(guest.language, "unknown")
    return _page(_language(house, token), "done")


def _language(house: TheHouse, token: str) -> str:
    with house.desk.store.view() as view:
        row = reader_of_token(view, token)
    return str(row.language) if row else ""


def _page(language: str, state: str) -> HTMLResponse:
    text = PAGES.get_template("unsubscribe.html").render(
        say=words(language).say, language=language, state=state
    )
    return HTMLResponse(text, 404 if state == "unknown" else 200, PRIVATE)
