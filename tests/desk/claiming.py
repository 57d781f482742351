"""A ride whose crates are claimed for: steps of tests."""

import pytest

from geodata.refusal import Refusal
from pooling.claims.cover import COVER_VERSION
from pooling.desk.claims.deciding import (
    Decision,
    answer_claim,
    decide_claim,
)
from pooling.desk.claims.opening import ClaimWords, open_claim
from pooling.desk.market.bids import place_bid
from pooling.desk.market.placing import BidTerms
from pooling.desk.runs.freezing_rides import freeze_trip
from pooling.desk.runs.handovers import HandoverWords, begin_run, end_run, hand_over
from pooling.store.claims import find_claim
from tests.desk import market

CRATES, DECLARED = 6, 12_000
DAY = 86_400


class Ride:
    """Hold six crates of the neighbour's for the restaurant, worth 120 €, on a trip of the farm's."""

    def __init__(self, town, declared=DECLARED, cover=COVER_VERSION):
        self.town = town
        self.trip = market.announced(town)
        self.shipment = market.sent(town, CRATES, declared_value_cents=declared)
        bid = self.did(place_bid, self.trip, self.shipment, 5_000, BidTerms(cover=cover), who="neighbour")
        self.bid = market.accepted(town, bid)
        self.agreed = market.the_bid(town, bid)
        self.manifest = self.did(freeze_trip, self.trip)
        self.did(begin_run, self.manifest)

    def did(self, change, *words, who="farm", **more):
        return change(self.town.house.desk, self.town.actor(who), self.town.ask(who), *words, **more)

    def hand(self, way, crates=CRATES, *, late_s=-60, **other):
        """Hand crates over a minute before the end of their promised hour, or so much later."""
        by_at = self.agreed.pickup_until_at if way == "on" else self.agreed.drop_until_at
        self.town.clock.at = max(self.town.clock.at, by_at + late_s)
        words = HandoverWords(shipment_id=self.shipment, way=way, crates=crates, **other)
        return self.did(hand_over, self.manifest, words)

    def delivered(self, *, off=CRATES, late_s=-60, **seen):
        self.hand("on")
        self.hand("off", off, late_s=late_s, **seen)
        self.did(end_run, self.manifest)
        self.before = {name: market.owes(self.town, name)["posted"] for name in self.town.parties}
        return self

    def claim(self, kind="damaged", crates=2, who="neighbour", **other):
        return self.did(open_claim, self.shipment, ClaimWords(kind, crates, **other), who=who)

    def answer(self, claim, who="farm", note="", *, accepts):
        return self.did(answer_claim, claim, None, who=who, accepts=accepts, note=note)

    def decide(self, claim, outcome="paid", who="operator", note="So it is written", **other):
        return self.did(decide_claim, claim, None, Decision(outcome, note, **other), who=who)

    def row(self, claim):
        return market.read(self.town, find_claim, claim)

    def moved(self):
        """Return what each party got or gave since the delivery."""
        after = {name: market.owes(self.town, name)["posted"] for name in self.town.parties}
        return {name: after[name] - self.before[name] for name in after if after[name] != self.before[name]}

    def refused(self, do):
        with pytest.raises(Refusal) as refusal:
            do()
        return refusal.value.code
