"""
The OpenAPI document: what FastAPI writes, with who may call each operation.

Every refusal is a problem, the malformed request too; FastAPI's own form of it is taken out. What the
door refuses (``api.limits``) is declared here for all writes.
"""

from typing import Any

from fastapi import FastAPI

from api.problem import Problem, refused
from api.rights import RIGHTS

DESCRIPTION = """
Producers pool their crates on *trips* that somebody makes anyway and on shared *tours*.

**Begin.** `ask_sign_in` mails a link; the last part of its path goes to `confirm_sign_in`, which answers a
token: send it as `Authorization: Bearer …`. `read_me` tells which *parties* you act for, and
`search_directory` knows every *site*. A producer then enters a *shipment* (`enter_shipment`), looks who
drives past (`find_offers`) and bids for room (`place_bid`); whoever drives anyway announces a trip
(`announce_trip`)
and accepts (`accept_bid`).

**Write once.** Each write takes an `Idempotency-Key`: fresh for each new wish, the same when you repeat it.
**Lose nothing.** What can change has a `revision`, also told as `ETag`: send it as `If-Match` with your
change.
**Lists** answer a page, newest first, and `next`: send it as `after` for the page that follows.
**Units.** Money is whole cents of euro, weight kg; `_s` ends seconds, `_m` metres. Moments carry their offset
(RFC 3339), are answered in UTC and lie in the years 2000 to 2099; days are local.
**Refusals** are problem details (RFC 9457) with a stable `code`, a sentence and what to do about it; each
operation lists its codes. Sentences are in French or English as `Accept-Language` asks, English otherwise.
Who may not see a thing is told that there is none (404). `x-who-may` tells who
may.
**News** come by `stream_events`, page by page by `list_events`, or to your own system by `create_webhook`.
Long work is a *job*: `read_job` tells how far it is.
"""

METHODS = frozenset({"get", "post", "put", "patch", "delete"})
FOREIGN = ("HTTPValidationError", "ValidationError")


def tell_rights(app: FastAPI) -> None:
    """Add the row of the table of rights to each operation, as ``x-who-may``, and say what a problem is."""
    written = app.openapi
    told: list[dict[str, Any]] = []

    def openapi() -> dict[str, Any]:
        document: dict[str, Any] = written()
        if any(one is document for one in told):
            return document
        told[:] = [document]
        shapes = document.setdefault("components", {}).setdefault("schemas", {})
        for foreign in FOREIGN:
            shapes.pop(foreign, None)
        shapes["Problem"] = Problem.model_json_schema()
        for operations in document["paths"].values():
            for method, operation in operations.items():
                if method in METHODS:
                    _told(method, operation)
        return document

    app.openapi = openapi  # type: ignore[method-assign]


def _told(method: str, operation: dict[str, Any]) -> None:
    right = RIGHTS.get(operation.get("operationId", ""))
    if right is not None:
        operation["x-who-may"] = right.who
    answers = operation["responses"]
    if method != "get":
        answers["413"] = refused("`too_large`")
        answers["429"] = refused("`too_many_requests`")
    if "422" in answers:
        said = answers["422"].get("description", "").removeprefix("Refused: ")
        codes = f"{said}, `malformed`" if "`" in said else "`malformed`"
        answers["422"] = refused(f"`cursor_unknown`, {codes}" if _is_paged(operation) else codes)


def _is_paged(operation: dict[str, Any]) -> bool:
    return any(
        one["name"] == "after" and one["schema"].get("type") == "string"
        for one in operation.get("parameters", ())
    )
