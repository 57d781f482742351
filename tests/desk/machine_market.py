"""What is done on the market: trips announced, changed and cancelled, crates entered, bids and answers."""

from contextlib import suppress
from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import rule

from geodata.place import Place
from geodata.refusal import Refusal
from pooling.desk.bids import (
    accept_bid,
    counter_bid,
    place_bid,
    refuse_bid,
    take_counter,
    withdraw_bid,
)
from pooling.desk.bundles import BidWords, BundleWords, place_bundle
from pooling.desk.carpool import JourneyWords, take_journey
from pooling.desk.changing_trips import change_trip
from pooling.desk.clearing_days import ask_clear_day, clear_day_job
from pooling.desk.clearing_trips import clear_trip, propose_clearing
from pooling.desk.placing import BidTerms
from pooling.desk.quotes import quote_offer
from pooling.desk.shipments import cancel_shipment, change_shipment, enter_shipment
from pooling.desk.trips import ReturnWords, announce_trip, cancel_trip
from pooling.load import UNLIMITED
from pooling.regimes import Regime
from pooling.store.finding import quote
from pooling.store.market import bid, shipment, trip
from tests.desk import market, touring
from tests.desk.machine_town import ANY, SHOPS, TownMachine
from tests.houses import PLACES

OWNERS = st.sampled_from(["farm", "carrier"])
ANSWERS = {"accept": accept_bid, "counter": counter_bid, "take": take_counter, "refuse": refuse_bid}


class MarketRules(TownMachine):
    """Announce, enter, bid, answer, clear, change and cancel."""

    @rule(
        room=st.sampled_from([4, 12]),
        owner=OWNERS,
        instant=st.booleans(),
        back=st.sampled_from([0, 0, 6]),
        late=st.booleans(),
    )
    def announce(self, room, owner, instant, back=0, late=False):
        regime = Regime.COTRANSPORT_AGRICOLE if owner == "farm" else Regime.TRANSPORTEUR
        more = {"owner": owner, "regime": regime, "instant": instant}
        if late:
            more["cutoff_at"] = self.clock.at + 1_200  # a bid may come in its last minutes
        words = market.trip_words(self.town, room, room, room, **more)
        if back:
            returns = ReturnWords(words.stops[-1].closes_at + 3 * market.HOUR, (back, 0, 0, UNLIMITED))
            words = replace(words, stops=words.stops[:3], returns=returns)
        self.did(announce_trip, owner, words)

    @rule(free=st.integers(1, 9))
    def journey(self, free):
        """A trip that comes in from a carpool."""
        start, end = (Place(lat=PLACES[name][0], lon=PLACES[name][1]) for name in ("farm", "shop"))
        hours = (market.TOMORROW + market.HOUR, 2 * market.HOUR)
        ground = ("Ange", Regime.COTRANSPORT_AGRICOLE)
        words = JourneyWords(
            self.town.parties["farm"], *ground, start, end, *hours, (free, 0, 0, UNLIMITED), 1_800
        )
        self.did(take_journey, "farm", words)

    @rule(pick=ANY, room=st.sampled_from([2, 8, 12]), detour_s=st.sampled_from([300, 1800]))
    def edit(self, pick, room, detour_s):
        if one := self.row(trip, pick, "open"):
            name = self.by_party[one.owner_id]
            more = {"owner": name, "regime": Regime(one.regime), "detour_s": detour_s}
            words = market.trip_words(self.town, room, room, room, **more)
            words = replace(words, stops=words.stops[: 3 + pick % 2])
            self.did(change_trip, name, one.id, None, words)

    @rule(pick=ANY, to=ANY, crates=st.integers(1, 8))
    def send(self, pick, to, crates):
        farm = self.farms[pick % len(self.farms)]
        self.did(enter_shipment, farm, market.crates(self.town, crates, farm, SHOPS[to % 2]))

    @rule(pick=ANY, crates=st.integers(1, 8))
    def change(self, pick, crates):
        if one := self.row(shipment, pick, "open"):
            farm = self.payer(one)
            self.did(change_shipment, farm, one.id, None, market.crates(self.town, crates, farm))

    @rule(pick=ANY)
    def cancel_one_shipment(self, pick):
        if pick % 3 == 0 and (one := self.row(shipment, pick)):
            self.did(cancel_shipment, self.payer(one), one.id, None)

    @rule(pick=ANY, on=ANY, most_cents=st.sampled_from([0, 60, 300, 5_000]))
    def bids(self, pick, on, most_cents):
        one = self.row(shipment, pick, "open")
        ride = self.row(trip, on, *(["open"] if on % 5 else []))
        if one and ride:
            self.did(place_bid, self.payer(one), ride.id, one.id, most_cents)

    @rule(pick=ANY, on=ANY)
    def quotes(self, pick, on):
        one, ride = self.row(shipment, pick, "open"), self.row(trip, on, "open")
        if one and ride:
            self.did(quote_offer, self.payer(one), ride.id, one.id)

    @rule(pick=ANY, most_cents=st.sampled_from([300, 5_000]), soon=st.booleans())
    def bids_by_a_quote(self, pick, most_cents, soon):
        quotes = self.rows(quote)
        if quotes:
            one = quotes[pick % len(quotes)]
            terms = BidTerms("", self.clock.at + 600 if soon else None, one.id)
            self.did(place_bid, self.payer(one), one.trip_id, one.shipment_id, most_cents, terms)

    @rule(pick=ANY, how=st.sampled_from(list(ANSWERS)), cents=ANY)
    def answer(self, pick, how, cents):
        states = ["countered"] if how == "take" else ["open", "countered"]
        if one := self.row(bid, pick, *states):
            name = self.payer(one) if how == "take" else self.owner(one)
            self.did(ANSWERS[how], name, one.id, None, *([cents] if how == "counter" else []))

    @rule(pick=ANY, on=ANY, kind=st.sampled_from(["all", "any"]), most_cents=st.sampled_from([60, 5_000]))
    def bundles(self, pick, on, kind, most_cents):
        """One farm bids for two of its shipments on one trip, or for one of them on either of two."""
        one, ride = self.row(shipment, pick, "open"), self.row(trip, on, "open")
        if one and ride:
            other = self.row(trip, on + 1, "open")
            own = self.rows(shipment, shipment.c.payer_id == one.payer_id)
            at = ride.id if kind == "all" else other.id
            second = BidWords(at, own[pick % len(own)].id, most_cents)
            words = BundleWords(kind, (BidWords(ride.id, one.id, most_cents), second))
            self.did(place_bundle, self.payer(one), words)

    @rule(on=ANY, stale=st.booleans())
    def clear(self, on, stale):
        """The owner takes the best set; a set that is not the best is refused."""
        if ride := self.row(trip, on, "open"):
            name, shown = self.by_party[ride.owner_id], []
            with suppress(Refusal):
                shown = list(propose_clearing(self.desk, self.town.actor(name), ride.id).chosen)
            self.did(clear_trip, name, ride.id, None, shown[1:] if stale else shown)

    @rule(take=st.booleans())
    def clear_a_day(self, take):
        """The operator clears the day that most trips are on."""
        rides = self.rows(trip, trip.c.state == "open")
        if rides and self.did(lambda *all_: ask_clear_day(*all_, take=take), "operator", rides[0].day):
            words = {"day": rides[0].day.isoformat(), "take": take}
            clear_day_job(self.desk, words, touring.Watch())

    @rule(on=ANY, crowd=st.integers(1, 4))
    def crowd_rides(self, on, crowd):
        for pick in range(crowd):
            self.bids(on + pick, on, 5_000)
            self.answer(0, "accept", 0)

    @rule(pick=ANY)
    def withdraw(self, pick):
        if one := self.row(bid, pick, "accepted", *(["open"] if pick % 4 == 1 else [])):
            self.did(withdraw_bid, self.payer(one), one.id, None)

    @rule(pick=ANY, chance=ANY)
    def cancel_a_trip(self, pick, chance):
        if chance % 3 < 2 and (one := self.row(trip, pick)):
            self.did(cancel_trip, self.by_party[one.owner_id], one.id, None)
