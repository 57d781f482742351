"""
What must be true of one step of a house: which states follow which, that all of it was told, who may ride.

``desk_world`` judges a moment; this judges what lies between two of them.
"""

from sqlalchemy import func, select

from pooling.pricing import asked_of
from pooling.store.market import bid, order, rematch, shipment, trip, trip_series
from pooling.store.touring import manifest, sign_up, tour
from pooling.store.trusting import block
from pooling.store.work import outbox, outbox_party

ASKING = {"open", "countered"}
NEXT = {
    bid: {
        "": {"open"},
        "open": {"countered", "accepted", "refused", "withdrawn", "expired"},
        "countered": {"accepted", "refused", "withdrawn", "expired"},
        "accepted": {"refused", "withdrawn"},
    },
    shipment: {
        "": {"open", "reserved"},
        "open": {"riding", "cancelled"},
        "reserved": {"released"},
        "riding": {"open", "aboard", "failed"},
        "aboard": {"delivered", "failed"},
        "failed": {"aboard", "delivered"},  # a record put right
        "delivered": {"failed"},
    },
    order: {"": {"asked"}, "asked": {"accepted", "refused", "cancelled"}, "accepted": {"cancelled"}},
    trip: {
        "": {"open"},
        "open": {"frozen", "cancelled"},
        "frozen": {"under_way", "cancelled"},
        "under_way": {"done"},
    },
    trip_series: {"": {"open"}, "open": {"ended"}},
    tour: {
        "": {"proposed"},
        "proposed": {"confirmed", "refused", "cancelled"},
        "confirmed": {"proposed", "refused", "frozen", "cancelled"},
        "frozen": {"under_way", "cancelled"},
        "under_way": {"done"},
    },
    sign_up: {
        "": {"joined", "waiting"},
        "waiting": {"joined", "turned", "left"},
        "joined": {"riding", "turned", "left"},
        "riding": {"joined", "turned", "left"},
    },
    manifest: {"": {"frozen"}, "frozen": {"under_way", "cancelled"}, "under_way": {"done"}},
}
"""By table: which state may follow which. One step may hold several changes of the desk."""

TOLD = {bid, order, trip, trip_series, tour}
"""What is told of itself. Shipments, sign-ups and manifests are told with the bid, the tour or the ride."""


class Steps:
    """Remember a house between two steps, and judge the step by what may follow what."""

    def __init__(self, follows=NEXT):
        self.follows, self.states, self.told_to, self.most = follows, {}, 0, {}

    def begin(self, view):
        """Take a house as it stands for granted."""
        self._told_since(view)
        for table in self.follows:
            self.states |= {row.id: row.state for row in view.connection.execute(select(table))}
        if bid in self.follows:
            self.most = {row.id: row.most_cents for row in view.connection.execute(select(bid))}

    def judge(self, view):
        self._bids_are_told_to_both_sides_alone(view)
        told = self._told_since(view)
        blocks = {frozenset((one.party_id, one.other_id)) for one in view.connection.execute(select(block))}
        owners = {one.id: one.owner_id for one in view.connection.execute(select(trip))}
        self._carriers_get_what_they_ask(view)
        if bid in self.follows:
            self._no_bid_is_raised(view)
            self._who_is_let_down_is_looked_after(view)
        for table, follows in self.follows.items():
            for row in view.connection.execute(select(table)):
                before = self.states.get(row.id, "")
                if row.state == before:
                    continue
                assert row.state in _reachable(follows, before), (table.name, before, row.state)
                assert table not in TOLD or row.id in told, (table.name, before, row.state, told)
                if table is bid and row.state in (*ASKING, "accepted") and before != row.state:
                    pair = frozenset((owners[row.trip_id], row.payer_id))
                    assert pair not in blocks or row.state == "countered", "a blocked pair rides together"
                self.states[row.id] = row.state

    def _carriers_get_what_they_ask(self, view):
        """Who was accepted in this step pays what is asked per crate, a bundle in all; a quote holds."""
        trips = {one.id: one for one in view.connection.execute(select(trip).where(trip.c.asked_cents > 0))}
        crates = {one.id: one.crates for one in view.connection.execute(select(shipment))} if trips else {}
        short = {}
        for row in view.connection.execute(select(bid).where(bid.c.trip_id.in_(trips))):
            if row.state == "accepted" and self.states.get(row.id) != "accepted":
                least = asked_of(crates[row.shipment_id], trips[row.trip_id].asked_cents, row.held_cents)
                pair = row.trip_id, row.payer_id
                short[pair] = short.get(pair, 0) + least - row.price_cents
        assert all(cents <= 0 for cents in short.values()), short

    def _no_bid_is_raised(self, view):
        """The most that somebody would pay stands as it was said, but where it took what an owner asked."""
        for row in view.connection.execute(select(bid)):
            most_cents = self.most.setdefault(row.id, row.most_cents)
            took = row.most_cents == row.counter_cents and row.state not in ASKING
            assert row.most_cents == most_cents or took, (row.id, most_cents, row.most_cents)
            self.most[row.id] = row.most_cents

    def _who_is_let_down_is_looked_after(self, view):
        """Crates that rode on what its owner cancelled are matched anew; room without goods is gone."""
        looked = set(view.connection.execute(select(rematch.c.bid_id)).scalars())
        for row in view.connection.execute(select(bid).where(bid.c.state == "refused")):
            if self.states.get(row.id) == "accepted" and not (row.name_by_at and row.named_at is None):
                assert row.id in looked, row.id

    def _bids_are_told_to_both_sides_alone(self, view):
        """What happens to a bid is told to its payer and the trip's owner, and to nobody else."""
        sides = select(outbox.c.topic, outbox_party.c.party_id, bid.c.payer_id, trip.c.owner_id).where(
            outbox.c.id > self.told_to,
            outbox.c.about_kind == "bid",
            outbox_party.c.outbox_id == outbox.c.id,
            bid.c.id == outbox.c.about_id,
            trip.c.id == bid.c.trip_id,
        )
        for topic, *parties in view.connection.execute(sides):
            assert parties[0] in parties[1:], topic

    def _told_since(self, view):
        after, self.told_to = (
            self.told_to,
            view.connection.execute(select(func.max(outbox.c.id))).scalar() or 0,
        )
        return set(view.connection.execute(select(outbox.c.about_id).where(outbox.c.id > after)).scalars())


def _reachable(follows, before):
    """Return the states that may come after one, over however many changes."""
    found, new = set(), {before}
    while new:
        new = {after for one in new for after in follows.get(one, ())} - found
        found |= new
    return found
