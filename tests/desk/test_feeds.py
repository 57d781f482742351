"""Calendar feeds: own trips and rides by a secret link, shown once, kept as a hash, revoked at once."""

from icalendar import Calendar

from pooling.desk.people.sessions import token_hash
from pooling.desk.trips.trips import cancel_trip
from pooling.store.feeds import live_feed
from tests.desk.market import TOMORROW, accepted, announced, bidden, newcomer, sent, the_bid

FEEDS = "/api/v1/calendar-feeds"


def link(town, client, who="farm"):
    answer = client.post(FEEDS, headers=town.headers(who))
    assert answer.status_code == 201
    return "/api/v1/calendar/" + answer.json()["url"].rsplit("/", 1)[1], answer.json()["id"]


def events(client, path):
    answer = client.get(path)
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/calendar")
    return {str(event["uid"]).partition("@")[0]: event for event in Calendar.from_ical(answer.content).events}


def test_an_owner_reads_its_trips_and_a_guest_its_rides(town, client):
    trip = announced(town)
    bid = accepted(town, bidden(town, trip, sent(town)))
    owners = events(client, link(town, client)[0])
    assert set(owners) == {trip}
    assert owners[trip]["dtstart"].dt.timestamp() == TOMORROW and "Restaurant" in owners[trip]["description"]
    guests = events(client, link(town, client, "neighbour")[0])
    row = the_bid(town, bid)
    assert set(guests) == {bid}
    assert guests[bid]["dtstart"].dt.timestamp() == row.pickup_from_at
    assert guests[bid]["dtend"].dt.timestamp() == row.drop_until_at


def test_a_cancelled_trip_is_told_as_cancelled_and_a_ride_that_ended_is_gone(town, client):
    trip = announced(town)
    accepted(town, bidden(town, trip, sent(town)))
    owner, guest = link(town, client)[0], link(town, client, "neighbour")[0]
    cancel_trip(town.house.desk, town.actor("farm"), town.ask("farm"), trip, None)
    assert events(client, owner)[trip]["status"] == "CANCELLED" and events(client, guest) == {}


def test_others_see_nothing_of_it(town, client):
    trip = announced(town)
    accepted(town, bidden(town, trip, sent(town)))
    for who in ("shop", "operator", "carrier"):
        assert events(client, link(town, client, who)[0]) == {}
    text = client.get(link(town, client)[0]).text
    assert "Neighbour" not in text


def test_a_link_is_shown_once_kept_as_a_hash_and_opens_nothing_once_revoked(town, client):
    headers = town.headers("farm", key="one")
    first, again = (client.post(FEEDS, headers=headers).json() for _ in range(2))
    assert first["id"] == again["id"] and first["url"] and not again["url"]
    token = first["url"].rsplit("/", 1)[1].removesuffix(".ics")
    with town.house.desk.store.view() as view:
        assert live_feed(view, token) is None and live_feed(view, token_hash(token)) is not None
    listed = client.get(FEEDS, headers=town.headers("farm")).json()["items"]
    assert [one["url"] for one in listed] == [""]
    stranger = client.delete(f"{FEEDS}/{first['id']}", headers=town.headers("shop"))
    assert stranger.status_code == 404
    assert client.delete(f"{FEEDS}/{first['id']}", headers=town.headers("farm")).status_code == 204
    assert client.get(f"/api/v1/calendar/{token}.ics").status_code == 404


def test_so_many_links_and_no_more(town, client):
    for _ in range(10):
        link(town, client)
    assert client.post(FEEDS, headers=town.headers("farm")).json()["code"] == "too_many_feeds"


def test_names_with_signs_of_the_format_and_long_ones_are_escaped_and_folded(town, client):
    from pooling.desk.goods.sites import SiteWords, change_site

    name = "Ferme; la Colle, cour\\droite " + "é" * 60
    words = SiteWords(name, 43.7384, 7.4246, 0, 86_400)
    farm = town.sites["farm"]
    trip = announced(town)
    change_site(town.house.desk, town.actor("farm"), town.ask("farm"), farm, None, words)
    path, _ = link(town, client)
    assert str(events(client, path)[trip]["location"]) == name
    lines = client.get(path).content.split(b"\r\n")
    assert max(map(len, lines)) <= 75


def test_who_leaves_a_party_reads_its_trips_no_more(town, client):
    from pooling.store.people import membership

    announced(town)
    path, _ = link(town, client)
    gone = membership.delete().where(membership.c.member_id == town.members["farm"])
    town.house.desk.store.change(lambda tx: tx.connection.execute(gone))
    assert events(client, path) == {} and newcomer(town, "dairy")
