"""Rounds: one thing through all their occurrences, changes and exceptions; pay and drivers beside them."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from geodata.refusal import Refusal
from pooling.carriers.dossier import PaperKind
from pooling.desk.carriers.drivers import substitute_driver
from pooling.desk.carriers.paying import pay_of_tour
from pooling.desk.tours.changing_rounds import change_round, end_round, except_round_day
from pooling.desk.tours.round_words import RoundTemplate, RoundWords
from pooling.desk.tours.rounds import make_rounds_due, propose_round
from pooling.desk.tours.tours import change_tour
from pooling.store.members import join
from pooling.store.people import member
from pooling.store.plans import find_plan
from pooling.store.rounds import find_round, round_drivers, round_exceptions, tours_of_round
from pooling.store.rows import added
from pooling.store.touring import sign_up, tour
from pooling.store.work import outbox, outbox_party
from pooling.tours.same_driver import steadiness
from tests.desk.carrying import active, carrier, did, paper
from tests.desk.touring import EVENING, HOUR, confirmed, frozen, joined, row, sent, words

SUNDAY = date(2026, 9, 13)
WEDNESDAY = SUNDAY + timedelta(days=3)
RULE = "FREQ=WEEKLY;BYDAY=SU,WE"


def refused(do, *said, **more):
    with pytest.raises(Refusal) as caught:
        do(*said, **more)
    return caught.value


def template(town, **other):
    usual = {
        "carrier_id": carrier(town),
        "driver": "Lou",
        "start_site_id": town.sites["farm"],
        "end_site_id": town.sites["restaurant"],
        "opens_s": 6 * HOUR,
        "closes_s": 12 * HOUR,
        "cutoff_days": 1,
        "cutoff_s": 18 * HOUR,
        "crate_cents": 400,
        "ambient_crates": 20,
        "payload_kg": 600,
        "fixed_cents": 100,
        "cents_per_km": 30,
        "cents_per_hour": 300,
        "cents_per_stop": 10,
        "fee_cents": 50,
    }
    return RoundTemplate(**(usual | other))


def round_words(town, rule=RULE, first_day=SUNDAY, **other):
    return RoundWords("Valley", rule, first_day, template(town, **other))


def proposed(town, **other):
    town.clock.at = EVENING
    said = round_words(town, **other)
    return did(town, propose_round, "operator", town.parties["operator"], said)


def tours(town, round_id, from_day=SUNDAY):
    with town.house.desk.store.view() as view:
        return tours_of_round(view, round_id, from_day, 100)


def on_day(town, round_id, day):
    return next(one for one in tours(town, round_id) if one.round_day == day)


def told(town, topic):
    with town.house.desk.store.view() as view:
        return view.connection.execute(select(outbox).where(outbox.c.topic == topic)).all()


def test_a_round_is_made_ahead_as_tours_and_never_twice(town):
    round_id = proposed(town)
    made = tours(town, round_id)
    assert len(made) == 16 and {one.state for one in made} == {"proposed"}
    assert make_rounds_due(town.house.desk) == 0
    town.clock.at += 7 * 24 * HOUR
    assert make_rounds_due(town.house.desk) == 2 and len(tours(town, round_id)) == 18


def test_a_round_passes_its_sharing_rule_to_its_tours_and_keeps_it_where_it_is_not_said(town):
    round_id = proposed(town, sharing_rule="km")
    assert {one.sharing_rule for one in tours(town, round_id)} == {"km"}
    did(town, change_round, "operator", round_id, None, round_words(town, fee_cents=40))
    assert {(one.sharing_rule, one.fee_cents) for one in tours(town, round_id)} == {("km", 40)}
    ride = on_day(town, round_id, SUNDAY)
    hours = ("ready_at", "pickup_by_at", "deliver_from_at", "deliver_by_at")
    later = {name: ride.opens_at + at * HOUR for name, at in zip(hours, (0, 3, 0, 5), strict=True)}
    joined(town, ride.id, "farm", sent(town, "farm", day=SUNDAY, **later))
    other = round_words(town, sharing_rule="alone", fee_cents=40)
    why = refused(did, town, change_round, "operator", round_id, None, other)
    assert why.code == "sharing_rule_fixed"


def test_a_round_passes_its_threshold_to_its_tours_and_is_refused_one_without_a_minimum(town):
    round_id = proposed(town, minimum_crates=8, at_threshold=True)
    assert {(one.minimum_crates, one.at_threshold) for one in tours(town, round_id)} == {(8, True)}
    endless = round_words(town, at_threshold=True)
    why = refused(did, town, change_round, "operator", round_id, None, endless)
    assert why.code == "threshold_missing"
    did(town, change_round, "operator", round_id, None, round_words(town, minimum_crates=8))
    assert not any(one.at_threshold for one in tours(town, round_id))


def test_the_hours_stay_on_the_wall_across_daylight_saving(town):
    """The clocks go back on 25 October 2026: 06:00 in Paris is 04:00 UTC before, 05:00 after."""
    round_id = proposed(town, fresh_by_s=32 * HOUR, closes_s=30 * HOUR - 60)
    before, after = (on_day(town, round_id, date(2026, 10, day)) for day in (21, 28))
    assert [one.opens_at // HOUR % 24 for one in (before, after)] == [4, 5]
    assert [one.fresh_by_at // HOUR % 24 for one in (before, after)] == [6, 7], "08:00 of the next morning"


def test_what_its_first_occurrence_refuses_refuses_the_round(town):
    town.clock.at = EVENING
    said = round_words(town, fixed_cents=None)
    why = refused(did, town, propose_round, "operator", town.parties["operator"], said)
    assert why.code == "no_rate_card"
    never = round_words(town, rule="FREQ=WEEKLY;BYDAY=SU;UNTIL=20260101")
    empty = refused(did, town, propose_round, "operator", town.parties["operator"], never)
    assert empty.code == "series_empty"
    assert refused(did, town, propose_round, "carrier", town.parties["carrier"], said).code == "not_allowed"


def test_a_fourth_day_of_a_week_is_left_out_with_its_reason_and_told(town):
    round_id = proposed(town, rule="FREQ=WEEKLY;BYDAY=MO,TU,WE,TH", first_day=SUNDAY + timedelta(days=1))
    with town.house.desk.store.view() as view:
        out = round_exceptions(view, round_id)
    assert {one.day.isoweekday() for one in out} == {4} and all("week_full" in one.reason for one in out)
    assert len(told(town, "round.day_left_out")) == len(out) == 8


def test_one_edited_by_itself_stays_as_it_is_when_all_that_follow_change(town):
    round_id = proposed(town)
    first, second = tours(town, round_id)[:2]
    own = words(town, **{name: getattr(first, name) for name in ("opens_at", "closes_at", "cutoff_at")})
    did(town, change_tour, "operator", first.id, first.revision, own)
    assert row(town, tour, first.id).detached
    did(town, change_round, "operator", round_id, None, round_words(town, ambient_crates=30))
    assert row(town, tour, first.id).ambient_crates == 20
    assert row(town, tour, second.id).ambient_crates == 30 and row(town, tour, second.id).id == second.id
    with town.house.desk.store.view() as view:
        assert find_round(view, round_id).state == "open", "the same round goes on"


def test_a_change_from_a_day_on_leaves_what_was_before_it(town):
    round_id, later = proposed(town), SUNDAY + timedelta(days=14)
    did(town, change_round, "operator", round_id, None,
        round_words(town, rule="FREQ=WEEKLY;BYDAY=SU", first_day=later, crate_cents=350))  # fmt: skip
    stands = [one for one in tours(town, round_id) if one.state == "proposed"]
    assert [one.round_day for one in stands][:5] == [
        SUNDAY, WEDNESDAY, SUNDAY + timedelta(days=7), WEDNESDAY + timedelta(days=7), later,
    ]  # fmt: skip
    assert {one.crate_cents for one in stands if one.round_day >= later} == {350}
    assert all(one.round_day.isoweekday() == 7 for one in stands if one.round_day >= later)


def test_whoever_joined_is_harmed_by_no_change_or_all_of_it_is_refused(town):
    round_id = proposed(town)
    ride = on_day(town, round_id, SUNDAY)
    hours = ("ready_at", "pickup_by_at", "deliver_from_at", "deliver_by_at")
    later = {name: ride.opens_at + at * HOUR for name, at in zip(hours, (0, 3, 0, 5), strict=True)}
    joined(town, ride.id, "farm", sent(town, "farm", day=SUNDAY, **later))
    for said in (round_words(town, crate_cents=500), round_words(town, rule="FREQ=WEEKLY;BYDAY=WE")):
        assert refused(did, town, change_round, "operator", round_id, None, said).code == "joiners_harmed"
    assert {one.crate_cents for one in tours(town, round_id)} == {400}
    moved = refused(did, town, except_round_day, "operator", round_id, None, SUNDAY, date(2026, 9, 14))
    assert moved.code == "joiners_harmed"


def test_a_day_is_left_out_or_moved_and_an_end_cancels_what_follows(town):
    round_id, monday = proposed(town), SUNDAY + timedelta(days=1)
    did(town, except_round_day, "operator", round_id, None, SUNDAY, None)
    did(town, except_round_day, "operator", round_id, None, WEDNESDAY, monday)
    assert on_day(town, round_id, SUNDAY).state == "cancelled"
    assert on_day(town, round_id, WEDNESDAY).day == monday
    stray = refused(did, town, except_round_day, "operator", round_id, None, monday, None)
    assert stray.code == "exception_stray"
    over = date(2020, 12, 10)
    assert refused(did, town, end_round, "operator", round_id, None, over).code == "hours_past"
    did(town, end_round, "operator", round_id, None, SUNDAY + timedelta(days=14))
    states = {one.round_day: one.state for one in tours(town, round_id, SUNDAY + timedelta(days=4))}
    assert [state for _, state in sorted(states.items())][:3] == ["proposed", "proposed", "cancelled"]
    assert refused(did, town, end_round, "operator", round_id, None, SUNDAY).code == "series_ended"


@pytest.mark.parametrize(("name", "code"), [("farm", "not_found"), ("carrier", "not_allowed")])
def test_only_its_operator_changes_a_round(town, name, code):
    round_id = proposed(town)
    assert refused(did, town, end_round, name, round_id, None, SUNDAY).code == code
    assert refused(did, town, except_round_day, name, round_id, None, SUNDAY, None).code == code
    assert refused(did, town, change_round, name, round_id, None, round_words(town)).code == code


def test_the_rate_of_the_same_driver_counts_what_set_out(town):
    round_id = proposed(town)
    ids = [one.id for one in tours(town, round_id)[:12]]

    def work(tx):
        for at, one in enumerate(ids):
            values = {"state": "done", "driver": "Ana" if at == 3 else "Lou"}
            tx.connection.execute(tour.update().where(tour.c.id == one).values(**values))

    town.house.desk.store.change(work)
    with town.house.desk.store.view() as view:
        found = steadiness(round_drivers(view, round_id))
    assert (found.driver, found.times, found.runs) == ("Lou", 11, 12)


def hired(town, name, mail):
    def work(tx):
        one = added(tx, member, "mem", email=mail, name=name)
        join(tx, one, carrier(town), "driver")
        return one

    return town.house.desk.store.change(work)


def test_a_substitution_has_a_reason_that_everybody_aboard_is_told(town):
    active(town)
    ana = hired(town, "Ana", "ana@example.org")
    tour_id, _ = confirmed(town)
    lacks = refused(did, town, substitute_driver, "carrier", tour_id, None, ana, "Flu")
    assert lacks.code == "papers_lacking"
    paper(town, PaperKind.DRIVING_LICENCE, about=ana)
    assert refused(did, town, substitute_driver, "carrier", tour_id, None, ana, "").code == "reason_missing"
    assert refused(did, town, substitute_driver, "farm", tour_id, None, ana, "Flu").code == "not_allowed"
    stray = refused(did, town, substitute_driver, "operator", tour_id, None, town.members["farm"], "Flu")
    assert stray.code == "driver_not_theirs"
    did(town, substitute_driver, "carrier", tour_id, None, ana, "Flu")
    assert row(town, tour, tour_id).driver == "Ana"
    (event,) = told(town, "driver.substituted")
    assert "Flu" in event.facts
    with town.house.desk.store.view() as view:
        query = select(outbox_party.c.party_id).where(outbox_party.c.outbox_id == event.id)
        parties = set(view.connection.execute(query).scalars())
    assert {town.parties[one] for one in ("farm", "neighbour", "carrier", "operator")} == parties


def test_what_a_carrier_is_paid_is_its_card_to_the_cent_and_not_what_shippers_pay(town):
    manifest_id, _ = frozen(town)
    assert manifest_id
    with town.house.desk.store.view() as view:
        (ride,) = view.connection.execute(select(tour)).all()
        found = pay_of_tour(view, town.actor("carrier"), ride.id)
        shares = view.connection.execute(select(sign_up.c.share_cents)).scalars().all()
        cost_cents = find_plan(view, ride.plan_id).cost_cents
        for name in ("farm", "restaurant"):
            assert refused(pay_of_tour, view, town.actor(name), ride.id).code == "not_found"
    assert found.pay.total_cents + ride.fee_cents == cost_cents
    assert found.shippers_cents == sum(shares) and found.gap_cents == cost_cents - sum(shares) == 0
    assert found.pay.stops_cents == 10 * found.work.stops
