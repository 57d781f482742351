"""Carriage against the value of the goods: flagged above 15 %, or what the ride's community has said."""

import pytest

from pooling.goods.goods_share import goods_share
from tests.desk import market
from tests.desk.circle import come_in, founded, posted
from tests.desk.market import bidden
from tests.desk.touring import joined, proposed, sent


def read(client, town, path, name):
    return client.get(f"/api/v1{path}", headers=town.headers(name)).json()


@pytest.mark.parametrize(
    ("cents", "goods_cents", "target", "percent", "above"),
    [
        (25_000, 90_000, None, 28, True),
        (13_500, 90_000, None, 15, False),
        (13_500, 90_000, 12, 15, True),
        (13_501, 90_000, None, 15, True),
    ],
)
def test_carriage_is_flagged_above_the_target_only(cents, goods_cents, target, percent, above):
    found = goods_share(cents, goods_cents, target)
    assert (found.percent, found.target_percent, found.above) == (percent, target or 15, above)


def test_nothing_is_told_of_goods_or_a_price_that_is_not_known():
    assert goods_share(500, 0) is None and goods_share(None, 900) is None


def test_a_bid_on_a_communitys_trip_is_held_to_the_communitys_target_for_its_payer(client, town):
    town.clock.at = market.TOMORROW - 36 * market.HOUR
    circle = founded(town, target_percent=12)
    come_in(town, circle, "neighbour")
    worth = {"goods_value_cents": 3_000}
    inside = bidden(town, posted(town, circle), market.sent(town, **worth))
    outside = bidden(town, market.announced(town), market.sent(town, **worth))
    shares = {one: read(client, town, f"/bids/{one}", "neighbour") for one in (inside, outside)}
    for one, target in ((inside, 12), (outside, 15)):
        told = shares[one]["goods_share"]
        assert told["target_percent"] == target
        assert told["percent"] == (200 * shares[one]["price_cents"] + 3_000) // 6_000
        assert told["above"] == (100 * shares[one]["price_cents"] > 3_000 * target)
    assert read(client, town, f"/bids/{inside}", "farm")["goods_share"] is None


def test_a_place_on_a_tour_tells_its_payer_what_its_share_is_of_the_goods(client, town):
    place = joined(town, proposed(town), "farm", sent(town, "farm", goods_value_cents=2_000))
    told = read(client, town, f"/sign-ups/{place}", "farm")["goods_share"]
    assert told["target_percent"] == 15 and told["above"] == (told["percent"] > 15)
