"""Bids that belong together, and trips cleared: steps of tests."""

from datetime import date

from pooling.desk.market.bundles import BidWords, BundleWords, place_bundle
from pooling.desk.market.clearing_trips import clear_trip, propose_clearing
from pooling.desk.market.placing import BidTerms
from pooling.store.bids import bundle_of
from tests.desk.market import (
    announced,
    bidden,
    newcomer,
    read,
    sent,
    the_bid,
)


def bundled(town, kind, *bids, who="neighbour", **terms):
    """Place a bundle of (trip, shipment, most_cents); return the ids of its bids."""
    words = BundleWords(kind, tuple(BidWords(*one) for one in bids), BidTerms(**terms))
    bundle = place_bundle(town.house.desk, town.actor(who), town.ask(who), words)
    placed = {(one.trip_id, one.shipment_id): one.id for one in read(town, bundle_of, bundle)}
    return [placed[trip, shipment] for trip, shipment, _ in bids]


def states(town, bids):
    return [the_bid(town, one).state for one in bids]


def two_together(town, *room, most=4_000):
    trip = announced(town, *room)
    return trip, bundled(town, "all", *((trip, sent(town, crates), most) for crates in (4, 3)))


def cleared(town, trip, who="farm"):
    proposal = propose_clearing(town.house.desk, town.actor(who), trip)
    return proposal, clear_trip(
        town.house.desk, town.actor(who), town.ask(who), trip, proposal.trip.revision, list(proposal.chosen)
    )


def three_bids(town, *room):
    trip, bids = announced(town, *room), {}
    for crates, cents in ((6, 2_500), (3, 2_000), (3, 2_000)):
        farm = newcomer(town, f"farm{len(town.parties)}")
        bids[farm] = bidden(town, trip, sent(town, crates, farm), cents, who=farm)
    return trip, list(bids.values())


def the_day():
    return date(2026, 9, 13)
