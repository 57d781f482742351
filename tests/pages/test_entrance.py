"""The entrance: a mailed link, one button, a way back that stays on this site."""

import re

import pytest

from api.asking import COOKIE
from api.pages.people.entrance import own_path
from pooling.store.members import find_member


class Box:
    """Keep what is mailed."""

    def __init__(self):
        self.mails = []

    def send(self, mail):
        self.mails.append(mail)

    def link(self):
        return re.search(r"/sign-in/[\w-]+", self.mails[-1].body)[0]


@pytest.fixture
def box(town, monkeypatch):
    kept = Box()
    object.__setattr__(town.house, "mailer", kept)
    return kept


def test_a_mailed_link_signs_in_once_and_leads_back(visitor, box):
    guest = visitor()
    assert guest.get("/sites").status_code == 401
    assert guest.press("/sites", "/sign-in", email="farm@example.org").status_code == 202
    entered = guest.press(box.link())
    assert (entered.status_code, entered.headers["location"]) == (303, "/sites")
    assert guest.get("/sites").status_code == 200
    again = visitor().press(box.link())
    assert again.status_code == 409 and "used before" in again.text


def test_whoever_signs_up_on_the_way_comes_back_to_the_link_it_followed(visitor, box):
    guest = visitor()
    shown = guest.get("/shipments?day=2026-09-12")
    assert shown.status_code == 401
    sign_up = re.search(r'href="(/sign-up[^"]+)"', shown.text)[1].replace("&amp;", "&")
    typed = {"email": "new@example.org", "name": "Ana", "party_name": "Le Rucher", "role": "producer"}
    assert guest.press(sign_up, "/sign-up", **typed).status_code == 202
    assert guest.press(box.link()).headers["location"] == "/shipments?day=2026-09-12"


def test_a_link_that_is_used_up_keeps_the_way_back(visitor, box):
    guest = visitor()
    guest.press("/sites", "/sign-in", email="farm@example.org")
    visitor().press(box.link())
    assert 'name="back" value="/sites"' in guest.press(box.link()).text


def test_opening_a_link_uses_nothing_up(visitor, box):
    guest = visitor()
    guest.press("/sign-in", email="farm@example.org")
    for _ in range(3):
        assert visitor().get(box.link()).status_code == 200
    assert guest.press(box.link()).status_code == 303


def test_nobody_learns_whether_an_address_is_known(visitor, box):
    known = visitor().press("/sign-in", email="farm@example.org")
    unknown = visitor().press("/sign-in", email="nobody@example.org")
    assert known.status_code == unknown.status_code == 202
    assert len(box.mails) == 1


def test_a_stranger_signs_up_and_has_a_party(visitor, box):
    guest = visitor()
    sent = guest.press(
        "/sign-up", email="new@example.org", name="Ana", party_name="Le Rucher", role="producer"
    )
    assert sent.status_code == 202 and "A link is on its way to new@example.org" in sent.text
    guest.press(box.link())
    assert "/sites/new" in guest.get("/").text and "/sites/new" in guest.get("/search").text
    assert "Le Rucher" in guest.get("/").text


def test_an_address_that_is_none_is_said_beside_its_field(visitor):
    refused = visitor().press("/sign-in", email="nonsense")
    assert refused.status_code == 422
    assert 'value="nonsense"' in refused.text and 'aria-invalid="true"' in refused.text


@pytest.mark.parametrize(
    "path",
    ["//evil.example", "https://evil.example", "/\\evil.example", "/%2Fevil.example", "javascript:x", "/a\n"],
)
def test_the_way_back_never_leaves_this_site(path):
    assert own_path(path) == "/"


def test_the_way_back_keeps_what_was_asked():
    assert own_path("/offers?day=2026-09-14") == "/offers?day=2026-09-14"


def test_a_form_without_the_word_of_its_session_is_refused(visitor):
    farm = visitor("farm")
    form = farm.form("/me")
    assert farm.send(form, form_token="").status_code == 403
    assert farm.send(form, form_token=visitor("shop").form("/me").fields["form_token"]).status_code == 403
    assert farm.send(form).status_code == 303


def test_a_language_is_kept_by_the_member(town, visitor):
    farm = visitor("farm")
    farm.press("/me", "/language", language="en", back="/sites")
    assert 'lang="en"' in farm.get("/me").text
    with town.house.desk.store.view() as view:
        assert find_member(view, town.members["farm"]).language == "en"
    farm.press("/me", "/language", language="fr", back="/sites")
    assert '<html lang="fr">' in farm.get("/me").text


def test_who_signs_out_is_out(visitor):
    farm = visitor("farm")
    out = farm.press("/me", "/sign-out")
    assert out.headers["location"].startswith("/sign-in")
    assert f'{COOKIE}=""' in out.headers["set-cookie"]
    farm.client.cookies.set(COOKIE, "farm")
    assert farm.get("/me").status_code == 401


def test_pages_may_load_nothing_from_elsewhere_and_be_framed_by_nobody(visitor):
    headers = visitor().get("/sign-in").headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_an_address_that_names_nothing_is_a_page_for_people_and_a_problem_for_machines(visitor):
    lost = visitor().get("/nonsense")
    assert lost.status_code == 404 and "<!doctype html>" in lost.text
    assert visitor().get("/api/v1/nonsense").headers["content-type"] == "application/problem+json"


def test_whoever_knocks_at_the_door_reads_what_this_is_and_no_reproach(visitor):
    door = visitor().get("/")
    assert door.status_code == 401 and "small producers" in door.text and 'role="alert"' not in door.text
    assert 'role="alert"' in visitor().get("/money").text
