"""The OpenAPI document is one that a stranger can use: nothing without a word, a unit and an example."""

import json
import re

import pytest

from api.app import make_app
from api.openapi import METHODS
from api.rights import RIGHTS
from tests.desk.conftest import document as made
from tests.desk.rights_page import PAGE, page

pytestmark = pytest.mark.xdist_group("openapi")
"""One process has the document."""


@pytest.fixture(scope="module")
def document(tmp_path_factory):
    from pooling.clock import TurnedClock
    from tests.houses import MORNING, new_house

    house = new_house(tmp_path_factory.mktemp("openapi"), TurnedClock(MORNING))
    yield made(make_app(house))
    house.close()


def operations(document):
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method in METHODS:
                yield f"{method.upper()} {path}", method, operation


def test_every_operation_has_a_name_a_summary_and_a_description(document):
    for where, _, operation in operations(document):
        assert operation.get("summary") and operation.get("description"), where
        assert operation["operationId"].replace("_", "").isalpha(), where


def test_every_operation_has_its_row_in_the_table_of_rights_and_no_row_is_left_over(document):
    assert {operation["operationId"] for _, _, operation in operations(document)} == set(RIGHTS)


def test_the_page_of_rights_is_current(document):
    assert PAGE.read_text(encoding="utf-8") == page(document), "python -m tests.desk.rights_page"


def test_the_opening_names_operations_that_exist(document):
    named = re.findall(r"`([a-z]+(?:_[a-z]+)+)`", document["info"]["description"])
    assert set(named) <= set(RIGHTS) and len(named) >= 10


WITHOUT_KEY = {"sign_out", "find_offers", "look_by_hand", "send_partner_events"}
"""What may be sent again without an Idempotency-Key: each event of a file is known by its own id."""


def test_every_operation_declares_its_refusals(document):
    for where, method, operation in operations(document):
        answers = operation["responses"]
        right = RIGHTS[operation["operationId"]]
        assert right.anonymous or "401" in answers, where
        if method != "get" and not right.anonymous:
            assert "400" in answers or operation["operationId"] in WITHOUT_KEY, where


def test_every_parameter_is_described(document):
    for where, _, operation in operations(document):
        for parameter in operation.get("parameters", []):
            assert parameter.get("description"), (where, parameter["name"])


def test_every_field_is_described_and_has_an_example(document):
    for name, shape in document["components"]["schemas"].items():
        if name.startswith(("HTTPValidationError", "ValidationError", "Listed_")):
            continue
        for field, words in shape.get("properties", {}).items():
            assert words.get("description"), (name, field)
            assert "examples" in words or "$ref" in json.dumps(words), (name, field)


def test_every_text_and_list_that_is_sent_has_a_limit(document):
    """What is sent is limited; what is answered is limited by its page."""
    sent = {
        operation["requestBody"]["content"]["application/json"]["schema"].get("$ref", "").rpartition("/")[2]
        for _, _, operation in operations(document)
        if "application/json" in operation.get("requestBody", {}).get("content", {})
    }
    for name in sent - {""}:
        for field, words in document["components"]["schemas"][name].get("properties", {}).items():
            for kind in words.get("anyOf", [words]):
                if kind.get("type") == "string" and "enum" not in kind and "format" not in kind:
                    assert "maxLength" in kind or "pattern" in kind, (name, field)
                if kind.get("type") == "array":
                    assert "maxItems" in kind, (name, field)
                if kind.get("type") == "integer" and "enum" not in kind:
                    assert "maximum" in kind, (name, field)


def test_no_two_shapes_share_a_name(document):
    assert not [name for name in document["components"]["schemas"] if "__" in name]
