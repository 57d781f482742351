"""Finding on both databases: quotes, searches that are kept, unmet demand, a day laid out."""

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import text

from pooling.desk.market.offers import find_offers
from pooling.store import Page
from pooling.store.migrations import config
from pooling.store.searches import list_searches
from tests.desk.looking import kept
from tests.desk.market import announced, crates, newcomer, sent
from tests.desk.test_demand import asked, buyers_in_vain, seen
from tests.desk.test_meanwhile import town  # noqa: F401 - the same town, on each database
from tests.desk.test_quotes import by_quote, quoted, the_quote
from tests.desk.test_searches import told as told_of
from tests.desk.touring import DAY as TOUR_DAY


def test_a_quote_is_bid_by_and_a_search_told_of_its_trip(town):  # noqa: F811
    search = kept(town)
    trip, shipment = announced(town), sent(town)
    assert (told_of(town), told_of(town)) == (1, 0)
    quote = quoted(town, trip, shipment)
    assert by_quote(town, trip, shipment, quote)
    (offer,) = find_offers(town.house.desk, town.actor("neighbour"), shipment).rides
    assert offer.price_cents <= the_quote(town, quote).price_cents
    with town.house.desk.store.view() as view:
        assert [one.id for one in list_searches(view, [town.parties["neighbour"]], Page())[0]] == [search]


def test_what_is_looked_for_in_vain_is_counted(town):  # noqa: F811
    for who in ("neighbour", newcomer(town, "dairy"), "neighbour", newcomer(town, "mill")):
        asked(town, who)
    (one,) = seen(town)
    assert (one.searches, one.crates) == (4, 12)


def test_what_is_ordered_in_vain_is_counted_by_product(town):  # noqa: F811
    buyers_in_vain(town)
    (told,) = [one.products for one in seen(town, day=TOUR_DAY) if one.products]
    assert [(one.product, one.parties) for one in told] == [("courgettes", 3)]


def test_what_was_counted_before_products_were_is_of_an_unknown_one(town):  # noqa: F811
    for who in ("neighbour", newcomer(town, "dairy"), newcomer(town, "mill")):
        asked(town, who, goods="")
    before = seen(town)
    with town.house.desk.store.writer.begin() as connection:
        scripts = ScriptDirectory.from_config(config(connection)).walk_revisions()
        (older,) = {one.down_revision for one in scripts if "counted by product" in one.doc}
        command.downgrade(config(connection), older)
        assert connection.execute(text("SELECT count(*) FROM unmet")).scalar_one() == 3
        command.upgrade(config(connection), "head")
    assert seen(town) == before


def test_of_a_day_laid_out_the_nearest_is_tried(town, monkeypatch):  # noqa: F811
    monkeypatch.setattr("pooling.desk.market.offers.TRIPS_TRIED_LIMIT", 1)
    for _ in range(2):
        announced(town)
    found = find_offers(town.house.desk, town.actor("neighbour"), crates(town))
    assert (len(found.rides), found.seen) == (1, 2)
