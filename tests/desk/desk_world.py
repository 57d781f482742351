"""What must be true of a house at every moment, read from its store and judged by no code of the desk."""

from sqlalchemy import select

from pooling.desk.tour_world import tour_world
from pooling.desk.trip_books import load_trip
from pooling.pricing import shareable_cost
from pooling.regimes import COST_SHARING, Regime
from pooling.store.ledger import check_ledger, transfer_state
from pooling.store.market import CLASSES, bid, shipment, trip, trip_leg
from pooling.store.touring import manifest, sign_up, tour
from pooling.store.trust import no_show_of
from pooling.store.work import entry, transfer
from routing.check import check

CARRIED = ("riding", "aboard", "delivered", "failed")
PROMISED = ("pickup_from_at", "pickup_until_at", "drop_from_at", "drop_until_at")


class Looked:
    """Hold every row of a house at one moment; ``seen`` are the rides whose plans were judged already."""

    def __init__(self, desk, view, seen):
        self.desk, self.view, self.seen = desk, view, seen
        self.bids, self.shipments, self.trips, self.legs, self.tours, self.sign_ups, self.manifests = (
            view.connection.execute(select(table)).all()
            for table in (bid, shipment, trip, trip_leg, tour, sign_up, manifest)
        )
        self.crates = {one.id: one for one in self.shipments}
        self.accepted = [one for one in self.bids if one.state == "accepted"]
        self.aboard = [one for one in self.sign_ups if one.state in ("joined", "riding")]

    def all(self):
        self.ledger_adds_up()
        self.each_shipment_rides_at_most_once()
        self.legs_hold_what_was_sold()
        self.nothing_stays_with_what_was_cancelled()
        self.bids_are_paid_as_agreed()
        for one in self.trips:
            if one.state in ("open", "frozen") and self.is_new(one):
                self.trip_is_kept(one)
        for one in self.tours:
            self.tour_is_paid(one)
            if one.state in ("proposed", "confirmed", "frozen") and self.is_new(one):
                self.tour_is_kept(one)

    def is_new(self, row):
        before, self.seen[row.id] = self.seen.get(row.id), row.revision
        return before != row.revision

    def ledger_adds_up(self):
        found = check_ledger(self.view)
        assert (found.sum_cents, found.unbalanced) == (0, 0)
        layers = {}
        for row in self.view.connection.execute(select(entry)):
            layers[row.layer] = layers.get(row.layer, 0) + row.cents
        assert set(layers.values()) <= {0}

    def each_shipment_rides_at_most_once(self):
        rides = {}
        for one in self.accepted:
            rides.setdefault(one.shipment_id, []).append(("trip", one.trip_id))
        for one in self.aboard:
            rides.setdefault(one.shipment_id, []).append(("tour", one.tour_id))
        for one in self.shipments:
            held = one.state == "reserved" and one.rides_id
            expected = [(one.rides_kind, one.rides_id)] if one.state in CARRIED or held else []
            assert rides.get(one.id, []) == expected, (one.id, one.state, rides.get(one.id))
            asking = [b for b in self.bids if b.shipment_id == one.id and b.state in ("open", "countered")]
            assert one.state in ("open", "reserved") or not asking, (one.id, one.state)

    def legs_hold_what_was_sold(self):
        sold = {(leg.trip_id, leg.leg): dict.fromkeys(CLASSES, 0) for leg in self.legs}
        for one in self.accepted:
            load = self.crates[one.shipment_id]
            for leg in range(one.first_leg, one.last_leg + 1):
                sold[one.trip_id, leg][load.temperature] += load.crates
                sold[one.trip_id, leg]["kg"] += load.kg
        for leg in self.legs:
            kept = {name: getattr(leg, f"{name}_sold") for name in CLASSES}
            assert kept == sold[leg.trip_id, leg.leg]
            assert all(kept[name] <= getattr(leg, f"{name}_cap") for name in CLASSES)

    def nothing_stays_with_what_was_cancelled(self):
        gone = {one.id for one in (*self.trips, *self.tours) if one.state in ("cancelled", "refused")}
        assert not [one for one in self.accepted if one.trip_id in gone]
        assert not [one for one in self.aboard if one.tour_id in gone]
        assert not [one for one in self.shipments if one.rides_id in gone]
        open_bids = [one for one in self.bids if one.state in ("open", "countered")]
        states = {one.id: one.state for one in self.trips}
        assert {states[one.trip_id] for one in open_bids} <= {"open"}
        assert {one.state for one in self.manifests if one.ride_id in gone} <= {"cancelled"}
        for one in self.bids:
            if one.trip_id in gone:
                assert one.owed_cents == 0 and self.paid(one) in ("voided", "expired", "")

    def bids_are_paid_as_agreed(self):
        for one in self.accepted:
            assert 0 <= one.price_cents <= one.most_cents
            assert one.price_cents <= max(0, one.saved_cents)
            state = self.paid(one)
            delivered = self.crates[one.shipment_id].state == "delivered" or self.not_there(one)
            assert state == ("" if not one.price_cents else "posted" if delivered else state)
            assert delivered or state in ("pending", "expired", "")
            self.is_written(one, one.price_cents)
        for one in self.bids:
            if one.state not in ("accepted", "withdrawn"):
                assert self.paid(one) in ("voided", "expired", "")
            if one.state == "withdrawn":
                self.is_written(one, one.owed_cents)

    def not_there(self, row):
        """Who was not there with its crates owes its price all the same."""
        return no_show_of(self.view, row.trip_id, row.shipment_id, "payer") is not None

    def paid(self, row):
        return transfer_state(self.view, row.transfer_id) if row.transfer_id else ""

    def is_written(self, row, cents):
        """The one transfer of a bid that is not undone is of what it pays or owes."""
        query = select(transfer).where(transfer.c.about_id == row.id, transfer.c.pending_id.is_(None))
        stands = [
            one.cents
            for one in self.view.connection.execute(query)
            if transfer_state(self.view, one.id) in ("pending", "posted")
        ]
        if self.paid(row) != "expired":
            assert stands == ([cents] if cents else []), (row.state, stands, cents)

    def trip_is_kept(self, row):
        book = load_trip(self.desk, self.view, row).book
        assert check(book.problem, book.plan) == ()
        guests = [one for one in self.accepted if one.trip_id == row.id]
        assert {guest.shipment.id for guest in book.guests} == {one.shipment_id for one in guests}
        assert book.owner_cents <= book.announced_cents, (book.owner_cents, book.announced_cents)
        if Regime(row.regime) in COST_SHARING:
            most = shareable_cost(book.route, refrigerated=row.refrigerated).total_cents
            assert book.received_cents <= most
        for one in guests:
            assert one.pickup_from_at <= one.pickup_at <= one.pickup_until_at
            assert one.drop_from_at <= one.drop_at <= one.drop_until_at

    def tour_is_paid(self, row):
        sums = {"pending": 0, "posted": 0}
        for one in self.view.connection.execute(select(entry).where(entry.c.account == f"tour:{row.id}")):
            sums[one.layer] += one.cents
        assert sums == {"pending": 0, "posted": 0}
        aboard = [one for one in self.aboard if one.tour_id == row.id]
        pending = select(transfer).where(
            transfer.c.kind == "pending", transfer.c.about_kind == "tour", transfer.c.about_id == row.id
        )
        stands = [
            one
            for one in self.view.connection.execute(pending)
            if transfer_state(self.view, one.id) in ("pending", "posted")
        ]
        assert bool(stands) <= (row.state in ("confirmed", "frozen", "under_way", "done")), row.state
        for one in aboard:
            price_cents = one.crate_cents * self.crates[one.shipment_id].crates
            assert one.share_cents is None or one.share_cents <= min(price_cents, one.alone_cents)

    def tour_is_kept(self, row):
        aboard = {one.shipment_id for one in self.aboard if one.tour_id == row.id}
        if aboard:
            world = tour_world(self.desk, self.view, row)
            problem, plan = world.committed
            assert check(problem, plan) == () and not plan.unserved
            assert set(world.aboard) == aboard

    def promises(self):
        """Return what was promised to each accepted bid: hours that stay, a price that never rises."""
        return {
            one.id: (one.price_cents, *(getattr(one, name) for name in PROMISED)) for one in self.accepted
        }
