"""What is done on the market: trips announced, changed and cancelled, crates entered, bids and answers."""

from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import partial

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import select

from geodata.place import Place
from geodata.refusal import Refusal
from pooling.claims.cover import COVER_VERSION
from pooling.desk.goods.shipments import cancel_shipment, change_shipment, enter_shipment
from pooling.desk.market.bids import (
    accept_bid,
    counter_bid,
    place_bid,
    refuse_bid,
    take_counter,
    withdraw_bid,
)
from pooling.desk.market.bundles import BidWords, BundleWords, place_bundle
from pooling.desk.market.clearing_days import ask_clear_day, clear_day_job
from pooling.desk.market.clearing_trips import clear_trip, propose_clearing, take_day_set
from pooling.desk.market.placing import BidTerms
from pooling.desk.market.quotes import quote_offer
from pooling.desk.trips.carpool import JourneyWords, take_journey
from pooling.desk.trips.changing_trips import change_trip
from pooling.desk.trips.trips import ReturnWords, announce_trip, cancel_trip
from pooling.load import UNLIMITED
from pooling.regimes import Regime
from pooling.store.finding import quote
from pooling.store.market import bid, clearing, shipment, trip
from tests.desk import market, touring
from tests.desk.machine_town import ANY, DAY, SHOPS, TownMachine
from tests.houses import PLACES

OWNERS = st.sampled_from(["farm", "carrier"])
NOTHING = {}
ASKS = st.sampled_from([NOTHING, NOTHING, {"hour_cents": 0}, {"asked_cents": 40}, {"asked_cents": 900}])
"""What an owner asks: its time for nothing, or a price per crate, within and above what alone costs."""
ANSWERS = {"accept": accept_bid, "counter": counter_bid, "take": take_counter, "refuse": refuse_bid}


def asked(regime, asks):
    """Return what an owner of a trip may ask: a price per crate only for hire."""
    return asks if regime is Regime.TRANSPORTEUR else {k: v for k, v in asks.items() if k != "asked_cents"}


class MarketRules(TownMachine):
    """Announce, enter, bid, answer, clear, change and cancel."""

    @rule(
        room=st.sampled_from([4, 12]),
        owner=OWNERS,
        instant=st.booleans(),
        back=st.sampled_from([0, 0, 6]),
        late=st.booleans(),
        asks=ASKS,
    )
    def announce(self, room, owner, instant, back=0, late=False, asks=NOTHING):
        regime = Regime.COTRANSPORT_AGRICOLE if owner == "farm" else Regime.TRANSPORTEUR
        more = {"owner": owner, "regime": regime, "instant": instant} | asked(regime, asks)
        if late:
            more["cutoff_at"] = self.clock.at + 1_200  # a bid may come in its last minutes
        words = market.trip_words(self.town, room, room, room, **more)
        if back:
            returns = ReturnWords(words.stops[-1].closes_at + 3 * market.HOUR, (back, 0, 0, UNLIMITED))
            words = replace(words, stops=words.stops[:3], returns=returns)
        self.did(announce_trip, owner, words)

    def journey(self, pick, _odd):
        """A trip that comes in from a carpool."""
        start, end = (Place(lat=PLACES[name][0], lon=PLACES[name][1]) for name in ("farm", "shop"))
        hours = (market.TOMORROW + market.HOUR, 2 * market.HOUR)
        ground = ("Ange", Regime.COTRANSPORT_AGRICOLE)
        words = JourneyWords(
            self.town.parties["farm"], *ground, start, end, *hours, (1 + pick % 9, 0, 0, UNLIMITED), 1_800
        )
        self.did(take_journey, "farm", words)

    @rule(pick=ANY, room=st.sampled_from([2, 8, 12]), detour_s=st.sampled_from([300, 1800]), asks=ASKS)
    def edit(self, pick, room, detour_s, asks):
        if one := self.ride(pick):
            name = self.by_party[one.owner_id]
            regime = Regime(one.regime)
            more = {"owner": name, "regime": regime, "detour_s": detour_s} | asked(regime, asks)
            words = market.trip_words(self.town, room, room, room, **more)
            words = replace(words, stops=words.stops[: 3 + pick % 2])
            self.did(change_trip, name, one.id, None, words)

    @rule(pick=ANY, to=ANY, crates=st.integers(1, 8))
    def send(self, pick, to, crates):
        farm = self.farms[pick % len(self.farms)]
        worth = {"declared_value_cents": 1 + 97 * pick} if pick % 3 == 0 else {}
        self.did(enter_shipment, farm, market.crates(self.town, crates, farm, SHOPS[to % 2], **worth))

    @rule(pick=ANY, crates=st.integers(1, 8))
    def change(self, pick, crates):
        if one := self.row(shipment, pick, "open"):
            farm = self.payer(one)
            self.did(change_shipment, farm, one.id, None, market.crates(self.town, crates, farm))

    @rule(pick=ANY)
    def cancel_one_shipment(self, pick):
        if pick % 3 == 0 and (one := self.row(shipment, pick)):
            self.did(cancel_shipment, self.payer(one), one.id, None)

    @rule(pick=ANY, on=ANY, most_cents=st.sampled_from([0, 60, 300, 5_000, 5_000]), meant=st.booleans())
    def bids(self, pick, on, most_cents, meant=False):
        self.placed(pick, on, most_cents, meant=meant)

    def placed(self, pick, on, most_cents, *, meant=False):
        """Bid for an open shipment on a trip; returns the bid, or ``None`` where it was refused."""
        one, ride = self.row(shipment, pick, "open"), self.ride(on)
        if one and ride:
            terms = BidTerms(cover=COVER_VERSION, above_alone=meant)
            return self.did(place_bid, self.payer(one), ride.id, one.id, most_cents, terms)
        return None

    @rule(pick=ANY, meant=st.booleans(), together=st.booleans())
    def rides_above_alone(self, pick, meant, together):
        """A carrier asks more than driving alone costs; who is warned rides only where it means it."""
        one = self.row(shipment, pick, "open")
        if one is None:
            return
        self.announce(12, "carrier", instant=pick % 2 == 0, asks={"asked_cents": 900})
        ride, farm, terms = self.rows(trip)[-1], self.payer(one), BidTerms(above_alone=meant)
        if together and (other := self.did(enter_shipment, farm, market.crates(self.town, 2, farm))):
            words = [BidWords(ride.id, each, 40_000) for each in (one.id, other)]
            self.did(place_bundle, farm, BundleWords("all", tuple(words), terms))
        else:
            self.did(place_bid, farm, ride.id, one.id, 40_000, terms)
        if waiting := self.rows(bid, bid.c.trip_id == ride.id, bid.c.state == "open"):
            self.did(accept_bid, "carrier", waiting[0].id, None)

    @rule(
        pick=ANY,
        on=ANY,
        asked_cents=st.sampled_from([50, 900, 9_000]),
        takes=st.booleans(),
        meant=st.booleans(),
    )
    def haggle(self, pick, on, asked_cents, takes, meant):
        """A bid, the owner's counter to it, and what the payer says to that."""
        if bid_id := self.placed(pick, on, 400):
            (one,) = self.rows(bid, bid.c.id == bid_id)
            self.did(counter_bid, self.owner(one), bid_id, None, asked_cents)
            if takes:
                self.did(partial(take_counter, above_alone=meant), self.payer(one), bid_id, None)

    @rule(pick=ANY, on=ANY, most_cents=st.sampled_from([0, 300, 5_000]), soon=st.booleans())
    def bids_by_a_quote(self, pick, on, most_cents, soon):
        """A price is held, and sometimes bid by: now, or a quote of before."""
        one, ride = self.row(shipment, pick, "open"), self.ride(on)
        if one and ride:
            self.did(quote_offer, self.payer(one), ride.id, one.id)
        quotes = self.rows(quote)
        if quotes and most_cents:
            one = quotes[(-1 if soon else pick) % len(quotes)]
            terms = BidTerms("", self.clock.at + 600 if soon else None, one.id)
            self.did(place_bid, self.payer(one), one.trip_id, one.shipment_id, most_cents, terms)

    @rule(pick=ANY, how=st.sampled_from(list(ANSWERS)), cents=ANY)
    def answer(self, pick, how, cents):
        states = ["countered"] if how == "take" else ["open", "countered"]
        if one := self.row(bid, pick, *states):
            name = self.payer(one) if how == "take" else self.owner(one)
            self.did(ANSWERS[how], name, one.id, None, *([cents] if how == "counter" else []))

    @rule(
        pick=ANY,
        on=ANY,
        kind=st.sampled_from(["all", "any"]),
        most_cents=st.sampled_from([60, 5_000]),
        meant=st.booleans(),
    )
    def bundles(self, pick, on, kind, most_cents, meant):
        """One farm bids for two of its shipments on one trip, or for one of them on either of two."""
        one, ride = self.row(shipment, pick, "open"), self.ride(on)
        if one and ride:
            farm, other = self.payer(one), self.ride(on + 1) or ride
            self.did(enter_shipment, farm, market.crates(self.town, 1, farm))
            own = self.rows(shipment, shipment.c.payer_id == one.payer_id, shipment.c.state == "open")
            at, which = (ride.id, own[-1].id) if kind == "all" else (other.id, one.id)
            words = (BidWords(ride.id, one.id, most_cents), BidWords(at, which, most_cents))
            self.did(place_bundle, farm, BundleWords(kind, words, BidTerms(above_alone=meant)))

    @rule(on=ANY, crowd=st.integers(0, 3), stale=st.booleans())
    def clear(self, on, crowd, stale):
        """Some bid, and the owner takes the best set; a set that is not the best is refused."""
        for pick in range(crowd):
            self.bids(on + pick, on, 2_000)
        if ride := self.ride(on):
            name, shown = self.by_party[ride.owner_id], []
            with suppress(Refusal):
                shown = list(propose_clearing(self.desk, self.town.actor(name), ride.id).chosen)
            self.did(clear_trip, name, ride.id, None, shown[1:] if stale and on % 2 else shown)

    @rule(how=st.sampled_from(("look", "propose", "take")), lets=st.booleans())
    def clear_a_day(self, how, lets):
        """The operator clears the day of most crates, for owners or for a few; others take their set."""
        day, wanted = date.fromisoformat(DAY), {"take": how == "take", "propose": how == "propose"}
        if self.did(partial(ask_clear_day, **wanted), "operator", day):
            desk = replace(self.desk, takes_for_owners=lets)
            told = clear_day_job(desk, {"day": DAY, **wanted}, touring.Watch())
            assert "trip_not_decided" not in {why["code"] for why in told["left"].values()}
            for one in told["proposed"]:
                (made,) = self.rows(clearing, clearing.c.id == one)
                (ride,) = self.rows(trip, trip.c.id == made.trip_id)
                self.did(take_day_set, self.by_party[ride.owner_id], one)

    @rule(on=ANY, crowd=st.integers(1, 4))
    def crowd_rides(self, on, crowd):
        for pick in range(crowd):
            if bid_id := self.placed(on + pick, on, 5_000):
                (one,) = self.rows(bid, bid.c.id == bid_id)
                self.did(accept_bid, self.owner(one), bid_id, None)

    @rule(pick=ANY)
    def withdraw(self, pick):
        """Most often a guest leaves; what it leaves behind is settled with the others."""
        if one := self.row(bid, pick, "accepted", *(["open"] if pick % 4 == 1 else [])):
            self.did(withdraw_bid, self.payer(one), one.id, None)

    @rule(pick=ANY, chance=ANY)
    def cancel_a_trip(self, pick, chance):
        """Any trip, or most often one with guests aboard, who are let down."""
        carrying = select(bid.c.trip_id).where(bid.c.state == "accepted")
        aboard = self.rows(trip, trip.c.state.in_(("open", "frozen")), trip.c.id.in_(carrying))
        one = aboard[pick % len(aboard)] if aboard and chance % 5 else self.row(trip, pick)
        if chance % 3 == 0 and one:
            self.did(cancel_trip, self.by_party[one.owner_id], one.id, None)
