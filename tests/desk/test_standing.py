"""A van that stands at a stop: a mobile grocer's round, where whoever comes joins without a detour."""

from dataclasses import replace

from pooling.desk.goods.shipments import enter_shipment
from pooling.desk.market.offers import find_offers
from pooling.desk.trips.standing import standing
from pooling.desk.trips.trips import StopWords, announce_trip
from pooling.load import UNLIMITED
from pooling.store.trips import stops_of
from tests.desk.market import HOUR, TOMORROW, accepted, bidden, crates, sent, the_bid, trip_words
from tests.desk.market_wire import at, series_wish, trip_wish
from tests.desk.test_market import refused


def stop(town, site, opens, closes, room=20):
    hours = (TOMORROW + int(opens * HOUR), TOMORROW + int(closes * HOUR))
    return StopWords(town.sites[site], *hours, (room, 0, 0, UNLIMITED))


def grocer(town, *, stands=True, **other):
    """Announce the farm's round: it stands at the restaurant from half past seven until ten."""
    market = standing(stop(town, "restaurant", 1, 1.5), TOMORROW + 4 * HOUR)
    market = market if stands else (replace(market[0], stands=False), market[1])
    stops = (stop(town, "farm", 0, 1), *market, stop(town, "farm", 4, 6, 0))
    words = replace(trip_words(town, **({"detour_s": 3600, "hour_cents": 0} | other)), stops=stops)
    return announce_trip(town.house.desk, town.actor("farm"), town.ask("farm"), words)


def from_the_farm(town, opens, closes, **other):
    """Send crates from where the van begins to where it stands, to be there in some hours."""
    hours = {"deliver_from_at": TOMORROW + int(opens * HOUR), "deliver_by_at": TOMORROW + int(closes * HOUR)}
    words = replace(crates(town, **hours, **other), from_site_id=town.sites["farm"])
    return enter_shipment(town.house.desk, town.actor("neighbour"), town.ask("neighbour"), words)


def test_crates_for_where_the_van_stands_are_handed_over_at_any_hour_of_it_without_a_detour(town):
    trip = grocer(town)
    for opens in (1.5, 2.5, 3.75):
        shipment = from_the_farm(town, opens, opens + 0.25)
        (offer,) = find_offers(town.house.desk, town.actor("neighbour"), shipment).rides
        assert (offer.ride_id, offer.detour_s, offer.detour_m, offer.floor_cents) == (trip, 0, 0, 0)
        bid = the_bid(town, accepted(town, bidden(town, trip, shipment)))
        assert bid.detour_s == 0
        assert TOMORROW + opens * HOUR <= bid.drop_at <= TOMORROW + (opens + 0.25) * HOUR


def test_while_it_stands_it_fetches_nothing_elsewhere(town):
    away = {"ready_at": TOMORROW + 2 * HOUR, "pickup_by_at": TOMORROW + 3 * HOUR}
    shipment = sent(town, 4, "neighbour", "shop", **away, deliver_by_at=TOMORROW + int(3.5 * HOUR))
    leaves, stays = grocer(town, stands=False), grocer(town)
    found = find_offers(town.house.desk, town.actor("neighbour"), shipment)
    assert [one.ride_id for one in found.rides] == [leaves]
    refusal = refused(lambda: bidden(town, stays, shipment))
    assert refusal.code in ("pickup_hours_missed", "drop_hours_missed"), refusal
    assert bidden(town, leaves, shipment)
    said = replace(trip_words(town), stops=standing(stop(town, "restaurant", 0, 1), TOMORROW + 5 * HOUR))
    stall = announce_trip(town.house.desk, town.actor("farm"), town.ask("farm"), said)
    assert refused(lambda: bidden(town, stall, sent(town))).code == "outside_stops"


def test_a_stand_is_said_with_one_stop_over_http_and_kept_in_a_series_and_in_free_order(client, town):
    wish = trip_wish(town, hour_cents=0)
    wish["stops"][1] |= {"closes": at(1.5), "stands_until": at(4)}
    made = client.post("/api/v1/trips", json=wish, headers=town.headers("farm")).json()
    assert [one["stands"] for one in made["stops"]] == [False, True, False, False]
    assert made["stops"][1]["site"] == made["stops"][2]["site"] == town.sites["restaurant"]
    repeats = series_wish(town, free_order=True, hour_cents=0)
    repeats["stops"][0]["closes"] = "12:00"
    repeats["stops"][1] |= {"closes": "07:30", "stands_until": "10:00"}
    shop = {"site": town.sites["shop"], "opens": "06:00", "closes": "12:00", "ambient": 20}
    repeats["stops"].insert(1, shop)
    series = client.post("/api/v1/trip-series", json=repeats, headers=town.headers("farm")).json()
    trip = series["occurrences"][0]["trip"]
    with town.house.desk.store.view() as view:
        stops = stops_of(view, [trip])[trip]
    (stands,) = [number for number, one in enumerate(stops) if one.stands]
    assert stops[stands].site_id == stops[stands + 1].site_id == town.sites["restaurant"]
