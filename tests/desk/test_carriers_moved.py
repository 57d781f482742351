"""A house that stood before dossiers were kept: its vetted carriers stay vetted, by papers that say so."""

from datetime import date

from alembic import command
from sqlalchemy import text

from pooling.carriers.dossier import Assignment, lacking
from pooling.store import open_store
from pooling.store.carriers import find_dossier, papers_of
from pooling.store.migrations import config, migrate
from tests.houses import MORNING

BEFORE = "0008"
PARTY = """
    INSERT INTO party
    (id, name, role, group_name, vetted, licence, licence_until, language, created_at, revision)
    VALUES (:id, 'One', :role, '', :vetted, :licence, :until, 'fr', 1, 1)
"""
OLD = (
    {"id": "pty_seen", "role": "carrier", "vetted": True, "licence": "LTI-1", "until": "2030-12-31"},
    {"id": "pty_new", "role": "carrier", "vetted": False, "licence": "", "until": None},
    {"id": "pty_farm", "role": "producer", "vetted": True, "licence": "", "until": None},
)


def test_a_carrier_that_was_vetted_is_active_and_one_that_was_not_has_applied(tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 'old.db'}", lambda: MORNING)
    with store.writer.begin() as connection:
        command.upgrade(config(connection), BEFORE)
        for one in OLD:
            connection.execute(text(PARTY), one)
    migrate(store)
    with store.view() as view:
        states = [getattr(find_dossier(view, one["id"]), "state", None) for one in OLD]
        papers = papers_of(view, "pty_seen")
    store.close()
    assert states == ["active", "applied", None]
    assert lacking(papers, Assignment(date(2030, 12, 31))) == ()
    assert len(lacking(papers, Assignment(date(2031, 1, 1)))) == 1
