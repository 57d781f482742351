"""
The OpenAPI document: what FastAPI writes, with who may call each operation.

Every refusal is a problem, the malformed request too; FastAPI's own form of it is taken out. What the
door refuses (``api.limits``) is declared here for all writes.
"""

from typing import Any

from fastapi import FastAPI

from api.problem import Problem, refused
from api.rights import RIGHTS

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
        answers["422"] = refused(codes)
