"""People at the same moment, on both databases: one link, one member, one last manager."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from geodata.refusal import Refusal
from pooling.desk.people.links import Occasion
from pooling.desk.people.members import remove_member
from pooling.desk.people.signing_in import SignUp, ask_sign_in, confirm_sign_in, sign_up
from pooling.party import Role
from pooling.store import Page
from pooling.store.members import join, list_members

AT_ONCE = 8


@pytest.fixture
def town(market):
    """Return the town on each database."""
    return market


def at_once(*works):
    """Do everything at the same moment; a refusal is an answer like another."""

    def answered(work):
        try:
            return work()
        except Refusal as refusal:
            return refusal.code

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(answered, works))


def test_one_link_opens_one_session_however_many_try(town):
    desk = town.house.desk
    link = ask_sign_in(desk, "farm@example.org")
    answers = at_once(*[lambda: confirm_sign_in(desk, link.token)] * AT_ONCE)
    assert sorted(answers, key=str).count("link_spent") == AT_ONCE - 1


def test_two_links_of_one_newcomer_make_one_member(town):
    desk = town.house.desk
    links = [
        sign_up(desk, SignUp("new@example.org", "New", f"Party {n}", Role.BUYER, "fr")) for n in range(4)
    ]
    assert {link.occasion for link in links} == {Occasion.SIGN_UP}
    signed = at_once(*[lambda link=link: confirm_sign_in(desk, link.token) for link in links])
    assert len({one.member_id for one in signed}) == 1
    assert len({one.session_id for one in signed}) == 4


def test_of_two_managers_who_remove_each_other_one_stays(town):
    desk, party_id = town.house.desk, town.parties["farm"]
    desk.store.change(lambda tx: join(tx, town.members["shop"], party_id, "manager"))

    def removing(by, other):
        who, ask = town.actor(by), town.ask(by)
        return lambda: remove_member(desk, who, ask, party_id, town.members[other])

    answers = at_once(removing("farm", "shop"), removing("shop", "farm"))
    with desk.store.view() as view:
        left, _ = list_members(view, party_id, Page())
    assert answers.count("last_manager") == 1 and len(left) == 1
