"""One click ends mail: for a mail program (RFC 8058), and for a person by a page with a button."""

import pytest

from tests.desk.telling import Outside, change_member, happen, notices, tell_all


@pytest.fixture
def outside():
    return Outside()


def test_each_mail_carries_the_link_for_mail_programs_and_for_people(town, outside):
    happen(town, "bid.placed", "farm")
    tell_all(town, outside)
    [mail] = outside.mails
    link = "https://carriole.example/unsubscribe/leave-farm"
    assert mail.headers["List-Unsubscribe"] == f"<{link}>"
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in mail.body


def test_opening_the_page_changes_nothing(client, town, outside):
    page = client.get("/unsubscribe/leave-farm")
    assert page.status_code == 200 and "<button>Ne plus rien m’envoyer</button>" in page.text
    happen(town, "bid.placed", "farm")
    tell_all(town, outside)
    assert outside.readers == ["farm"]


def test_one_click_ends_mail_without_sign_in_and_drops_what_waits(client, town, outside):
    town.clock.forward(17 * 3600)
    happen(town, "bid.placed", "farm", "shop")
    tell_all(town, outside)
    answer = client.post("/unsubscribe/leave-farm", data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    town.clock.forward(8 * 3600)
    happen(town, "bid.withdrawn", "farm", "shop")
    tell_all(town, outside)
    assert outside.readers == ["shop"]
    assert [(row.state, row.reason) for row in notices(town) if row.state != "sent"] == [
        ("dropped", "unsubscribed")
    ]


def test_a_second_click_is_answered_like_the_first(client):
    answers = [client.post("/unsubscribe/leave-farm").status_code for _ in range(2)]
    assert answers == [200, 200]


def test_whoever_wants_no_mail_gets_none_that_was_written_before(town, outside):
    happen(town, "bid.placed", "farm")
    town.clock.forward(17 * 3600)
    tell_all(town, outside)
    change_member(town, "farm", mail_on=False)
    town.clock.forward(8 * 3600)
    tell_all(town, outside)
    assert outside.mails == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_that_is_nobodys_tells_nothing(client, method, town):
    change_member(town, "farm", unsubscribe_token="")
    for token in ("unknown", "%20", "leave-farm"):
        assert getattr(client, method)(f"/unsubscribe/{token}").status_code == 404


def test_the_page_speaks_the_language_of_its_reader(client, town):
    change_member(town, "farm", language="en")
    assert "No more mail" in client.get("/unsubscribe/leave-farm").text
