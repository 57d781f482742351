"""Events: only one's own, replayed from where one was, by pages and as a stream."""

import json
import threading

import httpx2 as httpx
import pytest

from api import live
from pooling.desk.people.sessions import actor_of_token, token_hash
from pooling.store.people import membership
from pooling.store.sessions import revoke_session, session_of
from tests.desk.servers import served, until


def tell(town, *names, topic="bid.placed", **facts):
    town.house.desk.store.change(
        lambda tx: tx.tell(topic, "bid", "bid_1", [town.parties[name] for name in names], **facts)
    )


def page(client, town, name, query=""):
    return client.get(f"/api/v1/events/page{query}", headers=town.headers(name)).json()


@pytest.fixture
def address(town):
    with served(town.house) as url:
        yield url


class Following:
    """Follow a stream in a thread, and keep what came."""

    def __init__(self, address, name, query="", **headers):
        self.came, self.ids, self.status, self.over = [], [], None, False
        self.arguments = (f"{address}/api/v1/events{query}", {"Authorization": f"Bearer {name}"} | headers)
        threading.Thread(target=self._follow, daemon=True).start()
        until(lambda: self.status is not None and (self.status != 200 or self.ids))

    def _follow(self):
        url, headers = self.arguments
        with httpx.stream("GET", url, headers=headers, timeout=60) as answer:
            self.status = answer.status_code
            for line in answer.iter_lines():
                if line.startswith("id: "):
                    self.ids.append(int(line[4:]))
                if line.startswith("data: "):
                    self.came.append(json.loads(line[6:]))
        self.over = True

    def facts(self):
        return [one["facts"]["number"] for one in self.came]


def test_a_party_reads_only_its_own_events_and_an_operator_all(client, town):
    tell(town, "farm", "shop", number=1)
    tell(town, "neighbour", number=2)
    numbers = {
        name: [one["facts"]["number"] for one in page(client, town, name)["items"]]
        for name in ("farm", "shop", "neighbour", "restaurant", "operator")
    }
    assert numbers == {"farm": [1], "shop": [1], "neighbour": [2], "restaurant": [], "operator": [1, 2]}


def test_pages_of_events_go_on_where_they_ended(client, town):
    for number in range(5):
        tell(town, "farm", number=number)
    seen, after = [], 0
    while items := (found := page(client, town, "farm", f"?limit=2&after={after}"))["items"]:
        seen += [one["facts"]["number"] for one in items]
        after = found["next"]
    assert seen == [0, 1, 2, 3, 4]
    assert page(client, town, "farm", f"?after={after}")["next"] == after


def test_an_event_of_a_change_that_failed_is_never_told(client, town):
    def work(tx):
        tx.tell("bid.placed", "bid", "bid_1", [town.parties["farm"]])
        raise RuntimeError

    with pytest.raises(RuntimeError):
        town.house.desk.store.change(work)
    assert page(client, town, "farm")["items"] == []


def test_a_driver_is_told_of_rides_and_nothing_else(client, town):
    town.house.desk.store.change(
        lambda tx: tx.connection.execute(
            membership.insert().values(
                member_id=town.members["shop"],
                party_id=town.parties["carrier"],
                duty="driver",
                created_at=tx.now_at,
            )
        )
    )
    tell(town, "carrier", topic="bid.accepted", number=1)
    tell(town, "carrier", topic="ride.frozen", number=2)
    assert [one["facts"]["number"] for one in page(client, town, "shop")["items"]] == [2]


def test_a_stream_tells_at_once_and_only_what_is_ones_own(address, town):
    stream = Following(address, "farm")
    tell(town, "neighbour", number=1)
    tell(town, "farm", number=2)
    until(lambda: stream.came, 5)
    assert stream.facts() == [2]
    assert stream.came[0]["topic"] == "bid.placed" and stream.ids[-1] == stream.came[0]["id"]


def test_who_comes_back_misses_nothing(address, town):
    tell(town, "farm", number=0)
    before = Following(address, "farm", "?after=0")
    until(lambda: len(before.came) == 1)
    for number in range(1, 250):
        tell(town, "farm" if number % 2 else "shop", number=number)
    after = Following(address, "farm", **{"Last-Event-ID": str(before.came[0]["id"])})
    until(lambda: len(after.came) == 125, 20)
    assert after.facts() == [number for number in range(1, 250) if number % 2]


def revoked(tx, town):
    """Sign the farm out, and tell it something in the same transaction."""
    revoke_session(tx, session_of(tx, token_hash("farm"))[0])
    tx.tell("bid.placed", "bid", "bid_1", [town.parties["farm"]], number=1)


def taken_off(tx, town):
    """Take the farm's member off its party, and tell the party something in the same transaction."""
    tx.connection.execute(membership.delete().where(membership.c.party_id == town.parties["farm"]))
    tx.tell("bid.placed", "bid", "bid_1", [town.parties["farm"]], number=1)


def test_a_stream_ends_when_its_session_is_revoked(address, town):
    stream = Following(address, "farm")
    town.house.desk.store.change(lambda tx: revoked(tx, town))
    until(lambda: stream.over, 60)
    assert stream.came == []


@pytest.mark.parametrize("end", [revoked, taken_off])
def test_whoever_loses_its_rights_while_it_is_read_for_hears_nothing_of_what_follows(
    market, monkeypatch, end
):
    """The race itself, on both databases: the rights are read, they end, and only then the events are."""
    store = market.house.desk.store
    ends = [lambda: store.change(lambda tx: end(tx, market))]

    def rights(view, token):
        who = actor_of_token(view, token)
        for one in ends:
            one()
        ends.clear()
        return who

    monkeypatch.setattr(live, "actor_of_token", rights)
    tell(market, "farm", number=0)
    first = live.read_events(store, "farm", 0)
    assert [one.facts["number"] for one in first] == [0]
    assert not live.read_events(store, "farm", first[-1].id)


def test_a_member_holds_only_so_many_streams(address, town):
    streams = [Following(address, "farm") for _ in range(6)]
    assert Following(address, "farm").status == 429
    assert Following(address, "shop").status == 200
    assert {one.status for one in streams} == {200}


def test_nobody_follows_without_a_session(client):
    assert client.get("/api/v1/events").status_code == 401


def test_news_of_another_process_arrive_through_redis(tmp_path, clock, redis_url):
    from tests.houses import new_house, settle

    first = new_house(tmp_path, clock, REDIS_URL=redis_url)
    second = new_house(tmp_path, clock, REDIS_URL=redis_url)
    town = settle(first, clock)
    with served(second) as address:
        stream = Following(address, "farm")
        tell(town, "farm", number=1)
        until(lambda: stream.came, 5)
    first.close()
    second.close()


def test_a_job_is_read_and_stopped_by_whom_it_concerns_only(client, town):
    from pooling.work.jobs import enqueue

    job_id = town.house.desk.store.change(
        lambda tx: enqueue(
            tx, "from-tomorrow", {}, "tour", "t", town.members["farm"], party_id=town.parties["farm"]
        )
    )
    path = f"/api/v1/jobs/{job_id}"
    assert client.get(path, headers=town.headers("shop")).status_code == 404
    assert client.post(f"{path}/cancel", headers=town.headers("shop")).status_code == 404
    assert client.get(path, headers=town.headers("operator")).json()["state"] == "queued"
    stopped = client.post(f"{path}/cancel", headers=town.headers("farm"))
    assert (stopped.status_code, stopped.json()["state"]) == (200, "cancelled")
    assert [
        one["id"] for one in client.get("/api/v1/jobs", headers=town.headers("farm")).json()["items"]
    ] == [job_id]
    assert client.get("/api/v1/jobs", headers=town.headers("shop")).json()["items"] == []
    told = [one["facts"]["state"] for one in page(client, town, "farm")["items"]]
    assert told == ["queued", "cancelled"]
