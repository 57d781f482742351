"""Walking the operations of the API: each with its examples, about ids that are given."""

import re

from api.openapi import METHODS
from tests.desk.filling import filled

ENDLESS = "stream_events"
"""A stream does not end: its page tells the same."""


def every_operation(document, *methods):
    """Yield path, method and operation of all that can be called and ends."""
    for path, known in document["paths"].items():
        for method, operation in known.items():
            if method in (methods or METHODS) and operation["operationId"] != ENDLESS:
                yield path, method, operation


def names_in(path):
    """Name the ids that an address needs."""
    return re.findall(r"{(\w+)}", path)


def request_of(document, path, operation, ids, spoil=None):
    """
    Return the address, the query and the body with which an operation is called about these ids.

    What a path needs and is not among the ids raises ``KeyError``. ``spoil`` may change the body.
    """
    address = re.sub(r"{(\w+)}", lambda found: ids[found[1]], path)
    query = {
        one["name"]: ids.get(one["name"], one["schema"].get("examples", one.get("examples", ["a"]))[0])
        for one in operation.get("parameters", [])
        if one["in"] == "query" and one.get("required")
    }
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    if not body:
        return address, query, {}
    sent = filled(body, document, ids)
    return address, query, {"json": spoil(sent) if spoil else sent}
