"""Seeding on the desk: flows are a secret, drafts become tours once, invitations are kept and answered."""

import json
from datetime import date, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from geodata.refusal import Refusal
from pooling.desk.seeds.draft_invitations import (
    answer_draft_invitation,
    declined_by_token,
    joined_due,
    opened_by_token,
    remind_draft_invitation,
    seen_invitation,
)
from pooling.desk.seeds.flows import ranked, remove_flows, seen_list
from pooling.desk.seeds.seeding import ask_drafts, body_of, hours_on, propose_draft, seen_draft
from pooling.desk.tours.sign_ups import join_tour
from pooling.seeding.draft import Terms
from pooling.store.draft_invitations import draft_invitation
from pooling.store.drafts import newest_drafting, tour_draft
from pooling.store.flows import flows_of
from pooling.store.people import member
from pooling.store.touring import tour
from pooling.work.jobs import JobCancelled
from tests.desk import seeds, touring
from tests.desk.test_demand import buyers_in_vain
from tests.desk.test_market import refused
from tests.desk.test_tours import told_of

DAY_S = 24 * 3600


def operating(town):
    return town.house.desk, town.actor("operator"), town.ask("operator")


def list_row(town, list_id):
    with town.house.desk.store.view() as view:
        return seen_list(view, town.actor("operator"), list_id)


def invitation(town, invitation_id):
    return touring.row(town, draft_invitation, invitation_id)


def test_the_same_file_again_changes_nothing_and_a_new_volume_changes_its_link_only(town):
    first = list_row(town, seeds.sent(town))
    assert (first.lines, first.added, first.changed, first.unchanged) == (4, 4, 0, 0)
    with town.house.desk.store.view() as view:
        before = flows_of(view, town.parties["operator"])
    again = list_row(town, seeds.sent(town))
    assert (again.added, again.changed, again.unchanged) == (0, 0, 4)
    with town.house.desk.store.view() as view:
        assert flows_of(view, town.parties["operator"]) == before
    other = seeds.line("farm", "restaurant", 9)
    mended = list_row(town, seeds.sent(town, seeds.file_of(other, *seeds.LINKS[1:])))
    assert (mended.added, mended.changed, mended.unchanged) == (0, 1, 3)


def test_a_bad_line_is_kept_beside_the_good_ones_with_its_cure(town):
    row = list_row(town, seeds.sent(town, seeds.file_of(seeds.LINKS[0], "Farm,43,7,,,,,x")))
    assert row.added == 1
    faults = json.loads(row.faults)
    assert {(one["line"], one["column"]) for one in faults} == {(3, "crates"), (3, "buyer"), (3, "buyer_lat")}
    assert all(one["cure"] for one in faults)
    assert refused(lambda: seeds.sent(town, b"")).code == "flows_unreadable"


def test_flows_rankings_and_drafts_are_the_operators_alone(town):
    list_id = seeds.sent(town)
    (draft,) = seeds.drafted(town)
    desk, mine = town.house.desk, town.parties["operator"]
    for name in ("farm", "restaurant", "carrier"):
        who = town.actor(name)
        assert refused(lambda who=who: ranked(desk, who, mine, "buyers")).code == "not_allowed"
        asking = lambda who=who, name=name: ask_drafts(desk, who, town.ask(name), mine, Terms())  # noqa: E731
        assert refused(asking).code == "not_allowed"
        with desk.store.view() as view:
            for look in (seen_list, seen_draft):
                subject = list_id if look is seen_list else draft.id
                with pytest.raises(Refusal) as none:
                    look(view, who, subject)
                assert none.value.code == "not_found"


def test_what_was_sent_is_forgotten_at_a_word(town):
    seeds.sent(town)
    desk, who, ask = operating(town)
    remove_flows(desk, who, ask, town.parties["operator"])
    assert ranked(desk, who, town.parties["operator"], "buyers") == ()
    nothing = refused(lambda: ask_drafts(desk, who, town.ask("operator"), town.parties["operator"], Terms()))
    assert nothing.code == "no_flows"


def test_drafts_on_the_roads_of_the_region_are_exact_and_beyond_approximate(town):
    seeds.sent(town)
    (draft,) = seeds.drafted(town)
    assert not draft.approximate and body_of(draft).links == 4
    far = [seeds.line(farm, shop, far=1.0) for farm in ("farm", "neighbour") for shop in ("shop",)]
    seeds.sent(town, seeds.file_of(*seeds.LINKS, *far))
    with town.house.desk.store.view() as view:
        summary = json.loads(newest_drafting(view, town.parties["operator"]).summary)
    assert summary["riding"] == 4 and not summary["approximate"]


def test_a_drafting_is_stopped_at_its_next_step_and_leaves_nothing(town):
    seeds.sent(town)

    def stop():
        raise JobCancelled

    with pytest.raises(JobCancelled):
        seeds.drafted(town, touring.Watch(drafting=stop))
    with town.house.desk.store.view() as view:
        assert newest_drafting(view, town.parties["operator"]) is None


def test_a_draft_becomes_a_proposed_tour_once(town):
    draft_id = seeds.drafted_first(town)
    desk, who, _ = operating(town)
    wrong = seeds.filling(town, day=seeds.SATURDAY.replace(day=20))
    asked = lambda words: propose_draft(desk, who, town.ask("operator"), draft_id, words)  # noqa: E731
    assert refused(lambda: asked(wrong)).code == "draft_wrong_day"
    tour_id = asked(seeds.filling(town))
    row = touring.row(town, tour, tour_id)
    assert (row.state, row.day, row.start_site_id) == ("proposed", seeds.SATURDAY, town.sites["carrier"])
    assert row.crate_cents == body_of(touring.row(town, tour_draft, draft_id)).dearest_crate_cents
    assert refused(lambda: asked(seeds.filling(town))).code == "draft_proposed"


@pytest.mark.parametrize("day", ["2026-10-25", "2027-03-28", "2026-09-12"])
def test_the_hours_of_a_draft_are_those_on_the_wall_where_the_clocks_change(day):
    draft = SimpleNamespace(opens_s=7 * 3600, closes_s=15 * 3600)
    zone = ZoneInfo("Europe/Paris")
    hours = hours_on(date.fromisoformat(day), draft, Terms(), "Europe/Paris")
    assert [f"{datetime.fromtimestamp(at, zone):%Y-%m-%d %H:%M}" for at in hours] == [
        f"{day} 06:00",
        f"{day} 16:00",
    ]


def test_a_draft_off_the_roads_is_refused_with_the_command_that_builds_them(town):
    far = [
        seeds.line(farm, shop, far=1.0) for farm in ("farm", "neighbour") for shop in ("restaurant", "shop")
    ]
    seeds.sent(town, seeds.file_of(*far))
    (draft,) = seeds.drafted(town)
    assert draft.approximate
    desk, who, ask = operating(town)
    no_roads = refused(lambda: propose_draft(desk, who, ask, draft.id, seeds.filling(town)))
    assert no_roads.code == "draft_off_roads" and "carriole region build" in no_roads.what_to_do


def test_a_producer_whose_list_has_what_buyers_ordered_in_vain_is_asked_first(town):
    buyers_in_vain(town)
    first, *_ = body_of(touring.row(town, tour_draft, seeds.drafted_first(town))).wanted
    (why,) = first.in_vain
    assert (first.name, why.product, why.buyers) == ("Farm", "courgettes", 3)


def test_an_invitation_is_opened_and_declined_without_sign_in(town):
    draft_id = seeds.drafted_first(town)
    invitation_id, letter = seeds.invited(town, draft_id, email="Somebody@Example.org")
    assert letter.email == "somebody@example.org"
    assert refused(lambda: seeds.invited(town, draft_id)).code == "invited_already"
    assert refused(lambda: seeds.invited(town, draft_id, 99)).code == "nobody_at_rank"
    opened_by_token(town.house.desk, letter.token)
    assert invitation(town, invitation_id).state == "seen"
    declined_by_token(town.house.desk, letter.token)
    row = invitation(town, invitation_id)
    assert (row.state, row.answered_at) == ("declined", town.clock.at)
    opened_by_token(town.house.desk, letter.token)
    assert invitation(town, invitation_id).state == "declined"
    assert refused(lambda: opened_by_token(town.house.desk, "guessed")).code == "not_found"
    assert told_of(town, "draft.declined") == {town.parties["operator"]}


def test_one_reminder_is_sent_and_both_links_lead_to_the_same(town):
    draft_id = seeds.drafted_first(town)
    invitation_id, letter = seeds.invited(town, draft_id, email="somebody@example.org")
    desk, who, _ = operating(town)
    remind = lambda: remind_draft_invitation(desk, who, town.ask("operator"), invitation_id)  # noqa: E731
    assert refused(remind).code == "no_reminder"
    town.clock.forward(3 * DAY_S)
    _, reminder = remind()
    assert reminder.reminder and reminder.token != letter.token
    assert refused(remind).code == "no_reminder"
    opened = {opened_by_token(desk, one.token).id for one in (letter, reminder)}
    assert opened == {invitation_id}
    by_hand, none = seeds.invited(town, draft_id, 2)
    town.clock.forward(3 * DAY_S)
    assert none is None
    hand = refused(lambda: remind_draft_invitation(desk, who, town.ask("operator"), by_hand))
    assert hand.code == "no_reminder" and "by hand" in hand.sentence


def test_who_wants_no_such_mail_is_never_written_to_again(town):
    draft_id = seeds.drafted_first(town)
    first, letter = seeds.invited(town, draft_id, email="somebody@example.org")
    declined_by_token(town.house.desk, letter.token, no_more=True)
    assert invitation(town, first).state == "declined"
    again = refused(lambda: seeds.invited(town, draft_id, 2, email="somebody@example.org"))
    assert again.code == "mail_unwanted"
    quiet = member.update().where(member.c.id == town.members["farm"]).values(mail_on=False)
    town.house.desk.store.change(lambda tx: tx.connection.execute(quiet))
    assert refused(lambda: seeds.invited(town, draft_id, 2, email="farm@example.org")).code == "mail_unwanted"


@pytest.mark.parametrize("way", ["party", "address"])
def test_whoever_signs_up_for_the_tour_has_joined(town, way):
    draft_id = seeds.drafted_first(town)
    how = {"party_id": town.parties["farm"]} if way == "party" else {"email": "farm@example.org"}
    invitation_id, _ = seeds.invited(town, draft_id, **how)
    desk, who, ask = operating(town)
    tour_id = propose_draft(desk, who, ask, draft_id, seeds.filling(town, crate_cents=9_000))
    assert joined_due(desk) == 0
    week_s = 7 * DAY_S
    hours = {"ready_at": touring.MORNING + week_s, "pickup_by_at": touring.MORNING + week_s + 3 * 3600}
    hours |= {"deliver_from_at": touring.MORNING + week_s, "deliver_by_at": touring.MORNING + week_s + 18_000}
    crates = touring.sent(town, "farm", day=seeds.SATURDAY, **hours)
    join_tour(desk, town.actor("farm"), town.ask("farm"), tour_id, crates)
    assert joined_due(desk) == 1 and joined_due(desk) == 0
    assert invitation(town, invitation_id).state == "joined"


def test_an_invitation_is_seen_by_its_operator_and_the_party_invited_and_by_nobody_else(town):
    draft_id = seeds.drafted_first(town)
    invitation_id, letter = seeds.invited(town, draft_id, party_id=town.parties["farm"])
    assert letter is None and told_of(town, "draft.invited") >= {town.parties["farm"]}
    desk = town.house.desk
    with desk.store.view() as view:
        for name in ("operator", "farm"):
            assert seen_invitation(view, town.actor(name), invitation_id).id == invitation_id
        with pytest.raises(Refusal):
            seen_invitation(view, town.actor("neighbour"), invitation_id)
    answer_draft_invitation(desk, town.actor("farm"), town.ask("farm"), invitation_id, "declined")
    late = refused(
        lambda: answer_draft_invitation(desk, town.actor("farm"), town.ask("farm"), invitation_id, "joined")
    )
    assert late.code == "answered_already"
