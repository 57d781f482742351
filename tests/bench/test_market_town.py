"""The market of the benchmark: as many trips as it says, at the same hours each day, that carry something."""

from sqlalchemy import func, select

from bench.market import PARTS
from bench.market_load import clear_a_day
from bench.market_town import MarketSize, build_market, shipments_for
from bench.town import house_in
from pooling.store.market import bid, trip, trip_stop
from pooling.store.trips import stops_of


def test_a_market_stands_as_large_as_it_says_and_a_day_of_it_is_cleared(tmp_path):
    house = house_in(tmp_path)
    try:
        market = build_market(house, MarketSize("embedded", producers=12, trips=36))
        driving = {len(trips) for trips in market.trips.values()}
        assert len(market.days) == 3 and len(driving) == 1 and min(driving) >= 6
        with house.desk.store.view() as view:
            counted = [
                view.connection.execute(select(func.count()).select_from(table)).scalar_one()
                for table in (trip, trip_stop)
            ]
            assert counted == [3 * min(driving), 9 * min(driving)]
            first, other = market.days[:2]
            for at, trip_id in market.trips[first].items():
                again = market.trips[other][at]
                stops = stops_of(view, [trip_id, again])
                moved = {b.opens_at - a.opens_at for a, b in zip(stops[trip_id], stops[again], strict=True)}
                assert moved == {24 * 3600} or moved & {23 * 3600, 25 * 3600}
        assert len(shipments_for(house, market, other, 5)) == 5
        found = clear_a_day(house, market, first, 6)
        assert found["bids"] >= 1 and 1 <= found["taken"] <= found["bids"]
        with house.desk.store.view() as view:
            accepted = select(func.count()).select_from(bid).where(bid.c.state == "accepted")
            assert view.connection.execute(accepted).scalar_one() == found["taken"]
    finally:
        house.close()


def test_the_parts_are_those_that_the_figures_name():
    assert PARTS == ("load", "race", "kill")
