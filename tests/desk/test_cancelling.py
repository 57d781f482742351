"""Cancelling after the cut-off, on both databases: what is owed by whom, and never more than was shown."""

import pytest

from pooling.desk.market.bids import withdraw_bid
from pooling.desk.market.bundles import BidWords, BundleWords, place_bundle
from pooling.desk.runs.freezing_rides import freeze_trip
from pooling.desk.runs.handovers import begin_run, end_run
from pooling.desk.trips.cancel_terms import terms_of_bid, terms_of_trip
from pooling.desk.trips.changing_series import cancel_following, except_day
from pooling.desk.trips.changing_trips import change_trip
from pooling.desk.trips.leaving_trips import leaving_costs
from pooling.desk.trips.letting_down import cancelling_costs
from pooling.desk.trips.trip_books import load_trip
from pooling.desk.trips.trips import announce_trip, cancel_trip
from pooling.pricing import shareable_cost
from pooling.regimes import Regime
from pooling.store.bids import bundle_of
from pooling.store.trips import find_trip
from tests.desk.desk_world import Looked
from tests.desk.market import (
    HOUR,
    TOMORROW,
    accepted,
    announced,
    bidden,
    books,
    newcomer,
    owes,
    read,
    sent,
    the_bid,
    the_shipment,
    trip_words,
)
from tests.desk.market_wire import series_wish
from tests.desk.test_market import done, refused
from tests.houses import MORNING

CUTOFF = MORNING + 6 * HOUR
SETS_OUT = TOMORROW + HOUR


@pytest.fixture
def market(market):
    yield market
    look(market)


def look(town):
    """Judge every promise of the house, read from its store."""
    with town.house.desk.store.view() as view:
        Looked(town.house.desk, view, {}).all()


def riding(town, *farms, cutoff_at=CUTOFF, **other):
    """Let farms ride on one trip with an early cut-off; returns it with their bids."""
    trip = announced(town, cutoff_at=cutoff_at, **other)
    bids = {farm: bidden(town, trip, sent(town, 4, farm), who=farm) for farm in farms or ("neighbour",)}
    for bid in bids.values():
        accepted(town, bid)
    return trip, bids


def leave(town, bids, farm="neighbour"):
    with town.house.desk.store.view() as view:
        told_cents = leaving_costs(town.house.desk, view, [the_bid(town, bids[farm])])
    done(town, withdraw_bid, bids[farm], farm)
    assert the_bid(town, bids[farm]).owed_cents == told_cents
    return told_cents


def cap_left(town, trip):
    book = read(town, lambda view, one: load_trip(town.house.desk, view, find_trip(view, one)), trip).book
    assert book.received_cents <= shareable_cost(book.route).total_cents
    assert book.owner_cents <= book.announced_cents


@pytest.mark.parametrize(
    ("at", "percent"),
    [
        (CUTOFF - 1, 0),
        (CUTOFF, 25),
        (SETS_OUT - 12 * HOUR - 1, 25),
        (SETS_OUT - 12 * HOUR, 50),
        (SETS_OUT - 2 * HOUR, 75),
        (SETS_OUT - 1, 75),
    ],
)
def test_a_guest_that_leaves_owes_the_share_of_its_hour(town, clock, at, percent):
    trip, bids = riding(town)
    price_cents = the_bid(town, bids["neighbour"]).price_cents
    clock.at = at
    assert leave(town, bids) == price_cents * percent // 100
    row = the_bid(town, bids["neighbour"])
    assert (row.state, row.late_by) == ("withdrawn", "payer" if percent else "")
    assert row.late_cents == row.owed_cents
    assert the_shipment(town, row.shipment_id).state == "open"
    assert owes(town, "neighbour") == {"pending": -row.owed_cents, "posted": 0}
    cap_left(town, trip)
    look(town)


def test_what_a_late_leaver_owes_is_owed_once_the_trip_has_run(market, clock):
    trip, bids = riding(market)
    clock.at = SETS_OUT - HOUR
    owed_cents = leave(market, bids)
    driver = lambda: (market.actor("farm"), market.ask("farm"))  # noqa: E731
    manifest = freeze_trip(market.house.desk, *driver(), trip)
    begin_run(market.house.desk, *driver(), manifest)
    end_run(market.house.desk, *driver(), manifest)
    assert owed_cents and owes(market, "neighbour") == {"pending": 0, "posted": -owed_cents}
    assert owes(market, "farm") == {"pending": 0, "posted": owed_cents}


def test_all_who_leave_late_together_never_bring_the_owner_more_than_its_cost(market, clock):
    farms = [newcomer(market, f"farm{number}") for number in range(4)]
    trip, bids = riding(market, *farms)
    prices = {farm: the_bid(market, bid).price_cents for farm, bid in bids.items()}
    clock.at = SETS_OUT - HOUR
    for farm in farms:
        assert leave(market, bids, farm) <= prices[farm]
        cap_left(market, trip)
    look(market)


def test_a_registered_carrier_is_owed_the_whole_share(town, clock):
    """Its price is free: no cost bounds what it receives, only the price that was agreed."""
    words = trip_words(town, owner="carrier", regime=Regime.TRANSPORTEUR, cutoff_at=CUTOFF)
    trip = announce_trip(town.house.desk, town.actor("carrier"), town.ask("carrier"), words)
    bids = {"neighbour": bidden(town, trip, sent(town), 900)}
    accepted(town, bids["neighbour"], "carrier")
    clock.at = SETS_OUT - HOUR
    assert leave(town, bids) == 900 * 75 // 100


def test_after_the_freeze_nobody_leaves(town, clock):
    trip, bids = riding(town)
    freeze_trip(town.house.desk, town.actor("farm"), town.ask("farm"), trip)
    assert refused(lambda: done(town, withdraw_bid, bids["neighbour"], "neighbour")).code == "trip_not_open"


def test_a_bundle_leaves_late_whole(town, clock):
    trip = announced(town, cutoff_at=CUTOFF)
    wanted = tuple(BidWords(trip, sent(town, number), 4_000) for number in (4, 3))
    bundle = place_bundle(
        town.house.desk, town.actor("neighbour"), town.ask("neighbour"), BundleWords("all", wanted)
    )
    bids = [one.id for one in read(town, bundle_of, bundle)]
    accepted(town, bids[0])
    clock.at = SETS_OUT - 13 * HOUR
    with town.house.desk.store.view() as view:
        told_cents = leaving_costs(town.house.desk, view, [the_bid(town, one) for one in bids])
    most_cents = sum(the_bid(town, one).price_cents for one in bids)
    done(town, withdraw_bid, bids[1], "neighbour")
    owed = [the_bid(town, one).owed_cents for one in bids]
    assert sum(owed) == told_cents and 0 < told_cents <= most_cents
    look(town)


@pytest.mark.parametrize(("at", "percent"), [(CUTOFF - 1, 0), (CUTOFF, 25), (SETS_OUT + HOUR, 100)])
def test_an_owner_that_cancels_owes_each_guest_the_share_of_its_hour(market, clock, at, percent):
    farms = [newcomer(market, f"farm{number}") for number in range(2)]
    trip, bids = riding(market, *farms)
    clock.at = at
    owed = [the_bid(market, bid).price_cents * percent // 100 for bid in bids.values()]
    assert read(market, lambda view, one: cancelling_costs(view, find_trip(view, one)), trip) == sum(owed)
    wish = market.ask("farm")
    for _ in range(2):
        cancel_trip(market.house.desk, market.actor("farm"), wish, trip, None)
    assert [the_bid(market, bid).compensation_cents for bid in bids.values()] == owed
    assert [owes(market, farm) for farm in farms] == [{"pending": 0, "posted": each} for each in owed]
    assert owes(market, "farm") == {"pending": 0, "posted": -sum(owed)}
    assert {the_bid(market, bid).late_by for bid in bids.values()} == {"owner" if percent else ""}
    assert (books(market).sum_cents, books(market).unbalanced) == (0, 0)


def test_a_leaver_owes_nothing_more_where_the_owner_cancels_after_it(town, clock):
    trip, bids = riding(town)
    clock.at = SETS_OUT - HOUR
    leave(town, bids)
    done(town, cancel_trip, trip, "farm")
    row = the_bid(town, bids["neighbour"])
    assert (row.owed_cents, row.late_cents, row.late_by) == (0, 0, "payer")
    assert owes(town, "neighbour") == {"pending": 0, "posted": 0}


def test_terms_that_a_bid_was_told_hold_where_the_owner_changes_its_cutoff(town, clock):
    trip, bids = riding(town, cutoff_at=TOMORROW)
    sooner = trip_words(town, cutoff_at=CUTOFF)
    change_trip(town.house.desk, town.actor("farm"), town.ask("farm"), trip, None, sooner)
    clock.at = CUTOFF + HOUR
    with town.house.desk.store.view() as view:
        now = terms_of_trip(view, find_trip(view, trip))
        terms = terms_of_bid(the_bid(town, bids["neighbour"]), now)
    assert now.is_late(clock.at) and not terms.is_late(clock.at)
    assert leave(town, bids) == 0


def test_days_of_a_series_that_are_left_out_or_cancelled_are_cancelled_by_the_same_terms(town, clock, client):
    series = client.post("/api/v1/trip-series", json=series_wish(town), headers=town.headers("farm")).json()
    items = client.get("/api/v1/trips", headers=town.headers("farm")).json()["items"]
    first = min(items, key=lambda one: one["day"])["id"]
    bid = accepted(town, bidden(town, first, sent(town)))
    clock.at = TOMORROW + 1
    day = read(town, find_trip, first).series_day
    except_day(town.house.desk, town.actor("farm"), town.ask("farm"), series["id"], None, day, None)
    row = the_bid(town, bid)
    assert row.compensation_cents == row.price_cents * 75 // 100 > 0
    cancel_following(town.house.desk, town.actor("farm"), town.ask("farm"), series["id"], None, day)
    assert the_bid(town, bid) == row
