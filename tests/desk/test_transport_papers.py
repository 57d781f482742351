"""Papers of a frozen ride: whole at departure, filled in as it happens, seen by few, kept for two years."""

import json
from itertools import product

import pytest
from sqlalchemy import update

from geodata.refusal import Refusal
from pooling.desk import Actor
from pooling.desk.runs.departing import name_vehicle, seen_papers
from pooling.desk.runs.handovers import HandoverWords, begin_run, hand_over
from pooling.desk.runs.naming_loads import name_load
from pooling.regimes import Regime
from pooling.runs.transport_paper import BEFORE_DEPARTURE
from pooling.store.cleaning import clean
from pooling.store.manifests import last_plate
from pooling.store.market import shipment
from pooling.store.people import party, site
from pooling.store.rows import NotFound
from pooling.store.touring import manifest
from tests.desk.touring import frozen, row


def papers(town, manifest_id, name="carrier"):
    with town.house.desk.store.view() as view:
        return seen_papers(view, town.actor(name), manifest_id)


def begun(town, manifest_id):
    return begin_run(town.house.desk, town.actor("carrier"), town.ask("carrier"), manifest_id)


def written(town, table, subject_id, **values):
    town.house.desk.store.change(
        lambda tx: tx.connection.execute(update(table).where(table.c.id == subject_id).values(**values))
    )


def test_goods_that_nobody_named_hold_a_vehicle_for_hire_until_somebody_names_them(town, client):
    manifest_id, (first, second) = frozen(town)
    for one in (first, second):
        written(town, shipment, one, goods="")
    with pytest.raises(Refusal) as refused:
        begun(town, manifest_id)
    assert refused.value.facts["fields"] == {one: ["goods"] for one in (first, second)}
    path = f"/api/v1/shipments/{first}/goods"
    for name in ("neighbour", "restaurant", "shop"):
        assert client.put(path, json={"goods": "Plums"}, headers=town.headers(name)).status_code == 404
    assert client.put(path, json={"goods": "Plums"}, headers=town.headers("farm")).status_code == 200
    again = client.put(path, json={"goods": "Gold"}, headers=town.headers("carrier")).json()
    assert again["code"] == "goods_settled"
    driver = Actor(town.members["carrier"], drives=frozenset({town.parties["carrier"]}))
    name_load(town.house.desk, driver, town.ask("carrier"), second, "Pears")
    begun(town, manifest_id)
    assert {paper.value("goods") for paper in papers(town, manifest_id)} == {"Plums", "Pears"}


def test_a_licence_that_ran_out_is_missing(town):
    manifest_id, _ = frozen(town)
    written(
        town,
        party,
        town.parties["carrier"],
        licence_until=row(town, manifest, manifest_id).day.replace(day=11),
    )
    assert {paper.missing for paper in papers(town, manifest_id)} == {("carrier_licence",)}


def test_what_stood_at_departure_never_changes_and_what_happens_is_added(town):
    manifest_id, (first, _) = frozen(town)
    begun(town, manifest_id)
    written(town, site, town.sites["farm"], address="Elsewhere")
    words = HandoverWords(shipment_id=first, way="on", crates=3, receiver="Mme Rossi")
    hand_over(town.house.desk, town.actor("carrier"), town.ask("carrier"), manifest_id, words)
    paper = next(one for one in papers(town, manifest_id) if one.shipment == first)
    assert paper.value("pickup_address") == "1 rue Farm, 06320 La Turbie"
    assert "Mme Rossi" in paper.value("loaded") and paper.value("reserves") == "short 3/4"
    assert (paper.kind, paper.value("plate"), paper.value("weight")) == ("waybill", "AB-123-CD", "32")


def test_a_plate_is_named_before_departure_only_and_known_for_the_next_run(town):
    manifest_id, _ = frozen(town)
    who = town.actor("carrier")
    name_vehicle(town.house.desk, who, town.ask("carrier"), manifest_id, "  ab-999  zz ")
    assert row(town, manifest, manifest_id).plate == "AB-999-ZZ"
    begun(town, manifest_id)
    with pytest.raises(Refusal) as late:
        name_vehicle(town.house.desk, who, town.ask("carrier"), manifest_id, "AB-111-AA")
    assert late.value.code == "manifest_closed"
    with town.house.desk.store.view() as view:
        assert last_plate(view, town.parties["carrier"]) == "AB-999-ZZ"


def test_papers_are_seen_by_drivers_their_carrier_and_operators_and_by_nobody_else(town):
    manifest_id, _ = frozen(town)
    driver = Actor("mem_driver", drives=frozenset({town.parties["carrier"]}))
    with town.house.desk.store.view() as view:
        assert len(seen_papers(view, driver, manifest_id)) == 2
    assert len(papers(town, manifest_id, "operator")) == 2
    for stranger in ("farm", "restaurant", "shop"):
        with pytest.raises(NotFound):
            papers(town, manifest_id, stranger)
        with pytest.raises(NotFound):
            name_vehicle(town.house.desk, town.actor(stranger), town.ask(stranger), manifest_id, "AB-123-CD")


def test_papers_outlive_two_years_of_cleaning(town):
    manifest_id, _ = frozen(town)
    begun(town, manifest_id)
    before = papers(town, manifest_id)
    town.clock.forward(2 * 366 * 24 * 3600)
    town.house.desk.store.change(clean)
    assert papers(town, manifest_id) == before


@pytest.mark.parametrize(
    ("form", "begins"),
    [
        ("labels", b"%PDF"),
        ("waybills", b"%PDF"),
        ("csv", b"\xef\xbb\xbfmanifest;"),
        ("json", b'{\n  "schema": "carriole.manifest/4"'),
        ("gpx", b"<?xml"),
        ("ics", b"BEGIN:VCALENDAR"),
    ],
)
def test_each_form_is_given_to_the_carrier_and_to_no_stranger(client, town, form, begins):
    manifest_id, _ = frozen(town)
    path = f"/api/v1/manifests/{manifest_id}/paper?form={form}"
    made = client.get(path, headers=town.headers("carrier"))
    assert made.status_code == 200 and made.content.startswith(begins)
    assert "filename=" in made.headers["content-disposition"]
    assert client.get(path, headers=town.headers("farm")).status_code == 404


def test_papers_go_over_the_wire_and_the_refusal_lists_what_is_missing(client, town):
    manifest_id, aboard = frozen(town)
    path = f"/api/v1/manifests/{manifest_id}"
    written(town, manifest, manifest_id, plate="")
    items = client.get(f"{path}/transport-papers", headers=town.headers("carrier")).json()["items"]
    assert [one["missing"] for one in items] == [["plate"], ["plate"]]
    refused = client.post(f"{path}/begin", headers=town.headers("carrier"))
    assert refused.status_code == 409 and refused.json()["facts"]["fields"] == {
        one: ["plate"] for one in aboard
    }
    wish = {"plate": "ab-123-cd"}
    named = client.put(f"{path}/vehicle", json=wish, headers=town.headers("carrier"))
    assert named.json()["plate"] == "AB-123-CD"
    assert client.post(f"{path}/begin", headers=town.headers("carrier")).json()["state"] == "under_way"


WHOLE = {
    "carrier": (party, "carrier", "name"),
    "carrier_address": (party, "carrier", "address"),
    "carrier_siren": (party, "carrier", "siren"),
    "carrier_licence": (party, "carrier", "licence"),
    "shipper": (party, "farm", "name"),
    "consignee": (party, "restaurant", "name"),
    "pickup_address": (site, "farm", "address"),
    "drop_address": (site, "restaurant", "address"),
    "plate": (manifest, "", "plate"),
    "goods": (shipment, "", "goods"),
    "quantity": (manifest, "", "crates"),
    "weight": (manifest, "", "kg"),
}
"""Where each field that is due before departure is entered; its days are written by the house."""

ON_A_NOTE = {"shipper", "consignee", "quantity", "weight"}
"""What can be missing on one: goods that nobody named are called by their class."""


def without(town, manifest_id, shipment_id, field):
    """Take one field away; returns how to put it back."""
    table, name, column = WHOLE[field]
    if column in ("crates", "kg"):
        body = row(town, manifest, manifest_id).body
        told = json.loads(body)
        for each in (each for stop in told["stops"] for each in stop["handlings"]):
            each[column] = 0 if each["shipment"] == shipment_id else each[column]
        written(town, manifest, manifest_id, body=json.dumps(told))
        return lambda: written(town, manifest, manifest_id, body=body)
    subject = {party: town.parties, site: town.sites}.get(table, {}).get(name)
    subject = subject or {manifest: manifest_id, shipment: shipment_id}[table]
    kept = getattr(row(town, table, subject), column)
    written(town, table, subject, **{column: ""})
    return lambda: written(town, table, subject, **{column: kept})


def test_none_sets_out_over_http_while_a_field_due_before_departure_is_missing(client, town):
    manifest_id, (first, _) = frozen(town)
    path, who = f"/api/v1/manifests/{manifest_id}", town.headers("carrier")["Authorization"]
    assert set(BEFORE_DEPARTURE) - set(WHOLE) == {"issued_on", "taken_over_on"}
    for regime, field in product(sorted(Regime), WHOLE):
        told = json.loads(row(town, manifest, manifest_id).body) | {"regime": regime.value}
        written(town, manifest, manifest_id, body=json.dumps(told))
        put_back = without(town, manifest_id, first, field)
        if regime is Regime.TRANSPORTEUR or field in ON_A_NOTE:
            refused = client.post(f"{path}/begin", headers=town.headers("carrier"))
            assert (refused.status_code, refused.json()["code"]) == (409, "papers_incomplete"), (
                regime,
                field,
            )
            assert refused.json()["facts"]["fields"][first] == [field]
        else:
            items = client.get(f"{path}/transport-papers", headers={"Authorization": who}).json()["items"]
            assert [one["missing"] for one in items] == [[], []], (regime, field)
        put_back()
    begun = client.post(f"{path}/begin", headers=town.headers("carrier"))
    assert begun.json()["state"] == "under_way"
