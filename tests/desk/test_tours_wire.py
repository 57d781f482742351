"""Tours on the wire: what each role sees, and what a stranger does not."""

from datetime import UTC, datetime

from pooling.desk.tours.tour_jobs import cutoff_due
from pooling.store import touring
from pooling.store.rows import found
from pooling.work.wiring import know_all_work
from pooling.work.working import work_once
from tests.desk.touring import EVENING, HOUR, confirmed, joined, proposed, row, sent
from tests.houses import MORNING


def at(moment):
    return datetime.fromtimestamp(moment, UTC).isoformat()


def wish(town, **other):
    return {
        "operator": town.parties["operator"],
        "carrier": town.parties["carrier"],
        "driver": "Lou",
        "start_site": town.sites["farm"],
        "end_site": town.sites["restaurant"],
        "opens": at(MORNING),
        "closes": at(MORNING + 6 * HOUR),
        "cutoff": at(MORNING - 2 * HOUR),
        "ambient_crates": 20,
        "payload_kg": 600,
        "fixed_cents": 100,
        "cents_per_km": 30,
        "cents_per_hour": 300,
        "cents_per_stop": 10,
        "crate_cents": 400,
        "fee_cents": 50,
    } | other


def test_a_tour_is_proposed_joined_planned_at_its_cutoff_and_read(client, town):
    know_all_work()
    town.clock.at = EVENING
    tour = client.post("/api/v1/tours", json=wish(town), headers=town.headers("operator")).json()
    assert (tour["state"], tour["card"]["fee_cents"]) == ("proposed", 50)
    path = f"/api/v1/tours/{tour['id']}"
    for name in ("farm", "neighbour"):
        joins = {"shipment": sent(town, name)}
        place = client.post(f"{path}/sign-ups", json=joins, headers=town.headers(name))
        assert place.status_code == 201, place.text
        assert 0 < place.json()["share_cents"] <= min(place.json()["alone_cents"], 1600)
    town.clock.at = MORNING - HOUR
    assert cutoff_due(town.house.desk) == 1 and cutoff_due(town.house.desk) == 0
    while work_once(town.house.desk):
        pass
    public = client.get(path, headers=town.headers("shop")).json()
    assert (public["state"], public["crates_aboard"], public["card"]) == ("confirmed", None, None)
    own = client.get(f"{path}/sign-ups", headers=town.headers("farm")).json()["items"]
    assert [(one["payer"], one["state"]) for one in own] == [(town.parties["farm"], "riding")]
    everything = client.get(f"{path}/sign-ups", headers=town.headers("operator")).json()["items"]
    assert len(everything) == 2
    plans = client.get(f"{path}/plans", headers=town.headers("carrier")).json()["items"]
    assert plans[0]["source"] == "search" and len(plans[0]["stops"]) == 4
    stops = plans[0]["stops"]
    assert [one["stop"] for one in stops] == [1, 2, 3, 3] and stops[2]["site"] == stops[3]["site"]
    hidden = client.get(f"/api/v1/plans/{plans[0]['id']}", headers=town.headers("farm"))
    assert hidden.status_code == 404


def test_the_operator_asks_for_a_plan_and_is_given_a_job(client, town):
    tour_id = proposed(town)
    path = f"/api/v1/tours/{tour_id}/plan"
    assert client.post(path, headers=town.headers("farm")).status_code == 403
    asked = client.post(path, headers=town.headers("operator"))
    assert asked.status_code == 202 and asked.json()["job"].startswith("job_")
    assert client.post(path, headers=town.headers("operator")).json() == asked.json(), "it has not begun yet"


def test_a_refusal_tells_a_stranger_nothing_of_the_others_aboard(client, town):
    tour_id, ups = confirmed(town)
    other = proposed(town)
    for name in ("farm", "neighbour"):
        client.post(
            f"/api/v1/tours/{other}/sign-ups", json={"shipment": sent(town, name)}, headers=town.headers(name)
        )
    refused = client.post(
        f"/api/v1/tours/{other}/sign-ups",
        json={"shipment": sent(town, "shop", crates=21)},
        headers=town.headers("shop"),
    )
    assert refused.json()["code"] == "no_room"
    with town.house.desk.store.view() as view:
        aboard = [one.shipment_id for one in (found(view, touring.sign_up, up) for up in ups)]
    assert not any(one in refused.text for one in aboard)
    assert "Route(" not in refused.text and row(town, touring.tour, tour_id).state == "confirmed"


def test_a_drivers_name_that_turns_the_writing_round_is_refused(town, client):
    wish = {
        "operator": town.parties["operator"],
        "carrier": town.parties["carrier"],
        "driver": "Lou\u202exam",
    }
    refused = client.post("/api/v1/tours", json=wish, headers=town.headers("operator"))
    assert refused.status_code == 422 and "driver" in refused.text


def test_a_tour_is_moved_by_hand_and_back_over_http(client, town):
    tour_id = proposed(town)
    shipment = sent(town, "farm")
    joined(town, tour_id, "farm", shipment)
    path = f"/api/v1/tours/{tour_id}/by-hand"
    seen = client.get(path, headers=town.headers("operator")).json()
    assert [one["way"] for one in seen["visits"]] == ["on", "off"] and not seen["visits"][0]["pinned"]
    wish = {"kind": "pin", "shipment": shipment}
    look = client.post(f"{path}/look", json=wish, headers=town.headers("operator")).json()
    assert look["broken"] == [] and look["tours"][0]["before"] == look["tours"][0]["after"]
    match = {"If-Match": f'"{seen["revision"]}"'}
    unseen = client.post(path, json=wish, headers=town.headers("operator"))
    assert (unseen.status_code, unseen.json()["code"]) == (428, "revision_needed")
    done = client.post(path, json=wish, headers=town.headers("operator") | match)
    assert done.status_code == 201 and done.json()["by"] and done.json()["kind"] == "pin"
    late = client.post(path, json=wish | {"kind": "unpin"}, headers=town.headers("operator") | match)
    assert late.json()["code"] == "changed_meanwhile"
    match = {"If-Match": f'"{done.json()["revision"]}"'}
    move = {"kind": "move", "shipment": shipment, "place": 2}
    backwards = client.post(path, json=move, headers=town.headers("operator") | match)
    assert (backwards.status_code, backwards.json()["code"]) == (409, "hand_order_impossible")
    undo = client.post(f"{path}/undo", headers=town.headers("operator"))
    assert undo.status_code == 428
    undo = client.post(f"{path}/undo", headers=town.headers("operator") | match)
    assert undo.json()["undoes"] == done.json()["act"]
    moves = client.get(f"{path}/moves", headers=town.headers("operator")).json()["items"]
    assert sorted(one["kind"] for one in moves) == ["pin", "undo"]
    for name in ("farm", "carrier"):
        assert client.get(path, headers=town.headers(name)).status_code == 404
        assert client.post(path, json=wish, headers=town.headers(name)).status_code == 403


def test_an_alternative_is_found_and_taken_over_http(client, town):
    tour_id = proposed(town)
    shipment = sent(town, "farm")
    path = f"/api/v1/shipments/{shipment}/alternatives"
    found = client.get(path, headers=town.headers("farm")).json()
    way = found["alternatives"][0]
    assert (way["change"], way["offer"]["ride"]) == ("ride", tour_id)
    same = {name: way[name] for name in ("crates", "ready", "pickup_by", "deliver_from", "deliver_by")}
    wish = same | {"kind": "tour", "ride": tour_id}
    taken = client.post(path, json=wish, headers=town.headers("farm"))
    assert (taken.status_code, taken.json()["kind"]) == (201, "sign_up")
    again = client.get(path, headers=town.headers("farm"))
    assert again.json()["code"] == "shipment_not_open"
    assert client.get(path, headers=town.headers("shop")).status_code == 404
