"""A group and a farm count for the law once somebody else has confirmed them."""

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import text

from pooling.desk.people.parties import found_party
from pooling.desk.trips.trips import announce_trip
from pooling.party import Role
from pooling.regimes import Regime
from pooling.store import open_store
from pooling.store.days import parties_by_id
from pooling.store.migrations import config, migrate
from tests.desk.market import announced, bidden, sent, trip_words
from tests.desk.test_market import refused
from tests.desk.test_people_parties import token_in
from tests.houses import MORNING

CUMA = "CUMA du Mont Agel"
OLD = """
    INSERT INTO party
    (id, name, role, group_name, vetted, licence, address, siren, language, created_at, revision)
    VALUES ('pty_old', 'Old', 'producer', :group, false, '', '', '', 'fr', 1, 1)
"""


def say_group(client, town, name, group=CUMA):
    path = f"/api/v1/parties/{town.parties[name]}"
    answer = client.put(path, json={"name": name.title(), "group": group}, headers=town.headers(name))
    assert answer.status_code == 200
    return answer.json()


def confirm(client, town, name, by, **wish):
    path = f"/api/v1/parties/{town.parties[name]}/group"
    return client.post(path, json={"group": CUMA} | wish, headers=town.headers(by))


def read(client, town, name, by=""):
    return client.get(f"/api/v1/parties/{town.parties[name]}", headers=town.headers(by or name)).json()


def code(answer):
    return answer.status_code, answer.json()["code"]


def told(town, client, name, topic):
    page = client.get("/api/v1/events/page?limit=100", headers=town.headers(name)).json()["items"]
    return [one for one in page if one["topic"] == topic]


def test_a_group_that_anybody_types_opens_no_trip_for_its_members(client, town):
    shipment = sent(town, 2, "restaurant", "shop")
    say_group(client, town, "farm")
    say_group(client, town, "restaurant")
    assert refused(lambda: announced(town, regime=Regime.GROUPEMENT)).code == "group_not_confirmed"
    assert confirm(client, town, "farm", "operator").status_code == 200
    trip = announced(town, regime=Regime.GROUPEMENT)
    told_no = refused(lambda: bidden(town, trip, shipment, who="restaurant"))
    assert told_no.code == "group_not_confirmed" and "Restaurant" in told_no.sentence
    assert confirm(client, town, "restaurant", "farm").status_code == 200
    assert bidden(town, trip, shipment, who="restaurant")


def test_the_first_of_a_group_is_confirmed_by_the_operator_and_the_next_by_a_member(client, town):
    assert say_group(client, town, "farm")["group_confirmed"] is None
    say_group(client, town, "restaurant")
    for by in ("farm", "restaurant", "neighbour", "carrier"):
        assert code(confirm(client, town, "farm", by)) == (403, "not_allowed"), by
    confirm(client, town, "farm", "operator")
    assert read(client, town, "farm")["group_confirmed"]["by"] == "Operator"
    for by in ("restaurant", "neighbour", "carrier"):
        assert code(confirm(client, town, "restaurant", by)) == (403, "not_allowed"), by
    assert confirm(client, town, "restaurant", "farm").json()["group"] == CUMA
    assert read(client, town, "restaurant")["group_confirmed"]["by"] == "Farm"


def test_another_group_has_to_be_confirmed_anew_and_is_not_confirmed_by_an_older_click(client, town):
    say_group(client, town, "farm")
    confirm(client, town, "farm", "operator")
    assert say_group(client, town, "farm")["group_confirmed"] is not None, "the same name stays"
    assert say_group(client, town, "farm", "GIE du Var")["group_confirmed"] is None
    assert code(confirm(client, town, "farm", "operator")) == (409, "group_not_asked")
    assert code(confirm(client, town, "shop", "operator", group="")) == (409, "group_not_asked")
    assert say_group(client, town, "farm")["group_confirmed"] is None, "nor by going back to it"


def test_nobody_confirms_a_party_of_its_own_and_only_an_operator_takes_it_back(client, town):
    say_group(client, town, "farm")
    confirm(client, town, "farm", "operator")
    wish = {"name": "Second", "role": "buyer"}
    second = client.post("/api/v1/parties", json=wish, headers=town.headers("farm")).json()["id"]
    town.parties["second"] = second
    path = f"/api/v1/parties/{second}"
    client.put(path, json={"name": "Second", "group": CUMA}, headers=town.headers("farm"))
    assert code(confirm(client, town, "second", "farm")) == (403, "not_allowed")
    say_group(client, town, "restaurant")
    confirm(client, town, "restaurant", "farm")
    assert code(confirm(client, town, "restaurant", "farm", confirmed=False)) == (403, "not_allowed")
    assert confirm(client, town, "restaurant", "operator", confirmed=False).status_code == 200
    assert read(client, town, "restaurant")["group_confirmed"] is None


def test_a_confirmed_member_sees_who_asks_for_its_group_and_both_are_told(client, town):
    def askers(name, by=""):
        path = f"/api/v1/parties/{town.parties[name]}/group-askers"
        return client.get(path, headers=town.headers(by or name))

    say_group(client, town, "farm")
    say_group(client, town, "restaurant")
    assert askers("farm").json()["items"] == [], "not before it is confirmed itself"
    confirm(client, town, "farm", "operator")
    (one,) = askers("farm").json()["items"]
    assert (one["id"], one["group"]) == (town.parties["restaurant"], CUMA)
    assert askers("farm", by="neighbour").status_code == 404
    assert askers("restaurant").json()["items"] == []
    say_group(client, town, "shop")
    assert [each["facts"]["what"] for each in told(town, client, "farm", "party.asks")] == ["group"]
    assert len(told(town, client, "operator", "party.asks")) == 3
    assert not told(town, client, "neighbour", "party.asks")
    assert told(town, client, "farm", "party.confirmed")[0]["facts"]["confirmed"] is True
    waiting = client.get("/api/v1/parties?waiting=true", headers=town.headers("operator")).json()["items"]
    assert {each["name"] for each in waiting} == {"Restaurant", "Shop"}


@pytest.fixture
def own_farm(town):
    """Let the restaurant's member found a farm."""
    who, ask = town.actor("restaurant"), town.ask("restaurant")
    town.parties["paper"] = found_party(town.house.desk, who, ask, "Paper farm", Role.PRODUCER)
    return town.parties["paper"]


def test_a_farm_that_a_member_founds_counts_once_the_operator_has_confirmed_it(client, town, own_farm):
    def vow(by, **wish):
        return client.post(f"/api/v1/parties/{own_farm}/farm", json=wish, headers=town.headers(by))

    shipment = sent(town, 2, "restaurant", "shop", payer="paper")
    trip = announced(town)
    told_no = refused(lambda: bidden(town, trip, shipment, who="restaurant"))
    assert told_no.code == "farm_not_confirmed" and "Paper farm" in told_no.sentence
    who, ask, words = town.actor("restaurant"), town.ask("restaurant"), trip_words(town, owner="paper")
    assert refused(lambda: announce_trip(town.house.desk, who, ask, words)).code == "farm_not_confirmed"
    for by in ("restaurant", "farm"):
        assert code(vow(by)) == (403, "not_allowed")
    assert told(town, client, "operator", "party.asks")[0]["facts"]["what"] == "farm"
    shown = vow("operator").json()
    assert (shown["farm"], shown["farm_confirmed"]["by"]) == (True, "Operator")
    assert bidden(town, trip, shipment, who="restaurant")
    assert told(town, client, "restaurant", "party.confirmed")
    assert vow("operator", confirmed=False).json()["farm"] is False


def test_a_farm_that_an_operator_founds_counts_at_once_and_a_shop_never(client, town):
    who, ask = town.actor("operator"), town.ask("operator")
    made = found_party(town.house.desk, who, ask, "Seen farm", Role.PRODUCER)
    with town.house.desk.store.view() as view:
        assert parties_by_id(view, [made])[made].is_farm
    path = f"/api/v1/parties/{town.parties['shop']}/farm"
    assert code(client.post(path, json={}, headers=town.headers("operator"))) == (409, "no_farm")


def test_a_farm_that_signs_itself_up_waits_and_a_shop_has_nothing_to_wait_for(client, town):
    for email, role, waits in (("ana@example.org", "producer", True), ("luc@example.org", "buyer", False)):
        wish = {"email": email, "name": "New", "party_name": "New", "role": role}
        client.post("/api/v1/sign-up", json=wish)
        answer = client.post("/api/v1/sign-in/confirm", json={"token": token_in(town)}).json()
        client.cookies.clear()
        path, operator = f"/api/v1/parties/{answer['me']['parties'][0]['id']}", town.headers("operator")
        shown = client.get(path, headers=operator).json()
        assert (shown["role"], shown["farm"], shown["farm_confirmed"]) == (role, False, None)
        listed = client.get("/api/v1/parties?waiting=true", headers=operator).text
        assert (shown["id"] in listed) == waits


def test_what_stood_before_stays_a_farm_and_its_typed_group_waits(tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 'old.db'}", lambda: MORNING)
    with store.writer.begin() as connection:
        scripts = ScriptDirectory.from_config(config(connection))
        (ours,) = [one for one in scripts.walk_revisions() if one.path.endswith("confirmed_groups.py")]
        command.upgrade(config(connection), ours.down_revision)
        connection.execute(text(OLD), {"group": CUMA})
    migrate(store)
    with store.view() as view:
        old = parties_by_id(view, ["pty_old"])["pty_old"]
    with store.writer.begin() as connection:
        command.downgrade(config(connection), ours.down_revision)
    store.close()
    assert old.is_farm and (old.group, old.group_confirmed) == (CUMA, False)


def test_a_group_is_known_again_however_its_name_is_typed(client, town):
    say_group(client, town, "farm")
    assert confirm(client, town, "farm", "operator").status_code == 200
    assert say_group(client, town, "neighbour", "cuma  du Mont-Agél")["group"] == CUMA
    assert confirm(client, town, "neighbour", "farm", group="Cuma du mont agel").status_code == 200
    trip = announced(town, regime=Regime.GROUPEMENT)
    assert bidden(town, trip, sent(town, 2))
    say_group(client, town, "neighbour", "CUMA DU MONT AGEL")
    assert read(client, town, "neighbour")["group_confirmed"]["by"] is not None
