"""Many at once for the last crates, on both databases: none is sold twice, no free one is refused."""

from dataclasses import dataclass

import pytest

from geodata.refusal import Refusal
from tests.desk.market import accepted, announced, bidden, books, newcomer, sent, sold, the_bid, the_shipment
from tests.desk.servers import at_once

FARMS = 8
ROOM = 5


@dataclass
class Race:
    """Hold the bids of eight farms for a trip that has room for five of their crates."""

    town: object
    trip: str
    farms: list[str]
    shipments: list[str]


@pytest.fixture
def race(market):
    trip = announced(market, ROOM, 0, 0)
    farms = [newcomer(market, f"farm{number}") for number in range(FARMS)]
    return Race(market, trip, farms, [sent(market, 1, farm) for farm in farms])


def won(answers):
    return [one for one in answers if not isinstance(one, Refusal)]


def test_the_last_crates_are_accepted_once_each(race):
    town = race.town
    pairs = zip(race.farms, race.shipments, strict=True)
    bids = [bidden(town, race.trip, shipment, who=farm) for farm, shipment in pairs]
    answers = at_once(*(lambda bid=bid: accepted(town, bid) for bid in bids))
    assert {one.code for one in answers if isinstance(one, Refusal)} == {"no_room"}
    assert len(won(answers)) == ROOM == sold(town, race.trip)[0]
    states = sorted(the_shipment(town, one).state for one in race.shipments)
    assert states == ["open"] * (FARMS - ROOM) + ["riding"] * ROOM
    assert (books(town).transfers, books(town).sum_cents, books(town).unbalanced) == (ROOM, 0, 0)


def test_a_crowd_on_a_trip_that_accepts_at_once_gets_no_more_than_there_is(market):
    trip = announced(market, ROOM, 0, 0, instant=True)
    farms = [newcomer(market, f"farm{number}") for number in range(FARMS)]
    sent_by = [(farm, sent(market, 1, farm)) for farm in farms]
    calls = (lambda farm=farm, one=one: bidden(market, trip, one, who=farm) for farm, one in sent_by)
    answers = at_once(*calls)
    assert len(won(answers)) == ROOM == sold(market, trip)[0]


def test_one_shipment_on_two_trips_is_accepted_on_one(market):
    trips = [announced(market), announced(market)]
    shipment = sent(market)
    bids = [bidden(market, trip, shipment) for trip in trips]
    answers = at_once(*(lambda bid=bid: accepted(market, bid) for bid in bids))
    assert len(won(answers)) == 1
    assert sum(max(sold(market, trip)) for trip in trips) == 4


def test_two_acceptances_of_one_payer_never_cost_it_more_than_it_saves(market):
    """Each saving is counted on the other ride: the second decides anew."""
    trips = [announced(market), announced(market)]
    bids = [bidden(market, trip, sent(market, 2 + at)) for at, trip in enumerate(trips)]
    at_once(*(lambda bid=bid: accepted(market, bid) for bid in bids))
    rows = [the_bid(market, bid) for bid in bids]
    agreed = [row for row in rows if row.state == "accepted"]
    assert sum(row.price_cents for row in agreed) <= max(
        row.saved_cents + sum(one.price_cents for one in agreed if one.id != row.id) for row in agreed
    )
