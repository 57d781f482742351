"""The templates of the pages, and how an answer is made: a page, or the way to the next one."""

from collections.abc import Callable, Mapping
from functools import cache, partial
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlencode

from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import Response

from api.pages.forms import Form, FormFaulty, typed_euro
from api.pages.names import trip_way
from api.pages.nav import above, links_of
from api.pages.plain import plain_refusal
from api.pages.said import SAID
from api.pages.visit import GUEST_COOKIE, ROLE_WORDS, Visit
from api.papers.words import FOODS, REGIMES, TEMPERATURES
from api.problem import CONFLICT, STATUS
from geodata.refusal import Refusal
from pooling.claims.cover import COVER_VERSION

TEMPLATE_FOLDER = Path(__file__).parent / "templates"
FAULTY = HTTPStatus.UNPROCESSABLE_ENTITY.value


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATE_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(
    visit: Visit,
    template: str,
    /,
    *,
    form: Form | None = None,
    refusal: Refusal | None = None,
    **values: object,
) -> HTMLResponse:
    """Fill a template; the status is that of the refusal or of the mistakes that it shows."""
    form = form or Form()
    text = (
        _environment()
        .get_template(template)
        .render(
            visit=visit,
            words=visit.words,
            say=visit.words.say,
            count=visit.words.count,
            when=visit.moments,
            form=form,
            refused=plain_refusal(visit, refusal) if refusal else None,
            links=links_of(visit),
            above=above(visit),
            said=SAID.get(visit.request.query_params.get("said", ""), ""),
            typed=partial(typed_euro, visit),
            trip_way=partial(trip_way, visit.words.say),
            temperatures=TEMPERATURES,
            foods=FOODS,
            regimes=REGIMES,
            role_words=ROLE_WORDS,
            cover_version=COVER_VERSION,
            **values,
        )
    )
    answer = HTMLResponse(text, status_of(form, refusal))
    if visit.actor is None:
        _know_guest(visit, answer)
    return answer


def drawing(template: str, **values: object) -> str:
    """Fill the template of a picture, which says nothing."""
    return _environment().get_template(template).render(**values)


def status_of(form: Form, refusal: Refusal | None) -> int:
    if refusal is not None:
        return STATUS.get(refusal.code, CONFLICT)
    return FAULTY if form.mistakes else HTTPStatus.OK.value


def go(path: str, said: str = "") -> RedirectResponse:
    """Send the browser on; ``said`` names the sentence with which the next page begins."""
    query = ("&" if "?" in path else "?") + urlencode({"said": said}) if said else ""
    return RedirectResponse(path + query, HTTPStatus.SEE_OTHER.value)


def answer(
    form: Form,
    do: Callable[[], str],
    *,
    then: Callable[[str], str],
    again: Callable[[Refusal | None], Response],
    said: str = "",
    beside: Mapping[str, str] | None = None,
) -> Response:
    """
    Do what a form asks for, then go on; where it is faulty or refused, show it again as it was typed.

    ``then`` makes the next path from the id that the desk answered; ``beside`` names the field
    beside which a refusal is said as well, by its code.
    """
    try:
        done = do()
    except FormFaulty:
        return again(None)
    except Refusal as refusal:
        name = (beside or {}).get(refusal.code)
        if name:
            form.wrong(name, refusal.reason, **refusal.facts)
        return again(refusal)
    return go(then(done), said)


def _know_guest(visit: Visit, answer: Response) -> None:
    answer.set_cookie(
        GUEST_COOKIE,
        visit.secret,
        max_age=24 * 3600,
        httponly=True,
        samesite="lax",
        secure=visit.house.settings.secure,
    )
