"""Refusals in the language that was asked for, in words that people understand, with names and no ids."""

import pytest

from api.faults import faults_said
from api.papers.words import words
from api.spoken import wanted_words
from tests.desk.market_wire import crates_wish, trip_wish

API = "/api/v1"
FRENCH = {"Accept-Language": "fr-FR,fr;q=0.9,en;q=0.5"}


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("fr", "fr"),
        ("fr-CA;q=0.4, en;q=0.8", "en"),
        ("de, fr;q=0.5", "fr"),
        ("de", "en"),
        ("fr;q=0", "en"),
        ("*, fr;q=0.2", "en"),
        ("fr;q=much", "en"),
        (",;,=", "en"),
    ],
)
def test_the_language_that_is_liked_best_is_spoken_and_else_english(header, language):
    assert wanted_words(header).language == language


def test_a_refusal_is_said_in_french_where_french_is_asked_for_and_its_code_and_facts_stay(client, town):
    wish = trip_wish(town) | {"owner": town.parties["neighbour"]}
    headers = town.headers("farm")
    english = client.post(f"{API}/trips", json=wish, headers=headers)
    french = client.post(f"{API}/trips", json=wish, headers=town.headers("farm") | FRENCH)
    assert english.json()["detail"] == "Only the owner may do this."
    assert french.json()["detail"] == "Cette action est réservée\xa0: le propriétaire."
    assert english.json()["code"] == french.json()["code"] == "not_allowed"
    assert [one.headers["Content-Language"] for one in (english, french)] == ["en", "fr"]
    assert {one.headers["Vary"] for one in (english, french)} == {"Accept-Language"}


def test_what_the_door_refuses_and_what_is_nowhere_speak_french_too(client, town):
    large = client.post(f"{API}/sites", content=b" " * 1_000_001, headers=town.headers("farm") | FRENCH)
    nowhere = client.get(f"{API}/nothing", headers=FRENCH)
    hidden = client.get(f"{API}/trips/trip_{'0' * 26}", headers=town.headers("farm") | FRENCH)
    assert [one.headers["Content-Language"] for one in (large, nowhere, hidden)] == ["fr"] * 3
    assert nowhere.json()["detail"] == "Il n’y a rien à cette adresse."
    assert hidden.json()["detail"] == "Il n’y a rien ici que vous puissiez voir."
    assert hidden.json()["facts"]["kind"] == "trip"


def test_a_malformed_request_is_told_field_by_field_in_words_for_people(client, town):
    wish = crates_wish(town) | {"crates": 0, "strange": 1, "ready": "2001", "temperature": "warm"}
    del wish["to_site"]
    told = {}
    for headers in ({}, FRENCH):
        answer = client.post(f"{API}/shipments", json=wish, headers=town.headers("neighbour") | headers)
        assert (answer.status_code, answer.json()["code"]) == (422, "malformed")
        faults = answer.json()["facts"]["faults"]
        told[answer.headers["Content-Language"]] = {one["where"]: one["what"] for one in faults}
    assert told["en"]["body/crates"] == "This must be 1 or more."
    assert told["fr"]["body/crates"] == "Ce doit être 1 ou plus."
    assert told["fr"]["body/strange"] == "Aucun champ ne porte ce nom."
    assert told["fr"]["body/to_site"] == "Ce champ manque."
    assert told["en"]["body/temperature"] == "This must be one of: ambient, chilled, frozen."
    assert told["en"].keys() == told["fr"].keys() and len(told["en"]) >= 4


def test_checks_of_our_own_speak_french_as_well(client, town):
    wish = crates_wish(town) | {"ready": "9999-01-01T00:00:00Z"}
    answer = client.post(f"{API}/shipments", json=wish, headers=town.headers("neighbour") | FRENCH)
    (fault,) = answer.json()["facts"]["faults"]
    assert fault["what"] == "Cela doit se situer entre les années 2000 et 2099."


def test_a_fault_of_an_unknown_kind_still_says_something():
    (fault,) = faults_said([{"loc": ("body", 3), "type": "new_kind", "msg": "inner words"}], words("fr"))
    assert fault == {
        "where": "body/3",
        "kind": "new_kind",
        "what": "Cela ne peut pas être lu\u202f; voyez l’exemple de ce champ.",
    }


def test_a_wished_trip_is_named_by_its_places_and_a_bundles_bid_by_what_people_know(client, town):
    hasty = trip_wish(town)
    hasty["stops"][1]["opens"] = hasty["stops"][1]["closes"] = hasty["stops"][0]["opens"]
    refused = client.post(f"{API}/trips", json=hasty, headers=town.headers("farm")).json()
    assert refused["code"] == "trip_impossible"
    assert "trip_" not in refused["detail"] and " → " in refused["detail"]

    trip = client.post(f"{API}/trips", json=trip_wish(town), headers=town.headers("farm")).json()["id"]
    small, large = (
        client.post(
            f"{API}/shipments", json=crates_wish(town) | {"crates": n}, headers=town.headers("neighbour")
        ).json()["id"]
        for n in (2, 60)
    )
    bids = [{"trip": trip, "shipment": one, "most_cents": 4_000} for one in (small, large)]
    wish = {"kind": "any", "bids": bids}
    refused = client.post(f"{API}/bundles", json=wish, headers=town.headers("neighbour") | FRENCH).json()
    assert (refused["code"], refused["facts"]["why_code"]) == ("bundle_bid_refused", "no_room")
    assert (refused["facts"]["trip"], refused["facts"]["shipment"]) == (trip, large)
    assert "trip_" not in refused["detail"] and "shp_" not in refused["detail"]
    assert "Neighbour → " in refused["detail"] and "Farm (" in refused["detail"]


def test_two_stops_at_one_site_in_the_same_hours_are_refused(client, town):
    wish = trip_wish(town)
    wish["stops"].insert(1, dict(wish["stops"][0]))
    refused = client.post(f"{API}/trips", json=wish, headers=town.headers("farm")).json()
    assert refused["code"] == "stop_twice" and "Farm" in refused["detail"]


@pytest.mark.parametrize("kind", ["trips", "shipments"])
def test_cancelling_once_more_is_told_as_what_it_is(client, town, kind):
    wishes = {"trips": ("farm", trip_wish(town)), "shipments": ("neighbour", crates_wish(town))}
    who, wish = wishes[kind]
    its = client.post(f"{API}/{kind}", json=wish, headers=town.headers(who)).json()["id"]
    answers = [client.post(f"{API}/{kind}/{its}/cancel", headers=town.headers(who)) for _ in range(2)]
    assert [one.status_code for one in answers] == [200, 409]
    assert answers[1].json()["code"] == "cancelled_already"


@pytest.mark.parametrize("after", ["zzz", "trip_01hg", f"shp_{'0' * 24}"])
def test_a_cursor_that_is_none_of_the_list_is_refused_and_starts_no_page(client, town, after):
    client.post(f"{API}/trips", json=trip_wish(town), headers=town.headers("farm"))
    refused = client.get(f"{API}/trips?after={after}", headers=town.headers("farm"))
    assert (refused.status_code, refused.json()["code"]) == (422, "cursor_unknown")
    unknown = client.get(f"{API}/bids?after={after[:4]}", headers=town.headers("farm"))
    assert unknown.json()["code"] == "cursor_unknown"


@pytest.mark.parametrize("after", ["9" * 23, "pty_1"])
def test_a_list_that_counts_what_it_showed_refuses_what_is_no_count(client, town, after):
    for path in ("accounts", "empties"):
        refused = client.get(f"{API}/{path}", params={"after": after}, headers=town.headers("operator"))
        assert (refused.status_code, refused.json()["code"]) == (422, "cursor_unknown")


def test_days_of_demand_that_run_backwards_are_refused(client, town):
    path = f"{API}/demand?first=2026-09-20&last=2026-09-12"
    refused = client.get(path, headers=town.headers("operator") | FRENCH)
    assert (refused.status_code, refused.json()["code"]) == (422, "days_backwards")
    assert "12 septembre 2026" in refused.json()["detail"]


def test_a_bid_that_would_outwait_the_trip_is_answered_with_the_hour_that_it_was_set_to(client, town):
    trip = client.post(f"{API}/trips", json=trip_wish(town), headers=town.headers("farm")).json()
    crates = client.post(f"{API}/shipments", json=crates_wish(town), headers=town.headers("neighbour")).json()
    wish = {"shipment": crates["id"], "most_cents": 5_000, "expires": "2027-01-01T00:00:00Z"}
    bid = client.post(f"{API}/trips/{trip['id']}/bids", json=wish, headers=town.headers("neighbour")).json()
    assert bid["expires"] == trip["cutoff"]
