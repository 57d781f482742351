"""A private person receives no more in a year than the law lets it, whatever is accepted at once."""

from dataclasses import replace

import pytest

from geodata.refusal import Refusal
from pooling.desk.desk import Moved
from pooling.desk.trips.changing_trips import decide_change, save_change
from pooling.desk.trips.private_years import year_so_far
from pooling.desk.trips.trips import announce_trip
from pooling.regimes import Regime
from pooling.store.people import party
from pooling.store.trips import find_trip
from tests.desk.bundling import bundled
from tests.desk.market import accepted, bidden, books, newcomer, sent, the_bid, the_trip, trip_words
from tests.desk.servers import at_once
from tests.desk.test_market import refused


@pytest.fixture
def pair(market):
    """Let Anne, Ben and Cara, private persons, settle."""
    newcomer(market, "anne", "farm", role="private")
    for name in ("ben", "cara"):
        newcomer(market, name, "neighbour", role="private")
    return market


def asked(town, who="ben", regime=Regime.COTRANSPORT_PRIVE):
    """Let somebody bid on a new trip of Anne's; returns the bid."""
    words = trip_words(town, owner="anne", regime=regime)
    trip = announce_trip(town.house.desk, town.actor("anne"), town.ask("anne"), words)
    return bidden(town, trip, sent(town, 2, who, "restaurant"), 3_000, who=who)


def capped(town, cents):
    """Let the house cap the year of a private person at so much."""
    object.__setattr__(town.house, "desk", replace(town.house.desk, private_year_cents=cents))


def received(town, name="anne"):
    with town.house.desk.store.view() as view:
        year = year_so_far(town.house.desk, view, town.parties[name])
    return year and year.received_cents


def test_a_private_person_agrees_to_no_more_than_the_cap_of_the_year_and_others_are_not_told_why(pair):
    first, second = asked(pair), asked(pair)
    assert accepted(pair, first, who="anne") == first
    cents = the_bid(pair, first).price_cents
    capped(pair, cents + 1)
    refusal = refused(lambda: accepted(pair, second, who="anne"))
    assert (refusal.code, {name: int(fact) for name, fact in refusal.facts.items()}) == (
        "above_yearly_cap",
        {"cap": cents + 1},
    )
    assert (received(pair), received(pair, "farm")) == (cents, None)
    trip = the_bid(pair, second).trip_id
    both = ((trip, sent(pair, 1, "cara", "restaurant"), 900) for _ in range(2))
    assert refused(lambda: bundled(pair, "all", *both, who="cara")).code == "above_yearly_cap"


def test_two_acceptances_at_once_on_two_trips_stay_under_the_cap_together(pair):
    bids, probe = [asked(pair, "ben"), asked(pair, "cara")], asked(pair)
    accepted(pair, probe, who="anne")
    cents = the_bid(pair, probe).price_cents
    capped(pair, 2 * cents + 1)
    answers = at_once(*(lambda one=one: accepted(pair, one, who="anne") for one in bids))
    assert [one.code for one in answers if isinstance(one, Refusal)] == ["above_yearly_cap"]
    assert cents < received(pair) <= 2 * cents + 1 and books(pair).sum_cents == 0


def grouped(town, *names):
    """Let private persons be of one group, as its steward confirmed."""
    of_them = party.c.id.in_([town.parties[one] for one in names])
    same = {"group_name": "Valley", "group_confirmed_at": town.clock.now()}
    town.house.desk.store.change(
        lambda tx: tx.connection.execute(party.update().where(of_them).values(**same))
    )


def became_private(town, trip):
    """Decide that a trip of Anne's is one of private persons; returns what saves it."""
    desk, words = town.house.desk, trip_words(town, owner="anne", regime=Regime.COTRANSPORT_PRIVE)
    with desk.store.view() as view:
        decided = decide_change(desk, view, find_trip(view, trip), words)
    return lambda: desk.store.change(lambda tx: save_change(desk, tx, decided, {}))


def test_a_trip_that_becomes_one_of_private_persons_is_lowered_into_what_is_left_of_the_year(pair):
    grouped(pair, "anne", "ben")
    aboard = asked(pair, regime=Regime.GROUPEMENT)
    accepted(pair, aboard, who="anne")
    cents, trip = the_bid(pair, aboard).price_cents, the_bid(pair, aboard).trip_id
    assert (cents > 0, received(pair)) == (True, 0)
    other = asked(pair, "cara")
    stale = became_private(pair, trip)
    accepted(pair, other, who="anne")
    with pytest.raises(Moved):
        stale()
    assert the_trip(pair, trip).regime == Regime.GROUPEMENT
    capped(pair, received(pair) + cents - 1)
    became_private(pair, trip)()
    assert (the_bid(pair, aboard).price_cents, received(pair)) == (
        cents - 1,
        pair.house.desk.private_year_cents,
    )
    assert books(pair).sum_cents == 0
