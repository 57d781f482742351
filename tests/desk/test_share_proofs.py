"""What tours charge and prove: the rule that was named, kept once somebody joined; to each its own proof."""

import json
from html import unescape

import pytest
from sqlalchemy import select

from api.asking import COOKIE
from geodata.refusal import Refusal
from pooling.desk.tours.share_keeping import prove_groups_job
from pooling.desk.tours.tours import cancel_tour, change_tour
from pooling.store.ledger import account_balances, fee_account, party_account
from pooling.store.touring import sign_up, tour
from pooling.store.work import job
from tests.browsers import browser_beside
from tests.desk.touring import Watch, confirmed, joined, proposed, revision_of, row, sent, words


def answer(client, tour_id, name):
    found = client.get(f"/api/v1/tours/{tour_id}/share-proofs", headers={"Authorization": f"Bearer {name}"})
    assert found.status_code == 200, found.text
    return found.json()


def proofs(client, tour_id, name):
    return answer(client, tour_id, name)["items"]


def searched(town):
    """Do the jobs that search for the best plan of every group."""
    with town.house.desk.store.view() as view:
        asked = view.connection.execute(select(job).where(job.c.kind == "prove_groups")).all()
    for one in asked:
        prove_groups_job(town.house.desk, json.loads(one.arguments), Watch())


def changed(town, tour_id, **other):
    desk, who = town.house.desk, town.actor("operator")
    ask, seen = town.ask("operator"), revision_of(town, tour_id)
    return change_tour(desk, who, ask, tour_id, seen, words(town, **other))


def test_the_operator_sees_every_share_proven_and_each_payer_its_own(town, client):
    tour_id, _ = confirmed(town)
    before = answer(client, tour_id, "operator")
    assert before["games"] == ["fixed_order"] and before["groups_searched"] == 0
    assert all(one["best_group_saves_cents"] is None for one in before["items"]), "what was not searched"
    searched(town)
    told = answer(client, tour_id, "operator")
    assert told["rule"] == "shapley" and told["games"] == ["fixed_order", "best_plan"]
    assert told["groups"] == told["groups_searched"] == 2
    everybody = told["items"]
    assert {one["party"] for one in everybody} == {town.parties["farm"], town.parties["neighbour"]}
    for one in everybody:
        assert 0 <= one["share_cents"] <= one["cap_cents"] <= one["alone_cents"]
        assert one["saved_cents"] == one["alone_cents"] - one["share_cents"]
        assert one["group_parties"] == 1 and one["group_saves_cents"] >= 0
        assert one["best_group_parties"] == 1 and one["best_group_saves_cents"] <= one["group_saves_cents"]
        assert one["ridden_m"] > 0 and one["detour_m"] >= 0
        assert abs(one["shapley_cents"] - one["share_cents"]) <= 1, "it is what is charged"
    (own,) = proofs(client, tour_id, "farm")
    assert own in everybody and own["party"] == town.parties["farm"]
    assert proofs(client, tour_id, "shop") == proofs(client, tour_id, "carrier") == []
    shares = client.get(
        f"/api/v1/tours/{tour_id}/sign-ups", headers={"Authorization": "Bearer operator"}
    ).json()["items"]
    assert sum(one["share_cents"] for one in shares) == sum(one["share_cents"] for one in everybody)
    assert told["every_group_asked"] and told["worst_group_saves_cents"] >= 0 == told["allowed_cents"]
    beside = browser_beside(client)
    beside.cookies.set(COOKIE, "operator")
    page = unescape(beside.get(f"/tours/{tour_id}/shares").text)
    assert "aucun ne paie plus que sans les autres, à un centime près par payeur" in page
    assert page.count("Aurait le plus à redire") == 2 * len(everybody)


def test_each_share_is_card_and_fee_and_the_carrier_gets_the_card(town, client):
    tour_id, _ = confirmed(town, fee_cents=71)
    everybody = proofs(client, tour_id, "operator")
    assert all(one["card_cents"] + one["fee_cents"] == one["share_cents"] for one in everybody)
    with town.house.desk.store.view() as view:
        due = [
            account_balances(view, account)["pending"]
            for account in (party_account(town.parties["carrier"]), fee_account(town.parties["operator"]))
        ]
    assert due == [sum(one["card_cents"] for one in everybody), sum(one["fee_cents"] for one in everybody)]
    assert due[1] == 71


def test_what_becomes_of_a_payers_other_rides_changes_no_proof_of_a_confirmed_tour(town, client):
    """What was agreed is held to what stood then: another tour of that day comes and goes."""
    tour_id, _ = confirmed(town)
    before = proofs(client, tour_id, "operator")
    other = proposed(town)
    joined(town, other, "farm", sent(town, "farm"))
    cancel_tour(town.house.desk, town.actor("operator"), town.ask("operator"), other, None)
    after = proofs(client, tour_id, "operator")
    assert after == before
    assert all(one["share_cents"] <= one["cap_cents"] <= one["alone_cents"] for one in after)


@pytest.mark.parametrize("rule", ["nucleolus", "crates"])
def test_the_rule_that_was_named_is_shown_and_charged(town, client, rule):
    tour_id = proposed(town, sharing_rule=rule)
    for name in ("farm", "neighbour"):
        joined(town, tour_id, name, sent(town, name))
    shown = client.get(f"/api/v1/tours/{tour_id}", headers={"Authorization": "Bearer farm"}).json()
    told = answer(client, tour_id, "operator")
    assert shown["sharing_rule"] == told["rule"] == rule
    with town.house.desk.store.view() as view:
        found = view.connection.execute(select(sign_up.c.payer_id, sign_up.c.share_cents)).all()
    assert {one["party"]: one["share_cents"] for one in told["items"]} == dict(found)


def test_a_rule_changes_while_nobody_has_joined_and_stays_where_it_is_not_said(town):
    tour_id = proposed(town)
    assert row(town, tour, tour_id).sharing_rule == "shapley"
    changed(town, tour_id, sharing_rule="km")
    changed(town, tour_id, fee_cents=40)
    assert row(town, tour, tour_id).sharing_rule == "km"
    joined(town, tour_id, "farm", sent(town, "farm"))
    with pytest.raises(Refusal) as refused:
        changed(town, tour_id, fee_cents=40, sharing_rule="alone")
    assert refused.value.code == "sharing_rule_fixed"
    changed(town, tour_id, fee_cents=30)
    assert row(town, tour, tour_id).sharing_rule == "km"
