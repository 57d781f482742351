"""Records of changing hands in the store: added, never changed; a tampered field names its record."""

import json
from datetime import date

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, Table, inspect, text
from sqlalchemy.exc import DatabaseError
from typer.testing import CliRunner

from api.commands.cli import app
from pooling.desk.runs.checking import check_house
from pooling.store import View, open_store
from pooling.store.migrations import config
from pooling.store.rows import added
from pooling.store.touring import handover, manifest
from tests.desk.market import ridden, sent

OTHER = {"number": 7, "outcome": "failed", "condition": "damaged", "proven": True, "hash": "0" * 64}


def checked(town):
    with town.house.desk.store.view() as view:
        return check_house(view)


def records(town):
    with town.house.desk.store.view() as view:
        return view.connection.execute(handover.select().order_by(handover.c.number)).all()


def tampered(town, record, field, value):
    """Change a field as somebody would who holds the database itself."""

    town.house.desk.store.change(lambda tx: tamper(tx.connection, record, field, value))


def tamper(connection, record, field, value):
    for name in ("handover_stands_update", "handover_stands_delete"):
        connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
    connection.execute(handover.update().where(handover.c.id == record).values({field: value}))


def other(town, row, field):
    """Return another value of the same kind for one field of a record."""
    if field in OTHER:
        return OTHER[field]
    value, column = getattr(row, field), handover.c[field]
    if field == "shipment_id":
        return sent(town)
    if field == "manifest_id":
        words = {"ride_kind": "trip", "ride_id": "t", "number": "1", "body": "{}", "day": date(2026, 9, 12)}
        carrier = {"carrier_id": town.parties["farm"]}
        return town.house.desk.store.change(lambda tx: added(tx, manifest, "mnf", **words, **carrier))
    if column.foreign_keys:
        (key,) = column.foreign_keys
        ids = {"party": town.parties, "site": town.sites, "member": town.members}.get(key.column.table.name)
        return next(one for one in ids.values() if one != value) if ids else None
    if field in ("lat", "lon"):
        return 43.5
    return f"{value}x" if isinstance(value, str) else (value or 0) + 1


def test_a_run_is_written_as_a_chain_that_stands(town):
    ridden(town)
    on, off = records(town)
    assert (on.number, off.number, on.way, off.way) == (1, 2, "on", "off")
    assert (on.giver_id, on.taker_id) == (town.parties["neighbour"], town.parties["farm"])
    assert (off.giver_id, off.taker_id) == (town.parties["farm"], town.parties["restaurant"])
    found = checked(town)
    assert (found.shipments, found.records, found.broken) == (1, 2, ())


def test_each_tampered_field_names_its_record(town):
    ridden(town)
    first, _ = records(town)
    for field in (one.name for one in handover.c):
        value = other(town, first, field)
        with town.house.desk.store.writer.connect() as connection:  # never committed
            tamper(connection, first.id, field, value)
            found = check_house(View(connection, town.clock.at))
        assert (value if field == "id" else first.id) in found.broken, field
    assert checked(town).broken == ()


def test_a_record_that_was_taken_out_is_named(town):
    ridden(town)
    _, last = records(town)

    def work(tx):
        tx.connection.execute(text("DROP TRIGGER handover_stands_delete"))
        tx.connection.execute(handover.delete().where(handover.c.id == last.id))

    town.house.desk.store.change(work)
    assert checked(town).broken == (last.id,)


@pytest.mark.parametrize("change", ["UPDATE handover SET crates = 1", "DELETE FROM handover"])
def test_the_database_itself_refuses_to_change_a_record(market, change):
    ridden(market)
    with pytest.raises(DatabaseError, match="stand as they were written"):
        market.house.desk.store.change(lambda tx: tx.connection.execute(text(change)))
    assert checked(market).broken == ()


def test_the_command_prints_what_stands_and_ends_with_1_where_something_does_not(town, monkeypatch):
    ridden(town)
    url = town.house.settings.database_url
    monkeypatch.setenv("DATABASE_URL", url)
    whole = CliRunner().invoke(app, ["custody", "check", "--json"])
    assert (whole.exit_code, json.loads(whole.stdout)) == (
        0,
        {"shipments": 1, "records": 2, "broken": 0, "first": ""},
    )
    first, _ = records(town)
    tampered(town, first.id, "crates", 3)
    said = CliRunner().invoke(app, ["custody", "check"])
    assert said.exit_code == 1 and first.id in said.stdout


def put(connection, name, **words):
    """Write a row as an older version would have; what is not said is nothing."""
    table = Table(name, MetaData(), autoload_with=connection)
    empty = {"BIGINT": 0, "DATE": date(2026, 9, 12), "BOOLEAN": False, "FLOAT": 0.0}
    usual = {one.name: empty.get(str(one.type), "") for one in table.c if not one.nullable}
    connection.execute(table.insert().values(usual | words))


def write_old(connection):
    """Write a run of the time before: four crates were taken, and could not be handed over."""
    for one in ("a", "b"):
        put(connection, "party", id=f"pty_{one}")
        put(connection, "site", id=f"site_{one}", party_id=f"pty_{one}")
    put(connection, "manifest", id="mnf_1", carrier_id="pty_b")
    sites = {"from_site_id": "site_a", "to_site_id": "site_a"}
    parties = {"shipper_id": "pty_a", "payer_id": "pty_a"}
    put(connection, "shipment", id="shp_1", crates=4, temperature="ambient", **sites, **parties)
    ids = {"manifest_id": "mnf_1", "shipment_id": "shp_1", "crates": 4}
    put(connection, "handover", id="hov_1", way="on", outcome="done", created_at=1, **ids)
    put(connection, "handover", id="hov_2", way="off", outcome="failed", created_at=2, note="Shut", **ids)


def test_what_was_noted_before_records_were_chained_is_chained_once(tmp_path):
    store = open_store(f"sqlite:///{tmp_path}/old.db", lambda: 0)
    with store.writer.begin() as connection:
        scripts = ScriptDirectory.from_config(config(connection)).walk_revisions()
        (before,) = {one.down_revision for one in scripts if one.module.__name__.endswith("custody_py")}
        command.upgrade(config(connection), before)
        write_old(connection)
        command.upgrade(config(connection), "head")
    with store.view() as view:
        found = check_house(view)
        rows = view.connection.execute(handover.select().order_by(handover.c.number)).all()
    assert (found.shipments, found.records, found.broken) == (1, 2, ())
    assert [(one.way, one.crates, one.giver_id, one.taker_id) for one in rows] == [
        ("on", 4, "pty_a", "pty_b"),
        ("off", 0, "pty_b", "pty_a"),
    ]
    with store.writer.begin() as connection:
        command.downgrade(config(connection), before)
        kept = {one["name"] for one in inspect(connection).get_columns("handover")}
        assert "hash" not in kept and "receiver" in kept
    store.close()
