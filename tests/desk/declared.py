"""What each operation declares that it may refuse, read from the OpenAPI document."""

import re
from functools import cache

from api.problem import MEDIA_TYPE

CODE = re.compile(r"`([a-z_]+)`")


def declared(operation, status):
    """Return the codes that an operation declares under a status."""
    return set(CODE.findall(operation["responses"].get(str(status), {}).get("description", "")))


@cache
def pattern_of(path):
    return re.compile(re.sub(r"\{[a-z_]+\}", "[^/]+", path) + "/?")


def operation_of(document, method, path):
    """Return the operation that answers a path, or ``None`` where it is none of the API's."""
    found = [one for one in document["paths"] if pattern_of(one).fullmatch(path)]
    best = min(found, key=lambda one: one.count("{"), default="")
    return document["paths"].get(best, {}).get(method.lower())


def undeclared(operation, answer):
    """Say what a refusal tells that its operation does not declare; empty where all is declared."""
    if answer.headers.get("content-type") != MEDIA_TYPE:
        return ""
    code = answer.json()["code"]
    known = declared(operation, answer.status_code)
    return "" if code in known else f"{operation['operationId']}: {answer.status_code} `{code}`"
