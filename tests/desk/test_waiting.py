"""Waiting at a stop: paid by the card to who drove, owed by whoever is at fault, by nobody else aboard."""

import pytest

from geodata.refusal import Refusal
from pooling.desk.carriers.paying import pay_of_tour
from pooling.desk.runs.handovers import HandoverWords, begin_run, end_run, hand_over
from pooling.desk.runs.waiting import WaitWords, correct_waiting, note_waiting, seen_waiting
from pooling.store.bills import bill_of
from pooling.store.ledger import account_balances, party_account, tour_account
from pooling.store.rows import NotFound
from pooling.store.touring import manifest
from tests.desk.touring import MORNING, frozen, ledger, row

RATE = 1_200


@pytest.fixture
def run(town):
    manifest_id, aboard = frozen(town, waiting_cents_per_hour=RATE)
    town.clock.at = MORNING
    did(town, begin_run, manifest_id)
    return manifest_id, aboard


def did(town, change, *words, who="carrier"):
    town.clock.forward(60)
    return change(town.house.desk, town.actor(who), town.ask(who), *words)


def waited(town, run, minutes=20, fault="sender", at=0, who="carrier", way="on"):
    manifest_id, aboard = run
    words = WaitWords(aboard[at], way, minutes, fault, "The crates were not packed")
    return did(town, note_waiting, manifest_id, words, who=who)


def home(town, run):
    manifest_id, aboard = run
    for way in ("on", "off"):
        for one in aboard:
            did(town, hand_over, manifest_id, HandoverWords(shipment_id=one, way=way, crates=4))
    did(town, end_run, manifest_id)


def balance(town, name, layer="posted"):
    with town.house.desk.store.view() as view:
        return account_balances(view, party_account(town.parties[name]))[layer]


def balances(town, layer):
    return {
        name: balance(town, name, layer)
        for name in ("farm", "neighbour", "restaurant", "carrier", "operator")
    }


def refused(do, *words, **other):
    with pytest.raises(Refusal) as told:
        do(*words, **other)
    return told.value.code


def test_whoever_is_at_fault_owes_it_and_nobody_else_aboard_pays_a_cent(town, run):
    waited(town, run)
    home(town, run)
    tour_id = row(town, manifest, run[0]).ride_id
    with town.house.desk.store.view() as view:
        assert account_balances(view, tour_account(tour_id)) == {"pending": 0, "posted": 0}
        paid = pay_of_tour(view, town.actor("operator"), tour_id)
        bill = bill_of(view, town.parties["farm"], 0, town.clock.at + 1)
        other = bill_of(view, town.parties["neighbour"], 0, town.clock.at + 1)
    assert paid.pay.waiting_cents == 400 and balance(town, "carrier") == paid.pay.total_cents
    assert [(line.why, line.crates, line.cents) for line in bill.lines][1:] == [("waiting at a stop", 0, 400)]
    assert bill.total_cents == -balance(town, "farm")
    assert "waiting at a stop" not in {line.why for line in other.lines}
    assert (ledger(town).sum_cents, ledger(town).unbalanced) == (0, 0)


@pytest.mark.parametrize(
    ("fault", "who"),
    [("sender", "farm"), ("receiver", "restaurant"), ("nobody", "operator"), ("carrier", None)],
)
def test_each_fault_has_its_payer(town, run, fault, who):
    before = balances(town, "pending")
    waited(town, run, fault=fault, way="off")
    after = balances(town, "pending")
    moved = {name: after[name] - before[name] for name in before if after[name] != before[name]}
    assert moved == ({who: -400, "carrier": 400} if who else {})


def test_an_operator_without_a_part_in_it_corrects_it_during_the_run_and_after_it(town, run):
    note = waited(town, run)
    right = did(town, correct_waiting, note, 5, "sender", "Seen on the tachograph", who="operator")
    assert (
        refused(did, town, correct_waiting, note, 1, "sender", "again", who="operator") == "corrected_before"
    )
    home(town, run)
    farm, carrier = balance(town, "farm"), balance(town, "carrier")
    last = did(town, correct_waiting, right, 10, "receiver", "It was the market", who="operator")
    assert (balance(town, "farm") - farm, balance(town, "carrier") - carrier) == (100, 100)
    assert balance(town, "restaurant") == -200
    with town.house.desk.store.view() as view:
        assert seen_waiting(view, town.actor("restaurant"), last).cents == 200
        with pytest.raises(NotFound):
            seen_waiting(view, town.actor("neighbour"), last)
    for name in ("carrier", "farm", "neighbour"):
        assert refused(did, town, correct_waiting, last, 0, "nobody", "no", who=name) in (
            "not_allowed",
            "not_found",
        )
    assert (ledger(town).sum_cents, ledger(town).unbalanced) == (0, 0)


def test_an_operator_frees_no_party_of_its_own(town, run):
    note = waited(town, run, fault="nobody")
    told = refused(did, town, correct_waiting, note, 0, "nobody", "Never mind", who="operator")
    assert told == "correction_in_own_favour"
    home(town, run)
    with town.house.desk.store.view() as view:
        assert bill_of(view, town.parties["operator"], 0, town.clock.at + 1).lines == (), (
            "it owes itself nothing"
        )


def test_waiting_is_noted_once_on_a_run_of_a_tour_by_who_drives(town, run):
    waited(town, run)
    assert refused(waited, town, run) == "waiting_noted"
    assert refused(waited, town, run, who="farm") == "not_found"
    manifest_id, _ = run
    words = WaitWords("shp_none", "on", 5, "sender", "why")
    assert refused(did, town, note_waiting, manifest_id, words) == "not_on_manifest"
    home(town, run)
    town.clock.forward(9 * 86_400)
    assert refused(waited, town, run, at=1) == "run_not_under_way"
