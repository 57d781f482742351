"""What is done with room: reserved before its goods, named, given back, kept at a hub; and a van missed."""

from dataclasses import fields

from hypothesis import strategies as st
from hypothesis.stateful import rule

from pooling.desk.goods.hubs import mark_hub, send_by_hub
from pooling.desk.goods.shipments import ShipmentWords
from pooling.desk.market.bids import accept_bid
from pooling.desk.runs.no_shows import say_nobody_came
from pooling.desk.trips.naming_goods import GoodsWords, name_goods
from pooling.desk.trips.reserving import RoomWords, release_room, reserve_room
from pooling.goods.hub import HubRoom
from pooling.store.market import bid, shipment
from tests.desk.machine_town import ANY, SHOPS, TownMachine

UNNAMED = (bid.c.name_by_at.is_not(None), bid.c.named_at.is_(None))


class RoomRules(TownMachine):
    """Reserve, name, release; keep at a hub; miss a van."""

    @rule(pick=ANY, on=ANY, crates=st.integers(1, 6), most_cents=st.sampled_from([60, 5_000, 5_000]))
    def reserve(self, pick, on, crates, most_cents):
        """A farm reserves room; most often the owner holds it."""
        if not (ride := self.ride(on)):
            return
        farm = self.farms[pick % len(self.farms)]
        sites = self.town.sites[farm], self.town.sites[SHOPS[on % 2]]
        words = RoomWords(self.town.parties[farm], *sites, "ambient", crates)
        bid_id = self.did(reserve_room, farm, ride.id, words, most_cents)
        if bid_id and pick % 4:
            (one,) = self.rows(bid, bid.c.id == bid_id)
            self.did(accept_bid, self.owner(one), bid_id, None)

    @rule(pick=ANY, crates=st.integers(1, 6), entered=st.booleans())
    def name(self, pick, crates, entered):
        """Goods are named: crates of a number, or a shipment of the farm's."""
        held = self.rows(bid, *UNNAMED, bid.c.state == "accepted")
        if not held:
            return
        one, words = held[pick % len(held)], GoodsWords(crates=crates)
        own = self.rows(shipment, shipment.c.payer_id == one.payer_id, shipment.c.state == "open")
        if entered and own:
            words = GoodsWords(shipment_id=own[pick % len(own)].id)
        self.did(name_goods, self.payer(one), one.id, None, words)

    @rule(pick=ANY)
    def give_room_back(self, pick):
        held = self.rows(bid, *UNNAMED)
        if held and pick % 2:
            one = held[pick % len(held)]
            self.did(release_room, self.payer(one), one.id, None)

    @rule(pick=ANY, how=st.sampled_from(["keep", "bring", "bring"]), crates=st.integers(1, 14))
    def use_a_hub(self, pick, how, crates):
        """An operator keeps crates of others; a farm brings its own there."""
        hub, one = self.town.sites["operator"], self.row(shipment, pick, "open")
        if how == "keep" or one is None:
            self.did(mark_hub, "operator", hub, None, HubRoom(ambient=crates * (pick % 3)))
            return
        name = self.payer(one)
        words = {each.name: getattr(one, each.name) for each in fields(ShipmentWords)}
        at_hub = ShipmentWords(**words | {"from_site_id": hub})
        self.did(send_by_hub, name, one.id, None, at_hub, "bring")

    @rule(pick=ANY)
    def miss_the_van(self, pick):
        """Somebody says that nobody came: most often too early, or of a ride that was noted."""
        if one := self.row(bid, pick, "accepted"):
            self.did(say_nobody_came, self.payer(one), one.id)
