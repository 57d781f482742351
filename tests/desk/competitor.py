"""
A market with a competitor in it, whose facts are such that they are found wherever they slip out.

The competitor is a farm called Zzyzx. It asks for the same trip as its neighbour, with 37 crates of 373 kg
for a client's dock, bids 47.11 € for them, and does besides whatever leaves a trace in a house.
"""

import json
import re

from pooling.desk.goods.orders import Filling, OrderWords, accept_order, place_order
from pooling.desk.goods.shipments import enter_shipment
from pooling.desk.market.bids import place_bid, withdraw_bid
from pooling.desk.market.placing import BidTerms
from pooling.desk.market.quotes import quote_offer
from pooling.desk.market.searches import keep_search
from pooling.desk.people.sessions import token_hash
from pooling.desk.people.trust import block_party
from pooling.desk.telling.webhooks import create_webhook
from pooling.store.people import member, membership, party, site
from pooling.store.rows import added
from pooling.store.sessions import open_session
from tests.desk import market
from tests.desk.looking import looked_for
from tests.houses import PLACES

RIVAL, CLIENT = "zzyzx", "quxdock"
CRATES, KG, CENTS, ORDER_CENTS, SEARCH_CENTS = 37, 373, 4_711, 8_317, 6_143
WORDS = ("Quxdock", "Grmblfix", "Vrxlplum", "zzyzx.example", "zzyzx@", "quxdock@")
NUMBERS = (KG, CENTS, ORDER_CENTS, SEARCH_CENTS)
SAID = re.compile(r"47[.,]11|83[.,]17|61[.,]43|\b37 (?:crates|caisses)|\b373 ?kg")


def settled(town, name, role, at, by=0.0):
    """Let one more party settle, with a member who is signed in by its name and a site of that name."""
    lat, lon, _ = PLACES[at]

    def work(tx):
        town.parties[name] = added(tx, party, "pty", name=name.title(), role=role)
        town.members[name] = added(tx, member, "mem", email=f"{name}@example.org", name=name.title())
        duty = {"member_id": town.members[name], "party_id": town.parties[name]}
        tx.connection.execute(membership.insert().values(created_at=tx.now_at, **duty))
        words = {"name": name.title(), "lat": lat + by, "lon": lon}
        town.sites[name] = added(tx, site, "site", party_id=town.parties[name], **words)
        open_session(tx, town.members[name], token_hash(name), "test")

    town.house.desk.store.change(work)


def opened(town):
    """Announce the trip, and let the neighbour, a dairy and the competitor settle; nobody has bid yet."""
    settled(town, RIVAL, "producer", "neighbour", 0.0002)
    settled(town, CLIENT, "private", "restaurant", 0.0002)
    settled(town, "dairy", "producer", "neighbour", 0.0004)
    return market.announced(town, 80, 80, 80)


def did(town, who, change, *words):
    """Do a change a second after the last, so that what is listed by its age always stands in one order."""
    town.clock.forward(1)
    return change(town.house.desk, town.actor(who), town.ask(who), *words)


def competes(town, trip, *, accepted=False):
    """Let the competitor do all that it does; returns its ids by the names that paths use."""
    goods = market.crates(town, CRATES, RIVAL, CLIENT, kg=KG)
    ship = did(town, RIVAL, enter_shipment, goods)
    quote = did(town, RIVAL, quote_offer, trip, ship)
    bid = did(town, RIVAL, place_bid, trip, ship, CENTS, BidTerms("Grmblfix"))
    hours = (market.TOMORROW, market.TOMORROW + 6 * market.HOUR)
    ends = (town.parties[CLIENT], town.parties[RIVAL], town.sites[CLIENT])
    order = did(town, CLIENT, place_order, OrderWords(*ends, "Vrxlplum", KG, "kg", ORDER_CENTS, *hours))
    filling = Filling(
        town.sites[RIVAL], "ambient", CRATES, market.TOMORROW, market.TOMORROW + 5 * market.HOUR
    )
    did(town, RIVAL, accept_order, order, None, filling)
    search = did(town, RIVAL, keep_search, looked_for(town, RIVAL, most_cents=SEARCH_CENTS, kg=KG))
    block = did(town, RIVAL, block_party, town.parties[RIVAL], town.parties["carrier"])
    words = (town.parties[RIVAL], "https://zzyzx.example/hook")
    hook = did(town, RIVAL, lambda *all_: create_webhook(*all_, inside=True), *words)
    withdrawn = did(town, RIVAL, enter_shipment, goods)
    gone = did(town, RIVAL, place_bid, trip, withdrawn, CENTS)
    did(town, RIVAL, withdraw_bid, gone, None)
    if accepted:
        market.accepted(town, bid)
    return {
        "shipment_id": ship,
        "shipment": ship,
        "bid_id": bid,
        "quote_id": quote,
        "quote": quote,
        "order_id": order,
        "search_id": search,
        "block_id": block,
        "webhook_id": hook,
        "site_id": town.sites[RIVAL],
        "from_site": town.sites[RIVAL],
        "to_site": town.sites[CLIENT],
        "member_id": town.members[RIVAL],
    }


def slips(text, hidden=()):
    """List what of the competitor stands in an answer: its words, its numbers, its ids."""
    found = [word for word in (*WORDS, *hidden) if word.lower() in text.lower()]
    found += SAID.findall(text)
    return found + [number for number in _numbers(text) if number in NUMBERS]


def _numbers(text):
    try:
        waiting = [json.loads(text)]
    except ValueError:
        return
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if one.get("crates") == CRATES:
                yield KG
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
        elif isinstance(one, int) and not isinstance(one, bool):
            yield one
