"""A day of the town, half way: a trip with a bid on it, an order, a tour that can be joined."""

from dataclasses import dataclass
from datetime import date

from pooling.desk.goods.orders import OrderWords, place_order
from pooling.desk.goods.shipments import ShipmentWords, enter_shipment
from pooling.desk.market.bids import place_bid
from pooling.desk.people.sessions import token_hash
from pooling.desk.trips.reserving import RoomWords, reserve_room
from pooling.desk.trips.series import announce_series
from pooling.desk.trips.series_words import SeriesWords, WallStop
from pooling.desk.trips.trips import StopWords, TripWords, announce_trip
from pooling.regimes import Regime
from pooling.store.members import join
from pooling.store.people import member
from pooling.store.rows import added
from pooling.store.series import occurrences_of
from pooling.store.sessions import open_session
from tests.desk import broking
from tests.desk.selling import COURGETTES, listed, ordered
from tests.desk.somebodys import taken
from tests.desk.test_rounds import proposed as round_proposed
from tests.desk.touring import frozen, proposed
from tests.houses import MORNING, Town

HOUR = 3600
EVENING = MORNING - 12 * HOUR


@dataclass(frozen=True)
class Scene:
    """Hold the ids of what stands in the evening before the day."""

    trip: str
    shipment: str
    bid: str
    order: str
    tour: str


def evening(town: Town) -> Scene:
    """Play the day before: everything is asked for, and nothing is answered yet."""
    town.clock.at = EVENING
    trip = announce(town, "farm")
    shipment = send(town, "neighbour")
    asker = town.actor("neighbour")
    bid = place_bid(town.house.desk, asker, town.ask("neighbour"), trip, shipment, 700)
    return Scene(trip, shipment, bid, order(town), proposed(town, chilled_crates=20))


def announce(town: Town, name: str, *, instant: bool = False) -> str:
    """Announce a farm's trip from its yard to the restaurant and the shop."""
    free = (12, 8, 0, 300)
    stops = [(name, 1, 2), ("restaurant", 2, 4), ("shop", 2, 5)]
    words = TripWords(
        owner_id=town.parties[name],
        driver=name.title(),
        regime=Regime.COTRANSPORT_AGRICOLE,
        stops=tuple(
            StopWords(town.sites[site], MORNING + opens * HOUR, MORNING + closes * HOUR, free)
            for site, opens, closes in stops
        ),
        detour_s=40 * 60,
        instant=instant,
    )
    return announce_trip(town.house.desk, town.actor(name), town.ask(name), words)


def send(town: Town, name: str, *, to: str = "restaurant", crates: int = 4) -> str:
    """Enter a farm's crates for the restaurant."""
    words = ShipmentWords(
        shipper_id=town.parties[name],
        payer_id=town.parties[name],
        from_site_id=town.sites[name],
        to_site_id=town.sites[to],
        temperature="chilled",
        crates=crates,
        ready_at=MORNING,
        pickup_by_at=MORNING + 5 * HOUR,
        deliver_from_at=MORNING + HOUR,
        deliver_by_at=MORNING + 6 * HOUR,
    )
    return enter_shipment(town.house.desk, town.actor(name), town.ask(name), words)


def hold(town: Town, series: str, *, crates: int = 4) -> str:
    """Let the neighbour hold room on the first trip of a series, its goods not named; returns the bid."""
    ends = (town.sites["neighbour"], town.sites["restaurant"])
    words = RoomWords(town.parties["neighbour"], *ends, "ambient", crates)
    asker = town.actor("neighbour")
    with town.house.desk.store.view() as view:
        (trip,) = occurrences_of(view, series, date(2026, 9, 13), 1)
    return reserve_room(town.house.desk, asker, town.ask("neighbour"), trip.id, words, 5_000)


def repeat(town: Town, rule: str = "FREQ=WEEKLY;BYDAY=SU,WE") -> str:
    """Let the farm drive to the restaurant again and again, Sundays and Wednesdays; returns the series."""
    stops = [("farm", 7, 8), ("restaurant", 8, 11)]
    words = SeriesWords(
        owner_id=town.parties["farm"],
        driver="Farm",
        regime=Regime.COTRANSPORT_AGRICOLE,
        stops=tuple(
            WallStop(town.sites[site], opens * HOUR, closes * HOUR, (12 * (at == 0), 0, 0, 300))
            for at, (site, opens, closes) in enumerate(stops)
        ),
        rule=rule,
        first_day=date(2026, 9, 13),
        timezone="Europe/Paris",
        detour_s=40 * 60,
        instant=True,
    )
    return announce_series(town.house.desk, town.actor("farm"), town.ask("farm"), words)


def order(town: Town) -> str:
    """Let the restaurant order from the farm."""
    words = OrderWords(
        buyer_id=town.parties["restaurant"],
        producer_id=town.parties["farm"],
        to_site_id=town.sites["restaurant"],
        product="courgettes",
        quantity=30,
        unit="kg",
        price_cents=7_500,
        deliver_from_at=MORNING + HOUR,
        deliver_by_at=MORNING + 6 * HOUR,
    )
    return place_order(town.house.desk, town.actor("restaurant"), town.ask("restaurant"), words)


def hire(town: Town) -> None:
    """Let the carrier have a driver, who is signed in by the token ``driver``."""

    def work(tx):
        town.members["driver"] = added(tx, member, "mem", email="driver@example.org", name="Lou")
        join(tx, town.members["driver"], town.parties["carrier"], "driver")
        open_session(tx, town.members["driver"], token_hash("driver"), "test")

    town.house.desk.store.change(work)


def play(town: Town) -> dict[str, str]:
    """Play the evening, with a tour that is frozen beside it; returns all ids by name."""
    hire(town)
    manifest, shipments = frozen(town)
    more = {
        "handover": taken(town, manifest, shipments[0]),
        "manifest": manifest,
        "aboard": shipments[0],
        "job": "job_0",
    }
    scene = vars(evening(town))
    series = repeat(town)
    broking.broker(town)
    more["list"] = broking.sent(town, broking.line("A1", drop=broking.STREET))
    more["collection"] = broking.stands(town, "A1").id
    more["short_list"], (more["goods"],) = listed(town, "farm", COURGETTES, accepts=False)
    more["tour_order"] = ordered(town, more["short_list"], {more["goods"]: 12}, tour_id=scene["tour"])
    more |= {"paper": "paper_0", "card": "card_0", "round": round_proposed(town)}
    return {**scene, **more, "room": hold(town, series), "series": series}
