"""
The table of rights, walked: every operation × every kind of person × somebody else's object.

The object of each path belongs to the farm's and the restaurant's world; whoever asks is a stranger of
each role, a driver, nobody, or an operator. Bodies are made from the examples of the OpenAPI document,
with the ids of real objects of somebody else, so that rights are asked before content.
"""

import uuid

import pytest

from api.app import make_app
from api.openapi import METHODS
from api.rights import RIGHTS
from pooling.desk.sessions import token_hash
from pooling.store.people import member, membership, party
from pooling.store.rows import added
from pooling.store.sessions import open_session
from tests.desk.filling import filled
from tests.desk.somebodys import somebodys_world

ROLES = ("producer", "buyer", "carrier", "intermediary", "private")
FORBIDDEN = {"hidden": {404}, "refused": {403}}


@pytest.fixture
def world(town, client):
    """One object of each kind, none of them a stranger's, and strangers of each role."""
    ids = somebodys_world(town, client)

    def work(tx):
        for role in (*ROLES, "driver"):
            party_id = added(
                tx, party, "pty", name=f"Other {role}", role="producer" if role == "driver" else role
            )
            member_id = added(tx, member, "mem", email=f"other-{role}@example.org", name=role)
            duty = "driver" if role == "driver" else "manager"
            tx.connection.execute(
                membership.insert().values(
                    member_id=member_id, party_id=party_id, duty=duty, created_at=tx.now_at
                )
            )
            open_session(tx, member_id, token_hash(f"other-{role}"), "test")

    town.house.desk.store.change(work)
    return ids


@pytest.fixture
def document(town):
    return make_app(town.house).openapi()


def asked(client, document, path, method, operation, ids, headers):
    """Call an operation on somebody else's object and return its status."""
    for parameter in operation.get("parameters", []):
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", ids[parameter["name"]])
    query = {
        one["name"]: ids.get(one["name"], one["schema"].get("examples", one.get("examples", ["a"]))[0])
        for one in operation.get("parameters", [])
        if one["in"] == "query" and one.get("required")
    }
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    more = {"json": filled(body, document, ids)} if body else {}
    headers = {"Idempotency-Key": str(uuid.uuid4())} | headers
    with client.stream(method.upper(), path, params=query, headers=headers, **more) as answer:
        return answer.status_code


def every_operation(document):
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method in METHODS and operation["operationId"] != "stream_events":
                yield path, method, operation


def test_nobody_without_a_session_passes_where_the_table_does_not_say_so(client, world, document):
    for path, method, operation in every_operation(document):
        status = asked(client, document, path, method, operation, world, {})
        allowed = RIGHTS[operation["operationId"]].anonymous
        assert (status != 401) if allowed else (status == 401), (operation["operationId"], status)


@pytest.mark.parametrize("role", [*ROLES, "driver"])
def test_a_stranger_is_answered_as_the_table_says(client, world, document, role):
    for path, method, operation in every_operation(document):
        right = RIGHTS[operation["operationId"]]
        if right.strangers in FORBIDDEN and not right.anonymous:
            headers = {"Authorization": f"Bearer other-{role}"}
            status = asked(client, document, path, method, operation, world, headers)
            assert status in FORBIDDEN[right.strangers], (operation["operationId"], role, status)


def test_an_operator_passes_where_the_table_says_so(client, world, document, town):
    for path, method, operation in every_operation(document):
        right = RIGHTS[operation["operationId"]]
        if right.strangers in FORBIDDEN:
            headers = {"Authorization": "Bearer operator"}
            status = asked(client, document, path, method, operation, world, headers)
            assert (status not in {401, 403, 404}) == right.operator, (operation["operationId"], status)


def test_lists_show_a_stranger_nothing_of_anybody_else(client, world, document):
    for path, method, operation in every_operation(document):
        if method == "get" and RIGHTS[operation["operationId"]].strangers == "own":
            answer = client.get(path, headers={"Authorization": "Bearer other-producer"})
            hidden = [one for one in world.values() if one and one in answer.text]
            assert not hidden, (operation["operationId"], hidden)
