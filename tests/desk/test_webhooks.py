"""Events reach other systems signed, and never our own network."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from time import monotonic, sleep, time
from typing import ClassVar

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from api.letters.post import GuardedPost
from pooling.telling.webhooks import PostFailed, fresh_secret, is_public, signed
from tests.desk.telling import Killed, Outside, happen, notices, tell_all
from tests.houses import MORNING

DAY_S = 24 * 3600


@pytest.fixture
def outside():
    return Outside()


def made(client, town, party="farm", url="https://farm.example/events"):
    wish = {"party": town.parties[party], "url": url}
    return client.post("/api/v1/webhooks", json=wish, headers=town.headers(party))


def hook_notices(town):
    return [row for row in notices(town) if row.channel == "webhook"]


def test_an_event_is_posted_to_the_parties_concerned_and_the_library_verifies_it(client, town, outside):
    hook = made(client, town).json()
    made(client, town, "shop", "https://shop.example/events")
    town.clock.at = int(time())  # the library takes five minutes for old
    happen(town, "trip.changed", "farm", "neighbour", crates=3)
    happen(town, "job.changed", "neighbour")
    tell_all(town, outside)
    [(url, headers, body)] = outside.posts
    assert url == "https://farm.example/events"
    words = Webhook(hook["secret"]).verify(body, headers)
    town.clock.at = MORNING
    page = client.get("/api/v1/events/page", headers=town.headers("farm")).json()
    assert words == page["items"][-1]
    with pytest.raises(WebhookVerificationError):
        Webhook(fresh_secret()).verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(hook["secret"]).verify(body.replace("3", "4"), headers)


def test_the_secret_is_shown_once(client, town):
    hook = made(client, town).json()
    assert hook["secret"].startswith("whsec_")
    listed = client.get("/api/v1/webhooks", headers=town.headers("farm"))
    assert [one["id"] for one in listed.json()["items"]] == [hook["id"]]
    assert "whsec_" not in listed.text


def test_nobody_makes_or_sees_a_webhook_of_somebody_else(client, town):
    hook = made(client, town).json()
    wish = {"party": town.parties["farm"], "url": "https://shop.example/"}
    refused = client.post("/api/v1/webhooks", json=wish, headers=town.headers("shop"))
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    assert client.get("/api/v1/webhooks", headers=town.headers("shop")).json()["items"] == []
    hidden = client.delete(f"/api/v1/webhooks/{hook['id']}", headers=town.headers("shop"))
    assert hidden.status_code == 404


def test_a_party_has_at_most_five(client, town):
    answers = [made(client, town).json() for _ in range(6)]
    assert answers[-1]["code"] == "webhooks_too_many" and "secret" in answers[-2]


def test_a_removed_webhook_gets_nothing_more(client, town, outside):
    hook = made(client, town).json()
    happen(town, "trip.changed", "farm")
    outside.fails = PostFailed("status 503")
    tell_all(town, outside)
    outside.fails = None
    gone = client.delete(f"/api/v1/webhooks/{hook['id']}", headers=town.headers("farm"))
    assert gone.status_code == 204
    town.clock.forward(DAY_S)
    happen(town, "trip.changed", "farm")
    tell_all(town, outside)
    assert outside.posts == []
    assert [(row.state, row.reason) for row in hook_notices(town)] == [("dropped", "removed")]


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://shop.example/", "webhook_url_bad"),
        ("ftp://shop.example/", "webhook_url_bad"),
        ("https://user:word@shop.example/", "webhook_url_bad"),
        ("https:///events", "webhook_url_bad"),
        ("https://shop.example:99999/", "webhook_url_bad"),
        ("https://shop.example/a b", "webhook_url_bad"),
        ("https://127.0.0.1/", "webhook_address_private"),
        ("https://[::1]/", "webhook_address_private"),
        ("https://[::ffff:10.0.0.1]/", "webhook_address_private"),
        ("https://169.254.169.254/latest/meta-data", "webhook_address_private"),
        ("https://192.168.1.4:8443/", "webhook_address_private"),
    ],
)
def test_an_address_that_no_event_may_go_to_is_refused_when_it_is_given(client, town, url, code):
    refused = made(client, town, url=url)
    assert (refused.status_code, refused.json()["code"]) == (409, code)


PRIVATE = """
127.0.0.1 10.1.2.3 172.16.0.1 192.168.0.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1 255.255.255.255
::1 :: fe80::1%eth0 fc00::1 ff02::1 ::ffff:127.0.0.1 64:ff9b::7f00:1 2002:7f00:1:: 2001:db8::1
"""


@pytest.mark.parametrize("address", PRIVATE.split())
def test_an_address_that_is_not_of_the_open_internet_is_refused(address):
    assert not is_public(address)
    with pytest.raises(PostFailed, match="private address") as refused:
        GuardedPost(resolve=lambda *_: ["93.184.215.14", address])("https://a.example/", {}, "")
    assert refused.value.for_good


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_an_address_of_the_open_internet_is_not(address):
    assert is_public(address)


def test_numbers_that_hide_an_address_are_looked_at_as_what_they_lead_to():
    with pytest.raises(PostFailed, match="private address"):
        GuardedPost()("https://2130706433/", {}, "")


def test_webhooks_are_tried_again_later_and_later_for_three_days_and_then_dropped(client, town, outside):
    made(client, town)
    happen(town, "trip.changed", "farm")
    outside.fails = PostFailed("status 503")
    began, attempts = town.clock.now(), 0
    while attempts == 0 or hook_notices(town)[0].state == "waiting":
        tell_all(town, outside)
        attempts += 1
        town.clock.at = hook_notices(town)[0].due_at
    [row] = hook_notices(town)
    assert (row.state, row.reason, row.attempt) == ("dropped", "status 503", attempts)
    assert 2 * DAY_S < town.clock.now() - began <= 3 * DAY_S and attempts > 10


def test_a_receiver_that_wants_no_more_is_left_alone(client, town, outside):
    made(client, town)
    happen(town, "trip.changed", "farm")
    happen(town, "trip.cancelled", "farm")
    outside.fails = PostFailed("status 410", gone=True, for_good=True)
    tell_all(town, outside)
    assert {row.state for row in hook_notices(town)} == {"dropped"}
    [hook] = client.get("/api/v1/webhooks", headers=town.headers("farm")).json()["items"]
    assert hook["active"] is False


def test_a_receiver_that_is_away_is_asked_once_for_all_that_waits(client, town, outside):
    made(client, town)
    asked = []

    def away(url, headers, body):
        asked.append(headers["webhook-id"])
        raise PostFailed("no answer", away=True)

    for _ in range(5):
        happen(town, "trip.changed", "farm")
    outside.post = away
    tell_all(town, outside)
    tell_all(town, outside)
    assert len(asked) == 1
    del outside.post
    town.clock.forward(30)
    tell_all(town, outside)
    assert len(outside.posts) == 5


def test_one_event_that_is_refused_does_not_hold_up_the_others(client, town, outside):
    made(client, town)

    def picky(url, headers, body):
        if json.loads(body)["topic"] == "trip.changed":
            raise PostFailed("status 500")
        outside.posts.append(body)

    outside.post = picky
    happen(town, "trip.changed", "farm")
    happen(town, "trip.cancelled", "farm")
    tell_all(town, outside)
    assert [json.loads(body)["topic"] for body in outside.posts] == ["trip.cancelled"]


def test_killed_between_posting_and_marking_an_event_is_posted_again_under_the_same_id(client, town, outside):
    made(client, town)
    happen(town, "trip.announced", "farm")
    outside.killed = True
    with pytest.raises(Killed):
        tell_all(town, outside)
    outside.killed = False
    tell_all(town, outside)
    assert len(outside.posts) == 1  # it is left to whoever sends it
    town.clock.forward(300)
    tell_all(town, outside)
    first, again = outside.posts
    assert first[1]["webhook-id"] == again[1]["webhook-id"] and first[2] == again[2]


class Receiver(BaseHTTPRequestHandler):
    """Answer by the path: /STATUS, or /slow: one byte now and then."""

    heard: ClassVar[list] = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.heard.append((self.path, dict(self.headers), body))
        if self.path == "/slow":
            for _ in range(50):
                self.wfile.write(b"H")
                sleep(0.1)
            return
        self.send_response(int(self.path[1:]))
        self.send_header("Location", "http://127.0.0.1:1/")
        self.end_headers()

    def log_message(self, *_):
        pass

    def handle_one_request(self):
        try:
            super().handle_one_request()
        except OSError:
            self.close_connection = True


@pytest.fixture
def receiver():
    Receiver.heard = []
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_post_arrives_whole_and_signed(receiver):
    secret = fresh_secret()
    body = json.dumps({"topic": "trip.changed", "name": "Èze"}, ensure_ascii=False)
    GuardedPost(inside=True)(f"{receiver}/204", signed(secret, "ntc_1", int(time()), body), body)
    [(_path, headers, heard)] = Receiver.heard
    assert Webhook(secret).verify(heard, headers) == {"topic": "trip.changed", "name": "Èze"}
    assert headers["Host"] == receiver.removeprefix("http://")


@pytest.mark.parametrize("status", [301, 307, 400, 500])
def test_a_status_other_than_2xx_is_a_failure_and_redirects_are_not_followed(receiver, status):
    with pytest.raises(PostFailed, match=f"status {status}"):
        GuardedPost(inside=True)(f"{receiver}/{status}", {}, "{}")
    assert len(Receiver.heard) == 1


def test_gone_is_told_apart(receiver):
    with pytest.raises(PostFailed) as failed:
        GuardedPost(inside=True)(f"{receiver}/410", {}, "{}")
    assert failed.value.gone


def test_a_receiver_that_drips_is_cut_off_in_time(receiver):
    began = monotonic()
    with pytest.raises(PostFailed):
        GuardedPost(inside=True, within_s=0.5)(f"{receiver}/slow", {}, "{}")
    assert monotonic() - began < 3


def test_the_connection_goes_to_the_address_that_was_looked_at(receiver):
    """A name that leads elsewhere when it is asked again changes nothing: it is asked once."""
    asked = []

    def resolve(host, port):
        asked.append(host)
        return ["127.0.0.1"]

    port = receiver.rpartition(":")[2]
    GuardedPost(inside=True, resolve=resolve)(f"http://shop.example:{port}/200", {}, "{}")
    assert asked == ["shop.example"] and Receiver.heard[0][1]["Host"] == f"shop.example:{port}"


def test_without_the_operators_leave_nothing_goes_over_plain_http(receiver):
    with pytest.raises(PostFailed, match="only https"):
        GuardedPost()(f"{receiver}/200", {}, "{}")
    assert Receiver.heard == []


def test_a_receiver_without_tls_where_https_is_asked_is_a_failure(receiver):
    with pytest.raises(PostFailed):
        GuardedPost(inside=True)(receiver.replace("http:", "https:") + "/200", {}, "{}")
