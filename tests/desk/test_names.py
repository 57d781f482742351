"""One rule for names at every door: what may be shown, and what no spreadsheet runs."""

import csv
import re
from dataclasses import replace
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from api.files.csv_file import csv_file
from api.papers.table import manifest_csv
from pooling.files.spreadsheet import as_meant
from pooling.names import PLAIN
from pooling.store.people import party
from tests.desk.test_ledger_routes import ridden
from tests.desk.test_openapi import document, operations  # noqa: F401 - a fixture
from tests.desk.test_sites_desk import wish
from tests.papers.sample import friday_trip
from tests.thorough import examples

NAMES = {"name", "party_name", "driver", "driverAlias", "product", "reference", "receiver", "next_with"}
NAMES |= {"plate", "unit", "goods", "group", "contact", "street", "town"}
BAD = ("", "  \t", "\u00a0", "\u3164", "a\x07b", "a\nb", "a\u202eb", "a\u200bb", "<b>Farm</b>", "—", "...")
GOOD = ("Ferme de la Colle", "=1+1", "Nº 5", "日本", "Chez l’Éléphant & fils")
RUN = re.compile(r"[\s]*[=+\-@＝＋－＠]|[\t\r\n]")


def is_number(cell):
    return re.fullmatch(r"-?[0-9.]+", cell)


def strings(schema):
    """Yield what of a field is a text, also where it may be left out."""
    for one in (schema, *schema.get("anyOf", ())):
        if one.get("type") == "string" and "enum" not in one and "const" not in one:
            yield one


def test_each_name_that_a_request_holds_is_held_to_the_one_rule(document):  # noqa: F811 - the fixture
    schemas, seen = document["components"]["schemas"], set()
    asked = [operation.get("requestBody") for _, _, operation in operations(document)]
    text = str(asked)
    waiting = [name for name in schemas if f"schemas/{name}'" in text]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += re.findall(r"schemas/(\w+)'", str(schemas[name]))
    checked = 0
    for schema in sorted(seen):
        for field, told in schemas[schema].get("properties", {}).items():
            for one in strings(told) if field in NAMES else ():
                assert one.get("pattern"), (schema, field)
                assert not re.search(one["pattern"], "<b>"), (schema, field)
                checked += one["pattern"] == PLAIN
    assert checked > 30


@pytest.mark.parametrize("name", BAD, ids=ascii)
def test_a_name_that_cannot_be_shown_or_names_nothing_is_refused(client, town, name):
    refused = client.post("/api/v1/sites", json=wish(town, name=name), headers=town.headers("farm"))
    (fault,) = refused.json()["facts"]["faults"]
    assert (refused.status_code, fault["where"]) == (422, "body/name")
    assert fault["what"] and "see the example" not in fault["what"]


@pytest.mark.parametrize("name", GOOD, ids=ascii)
def test_any_other_name_stands_as_it_was_written(client, town, name):
    made = client.post("/api/v1/sites", json=wish(town, name=name), headers=town.headers("farm"))
    assert (made.status_code, made.json()["name"]) == (201, name)


@given(st.text(alphabet="=+-@＝'\t\r\n 1a;,\""))
@examples(60)
def test_no_cell_is_run_as_a_formula_and_what_is_read_back_is_as_it_was_meant(text):
    (_, (written,)) = csv.reader(StringIO(csv_file(["x"], [[f"{text}."]]), newline=""))
    assert not RUN.match(written) and as_meant(written) == f"{text}."


def test_a_party_called_like_a_formula_is_none_in_a_statement_or_on_a_manifest(client, town):
    name = '=HYPERLINK("https://example.org")'
    called = update(party).where(party.c.id == town.parties["neighbour"]).values(name=name)
    town.house.desk.store.change(lambda tx: tx.connection.execute(called))
    ridden(town, "neighbour", "farm", 1200)
    path = f"/api/v1/parties/{town.parties['farm']}/statement.csv?month=2026-09"
    rows = csv.reader(StringIO(client.get(path, headers=town.headers("farm")).text))
    cells = {cell for row in rows for cell in row}
    assert f"'{name}" in cells and name not in cells
    stops = [replace(one, site="\t=1+1") for one in friday_trip().stops]
    table = csv.reader(StringIO(manifest_csv(replace(friday_trip(), stops=tuple(stops)))), delimiter=";")
    assert not [cell for row in table for cell in row if RUN.match(cell) and not is_number(cell)]
