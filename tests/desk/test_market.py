"""Trips, bids and room at the desk: what may be agreed, what is kept, and what is given back."""

from dataclasses import replace
from functools import partial

import pytest

from geodata.refusal import Refusal
from pooling.desk.goods.shipments import cancel_shipment, change_shipment, enter_shipment
from pooling.desk.market.bids import (
    counter_bid,
    expire_due,
    refuse_bid,
    take_counter,
    withdraw_bid,
)
from pooling.desk.market.offers import find_offers
from pooling.desk.market.placing import price_in_sight
from pooling.desk.trips.trip_books import load_trip
from pooling.desk.trips.trips import StopWords, announce_trip, cancel_trip
from pooling.load import UNLIMITED
from pooling.regimes import Regime
from pooling.store.trips import find_trip
from routing.check import check
from tests.desk.market import (
    HOUR,
    TOMORROW,
    accepted,
    announced,
    bidden,
    books,
    crates,
    newcomer,
    owes,
    sent,
    sold,
    the_bid,
    the_shipment,
    the_trip,
    trip_words,
)
from tests.houses import MORNING


def refused(call) -> Refusal:
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value


def done(town, act, bid, who, *more):
    return act(town.house.desk, town.actor(who), town.ask(who), bid, None, *more)


def test_an_accepted_bid_rides_keeps_its_room_and_is_owed(town):
    trip, shipment = announced(town), sent(town)
    bid = bidden(town, trip, shipment)
    assert the_bid(town, bid).state == "open"
    accepted(town, bid)
    row = the_bid(town, bid)
    assert (row.state, the_shipment(town, shipment).state) == ("accepted", "riding")
    assert 0 < row.price_cents <= 5_000
    assert row.pickup_from_at <= row.pickup_at <= row.pickup_until_at
    assert row.drop_from_at <= row.drop_at <= row.drop_until_at
    assert sold(town, trip) == [4 if row.first_leg <= leg <= row.last_leg else 0 for leg in range(3)]
    assert owes(town, "neighbour") == {"pending": -row.price_cents, "posted": 0}
    assert books(town).sum_cents == 0


def test_the_price_of_acceptance_is_the_price_of_the_offer_when_nothing_moved(town):
    trip, shipment = announced(town), sent(town)
    (offer,) = find_offers(town.house.desk, town.actor("neighbour"), shipment).rides
    bid = bidden(town, trip, shipment, 50_000)
    assert the_bid(town, bid).price_cents == offer.price_cents
    accepted(town, bid)
    row = the_bid(town, bid)
    assert (row.price_cents, row.pickup_at, row.drop_at) == (
        offer.price_cents,
        offer.pickup_at,
        offer.drop_at,
    )


def test_crates_that_were_not_entered_get_the_same_offer(town):
    announced(town)
    asked = find_offers(town.house.desk, town.actor("neighbour"), crates(town)).rides
    stands = find_offers(town.house.desk, town.actor("neighbour"), sent(town)).rides
    assert asked == stands and asked


def test_a_bid_below_the_detour_is_refused_at_once_with_what_would_do(town):
    trip, shipment = announced(town), sent(town)
    refusal = refused(lambda: bidden(town, trip, shipment, 1))
    assert refusal.code == "bid_below_detour"
    floor_cents = int(refusal.facts["floor"])
    assert refused(lambda: bidden(town, trip, shipment, floor_cents - 1)).code == "bid_below_detour"
    assert bidden(town, trip, shipment, floor_cents)


def test_a_payer_that_is_no_farm_is_refused_by_the_law_under_cost_sharing(town):
    trip = announced(town)
    shipment = sent(town, 2, "restaurant", "shop")
    assert refused(lambda: bidden(town, trip, shipment, who="restaurant")).code == "payer_not_a_farm"


def test_room_is_kept_on_each_leg_and_the_full_one_is_named(town):
    trip = announced(town, 5, 0, 0)
    accepted(town, bidden(town, trip, sent(town, 3)))
    assert sold(town, trip) == [3, 0, 0]
    dairy = newcomer(town, "dairy")
    refusal = refused(lambda: bidden(town, trip, sent(town, 3, dairy), who=dairy))
    assert refusal.code == "no_room"
    assert (refusal.facts["leg_from"], refusal.facts["leg_to"], refusal.facts["free"]) == (
        "Farm",
        "Restaurant",
        2,
    )
    mill, orchard = newcomer(town, "mill"), newcomer(town, "orchard")
    assert bidden(town, trip, sent(town, 2, mill), who=mill)
    onwards = sent(town, 3, orchard, "shop")
    assert refused(lambda: bidden(town, trip, onwards, who=orchard)).code == "no_room"


def test_a_refusal_tells_nothing_of_other_guests(town):
    trip = announced(town, 5, 5, 5)
    other = sent(town, 3)
    accepted(town, bidden(town, trip, other))
    refusal = refused(lambda: bidden(town, trip, sent(town, 3)))
    assert "slot" not in refusal.facts and other not in str(refusal.facts)


def test_a_trip_that_accepts_at_once_does(town):
    trip, shipment = announced(town, instant=True), sent(town)
    assert the_bid(town, bidden(town, trip, shipment)).state == "accepted"
    assert the_shipment(town, shipment).rides_id == trip


def test_other_open_bids_of_a_shipment_end_when_one_is_accepted(town):
    one, other = announced(town), announced(town)
    shipment = sent(town)
    bids = [bidden(town, trip, shipment) for trip in (one, other)]
    accepted(town, bids[0])
    assert [the_bid(town, bid).state for bid in bids] == ["accepted", "withdrawn"]
    assert refused(lambda: accepted(town, bids[1])).code == "bid_closed"


def test_one_bid_of_a_shipment_stands_on_a_trip(town):
    trip, shipment = announced(town), sent(town)
    bidden(town, trip, shipment)
    assert refused(lambda: bidden(town, trip, shipment)).code == "bid_stands"


def test_withdrawing_after_acceptance_gives_everything_back(town):
    trip, shipment = announced(town), sent(town)
    before = the_trip(town, trip).plan
    bid = bidden(town, trip, shipment)
    accepted(town, bid)
    done(town, withdraw_bid, bid, "neighbour")
    assert sold(town, trip) == [0, 0, 0]
    assert (the_bid(town, bid).state, the_shipment(town, shipment).state) == ("withdrawn", "open")
    assert owes(town, "neighbour") == {"pending": 0, "posted": 0}
    assert the_trip(town, trip).plan == before
    assert books(town) == replace(books(town), sum_cents=0, unbalanced=0)
    assert bidden(town, trip, shipment)


def test_after_the_cutoff_nothing_is_agreed_and_once_it_set_out_nothing_withdrawn(town, clock):
    trip, shipment = announced(town), sent(town)
    riding, late = bidden(town, trip, shipment), sent(town, 1, end="shop")
    accepted(town, riding)
    waiting = bidden(town, trip, late)
    clock.at = TOMORROW
    assert refused(lambda: accepted(town, waiting)).code in ("bid_expired", "cutoff_passed")
    assert refused(lambda: bidden(town, trip, sent(town, 1))).code == "cutoff_passed"
    clock.at = TOMORROW + HOUR
    assert refused(lambda: done(town, withdraw_bid, riding, "neighbour")).code == "trip_set_out"


def test_an_answer_time_counts_waking_hours(town, clock):
    clock.at = MORNING + 15 * HOUR  # 21:00
    trip = announced(town, cutoff_at=TOMORROW + HOUR)
    bid = bidden(town, trip, sent(town))
    assert the_bid(town, bid).expires_at == TOMORROW + HOUR  # 9:00 next morning, were it not for the cut-off
    clock.at = MORNING + 2 * HOUR
    another = sent(town, end="shop")
    assert the_bid(town, bidden(town, announced(town), another)).expires_at == MORNING + 6 * HOUR


def test_bids_expire_once_and_are_told(town, clock):
    trip = announced(town)
    bid = bidden(town, trip, sent(town))
    assert expire_due(town.house.desk) == 0
    clock.forward(4 * HOUR)
    assert refused(lambda: accepted(town, bid)).code == "bid_expired"
    assert [expire_due(town.house.desk), expire_due(town.house.desk)] == [1, 0]
    assert the_bid(town, bid).state == "expired"


def test_a_counter_is_taken_by_the_payer_alone_and_is_the_ceiling(town):
    trip = _carriers(town)
    shipment = sent(town)
    offer = find_offers(town.house.desk, town.actor("neighbour"), shipment).rides[0]
    bid = bidden(town, trip, shipment, offer.floor_cents)
    asked_cents = offer.floor_cents + 50
    assert refused(lambda: done(town, take_counter, bid, "neighbour")).code == "not_countered"
    done(town, counter_bid, bid, "carrier", asked_cents)
    assert the_bid(town, bid).most_cents == offer.floor_cents
    assert refused(lambda: done(town, take_counter, bid, "carrier")).code == "not_allowed"
    done(town, take_counter, bid, "neighbour")
    assert (the_bid(town, bid).state, the_bid(town, bid).price_cents) == ("accepted", asked_cents)


def test_a_counter_under_cost_sharing_moves_the_ceiling_and_tells_what_is_paid(town):
    trip, shipment = announced(town), sent(town)
    offer = find_offers(town.house.desk, town.actor("neighbour"), shipment).rides[0]
    enough, low = bidden(town, trip, shipment, offer.price_cents + 500), offer.price_cents - 1
    done(town, counter_bid, enough, "farm", offer.price_cents + 900)
    countered = the_bid(town, enough)
    assert (countered.price_cents, countered.counter_cents) == (offer.price_cents, offer.price_cents + 900)
    done(town, counter_bid, enough, "farm", low)
    assert the_bid(town, enough).price_cents == low
    done(town, take_counter, enough, "neighbour")
    assert the_bid(town, enough).price_cents == low


def test_an_owner_never_learns_by_a_counter_what_riding_is_worth_to_a_payer(town):
    trip, shipment = announced(town), sent(town)
    offer = find_offers(town.house.desk, town.actor("neighbour"), shipment).rides[0]
    bid = bidden(town, trip, shipment, offer.price_cents - 1)
    done(town, counter_bid, bid, "farm", 100_000)
    row = the_bid(town, bid)
    assert price_in_sight(row, to_payer=True) == offer.price_cents
    assert price_in_sight(row, to_payer=False) is None
    done(town, take_counter, bid, "neighbour")
    assert price_in_sight(the_bid(town, bid), to_payer=False) == offer.price_cents


def _carriers(town) -> str:
    """A carrier's trip from its yard past the restaurant and the shop, and home."""
    words = trip_words(town, regime=Regime.TRANSPORTEUR, owner="carrier")
    yard = town.sites["carrier"]
    first, *between, last = words.stops
    stops = (replace(first, site_id=yard), *between, replace(last, site_id=yard))
    words = replace(words, stops=stops, detour_s=3600)
    return announce_trip(town.house.desk, town.actor("carrier"), town.ask("carrier"), words)


def test_cancelling_a_trip_frees_everybody(town):
    trip, shipment = announced(town), sent(town)
    before = the_trip(town, trip).plan
    dairy = newcomer(town, "dairy")
    riding, waiting = bidden(town, trip, shipment), bidden(town, trip, sent(town, 1, dairy), who=dairy)
    accepted(town, riding)
    done(town, cancel_trip, trip, "farm")
    assert [the_bid(town, bid).state for bid in (riding, waiting)] == ["refused", "refused"]
    assert "trip_cancelled" in the_bid(town, riding).reason
    assert (the_shipment(town, shipment).state, sold(town, trip)) == ("open", [0, 0, 0])
    assert the_trip(town, trip).plan == before
    assert owes(town, "neighbour") == {"pending": 0, "posted": 0}


def test_a_trip_that_no_drive_could_make_is_refused(town):
    words = trip_words(town)
    first, second, *rest = words.stops
    hasty = replace(words, stops=(first, replace(second, opens_at=TOMORROW, closes_at=TOMORROW + 60), *rest))
    call = partial(announce_trip, town.house.desk, town.actor("farm"), town.ask("farm"), hasty)
    assert refused(call).code == "trip_impossible"


def test_a_trip_under_a_regime_that_is_not_its_owners_is_refused(town):
    for regime, code in ((Regime.TRANSPORTEUR, "licence_missing"), (Regime.GROUPEMENT, "not_in_group")):
        assert refused(lambda regime=regime: announced(town, regime=regime)).code == code


def test_what_rides_cannot_be_changed_or_cancelled(town):
    trip, shipment = announced(town), sent(town)
    accepted(town, bidden(town, trip, shipment))
    neighbour = town.actor("neighbour")
    change = partial(
        change_shipment, town.house.desk, neighbour, town.ask("neighbour"), shipment, None, crates(town)
    )
    cancel = partial(cancel_shipment, town.house.desk, neighbour, town.ask("neighbour"), shipment, None)
    assert [refused(change).code, refused(cancel).code] == ["shipment_not_open", "shipment_not_open"]


def test_a_shipments_hours_are_narrowed_to_those_of_the_sites_and_end_with_the_next_day(town):
    enter = partial(enter_shipment, town.house.desk, town.actor("neighbour"), town.ask("neighbour"))
    late = crates(town, deliver_by_at=TOMORROW + 50 * HOUR)
    over = crates(
        town,
        ready_at=MORNING - 9,
        pickup_by_at=MORNING - 8,
        deliver_from_at=MORNING - 7,
        deliver_by_at=MORNING,
    )
    hasty = crates(town, pickup_by_at=TOMORROW + 60, deliver_by_at=TOMORROW + 60)
    assert [refused(partial(enter, one)).code for one in (late, over, hasty)] == [
        "beyond_next_day",
        "hours_past",
        "hours_impossible",
    ]


def test_crates_may_wait_in_a_neighbours_yard_where_a_farm_pays(town):
    enter = partial(enter_shipment, town.house.desk)
    elsewhere = replace(crates(town), from_site_id=town.sites["farm"])
    assert enter(town.actor("neighbour"), town.ask("neighbour"), elsewhere)
    bought = replace(crates(town, start="restaurant", end="shop"), from_site_id=town.sites["farm"])
    assert (
        refused(partial(enter, town.actor("restaurant"), town.ask("restaurant"), bought)).code
        == "pickup_elsewhere"
    )


@pytest.mark.parametrize("seed", range(3))
def test_a_later_acceptance_never_breaks_a_promised_hour(town, seed):
    """The checker judges the stored plan, each guest's request narrowed to what was promised to it."""
    trip = announced(town, 30, 30, 30)
    ends = ["restaurant", "shop", "farm"]
    promised, payers = {}, {}
    farms = ["neighbour", *(newcomer(town, f"farm{number}", "carrier") for number in range(3))]
    for number, farm in enumerate(farms):
        words = {
            "end": ends[(seed + number) % 3],
            "deliver_by_at": TOMORROW + (3 + (seed + number) % 3) * HOUR,
        }
        try:
            bid = bidden(town, trip, sent(town, 1 + number, farm, **words), who=farm)
        except Refusal:
            continue
        accepted(town, bid)
        row = the_bid(town, bid)
        payers[bid] = farm
        promised[bid] = (row.pickup_from_at, row.pickup_until_at, row.drop_from_at, row.drop_until_at)
        with town.house.desk.store.view() as view:
            book = load_trip(town.house.desk, view, find_trip(view, trip)).book
        assert check(book.problem, book.plan) == ()
        assert book.owner_cents <= book.announced_cents
        for one, hours in promised.items():
            kept = the_bid(town, one)
            assert hours[0] <= kept.pickup_at <= hours[1] and hours[2] <= kept.drop_at <= hours[3]
    assert len(promised) >= 2
    for bid in promised:
        done(town, withdraw_bid, bid, payers[bid])
        with town.house.desk.store.view() as view:
            book = load_trip(town.house.desk, view, find_trip(view, trip)).book
        assert check(book.problem, book.plan) == ()
        assert book.owner_cents <= book.announced_cents + owes(town, "farm")["posted"]
    assert sold(town, trip) == [0, 0, 0] and books(town).sum_cents == 0


def test_only_the_owner_answers_and_a_stranger_is_told_nothing(town):
    trip, shipment = announced(town), sent(town)
    bid = bidden(town, trip, shipment)
    assert refused(lambda: accepted(town, bid, "neighbour")).code == "not_allowed"
    assert refused(lambda: accepted(town, bid, "shop")).code == "not_found"
    assert refused(lambda: done(town, refuse_bid, bid, "shop")).code == "not_found"
    assert refused(lambda: bidden(town, trip, sent(town), who="shop")).code == "not_found"
    done(town, refuse_bid, bid, "farm")
    assert the_bid(town, bid).state == "refused"


def test_a_stored_plan_is_read_back_as_it_was_agreed_when_a_site_moves(town):
    from pooling.desk.goods.sites import SiteWords, change_site

    trip = announced(town)
    accepted(town, bidden(town, trip, sent(town)))
    desk = town.house.desk
    moved = SiteWords("Neighbour", 43.7420, 7.4220, 0, 86_400)
    change_site(desk, town.actor("neighbour"), town.ask("neighbour"), town.sites["neighbour"], None, moved)
    with desk.store.view() as view:
        stored = load_trip(desk, view, find_trip(view, trip))
    assert check(stored.book.problem, stored.book.plan) == ()
    assert stored.standing.day.sites[town.sites["neighbour"]].place.lat == 43.7383


def test_unlimited_weight_is_a_cap_like_any_other():
    assert StopWords("site_a", 0, 0, (1, 0, 0, UNLIMITED)).free[3] == 500_000


def test_of_many_trips_those_are_tried_that_pass_nearest_by_the_road(town, monkeypatch):
    """One trip of three passes by; where only one may be tried, it is that one, whatever its age."""
    elsewhere = tuple(
        StopWords(town.sites[site], TOMORROW + opens * HOUR, TOMORROW + (opens + 2) * HOUR, (20, 0, 0, 1000))
        for site, opens in (("shop", 0), ("farm", 2))
    )
    for _ in range(2):
        words = replace(trip_words(town, detour_s=60), stops=elsewhere)
        announce_trip(town.house.desk, town.actor("farm"), town.ask("farm"), words)
    near = announced(town)
    everything = find_offers(town.house.desk, town.actor("neighbour"), crates(town))
    monkeypatch.setattr("pooling.desk.market.offers.TRIPS_TRIED_LIMIT", 1)
    nearest = find_offers(town.house.desk, town.actor("neighbour"), crates(town))
    assert [offer.ride_id for offer in everything.rides] == [near]
    assert nearest.rides == everything.rides
    assert (len(everything.others), nearest.others) == (2, ())
