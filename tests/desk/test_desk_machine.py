"""
A market day at random: people bid, join, leave, cancel and drive as they like, and every promise holds.

After each step the whole store is held against the promises (see ``desk_world``). A refusal is an
answer like another; anything else that goes wrong fails.
"""

from contextlib import suppress
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from geodata.refusal import Refusal
from pooling.desk.bids import (
    accept_bid,
    counter_bid,
    expire_due,
    place_bid,
    refuse_bid,
    take_counter,
    withdraw_bid,
)
from pooling.desk.bundles import BidWords, BundleWords, place_bundle
from pooling.desk.changing_trips import change_trip
from pooling.desk.clearing_trips import clear_trip, propose_clearing
from pooling.desk.freezing_rides import freeze_tour, freeze_trip
from pooling.desk.handovers import HandoverWords, begin_run, end_run, hand_over
from pooling.desk.payments import expire_forgotten
from pooling.desk.shipments import cancel_shipment, change_shipment, enter_shipment
from pooling.desk.sign_ups import join_tour, leave_tour
from pooling.desk.tour_planning import plan_tour
from pooling.desk.tours import cancel_tour, propose_tour
from pooling.desk.trips import announce_trip, cancel_trip
from pooling.manifest_json import read_manifest
from pooling.regimes import Regime
from pooling.store.market import bid, shipment, trip
from pooling.store.touring import manifest, sign_up, tour
from tests.desk import market, touring
from tests.desk.desk_world import Looked
from tests.desk.servers import emptied
from tests.houses import MORNING, new_house, settle

DAY_S = 24 * 3600
CORNERS = ("neighbour", "neighbour", "neighbour", "operator", "carrier", *("neighbour",) * 4)
SHOPS = ("restaurant", "shop")
ANY = st.integers(0, 999)
OWNERS = st.sampled_from(["farm", "carrier"])


class DeskMachine(RuleBasedStateMachine):
    """Play a market day on one house; ``pick`` numbers choose among the rows that there are."""

    house = clock = None

    @initialize(
        room=st.sampled_from([6, 40]),
        instant=st.booleans(),
        riding=st.integers(0, 6),
        joined=st.integers(0, 3),
        left=st.integers(0, 4),
        further=st.integers(0, 3),
    )
    def open_town(self, room, instant, riding, joined, left, further):
        self.clock.at = MORNING
        self.house.desk.store.change(emptied)
        self.town, self.promised, self.seen = settle(self.house, self.clock), {}, {}
        self.desk, self.names = self.house.desk, count()
        self.farms = [market.newcomer(self.town, f"farm{n}", at) for n, at in enumerate(CORNERS)]
        self.by_party = {party: name for name, party in self.town.parties.items()}
        self.announce(room, "farm", instant)
        self.propose(room)
        for pick in range(len(self.farms)):
            self.send(pick, 0, 4)
        self.crowd_joins(0, joined)
        self.crowd_rides(0, riding)
        self.bids(0, 1, 5_000)
        self.crowd_leaves(left)
        if further:
            self.plan(0)
        if further == 2:
            self.freeze(0)

    def row(self, table, pick, *states):
        with self.desk.store.view() as view:
            query = select(table).order_by(table.c.id)
            rows = view.connection.execute(query.where(table.c.state.in_(states)) if states else query).all()
        return rows[pick % len(rows)] if rows else None

    def did(self, change, name, *words):
        """Do a change as the member of a party, a second after the last; tells whether it was not refused."""
        self.clock.forward(1)  # so that ids sort by the order of their making, in every replay
        try:
            change(self.desk, self.town.actor(name), self.town.ask(name), *words)
        except Refusal as refusal:
            assert refusal.code != "desk_busy" and refusal.sentence and refusal.what_to_do
            return False
        return True

    @rule(room=st.sampled_from([4, 12]), owner=OWNERS, instant=st.booleans())
    def announce(self, room, owner, instant):
        regime = Regime.COTRANSPORT_AGRICOLE if owner == "farm" else Regime.TRANSPORTEUR
        more = {"owner": owner, "regime": regime, "instant": instant}
        self.did(announce_trip, owner, market.trip_words(self.town, room, room, room, **more))

    @rule(pick=ANY, room=st.sampled_from([2, 8, 12]), detour_s=st.sampled_from([300, 1800]))
    def edit(self, pick, room, detour_s):
        if one := self.row(trip, pick, "open"):
            name = self.by_party[one.owner_id]
            more = {"owner": name, "regime": Regime(one.regime), "detour_s": detour_s}
            words = market.trip_words(self.town, room, room, room, **more)
            words = replace(words, stops=words.stops[: 3 + pick % 2])
            self.did(change_trip, name, one.id, None, words)

    @rule(room=st.sampled_from([6, 20]))
    def propose(self, room):
        words = touring.words(self.town, ambient_crates=room)
        later = {name: getattr(words, name) + DAY_S for name in ("opens_at", "closes_at", "cutoff_at")}
        self.did(propose_tour, "operator", self.town.parties["operator"], replace(words, **later))

    @rule(pick=ANY, to=ANY, crates=st.integers(1, 8))
    def send(self, pick, to, crates):
        farm = self.farms[pick % len(self.farms)]
        self.did(enter_shipment, farm, market.crates(self.town, crates, farm, SHOPS[to % 2]))

    @rule(pick=ANY, crates=st.integers(1, 8))
    def change(self, pick, crates):
        if one := self.row(shipment, pick, "open"):
            farm = self.by_party[one.payer_id]
            self.did(change_shipment, farm, one.id, None, market.crates(self.town, crates, farm))

    @rule(pick=ANY)
    def cancel_one_shipment(self, pick):
        if pick % 3 == 0 and (one := self.row(shipment, pick)):
            self.did(cancel_shipment, self.by_party[one.payer_id], one.id, None)

    @rule(pick=ANY, on=ANY, most_cents=st.sampled_from([0, 60, 300, 5_000]))
    def bids(self, pick, on, most_cents):
        one = self.row(shipment, pick, "open")
        ride = self.row(trip, on, *(["open"] if on % 5 else []))
        if one and ride:
            self.did(place_bid, self.by_party[one.payer_id], ride.id, one.id, most_cents)

    @rule(pick=ANY, how=st.sampled_from(["accept", "counter", "take", "refuse"]), cents=ANY)
    def answer(self, pick, how, cents):
        states = ["countered"] if how == "take" else ["open", "countered"]
        if one := self.row(bid, pick, *states):
            change = {
                "accept": accept_bid,
                "counter": counter_bid,
                "take": take_counter,
                "refuse": refuse_bid,
            }
            name = self.by_party[one.payer_id] if how == "take" else self.owner(one)
            self.did(change[how], name, one.id, None, *([cents] if how == "counter" else []))

    @rule(pick=ANY, on=ANY, kind=st.sampled_from(["all", "any"]), most_cents=st.sampled_from([60, 5_000]))
    def bundles(self, pick, on, kind, most_cents):
        """One farm bids for two of its shipments on one trip, or for one of them on either of two."""
        one, ride = self.row(shipment, pick, "open"), self.row(trip, on, "open")
        if one and ride:
            farm, other = self.by_party[one.payer_id], self.row(trip, on + 1, "open")
            with self.desk.store.view() as view:
                query = select(shipment.c.id).where(shipment.c.payer_id == one.payer_id)
                own = list(view.connection.execute(query.order_by(shipment.c.id)).scalars())
            second = BidWords(ride.id if kind == "all" else other.id, own[pick % len(own)], most_cents)
            self.did(place_bundle, farm, BundleWords(kind, (BidWords(ride.id, one.id, most_cents), second)))

    @rule(on=ANY, stale=st.booleans())
    def clear(self, on, stale):
        """The owner takes the best set; a set that is not the best is refused."""
        if ride := self.row(trip, on, "open"):
            name, shown = self.by_party[ride.owner_id], []
            with suppress(Refusal):
                shown = list(propose_clearing(self.desk, self.town.actor(name), ride.id).chosen)
            self.did(clear_trip, name, ride.id, None, shown[1:] if stale else shown)

    @invariant()
    def a_bundle_waits_or_is_answered_whole(self):
        if self.house is None or not hasattr(self, "desk"):
            return
        with self.desk.store.view() as view:
            rows = view.connection.execute(select(bid).where(bid.c.bundle_kind != "")).all()
        bundles = {}
        for one in rows:
            bundles.setdefault((one.bundle_id, one.bundle_kind), []).append(one.state)
        for (_, kind), states in bundles.items():
            asking = [state for state in states if state in ("open", "countered")]
            assert kind == "any" or len(asking) in (0, len(states)), states
            assert kind == "all" or states.count("accepted") <= 1
            assert kind == "all" or "accepted" not in states or not asking

    @rule(on=ANY, crowd=st.integers(1, 4))
    def crowd_rides(self, on, crowd):
        for pick in range(crowd):
            self.bids(on + pick, on, 5_000)
            self.answer(0, "accept", 0)

    @rule(on=ANY, crowd=st.integers(1, 4))
    def crowd_joins(self, on, crowd):
        for pick in range(crowd):
            self.join(on + pick, on)

    @rule(crowd=st.integers(1, 4))
    def crowd_leaves(self, crowd):
        """The first who came leave first: others may have come for their detours."""
        for _ in range(crowd):
            self.withdraw(0)
        self.leave(crowd)

    @rule(pick=ANY)
    def withdraw(self, pick):
        if one := self.row(bid, pick, "accepted", *(["open"] if pick % 4 == 1 else [])):
            self.did(withdraw_bid, self.by_party[one.payer_id], one.id, None)

    @rule(pick=ANY, chance=ANY)
    def cancel_ride(self, pick, chance):
        table, change = ((trip, cancel_trip), (tour, cancel_tour))[pick % 2]
        if chance % 3 < 2 and (one := self.row(table, pick)):
            name = self.by_party[one.owner_id] if table is trip else "operator"
            self.did(change, name, one.id, None)

    @rule(pick=ANY, on=ANY)
    def join(self, pick, on):
        one, ride = self.row(shipment, pick, "open"), self.row(tour, on, "proposed")
        if one and ride:
            self.did(join_tour, self.by_party[one.payer_id], ride.id, one.id)

    @rule(pick=ANY)
    def leave(self, pick):
        if one := self.row(sign_up, pick, "joined", "riding"):
            self.did(leave_tour, self.by_party[one.payer_id], one.id)

    @rule(pick=ANY)
    def plan(self, pick):
        if one := self.row(tour, pick, "proposed", "confirmed"):
            plan_tour(self.desk, one.id, touring.Watch(), search_s=0.0)

    @rule(pick=ANY)
    def freeze(self, pick):
        if (one := self.row(trip, pick, "open")) and pick % 2 == 0:
            self.did(freeze_trip, self.by_party[one.owner_id], one.id)
        if one := self.row(tour, pick, "confirmed"):
            self.did(freeze_tour, "carrier", one.id)

    @rule(pick=ANY, fails=st.booleans())
    def drive_on(self, pick, fails):
        """Set out, note the next handover, or come home."""
        if not (one := self.row(manifest, pick, "frozen", "under_way")):
            return
        name = self.by_party[one.carrier_id]
        if one.state == "frozen":
            self.did(begin_run, name, one.id)
        for stop in read_manifest(one.body).stops:
            for way in stop.handlings:
                how = {"outcome": "failed", "note": "Shut"} if fails and pick % 3 == 0 else {}
                words = HandoverWords(shipment_id=way.shipment, way=way.way, crates=way.crates, **how)
                self.did(hand_over, name, one.id, words)
        self.did(end_run, name, one.id)

    @rule(hours=st.sampled_from([1, 5, 20, 24 * 70]), far=ANY)
    def wait(self, hours, far):
        """Let time go by; seldom so much that what was agreed is forgotten."""
        self.clock.forward(3600 * (hours if hours == 1 or far % 4 == 0 else 1))
        expire_due(self.desk)
        expire_forgotten(self.desk)

    def owner(self, one):
        with self.desk.store.view() as view:
            return self.by_party[
                view.connection.execute(select(trip).where(trip.c.id == one.trip_id)).one().owner_id
            ]

    @invariant()
    def every_promise_holds(self):
        if not hasattr(self, "promised"):
            return
        with self.desk.store.view() as view:
            looked = Looked(self.desk, view, self.seen)
            looked.all()
            now = looked.promises()
        for one in self.promised.keys() & now.keys():
            assert now[one][0] <= self.promised[one][0] and now[one][1:] == self.promised[one][1:]
        self.promised = now


def played(tmp_path, clock, **how):
    house = new_house(tmp_path, clock)
    machine = type("Machine", (DeskMachine,), {"house": house, "clock": clock})
    usual = {"deadline": None, "suppress_health_check": list(HealthCheck), "database": None}
    try:
        run_state_machine_as_test(machine, settings=settings(**usual, **how))
    finally:
        house.close()


def test_every_promise_holds_whatever_people_do(tmp_path, clock):
    played(tmp_path, clock, max_examples=30, stateful_step_count=30, derandomize=True)


@pytest.mark.slow
def test_every_promise_holds_for_long_whatever_people_do(tmp_path, clock):
    played(tmp_path, clock, max_examples=150, stateful_step_count=50)
