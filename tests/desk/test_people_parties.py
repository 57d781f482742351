"""Parties and who acts for them: founding, changing, vetting, inviting, removing."""

import re

import pytest

from tests.houses import mails

LINK = re.compile(r"/sign-in/([A-Za-z0-9_-]+)")
DAY_S = 24 * 3600


def token_in(town):
    return LINK.search(mails(town)[-1].get_content())[1]


def confirm(client, token):
    answer = client.post("/api/v1/sign-in/confirm", json={"token": token})
    client.cookies.clear()
    return answer


def sign_in(client, town, email):
    client.post("/api/v1/sign-in", json={"email": email})
    return bearer(confirm(client, token_in(town)))


def bearer(answer):
    return {"Authorization": f"Bearer {answer.json()['token']}"}


def keyed(headers, key):
    return headers | {"Idempotency-Key": key}


def invite(client, town, by="farm", email="luc@example.org", **wish):
    if not wish:
        wish = {"party": town.parties["farm"], "duty": "driver"}
    return client.post("/api/v1/invitations", json={"email": email} | wish, headers=town.headers(by))


def found(client, town, by="farm", **other):
    wish = {"name": "The second farm", "role": "producer"} | other
    return client.post("/api/v1/parties", json=wish, headers=town.headers(by))


def code(answer):
    return answer.status_code, answer.json()["code"]


def parties_of(client, headers):
    return {one["id"]: one["duty"] for one in client.get("/api/v1/me", headers=headers).json()["parties"]}


# --- founding and changing ---


@pytest.mark.parametrize("role", ["producer", "buyer", "carrier", "intermediary", "private"])
def test_a_member_acts_for_several_parties_of_any_role(client, town, role):
    made = found(client, town, role=role).json()
    assert (made["role"], made["vetted"]) == (role, False)
    assert parties_of(client, town.headers("farm")) == {
        town.parties["farm"]: "manager",
        made["id"]: "manager",
    }


def test_only_an_operator_founds_a_party_that_operates(client, town):
    assert code(found(client, town, role="operator")) == (403, "not_allowed")
    assert found(client, town, by="operator", role="operator").status_code == 201


def test_one_member_founds_twenty_parties_and_no_more(client, town):
    answers = [found(client, town).status_code for _ in range(20)]
    assert answers == [201] * 19 + [409]


def change(client, town, by="carrier", headers=None, **other):
    wish = {"name": "Carrier", "licence": "LTI-1"} | other
    path = f"/api/v1/parties/{town.parties['carrier']}"
    return client.put(path, json=wish, headers=town.headers(by) | (headers or {}))


def test_a_manager_changes_what_is_said_of_its_party_and_stays_vetted(client, town):
    changed = change(client, town, name="Azur Fret", group="GIE du Var").json()
    assert (changed["name"], changed["group"], changed["vetted"]) == ("Azur Fret", "GIE du Var", True)
    assert changed["licence_until"] == "2030-12-31"


def test_another_licence_has_to_be_vetted_anew(client, town):
    changed = change(client, town, licence="LTI-2").json()
    assert (changed["licence"], changed["vetted"], changed["licence_until"]) == ("LTI-2", False, None)


def test_a_role_never_changes(client, town):
    assert change(client, town, role="operator").status_code == 422


def test_a_lost_update_is_refused(client, town):
    assert change(client, town, headers={"If-Match": '"1"'}).status_code == 200
    assert code(change(client, town, headers={"If-Match": '"1"'})) == (409, "changed_meanwhile")


def test_a_stranger_is_told_that_there_is_no_such_party(client, town):
    path = f"/api/v1/parties/{town.parties['carrier']}"
    assert code(change(client, town, by="farm")) == (404, "not_found")
    assert code(client.get(path, headers=town.headers("farm"))) == (404, "not_found")
    assert code(client.get(f"{path}/members", headers=town.headers("farm"))) == (404, "not_found")


# --- vetting ---


def vet(client, town, by="operator", **wish):
    path = f"/api/v1/parties/{town.parties['carrier']}/vet"
    return client.post(
        path, json={"licence": "LTI-9", "until": "2029-01-01"} | wish, headers=town.headers(by)
    )


def test_an_operator_vets_a_carrier_and_takes_that_back(client, town):
    change(client, town, licence="LTI-9")
    vetted = vet(client, town).json()
    assert (vetted["vetted"], vetted["licence_until"]) == (True, "2029-01-01")
    assert vet(client, town, vetted=False).json()["vetted"] is False


@pytest.mark.parametrize("by", ["carrier", "farm"])
def test_nobody_but_an_operator_vets(client, town, by):
    assert code(vet(client, town, by=by)) == (403, "not_allowed")


def test_a_licence_that_ran_out_is_not_vetted(client, town):
    assert code(vet(client, town, until="2026-09-11")) == (409, "licence_run_out")
    assert vet(client, town, until="2026-09-12").status_code == 200


# --- inviting ---


def test_an_invited_stranger_becomes_a_member_by_the_mailed_link(client, town):
    assert invite(client, town, language="en", party=town.parties["farm"], duty="driver").status_code == 201
    mail = mails(town)[-1]
    assert (mail["To"], mail["Subject"]) == ("luc@example.org", "Farm invites you to Carriole")
    headers = bearer(confirm(client, token_in(town)))
    assert parties_of(client, headers) == {town.parties["farm"]: "driver"}


def test_an_invitation_waits_for_fourteen_days(client, town, clock):
    invite(client, town)
    first = token_in(town)
    clock.forward(14 * DAY_S - 1)
    assert confirm(client, first).status_code == 200
    invite(client, town, email="ada@example.org")
    clock.forward(14 * DAY_S)
    assert confirm(client, token_in(town)).json()["code"] == "link_spent"


def test_a_member_is_not_signed_in_by_an_invitation_that_lay_about(client, town, clock):
    """It takes the invitation where it is signed in anyhow."""
    made = invite(client, town, email="shop@example.org").json()
    lying = token_in(town)
    clock.forward(16 * 60)
    assert code(confirm(client, lying)) == (409, "link_spent")
    path = f"/api/v1/invitations/{made['id']}/take"
    mine = client.get("/api/v1/invitations", headers=town.headers("shop")).json()["items"]
    assert [one["id"] for one in mine] == [made["id"]]
    assert client.post(path, headers=town.headers("shop")).status_code == 200
    assert parties_of(client, town.headers("shop"))[town.parties["farm"]] == "driver"


def test_an_invitation_for_another_address_cannot_be_used(client, town):
    made = invite(client, town).json()
    path = f"/api/v1/invitations/{made['id']}/take"
    for stranger in ("shop", "operator", "farm"):
        assert code(client.post(path, headers=town.headers(stranger))) == (404, "not_found")
    assert client.get("/api/v1/invitations", headers=town.headers("shop")).json()["items"] == []


def test_an_invitation_is_taken_once(client, town):
    made = invite(client, town, email="shop@example.org").json()
    path = f"/api/v1/invitations/{made['id']}/take"
    assert client.post(path, headers=town.headers("shop")).status_code == 200
    assert code(client.post(path, headers=town.headers("shop"))) == (409, "invitation_closed")


def test_who_lost_the_invitation_asks_for_a_link_as_everybody_does(client, town):
    invite(client, town)
    assert parties_of(client, sign_in(client, town, "luc@example.org")) == {town.parties["farm"]: "driver"}


def test_a_withdrawn_invitation_opens_nothing(client, town):
    made = invite(client, town).json()
    path = f"/api/v1/invitations/{made['id']}/withdraw"
    assert code(client.post(path, headers=town.headers("shop"))) == (404, "not_found")
    assert client.post(path, headers=town.headers("farm")).json()["state"] == "withdrawn"
    assert code(confirm(client, token_in(town))) == (409, "invitation_closed")


def test_the_newest_invitation_counts(client, town):
    invite(client, town)
    older = token_in(town)
    invite(client, town, party=town.parties["farm"], duty="manager")
    assert code(confirm(client, older)) == (409, "invitation_closed")
    headers = bearer(confirm(client, token_in(town)))
    assert parties_of(client, headers) == {town.parties["farm"]: "manager"}


def test_a_wish_repeated_mails_no_second_link(client, town):
    headers = town.headers("farm")
    wish = {"email": "luc@example.org", "party": town.parties["farm"]}
    first, again = (client.post("/api/v1/invitations", json=wish, headers=headers) for _ in range(2))
    assert first.json() == again.json() and len(mails(town)) == 1


def test_nobody_invites_to_somebody_elses_party(client, town):
    assert code(invite(client, town, by="shop", party=town.parties["farm"])) == (403, "not_allowed")


def test_a_driver_invites_nobody(client, town):
    invite(client, town)
    driver = keyed(bearer(confirm(client, token_in(town))), "one")
    wish = {"email": "ada@example.org", "party": town.parties["farm"]}
    assert code(client.post("/api/v1/invitations", json=wish, headers=driver)) == (403, "not_allowed")


@pytest.mark.parametrize("role", ["producer", "buyer", "carrier", "intermediary", "private", "operator"])
def test_an_operator_invites_to_a_new_party_of_any_role(client, town, role):
    new = {"party_name": "Les Halles", "role": role}
    assert code(invite(client, town, **new)) == (403, "not_allowed")
    assert invite(client, town, by="operator", **new).json()["party"] is None
    me = confirm(client, token_in(town)).json()["me"]
    assert [(one["name"], one["role"], one["duty"]) for one in me["parties"]] == [
        ("Les Halles", role, "manager")
    ]


@pytest.mark.parametrize("wish", [{"duty": "manager"}, {"party_name": "X"}, {"role": "buyer"}])
def test_an_invitation_names_one_party(client, town, wish):
    assert code(invite(client, town, by="operator", **wish)) == (422, "invitation_unclear")


def test_who_acts_for_a_party_already_is_not_invited_to_it(client, town):
    assert code(invite(client, town, email="farm@example.org")) == (409, "already_member")


# --- removing ---


def remove(client, town, headers, who):
    return client.delete(f"/api/v1/parties/{town.parties['farm']}/members/{who}", headers=headers)


@pytest.fixture
def luc(client, town):
    """A second manager of the farm, signed in."""
    invite(client, town, party=town.parties["farm"], duty="manager")
    answer = confirm(client, token_in(town))
    return answer.json()["me"]["id"], bearer(answer)


def test_a_removed_member_loses_its_rights_at_once(client, town, luc):
    member_id, headers = luc
    path = f"/api/v1/sites/{town.sites['farm']}"
    assert client.get(path, headers=headers).status_code == 200
    assert remove(client, town, town.headers("farm"), member_id).status_code == 204
    assert client.get(path, headers=headers).status_code == 404
    wish = {"party": town.parties["farm"], "name": "Yard", "lat": 43.7431, "lon": 7.3652}
    assert code(client.post("/api/v1/sites", json=wish, headers=keyed(headers, "site")))[0] == 403
    assert parties_of(client, headers) == {}


def test_the_last_manager_stays(client, town, luc):
    member_id, headers = luc
    assert remove(client, town, keyed(headers, "leave"), member_id).status_code == 204
    refused = remove(client, town, town.headers("farm"), town.members["farm"])
    assert code(refused) == (409, "last_manager")


def test_a_driver_leaves_but_removes_nobody(client, town):
    invite(client, town)
    answer = confirm(client, token_in(town))
    driver = bearer(answer)
    assert code(remove(client, town, keyed(driver, "one"), town.members["farm"])) == (403, "not_allowed")
    assert remove(client, town, keyed(driver, "two"), answer.json()["me"]["id"]).status_code == 204


def test_a_stranger_removes_nobody(client, town, luc):
    assert code(remove(client, town, town.headers("shop"), luc[0])) == (404, "not_found")


def test_members_are_listed_for_managers_with_their_duty(client, town, luc):
    path = f"/api/v1/parties/{town.parties['farm']}/members"
    listed = client.get(path, headers=luc[1]).json()["items"]
    assert {(one["email"], one["duty"]) for one in listed} == {
        ("farm@example.org", "manager"),
        ("luc@example.org", "manager"),
    }


# --- oneself, the directory, addresses ---


def test_a_member_changes_itself_and_nothing_that_it_leaves_out(client, town):
    wish = {"language": "en", "quiet_from": "20:30"}
    changed = client.patch("/api/v1/me", json=wish, headers=town.headers("farm")).json()
    assert (changed["name"], changed["language"]) == ("Farm", "en")
    assert (changed["quiet_from"], changed["quiet_until"], changed["revision"]) == ("20:30", "06:00", 2)


def test_the_directory_tells_public_facts_and_nothing_else(client, town):
    found = client.get("/api/v1/directory/sites?role=buyer", headers=town.headers("farm")).json()["items"]
    assert {one["name"] for one in found} == {"Restaurant", "Shop"}
    assert set(found[0]) == {"id", "name", "party_name", "role", "lat", "lon"}
    assert client.get("/api/v1/directory/sites").status_code == 401


def test_the_directory_is_searched_without_accents_or_capitals_page_by_page(client, town):
    for number in range(3):
        wish = {"party": town.parties["farm"], "name": f"Épicerie {number}", "lat": 43.7431, "lon": 7.3652}
        client.post("/api/v1/sites", json=wish, headers=town.headers("farm"))
    seen, after = [], ""
    while True:
        path = f"/api/v1/directory/sites?q=EPIC&limit=2&after={after}"
        page = client.get(path, headers=town.headers("shop")).json()
        seen += [one["name"] for one in page["items"]]
        after = page["next"]
        if not after:
            break
    assert sorted(seen) == ["Épicerie 0", "Épicerie 1", "Épicerie 2"]


def test_where_private_persons_live_is_in_no_directory(client, town):
    home = found(client, town, role="private", name="Home").json()
    wish = {"party": home["id"], "name": "Home", "lat": 43.7431, "lon": 7.3652}
    assert client.post("/api/v1/sites", json=wish, headers=town.headers("farm")).status_code == 201
    for query in ("", "?role=private", "?q=home"):
        assert "Home" not in client.get(f"/api/v1/directory/sites{query}", headers=town.headers("shop")).text


def test_an_address_is_found_in_the_region(client, town):
    found = client.get("/api/v1/addresses?q=monaco", headers=town.headers("farm")).json()["items"]
    assert found[0]["label"].startswith("Monaco") and 43 < found[0]["lat"] < 44
    assert client.get("/api/v1/addresses?q=monaco").status_code == 401
