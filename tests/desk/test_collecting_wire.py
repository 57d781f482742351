"""Collections over HTTP: a file in, its bad lines in the asker's language, one bill and the proofs back."""

import csv
import json
from io import StringIO

from pooling.desk.runs.departing import name_vehicle
from pooling.desk.runs.freezing_rides import freeze_tour
from pooling.desk.runs.handovers import HandoverWords, begin_run, end_run, hand_over
from pooling.desk.telling.webhooks import create_webhook
from pooling.desk.tours.tour_planning import plan_tour
from pooling.store import Page
from pooling.store.ledger import post
from pooling.store.people import site
from pooling.store.sites import list_sites
from pooling.work.workers import work_off
from tests.desk import broking, market
from tests.desk.broking import DOCK, STREET, YARD
from tests.desk.telling import Outside, tell_all
from tests.desk.test_transport_papers import written
from tests.desk.touring import Watch, joined, ledger, proposed
from tests.houses import MORNING

HEAD = "reference;producer;pickup;client;drop;day;ready;pickup_by;deliver_by;caisses;marchandise"
FILE = (
    f"{HEAD}\r\n"
    f"A1;=Farm;{YARD.replace(', ', ' ')};Dock;{DOCK.replace(', ', ' ')};12/09/2026;6h;9h;11h;4;Abricots\r\n"
    "A2;Neighbour;43.7383 7.3922;;plateforme;12/09/2026;6h;9h;11h;2;Abricots\r\n"
    "A3;Farm;xqzzk;;plateforme;12/09/2026;6h;9h;11h;beaucoup;\r\n"
)


def posted(town, client, raw=FILE, **other):
    town.asked += 1
    headers = {"Authorization": "Bearer broker", "Idempotency-Key": f"file-{town.asked}"} | other
    asked = {"party": town.parties["broker"], "platform": town.sites["broker"]}
    return client.post("/api/v1/collections/files", params=asked, content=raw.encode(), headers=headers)


def rows(text):
    return list(csv.DictReader(StringIO(text)))


def carried(town, client):
    """Have the lines of the file ride on a tour, to their hands; the first with a crate short."""
    tour = proposed(town)
    posted(town, client)
    work_off(town.house.desk)
    crates = {name: broking.stands(town, name).shipment_id for name in ("A1", "A2")}
    for one in crates.values():
        joined(town, tour, "broker", one)
    desk = town.house.desk
    plan_tour(desk, tour, Watch(), search_s=0.0)
    with desk.store.view() as view:
        own, _ = list_sites(view, [town.parties["broker"]], Page())
    for one in own:
        written(town, site, one.id, address="1 rue Haute, 06320 La Turbie")
    manifest = freeze_tour(desk, town.actor("carrier"), town.ask("carrier"), tour)
    name_vehicle(desk, town.actor("carrier"), town.ask("carrier"), manifest, "AB-123-CD")
    town.clock.at = MORNING
    driver = town.actor("carrier")
    begin_run(desk, driver, town.ask("carrier"), manifest)
    for way in ("on", "off"):
        for name, count in (("A1", 3), ("A2", 2)):
            seen = {"crates": count, "receiver": "=HYPERLINK()" if way == "off" else ""}
            seen |= {"reason": "partial", "note": "One is missing"} if (name, way) == ("A1", "on") else {}
            words = HandoverWords(shipment_id=crates[name], way=way, **seen)
            hand_over(desk, driver, town.ask("carrier"), manifest, words)
    end_run(desk, driver, town.ask("carrier"), manifest)


def test_bad_lines_are_told_at_once_in_the_askers_language_and_good_ones_by_a_job(town, client):
    broking.broker(town)
    sent = posted(town, client)
    assert sent.status_code == 201, sent.text
    told = sent.json()
    assert (told["lines"], told["taken"], told["counts"]) == (3, 1, {"refused": 1})
    (fault,) = told["outcomes"][0]["faults"]
    assert (told["outcomes"][0]["line"], fault["column"], fault["code"]) == (4, "crates", "not_a_number")
    assert "beaucoup" in fault["detail"] and "un nombre entier" in fault["detail"]
    assert told["job"]["state"] == "queued"
    work_off(town.house.desk)
    read = client.get(f"/api/v1/collections/files/{told['id']}", headers=town.headers("broker")).json()
    assert read["counts"] == {"kept": 2, "refused": 1} and read["job"]["state"] == "done"


def test_a_bad_cell_of_an_object_costs_its_line_and_the_good_ones_are_kept(town, client):
    broking.broker(town)
    bad = [
        broking.line("B1", crates={"a": 1}),
        broking.line("B2", crates=10**400),
        "B3",
        broking.line("B4", kg="x"),
    ]
    wish = {"party": town.parties["broker"], "lines": [broking.line("A1"), *bad, broking.line("A2")]}
    told = client.post("/api/v1/collections", json=wish, headers=town.headers("broker"))
    assert told.status_code == 201, told.text
    found = [
        (one["line"], one["reference"], one["faults"][0]["column"], bool(one["faults"][0]["cure"]))
        for one in told.json()["outcomes"]
    ]
    assert found == [
        (2, "B1", "crates", True),
        (3, "B2", "crates", True),
        (4, "", "", True),
        (5, "B4", "kg", True),
    ]
    work_off(town.house.desk)
    assert all(broking.stands(town, name) is not None for name in ("A1", "A2"))


def test_the_same_key_again_is_the_same_list_and_another_file_by_it_is_refused(town, client):
    broking.broker(town)
    key = {"Idempotency-Key": "mine"}
    first, again = (posted(town, client, **key) for _ in range(2))
    assert first.json()["id"] == again.json()["id"]
    assert posted(town, client, FILE.replace("A1", "B1"), **key).status_code == 422


def test_a_list_that_nobody_waits_for_any_more_is_stopped(town, client):
    broking.broker(town)
    job = posted(town, client).json()["job"]["id"]
    stopped = client.post(f"/api/v1/jobs/{job}/cancel", headers=town.headers("broker"))
    assert stopped.json()["state"] == "cancelled"
    work_off(town.house.desk)
    assert broking.stands(town, "A1") is None


def test_a_file_that_is_no_list_is_refused_with_a_cure(town, client):
    broking.broker(town)
    for raw, code in (("", "list_empty"), ("{", "list_unreadable"), ("a\n" * 1_100, "list_too_long")):
        refused = posted(town, client, raw)
        assert refused.status_code == 409 and refused.json()["code"] == code
        assert refused.json()["cure"]


def test_a_doubtful_line_is_listed_with_candidates_and_takes_a_persons_choice(town, client):
    broking.broker(town)
    wish = {"party": town.parties["broker"], "lines": [broking.line("A1", drop=STREET)]}
    client.post("/api/v1/collections", json=wish, headers=town.headers("broker"))
    work_off(town.house.desk)
    (one,) = client.get("/api/v1/collections?state=doubtful", headers=town.headers("broker")).json()["items"]
    (candidate,) = one["candidates"]["drop"]
    place = {"end": "drop", **{name: candidate[name] for name in ("lat", "lon", "name")}}
    path = f"/api/v1/collections/{one['id']}"
    entered = client.post(f"{path}/place", json=place, headers=town.headers("broker"))
    assert entered.status_code == 200 and entered.json()["state"] == "entered"
    again = client.post(f"{path}/place", json=place, headers=town.headers("broker"))
    assert again.json()["code"] == "collection_not_doubtful"
    gone = client.post(f"{path}/cancel", headers=town.headers("broker"))
    assert gone.json()["state"] == "cancelled"


def test_the_producer_sees_its_own_part_and_no_client(town, client):
    broking.broker(town)
    broking.sent(town, broking.line("A1", client="Secretclient"))
    seen = client.get("/api/v1/collections/from-me", headers=town.headers("farm"))
    assert [one["crates"] for one in seen.json()["items"]] == [4]
    assert seen.json()["items"][0]["state"] == "waiting"
    assert "Secret" not in seen.text and "A1" not in seen.text and "value" not in seen.text
    for stranger in ("neighbour", "carrier", "operator"):
        answer = client.get("/api/v1/collections/from-me", headers=town.headers(stranger))
        assert answer.json()["items"] == []


def test_the_bill_of_a_month_has_a_line_per_shipment_and_adds_up_to_the_statement(town, client):
    broking.broker(town)
    carried(town, client)
    path = f"/api/v1/parties/{town.parties['broker']}"
    bill = client.get(f"{path}/bill?month=2026-09", headers=town.headers("broker")).json()
    assert [line["reference"] for line in bill["lines"]] == ["A1", "A2"]
    assert bill["total_cents"] == sum(line["cents"] for line in bill["lines"]) > 0
    asked = f"{path}/statement?from=2026-09-01&to=2026-09-30"
    statement = client.get(asked, headers=town.headers("broker")).json()
    assert statement["closing_cents"] - statement["opening_cents"] == -bill["total_cents"]
    written = client.get(f"{path}/bill.csv?month=2026-09", headers=town.headers("broker"))
    table = rows(written.text)
    cents = [round(float(line["euro"]) * 100) for line in table]
    assert table[-1]["reference"] == "total" and cents[-1] == sum(cents[:-1]) == bill["total_cents"]
    empty = client.get(f"{path}/bill?month=2026-10", headers=town.headers("broker")).json()
    assert (empty["lines"], empty["total_cents"]) == ([], 0)
    assert client.get(f"{path}/bill?month=2026-9", headers=town.headers("broker")).status_code == 422
    assert client.get(f"{path}/bill?month=2026-09", headers=town.headers("farm")).status_code == 404
    assert ledger(town).sum_cents == 0


def test_proof_comes_back_as_a_table_that_runs_nothing(town, client):
    for name in ("broker", "rival"):
        broking.broker(town, name)
    carried(town, client)
    asked = "/api/v1/collections/proofs?from=2026-09-12&to=2026-09-12"
    table = rows(client.get(asked, headers=town.headers("broker")).text)
    ways = [(line["reference"], line["way"], line["crates"], line["state"]) for line in table]
    assert ways[:2] == [("A1", "on", "3", "delivered"), ("A1", "off", "3", "delivered")]
    assert ways[2:] == [("A2", "on", "2", "delivered"), ("A2", "off", "2", "delivered")]
    taken, handed = table[0], table[1]
    assert (taken["crates_ordered"], taken["condition"], taken["producer"]) == ("4", "short", "'=Farm")
    assert handed["happened_at"] == "2026-09-12T06:00+02:00" and handed["receiver"] == "'=HYPERLINK()"
    assert len({line["hash"] for line in table}) == 4
    assert rows(client.get(asked, headers=town.headers("rival")).text) == []
    turned = "/api/v1/collections/proofs?from=2026-09-12&to=2026-09-11"
    assert client.get(turned, headers=town.headers("broker")).json()["code"] == "period_unreadable"


def test_each_handover_reaches_the_intermediarys_webhook(town, client):
    outside = Outside()
    broking.broker(town)
    hook = (town.parties["broker"], "https://broker.example/hook")
    create_webhook(town.house.desk, town.actor("broker"), town.ask("broker"), *hook, inside=True)
    carried(town, client)
    tell_all(town, outside)
    told = [json.loads(body) for url, _, body in outside.posts if "broker.example" in url]
    assert [one["topic"] for one in told].count("handover.done") == 4, told


def test_a_ride_on_somebodys_trip_stands_on_the_bill_too_and_a_payment_does_not(town, client):
    trip = market.announced(town)
    bid = market.bidden(town, trip, market.sent(town))
    market.accepted(town, bid)
    row = market.the_bid(town, bid)
    town.house.desk.store.change(lambda tx: post(tx, row.transfer_id))
    words = {"payer": town.parties["neighbour"], "payee": town.parties["farm"], "cents": 1}
    assert client.post("/api/v1/payments", json=words, headers=town.headers("farm")).status_code == 201
    for who, lines in (("neighbour", [("Farm", row.price_cents)]), ("farm", [])):
        path = f"/api/v1/parties/{town.parties[who]}/bill?month=2026-09"
        bill = client.get(path, headers=town.headers(who)).json()
        assert [(line["owed_to"], line["cents"]) for line in bill["lines"]] == lines
        assert bill["total_cents"] == sum(cents for _, cents in lines)
