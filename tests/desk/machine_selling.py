"""What producers have this week, and what restaurants order of it for a tour."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from pooling.desk.selling.goods import add_goods
from pooling.desk.selling.order_lines import withdraw_order_line
from pooling.desk.selling.shortlists import open_short_list
from pooling.desk.selling.tour_order_answers import accept_tour_order, cancel_tour_order, refuse_tour_order
from pooling.desk.selling.tour_orders import place_tour_order
from pooling.store.selling import goods, short_list, tour_order
from pooling.store.touring import tour
from tests.desk.machine_town import ANY, SHOPS, TownMachine
from tests.desk.selling import COURGETTES, list_words, order_words

HOW = ("sell", "order", "order", "accept", "refuse")


class SellingRules(TownMachine):
    """Open short lists, order from them, answer, and think better of it."""

    @rule(
        pick=ANY,
        units=st.integers(6, 60),
        how=st.sampled_from(["sell", "order", "order", "accept", "refuse"]),
    )
    def sell(self, pick, units, how):
        if how == "sell" or not self.rows(goods):
            self.open_a_list(pick)
        if how in ("sell", "order"):
            self.order_from_a_list(pick, units)
        elif one := self.row(tour_order, pick, "asked"):
            answer = accept_tour_order if how == "accept" else refuse_tour_order
            self.did(answer, self.by_party[one.producer_id], one.id, None)

    @rule(pick=ANY)
    def take_an_order_back(self, pick):
        if one := self.row(tour_order, pick, "asked", "accepted"):
            side = one.buyer_id if pick % 2 else one.producer_id
            self.did(cancel_tour_order, self.by_party[side], one.id, None)

    @rule(pick=ANY)
    def leave_a_line_out(self, pick):
        if one := self.row(tour_order, pick, "asked", "accepted"):
            side = one.buyer_id if pick % 2 else one.producer_id
            self.did(withdraw_order_line, self.by_party[side], one.id, None, 1 + pick // 2 % 2)

    def open_a_list(self, pick):
        if len(self.rows(short_list)) >= 3:
            return
        farm = self.farms[pick % len(self.farms)]
        terms = {"accepts": pick % 3 != 0, "carriage": "buyer" if pick % 2 else "producer"}
        if list_id := self.did(open_short_list, farm, list_words(self.town, farm, **terms)):
            self.did(add_goods, farm, list_id, COURGETTES)

    def order_from_a_list(self, pick, units):
        one, ride = self.row(goods, pick), self.row(tour, pick, "proposed")
        if one and ride:
            name = SHOPS[pick % 2]
            words = order_words(self.town, one.list_id, {one.id: units}, name, tour_id=ride.id)
            self.did(place_tour_order, name, words)
