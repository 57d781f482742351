"""Seeding over the API: an operator goes from a file of purchases to a proposed tour with invitations."""

from pooling.work.workers import work_off
from tests.desk import seeds

API = "/api/v1"
CHEAP = {"fixed_cents": 100, "cents_per_km": 30, "cents_per_hour": 300, "cents_per_stop": 10}


def test_an_operator_goes_from_purchases_to_a_proposed_tour(client, town):
    mine = {"operator": town.parties["operator"]}
    headers = town.headers("operator", "one-file")
    sent = [
        client.post(f"{API}/flows/files", params=mine, content=seeds.file_of(), headers=headers)
        for _ in range(2)
    ]
    assert [one.status_code for one in sent] == [201, 201] and sent[0].json() == sent[1].json()
    assert (sent[0].json()["added"], sent[0].json()["faults"]) == (4, [])

    ranking = client.get(f"{API}/flows/ranking", params=mine | {"limit": 1}, headers=headers).json()
    assert ranking["total"] == 2 and [one["rank"] for one in ranking["items"]] == [1]
    assert {one["name"] for one in ranking["items"][0]["partners"]} == {"Farm", "Neighbour"}

    asked = client.post(
        f"{API}/tour-drafts", json=mine | CHEAP | {"days": [6]}, headers=town.headers("operator")
    )
    assert asked.status_code == 202
    work_off(town.house.desk)
    job = client.get(f"{API}/jobs/{asked.json()['job']}", headers=headers).json()
    assert job["state"] == "done" and job["result"]["riding"] == 4
    (draft,) = client.get(f"{API}/tour-drafts", params=mine, headers=headers).json()["items"]
    assert (draft["weekday"], draft["approximate"], draft["tour"]) == (6, False, None)

    path = f"{API}/tour-drafts/{draft['id']}"
    invited = client.post(
        f"{path}/invitations", json={"rank": 1, "email": "a@b.example"}, headers=town.headers("operator")
    )
    assert (invited.status_code, invited.json()["state"], invited.json()["way"]) == (201, "invited", "mail")
    assert "a@b.example" not in invited.text, "an address is written, and read by nobody"
    answer = f"{API}/draft-invitations/{invited.json()['id']}/answer"
    told = client.post(answer, json={"answer": "seen"}, headers=town.headers("operator"))
    assert told.json()["state"] == "seen"

    wish = {"carrier": town.parties["carrier"], "driver": "Lou", "day": str(seeds.SATURDAY)}
    wish |= {"cutoff": "2026-09-18T18:00:00+02:00"}
    tour = client.post(f"{path}/propose", json=wish, headers=town.headers("operator"))
    assert tour.status_code == 201
    shown = client.get(f"{API}/tours/{tour.json()['tour']}", headers=town.headers("farm")).json()
    assert shown["state"] == "proposed" and shown["crate_cents"] > 0


def test_nobody_else_reads_a_draft_or_its_invitations(client, town):
    draft_id = seeds.drafted_first(town)
    invitation_id, _ = seeds.invited(town, draft_id, party_id=town.parties["farm"])
    paths = [f"{API}/tour-drafts/{draft_id}", f"{API}/tour-drafts/{draft_id}/invitations"]
    for name in ("farm", "neighbour", "restaurant", "carrier"):
        answers = [client.get(path, headers=town.headers(name)).status_code for path in paths]
        assert answers == [404, 404], name
        own = client.get(f"{API}/draft-invitations/{invitation_id}", headers=town.headers(name))
        assert own.status_code == (200 if name == "farm" else 404), name
    other = {"operator": town.parties["farm"]}
    assert client.get(f"{API}/tour-drafts", params=other, headers=town.headers("farm")).status_code == 403
