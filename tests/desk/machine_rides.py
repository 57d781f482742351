"""What is done on tours and on the road: joined, planned, frozen, driven, paid, and said of it afterwards."""

from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import select

from pooling.desk.jobs import cancel_job
from pooling.desk.market.other_ways import HOURS, Taking, take_other_way
from pooling.desk.payments import PaymentWords, record_payment
from pooling.desk.people.trust import block_party, lift_block, review_place, write_review
from pooling.desk.runs.codes import own_code
from pooling.desk.runs.correcting import CorrectionWords, correct_handover
from pooling.desk.runs.custody import PassWords, pass_on
from pooling.desk.runs.departing import name_vehicle
from pooling.desk.runs.freezing_rides import freeze_tour, freeze_trip
from pooling.desk.runs.handovers import HandoverWords, begin_run, end_run, hand_over
from pooling.desk.tours.sign_ups import join_tour, leave_tour
from pooling.desk.tours.tour_jobs import ask_plan
from pooling.desk.tours.tour_planning import plan_tour
from pooling.desk.tours.tours import cancel_tour, change_tour, propose_tour
from pooling.runs.manifest_json import read_manifest
from pooling.store.market import bid, shipment, trip
from pooling.store.touring import handover, manifest, sign_up, tour
from pooling.store.trusting import block
from pooling.store.work import transfer
from tests.desk import touring
from tests.desk.machine_town import ANY, DAY_S, TownMachine

ACCEPTED = bid.c.state == "accepted"


class RideRules(TownMachine):
    """Propose, join, plan, freeze, drive, pay, review and refuse to ride together."""

    def operate(self, pick, odd):
        """The operator proposes a tour, changes one, or cancels one."""
        if pick % 3 == 0:
            self.propose(20 if odd else 6)
        elif pick % 3 == 1:
            self.change_a_tour(pick, 24 if odd else 4, 500 if pick % 2 else 300)
        else:
            self.cancel_a_tour(pick)

    def propose(self, room):
        words = touring.words(self.town, ambient_crates=room)
        words = self.later(words, "opens_at", "closes_at", "cutoff_at")
        self.did(propose_tour, "operator", self.town.parties["operator"], words)

    def change_a_tour(self, pick, room, crate_cents):
        if one := self.row(tour, pick, "proposed"):
            words = touring.words(self.town, ambient_crates=room, crate_cents=crate_cents)
            words = self.later(words, "opens_at", "closes_at", "cutoff_at")
            self.did(change_tour, "operator", one.id, one.revision, words)

    @rule(pick=ANY, on=ANY)
    def join(self, pick, on):
        one, ride = self.row(shipment, pick, "open"), self.row(tour, on, "proposed")
        if one and ride:
            self.did(join_tour, self.payer(one), ride.id, one.id)

    @rule(pick=ANY)
    def leave(self, pick):
        if one := self.row(sign_up, pick, "joined", "riding"):
            self.did(leave_tour, self.payer(one), one.id)

    @rule(pick=ANY, on=ANY)
    def take_another_ride(self, pick, on):
        """Whoever was turned away or has left takes a tour or a trip that still takes somebody."""
        table, kind, state = (trip, "trip", "open") if pick % 3 == 0 else (tour, "tour", "proposed")
        one, ride = self.row(sign_up, pick, "turned", "left"), self.row(table, on, state)
        if one and ride:
            (crates,) = self.rows(shipment, shipment.c.id == one.shipment_id)
            later_s = (ride.day - crates.day).days * DAY_S
            hours = {name: getattr(crates, name) + later_s for name in HOURS}
            taking = Taking(kind, ride.id, 1_000, crates.crates, **hours)
            self.did(take_other_way, self.payer(one), crates.id, None, taking)

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
    def plan(self, pick):
        if one := self.row(tour, pick, "proposed", "confirmed"):
            job = self.did(ask_plan, "operator", one.id)
            plan_tour(self.desk, one.id, touring.Watch(), search_s=0.0)
            self.did(cancel_job, "operator", job)

    def cancel_a_tour(self, pick):
        if one := self.row(tour, pick):
            self.did(cancel_tour, "operator", one.id, None)

    @rule(pick=ANY)
    def freeze(self, pick):
        aboard = self.rows(trip, trip.c.state == "open", trip.c.id.in_(select(bid.c.trip_id).where(ACCEPTED)))
        if aboard and pick % 2 == 0:
            one = aboard[pick % len(aboard)]
            self.did(freeze_trip, self.by_party[one.owner_id], one.id)
        if one := self.row(tour, pick, "confirmed"):
            self.did(freeze_tour, "carrier", one.id)

    @rule(pick=ANY, fails=st.booleans())
    def drive_on(self, pick, fails):
        """Set out, note every handover, or most of them, and come home."""
        self.freeze(pick)
        if not (one := self.row(manifest, pick, "frozen", "under_way")):
            return
        name = self.by_party[one.carrier_id]
        if one.state == "frozen":
            if pick % 7:  # for hire nobody sets out without a plate
                self.did(name_vehicle, name, one.id, "AB-123-CD")
            self.did(begin_run, name, one.id)
        for stop in read_manifest(one.body).stops:
            for way in stop.handlings:
                how = {"outcome": "failed", "note": "Shut"} if fails and pick % 3 == 0 else {}
                crates = max(1, way.crates - pick % 3) if fails else way.crates
                words = HandoverWords(shipment_id=way.shipment, way=way.way, crates=crates, **how)
                if pick % 5:
                    self.did(hand_over, name, one.id, words)
        self.did(end_run, name, one.id)

    @rule(pick=ANY, crates=st.integers(0, 5), corrects=st.booleans())
    def put_right(self, pick, crates, corrects):
        """What stayed with a driver is passed on, or what it noted is corrected."""
        if not (one := self.row(handover, pick)):
            return
        (run,) = self.rows(manifest, manifest.c.id == one.manifest_id)
        name = self.by_party[run.carrier_id]
        if corrects:
            words = CorrectionWords(crates=crates, note="Counted again")
            if pick % 2:  # who faced the driver agrees
                with self.desk.store.view() as view:
                    words = replace(words, code=own_code(view, one.shipment_id, one.id))
            self.did(correct_handover, name, one.id, words)
        else:
            way = ("again", "back", "left")[pick % 3]
            words = PassWords(crates=crates, way=way, receiver="Ana", note="Later")
            self.did(pass_on, name, one.shipment_id, words)

    @rule(pick=ANY, far=st.booleans())
    def review(self, pick, far):
        """Whoever rode or drove writes about it, on tours who paid; before a handover nobody may."""
        if place := self.row(sign_up, pick):
            self.did(review_place, self.payer(place), place.id, 1 + pick % 5, "")
        handed = self.rows(bid, bid.c.shipment_id.in_(select(handover.c.shipment_id)))
        if one := handed[pick % len(handed)] if handed and not far else self.row(bid, pick):
            name = self.payer(one) if pick % 2 else self.owner(one)
            self.did(write_review, name, one.id, 1 + pick % 5, "")

    @rule(pick=ANY, lifts=st.booleans())
    def refuse_to_ride(self, pick, lifts):
        """A farm blocks an owner, or the owner a farm; or lifts what stands."""
        stands = self.rows(block)
        if lifts and stands:
            one = stands[pick % len(stands)]
            self.did(lift_block, self.by_party[one.party_id], one.id)
        elif pick % 3 == 0:
            pair = [self.farms[pick % len(self.farms)], ("farm", "carrier")[pick % 2]]
            by, other = pair if lifts else pair[::-1]
            self.did(block_party, by, self.town.parties[by], self.town.parties[other])

    @rule(pick=ANY, cents=st.sampled_from([1, 200, 50_000]))
    def pay(self, pick, cents):
        """Note a payment of a debt; of more than is owed there is none."""
        owed = [one for one in self.rows(transfer) if one.payer.startswith("party:")]
        owed = [one for one in owed if one.payee.startswith("party:") and one.about_kind == "bid"]
        if owed:
            one = owed[pick % len(owed)]
            payer, payee = (account.removeprefix("party:") for account in (one.payer, one.payee))
            self.did(record_payment, self.by_party[payee], PaymentWords(payer, payee, cents))
