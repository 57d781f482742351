"""The proof of a tour's shares over the API: to each its own, to the operator all."""

from tests.desk.touring import confirmed


def proofs(client, tour_id, name):
    answer = client.get(f"/api/v1/tours/{tour_id}/share-proofs", headers={"Authorization": f"Bearer {name}"})
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def test_the_operator_sees_every_share_proven_and_each_payer_its_own(town, client):
    tour_id, _ = confirmed(town)
    everybody = proofs(client, tour_id, "operator")
    assert {one["party"] for one in everybody} == {town.parties["farm"], town.parties["neighbour"]}
    for one in everybody:
        assert 0 <= one["share_cents"] <= one["cap_cents"] <= one["alone_cents"]
        assert one["saved_cents"] == one["alone_cents"] - one["share_cents"]
        assert one["group_parties"] == 1 and one["group_saves_cents"] >= -2
        assert one["ridden_m"] > 0 and one["detour_m"] >= 0
    (own,) = proofs(client, tour_id, "farm")
    assert own in everybody and own["party"] == town.parties["farm"]
    assert proofs(client, tour_id, "shop") == []
    shares = client.get(
        f"/api/v1/tours/{tour_id}/sign-ups", headers={"Authorization": "Bearer operator"}
    ).json()["items"]
    assert sum(one["share_cents"] for one in shares) == sum(one["share_cents"] for one in everybody)
