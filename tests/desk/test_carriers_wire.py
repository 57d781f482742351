"""Carriers over HTTP: who is told what, and what a carrier needs before it is given a tour."""

from tests.desk.carrying import FAR, SQUARE
from tests.desk.touring import DAY, frozen
from tests.houses import MORNING

CARRIERS = "/api/v1/carriers"


def call(client, town, name, method, path, /, **body):
    answer = client.request(method, f"/api/v1{path}", headers=town.headers(name), json=body or None)
    return answer.status_code, answer.json()


def test_a_carrier_is_vetted_given_a_van_a_card_and_a_tour_and_reads_its_pay(town, client):
    carrier = town.parties["carrier"]
    ours = f"/carriers/{carrier}"
    assert call(client, town, "carrier", "POST", f"{ours}/dossier")[1]["state"] == "active"
    paper = {"kind": "insurance", "number": "P-1", "expires": str(FAR)}
    _, entered = call(client, town, "carrier", "POST", f"{ours}/papers", **paper)
    assert entered["source"].startswith("Code des assurances") and entered["state"] == "entered"
    check = f"/papers/{entered['id']}/check"
    assert call(client, town, "carrier", "POST", check, state="checked")[0] == 403
    assert call(client, town, "operator", "POST", check, state="checked")[1]["checked_by"]
    stands = town.sites["carrier"]
    van = {"plate": "AB-1", "name": "Kangoo", "ambient_crates": 30, "payload_kg": 600}
    _, kangoo = call(
        client, town, "carrier", "POST", f"{ours}/vehicles", **van, start_site=stands, end_site=stands
    )
    card = {"from_day": "2026-01-01", "fixed_cents": 100, "cents_per_km": 30, "cents_per_hour": 300}
    status, _ = call(client, town, "carrier", "POST", f"{ours}/rate-cards", **card, cents_per_stop=10)
    assert status == 201 and kangoo["skills"] == []
    inspection = {"kind": "technical_inspection", "about": kangoo["id"], "expires": str(FAR)}
    _, seen = call(client, town, "carrier", "POST", f"{ours}/papers", **inspection)
    call(client, town, "operator", "POST", f"/papers/{seen['id']}/check", state="checked")
    town.clock.at = MORNING - 12 * 3600
    tour = {
        "operator": town.parties["operator"],
        "carrier": carrier,
        "vehicle": kangoo["id"],
        "driver": "Lou",
        "start_site": town.sites["farm"],
        "end_site": town.sites["restaurant"],
        "opens": "2026-09-12T06:00:00+02:00",
        "closes": "2026-09-12T12:00:00+02:00",
        "cutoff": "2026-09-12T05:00:00+02:00",
        "crate_cents": 400,
    }
    status, shown = call(client, town, "operator", "POST", "/tours", **tour)
    assert (status, shown["ambient_crates"], shown["card"]["cents_per_km"]) == (201, 30, 30)
    below = call(client, town, "operator", "POST", "/tours", **tour, cents_per_km=29)
    assert below[1]["code"] == "below_rate_card"
    _, pay = call(client, town, "carrier", "GET", f"/tours/{shown['id']}/pay")
    assert pay["total_cents"] == 0 and pay["shippers_cents"] is None


def test_pay_is_shown_apart_from_what_shippers_pay_and_to_nobody_else(town, client):
    frozen(town)
    (ride,) = call(client, town, "operator", "GET", "/tours")[1]["items"]
    path = f"/tours/{ride['id']}/pay"
    carrier, operator = (call(client, town, name, "GET", path)[1] for name in ("carrier", "operator"))
    assert carrier["total_cents"] == operator["total_cents"] > 0
    assert carrier["shippers_cents"] is None and carrier["fee_cents"] is None
    assert operator["shippers_cents"] == operator["total_cents"] + operator["fee_cents"]
    assert [call(client, town, name, "GET", path)[0] for name in ("farm", "restaurant")] == [404, 404]


def test_another_carrier_learns_nothing_of_a_dossier(town, client):
    carrier = town.parties["carrier"]
    call(client, town, "carrier", "POST", f"/carriers/{carrier}/dossier")
    wish = {"name": "Rival", "role": "carrier"}
    call(client, town, "farm", "POST", "/parties", **wish)
    for path in ("dossier", "papers", "vehicles", "rate-cards"):
        hidden = call(client, town, "farm", "GET", f"/carriers/{carrier}/{path}")
        assert (hidden[0], hidden[1]["code"]) == (404, "not_found"), path


def test_an_area_and_a_week_are_read_back(town, client):
    ours = f"/carriers/{town.parties['carrier']}"
    assert call(client, town, "carrier", "PUT", f"{ours}/area", area=SQUARE)[1]["area"] == SQUARE
    granted = {"day": str(DAY), "days": 4, "reason": "Harvest"}
    _, shown = call(client, town, "operator", "POST", f"{ours}/weeks", **granted)
    assert shown["weeks"] == [{"monday": "2026-09-07", "days": 4, "reason": "Harvest"}]


def test_a_round_is_proposed_read_and_ended(town, client):
    town.clock.at = MORNING - 12 * 3600
    wish = {
        "operator": town.parties["operator"],
        "carrier": town.parties["carrier"],
        "driver": "Lou",
        "name": "Valley",
        "rule": "FREQ=WEEKLY;BYDAY=SU",
        "first_day": "2026-09-13",
        "start_site": town.sites["farm"],
        "end_site": town.sites["restaurant"],
        "sets_out": "16:00",
        "back_by": {"hour": "09:00", "next_day": True},
        "fresh_by": {"hour": "08:00", "next_day": True},
        "cutoff": {"days_before": 1, "hour": "18:00"},
        "payload_kg": 600,
        "ambient_crates": 20,
        "crate_cents": 400,
        **dict.fromkeys(("fixed_cents", "cents_per_km", "cents_per_hour", "cents_per_stop"), 30),
    }
    status, shown = call(client, town, "operator", "POST", "/rounds", **wish)
    assert status == 201 and len(shown["tours"]) == 8
    _, first = call(client, town, "farm", "GET", f"/tours/{shown['tours'][0]['tour']}")
    assert (first["fresh_by"], first["round"]) == ("2026-09-14T06:00:00Z", shown["id"])
    path = f"/rounds/{shown['id']}"
    assert [call(client, town, name, "GET", path)[0] for name in ("carrier", "farm")] == [200, 404]
    _, ended = call(client, town, "operator", "POST", f"{path}/end", from_day="2026-09-20")
    assert ended["state"] == "ended" and {one["state"] for one in ended["tours"][1:]} == {"cancelled"}
