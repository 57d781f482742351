"""What must be true of a house at every moment, read from its store and judged by no code of the desk."""

from collections import Counter

from sqlalchemy import select

from pooling.desk.market.rides import begins_of
from pooling.desk.runs.checking import check_house
from pooling.desk.runs.recording import read_chain
from pooling.desk.tours.tour_world import tour_world
from pooling.desk.trips.trip_books import load_trip, plan_words
from pooling.pricing import shareable_cost
from pooling.regimes import COST_SHARING, Regime
from pooling.store.claiming import claim
from pooling.store.finding import saved_search, search_heard
from pooling.store.hubs import GONE, as_hub
from pooling.store.ledger import check_ledger, posted_cents, transfer_state
from pooling.store.market import CLASSES, bid, shipment, trip, trip_leg
from pooling.store.people import site
from pooling.store.touring import handover, manifest, sign_up, tour
from pooling.store.trust import no_show_of
from pooling.store.trusting import review
from pooling.store.work import entry, transfer
from routing.check import check

CARRIED = ("riding", "aboard", "delivered", "failed")
CLAIM_TRANSFERS = select(transfer).where(transfer.c.about_kind == "claim").order_by(transfer.c.id)
PROMISED = ("pickup_from_at", "pickup_until_at", "drop_from_at", "drop_until_at")


class Looked:
    """Hold every row of a house at one moment; ``seen`` are the rides whose plans were judged already."""

    def __init__(self, desk, view, seen):
        self.desk, self.view, self.seen = desk, view, seen
        self.bids, self.shipments, self.trips, self.legs, self.tours, self.sign_ups, self.manifests = (
            view.connection.execute(select(table)).all()
            for table in (bid, shipment, trip, trip_leg, tour, sign_up, manifest)
        )
        self.handovers = view.connection.execute(select(handover)).all()
        self.trip_states, self.signed = {one.id: one.state for one in self.trips}, {}
        self.crates = {one.id: one for one in self.shipments}
        self.accepted = [one for one in self.bids if one.state == "accepted"]
        self.aboard = [one for one in self.sign_ups if one.state in ("joined", "riding")]

    def all(self):
        self.ledger_adds_up()
        self.each_shipment_rides_at_most_once()
        self.legs_hold_what_was_sold()
        self.nothing_stays_with_what_was_cancelled()
        self.crates_have_one_holder()
        self.claims_are_paid_once_by_declared_value()
        self.bids_are_paid_as_agreed()
        self.bundles_are_whole()
        self.reviews_follow_handovers()
        self.searches_are_told_of_others()
        self.places_are_kept_as_they_were_told()
        self.hubs_keep_no_more_than_they_say()
        self.who_waits_has_no_place_yet()
        for one in self.trips:
            if one.state in ("open", "frozen") and self.is_new(one):
                self.trip_is_kept(one)
        for one in self.tours:
            self.tour_is_paid(one)
            if one.state in ("proposed", "confirmed", "frozen") and self.is_new(one):
                self.tour_is_kept(one)

    def places_are_kept_as_they_were_told(self):
        """No share is above what was told, and no planned hour outside its window before the van sets out."""
        before = {one.id for one in self.tours if one.state in ("proposed", "confirmed")}
        for one in self.aboard:
            assert one.share_cents <= one.told_cents <= one.joined_cents, one.id
            if one.tour_id in before:
                assert one.pickup_from_at <= one.pickup_at <= one.pickup_until_at, one.id
                assert one.drop_from_at <= one.drop_at <= one.drop_until_at, one.id

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
            assert one.above_alone or one.price_cents <= max(0, one.saved_cents)
            assert one.held_cents is None or one.price_cents <= one.held_cents
            self.is_paid_as_signed(one)
        for one in self.bids:
            if one.state not in ("accepted", "withdrawn"):
                assert self.paid(one) in ("voided", "expired", "")
            if one.state == "withdrawn":
                self.is_written(one, one.owed_cents)

    def is_paid_as_signed(self, row):
        """Owed is the part of the price that was signed for, once all is or the run has ended."""
        signed, whole = self.signed.get(row.shipment_id, 0), self.crates[row.shipment_id].crates
        due = row.price_cents if self.not_there(row) else row.price_cents * signed // whole
        state, ended = self.paid(row), self.trip_states[row.trip_id] == "done"
        if state in ("posted", "voided"):
            settled = posted_cents(self.view, row.transfer_id, row.shipment_id, f"party:{row.payer_id}")
            assert settled == due, (settled, due)
        else:
            assert state in ("pending", "expired") if row.price_cents else state == ""
            assert not (ended and state == "pending")
            self.is_written(row, row.price_cents)

    def claims_are_paid_once_by_declared_value(self):
        """What claims pay passes through their accounts, once, and is never above what was covered."""
        paid = {}
        moved = {}
        for one in self.view.connection.execute(CLAIM_TRANSFERS):
            moved.setdefault(one.about_id, []).append(one.cents)
        for one in self.view.connection.execute(select(claim)):
            expected = [one.paid_cents] * 2 if one.state == "paid" and one.paid_cents else []
            assert moved.pop(one.id, []) == expected, (one.id, one.state)
            if one.state == "paid":
                late = one.kind == "late"
                paid[one.shipment_id, late] = paid.get((one.shipment_id, late), 0) + one.paid_cents
                most = one.carriage_cents if late else self.crates[one.shipment_id].declared_value_cents
                assert paid[one.shipment_id, late] <= most and one.fault_id != one.payee_id, one.id
        assert not moved
        claimed = entry.c.account.startswith("claim:")
        on_claims = self.view.connection.execute(select(entry.c.account, entry.c.cents).where(claimed))
        sums = {}
        for account, cents in on_claims:
            sums[account] = sums.get(account, 0) + cents
        assert set(sums.values()) <= {0}

    def crates_have_one_holder(self):
        """Every record stands in its chain, and each crate is with one holder, as counted here."""
        assert check_house(self.view).broken == ()
        records = {}
        for one in self.handovers:
            records.setdefault(one.shipment_id, []).append(one)
        for shipment_id, known in records.items():
            before, self.seen["held", shipment_id] = self.seen.get(("held", shipment_id)), len(known)
            if before != len(known):
                goods = self.crates[shipment_id]
                told = read_chain(self.view, goods).now
                assert told.held == holders(goods, known), (shipment_id, "who holds which crates")
                assert sum(told.held.values()) + told.lost == goods.crates, (shipment_id, "one holder each")
        corrected = {one.corrects for one in self.handovers}
        for one in self.handovers:
            if one.id not in corrected and one.way in ("off", "again"):
                self.signed[one.shipment_id] = self.signed.get(one.shipment_id, 0) + one.crates
        for shipment_id, signed in self.signed.items():
            assert (self.crates[shipment_id].state == "delivered") == (signed > 0)

    def not_there(self, row):
        """Who was not there with its crates owes its price all the same."""
        return no_show_of(self.view, row.trip_id, row.shipment_id, "payer") is not None

    def bundles_are_whole(self):
        """A bundle of all or none waits or is answered as one; of a choice at most one rides."""
        bundles = {}
        for one in self.bids:
            if one.bundle_kind:
                bundles.setdefault((one.bundle_id, one.bundle_kind), []).append(one.state)
        for (_, kind), states in bundles.items():
            asking = [state for state in states if state in ("open", "countered")]
            assert kind == "any" or len(asking) in (0, len(states)), states
            assert kind == "all" or states.count("accepted") <= 1
            assert kind == "all" or "accepted" not in states or not asking

    def reviews_follow_handovers(self):
        handed = set(self.view.connection.execute(select(handover.c.shipment_id)).scalars())
        by_id = {one.id: one for one in (*self.bids, *self.sign_ups)}
        for one in self.view.connection.execute(select(review)):
            assert by_id[one.bid_id or one.sign_up_id].shipment_id in handed

    def searches_are_told_of_others(self):
        """Nobody is told of its own trip as one that fits its search."""
        owners = {one.id: one.owner_id for one in self.trips}
        told = select(search_heard.c.ride_id, saved_search.c.party_id).join(
            saved_search, saved_search.c.id == search_heard.c.search_id
        )
        assert all(
            owners.get(ride_id) != party_id for ride_id, party_id in self.view.connection.execute(told)
        )

    def hubs_keep_no_more_than_they_say(self):
        """No crates come to a hub that has no room; one that says less later sends none away."""
        kept = Counter()
        for one in self.shipments:
            if one.state not in GONE:
                for end in {one.from_site_id, one.to_site_id}:
                    kept[end, one.day, one.temperature] += one.crates
        rooms = {one.id: as_hub(one) for one in self.view.connection.execute(select(site))}
        for (site_id, day, kind), crates in kept.items():
            key, hub = ("hub", site_id, day, kind), rooms[site_id]
            before, self.seen[key] = self.seen.get(key, 0), crates
            assert not hub.site.hub or crates <= max(hub.room.of(kind), before), (site_id, kind, crates)

    def who_waits_has_no_place_yet(self):
        """Who waits for a tour owes nothing, waits once, and only while the tour may still be joined."""
        states, waits = {one.id: one.state for one in self.tours}, Counter()
        for one in self.sign_ups:
            if one.state == "waiting":
                waits[one.tour_id, one.shipment_id] += 1
                assert states[one.tour_id] == "proposed" and not one.transfer_id and not one.share_cents
        assert set(waits.values()) <= {1}

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
        stored = load_trip(self.desk, self.view, row)
        book = stored.book
        assert check(book.problem, book.plan) == ()
        assert plan_words(stored.standing, book) == row.plan, "the plan that is kept is not the one judged"
        begins = begins_of(book.route)
        midnight_at = int(stored.standing.day.clock.midnight.timestamp())
        guests = [one for one in self.accepted if one.trip_id == row.id]
        assert {guest.shipment.id for guest in book.guests} == {one.shipment_id for one in guests}
        assert book.owner_cents <= book.announced_cents, (book.owner_cents, book.announced_cents)
        if Regime(row.regime) in COST_SHARING:
            most = shareable_cost(book.route, refrigerated=row.refrigerated).total_cents
            assert book.received_cents <= most
        for one in guests:
            assert one.pickup_from_at <= one.pickup_at <= one.pickup_until_at
            assert one.drop_from_at <= one.drop_at <= one.drop_until_at
            planned = tuple(midnight_at + begin_s for begin_s in begins[one.shipment_id])
            assert (one.pickup_at, one.drop_at) == planned, "the hours told are not those planned"

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


def holders(goods, records):
    """Count who holds how many crates of a shipment: plain addition over the records that stand."""
    told = sorted(records, key=lambda one: one.number)
    corrected, first = {one.corrects for one in told}, {}
    for one in told:
        first[one.id] = first.get(one.corrects, one.number)
    held = Counter({goods.shipper_id: goods.crates})
    stands = [one for one in told if one.id not in corrected]
    for one in sorted(stands, key=lambda one: (one.happened_at, first[one.id])):
        held[one.giver_id] -= one.crates + one.lost
        assert held[one.giver_id] >= 0, (one.id, "nobody hands over what it does not hold")
        held[one.taker_id or ""] += one.crates
    return +held
