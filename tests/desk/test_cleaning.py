"""What is kept for a while only is removed when its time is over, and not before."""

from sqlalchemy import func, select

from pooling.desk.market.offers import find_offers
from pooling.desk.market.quotes import quote_offer
from pooling.store.finding import quote, unmet
from pooling.store.work import idempotency
from pooling.work.duties import clean_up
from tests.desk.market import announced, crates, sent

DAY_S = 24 * 3600


def counted(town, table):
    with town.house.desk.store.view() as view:
        return view.connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_quotes_wishes_and_unmet_demand_are_removed_in_their_time(town):
    desk, who = town.house.desk, town.actor("neighbour")
    find_offers(desk, who, crates(town, 4, "neighbour"))
    quote_offer(desk, who, town.ask("neighbour"), announced(town), sent(town))
    clean_up(desk)
    kept = {table: counted(town, table) for table in (quote, unmet, idempotency)}
    assert all(kept.values())
    for days, table in ((8, quote), (31, idempotency), (401, unmet)):
        clean_up(desk)
        assert counted(town, table) == kept[table], table.name
        town.clock.at = town.house.desk.clock.now() + days * DAY_S
        clean_up(desk)
        assert counted(town, table) == 0, table.name
