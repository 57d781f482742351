"""
Refusals on the wire: problem details (RFC 9457) with a stable code, one table of statuses.

Our own mistakes are loud: status 500, without their inner words.
"""

import logging
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from geodata.refusal import Refusal

log = logging.getLogger("carriole")

MEDIA_TYPE = "application/problem+json"

STATUS = {
    "sign_in_needed": 401,
    "not_allowed": 403,
    "not_found": 404,
    "region_unknown": 404,
    "address_unknown": 404,
    "changed_meanwhile": 409,
    "idempotency_key_reused": 422,
    "idempotency_key_missing": 400,
    "invitation_unclear": 422,
    "too_large": 413,
    "too_many_requests": 429,
    "too_many_streams": 429,
    "desk_busy": 503,
    "road_server_away": 503,
    "road_server_nonsense": 502,
}
"""Every code that is not a conflict with what stands (409)."""

CONFLICT = 409


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


def problem_of(refusal: Refusal) -> Problem:
    """Say a refusal on the wire."""
    status = STATUS.get(refusal.code, CONFLICT)
    return Problem(
        type=f"/docs/refusals#{refusal.code}",
        title=HTTPStatus(status).phrase,
        status=status,
        code=refusal.code,
        detail=refusal.sentence,
        cure=refusal.what_to_do,
        facts=dict(refusal.plain_facts),
    )


def answer_of(problem: Problem) -> JSONResponse:
    headers = {"WWW-Authenticate": "Bearer"} if problem.status == HTTPStatus.UNAUTHORIZED else None
    return JSONResponse(problem.model_dump(), problem.status, headers=headers, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Answer every refusal, malformed request and mistake of ours as problem details."""

    @app.exception_handler(Refusal)
    def _refused(_request: Request, refusal: Refusal) -> JSONResponse:
        return answer_of(problem_of(refusal))

    @app.exception_handler(RequestValidationError)
    def _malformed(_request: Request, error: RequestValidationError) -> JSONResponse:
        faults = [
            {"where": "/".join(str(step) for step in fault["loc"]), "what": fault["msg"]}
            for fault in error.errors()
        ]
        return _said(422, "malformed", "The request cannot be read.", "Mend what is listed.", faults=faults)

    @app.exception_handler(HTTPException)
    def _starlette(_request: Request, error: HTTPException) -> JSONResponse:
        if error.status_code == HTTPStatus.BAD_REQUEST:  # a body that no parser can read to its end
            return _said(422, "malformed", "The request cannot be read.", "Mend its body.")
        phrase = HTTPStatus(error.status_code).phrase
        return _said(
            error.status_code, phrase.lower().replace(" ", "_"), str(error.detail), "See /api/v1/docs."
        )

    @app.exception_handler(Exception)
    def _mistake(request: Request, error: Exception) -> JSONResponse:
        log.error("mistake", extra={"path": request.url.path}, exc_info=error)
        return _said(500, "our_mistake", "Something is wrong on our side.", "Try again; tell the operator.")


def _said(status: int, code: str, detail: str, cure: str, **facts: object) -> JSONResponse:
    return answer_of(
        Problem(
            type=f"/docs/refusals#{code}",
            title=HTTPStatus(status).phrase,
            status=status,
            code=code,
            detail=detail,
            cure=cure,
            facts=jsonable_encoder(facts),
        )
    )
