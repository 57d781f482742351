"""What becomes of a tour: planned, changed, frozen, driven, repaired, cancelled, while the clock turns."""

from datetime import date, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule

from pooling.desk.carriers.dossiers import suspend_carrier, vet_carrier
from pooling.desk.carriers.drivers import substitute_driver
from pooling.desk.hands.hand_moves import undo_by_hand
from pooling.desk.people.parties import Vetting, vet_party
from pooling.desk.runs.codes import own_code
from pooling.desk.runs.correcting import CorrectionWords, correct_handover
from pooling.desk.runs.custody import PassWords, pass_on
from pooling.desk.runs.departing import name_vehicle
from pooling.desk.runs.freezing_rides import freeze_tour
from pooling.desk.runs.handovers import HandoverWords, begin_run, end_run, hand_over
from pooling.desk.runs.repairing_runs import RepairWords, repair_manifest
from pooling.desk.tours.tours import cancel_tour, change_tour
from pooling.runs.manifest_json import read_manifest
from pooling.store.touring import handover, manifest
from pooling.work.duties import DUTIES
from pooling.work.wiring import know_all_work
from tests.desk import touring
from tests.desk.machine_tour_town import ANY, CUTOFF_AT, OPERATORS, TourTown
from tests.desk.market import HOUR, TOMORROW
from tests.thorough import THOROUGH

SUNDAY, FAR = date(2026, 9, 13), date(2030, 12, 31)
SEARCH_S = 0.05
REPAIRS = ("cancel", "late", "lost")


class RunRules(TourTown):
    """Plan at the cut-off and after it, change, freeze, drive and repair."""

    @rule(on=ANY, late=st.booleans())
    def plan(self, on, late):
        """Plan a tour, most often past its cut-off; with a search only where there is time for it."""
        if one := self.tour_on(on):
            if late:
                self.clock.at = max(self.clock.at, CUTOFF_AT)
            self.searched = THOROUGH and on % 10 == 7
            self.planned(one.id, SEARCH_S if self.searched else 0.0)

    @rule(on=ANY, pick=ANY, what=st.sampled_from(["tour", "driver", "stop", "go", "licence", "renew"]))
    def change_van_or_carrier(self, on, pick, what):
        if what == "tour":
            self.change_the_tour(on, (12, 24)[pick % 2], (300, 400, 500)[pick % 3], pick)
        else:
            self.change_the_carrier(on, what)

    def change_the_tour(self, on, room, crate_cents, op):
        """A larger or a smaller van, another price: only in favour of who has joined."""
        if one := self.tour_on(on):
            hours = {"opens_at": TOMORROW, "closes_at": TOMORROW + 6 * HOUR, "cutoff_at": CUTOFF_AT}
            ends = {"start_site_id": one.start_site_id, "end_site_id": one.end_site_id}
            money = {"fixed_cents": one.fixed_cents, "gap_cents": one.gap_cents, "fee_cents": one.fee_cents}
            more = {"gap_party_id": one.gap_party_id, "ambient_crates": room, "crate_cents": crate_cents}
            fresh = {"ready_from_at": one.ready_from_at, "fresh_by_at": one.fresh_by_at}
            words = touring.words(self.town, **hours, **ends, **money, **more, **fresh)
            self.did(change_tour, OPERATORS[op % 2], one.id, one.revision, words)

    def change_the_carrier(self, on, how):
        """Another driver; a carrier that is suspended or whose licence runs out, seldom for long."""
        carrier = self.town.parties["carrier"]
        if how == "driver" and (one := self.tour_on(on)):
            self.did(substitute_driver, "operator", one.id, None, self.town.members["carrier"], "Ill")
        elif how == "stop" and on % 3 == 0:
            self.did(suspend_carrier, "operator", carrier, None, "No answer")
        elif how in ("stop", "go"):
            self.did(vet_carrier, "operator", carrier, None)
        else:
            until = FAR if how == "renew" or on % 3 else SUNDAY - timedelta(days=1)
            self.did(vet_party, "operator", carrier, None, Vetting(True, "LTI-1", until))

    def cancel(self, on):
        if one := self.tour_on(on):
            self.did(cancel_tour, OPERATORS[on % 2], one.id, None)

    @rule(on=ANY, pick=ANY, what=st.sampled_from(["hand over", "hand over", "come home", *REPAIRS]))
    def drive_on(self, on, pick, what):
        """Go on with a run; where none is under way, set out, or freeze a tour, or plan one first."""
        if self.rows(manifest, manifest.c.state == "under_way"):
            self.on_the_road(on, pick, what)
        elif self.rows(manifest, manifest.c.state == "frozen"):
            if pick % 3:
                self.set_out(on)
            else:
                self.repair(on, pick, what, anyway=pick % 2 == 0)
        elif self.tour_on(1, "confirmed"):
            self.freeze(on)
        else:
            self.plan(on, late=True)

    def on_the_road(self, on, pick, what):
        if what == "hand over":
            self.hand_over_some(on, 1 + pick % 8, ("whole", "whole", "whole", "fewer", "failed")[pick % 5])
        elif what == "come home":
            self.come_home(on)
        else:
            self.repair(on, pick, what, anyway=pick % 2 == 0)

    def freeze(self, on):
        """Freeze a tour: from then on no operator takes back what was done by hand."""
        if (one := self.tour_on(on, "confirmed")) and self.did(freeze_tour, "carrier", one.id):
            for op in OPERATORS:
                taken_back = self.did(undo_by_hand, op, one.id, one.revision)
                assert taken_back is None, "once a manifest is frozen nothing is taken back"
                assert self.refused.code == "tour_closed", self.refused

    def set_out(self, on):
        if one := self.row(manifest, on, "frozen"):
            self.did(name_vehicle, "carrier", one.id, "AB-123-CD")
            self.did(begin_run, "carrier", one.id)

    @rule(
        on=ANY, stops=st.integers(1, 8), how=st.sampled_from(["whole", "whole", "whole", "fewer", "failed"])
    )
    def hand_over_some(self, on, stops, how):
        """Note the next handovers: whole, crates too few, or none at all."""
        one = self.row(manifest, on, "under_way")
        handlings = (
            [] if one is None else [way for stop in read_manifest(one.body).stops for way in stop.handlings]
        )
        for way in handlings[on % 2 : on % 2 + stops]:
            more = {"outcome": "failed", "note": "Shut"} if how == "failed" else {}
            crates = max(1, way.crates - 1) if how == "fewer" else way.crates
            words = HandoverWords(shipment_id=way.shipment, way=way.way, crates=crates, **more)
            self.did(hand_over, "carrier", one.id, words)

    @rule(pick=ANY, crates=st.integers(0, 6), way=st.sampled_from(["again", "back", "left", "corrects"]))
    def pass_on_or_correct(self, pick, crates, way):
        """What stayed with the driver is passed on, also what it has no more; what was noted is corrected."""
        if not (one := self.row(handover, pick)):
            return
        if way == "corrects":
            with self.desk.store.view() as view:
                code = own_code(view, one.shipment_id, one.id)
            words = CorrectionWords(crates=crates, note="Counted again", code=code if pick % 2 else "")
            self.did(correct_handover, "carrier", one.id, words)
        else:
            words = PassWords(crates=crates, way=way, receiver="Ana", note="Later")
            self.did(pass_on, "carrier", one.shipment_id, words)

    def come_home(self, on):
        """Note what is left to be noted, and end the run."""
        if one := self.row(manifest, on, "under_way"):
            self.hand_over_some(on - on % 2, 99, "whole")
            self.did(end_run, "carrier", one.id)

    def repair(self, on, pick, kind, *, anyway):
        """A shipment is called off, the van is late or broken."""
        if one := self.row(manifest, on, "frozen", "under_way"):
            carried = [way.shipment for stop in read_manifest(one.body).stops for way in stop.handlings]
            kind = kind if kind in REPAIRS else "cancel"
            words = RepairWords(
                kind, carried[pick % len(carried)] if carried else "", 5 + pick % 90, anyway, "Full"
            )
            self.did(repair_manifest, "carrier", one.id, words)

    @rule(hours=st.sampled_from([0, 1, 3, 12, 24 * 70]), far=ANY)
    def wait(self, hours, far):
        """Let time go by, seldom so much that what was agreed lapses, or until a tour is cancelled."""
        if far % 10 == 7:
            self.cancel(far // 10)
        self.clock.forward(600 if hours > 1 and far % 6 else 600 + HOUR * hours)
        know_all_work()
        for duty in DUTIES.values():
            duty.function(self.desk)
