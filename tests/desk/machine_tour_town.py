"""
The town that the tour's machine plays in: two operators, farms, buyers, an outsider, and one or two tours.

The rules stand beside it: ``machine_tour_places``, ``machine_tour_hands``, ``machine_tour_run``.
"""

from functools import partial
from random import Random

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine
from sqlalchemy import select, update

from geodata.refusal import Refusal
from pooling.desk.goods.shipments import enter_shipment
from pooling.desk.selling.goods import add_goods
from pooling.desk.selling.shortlists import open_short_list
from pooling.desk.tours.sign_ups import join_tour
from pooling.desk.tours.tour_planning import plan_tour
from pooling.desk.tours.tours import propose_tour
from pooling.store.market import shipment
from pooling.store.people import site
from pooling.store.touring import tour
from tests.desk import market, touring
from tests.desk.competitor import settled
from tests.desk.hands import colleague
from tests.desk.killing import AT_COMMIT, Killed, on_disk
from tests.desk.market import HOUR, TOMORROW
from tests.desk.selling import COURGETTES, list_words

ANY = st.integers(0, 999)
SHOPS = ("restaurant", "shop")
OPERATORS = ("operator", "Maud")
FARMS = ("farm", "neighbour", "hill", "coast")
OUTSIDER = "stranger"
CUTOFF_AT = TOMORROW - 2 * HOUR
MOST_WAITING = 3
JOINS = (join_tour, partial(join_tour, wait=True))


class TourTown(RuleBasedStateMachine):
    """Hold one house for all examples; ``pick`` numbers choose among the rows that there are."""

    house = clock = killer = client = None

    def settle_farms(self, seed):
        """Let the people of the town settle; chance kills steps, the same in every replay of an example."""
        self.dice, self.refused = Random(seed), None
        colleague(self.town, "Maud")
        settled(self.town, "hill", "producer", "neighbour", 0.002)
        settled(self.town, "coast", "producer", "operator", 0.001)
        settled(self.town, OUTSIDER, "producer", "shop", 0.003)
        lacking = update(site).where(site.c.address == "").values(address="2 rue du Col, 06320 La Turbie")
        self.desk.store.change(lambda tx: tx.connection.execute(lacking))  # nobody sets out without
        self.by_party = {party: name for name, party in self.town.parties.items()}
        if list_id := self.did(open_short_list, "hill", list_words(self.town, "hill")):
            self.did(add_goods, "hill", list_id, COURGETTES)

    def proposes(self, **other):
        """Propose a tour for tomorrow, there and back from the carrier's yard."""
        hours = {"opens_at": TOMORROW, "closes_at": TOMORROW + 6 * HOUR, "cutoff_at": CUTOFF_AT}
        ends = dict.fromkeys(("start_site_id", "end_site_id"), self.town.sites["carrier"])
        words = touring.words(self.town, **hours, **ends, **other)
        return self.did(propose_tour, "operator", self.town.parties["operator"], words)

    def sends(self, pick, to, crates, hours=(0, 6)):
        """Enter a shipment of some farm; ``hours`` of the morning between which it is carried."""
        farm = FARMS[pick % len(FARMS)]
        from_at, by_at = (TOMORROW + hour * HOUR for hour in hours)
        words = market.crates(
            self.town,
            crates,
            farm,
            SHOPS[to % 2],
            ready_at=from_at,
            pickup_by_at=by_at - HOUR,
            deliver_from_at=from_at,
            deliver_by_at=by_at,
        )
        return farm, self.did(enter_shipment, farm, words)

    def joins(self, pick, to, crates, tour_id, hours=(0, 6)):
        """Join with new crates, or with those that a farm has waiting: its day alone is soon long to plan."""
        waiting = self.rows(shipment, shipment.c.state == "open")
        if len(waiting) >= MOST_WAITING:
            one = waiting[pick % len(waiting)]
            return self.did(JOINS[pick % 2], self.payer(one), tour_id, one.id)
        farm, shipment_id = self.sends(pick, to, crates, hours)
        return self.did(JOINS[pick % 2], farm, tour_id, shipment_id) if shipment_id else None

    def planned(self, tour_id, search_s=0.0):
        return self.attempt(lambda: plan_tour(self.desk, tour_id, touring.Watch(), search_s=search_s))

    def did(self, change, name, *words):
        """Do a change as the member of a party; return its answer, or ``None`` where it is refused."""
        who, ask = self.town.actor(name), self.town.ask(name)

        def wish():
            return change(self.desk, who, ask, *words)

        answer = self.attempt(wish)
        if answer is not None and self.dice.random() < 0.2:
            before = on_disk(self.desk.store)
            assert wish() == answer, "the same wish again has the same answer"
            assert on_disk(self.desk.store) == before, "the same wish again changes nothing"
        return answer

    def attempt(self, work):
        """
        Do some work a second after the last; every fourth time it is killed first at some write.

        What was killed has changed nothing; so what is repeated under the same key is as if done once.
        """
        self.clock.forward(1)  # so that ids sort by the order of their making
        self.refused = None
        if self.dice.random() < 0.25:
            self.killed(work, self.dice.randint(1, AT_COMMIT))
        try:
            return work()
        except Refusal as refusal:
            assert refusal.code != "desk_busy" and refusal.sentence and refusal.what_to_do
            self.refused = refusal
            return None

    def killed(self, work, write):
        before = on_disk(self.desk.store)
        try:
            with self.killer.at(write):
                work()
        except (Killed, Refusal):
            assert on_disk(self.desk.store) == before, "what was killed or refused has changed nothing"

    def rows(self, table, *where):
        with self.desk.store.view() as view:
            return view.connection.execute(select(table).where(*where).order_by(table.c.id)).all()

    def row(self, table, pick, *states):
        rows = self.rows(table, *([table.c.state.in_(states)] if states else []))
        return rows[pick % len(rows)] if rows else None

    def tour_on(self, pick, *states):
        """Return one of the tours, most often one in which something may still change."""
        living = ("proposed", "confirmed") if not states and pick % 16 else states
        return self.row(tour, pick, *living)

    def payer(self, row):
        return self.by_party[row.payer_id]
