"""Seeding on both databases: flows known again, drafts in order, who has joined, who wants no mail."""

from pooling.desk.seeds.draft_invitations import declined_by_token, joined_due, remind_draft_invitation
from pooling.desk.seeds.seeding import propose_draft
from pooling.desk.tours.sign_ups import join_tour
from pooling.store.draft_invitations import answers_counted
from pooling.store.flows import flows_counted
from tests.desk import seeds, touring
from tests.desk.test_market import refused
from tests.desk.test_meanwhile import town  # noqa: F401 - the same town, on each database

DAY_S = 24 * 3600


def crates_of(town, name):  # noqa: F811
    """Enter crates for the Saturday of the draft."""
    begins_at = touring.MORNING + 7 * DAY_S
    hours = {"ready_at": begins_at, "pickup_by_at": begins_at + 3 * 3600}
    hours |= {"deliver_from_at": begins_at, "deliver_by_at": begins_at + 5 * 3600}
    return touring.sent(town, name, day=seeds.SATURDAY, **hours)


def test_who_joins_and_who_declines_is_counted(town):  # noqa: F811
    draft_id = seeds.drafted_first(town)
    seeds.sent(town)
    desk, operator = town.house.desk, town.actor("operator")
    with desk.store.view() as view:
        assert flows_counted(view, town.parties["operator"]) == 4
    seeds.invited(town, draft_id, email="farm@example.org")
    waits, letter = seeds.invited(town, draft_id, 2, email="somebody@example.org")
    tour_id = propose_draft(
        desk, operator, town.ask("operator"), draft_id, seeds.filling(town, crate_cents=9_000)
    )
    for _ in range(2):
        crates = crates_of(town, "farm")
        join_tour(desk, town.actor("farm"), town.ask("farm"), tour_id, crates)
    assert joined_due(desk) == 1
    town.clock.forward(3 * DAY_S)
    remind_draft_invitation(desk, operator, town.ask("operator"), waits)
    for _ in range(2):
        declined_by_token(desk, letter.token, no_more=True)
    with desk.store.view() as view:
        assert answers_counted(view, [draft_id]) == {draft_id: {"joined": 1, "declined": 1}}
    again = refused(lambda: seeds.invited(town, draft_id, 3, email="somebody@example.org"))
    assert again.code == "mail_unwanted"
