"""
What must be true of every tour after every step, held against what was told before; judged by plain reading.

``desk_world`` judges a moment of the whole house; here are the promises that a tour adds, over time.
"""

import json
from collections import Counter
from types import SimpleNamespace

from sqlalchemy import select

from pooling.desk.market.other_ways import other_ways
from pooling.desk.runs.left_behind import CALLED_OFF
from pooling.desk.runs.signing import UNSIGNED
from pooling.desk.tours.tour_world import tour_world
from pooling.hours import DayClock
from pooling.runs.manifest_json import read_manifest
from pooling.store.hand_moves import holds_of
from pooling.store.ledger import transfer_state
from pooling.store.market import shipment
from pooling.store.proposals import sign_up_price
from pooling.store.touring import manifest, plan, sign_up, tour
from pooling.store.work import transfer
from tests.desk.tour_stood import stood, visits_of

FREE = ("proposed", "confirmed")
SET_OUT = ("frozen", "under_way", "done")
WINDOWS = (("pickup_from_at", "pickup_until_at"), ("drop_from_at", "drop_until_at"))


class TourPromises:
    """Remember what everybody was told, and judge each step by it."""

    def __init__(self, machine):
        self.machine, self.told, self.states, self.revisions, self.explained = machine, {}, {}, {}, set()

    def judge(self, view):
        """Hold every tour and place to what was told before this step."""
        read = {table: view.connection.execute(select(table)).all() for table in (tour, sign_up, shipment)}
        self.view, self.crates = view, {one.id: one for one in read[shipment]}
        self.tours = {one.id: one for one in read[tour]}
        self.aboard = {one: [] for one in self.tours}
        for one in read[sign_up]:
            if one.state in ("joined", "riding"):
                self.aboard[one.tour_id].append(one)
                self.place_is_kept(one)
            elif one.state == "turned":
                self.turned_away_is_explained(one)
        for row in read[tour]:
            if row.state in FREE:
                self.plan_is_driven(row)
            if row.state in ("confirmed", *SET_OUT):
                self.cost_is_shared(row)
            self.shares_are_within_alone(row)
            self.manifest_carries_all(row)
        self.told = {one.id: one for one in read[sign_up]}
        self.states = {one.id: one.state for one in read[tour]}
        self.revisions = {one.id: one.revision for one in read[tour]}

    def place_is_kept(self, now):
        """A share only falls, and told hours only narrow; what a place costs is never above alone."""
        query = select(sign_up_price).where(sign_up_price.c.sign_up_id == now.id)
        rows = sorted(self.view.connection.execute(query), key=lambda one: (one.created_at, -one.share_cents))
        told, crates = [one.share_cents for one in rows], self.crates[now.shipment_id].crates
        assert 0 <= now.share_cents <= now.told_cents <= now.joined_cents <= now.crate_cents * crates
        assert now.share_cents <= now.alone_cents
        assert (told[0], max(told), told[-1]) == (now.joined_cents, now.joined_cents, now.share_cents)
        was = self.told.get(now.id)
        if was is None or was.state not in ("joined", "riding"):
            return
        assert now.joined_cents == was.joined_cents
        assert now.told_cents <= was.told_cents or self.machine.undone, "what was told stays the most"
        for opens, closes in WINDOWS:
            assert getattr(was, opens) <= getattr(now, opens), (opens, "told hours only narrow")
            assert getattr(now, closes) <= getattr(was, closes), (closes, "told hours only narrow")

    def turned_away_is_explained(self, one):
        """Whoever does not ride has a reason, and is shown what else there is, be it nothing."""
        if one.id in self.explained:
            return
        self.explained.add(one.id)
        reason = json.loads(one.reason)
        assert reason["code"] and reason["detail"] and reason["cure"], reason
        desk, who = self.machine.desk, self.machine.town.actor(self.machine.payer(one))
        if self.crates[one.shipment_id].state == "open":
            assert isinstance(other_ways(desk, who, one.shipment_id).ways, list)

    def plan_is_driven(self, row):
        """The plan that is kept carries who is aboard, and keeps room, hours and holds."""
        visits, aboard = visits_of(self.view, row), {one.shipment_id: one for one in self.aboard[row.id]}
        if not aboard:
            assert not [one for one in visits if one["shipment"] in aboard]
            return
        stands = stood(self.view, row)
        assert Counter(stands.order) == Counter((way, one) for one in aboard for way in ("on", "off"))
        assert len(visits) == len(stands.order), "nobody else is in the plan"
        load, clock_at = Counter(), row.opens_at
        for one in visits:
            goods, place = self.crates[one["shipment"]], aboard[one["shipment"]]
            way, at = one["way"], one["begins_at"]
            sign = 1 if way == "on" else -1
            load[goods.temperature] += sign * goods.crates
            load["kg"] += sign * goods.kg
            self.has_room(row, load)
            assert clock_at <= one["arrives_at"] <= at <= one["leaves_at"] <= row.closes_at
            clock_at = one["leaves_at"]
            assert at == (place.pickup_at if way == "on" else place.drop_at)
            self.hours_are_kept(row, goods, place, way, at)
        assert not +load, "nothing is left aboard"
        midnight_at = int(DayClock(row.day, row.timezone).midnight.timestamp())
        begins = {(one["way"], one["shipment"]): one["begins_at"] - midnight_at for one in visits}
        assert not stands.holds.broken_by(stands.order, begins), "locks and pins are kept"
        shown = holds_of(self.view, row.id)
        assert (shown.pinned, len(shown.first)) == (stands.holds.pinned, len(stands.holds.first))

    def has_room(self, row, load):
        assert min(load.values()) >= 0, "nothing is handed over before it is collected"
        assert all(load[kind] <= getattr(row, f"{kind}_crates") for kind in ("ambient", "chilled", "frozen"))
        assert load["kg"] <= row.payload_kg

    def hours_are_kept(self, row, goods, place, way, at):
        if way == "on":
            assert max(goods.ready_at, row.ready_from_at or 0) <= at <= goods.pickup_by_at
            assert place.pickup_from_at <= at <= place.pickup_until_at
        else:
            assert goods.deliver_from_at <= at <= min(goods.deliver_by_at, row.fresh_by_at or at)
            assert place.drop_from_at <= at <= place.drop_until_at

    def cost_is_shared(self, row):
        """Shares and the named gap are what the plan costs, and that is the card and the fee, to the cent."""
        (kept,) = self.view.connection.execute(select(plan).where(plan.c.id == row.plan_id))
        query = select(transfer).where(transfer.c.about_id == row.id, transfer.c.kind == "pending")
        noted = [
            one
            for one in self.view.connection.execute(query)
            if transfer_state(self.view, one.id) != "voided"
        ]
        sums = Counter()
        for one in noted:
            sums[one.why] += one.cents
        if {transfer_state(self.view, one.id) for one in noted} <= {"pending"} and row.state != "done":
            shares = Counter({f"party:{one.payer_id}": 0 for one in self.aboard[row.id]})
            for one in self.aboard[row.id]:
                shares[f"party:{one.payer_id}"] += one.share_cents
            assert all(one.state == "riding" for one in self.aboard[row.id])
            owed = Counter()
            for one in noted:
                owed[one.payer] += one.cents if one.why == "tour share" else 0
            assert +owed == +shares, "what is pending is what rides"
            behind = sums[CALLED_OFF] + sums[UNSIGNED]  # taken by who called off, or by the operator
            assert sums["tour share"] + sums["tour gap"] + behind == kept.cost_cents
            assert (
                sums["tour card"] + sums["tour fee"] == kept.cost_cents and sums["tour fee"] == row.fee_cents
            )
            assert 0 <= sums["tour gap"] <= row.gap_cents
        assert kept.cost_cents == card_cents(row, kept) + row.fee_cents

    def shares_are_within_alone(self, row):
        """What is told anew is for no party above its day alone, as the day stands."""
        set_out = self.states.get(row.id) == "proposed" and row.state == "confirmed"
        if not (row.state == "proposed" or set_out) or not self.told_anew(row):
            return
        world = tour_world(self.machine.desk, self.view, row)
        baseline, riding = world.payers.baseline, {one.shipment_id: one for one in self.aboard[row.id]}
        for party, group in world.payers.wanting.items():
            here = [one for one in group if one.id in riding]
            left = [one for one in group if one.id not in riding]
            cents = sum(riding[one.id].share_cents for one in here)
            assert cents <= baseline.cents(party, here), (party, "above these shipments alone")
            spared_cents = baseline.cents(party, group) - baseline.cents(party, left)
            assert cents <= max(0, spared_cents), (party, "above what riding spares")

    def told_anew(self, row):
        """Tell whether this step told everybody aboard a share: somebody joined, left, or it was planned."""
        query = select(plan).where(plan.c.id == row.plan_id, plan.c.ride_revision == row.revision)
        kept = self.view.connection.execute(query).one_or_none()
        new = kept is not None and self.revisions.get(row.id) != row.revision
        return new and kept.source in ("insertion", "search")

    def manifest_carries_all(self, row):
        """A manifest has each shipment that rides once on and once off, but what was left behind."""
        its = select(manifest).where(manifest.c.ride_id == row.id, manifest.c.state.in_(SET_OUT))
        for one in self.view.connection.execute(its):
            ways = Counter(
                (way.way, way.shipment) for stop in read_manifest(one.body).stops for way in stop.handlings
            )
            riding = {place.shipment_id for place in self.aboard[row.id]}
            carried = {shipment_id for _, shipment_id in ways}
            assert set(ways.values()) <= {1}
            assert ways.keys() == {(way, s) for s in carried for way in ("on", "off")}
            assert carried <= riding
            assert {self.crates[s].state for s in riding - carried} <= {"failed"}


def card_cents(row, kept):
    """Reckon a carrier's card for a plan: each line rounded half up."""
    body = SimpleNamespace(**json.loads(kept.body))
    if not body.visits:
        return 0
    distance_cents = (kept.distance_m * row.cents_per_km + 500) // 1_000
    time_cents = ((body.ends_at - body.leaves_at) * row.cents_per_hour + 1_800) // 3_600
    return row.fixed_cents + distance_cents + time_cents + body.stops * row.cents_per_stop
