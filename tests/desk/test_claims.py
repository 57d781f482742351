"""Claims at the desk: opened, placed, answered, decided, posted once, until when, weighing in the score."""

from datetime import UTC, datetime
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from api.papers.account_paper import what_of
from api.papers.words import words
from geodata.refusal import Refusal
from pooling.desk.claims.deciding import (
    answer_claim,
    pass_unanswered,
    remind_undecided,
)
from pooling.desk.claims.opening import seen_claim, withdraw_claim
from pooling.desk.corrections import CorrectionWords, correct_transfer
from pooling.desk.payments import PaymentWords, record_payment
from pooling.desk.people.trust import trust_in
from pooling.figures import CLAIM_ANSWER
from pooling.store import Page
from pooling.store.claims import list_claims
from pooling.store.events import Reader, events_after
from pooling.store.ledger import account_balances, claim_account
from pooling.store.months import month_of
from pooling.store.statements import balances_with, transfers_on
from tests.desk import market
from tests.desk.claiming import CRATES, DAY, DECLARED, Ride


@pytest.fixture
def ride(town):
    return Ride(town)


def topics(town):
    with town.house.desk.store.view() as view:
        seen = events_after(view, Reader(everything=True), 0, 1_000)
    return [one.topic for one in seen if one.topic.startswith("claim.")]


def sums_to_nothing(town, claim):
    with town.house.desk.store.view() as view:
        assert account_balances(view, claim_account(claim)) == {"pending": 0, "posted": 0}
    assert (market.books(town).sum_cents, market.books(town).unbalanced) == (0, 0)


def test_what_is_damaged_is_placed_with_the_van_and_paid_once_it_accepts(town, ride):
    ride.delivered(damaged=2, condition="damaged")
    claim = ride.claim()
    row = ride.row(claim)
    assert (row.state, row.fault_id, row.payee_id) == (
        "opened",
        town.parties["farm"],
        town.parties["neighbour"],
    )
    assert row.after_id and row.before_id and row.after_id != row.before_id
    ask = town.ask("farm")
    for _ in range(2):
        answer_claim(town.house.desk, town.actor("farm"), ask, claim, row.revision, accepts=True)
    assert (ride.row(claim).state, ride.row(claim).paid_cents) == ("paid", 4_000)
    assert ride.moved() == {"farm": -4_000, "neighbour": 4_000}
    sums_to_nothing(town, claim)
    assert topics(town) == ["claim.opened", "claim.paid"]
    assert ride.refused(lambda: ride.answer(claim, accepts=True)) == "claim_closed"


def test_what_is_owed_by_a_claim_is_owed_between_its_two_sides_and_can_be_paid(town, ride):
    ride.delivered(damaged=6, condition="damaged")
    ride.answer(ride.claim(crates=6), accepts=True)
    with town.house.desk.store.view() as view:
        owed = balances_with(view, town.parties["neighbour"])
        assert set(owed) == {town.parties["farm"]}
        assert set(balances_with(view, town.parties["farm"])) == {town.parties["neighbour"]}
    cents = owed[town.parties["farm"]].posted_cents
    assert 0 < cents < DECLARED  # less what the carriage costs
    paid = PaymentWords(town.parties["farm"], town.parties["neighbour"], cents)
    ride.did(record_payment, paid, who="neighbour")
    assert ride.refused(lambda: ride.did(record_payment, paid, who="neighbour")) == "payment_above_debt"


def test_each_side_of_a_claim_reads_of_its_kind_its_crates_and_the_other_on_its_statement(town, ride):
    ride.answer(ride.delivered(damaged=2).claim(), accepts=True)
    today = datetime.fromtimestamp(town.clock.at, UTC).date()
    lines = {}
    for name in ("farm", "neighbour", "shop"):
        with town.house.desk.store.view() as view:
            month = month_of(view, town.parties[name], today, today, "UTC")
        lines[name] = [one for one in month.lines if one.about_kind == "claim"]
    (pays,), (paid,) = lines["farm"], lines["neighbour"]
    assert (pays.other, paid.other, pays.cents) == ("Neighbour", "Farm", -paid.cents)
    assert lines["shop"] == []
    for one in (pays, paid):
        assert what_of(one.about_kind, one.why, words("en")) == "claim: crates damaged"
        assert (one.carried.from_site, one.carried.to_site, one.carried.crates) == (
            "Neighbour",
            "Restaurant",
            2,
        )


def test_what_pays_a_claim_is_not_given_back_by_halves(town, ride):
    claim = ride.delivered(damaged=2).claim()
    ride.answer(claim, accepts=True)
    with town.house.desk.store.view() as view:
        legs, _ = transfers_on(view, claim_account(claim), Page())
    assert len(legs) == 2
    words = CorrectionWords("Two too many")
    for leg in legs:
        give_back = partial(ride.did, correct_transfer, leg.id, words, who="operator")
        assert ride.refused(give_back) == "correction_of_claim"
    assert market.read(town, account_balances, claim_account(claim))["posted"] == 0


def test_a_disputed_claim_is_decided_by_an_operator_for_some_of_its_crates(town, ride):
    ride.delivered(off=4, lost=2)
    claim = ride.claim("missing", 2)
    assert ride.refused(lambda: ride.answer(claim, accepts=False)) == "answer_unexplained"
    ride.answer(claim, accepts=False, note="One was never there")
    assert ride.row(claim).state == "with_operator"
    assert ride.refused(lambda: ride.decide(claim, crates=3)) == "more_than_claimed"
    assert ride.refused(lambda: ride.decide(claim, note="")) == "answer_unexplained"
    assert ride.refused(lambda: ride.decide(claim, fault_id=town.parties["shop"])) == "never_held"
    ride.decide(claim, crates=1)
    row = ride.row(claim)
    assert (row.state, row.granted_crates, row.paid_cents) == ("paid", 1, 2_000)
    assert ride.moved() == {"farm": -2_000, "neighbour": 2_000}
    assert topics(town) == ["claim.opened", "claim.with_operator", "claim.paid"]
    sums_to_nothing(town, claim)


def test_what_the_record_does_not_tell_is_for_an_operator_and_may_be_refused(town, ride):
    ride.delivered()
    claim = ride.claim("damaged", 1, who="restaurant")
    row = ride.row(claim)
    assert (row.state, row.fault_id, row.answer_by_at) == ("with_operator", None, None)
    assert ride.refused(lambda: ride.answer(claim, accepts=True)) == "not_found"
    assert ride.refused(lambda: ride.decide(claim)) == "never_held"
    ride.decide(claim, "refused")
    assert ride.row(claim).state == "refused" and ride.moved() == {}
    assert topics(town)[-1] == "claim.refused"


def test_nobody_answers_in_time_and_the_operator_decides(town, clock, ride):
    ride.delivered(damaged=2, condition="damaged")
    claim = ride.claim()
    assert pass_unanswered(town.house.desk) == 0
    clock.at += CLAIM_ANSWER.value + 1
    assert (pass_unanswered(town.house.desk), pass_unanswered(town.house.desk)) == (1, 0)
    row = ride.row(claim)
    assert (row.state, row.answer) == ("with_operator", "unanswered") and row.decide_by_at > clock.at
    ride.decide(claim)
    assert ride.moved() == {"farm": -4_000, "neighbour": 4_000}


def test_who_does_not_decide_in_time_is_reminded_once_and_nobody_else(town, clock, ride):
    ride.delivered(damaged=2, condition="damaged")
    claim = ride.claim()
    clock.at += CLAIM_ANSWER.value + 1
    pass_unanswered(town.house.desk)
    assert remind_undecided(town.house.desk) == 0
    clock.at = ride.row(claim).decide_by_at + 1
    assert (remind_undecided(town.house.desk), remind_undecided(town.house.desk)) == (1, 0)
    with town.house.desk.store.view() as view:
        told = {
            name: [
                one.topic
                for one in events_after(view, Reader(frozenset({party})), 0, 1_000)
                if one.topic == "claim.overdue"
            ]
            for name, party in town.parties.items()
        }
    assert [name for name, topics in told.items() if topics] == ["operator"]
    ride.decide(claim)
    assert ride.moved() == {"farm": -4_000, "neighbour": 4_000}


def test_each_crate_is_claimed_for_once_and_all_that_is_paid_is_never_more_than_what_was_declared(town, ride):
    ride.delivered(off=5, lost=1, damaged=5, condition="damaged")
    ride.answer(ride.claim("damaged", 5), accepts=True)
    last = ride.claim("missing", 1)
    ride.answer(last, accepts=True)
    assert ride.moved()["neighbour"] == DECLARED
    for kind in ("missing", "damaged", "warm"):
        assert ride.refused(lambda kind=kind: ride.claim(kind, 1)) == "more_than_left"
    sums_to_nothing(town, last)


def test_missing_crates_are_claimed_for_as_the_record_shows_them_short(town, ride):
    ride.delivered(off=5, lost=1, damaged=2, condition="damaged")
    assert ride.refused(lambda: ride.claim("missing", 2)) == "more_than_left"
    ride.answer(ride.claim("damaged", 2), accepts=True)
    ride.answer(ride.claim("missing", 1), accepts=True)
    assert ride.refused(lambda: ride.claim("missing", 6)) == "more_than_left"
    with pytest.raises(Refusal) as refusal:
        ride.claim("damaged", 6)
    assert (refusal.value.code, refusal.value.facts) == ("more_than_left", {"crates": 6, "left": 3})
    undecided = ride.claim("warm", 3)
    assert ride.refused(lambda: ride.claim("damaged", 1)) == "more_than_left"
    ride.did(withdraw_claim, undecided, None, who="neighbour")
    ride.claim("damaged", 1)


def test_late_crates_are_paid_a_part_of_their_carriage_by_the_driver(town, ride):
    ride.delivered(late_s=600)
    assert ride.agreed.price_cents > 0
    claim = ride.claim("late", 3)
    assert ride.row(claim).fault_id == town.parties["farm"]
    ride.answer(claim, accepts=True)
    assert ride.row(claim).paid_cents == ride.agreed.price_cents // 2 * 3 // 6


def test_what_came_in_time_is_not_late(town, ride):
    ride.hand("on")
    for kind in ("damaged", "late"):
        assert ride.refused(lambda kind=kind: ride.claim(kind, 1)) == "claim_too_early"
    ride.hand("off")
    assert ride.refused(lambda: ride.claim("late", 1)) == "came_in_time"
    town.clock.at = ride.agreed.drop_until_at + 1
    assert ride.refused(lambda: ride.claim("late", 1)) == "came_in_time"


def test_crates_damaged_before_they_were_taken_are_the_senders_and_who_claims_is_not_asked(town, ride):
    """The neighbour sent and pays: of its own claim an operator decides; the restaurant is paid by it."""
    ride.hand("on", damaged=2, condition="damaged")
    ride.hand("off", damaged=2, condition="damaged")
    ride.before = {name: market.owes(town, name)["posted"] for name in town.parties}
    claim = ride.claim("damaged", 2, who="restaurant")
    row = ride.row(claim)
    assert (row.state, row.fault_id, row.payee_id) == (
        "opened",
        town.parties["neighbour"],
        town.parties["restaurant"],
    )
    assert not row.after_id
    ride.answer(claim, "neighbour", accepts=True)
    assert ride.moved() == {"neighbour": -4_000, "restaurant": 4_000}


def test_who_claims_for_what_it_held_itself_is_judged_by_an_operator(town, ride):
    ride.hand("on", damaged=2, condition="damaged")
    ride.hand("off")
    claim = ride.claim("damaged", 2)
    row = ride.row(claim)
    assert (row.state, row.fault_id) == ("with_operator", town.parties["neighbour"])
    assert ride.refused(lambda: ride.answer(claim, "neighbour", accepts=True)) == "not_allowed"
    ride.decide(claim, fault_id=town.parties["farm"])
    assert (ride.row(claim).fault_id, ride.row(claim).payee_id) == (
        town.parties["farm"],
        town.parties["neighbour"],
    )


def test_who_was_asked_keeps_reading_a_claim_that_another_pays_and_the_other_lost_no_dispute(town, ride):
    """The record names the farm; the operator names the neighbour, who sent them: the restaurant is paid."""
    ride.delivered(damaged=2, condition="damaged")
    claim = ride.claim("damaged", 2, who="restaurant")
    ride.answer(claim, accepts=False, note="They were wet when I took them")
    ride.decide(claim, fault_id=town.parties["neighbour"])
    row = ride.row(claim)
    assert (row.fault_id, row.payee_id) == (town.parties["neighbour"], town.parties["restaurant"])
    assert (row.answer, row.answer_note) == ("disputed", "They were wet when I took them")
    sides = {town.parties[name] for name in ("farm", "neighbour", "restaurant")}
    with town.house.desk.store.view() as view:
        (paid,) = [
            one for one in events_after(view, Reader(everything=True), 0, 1_000) if one.topic == "claim.paid"
        ]
        for party in sides:
            assert paid.id in [one.id for one in events_after(view, Reader(manages={party}), 0, 1_000)], party
            assert trust_in(view, party)[1].claims_lost == 0
    for name, sees in {"farm": True, "neighbour": True, "restaurant": True, "shop": False}.items():
        who = town.actor(name)
        with town.house.desk.seen_by(who.parties).store.view() as view:
            assert [one.id for one in list_claims(view, who.manages, Page())[0]] == [claim] * sees, name
            if sees:
                assert seen_claim(view, who, claim).id == claim


def test_at_most_what_was_aboard_once_and_until_its_day(town, clock, ride):
    ride.delivered(damaged=2, condition="damaged")
    assert ride.refused(lambda: ride.claim("missing", 7)) == "more_than_aboard"
    claim = ride.claim()
    assert ride.refused(ride.claim) == "claim_stands"
    ride.did(withdraw_claim, claim, None, who="neighbour")
    assert (ride.row(claim).state, topics(town)[-1]) == ("withdrawn", "claim.withdrawn")
    ride.claim()
    clock.at = market.TOMORROW + 3 * DAY + 12 * 3600  # Wednesday: the third day after Sunday
    ride.claim("missing", 1)
    clock.at += 12 * 3600
    assert ride.refused(lambda: ride.claim("warm", 1)) == "claim_too_late"


def test_the_days_to_claim_count_from_when_a_handover_was_told(ride):
    ride.hand("on")
    happened_at = ride.town.clock.at + 60
    ride.town.clock.forward(9 * DAY)
    ride.hand("off", happened_at=happened_at)
    assert ride.claim("damaged", 1)


def test_one_of_less_than_all_aboard_is_the_most(town, ride):
    ride.hand("on", 4)
    ride.hand("off", 4)
    assert ride.refused(lambda: ride.claim("missing", 5)) == "more_than_aboard"


def test_an_operator_waits_for_the_answer_and_is_told_until_when(town, ride):
    ride.delivered(damaged=2, condition="damaged")
    claim = ride.claim()
    with pytest.raises(Refusal) as refusal:
        ride.decide(claim)
    until = datetime.fromtimestamp(ride.row(claim).answer_by_at, ZoneInfo(town.house.desk.timezone))
    assert refusal.value.code == "answer_awaited" and f"{until:%Y-%m-%d %H:%M}" in refusal.value.sentence
    ride.did(withdraw_claim, claim, None, who="neighbour")
    assert ride.refused(lambda: ride.decide(claim)) == "claim_closed"


def test_who_did_not_make_the_claim_that_stands_is_sent_to_the_side_that_did(town, ride):
    ride.delivered(damaged=2, condition="damaged")
    ride.claim()
    assert ride.refused(lambda: ride.claim(who="restaurant")) == "claimed_by_another"
    assert ride.refused(ride.claim) == "claim_stands"


def test_who_disputed_may_still_accept_while_nobody_has_decided(town, ride):
    ride.delivered(damaged=2, condition="damaged")
    claim = ride.claim()
    ride.answer(claim, accepts=False, note="Not ours")
    with pytest.raises(Refusal) as refusal:
        ride.answer(claim, accepts=False, note="Still not")
    until = datetime.fromtimestamp(ride.row(claim).decide_by_at, ZoneInfo(town.house.desk.timezone))
    assert refusal.value.code == "decision_awaited" and f"{until:%Y-%m-%d %H:%M}" in refusal.value.sentence
    ride.answer(claim, accepts=True)
    assert ride.refused(lambda: ride.answer(claim, accepts=False, note="After all")) == "claim_closed"
    assert ride.moved() == {"farm": -4_000, "neighbour": 4_000}


def test_lost_and_unanswered_claims_weigh_in_the_score_and_accepted_ones_do_not(town, clock, ride):
    def counted():
        with town.house.desk.store.view() as view:
            record = trust_in(view, town.parties["farm"])[1]
        return record.claims_unanswered, record.claims_lost

    ride.delivered(off=5, lost=1, damaged=2, condition="damaged")
    ride.answer(ride.claim("damaged", 2), accepts=True)
    assert counted() == (0, 0)
    lost = ride.claim("missing", 1)
    ride.answer(lost, accepts=False, note="Never there")
    assert counted() == (0, 0)
    ride.decide(lost)
    assert counted() == (0, 1)
    ride.claim("damaged", 1)
    clock.at += CLAIM_ANSWER.value + 1
    assert counted() == (1, 1)


def test_declared_crates_are_not_carried_without_the_terms_and_others_are_not_covered(town):
    shipment = market.sent(town, CRATES, declared_value_cents=DECLARED)
    trip = market.announced(town)
    with pytest.raises(Refusal) as refusal:
        market.bidden(town, trip, shipment)
    assert refusal.value.code == "cover_not_accepted"
    plain = Ride(town, declared=0, cover="").delivered(damaged=2, condition="damaged")
    claim = plain.claim()
    plain.answer(claim, accepts=True)
    assert (plain.row(claim).paid_cents, plain.moved()) == (0, {})
