"""
The table of rights, walked: every operation × every kind of person × somebody else's object.

The object of each path belongs to the farm's and the restaurant's world; whoever asks is a stranger of
each role, a driver, nobody, or an operator. Bodies are made from the examples of the OpenAPI document,
with the ids of real objects of somebody else, so that rights are asked before content.
"""

import uuid

import pytest

from api.app import make_app
from api.rights import RIGHTS
from pooling.clock import TurnedClock
from pooling.desk.people.sessions import token_hash
from pooling.store.people import member, membership, party
from pooling.store.rows import added
from pooling.store.sessions import open_session
from tests.browsers import hurried
from tests.desk.conftest import document as made
from tests.desk.conftest import judged, settled_town
from tests.desk.somebodys import somebodys_world
from tests.desk.walking import every_operation, request_of
from tests.houses import MORNING

pytestmark = pytest.mark.xdist_group("rights")
"""One process has the town that all walk."""

ROLES = ("producer", "buyer", "carrier", "intermediary", "private")
FORBIDDEN = {"hidden": {404}, "refused": {403}}


@pytest.fixture(autouse=True)
def wide_door(monkeypatch):
    """Let one address knock as often as these walks do, however quick the machine is."""
    monkeypatch.setattr("api.rates.WRITES_PER_MINUTE", 1_000_000)


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """Settle the town that all walk who are let in nowhere: nothing in it changes."""
    with settled_town(tmp_path_factory.mktemp("rights"), TurnedClock(MORNING)) as settled:
        yield settled


@pytest.fixture(scope="module")
def client(town):
    with judged(town) as opened:
        yield hurried(opened)


@pytest.fixture(scope="module")
def world(town, client):
    return with_strangers(town, client)


def with_strangers(town, client):
    """Return one object of each kind, none of them a stranger's; strangers of each role settle too."""
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
    return made(make_app(town.house))


def asked(client, document, path, method, operation, ids, headers, spoil=None):
    """Call an operation on somebody else's object and return its status."""
    path, query, more = request_of(document, path, operation, ids, spoil)
    headers = {"Idempotency-Key": str(uuid.uuid4())} | headers
    with client.stream(method.upper(), path, params=query, headers=headers, **more) as answer:
        return answer.status_code


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


def test_an_operator_passes_where_the_table_says_so(tmp_path, clock):
    with settled_town(tmp_path, clock) as town, judged(town) as client:
        hurried(client)
        world = with_strangers(town, client)
        for path, method, operation in every_operation(made(client.app)):
            right = RIGHTS[operation["operationId"]]
            if right.strangers in FORBIDDEN:
                headers = {"Authorization": "Bearer operator"}
                status = asked(client, made(client.app), path, method, operation, world, headers)
                assert (status not in {401, 403, 404}) == right.operator, (operation["operationId"], status)


def test_lists_show_a_stranger_nothing_of_anybody_else(client, world, document):
    for path, method, operation in every_operation(document):
        if method == "get" and RIGHTS[operation["operationId"]].strangers == "own":
            answer = client.get(path, headers={"Authorization": "Bearer other-producer"})
            hidden = [one for one in world.values() if one and one in answer.text]
            assert not hidden, (operation["operationId"], hidden)


def nonsense(body):
    """Make a body that can be read and that no rule allows: the south pole, hours that run backwards."""
    if isinstance(body, list):
        return [nonsense(one) for one in reversed(body)]
    if not isinstance(body, dict):
        return body
    backwards = {
        "opens": "2026-09-14T09:00:00Z",
        "closes": "2026-09-14T08:00:00Z",
        "ready": "2031-01-01T00:00:00Z",
    }
    wrong = {"lat": -89.0, "lon": 0.0, "until": "2001-01-01", "cents": 9_000_000}
    more = {key: value for key, value in (wrong | backwards).items() if key in body}
    if isinstance(body.get("opens"), str) and len(body["opens"]) < 6:
        more |= {"opens": "09:00", "closes": "08:00"}
    return {key: nonsense(value) for key, value in body.items()} | more


def test_nonsense_about_what_a_stranger_may_not_see_is_answered_as_if_it_made_sense(client, world, document):
    for path, method, operation in every_operation(document):
        right = RIGHTS[operation["operationId"]]
        if right.strangers in FORBIDDEN and "requestBody" in operation:
            headers = {"Authorization": "Bearer other-producer"}
            status = asked(client, document, path, method, operation, world, headers, nonsense)
            assert status in FORBIDDEN[right.strangers], (operation["operationId"], status)


def test_a_stranger_cannot_tell_a_hidden_object_from_one_that_never_was(client, world, document):
    made = {name: one for name, one in world.items() if one}
    never = {
        name: f"{one.partition('_')[0]}_01hg0000never" if "_" in one else one for name, one in made.items()
    }
    for path, method, operation in every_operation(document):
        if RIGHTS[operation["operationId"]].strangers == "hidden":
            headers = {"Authorization": "Bearer other-producer"}
            answers = {
                asked(client, document, path, method, operation, ids, headers) for ids in (world, never)
            }
            assert answers == {404}, operation["operationId"]


def test_a_driver_of_the_party_itself_may_what_the_table_says(client, world, document, town):
    def work(tx):
        for name in ("farm", "restaurant", "carrier", "operator"):
            member_id = added(tx, member, "mem", email=f"drives-{name}@example.org", name="Driver")
            tx.connection.execute(
                membership.insert().values(
                    member_id=member_id, party_id=town.parties[name], duty="driver", created_at=tx.now_at
                )
            )
            open_session(tx, member_id, token_hash(f"drives-{name}"), "test")

    town.house.desk.store.change(work)
    for path, method, operation in every_operation(document):
        right = RIGHTS[operation["operationId"]]
        if right.strangers in FORBIDDEN and not right.driver:
            for name in ("farm", "restaurant", "carrier", "operator"):
                headers = {"Authorization": f"Bearer drives-{name}"}
                status = asked(client, document, path, method, operation, world, headers)
                assert status in {403, 404}, (operation["operationId"], name, status)
