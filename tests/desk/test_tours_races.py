"""Many who join one tour at once, on both databases: the checker says that nobody's place was given twice."""

import threading

import pytest

from geodata.refusal import Refusal
from pooling.desk.tours.tour_world import tour_world
from pooling.store.tours import find_tour, sign_ups_aboard
from routing.check import check
from tests.desk.touring import joined, proposed, sent


@pytest.fixture
def either(market):
    """Return the town on each database."""
    return market


def test_many_who_join_at_once_never_fill_the_van_twice(either):
    town = either
    tour_id = proposed(town, ambient_crates=12)
    names = ["farm", "neighbour", "farm", "neighbour", "farm"]
    wishes = [(name, sent(town, name, crates=4), town.actor(name)) for name in names]
    refused = []

    def join(at):
        name, shipment_id, _ = wishes[at]
        try:
            joined(town, tour_id, name, shipment_id, key=f"race-{at}")
        except Refusal as refusal:
            refused.append(refusal.code)

    threads = [threading.Thread(target=join, args=(at,)) for at in range(len(wishes))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with town.house.desk.store.view() as view:
        world = tour_world(town.house.desk, view, find_tour(view, tour_id))
        problem, plan = world.committed
        assert check(problem, plan) == () and not plan.unserved
        aboard = sign_ups_aboard(view, tour_id)
    assert len(aboard) + len(refused) == len(wishes) and len(aboard) >= 3
    assert set(refused) <= {"no_room", "price_too_low", "adds_more_than_it_pays"}
