"""A short list for tests: the farm's, with courgettes and cheese, on the tour of the town."""

from dataclasses import replace

from pooling.desk.selling.goods import add_goods
from pooling.desk.selling.shortlists import ShortListWords, open_short_list
from pooling.desk.selling.tour_orders import TourOrderWords, place_tour_order
from pooling.goods.goods import GoodsWords
from tests.desk.carrying import did
from tests.desk.touring import HOUR

COURGETTES = GoodsWords("courgettes", "Courgettes", "kg", 250, 12, 12, least=6, available=90)
CHEESE = GoodsWords(
    "cheese", "Fresh cheese", "piece", 400, 20, 6, least=5, temperature="chilled", food="very_perishable"
)


def list_words(town, name="farm", **other):
    usual = {
        "producer_id": town.parties[name],
        "name": "This week",
        "site_id": town.sites[name],
        "ready_s": 6 * HOUR,
        "collect_by_s": 9 * HOUR,
        "accepts": True,
    }
    return ShortListWords(**(usual | other))


def listed(town, name="farm", *goods, **other):
    """Open a short list with goods on it; returns the list and the ids of its goods."""
    list_id = did(town, open_short_list, name, list_words(town, name, **other))
    return list_id, [did(town, add_goods, name, list_id, one) for one in goods or (COURGETTES, CHEESE)]


def order_words(town, list_id, quantities, name="restaurant", **other):
    usual = TourOrderWords(town.parties[name], list_id, town.sites[name], quantities)
    return replace(usual, **other)


def ordered(town, list_id, quantities, name="restaurant", **other):
    return did(town, place_tour_order, name, order_words(town, list_id, quantities, name, **other))
