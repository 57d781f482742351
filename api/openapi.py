"""The OpenAPI document: what FastAPI writes, with who may call each operation."""

from typing import Any

from fastapi import FastAPI

from api.rights import RIGHTS

METHODS = frozenset({"get", "post", "put", "patch", "delete"})


def tell_rights(app: FastAPI) -> None:
    """Add the row of the table of rights to each operation, as ``x-who-may``."""
    written = app.openapi

    def openapi() -> dict[str, Any]:
        document = written()
        for operations in document["paths"].values():
            for method, operation in operations.items():
                right = RIGHTS.get(operation.get("operationId", "")) if method in METHODS else None
                if right is not None:
                    operation["x-who-may"] = right.who
        return document

    app.openapi = openapi  # type: ignore[method-assign]
