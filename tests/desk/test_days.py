"""A day out of the store: the pure value that the engines decide on."""

from datetime import date

import pytest

from pooling.desk.days import site_on, standing_day
from pooling.hours import DayClock
from pooling.store import market
from pooling.store.rows import added, found
from pooling.store.sites import sites_by_id
from routing.problem import Window
from tests.houses import MORNING

DAY = date(2026, 9, 12)


@pytest.fixture
def sent(town):
    """Four crates from the farm to the restaurant, ready at seven, there by eleven."""

    def work(tx):
        return added(
            tx,
            market.shipment,
            "shp",
            shipper_id=town.parties["farm"],
            payer_id=town.parties["farm"],
            from_site_id=town.sites["farm"],
            to_site_id=town.sites["restaurant"],
            day=DAY,
            temperature="ambient",
            crates=4,
            kg=32,
            ready_at=MORNING + 3600,
            pickup_by_at=MORNING + 2 * 3600,
            deliver_from_at=MORNING + 2 * 3600,
            deliver_by_at=MORNING + 5 * 3600,
        )

    return town.house.desk.store.change(work)


def standing(town, sent):
    with town.house.desk.store.view() as view:
        return standing_day(town.house.desk, view, DAY, shipments=[found(view, market.shipment, sent)])


def test_hours_are_counted_from_the_local_midnight(town, sent):
    (one,) = standing(town, sent).day.shipments
    assert one.pickup == Window(7 * 3600, 8 * 3600)
    assert one.drop == Window(8 * 3600, 11 * 3600)


def test_the_ground_holds_the_sites_that_are_needed_and_no_others(town, sent):
    found_day = standing(town, sent)
    assert set(found_day.ground.row) == {town.sites["farm"], town.sites["restaurant"]}
    assert set(found_day.day.parties) == {town.parties["farm"], town.parties["restaurant"]}
    assert found_day.baseline.cents(town.parties["farm"], found_day.day.shipments) > 0


def test_the_hours_of_a_site_follow_the_clock_on_the_wall_when_it_changes(town):
    with town.house.desk.store.view() as view:
        site = sites_by_id(view, [town.sites["farm"]])[town.sites["farm"]]
    assert site_on(DayClock(date(2026, 3, 29)), site).hours == (Window(0, 23 * 3600),)
    assert site_on(DayClock(DAY), site).hours == (Window(0, 24 * 3600),)
