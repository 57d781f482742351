"""
The entrance: sign in by a mailed link, sign up, sign out, and choose a language.

Opening a mailed link shows one button; only pressing it uses the link up, so that a mail scanner which
opens every link signs nobody in.
"""

from http import HTTPStatus
from urllib.parse import unquote, urlsplit

from fastapi import APIRouter, BackgroundTasks
from starlette.responses import Response

from api.asking import COOKIE
from api.letters.letters import mail_sign_in, mail_sign_up
from api.pages.forms import Filled, Form
from api.pages.press import answer, go, page
from api.pages.said import message
from api.pages.visit import LANGUAGE_COOKIE, ROLE_WORDS, AnyVisit, Signed, Visit
from api.papers.words import LOCALES
from api.routes.people.sign_in import set_session
from geodata.refusal import Refusal
from pooling.desk.people.links import ADDRESS_LIMIT, is_address
from pooling.desk.people.members import change_me, end_session
from pooling.desk.people.sessions import session_of_token
from pooling.desk.people.signing_in import SignUp, confirm_sign_in
from pooling.party import Role

router = APIRouter()

BACK_COOKIE = "carriole_back"
BACK_S = 30 * 60

JOINING = tuple(role for role in ROLE_WORDS if role is not Role.OPERATOR)


def own_path(path: str) -> str:
    """Return a path of this site, or its home where the given one would lead elsewhere."""
    read = unquote(path)
    parts = urlsplit(read)
    plain = read.startswith("/") and not read.startswith("//") and "\\" not in read and read.isprintable()
    return path if plain and not parts.scheme and not parts.netloc else "/"


@router.get("/sign-in")
def ask(visit: AnyVisit) -> Response:
    if visit.actor is not None:
        return go(own_path(visit.request.query_params.get("back", "/")))
    return page(visit, "sign_in.html", back=own_path(visit.request.query_params.get("back", "/")))


@router.post("/sign-in")
def asked(visit: AnyVisit, form: Filled, later: BackgroundTasks) -> Response:
    email = _email(form)
    if form.mistakes:
        return page(visit, "sign_in.html", form=form, back=own_path(form.value("back", "/")))
    later.add_task(mail_sign_in, visit.house, email)
    return _sent(visit, form, email)


@router.get("/sign-in/{token}")
def link(visit: AnyVisit, token: str) -> Response:
    return page(visit, "sign_in_link.html", token=token[:100])


@router.post("/sign-in/{token}")
def enter(visit: AnyVisit, _form: Filled, token: str) -> Response:
    """Use the link up, and go on to where the visitor was."""
    back = own_path(visit.request.cookies.get(BACK_COOKIE, "/"))
    try:
        signed = confirm_sign_in(visit.desk, token, visit.request.headers.get("user-agent", ""))
    except Refusal as refusal:
        return page(visit, "sign_in.html", refusal=refusal, back=back)
    done = go(back)
    set_session(done, visit.house, signed.token)
    done.delete_cookie(BACK_COOKIE)
    return done


@router.get("/sign-up")
def come(visit: AnyVisit) -> Response:
    return _sign_up(visit, Form())


@router.post("/sign-up")
def came(visit: AnyVisit, form: Filled, later: BackgroundTasks) -> Response:
    email = _email(form)
    name, party_name = form.name("name"), form.name("party_name")
    role = form.choice("role", [role.value for role in JOINING])
    if form.mistakes:
        return _sign_up(visit, form)
    wish = SignUp(email, name, party_name, Role(role), visit.words.language)
    later.add_task(mail_sign_up, visit.house, wish)
    return _sent(visit, form, email, again="/sign-up")


@router.post("/sign-out")
def out(visit: Signed, form: Filled) -> Response:
    with visit.desk.store.view() as view:
        session_id = session_of_token(view, visit.secret)
    end_session(visit.desk, visit.who, form.ask, session_id)
    done = go("/sign-in", "signed_out")
    done.delete_cookie(COOKIE, httponly=True, samesite="lax", secure=visit.house.settings.secure)
    return done


@router.post("/language")
def speak(visit: AnyVisit, form: Filled) -> Response:
    """Choose a language; a member keeps it."""
    language = form.choice("language", tuple(LOCALES))
    done = go(own_path(form.value("back", "/")))
    if form.mistakes:
        return done
    done.set_cookie(LANGUAGE_COOKIE, language, max_age=365 * 24 * 3600, samesite="lax", httponly=True)
    if visit.actor is None:
        return done
    return answer(
        form,
        lambda: change_me(visit.desk, visit.who, form.ask, None, {"language": language}),
        then=lambda _: own_path(form.value("back", "/")),
        again=lambda refusal: page(visit, "sorry.html", refusal=refusal),
    )


def _email(form: Form) -> str:
    email = form.text("email", limit=ADDRESS_LIMIT)
    if email and not is_address(email):
        form.wrong("email", message("An address such as name@example.org."))
    return email


def _sign_up(visit: Visit, form: Form) -> Response:
    back = form.value("back", visit.request.query_params.get("back", "/"))
    roles = {role.value: ROLE_WORDS[role] for role in JOINING}
    return page(visit, "sign_up.html", form=form, roles=roles, back=own_path(back))


def _sent(visit: Visit, form: Form, email: str, again: str = "/sign-in") -> Response:
    shown = page(visit, "sent.html", email=email, again=again)
    shown.status_code = HTTPStatus.ACCEPTED.value
    back = own_path(form.value("back", "/"))
    shown.set_cookie(BACK_COOKIE, back, max_age=BACK_S, httponly=True, samesite="lax")
    return shown
