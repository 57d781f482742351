"""
Refusals on the wire: problem details (RFC 9457) with a stable code, one table of statuses.

Sentences are said in the language that is asked for (``api.spoken``) and name things as people do
(``api.naming``); codes and facts are for programs. Our own mistakes are loud: status 500, without their
inner words.
"""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from babel.dates import format_date
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from api.faults import faults_said
from api.naming import ID, PLAIN, Reader, named
from api.papers.words import SOURCE_LANGUAGE, Words, words
from api.spoken import language_headers, wanted_words
from geodata.refusal import Refusal
from pooling.desk.people.sessions import actor_of_token
from pooling.phrases import message

log = logging.getLogger("carriole")

MEDIA_TYPE = "application/problem+json"

STATUS = {
    "sign_in_needed": 401,
    "not_allowed": 403,
    "signature_wrong": 403,
    "not_found": 404,
    "region_unknown": 404,
    "address_unknown": 404,
    "address_outside": 404,
    "degrees_swapped": 422,
    "delivery_unreadable": 422,
    "delivery_backwards": 422,
    "delivery_too_large": 422,
    "too_many_deliveries": 422,
    "changed_meanwhile": 409,
    "revision_needed": 428,
    "asked_more": 409,
    "idempotency_key_reused": 422,
    "idempotency_key_missing": 400,
    "invitation_unclear": 422,
    "bad_name": 422,
    "not_late": 422,
    "shipment_unnamed": 422,
    "repair_unexplained": 422,
    "siren_unreadable": 422,
    "address_unreadable": 422,
    "week_unreadable": 422,
    "never_open": 422,
    "too_many_hours": 422,
    "cursor_unknown": 422,
    "days_backwards": 422,
    "too_large": 413,
    "too_many_requests": 429,
    "too_many_streams": 429,
    "iban_wrong": 422,
    "empty_above_way": 422,
    "delivery_at_home": 422,
    "pay_day_past": 422,
    "month_unreadable": 422,
    "payment_unreadable": 422,
    "extra_missing": 501,
    "desk_busy": 503,
    "road_server_away": 503,
    "road_server_nonsense": 502,
}
"""Every code that is not a conflict with what stands (409)."""

CONFLICT = 409

SESSION_COOKIE = "carriole_session"


class Problem(BaseModel):
    """A refusal, as RFC 9457 problem details."""

    type: str = Field(description="Where the code is explained.", examples=["/docs/refusals#no_room"])
    title: str = Field(description="The status in words.", examples=["Conflict"])
    status: int = Field(description="The HTTP status.", examples=[409])
    code: str = Field(description="Stable, for programs.", examples=["no_room"])
    detail: str = Field(
        description="What is forbidden and why, for a person.",
        examples=["T1 has no room for 6 ambient crates between Èze and Monaco."],
    )
    cure: str = Field(description="What to do about it.", examples=["Choose another trip, tour or hour."])
    facts: dict[str, Any] = Field(
        default_factory=dict, description="The facts that the sentences name.", examples=[{"free": 3}]
    )


def refused(codes: str) -> dict[str, Any]:
    """Describe a refusal for the OpenAPI document."""
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": f"Refused: {codes}", "content": {MEDIA_TYPE: {"schema": schema}}}


ENGLISH = words(SOURCE_LANGUAGE)

GONE: Mapping[int, str] = {
    HTTPStatus.NOT_FOUND: message("There is nothing at this address."),
    HTTPStatus.METHOD_NOT_ALLOWED: message("This cannot be done at this address."),
}
"""What is said where no operation answers, by status."""


def problem_of(refusal: Refusal, say: Words = ENGLISH) -> Problem:
    """Say a refusal on the wire; programs that speak English are told ids and revisions in the sentence."""
    status = STATUS.get(refusal.code, CONFLICT)
    detail, cure = say.refusal(refusal)
    if refusal.code in PLAIN and say is not ENGLISH:
        detail, cure = (say.say(one) for one in PLAIN[refusal.code])
    return Problem(
        type=f"/docs/refusals#{refusal.code}",
        title=HTTPStatus(status).phrase,
        status=status,
        code=refusal.code,
        detail=detail,
        cure=cure,
        facts=dict(refusal.plain_facts),
    )


def answer_of(problem: Problem, say: Words = ENGLISH) -> JSONResponse:
    headers = language_headers(say)
    if problem.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(problem.model_dump(), problem.status, headers=headers, media_type=MEDIA_TYPE)


def asked_words(request: Request) -> Words:
    return wanted_words(request.headers.get("accept-language", ""))


def install(app: FastAPI) -> None:
    """Answer every refusal, malformed request and mistake of ours as problem details."""

    @app.exception_handler(Refusal)
    def _refused(request: Request, refusal: Refusal) -> JSONResponse:
        say = asked_words(request)
        return answer_of(_with_names(request, problem_of(refusal, say), say), say)

    @app.exception_handler(RequestValidationError)
    def _malformed(request: Request, error: RequestValidationError) -> JSONResponse:
        say = asked_words(request)
        return _unreadable(say, say.say("Mend what is listed."), faults=faults_said(error.errors(), say))

    @app.exception_handler(HTTPException)
    def _starlette(request: Request, error: HTTPException) -> JSONResponse:
        say = asked_words(request)
        if error.status_code == HTTPStatus.BAD_REQUEST:  # a body that no parser can read to its end
            return _unreadable(say, say.say("Mend its body."))
        code = HTTPStatus(error.status_code).phrase.lower().replace(" ", "_")
        detail = say.say(GONE.get(error.status_code, str(error.detail)))
        cure = say.say("Look at /api/v1/docs: it lists every operation.")
        return _said(say, error.status_code, code, (detail, cure))

    @app.exception_handler(Exception)
    def _mistake(request: Request, error: Exception) -> JSONResponse:
        log.error("mistake", extra={"path": request.url.path}, exc_info=error)
        say = asked_words(request)
        detail, cure = say.say("Something is wrong on our side."), say.say("Try again; tell the operator.")
        return _said(say, 500, "our_mistake", (detail, cure))


def _with_names(request: Request, problem: Problem, say: Words) -> Problem:
    """Put names where the sentences have ids, as far as who asks may see them; the facts keep the ids."""
    if problem.code in PLAIN or not ID.search(problem.detail + problem.cure):
        return problem
    store = request.app.state.house.desk.store
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    token = token.strip() if scheme.lower() == "bearer" else request.cookies.get(SESSION_COOKIE, "")
    with store.view() as view:
        actor = actor_of_token(view, token)
    seen = store.seen_by(actor.parties if actor else ())
    reader = Reader(seen, actor, say, lambda day: format_date(day, "EEEE d MMMM y", locale=say.locale))
    return problem.model_copy(
        update={"detail": named(reader, problem.detail), "cure": named(reader, problem.cure)}
    )


def _unreadable(say: Words, cure: str, **facts: object) -> JSONResponse:
    return _said(say, 422, "malformed", (say.say("The request cannot be read."), cure), **facts)


def _said(say: Words, status: int, code: str, sentences: tuple[str, str], **facts: object) -> JSONResponse:
    problem = Problem(
        type=f"/docs/refusals#{code}",
        title=HTTPStatus(status).phrase,
        status=status,
        code=code,
        detail=sentences[0],
        cure=sentences[1],
        facts=facts,
    )
    return answer_of(problem, say)
