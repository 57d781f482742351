"""Founding a house on the machine: safe to repeat, and never by a second person."""

import re

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from api.app import make_app
from api.commands.cli import app
from tests.houses import new_house

LINK = re.compile(r"http://127\.0\.0\.1:8000/sign-in/([A-Za-z0-9_-]+)")


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("CARRIOLE_STATE", str(tmp_path))
    return lambda *words: CliRunner().invoke(app, list(words))


def found(run, email="anne@example.org", **options):
    more = [word for name, value in options.items() for word in (f"--{name}", value)]
    return run("init", "--email", email, "--name", "Anne", *more)


def signed_in(tmp_path, answer):
    """Confirm the link that a command printed, a second later."""
    house = new_house(tmp_path, None)
    with TestClient(make_app(house)) as client:
        me = client.post("/api/v1/sign-in/confirm", json={"token": LINK.search(answer.output)[1]}).json()[
            "me"
        ]
    house.close()
    return me


def test_the_first_operator_is_made_by_a_command_that_prints_its_link(run, tmp_path):
    answer = found(run, party="Val de Siagne")
    assert answer.exit_code == 0, answer.output
    me = signed_in(tmp_path, answer)
    assert (me["email"], me["name"]) == ("anne@example.org", "Anne")
    assert [(one["name"], one["role"], one["duty"]) for one in me["parties"]] == [
        ("Val de Siagne", "operator", "manager")
    ]


def test_founding_twice_changes_nothing_and_says_so(run, tmp_path):
    found(run)
    again = found(run, party="Another")
    assert again.exit_code == 0 and "nothing was changed" in again.output
    assert [one["name"] for one in signed_in(tmp_path, again)["parties"]] == ["Carriole"]


def test_nobody_else_founds_a_house_that_stands(run):
    found(run)
    refused = found(run, email="eve@example.org")
    assert refused.exit_code == 2 and "house_founded" in refused.output


def test_an_operator_is_added_by_a_command(run, tmp_path):
    found(run)
    added = run("operator", "Luc@example.org", "--name", "Luc")
    assert added.exit_code == 0
    me = signed_in(tmp_path, added)
    assert (me["name"], me["parties"][0]["role"]) == ("Luc", "operator")
    again = run("operator", "luc@example.org", "--lang", "fr")
    assert "rien n’a changé" in again.output


def test_there_is_no_operator_before_there_is_a_house(run):
    refused = run("operator", "luc@example.org")
    assert refused.exit_code == 2 and "house_not_founded" in refused.output


@pytest.mark.parametrize("email", ["anne", "anne@home", "anne @example.org", "a@b.c\nBcc: d@e.f"])
def test_an_address_that_no_mail_reaches_is_refused(run, email):
    refused = found(run, email=email)
    assert refused.exit_code == 2 and "email_unreadable" in refused.output
