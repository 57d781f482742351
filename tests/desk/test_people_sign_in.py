"""Signing in: a mailed link serves once and not for long, and nobody learns who is known."""

import re

import pytest

from api.asking import COOKIE
from tests.houses import mails

LINK = re.compile(r"/sign-in/([A-Za-z0-9_-]+)")


def token_in(town):
    """Return the token of the mail sent last."""
    return LINK.search(mails(town)[-1].get_content())[1]


def ask(client, email):
    return client.post("/api/v1/sign-in", json={"email": email})


def confirm(client, token):
    return client.post("/api/v1/sign-in/confirm", json={"token": token})


def sign_up(client, **other):
    wish = {"email": "Jeanne@Example.org", "name": "Jeanne", "party_name": "La Colle", "role": "producer"}
    return client.post("/api/v1/sign-up", json=wish | other)


def bearer(answer):
    return {"Authorization": f"Bearer {answer.json()['token']}"}


def test_a_member_signs_in_by_the_link_it_was_mailed(client, town):
    assert ask(client, " Farm@example.org ").status_code == 202
    signed = confirm(client, token_in(town))
    me = client.get("/api/v1/me", headers=bearer(signed)).json()
    assert me["email"] == "farm@example.org"
    assert me["parties"] == [
        {"id": town.parties["farm"], "name": "Farm", "role": "producer", "duty": "manager"}
    ]


def test_a_browser_is_signed_in_by_a_cookie_that_no_script_reads(client, town):
    ask(client, "farm@example.org")
    signed = confirm(client, token_in(town))
    cookie = signed.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Secure" not in cookie
    assert client.cookies[COOKIE] == signed.json()["token"]
    assert client.get("/api/v1/me").status_code == 200


def test_a_link_serves_once(client, town):
    ask(client, "farm@example.org")
    token = token_in(town)
    assert confirm(client, token).status_code == 200
    refused = confirm(client, token)
    assert (refused.status_code, refused.json()["code"]) == (409, "link_spent")


def test_a_link_serves_for_a_quarter_of_an_hour(client, town, clock):
    ask(client, "farm@example.org")
    in_time = token_in(town)
    clock.forward(15 * 60 - 1)
    assert confirm(client, in_time).status_code == 200
    ask(client, "farm@example.org")
    late = token_in(town)
    clock.forward(15 * 60)
    assert confirm(client, late).json()["code"] == "link_spent"


def test_a_token_that_nobody_made_opens_nothing(client):
    assert confirm(client, "x" * 43).json()["code"] == "link_spent"


def test_the_store_holds_no_token(client, town, tmp_path):
    ask(client, "farm@example.org")
    link = token_in(town)
    session = confirm(client, link).json()["token"]
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("carriole.db*"))
    assert b"farm@example.org" in kept
    assert link.encode() not in kept and session.encode() not in kept


def test_whoever_asks_is_answered_the_same_way(client, town):
    known, unknown = (ask(client, email) for email in ("farm@example.org", "nobody@example.org"))
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
    assert [mail["To"] for mail in mails(town)] == ["farm@example.org"]


def test_a_mailbox_is_not_flooded_and_every_link_in_it_still_opens(client, town, clock):
    answers = {ask(client, "farm@example.org").content for _ in range(7)}
    assert (len(answers), len(mails(town))) == (1, 5)
    assert confirm(client, LINK.search(mails(town)[0].get_content())[1]).status_code == 200
    ask(client, "farm@example.org")
    clock.forward(15 * 60)
    ask(client, "farm@example.org")
    assert len(mails(town)) == 7


def test_opening_the_link_as_a_mail_scanner_does_uses_nothing_up(client, town):
    ask(client, "farm@example.org")
    token = token_in(town)
    for path in (f"/sign-in/{token}", "/api/v1/sign-in/confirm"):
        client.get(path)
        client.head(path)
    assert confirm(client, token).status_code == 200


@pytest.mark.parametrize("role", ["producer", "buyer", "carrier", "intermediary", "private"])
def test_a_party_of_each_role_signs_itself_up_and_is_not_vetted(client, town, role):
    assert sign_up(client, role=role).status_code == 202
    me = confirm(client, token_in(town)).json()["me"]
    assert [(one["name"], one["role"], one["duty"]) for one in me["parties"]] == [
        ("La Colle", role, "manager")
    ]
    party = client.get(f"/api/v1/parties/{me['parties'][0]['id']}").json()
    assert (party["vetted"], party["licence_until"]) == (False, None)


def test_nobody_signs_itself_up_as_an_operator(client):
    assert sign_up(client, role="operator").status_code == 422


def test_a_party_exists_once_its_link_is_confirmed(client, town):
    sign_up(client)
    assert "La Colle" not in client.get("/api/v1/parties", headers=town.headers("operator")).text
    confirm(client, token_in(town))
    assert "La Colle" in client.get("/api/v1/parties", headers=town.headers("operator")).text


def test_signing_up_with_a_known_address_tells_nothing_and_founds_one_more_party(client, town):
    known, fresh = sign_up(client, email="farm@example.org"), sign_up(client)
    assert (known.status_code, known.content) == (fresh.status_code, fresh.content)
    first, second = (LINK.search(mail.get_content())[1] for mail in mails(town))
    mailed = {confirm(client, token).json()["me"]["email"] for token in (first, second)}
    assert mailed == {"farm@example.org", "jeanne@example.org"}


def test_a_stranger_sends_no_words_of_its_own_through_the_house(client, town):
    sign_up(client, name="Win money", party_name="evil.example")
    assert "evil" not in mails(town)[-1].as_string() and "Win" not in mails(town)[-1].as_string()


@pytest.mark.parametrize(("language", "said"), [("fr", "Votre lien"), ("en", "Your link")])
def test_a_mail_speaks_the_language_of_its_reader(client, town, language, said):
    sign_up(client, language=language)
    confirm(client, token_in(town))
    ask(client, "jeanne@example.org")
    assert mails(town)[-1]["Subject"].startswith(said)
    assert "http://127.0.0.1:8000/sign-in/" in mails(town)[-1].get_content()


def test_a_revoked_session_opens_nothing(client, town):
    ask(client, "farm@example.org")
    signed = confirm(client, token_in(town))
    client.cookies.clear()
    path = f"/api/v1/sessions/{signed.json()['session']}"
    assert client.delete(path, headers=town.headers("farm")).status_code == 204
    refused = client.get("/api/v1/me", headers=bearer(signed))
    assert (refused.status_code, refused.json()["code"]) == (401, "sign_in_needed")


def test_a_member_sees_its_own_sessions_and_ends_no_others(client, town):
    ask(client, "farm@example.org")
    signed = confirm(client, token_in(town))
    client.cookies.clear()
    listed = client.get("/api/v1/sessions", headers=bearer(signed)).json()["items"]
    assert {one["id"]: one["current"] for one in listed}[signed.json()["session"]]
    assert sum(one["current"] for one in listed) == 1 and len(listed) == 2
    refused = client.delete(f"/api/v1/sessions/{listed[0]['id']}", headers=town.headers("shop"))
    assert (refused.status_code, refused.json()["code"]) == (404, "not_found")


def test_who_signs_out_is_out(client, town):
    ask(client, "farm@example.org")
    confirm(client, token_in(town))
    assert client.post("/api/v1/sign-out", headers={"Idempotency-Key": "out"}).status_code == 204
    assert COOKIE not in client.cookies
    assert client.get("/api/v1/me").status_code == 401


def test_a_session_lasts_sixty_days_from_its_last_use(client, town, clock):
    headers = town.headers("farm")
    for _ in range(3):
        clock.forward(59 * 24 * 3600)
        assert client.get("/api/v1/me", headers=headers).status_code == 200
    clock.forward(61 * 24 * 3600)
    assert client.get("/api/v1/me", headers=headers).status_code == 401
