"""
Proposed tours at random: they are joined and left, moved by two operators, planned, driven and repaired.

Every fourth step is killed at one of its writes and repeated. After each step the house is held against the
promises (``desk_world``), what a tour adds to them over time (``tour_promises``), what others may read
(``tour_sight``), and what may follow what (``desk_steps``). A refusal is an answer like another.
"""

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, run_state_machine_as_test

from api.app import make_app
from pooling.store.touring import tour
from tests.desk.desk_steps import NEXT, Steps
from tests.desk.desk_world import Looked
from tests.desk.killing import Killer
from tests.desk.machine_tour_hands import HandRules
from tests.desk.machine_tour_places import PlaceRules
from tests.desk.machine_tour_run import RunRules
from tests.desk.machine_tour_town import CUTOFF_AT, OUTSIDER
from tests.desk.market import HOUR, TOMORROW
from tests.desk.servers import emptied
from tests.desk.test_desk_machine import PHASES
from tests.desk.tour_promises import TourPromises
from tests.desk.tour_sight import Readers
from tests.houses import MORNING, new_house, settle
from tests.thorough import examples

READY_FROM_AT, FRESH_BY_AT = TOMORROW + 3 * HOUR // 2, TOMORROW + 4 * HOUR
FOLLOWS = {**NEXT, tour: {**NEXT[tour], "cancelled": {"proposed", "confirmed"}}}
"""A tour that a merge ended is there again where the merge is taken back."""


class TourMachine(PlaceRules, HandRules, RunRules):
    """Play one tour, or two of one day, on one house."""

    @initialize(
        seed=st.integers(0, 10_000),
        room=st.sampled_from([12, 20]),
        money=st.sampled_from([{}, {}, {"fixed_cents": 1_200, "gap_cents": 3_000}, {"fixed_cents": 1_200}]),
        least=st.sampled_from([0, 0, 0, 6]),
        each_pays=st.booleans(),
        harvest=st.sampled_from([False, False, True]),
        second=st.booleans(),
        joined=st.sampled_from([4, 3, 2, 0]),
        left=st.booleans(),
        further=st.sampled_from([5, 4, 3, 0]),
    )
    def open_town(self, seed, room, money, least, each_pays, harvest, second, joined, left, further):
        self.clock.at = MORNING
        self.house.desk.store.change(emptied)
        self.town, self.desk, self.seen = settle(self.house, self.clock), self.house.desk, {}
        self.looked, self.acts, self.searched, self.undone = {}, [], False, None
        self.settle_farms(seed)
        words = {"ambient_crates": room, "minimum_crates": least, **money, "each_pays_its_way": each_pays}
        if "gap_cents" in money:
            words["gap_party_id"] = self.town.parties["operator"]
        hours = {"ready_from_at": READY_FROM_AT, "fresh_by_at": FRESH_BY_AT} if harvest else {}
        tour_id = self.proposes(**words, **hours)
        if second:
            self.proposes(**words)
        self.steps, self.promises = Steps(FOLLOWS), TourPromises(self)
        self.readers = Readers(self.town, self.client, ("farm", "neighbour", OUTSIDER))
        for pick in range(joined):
            self.joins(pick, pick // 2, 1 + pick, tour_id)
        self.every_promise_holds()
        if left:
            self.leave(0)
            self.every_promise_holds()
        if further >= 3:
            self.clock.at = CUTOFF_AT if further > 3 else self.clock.at
            self.planned(tour_id)
        if further == 5:
            self.act("operator", 2, "pin", 0, 1, 0)
            self.freeze(0)
            self.set_out(0)
            self.hand_over_some(0, 1, "whole")
            self.pass_on_or_correct(0, 6, "again")  # more than there are

    @invariant()
    def every_promise_holds(self):
        if not hasattr(self, "promises"):
            return
        with self.desk.store.view() as view:
            Looked(self.desk, view, self.seen).all()
            self.promises.judge(view)
            self.steps.judge(view)
            self.readers.look(view)
        self.searched, self.undone = False, None


def played(tmp_path, clock, **how):
    house = new_house(tmp_path, clock)
    with TestClient(make_app(house)) as client:
        its = {"house": house, "clock": clock, "client": client, "killer": Killer(house.desk.store)}
        machine = type("Machine", (TourMachine,), its)
        usual = {"deadline": None, "suppress_health_check": list(HealthCheck), "database": None}
        run_state_machine_as_test(machine, settings=settings(**usual, phases=PHASES, **how))
    house.close()


def test_every_promise_of_a_tour_holds_whatever_is_done_to_it(tmp_path, clock):
    often = examples(10, 3).max_examples
    played(tmp_path, clock, max_examples=often, stateful_step_count=22, derandomize=True)


@pytest.mark.slow
def test_every_promise_of_a_tour_holds_for_long_whatever_is_done_to_it(tmp_path, clock):
    played(tmp_path, clock, max_examples=60, stateful_step_count=40)
