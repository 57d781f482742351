"""Sites at the desk and on the wire: the pattern of every noun."""

from pooling.store.people import site


def wish(town, **other):
    return {"party": town.parties["farm"], "name": "Yard", "lat": 43.7431, "lon": 7.3652} | other


def test_a_member_enters_a_site_once_however_often_it_asks(client, town):
    headers = town.headers("farm")
    first, again = (client.post("/api/v1/sites", json=wish(town), headers=headers) for _ in range(2))
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()


def test_the_same_key_with_other_words_is_refused(client, town):
    headers = town.headers("farm")
    client.post("/api/v1/sites", json=wish(town), headers=headers)
    refused = client.post("/api/v1/sites", json=wish(town, name="Barn"), headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_reused")


def test_nobody_enters_a_site_of_somebody_else(client, town):
    refused = client.post("/api/v1/sites", json=wish(town), headers=town.headers("shop"))
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")


def test_a_change_on_an_older_revision_is_refused_and_told_what_stands(client, town):
    made = client.post("/api/v1/sites", json=wish(town), headers=town.headers("farm")).json()
    path = f"/api/v1/sites/{made['id']}"
    kept = client.put(path, json=wish(town, name="Barn"), headers=town.headers("farm") | {"If-Match": '"1"'})
    lost = client.put(path, json=wish(town, name="Shed"), headers=town.headers("farm") | {"If-Match": '"1"'})
    assert (kept.status_code, kept.json()["revision"]) == (200, 2)
    assert (lost.status_code, lost.json()["facts"]["stands"]) == (409, 2)
    assert lost.json()["facts"]["now"]["name"] == "Barn"


def test_a_stranger_is_told_that_there_is_no_such_site(client, town):
    made = client.post("/api/v1/sites", json=wish(town), headers=town.headers("farm")).json()
    hidden = client.get(f"/api/v1/sites/{made['id']}", headers=town.headers("shop"))
    assert (hidden.status_code, hidden.json()["code"]) == (404, "not_found")


def test_a_list_goes_on_where_its_page_ended(client, town):
    for number in range(3):
        client.post("/api/v1/sites", json=wish(town, name=f"Yard {number}"), headers=town.headers("farm"))
    seen, after = [], ""
    while True:
        page = client.get(f"/api/v1/sites?limit=2&after={after}", headers=town.headers("farm")).json()
        seen += [one["name"] for one in page["items"]]
        after = page["next"]
        if not after:
            break
    assert sorted(seen) == sorted(["Yard 2", "Yard 1", "Yard 0", "Farm"])


def test_the_migrations_make_the_tables_that_the_code_knows(town):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from pooling.store import metadata

    with town.house.desk.store.writer.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    assert site.name in metadata.tables


def test_two_sites_of_a_party_never_share_a_name(client, town):
    yard, barn = (
        client.post("/api/v1/sites", json=wish(town, name=name), headers=town.headers("farm")).json()["id"]
        for name in ("Yard", "Barn")
    )
    entered = client.post("/api/v1/sites", json=wish(town), headers=town.headers("farm"))
    changed = client.put(f"/api/v1/sites/{barn}", json=wish(town), headers=town.headers("farm"))
    kept = client.put(f"/api/v1/sites/{yard}", json=wish(town), headers=town.headers("farm"))
    assert [entered.json()["code"], changed.json()["code"]] == ["site_name_taken"] * 2
    assert kept.status_code == 200


def test_a_stranger_learns_nothing_of_a_site_by_a_change_that_no_rule_allows(client, town):
    nowhere = wish(town, lat=-40.0, lon=100.0)
    path = f"/api/v1/sites/{town.sites['farm']}"
    assert client.put(path, json=nowhere, headers=town.headers("shop")).status_code == 404
