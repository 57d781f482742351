"""
A market day at random: people do as they like, the clock turns, and every promise holds.

After each step the whole store is held against the promises (``desk_world``), and the step against what
may follow what (``desk_steps``). A refusal is an answer like another; anything else that goes wrong fails.
"""

import ast
import importlib
import inspect
import pkgutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, run_state_machine_as_test

import pooling.desk
from pooling.store import Ask
from pooling.store.market import bid
from pooling.work.jobs import JOBS
from pooling.work.wiring import know_all_work
from tests.desk import (
    machine_claims,
    machine_market,
    machine_rest,
    machine_rides,
    machine_room,
    machine_selling,
    machine_tour_hands,
    machine_tour_places,
    machine_tour_run,
    market,
)
from tests.desk.desk_steps import Steps
from tests.desk.desk_world import Looked
from tests.desk.servers import emptied
from tests.houses import MORNING, new_house, settle
from tests.thorough import examples

CORNERS = ("neighbour", "neighbour", "operator", "carrier", "neighbour", "neighbour")
RULES = (
    *(machine_market, machine_rides, machine_room, machine_rest, machine_selling, machine_claims),
    *(machine_tour_places, machine_tour_hands, machine_tour_run),  # played by ``test_tour_machine``
)

PHASES = (Phase.explicit, Phase.generate)
"""What fails is told as it was played: to shrink it would play for minutes more."""

APART = {
    "community_asks_deposits": "what is asked for crates that are handed over later",
    "party_asks_deposits": "what is asked for crates that are handed over later",
    "agree_in_kind": "a price that its owner gives up once nobody comes or goes any more",
    "ask_replay": "looks again at what was decided: ``test_replaying``",
    "replay_job": "the same; it writes nothing",
    "share_tool": "a tool that costs nothing yet",
    "ask_tool_part": "who may own a part; nothing is owed by it",
    "take_tool_part": "the same",
    "leave_tool": "the same; months agreed to stand",
    "note_tool_use": "a month of a tool, owed only once it is agreed to: ``test_shared_tools``",
    "note_tool_cost": "the same",
    "withdraw_tool_entry": "the same",
    "agree_tool_month": "one posted transfer as ``record_payment`` makes it, held in ``test_shared_tools``",
    "say_legal": "words of invoices and bank files",
    "ask_payment": "a word to a provider; nothing is paid by it",
    "found_community": "a closed group has nothing yet",
    "change_community": "words and defaults of what is posted later",
    "give_role": "who looks after a community",
    "leave_community": "ends bids that wait, as ``withdraw_bid`` does, which is done",
    "invite_to_community": "who may come in",
    "revoke_community_link": "who may come in",
    "join_community": "who may see what is for members",
    "open_shop": "a rota that is empty",
    "close_shop": "a rota",
    "take_turn": "a rota",
    "end_turn": "a rota",
    "leave_turn_out": "a rota",
    "ask_swap": "a rota",
    "agree_swap": "a rota",
    "refuse_swap": "a rota",
    "post_duty_trip": "announces a trip, as ``announce_trip`` does, which is done",
    "note_waiting": "money of two parties once; ``test_waiting.py`` holds the sums to nothing",
    "correct_waiting": "the same",
    "each_by_itself": "by what ``place_orders`` does each of its lines",
    "place_orders": "each line is ``place_order``, which is done; ``test_many_orders.py`` does this one",
    "place_tour_orders": "the same, by ``place_tour_order``",
    "take_over": "two vans under way; ``test_taking_over.py`` holds the chain, the room and the sums",
    "call_off": "repairs a manifest, as ``repair_manifest`` does, which is done",
    "name_load": "a word on papers; no room, hour or cent depends on it",
    "cancel_collection": "cancels a shipment, as ``cancel_shipment`` does, which is done",
    "answer_draft_invitation": "a note beside a draft",
    "ask_drafts": "advice of a minute, which changes nothing that rides",
    "ask_plan_day": "advice of seconds, which changes nothing that rides",
    "ask_for_pickup": "a wish that whoever plans the day reads; nothing rides by it",
    "withdraw_pickup": "the same, taken back",
    "apply_as_carrier": "an empty dossier",
    "change_vehicle": "tours keep the room that they were proposed with",
    "check_paper": "a paper; ``vet_carrier`` and ``suspend_carrier`` are done",
    "draft_tours_job": "the drafts that ``ask_drafts`` asks for",
    "send_claim_photo": "a picture that a claim names; nothing rides or is paid by it",
    "end_card": "tours keep the prices that they were proposed with",
    "enter_card": "tours keep the prices that they were proposed with",
    "send_document": "a picture of a paper; nothing rides or is paid by it",
    "take_document_back": "the same",
    "enter_paper": "a paper; ``vet_carrier`` and ``suspend_carrier`` are done",
    "enter_vehicle": "tours keep the room that they were proposed with",
    "share_true_price": "who may read a figure",
    "set_area": "where new crates may go; nothing that rides is asked",
    "change_me": "a member's own words",
    "choose_place": "makes a shipment, as ``enter_shipment`` does, which is done",
    "create_webhook": "an address that is told; nothing rides or is paid by it",
    "end_session": "who is signed in",
    "found_party": "a new party has nothing yet",
    "confirm_group": "who may pay under a legal ground that no trip of the machine runs on",
    "confirm_farm": "farms of the machine are confirmed; what is agreed stays",
    "invite": "who may act for a party",
    "invite_to_draft": "who is told of a draft",
    "list_turned_job": "tells what else there is; nothing rides by it",
    "plan_day_job": "the same",
    "prove_groups_job": "adds to a proof what it found; nothing rides or is paid by it",
    "plan_job": "``plan_tour``, which is done, with a search of seconds",
    "open_feed": "a calendar that is read",
    "propose_draft": "proposes a tour, as ``propose_tour`` does, which is done",
    "remind_draft_invitation": "who is told of a draft",
    "remove_flows": "what drafts are made of",
    "remove_member": "who may act for a party",
    "remove_webhook": "an address that is told",
    "revoke_feed": "a calendar that is read",
    "send_flows": "what drafts are made of",
    "send_goods_file": "lines of a short list, as ``add_goods`` writes them",
    "send_list": "makes shipments, as ``enter_shipment`` does, which is done",
    "send_photo": "a picture that a record names; nothing rides or is paid by it",
    "suggest_tours": "who is told of that advice",
    "take_invitation": "who may act for a party",
    "take_list_job": "takes the lines of ``send_list``",
    "withdraw_invitation": "who may act for a party",
}
"""Commands in no rule, each with the reason; they have tests of their own."""


class DeskMachine(
    machine_market.MarketRules,
    machine_rides.RideRules,
    machine_room.RoomRules,
    machine_rest.RestRules,
    machine_selling.SellingRules,
    machine_claims.ClaimRules,
):
    """Play a market day on one house."""

    @initialize(
        room=st.sampled_from([6, 40]),
        instant=st.booleans(),
        riding=st.integers(0, 6),
        joined=st.integers(0, 3),
        left=st.integers(0, 4),
        further=st.integers(0, 3),
    )
    def open_town(self, room, instant, riding, joined, left, further):
        self.clock.at = MORNING
        self.house.desk.store.change(emptied)
        self.town, self.promised, self.seen = settle(self.house, self.clock), {}, {}
        self.desk, self.steps = self.house.desk, Steps()
        self.farms = [market.newcomer(self.town, f"farm{n}", at) for n, at in enumerate(CORNERS)]
        self.by_party = {party: name for name, party in self.town.parties.items()}
        self.announce(room, "farm", instant)
        self.propose(room)
        for pick in range(len(self.farms)):
            self.send(pick, 0, 4)
        self.crowd_joins(0, joined)
        self.crowd_rides(0, riding)
        self.bids(0, 1, 5_000)
        self.crowd_leaves(left)
        if further:
            self.plan(0)
        if further == 2:
            self.freeze(0)
        if further == 3:
            self.drive_on(2, joined % 2 == 0)
            self.claim_and_answer(left, ("damaged", "missing")[left % 2], 1, "dispute" if left else "accept")
            self.have_a_word(1, "decide")
            self.give_back(0, 1)
        self.steps = Steps()
        with self.desk.store.view() as view:
            self.steps.begin(view)

    @invariant()
    def every_promise_holds(self):
        if not hasattr(self, "promised"):
            return
        with self.desk.store.view() as view:
            looked = Looked(self.desk, view, self.seen)
            looked.all()
            now = looked.promises()
            self.steps.judge(view)
        for one in self.promised.keys() & now.keys():
            assert now[one][0] <= self.promised[one][0] and now[one][1:] == self.promised[one][1:]
        self.promised = now


def played(tmp_path, clock, **how):
    house = new_house(tmp_path, clock)
    machine = type("Machine", (DeskMachine,), {"house": house, "clock": clock})
    usual = {
        "deadline": None,
        "suppress_health_check": list(HealthCheck),
        "database": None,
        "phases": PHASES,
    }
    try:
        run_state_machine_as_test(machine, settings=settings(**usual, **how))
    finally:
        house.close()


def test_every_promise_holds_whatever_people_do(tmp_path, clock):
    played(
        tmp_path, clock, max_examples=examples(8, 3).max_examples, stateful_step_count=45, derandomize=True
    )


def test_guests_who_are_let_down_are_looked_after_before_the_next_hour(tmp_path, clock):
    """One day that chance seldom plays: riders, their trip cancelled, and the clock's duties."""
    house = new_house(tmp_path, clock)
    machine = type("Machine", (DeskMachine,), {"house": house, "clock": clock})()
    try:
        machine.open_town(room=40, instant=False, riding=3, joined=0, left=0, further=0)
        riding = {one.id for one in machine.rows(bid, bid.c.state == "accepted")}
        machine.every_promise_holds()
        machine.cancel_a_trip(pick=0, chance=3)
        machine.every_promise_holds()
        refused = {one.id for one in machine.rows(bid, bid.c.state == "refused")}
        assert riding and riding <= refused
        machine.wait(hours=0, far=1)
        machine.every_promise_holds()
    finally:
        house.close()


@pytest.mark.slow
def test_every_promise_holds_for_long_whatever_people_do(tmp_path, clock):
    played(tmp_path, clock, max_examples=200, stateful_step_count=80)


def commands():
    """Return the public functions of the desk that do a wish, and what its jobs do; duties are all done."""
    know_all_work()
    found = {work.__name__ for work in JOBS.values() if work.__module__.startswith("pooling.desk")}
    for module in pkgutil.walk_packages(pooling.desk.__path__, "pooling.desk."):
        loaded = importlib.import_module(module.name)
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            ours = function.__module__ == loaded.__name__ and not name.startswith("_")
            wanted = inspect.signature(function, eval_str=True).parameters.values() if ours else ()
            if any(one.annotation is Ask for one in wanted):
                found.add(name)
    return found


def test_every_command_of_the_desk_is_in_a_rule_or_apart_with_a_reason():
    done = set()
    for module in RULES:
        tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
        done |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert commands() - done == set(APART)
