"""The backup of docs/running.md: a copy of one moment, taken while the house runs, that opens again."""

import sqlite3

from pooling.store import open_store
from pooling.store.ledger import Purpose, check_ledger, party_account, pend
from tests.houses import new_house

FULL = 2
"""What SQLite calls ``synchronous=FULL`` when it is asked."""


def test_a_copy_of_a_running_house_opens_with_everything_that_was_kept(town, client, clock, tmp_path):
    farm, shop = (party_account(town.parties[one]) for one in ("farm", "shop"))
    town.house.desk.store.change(lambda tx: pend(tx, shop, farm, 1234, Purpose("bid", "bid_1", "ride")))
    restored = tmp_path / "restored"
    restored.mkdir()
    with sqlite3.connect(tmp_path / "carriole.db") as connection:
        connection.execute("VACUUM INTO ?", [str(restored / "carriole.db")])
    connection.close()
    house = new_house(restored, clock)
    with house.desk.store.view() as view:
        found = check_ledger(view)
    house.close()
    assert (found.transfers, found.sum_cents, found.unbalanced) == (1, 0, 0)


def test_a_real_house_waits_for_the_disk_before_it_answers(tmp_path):
    """Tests do not wait for it: their stores are lent (``tests/lent_stores.py``)."""
    store = open_store(f"sqlite:///{tmp_path / 'carriole.db'}", int)
    with store.writer.connect() as connection:
        answers = [
            connection.exec_driver_sql(f"PRAGMA {one}").scalar() for one in ("synchronous", "journal_mode")
        ]
    store.close()
    assert answers == [FULL, "wal"]
