"""Unmet demand: counted by area and day, and of few parties nothing is told."""

from datetime import date

from pooling.desk.market.demand import Unmet, unmet_demand
from pooling.desk.market.offers import find_offers
from tests.desk.market import announced, crates, newcomer
from tests.desk.test_market import refused

DAY = date(2026, 9, 13)


def asked(town, who, number=4):
    return find_offers(town.house.desk, town.actor(who), crates(town, number, who))


def seen(town, who="operator"):
    return unmet_demand(town.house.desk, town.actor(who), DAY, DAY, limit=10, skip=0)


def test_searches_without_an_offer_are_counted_once_three_parties_looked(town):
    others = [newcomer(town, "dairy"), newcomer(town, "mill")]
    for who in ("neighbour", others[0], "neighbour"):
        assert asked(town, who).rides == ()
    (few,) = seen(town)
    assert (few.day, few.searches, few.crates) == (DAY, None, None)
    asked(town, others[1], 6)
    (one,) = seen(town)
    assert one == Unmet(few.area, DAY, 4, 4 + 4 + 6)


def test_a_search_that_finds_an_offer_is_not_counted(town):
    announced(town)
    assert asked(town, "neighbour").rides and seen(town) == ()


def test_an_area_is_a_commune_and_names_nobody(town):
    asked(town, "neighbour")
    (one,) = seen(town)
    assert one.area.startswith("06") and "eighbour" not in one.area


def test_only_an_operator_sees_unmet_demand(town):
    assert refused(lambda: seen(town, "farm")).code == "not_allowed"
