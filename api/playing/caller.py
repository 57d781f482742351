"""A person's program on the API: operations by their names, over HTTP, by the OpenAPI document."""

import json
import uuid
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

TIMEOUT_S = 60


class Refused(Exception):  # noqa: N818 - a refusal is a fact
    """Carry the problem that an operation was refused with; ``code`` is its stable word."""

    def __init__(self, operation: str, status: int, problem: dict[str, Any]) -> None:
        self.status, self.problem, self.code = status, problem, str(problem.get("code", ""))
        super().__init__(f"{operation}: {status} {problem.get('detail', '')}")


@dataclass(frozen=True)
class HttpCaller:
    """Hold where the house answers, what its document says, and the token of a session."""

    address: str
    document: dict[str, Any] = field(repr=False)
    token: str = field(default="", repr=False)

    def do(self, operation: str, *path: str, **more: Any) -> Any:  # noqa: ANN401 - JSON
        """Call an operation; ``path`` fills its path in order, ``body`` is sent, the rest is its query."""
        method, address = _found(self.document, operation)
        for part in path:
            address = address.replace(address[address.index("{") : address.index("}") + 1], quote(part), 1)
        body = more.pop("body", None)
        headers = {"Idempotency-Key": str(uuid.uuid4()), "Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        asked = Request(  # noqa: S310 - the house's own address
            f"{self.address}{address}" + (f"?{urlencode(more)}" if more else ""),
            data=None if body is None else json.dumps(body).encode(),
            headers=headers,
            method=method.upper(),
        )
        try:
            with urlopen(asked, timeout=TIMEOUT_S) as answer:  # noqa: S310
                words = answer.read()
        except HTTPError as error:
            raise Refused(operation, error.code, _problem(error)) from error
        return json.loads(words) if words else None


def read_document(address: str) -> dict[str, Any]:
    """Read the OpenAPI document of a house."""
    with urlopen(f"{address}/api/v1/openapi.json", timeout=TIMEOUT_S) as answer:  # noqa: S310
        document: dict[str, Any] = json.loads(answer.read())
    return document


def _found(document: dict[str, Any], operation: str) -> tuple[str, str]:
    for path, methods in document["paths"].items():
        for method, words in methods.items():
            if isinstance(words, dict) and words.get("operationId") == operation:
                return method, path
    raise LookupError(operation)


def _problem(error: HTTPError) -> dict[str, Any]:
    try:
        problem: dict[str, Any] = json.loads(error.read())
    except ValueError:
        return {"code": HTTPStatus(error.code).phrase.lower().replace(" ", "_")}
    return problem
