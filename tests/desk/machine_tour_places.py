"""Who rides: sign-ups and orders, leaving, short lists that change, other rides taken."""

from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import rule

from pooling.desk.goods.shipments import cancel_shipment
from pooling.desk.market.other_ways import HOURS as CRATES_HOURS
from pooling.desk.market.other_ways import Taking, other_ways, take_other_way
from pooling.desk.selling.goods import change_goods, withdraw_goods, words_of_goods
from pooling.desk.selling.shortlists import change_short_list, withdraw_short_list
from pooling.desk.selling.tour_order_answers import accept_tour_order, cancel_tour_order, refuse_tour_order
from pooling.desk.selling.tour_orders import place_tour_order
from pooling.desk.tours.company import join_together, join_waiting_job
from pooling.desk.tours.sign_ups import join_tour, leave_tour
from pooling.store.market import shipment
from pooling.store.selling import goods, short_list, tour_order
from pooling.store.touring import sign_up
from tests.desk import touring
from tests.desk.machine_tour_town import ANY, SHOPS, TourTown
from tests.desk.selling import list_words, order_words

HOURS = st.sampled_from([(0, 6), (0, 6), (0, 6), (0, 6), (0, 4), (0, 4), (2, 5), (1, 2)])


class PlaceRules(TourTown):
    """Join, order, leave, come back, and take what else there is."""

    @rule(pick=ANY, to=ANY, crates=st.integers(1, 6), on=ANY, hours=HOURS)
    def join(self, pick, to, crates, on, hours):
        """Before the cut-off, and late."""
        if one := self.tour_on(on):
            self.joins(pick, to, crates, one.id, hours)

    @rule(pick=ANY, on=ANY)
    def come_back(self, pick, on):
        """Join with a shipment that rides nowhere: most often one that has left or was turned away."""
        one, ride = self.row(shipment, pick, "open"), self.tour_on(on)
        if one and ride:
            self.did(join_tour, self.payer(one), ride.id, one.id)

    @rule(pick=ANY)
    def leave(self, pick):
        if one := self.row(sign_up, pick, "joined", "riding", "waiting"):
            self.did(leave_tour, self.payer(one), one.id)

    @rule(
        pick=ANY,
        which=ANY,
        how=st.sampled_from(["cancel", "list", "answer", "company", "take", "take", "take"]),
    )
    def do_something_else(self, pick, which, how):
        """What is seldom done."""
        if how == "cancel":
            self.think_better_of_it(pick)
        elif how == "list":
            self.change_a_list(pick, ("terms", "goods", "goods", "gone", "shut")[which % 5], which)
        elif how == "company":
            self.join_in_company(pick, which)
        elif how == "answer":
            self.answer(pick, ("accept", "accept", "refuse", "cancel")[which % 4])
        else:
            self.take_what_else_there_is(pick, which)

    def join_in_company(self, pick, on):
        """A farm joins with two shipments at once; or those who wait are tried."""
        ride = self.tour_on(on, "proposed")
        if ride and pick % 2:
            self.clock.forward(1)
            join_waiting_job(self.desk, {"tour": ride.id}, touring.Watch())
        elif ride:
            farm, first = self.sends(pick, 0, 1)
            both = [one for one in (first, self.sends(pick, 1, 1)[1]) if one]
            if both and self.did(join_together, farm, ride.id, both):
                assert all(one.state == "riding" for one in self.rows(shipment, shipment.c.id.in_(both)))

    def think_better_of_it(self, pick):
        """A farm cancels a shipment; one that rides has to leave first."""
        if one := self.row(shipment, pick, "open", "open" if pick % 3 else "riding"):
            self.did(cancel_shipment, self.payer(one), one.id, None)

    @rule(pick=ANY, units=st.integers(3, 50), on=ANY)
    def order(self, pick, units, on):
        one, ride = self.row(goods, pick), self.tour_on(on, "proposed")
        if one and ride:
            name = SHOPS[pick % 2]
            words = order_words(self.town, one.list_id, {one.id: units}, name, tour_id=ride.id)
            self.did(place_tour_order, name, words)

    def answer(self, pick, how):
        states = ("asked", "accepted") if how == "cancel" else ("asked",)
        if one := self.row(tour_order, pick, *states):
            side = one.buyer_id if how == "cancel" and pick % 2 else one.producer_id
            change = {"accept": accept_tour_order, "refuse": refuse_tour_order, "cancel": cancel_tour_order}
            self.did(change[how], self.by_party[side], one.id, None)

    def change_a_list(self, pick, how, left):
        """Other terms, prices and quantities; seldom goods or a whole list that are no more."""
        of_list, one = self.row(short_list, pick), self.row(goods, pick)
        if not (of_list and one):
            return
        if how == "terms":
            who_pays = "buyer" if pick % 2 else "producer"
            words = list_words(self.town, "hill", accepts=pick % 3 != 0, carriage=who_pays)
            self.did(change_short_list, "hill", of_list.id, None, words)
        elif how == "goods":
            words = replace(words_of_goods(one), price_cents=100 + pick, available=left % 90)
            self.did(change_goods, "hill", one.id, None, words)
        elif pick % 4 == 0:
            change, its = (withdraw_goods, one.id) if how == "gone" else (withdraw_short_list, of_list.id)
            self.did(change, "hill", its, None)

    def take_what_else_there_is(self, pick, which):
        """Every ride that is shown can be taken."""
        one = self.row(sign_up, pick, "turned", "left")
        if one is None:
            self.leave(pick)
            return
        name, (crates,) = self.payer(one), self.rows(shipment, shipment.c.id == one.shipment_id)
        if crates.state != "open":
            return
        ways = other_ways(self.desk, self.town.actor(name), crates.id).ways
        if rides := [way for way in ways if way.kind == "ride"]:  # the others change the crates first
            way = rides[which % len(rides)]
            hours = {each: getattr(way, each) for each in CRATES_HOURS}
            taking = Taking(way.offer.kind, way.offer.ride_id, way.offer.price_cents, way.crates, **hours)
            taken = self.did(take_other_way, name, crates.id, None, taking)
            assert taken, (self.refused, "what is shown as an alternative can be taken")
