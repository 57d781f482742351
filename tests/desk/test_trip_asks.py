"""What a trip's owner asks: for an hour of its detour, and per crate where it is a registered carrier."""

from dataclasses import replace

from pooling.desk.market.clearing_trips import propose_clearing
from pooling.desk.market.offers import find_offers
from pooling.desk.trips.changing_trips import change_trip
from pooling.desk.trips.trips import announce_trip
from pooling.regimes import Regime
from tests.desk.bundling import bundled
from tests.desk.market import (
    HOUR,
    TOMORROW,
    accepted,
    announced,
    bidden,
    newcomer,
    sent,
    the_bid,
    the_trip,
    trip_words,
)
from tests.desk.market_wire import series_wish, trip_wish
from tests.desk.test_market import refused


def hired(town, asked_cents) -> str:
    words = trip_words(town, owner="carrier", regime=Regime.TRANSPORTEUR, asked_cents=asked_cents)
    return announce_trip(town.house.desk, town.actor("carrier"), town.ask("carrier"), words)


def unhurried(town, **asks) -> str:
    """Announce a trip that waits nowhere, so that each minute of a detour is one more at the wheel."""
    words = trip_words(town, **asks)
    stops = tuple(replace(stop, opens_at=TOMORROW, closes_at=TOMORROW + 6 * HOUR) for stop in words.stops)
    words = replace(words, stops=stops, cutoff_at=TOMORROW)
    return announce_trip(town.house.desk, town.actor("farm"), town.ask("farm"), words)


def offered(town, shipment):
    return find_offers(town.house.desk, town.actor("neighbour"), shipment).rides


def test_an_owner_that_gives_its_time_is_offered_for_less_and_says_so(town):
    counted, given = unhurried(town), unhurried(town, hour_cents=0)
    shipment = sent(town)
    offers = {one.ride_id: one for one in offered(town, shipment)}
    assert offers[given].floor_cents < offers[counted].floor_cents
    assert offers[given].price_cents < offers[counted].price_cents
    assert (offers[given].asks, offers[counted].asks) == ((0, 0), (1500, 0))
    floor_cents = offers[given].floor_cents
    assert refused(lambda: bidden(town, given, shipment, floor_cents - 1)).code == "bid_below_detour"
    bid = accepted(town, bidden(town, given, shipment, floor_cents))
    assert the_bid(town, bid).price_cents == floor_cents


def test_below_what_a_carrier_asks_per_crate_nothing_is_offered_bid_or_chosen(town):
    trip, shipment = hired(town, 300), sent(town)
    (offer,) = offered(town, shipment)
    assert (offer.floor_cents, offer.price_cents, offer.asks) == (1_200, 1_200, (1500, 300))
    refusal = refused(lambda: bidden(town, trip, shipment, 1_199))
    assert (refusal.code, int(refusal.facts["asked"])) == ("bid_below_asked", 1_200)
    dairy = newcomer(town, "dairy")
    pair = [(trip, sent(town, crates, dairy), 1_000) for crates in (4, 3)]
    assert refused(lambda: bundled(town, "all", *pair, who=dairy)).code == "dearer_than_alone"
    meant = refused(lambda: bundled(town, "all", *pair, who=dairy, above_alone=True))
    assert (meant.code, int(meant.facts["asked"])) == ("bid_below_asked", 2_100)
    bid = bidden(town, trip, shipment, 1_200)
    words = trip_words(town, owner="carrier", regime=Regime.TRANSPORTEUR, asked_cents=301)
    change_trip(town.house.desk, town.actor("carrier"), town.ask("carrier"), trip, None, words)
    assert refused(lambda: accepted(town, bid, "carrier")).code == "bid_below_asked"
    proposal = propose_clearing(town.house.desk, town.actor("carrier"), trip)
    assert not proposal.chosen and proposal.refused[bid].code == "bid_below_asked"


def test_with_guests_aboard_what_is_asked_can_only_fall(town):
    trip = announced(town)
    bid = accepted(town, bidden(town, trip, sent(town)))
    words, price_cents = trip_words(town), the_bid(town, bid).price_cents

    def changed(cents):
        new = replace(words, hour_cents=cents)
        return change_trip(town.house.desk, town.actor("farm"), town.ask("farm"), trip, None, new)

    assert refused(lambda: changed(1_501)).code == "asked_more"
    changed(0)
    assert the_trip(town, trip).hour_cents == 0 and the_bid(town, bid).price_cents <= price_cents
    assert refused(lambda: changed(1)).code == "asked_more"


def test_only_a_registered_carrier_asks_per_crate(town):
    assert refused(lambda: announced(town, asked_cents=400)).code == "asked_by_no_carrier"


def test_a_series_keeps_what_is_asked(client, town):
    wish = series_wish(town, hour_cents=0)
    series = client.post("/api/v1/trip-series", json=wish, headers=town.headers("farm")).json()
    trip = series["occurrences"][0]["trip"]
    shown = client.get(f"/api/v1/trips/{trip}", headers=town.headers("shop")).json()
    assert (shown["hour_cents"], shown["asked_cents"]) == (0, 0)
    plain = client.post("/api/v1/trips", json=trip_wish(town), headers=town.headers("farm"))
    assert plain.json()["hour_cents"] == 1500
