"""A small market for tests: the farm drives to the restaurant and the shop; the neighbour asks for room."""

from dataclasses import replace

from pooling.desk.goods.shipments import ShipmentWords, enter_shipment
from pooling.desk.market.bids import accept_bid, place_bid
from pooling.desk.runs.freezing_rides import freeze_trip
from pooling.desk.runs.handovers import HandoverWords, begin_run, hand_over
from pooling.desk.trips.trips import StopWords, TripWords, announce_trip
from pooling.load import UNLIMITED
from pooling.regimes import Regime
from pooling.store import ledger
from pooling.store.bids import find_bid
from pooling.store.people import member, membership, party, site
from pooling.store.rows import added
from pooling.store.shipments import find_shipment
from pooling.store.trips import find_trip, leg_room, legs_of
from tests.houses import MORNING, PLACES, Town

HOUR = 3600
TOMORROW = MORNING + 24 * HOUR
"""06:00 in Paris on Sunday, 13 September 2026."""


def trip_words(town: Town, *free: int, owner: str = "farm", **other) -> TripWords:
    """From the farm to the restaurant, the shop and home; the free ambient crates of each of three legs."""
    places = [("farm", 0, 1), ("restaurant", 1, 3), ("shop", 1, 4), ("farm", 2, 6)]
    rooms = [*(free or (20, 20, 20)), 0]
    stops = tuple(
        StopWords(
            town.sites[site], TOMORROW + opens * HOUR, TOMORROW + closes * HOUR, (room, 0, 0, UNLIMITED)
        )
        for (site, opens, closes), room in zip(places, rooms, strict=True)
    )
    words = {"driver": "Ange", "regime": Regime.COTRANSPORT_AGRICOLE, "detour_s": 1800} | other
    return TripWords(owner_id=town.parties[owner], stops=stops, **words)


def announced(town: Town, *free: int, **other) -> str:
    return announce_trip(
        town.house.desk, town.actor("farm"), town.ask("farm"), trip_words(town, *free, **other)
    )


def crates(town: Town, number: int = 4, start="neighbour", end="restaurant", **other) -> ShipmentWords:
    payer = other.pop("payer", start)
    hours = {
        "ready_at": TOMORROW,
        "pickup_by_at": TOMORROW + 5 * HOUR,
        "deliver_from_at": TOMORROW,
        "deliver_by_at": TOMORROW + 6 * HOUR,
        "goods": "Pears",
    }
    return ShipmentWords(
        shipper_id=town.parties[start],
        payer_id=town.parties[payer],
        from_site_id=town.sites[start],
        to_site_id=town.sites[end],
        temperature="ambient",
        crates=number,
        **hours | other,
    )


def sent(town: Town, number: int = 4, start="neighbour", end="restaurant", **other) -> str:
    words = crates(town, number, start, end, **other)
    return enter_shipment(town.house.desk, town.actor(start), town.ask(start), words)


def newcomer(town: Town, name: str, at: str = "neighbour", role: str = "producer") -> str:
    """Let one more farm, or whoever plays another role, settle a few steps from a site; returns its name."""
    lat, lon, _ = PLACES[at]
    step = len(town.parties) / 100_000

    def work(tx):
        town.parties[name] = added(tx, party, "pty", name=name.title(), role=role)
        town.members[name] = added(tx, member, "mem", email=f"{name}@example.org", name=name.title())
        duty = {"member_id": town.members[name], "party_id": town.parties[name]}
        tx.connection.execute(membership.insert().values(created_at=tx.now_at, **duty))
        words = {"name": name.title(), "lat": lat + step, "lon": lon}
        town.sites[name] = added(tx, site, "site", party_id=town.parties[name], **words)

    town.house.desk.store.change(work)
    return name


def owners_let(town: Town) -> None:
    """Let an operator that clears a day take for every owner, as a house may say."""
    object.__setattr__(town.house, "desk", replace(town.house.desk, takes_for_owners=True))


def bidden(town: Town, trip: str, shipment: str, most_cents: int = 5_000, who="neighbour") -> str:
    return place_bid(town.house.desk, town.actor(who), town.ask(who), trip, shipment, most_cents)


def accepted(town: Town, bid: str, who="farm") -> str:
    return accept_bid(town.house.desk, town.actor(who), town.ask(who), bid, None)


def ridden(town: Town) -> str:
    """Let the farm drive the neighbour's crates, a minute late at the end; returns the bid."""
    trip, shipment = announced(town), sent(town)
    bid_id = accepted(town, bidden(town, trip, shipment))
    driver = town.actor("farm")
    manifest_id = freeze_trip(town.house.desk, driver, town.ask("farm"), trip)
    begin_run(town.house.desk, driver, town.ask("farm"), manifest_id)
    agreed = the_bid(town, bid_id)
    for way, at in (("on", agreed.pickup_at), ("off", agreed.drop_until_at + 60)):
        town.clock.at = max(town.clock.at, at)
        words = HandoverWords(shipment_id=shipment, way=way, crates=4, happened_at=at)
        hand_over(town.house.desk, driver, town.ask("farm"), manifest_id, words)
    return bid_id


def read(town: Town, find, subject_id: str):
    with town.house.desk.store.view() as view:
        return find(view, subject_id)


def the_bid(town: Town, bid: str):
    return read(town, find_bid, bid)


def the_shipment(town: Town, shipment: str):
    return read(town, find_shipment, shipment)


def the_trip(town: Town, trip: str):
    return read(town, find_trip, trip)


def sold(town: Town, trip: str) -> list[int]:
    """Return the ambient crates sold on each leg."""
    with town.house.desk.store.view() as view:
        return [leg_room(leg).sold[0] for leg in legs_of(view, [trip])[trip]]


def books(town: Town) -> ledger.LedgerCheck:
    with town.house.desk.store.view() as view:
        return ledger.check_ledger(view)


def owes(town: Town, name: str) -> dict[str, int]:
    with town.house.desk.store.view() as view:
        return ledger.account_balances(view, ledger.party_account(town.parties[name]))
