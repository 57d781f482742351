"""
What a search finds is what trying its trips one by one finds, each read and judged by itself.

Its trips stay in the memory of a process, some of them since it started; between the searches some change.
"""

from contextlib import suppress
from random import Random

from geodata.corridor import Announced, corridor_of
from geodata.place import Place
from geodata.refusal import Refusal
from pooling.desk.goods.shipments import shipment_values
from pooling.desk.goods.sites import SiteWords, change_site
from pooling.desk.market import kept_trips
from pooling.desk.market import offers as market_offers
from pooling.desk.market.near_trips import FAR_LIMIT, FAR_S, ROUNDED_S
from pooling.desk.market.offer import NoOffer, Offer
from pooling.desk.market.offers import find_offers, offer_on_trip, unentered
from pooling.desk.trips.trips import announce_trip
from pooling.regimes import Regime
from pooling.store.sites import sites_by_id
from pooling.store.trips import points_of_day, trips_by_id
from tests.desk.market import HOUR, PLACES, TOMORROW, accepted, bidden, crates, newcomer, sent, trip_words
from tests.thorough import THOROUGH

TRIPS, GUESTS, TRIED = 20, 6, 14
SEARCHES = 120 if THOROUGH else 18
SEED = 11


def filled(town, random):
    """Let several farms and a carrier drive, with more or less room and patience; some have guests."""
    owners = ["farm", newcomer(town, "dairy"), newcomer(town, "mill", at="restaurant"), "carrier"]
    trips = []
    for _ in range(TRIPS):
        owner = random.choice(owners)
        room = [random.choice((0, 3, 8, 20)) for _ in range(3)]
        other = {"detour_s": random.choice((60, 300, 900, 1800))}
        other |= {"regime": Regime.TRANSPORTEUR} if owner == "carrier" else {}
        words = trip_words(town, *room, owner=owner, **other)
        trips.append((announce_trip(town.house.desk, town.actor(owner), town.ask(owner), words), owner))
    guests = 0
    for number, (trip, owner) in enumerate(trips[:GUESTS]):
        guest = newcomer(town, f"guest {number}")
        try:
            shipment = sent(town, random.randint(1, 3), guest)
            accepted(town, bidden(town, trip, shipment, who=guest), who=owner)
            guests += 1
        except Refusal:
            continue
    assert guests
    return trips


def changed(town, random, trips, number):
    """Let one more guest ride, or a site move, to other hours and another name."""
    if number % 2:
        trip, owner = random.choice(trips)
        with suppress(Refusal):
            guest = newcomer(town, f"later {number}")
            accepted(town, bidden(town, trip, sent(town, 1, guest), who=guest), who=owner)
    else:
        lat, lon, _ = PLACES["shop"]
        words = SiteWords(f"Shop {number}", lat + number / 10_000, lon, 5 * HOUR - number, 22 * HOUR)
        shop = town.sites["shop"]
        change_site(town.house.desk, town.actor("shop"), town.ask("shop"), shop, None, words)


def asked(town, random, payers):
    payer, opens = random.choice(payers), random.choice((0, 0, 1, 2))
    hours = {
        "ready_at": TOMORROW + opens * HOUR,
        "pickup_by_at": TOMORROW + (opens + random.choice((1, 4))) * HOUR,
        "deliver_by_at": TOMORROW + (opens + random.choice((1, 3, 6))) * HOUR,
    }
    end = random.choice(("restaurant", "shop"))
    return payer, crates(town, random.randint(1, 9), payer, end, **hours)


def nearest(desk, view, row):
    """Order the trips of the day by the detour that each would be by the road, all of them judged."""
    roads, points = desk.grounds.region.roads, points_of_day(view, row.day, 1_000)
    laid = [
        Announced(
            tuple(roads.snap(Place(lat=lat, lon=lon)) for lat, lon in one.stops),
            max(FAR_S, one.detour_s + ROUNDED_S),
        )
        for one in points.values()
    ]
    sites = sites_by_id(view, [row.from_site_id, row.to_site_id])
    ends = [roads.snap(sites[one].place) for one in (row.from_site_id, row.to_site_id)]
    ids = list(points)
    found = sorted((one.detour_s, ids[one.trip]) for one in corridor_of(laid, roads).exhaustive(*ends))
    near = [one for detour_s, one in found if detour_s <= points[one].detour_s + ROUNDED_S]
    far = [one for detour_s, one in found if detour_s > points[one].detour_s + ROUNDED_S]
    return (near[:TRIED] + far[:FAR_LIMIT])[:TRIED]


def plainly(town, words):
    """Try the nearest trips one by one, until there are enough."""
    desk = town.house.desk
    with desk.store.view() as view:
        row = unentered(view, shipment_values(desk, view, words))
        view = view.for_payer(row.payer_id)
        ids = nearest(desk, view, row)
        trips = trips_by_id(view, ids)
        found, lacking = [], market_offers.ENOUGH
        while lacking > 0 and len(found) < len(ids):
            some = ids[len(found) :][: max(market_offers.TRIED_LEAST, lacking)]
            found += [offer_on_trip(desk, view, trips[one], row) for one in some]
            lacking = market_offers.ENOUGH - sum(isinstance(one, Offer) for one in found)
    explained = market_offers.EXPLAINED if len(ids) <= market_offers.EXPLAINED else 4
    rides = sorted((one for one in found if isinstance(one, Offer)), key=Offer.rank)
    return rides, [one for one in found if isinstance(one, NoOffer)][:explained]


def told(one):
    return one.ride_id, one.owner_name, one.refusal.code, one.refusal.sentence, one.refusal.cure


def test_a_search_finds_what_trying_trips_one_by_one_finds(town, monkeypatch):
    monkeypatch.setattr(market_offers, "TRIPS_TRIED_LIMIT", TRIED)
    random = Random(SEED)
    trips = filled(town, random)
    kept_trips.keep_ahead(town.house.desk, market_offers.get_ready(town.house.desk))
    payers = ["neighbour", newcomer(town, "orchard"), newcomer(town, "hives", at="shop"), "farm"]
    offered = refused = 0
    for number in range(SEARCHES):
        if number % 4 == 3:
            changed(town, random, trips, number // 4)
        payer, words = asked(town, random, payers)
        try:
            found = find_offers(town.house.desk, town.actor(payer), words)
        except Refusal as refusal:
            assert refusal.code in {"hours_impossible", "hours_backwards"}, refusal.sentence
            continue
        rides, others = plainly(town, words)
        assert list(found.rides) == rides, number
        assert [told(one) for one in found.others] == [told(one) for one in others], number
        offered, refused = offered + len(rides), refused + len(others)
    assert offered > SEARCHES
    assert refused > SEARCHES
