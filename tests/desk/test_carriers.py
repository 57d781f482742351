"""Who may be given a tour: papers, vehicles, areas, weeks and cards, asked at the desk."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from geodata.refusal import Refusal
from pooling.carriers.dossier import PaperKind
from pooling.desk.carriers.dossiers import (
    PaperWords,
    apply_as_carrier,
    check_paper,
    enter_paper,
    grant_days,
    set_area,
    suspend_carrier,
    vet_carrier,
)
from pooling.desk.carriers.reminding import remind_due
from pooling.desk.people.parties import PartyWords, Vetting, change_party, vet_party
from pooling.desk.runs.freezing_rides import freeze_tour
from pooling.desk.runs.handovers import begin_run
from pooling.desk.tours.tour_planning import plan_tour
from pooling.desk.tours.tours import change_tour
from pooling.store.carrying import paper as paper_table
from pooling.store.touring import sign_up, tour
from pooling.store.work import outbox
from tests.desk.carrying import (
    FAR,
    INSURANCE,
    LICENCE,
    SQUARE,
    active,
    applied,
    carrier,
    did,
    paper,
    standing,
)
from tests.desk.touring import (
    DAY,
    HOUR,
    MORNING,
    Watch,
    confirmed,
    frozen,
    joined,
    proposed,
    revision_of,
    row,
    sent,
    words,
)

DAY_S = 24 * HOUR


def refused(do, *words, **more):
    with pytest.raises(Refusal) as caught:
        do(*words, **more)
    return caught.value


def rows(town, table, *where):
    with town.house.desk.store.view() as view:
        return view.connection.execute(select(table).where(*where)).all()


def events(town, topic):
    return rows(town, outbox, outbox.c.topic == topic)


def test_a_carrier_applies_enters_its_papers_and_is_vetted_by_the_operator_only(town):
    applied(town)
    assert standing(town).state == "applied" and refused(proposed, town).code == "carrier_not_vetted"
    paper(town, LICENCE)
    missing = refused(did, town, vet_carrier, "operator", carrier(town), None)
    assert missing.code == "papers_lacking" and "insurance" in missing.sentence
    insurance = paper(town, INSURANCE, state="entered")
    assert refused(did, town, vet_carrier, "operator", carrier(town), None).code == "papers_lacking"
    assert refused(did, town, check_paper, "carrier", insurance, None, "checked", "").code == "not_allowed"
    assert refused(did, town, vet_carrier, "carrier", carrier(town), None).code == "not_allowed"
    did(town, check_paper, "operator", insurance, None, "checked", "")
    did(town, vet_carrier, "operator", carrier(town), None)
    assert standing(town).state == "active" and proposed(town)


def test_a_carrier_that_was_vetted_before_dossiers_stays_so_when_it_opens_one(town):
    assert standing(town) is None and proposed(town)
    did(town, apply_as_carrier, "carrier", carrier(town))
    assert standing(town).state == "active" and proposed(town)
    kinds = {one.kind: one for one in rows(town, paper_table)}
    assert kinds["insurance"].state == "waived" and kinds["insurance"].checked_by_id is None
    did(town, check_paper, "operator", kinds["insurance"].id, None, "refused", "Never sent")
    assert refused(proposed, town).code == "papers_lacking"


def test_the_short_way_of_vetting_opens_a_dossier_that_says_so(town):
    found = Vetting(vetted=True, licence="LTI-7", licence_until=FAR)
    did(town, vet_party, "operator", carrier(town), None, found)
    assert standing(town).state == "active" and proposed(town)
    states = {one.kind: (one.state, one.note) for one in rows(town, paper_table)}
    assert states["transport_licence"] == ("checked", "") and states["insurance"][0] == "waived"
    did(town, vet_party, "operator", carrier(town), None, Vetting(False, "LTI-7", FAR))
    assert standing(town).state == "suspended"


def test_another_licence_number_is_vetted_anew(town):
    active(town)
    did(town, change_party, "carrier", carrier(town), None, PartyWords("Carrier", "", "LTI-8", "fr"))
    assert standing(town).state == "applied" and refused(proposed, town).code == "carrier_not_vetted"


def test_a_suspended_carrier_is_given_no_tour_and_none_of_its_tours_sets_out(town):
    active(town)
    tour_id, _ = confirmed(town)
    waits = proposed(town)
    joined(town, waits, "shop", sent(town, "shop"))
    did(town, suspend_carrier, "operator", carrier(town), None, "No answer for a week")
    assert refused(proposed, town).code == "carrier_not_vetted"
    assert refused(did, town, freeze_tour, "carrier", tour_id).code == "carrier_not_active"
    town.clock.at = MORNING - HOUR
    plan_tour(town.house.desk, waits, Watch(), search_s=0.0)
    assert row(town, tour, waits).state == "refused"
    assert "carrier_not_active" in row(town, tour, waits).reason


@pytest.mark.parametrize(("late", "code"), [(0, None), (1, "papers_lacking")])
def test_a_paper_is_asked_for_by_the_day_of_the_tour(town, late, code):
    town.clock.at = MORNING - 3 * DAY_S
    active(town, insurance=DAY - timedelta(days=late))
    if code is None:
        assert proposed(town)
    else:
        why = refused(proposed, town)
        assert why.code == code and str(why.facts["papers"]) == "the insurance of the vehicles"


def test_a_paper_that_is_over_cannot_be_checked_nor_waived_without_a_reason(town):
    active(town)
    over = paper(town, INSURANCE, date(2020, 1, 1), state="entered")
    assert refused(did, town, check_paper, "operator", over, None, "checked", "").code == "paper_over"
    assert refused(did, town, check_paper, "operator", over, None, "refused", "").code == "reason_missing"


@pytest.mark.parametrize(
    ("number", "until", "state"), [("1", None, "checked"), ("", FAR, "checked"), ("1", FAR, "waived")]
)
def test_a_transport_licence_counts_whole_or_not_at_all(town, number, until, state):
    applied(town)
    paper_id = did(town, enter_paper, "carrier", carrier(town), PaperWords(LICENCE, "", number, until))
    why = refused(did, town, check_paper, "operator", paper_id, None, state, "why")
    assert why.code == "licence_incomplete"


def test_a_carrier_is_told_of_a_paper_30_and_7_days_before_and_when_it_is_over(town):
    active(town, insurance=DAY + timedelta(days=30))
    told = []
    for days in (0, 0, 22, 23, 30, 31, 32, 40):
        town.clock.at = MORNING + days * DAY_S
        told.append(remind_due(town.house.desk))
    assert told == [1, 0, 0, 1, 0, 1, 0, 0]
    assert len(events(town, "paper.ends")) == 2 and len(events(town, "paper.ended")) == 1


def test_a_house_that_slept_tells_once_that_a_paper_is_over(town):
    active(town, insurance=DAY)
    town.clock.at = MORNING + 40 * DAY_S
    assert [remind_due(town.house.desk), remind_due(town.house.desk)] == [1, 0]
    assert len(events(town, "paper.ended")) == 1


@pytest.mark.parametrize(
    ("kind", "about", "code"),
    [
        (PaperKind.TECHNICAL_INSPECTION, "", "paper_unclear"),
        (PaperKind.DRIVING_LICENCE, "", "paper_unclear"),
        (PaperKind.DRIVING_LICENCE, "farm", "driver_not_theirs"),
        (PaperKind.INSURANCE, "farm", "paper_unclear"),
    ],
)
def test_a_paper_says_whose_it_is(town, kind, about, code):
    one = PaperWords(kind, town.members.get(about, ""), "1", FAR)
    assert refused(did, town, enter_paper, "carrier", carrier(town), one).code == code


def test_who_is_suspended_after_its_ride_was_frozen_does_not_set_out(town):
    active(town)
    manifest_id, _ = frozen(town)
    did(town, suspend_carrier, "operator", carrier(town), None, "insurance forged")
    town.clock.at = MORNING
    assert refused(did, town, begin_run, "carrier", manifest_id).code == "carrier_not_active"


STRANGERS = ("farm", "shop")


@pytest.mark.parametrize("name", STRANGERS)
def test_a_stranger_learns_of_no_dossier(town, name):
    active(town)
    paper_id = paper(town, INSURANCE)
    one = PaperWords(INSURANCE, "", "1", FAR)
    for change, *said in (
        (apply_as_carrier, carrier(town)),
        (enter_paper, carrier(town), one),
        (check_paper, paper_id, None, "checked", ""),
        (vet_carrier, carrier(town), None),
        (suspend_carrier, carrier(town), None, "why"),
        (set_area, carrier(town), None, SQUARE),
        (grant_days, carrier(town), DAY, 4, "why"),
    ):
        assert refused(did, town, change, name, *said).code == "not_found", change


def test_who_is_no_carrier_has_no_dossier(town):
    assert refused(did, town, apply_as_carrier, "farm", town.parties["farm"]).code == "not_a_carrier"


def test_a_harvest_hands_over_before_its_hour_or_says_by_how_much_it_would_not(town):
    hour = MORNING + 2 * HOUR
    tour_id = proposed(town, ready_from_at=MORNING + HOUR, fresh_by_at=hour)
    early = {"ready_at": MORNING, "deliver_by_at": MORNING + 5 * HOUR}
    up = row(town, sign_up, joined(town, tour_id, "farm", sent(town, "farm", **early)))
    assert up.pickup_at >= MORNING + HOUR and up.drop_at <= hour
    late = refused(joined, town, tour_id, "neighbour", sent(town, "neighbour", deliver_from_at=hour + 600))
    assert late.code == "too_late_to_be_fresh" and "+10 min" in late.sentence
    tight = proposed(town, ready_from_at=MORNING + HOUR, fresh_by_at=MORNING + HOUR + 300)
    missed = refused(joined, town, tight, "farm", sent(town, "farm"))
    assert missed.code == "too_late_to_be_fresh" and " min" in missed.sentence


def test_the_hard_hours_of_a_tour_stay_once_somebody_joined(town):
    tour_id = proposed(town, fresh_by_at=MORNING + 3 * HOUR)
    joined(town, tour_id, "farm", sent(town, "farm"))
    why = refused(did, town, change_tour, "operator", tour_id, revision_of(town, tour_id), words(town))
    assert why.code == "joiners_harmed"
    assert refused(proposed, town, fresh_by_at=MORNING - 1).code == "hours_backwards"


def test_nobody_joins_the_tour_of_a_suspended_carrier_nor_learns_why(town):
    active(town)
    tour_id, mine = proposed(town), sent(town, "farm")
    did(town, suspend_carrier, "operator", carrier(town), None, "A crash")
    with pytest.raises(Refusal) as refused:
        joined(town, tour_id, "farm", mine)
    assert refused.value.code == "tour_without_carrier" and "crash" not in refused.value.sentence
